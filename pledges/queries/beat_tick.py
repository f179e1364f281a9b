"""When beat last sent a message that the broker took. Beat itself notes it, so that a worker that is gone is not
mistaken for it. Needs no model: beat loads none."""

import logging
from datetime import datetime

from django.core.cache import cache

from pledges.queries.outages import UNREACHABLE

log = logging.getLogger(__name__)
KEY, SECONDS = "beat", 86_400


def note(now: datetime) -> None:
    """Record that beat sent a message at `now` (UTC); kept for a day."""
    try:
        cache.set(KEY, now, SECONDS)
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)


def last() -> datetime | None:
    """When beat last sent a message (UTC); None after a day. Raises the errors of `UNREACHABLE`."""
    return cache.get(KEY)
