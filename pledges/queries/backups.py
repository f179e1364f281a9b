"""How the nightly backups are doing, from their rows: the folder itself may be on another machine. Times are UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from pledges.domain.messages import DeferredMessage, from_text
from pledges.models import Backup

LATE = timedelta(hours=30)  # one every night, which may take some time, and a night has 25 hours once a year


@dataclass(frozen=True)
class LastBackup:
    """The last nightly backup: when it was made, its size in bytes and its file, or None, 0 and "" if there is none.

    If backups fail since, `failing_since` is when that was first tried, and `failure` why (its str() is in the active
    language). `waiting_since` is `made_at`, or when the first backup of all was first tried.
    """

    made_at: datetime | None
    size: int
    name: str
    failing_since: datetime | None
    failure: DeferredMessage | str
    waiting_since: datetime


def last_backup(*, now: datetime) -> LastBackup | None:
    """The last nightly backup; None if none was ever tried. Two queries.

    Backups of days to come, made while the clock was ahead, would hide that those of today fail: they do not count.
    """
    rows = Backup.objects.filter(day__lte=localdate(now))
    made = rows.exclude(made_at=None).order_by("-day").first()
    tries = list(rows.filter(made_at=None, **({"day__gt": made.day} if made else {})).order_by("day"))
    if made is None and not tries:
        return None
    failed = [row for row in tries if row.failure]
    return LastBackup(
        made_at=made.made_at if made else None,
        size=(made.size or 0) if made else 0,
        name=made.name if made else "",
        failing_since=failed[0].began_at if failed else None,
        failure=from_text(failed[-1].failure) if failed else "",
        waiting_since=made.made_at if made and made.made_at else tries[0].began_at,
    )


def late_since(*, now: datetime) -> datetime | None:
    """Since when there is no nightly backup, if one is wanted (BACKUP_DIR) and the last failed or is late."""
    last = last_backup(now=now) if settings.BACKUP_DIR else None
    return last.waiting_since if last and (last.failing_since or now - last.waiting_since > LATE) else None


def problem(*, now: datetime) -> str:
    """A sentence for the desk if the nightly backup fails or is late, in the active language; "" if all is well, or if
    none is wanted (BACKUP_DIR)."""
    last = last_backup(now=now) if settings.BACKUP_DIR else None
    if last is None:
        return ""
    if last.failing_since:
        when = date_format(localtime(last.failing_since), "DATETIME_FORMAT")
        words = _("The nightly backup has failed since %(when)s: %(reason)s Tell whoever runs the tracker.")
        return words % {"when": when, "reason": str(last.failure)}
    if now - last.waiting_since > LATE:
        when = date_format(localtime(last.waiting_since), "DATETIME_FORMAT")
        return _("There has been no nightly backup since %(when)s. Tell whoever runs the tracker.") % {"when": when}
    return ""
