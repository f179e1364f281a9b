"""Notices by e-mail: noted once for each person and thing, claimed by their rows, kept until they are out."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from pledges.models import Notice, User

CLAIM = timedelta(minutes=5)  # longer than a message takes, so that a claim outlives its worker only when that died
LONGEST_WAIT = timedelta(hours=6)


def note_notices(*, user: User, keys: Iterable[tuple[str, str]], now: datetime) -> int:
    """Note what a person is to be told, as (kind, key); what was noted before stays as it is. How many were asked for.

    `now` is UTC.
    """
    rows = [Notice(user=user, kind=kind, key=key[:100], noted_at=now) for kind, key in keys]
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


@transaction.atomic
def claim_notices(*, user: User, now: datetime, ripe: Callable[[Notice], bool]) -> list[Notice]:
    """The person's notices that are to go out now, claimed for five minutes: nobody else gets them meanwhile."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    rows = Notice.objects.select_for_update(skip_locked=True).filter(free, user=user, sent_at=None)
    claimed = [notice for notice in rows.order_by("noted_at", "pk") if ripe(notice)]
    Notice.objects.filter(pk__in=[notice.pk for notice in claimed]).update(claimed_until=now + CLAIM)
    return claimed


def record_sent(*, notices: Iterable[Notice], now: datetime) -> None:
    """Note that they are out, or that there was nothing left to tell: in neither case is it said again."""
    pks = [notice.pk for notice in notices]
    Notice.objects.filter(pk__in=pks, sent_at=None).update(sent_at=now, claimed_until=None)


@transaction.atomic
def record_unsent(*, notices: Iterable[Notice], now: datetime) -> None:
    """Put off what the mail server refused: by as long again as it has waited, from two minutes to six hours."""
    for notice in notices:
        wait = min(max(now - notice.noted_at, timedelta(minutes=2)), LONGEST_WAIT)
        Notice.objects.filter(pk=notice.pk, sent_at=None).update(claimed_until=now + wait)
