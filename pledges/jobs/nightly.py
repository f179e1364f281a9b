"""What keeps the tables in order: by night, or by the hour."""

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from pledges.actions import address_lookups, learning
from pledges.jobs import backtest

log = logging.getLogger(__name__)


@shared_task(name="pledges.tasks.measure_watch", time_limit=3600, soft_time_limit=3500)
def measure_watch() -> None:
    """Replay editors' decisions and store how good the watch is, for the desk to show."""
    found = backtest.replay(now=timezone.now())
    learning.record_quality(
        measured=[(one.pledge, one.by_hand, one.learned, one.plain) for one in found], now=timezone.now()
    )
    log.info("The watch was measured over %d decisions.", found[0].learned.pairs)


@shared_task(name="pledges.tasks.drop_lookups")
def drop_lookups() -> None:
    """Every hour, from beat: delete what was found at addresses longer than a day ago."""
    address_lookups.drop_lookups(before=timezone.now() - timedelta(days=1))
