"""After the machine's clock was ahead and has been set right: nothing waits for a time that the wrong clock gave."""

import logging
from datetime import datetime, timedelta

from django.db import models, transaction

from pledges.models import AddressLookup, Alert, Article, Backup, Delivery, Host, Notice, Preservation, Source

log = logging.getLogger(__name__)
MARGIN = timedelta(minutes=10)  # by which the clocks of several machines may differ
# Leases, and the times before which nothing is tried again.
WAITS: dict[type[models.Model], tuple[str, ...]] = {
    Article: ("claimed_until",),
    Host: ("next_request_at", "robots_read_at"),
    Delivery: ("claimed_until", "next_attempt_at"),
    Notice: ("claimed_until",),
    Alert: ("claimed_until",),
    AddressLookup: ("claimed_until",),
    Preservation: ("claimed_until",),
    # With the times of reading, which readers see, and by which a clock that was ahead is known.
    Source: ("claimed_until", "next_due_at", "last_success_at", "last_attempt_at"),
}


@transaction.atomic
def end_impossible_waits(*, now: datetime) -> bool:
    """End all waits that last beyond `now` (UTC), if sources were read or backups begun in the future; whether so.

    Then the clock was ahead, and what was leased or put off meanwhile would wait for as long as it was. That others are
    tried too early does no harm. Nightly backups of days to come are forgotten, so that they are made when it is time.
    """
    limit = now + MARGIN
    is_read = Source.objects.filter(last_attempt_at__gt=limit).exists()
    if not is_read and not Backup.objects.filter(began_at__gt=limit).exists():
        return False
    for model, fields in WAITS.items():
        for field in fields:
            model._default_manager.filter(**{f"{field}__gt": now}).update(**{field: now})
    Backup.objects.filter(began_at__gt=now).delete()
    log.warning("Sources were read or backups begun in the future: the clock was ahead. All leases and waits end now.")
    return True
