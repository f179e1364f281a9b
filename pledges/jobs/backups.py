"""The nightly backup: one a day in BACKUP_DIR, and old ones deleted."""

import logging
from datetime import date
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.db import connection
from django.utils import timezone

from pledges.actions import backup_files, backups
from pledges.domain import backup_rotation

log = logging.getLogger(__name__)
FIRST_HOUR = 2  # in the newsroom's time zone
SECONDS = 3300  # for pg_dump: the publisher's threads have no time limits of Celery's, and its messages last an hour


@shared_task(name="pledges.tasks.make_backup", time_limit=3600, soft_time_limit=3500)  # for pools that have limits
def make_backup() -> None:
    """Every hour, from beat: make the backup of the day unless it is made, if BACKUP_DIR is set. A failure is stored,
    and tried again in an hour.

    It is the publisher's: no process that reads untrusted pages can write to the folder (docs/adr/0056-backups.md).
    """
    now = timezone.now()
    local = timezone.localtime(now)
    day = local.date()
    if not settings.BACKUP_DIR:
        log.info("No nightly backup is made here: BACKUP_DIR is empty.")
        return
    if local.hour < FIRST_HOUR or not backups.claim(day=day, now=now):
        return
    path = Path(settings.BACKUP_DIR) / backup_rotation.name_at(local)
    try:
        backup_files.drop_partial(path.parent, before=now - backups.LEASE)
        size = backup_files.write(path, connection.settings_dict, seconds=SECONDS)
    except backup_files.BackupError as error:
        log.error("The nightly backup failed: %s", error)
        backups.record_failure(day=day, failure=error.sentence)
        return
    backups.record_made(day=day, now=timezone.now(), name=path.name, size=size)
    log.info("The nightly backup was made: %s, %d bytes.", path, size)
    drop_old(path.parent, today=day)


def drop_old(folder: Path, *, today: date) -> None:
    """Delete the nightly backups of days that are not kept (`backup_rotation.kept_days`), and no other file.

    Those of days after `today`, made while the clock was ahead, stay, and do not count in place of others.
    """
    days: dict[Path, date] = {}
    for path in folder.iterdir():
        if (day := backup_rotation.day_of(path.name)) and day <= today:
            days[path] = day
    kept = backup_rotation.kept_days(days.values())
    for path, day in days.items():
        if day not in kept:
            path.unlink(missing_ok=True)
            log.info("The backup %s was deleted: newer ones are kept.", path)
