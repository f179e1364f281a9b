"""Notices by e-mail: stored once for each person and subject, leased by one worker, kept until they are sent."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from pledges.models import Notice, User

LEASE = timedelta(minutes=5)  # longer than sending takes: only the lease of a worker that died runs out
LONGEST_WAIT = timedelta(hours=6)


def note_notices(*, user: User, keys: Iterable[tuple[str, str]], now: datetime) -> int:
    """Store notices for a person, as (kind, key), unless they are stored already; returns how many keys were given.

    `now` is UTC.
    """
    rows = [Notice(user=user, kind=kind, key=key[:100], noted_at=now) for kind, key in keys]
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


@transaction.atomic
def claim_notices(*, user: User, now: datetime, ripe: Callable[[Notice], bool]) -> list[Notice]:
    """Lease those of a person's unsent notices that are `ripe`, for five minutes."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    rows = Notice.objects.select_for_update(skip_locked=True).filter(free, user=user, sent_at=None)
    leased = [notice for notice in rows.order_by("noted_at", "pk") if ripe(notice)]
    Notice.objects.filter(pk__in=[notice.pk for notice in leased]).update(claimed_until=now + LEASE)
    return leased


def record_sent(*, notices: Iterable[Notice], now: datetime) -> None:
    """Record that notices were sent, or that their subject is gone: in neither case are they sent again."""
    pks = [notice.pk for notice in notices]
    Notice.objects.filter(pk__in=pks, sent_at=None).update(sent_at=now, claimed_until=None)


@transaction.atomic
def record_unsent(*, notices: Iterable[Notice], now: datetime) -> None:
    """Back off after a refusal by the mail server: by as long as the notice has waited, two minutes to six hours."""
    for notice in notices:
        wait = min(max(now - notice.noted_at, timedelta(minutes=2)), LONGEST_WAIT)
        Notice.objects.filter(pk=notice.pk, sent_at=None).update(claimed_until=now + wait)
