"""Housekeeping, every night or every hour."""

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from pledges.actions import address_lookups, learning
from pledges.jobs import backtest

log = logging.getLogger(__name__)


@shared_task(name="pledges.tasks.measure_watch", time_limit=3600, soft_time_limit=3500)
def measure_watch() -> None:
    """Replay editors' decisions and store how good the watch is, for the desk."""
    results = backtest.replay(now=timezone.now())
    learning.record_quality(
        measured=[(result.pledge, result.by_hand, result.learned, result.plain) for result in results],
        now=timezone.now(),
    )
    log.info("The watch was measured over %d decisions.", results[0].learned.pairs)


@shared_task(name="pledges.tasks.drop_lookups")
def drop_lookups() -> None:
    """Every hour, from beat: delete lookups of addresses that are older than a day."""
    address_lookups.drop_lookups(before=timezone.now() - timedelta(days=1))
