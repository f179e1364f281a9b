"""Lookups of addresses that editors pasted: each row is a job in the queue, with its progress and its result."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from pledges.domain.messages import DeferredMessage, deferred_message, to_text
from pledges.models import AddressLookup, Pledge, User

LEASE = timedelta(seconds=150)  # longer than the task may run
MOST_ATTEMPTS = 3
START_WITHIN = timedelta(seconds=30)  # a worker has started by then, or the message was lost


def request_lookup(*, address: str, pledge: int | None, by: User, now: datetime) -> AddressLookup:
    """Store an address to be looked at, for the pledge with this id, which is ignored if there is none (any more)."""
    row = Pledge.objects.filter(pk=pledge).first() if pledge else None
    return AddressLookup.objects.create(address=address, pledge=row, asked_by=by, asked_at=now)


def claim_lookup(*, pk: int, now: datetime) -> AddressLookup | None:
    """Lease a lookup; None if it is done, leased by another worker or deleted.

    A lookup whose workers were killed `MOST_ATTEMPTS` times ends with that as its result.
    """
    free = _waiting(now).filter(pk=pk)
    if free.filter(attempts__lt=MOST_ATTEMPTS).update(claimed_until=now + LEASE, attempts=F("attempts") + 1):
        return AddressLookup.objects.get(pk=pk)
    if row := free.first():
        problem = to_text(deferred_message("The tracker itself failed on it more than once, please report this."))
        record_lookup(lookup=row, found={"url": row.address, "publisher": "", "finds": [], "problem": problem}, now=now)
    return None


def note_lookup_progress(*, lookup: AddressLookup, line: DeferredMessage) -> None:
    """Store a line about what is being done now, for the editor who waits."""
    AddressLookup.objects.filter(pk=lookup.pk, found__isnull=True).update(progress=line)


def record_lookup(*, lookup: AddressLookup, found: dict[str, Any], now: datetime) -> None:
    """Store the result, unless there is one already."""
    AddressLookup.objects.filter(pk=lookup.pk, found__isnull=True).update(found=found, done_at=now, claimed_until=None)


def lost_lookups(*, now: datetime) -> list[int]:
    """The ids of lookups that no worker works on although one should: the message was lost, or the worker killed."""
    rows = _waiting(now).filter(asked_at__lte=now - START_WITHIN).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:20])


def drop_lookups(*, before: datetime) -> None:
    """Delete the lookups that were requested before this time."""
    AddressLookup.objects.filter(asked_at__lt=before).delete()


def _waiting(now: datetime) -> QuerySet[AddressLookup]:
    return AddressLookup.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now), found__isnull=True)
