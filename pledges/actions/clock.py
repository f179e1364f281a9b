"""After the machine's clock was ahead and has been set right: nothing waits for a time that the wrong clock gave."""

import logging
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import models, transaction

from pledges.actions import backups
from pledges.models import AddressLookup, Alert, Article, Backup, Delivery, Host, Notice, Preservation, Source
from pledges.queries.pulse import UNREACHABLE

log = logging.getLogger(__name__)
MARGIN = timedelta(minutes=10)  # by which the clocks of several machines may differ; no lease is longer, but for LONGER
LONGER: dict[type[models.Model], timedelta] = {Backup: backups.LEASE}
ENDED, PAUSE = "clock.ended", timedelta(hours=1)
# Leases, and the times before which nothing is tried again.
WAITS: dict[type[models.Model], tuple[str, ...]] = {
    Article: ("claimed_until",),
    Host: ("next_request_at", "robots_read_at"),
    Delivery: ("claimed_until", "next_attempt_at"),
    Notice: ("claimed_until",),
    Alert: ("claimed_until",),
    AddressLookup: ("claimed_until",),
    Preservation: ("claimed_until", "due_at", "archive_due_at"),
    Backup: ("claimed_until",),
    # With the times of reading, which readers see, and by which a clock that was ahead is known.
    Source: ("claimed_until", "next_due_at", "last_success_at", "last_attempt_at"),
}


@transaction.atomic
def end_impossible_waits(*, now: datetime) -> bool:
    """End all waits for later than `MARGIN` after `now` (UTC), if sources were read or backups begun in the future;
    whether it did.

    Then the clock was ahead, and what was leased or put off meanwhile would wait for as long as it was. Leases that
    a right clock gave end sooner and stay, so nothing is sent twice; a lease in use is ended only if the clock of the
    machine that holds it is still ahead. Right waits of more than `MARGIN` end too, since they cannot be told from
    wrong ones: other servers are asked sooner than they wished. So it is done once an hour at most, or one machine
    whose clock stays ahead would have everything tried at every poll. Nightly backups of days to come are forgotten, so
    that they are made when it is time.
    """
    limit = now + MARGIN
    was_ahead = (
        Source.objects.filter(last_attempt_at__gt=limit).exists() or Backup.objects.filter(began_at__gt=limit).exists()
    )
    if not was_ahead or _ended_lately(now):
        return False
    for model, fields in WAITS.items():
        latest = now + MARGIN + LONGER.get(model, timedelta())
        for field in fields:
            model._default_manager.filter(**{f"{field}__gt": latest}).update(**{field: now})
    Backup.objects.filter(began_at__gt=limit).delete()
    log.warning("Sources were read or backups begun in the future. Waits that a clock ahead may have given end now.")
    return True


def _ended_lately(now: datetime) -> bool:
    """Whether waits were ended within `PAUSE`; if not, it is noted that they are now. Without a cache they are not."""
    try:
        ended_at = cache.get(ENDED)
        if ended_at and ended_at <= now < ended_at + PAUSE:
            return True
        cache.set(ENDED, now, PAUSE.total_seconds())
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)
    return False
