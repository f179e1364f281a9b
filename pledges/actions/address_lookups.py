"""Looking at an address that an editor pasted: the row is the queue, and holds the progress and the answer."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from pledges.domain.messages import DeferredMessage, deferred_message, to_text
from pledges.models import AddressLookup, Pledge, User

LEASE = timedelta(seconds=150)  # longer than the task may run
MOST_ATTEMPTS = 3
UNHEARD = timedelta(seconds=30)  # a message that was sent has begun by then, or was lost


def request_lookup(*, address: str, pledge: int | None, by: User, now: datetime) -> AddressLookup:
    """Store what somebody wants to be looked at; a pledge that is not there (any more) is left out."""
    row = Pledge.objects.filter(pk=pledge).first() if pledge else None
    return AddressLookup.objects.create(address=address, pledge=row, asked_by=by, asked_at=now)


def claim_lookup(*, pk: int, now: datetime) -> AddressLookup | None:
    """Claim a lookup that nobody is at; None where it is done, claimed or deleted.

    One whose workers were killed again and again ends with the reason.
    """
    free = _waiting(now).filter(pk=pk)
    if free.filter(attempts__lt=MOST_ATTEMPTS).update(claimed_until=now + LEASE, attempts=F("attempts") + 1):
        return AddressLookup.objects.get(pk=pk)
    if row := free.first():
        problem = to_text(deferred_message("The tracker itself failed on it more than once, please report this."))
        record_lookup(lookup=row, found={"url": row.address, "publisher": "", "finds": [], "problem": problem}, now=now)
    return None


def note_lookup_progress(*, lookup: AddressLookup, line: DeferredMessage) -> None:
    """Say what is done now, for who waits."""
    AddressLookup.objects.filter(pk=lookup.pk, found__isnull=True).update(progress=line)


def record_lookup(*, lookup: AddressLookup, found: dict[str, Any], now: datetime) -> None:
    """Keep what was found, once."""
    AddressLookup.objects.filter(pk=lookup.pk, found__isnull=True).update(found=found, done_at=now, claimed_until=None)


def lost_lookups(*, now: datetime) -> list[int]:
    """The lookups that wait though a worker should have begun: their message was lost, or their worker killed."""
    rows = _waiting(now).filter(asked_at__lte=now - UNHEARD).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:20])


def drop_lookups(*, before: datetime) -> None:
    """Delete the lookups that were asked for before then."""
    AddressLookup.objects.filter(asked_at__lt=before).delete()


def _waiting(now: datetime) -> QuerySet[AddressLookup]:
    return AddressLookup.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now), found__isnull=True)
