"""What beat sends, and when. Messages carry no data, so one that has waited longer than its period is superseded by the
next: `expires` is in seconds. Hours are UTC."""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "poll": {"task": "pledges.tasks.poll", "schedule": 60.0, "options": {"expires": 55}},
    "keep-evidence": {"task": "pledges.tasks.keep_evidence", "schedule": 180.0, "options": {"expires": 170}},
    "publish-scheduled": {"task": "pledges.tasks.publish_scheduled", "schedule": 60.0, "options": {"expires": 55}},
    "archive-evidence": {"task": "pledges.tasks.archive_evidence", "schedule": 120.0, "options": {"expires": 110}},
    "drop-lookups": {
        "task": "pledges.tasks.drop_lookups",
        "schedule": crontab(minute=35),
        "options": {"expires": 3000},
    },
    "drop-unused": {
        "task": "pledges.tasks.drop_unused",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 43_200},
    },
    "make-backup": {
        "task": "pledges.tasks.make_backup",
        "schedule": crontab(minute=5),
        "options": {"expires": 3000},
    },
    "look-twice": {"task": "pledges.tasks.look_twice_at_lost", "schedule": 300.0, "options": {"expires": 290}},
    "make-snapshots": {"task": "pledges.tasks.make_snapshots", "schedule": 60.0, "options": {"expires": 55}},
    "send-notices": {"task": "pledges.tasks.send_notices", "schedule": 120.0, "options": {"expires": 110}},
    "send-alerts": {"task": "pledges.tasks.send_alerts", "schedule": 60.0, "options": {"expires": 55}},
    "drop-alerts": {
        "task": "pledges.tasks.drop_alerts",
        "schedule": crontab(minute=50),
        "options": {"expires": 3000},
    },
    "measure-the-watch": {
        "task": "pledges.tasks.measure_watch",
        "schedule": crontab(hour=8, minute=40),  # night in the Americas
        "options": {"expires": 6 * 3600},
    },
    "tell-editors": {
        "task": "pledges.tasks.tell_editors",
        "schedule": crontab(minute=20),
        "options": {"expires": 3000},
    },
    "send-deliveries": {"task": "pledges.tasks.send_deliveries", "schedule": 60.0, "options": {"expires": 55}},
    "drop-deliveries": {
        "task": "pledges.tasks.drop_deliveries",
        "schedule": crontab(hour=4, minute=10),
        "options": {"expires": 43_200},
    },
}
