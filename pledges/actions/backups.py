"""The rows of nightly backups: each is leased by one worker, and keeps how it went. Times are UTC."""

from datetime import date, datetime, timedelta

from django.db.models import Q

from pledges.domain.messages import DeferredMessage, to_text
from pledges.models import Backup

LEASE = timedelta(hours=2)  # longer than the task may take: only that of a killed worker runs out


def claim(*, day: date, now: datetime) -> bool:
    """Take the lease on the backup of a day; False if it is made, or being made."""
    _row, created = Backup.objects.get_or_create(day=day, defaults={"began_at": now, "claimed_until": now + LEASE})
    if created:
        return True
    free = Backup.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now), day=day, made_at=None)
    return bool(free.update(claimed_until=now + LEASE))


def record_made(*, day: date, now: datetime, name: str, size: int) -> None:
    """Store that the backup of a day was made, in a file of this name and size in bytes."""
    Backup.objects.filter(day=day).update(claimed_until=None, made_at=now, name=name, size=size, failure="")


def record_failure(*, day: date, failure: DeferredMessage | str) -> None:
    """Store why the backup of a day could not be made, and let it be tried again."""
    Backup.objects.filter(day=day, made_at=None).update(claimed_until=None, failure=to_text(failure))
