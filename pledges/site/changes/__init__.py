"""What changed: the log, weeks, editions and feeds."""
