"""Views: functions that load with access, do one verb and render."""
