"""The pulse: which edition is current, when the news was last checked, and when what is known of kept evidence last
changed; known without a query.

It lives in the cache and is written when an edition is committed or a source was read. When the cache is lost or wrong
it is read from the database again, at the latest after `SECONDS`.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.core.cache import cache
from django.db.models import Max

from pledges.models import Edition, Preservation, Source

log = logging.getLogger(__name__)
KEY, SECONDS = f"pulse.{settings.RELEASE}", 30
UNREACHABLE = (redis.exceptions.RedisError, OSError)


@dataclass(frozen=True)
class Pulse:
    """The current edition (0 before the first), its time, the last reading of a source (both UTC), how many sources
    were read in the day up to it, and when what readers see of kept evidence last changed (UTC)."""

    edition: int
    published_at: datetime | None
    checked_at: datetime | None
    sources: int
    kept_at: datetime | None = None


def read() -> Pulse:
    """The pulse from the database, in a few queries."""
    last = Edition.objects.order_by("-number").values("number", "published_at").first()
    checked = Source.objects.aggregate(checked=Max("last_success_at"))["checked"]
    # Counted from that reading, not from now: a watch that stands still for days did not read "0 sources" then.
    sources = Source.objects.filter(last_success_at__gt=checked - timedelta(days=1)).count() if checked else 0
    return Pulse(
        edition=last["number"] if last else 0,
        published_at=last["published_at"] if last else None,
        checked_at=checked,
        sources=sources,
        kept_at=Preservation.objects.aggregate(last=Max("changed_at"))["last"],
    )


def refresh() -> Pulse:
    """Read the pulse and make it the one that everybody sees from now on.

    An edition that is committed between our reading and our writing would be hidden again: so we look once more.
    """
    found = read()
    try:
        cache.set(KEY, found, SECONDS)
        while (newer := read()).edition > found.edition:
            found = newer
            cache.set(KEY, found, SECONDS)
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)
    return found


def current() -> Pulse:
    """The pulse, as a rule from the cache."""
    try:
        if found := cache.get(KEY):
            return found
        found = read()
        # `add`, not `set`: an edition committed since our reading has already written a newer pulse.
        cache.add(KEY, found, SECONDS)
        return found
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)
        return read()


def note_poll(now: datetime) -> None:
    """Remember that a worker carried out a poll at `now` (UTC): the health page asks for it."""
    try:
        cache.set("polled", now, 3600)
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)


def note_done(queue: str, now: datetime) -> None:
    """Remember that a worker carried out a task of this queue at `now` (UTC)."""
    try:
        cache.set(f"done.{queue}", now, None)
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)


def last_done(queue: str) -> datetime | None:
    """When a worker last carried out a task of this queue (UTC), if that is known. Raises redis' and OS errors."""
    return cache.get(f"done.{queue}")


def last_poll() -> datetime | None:
    """When a worker last carried out a poll (UTC), as far as the last hour goes. Raises redis' and OS errors."""
    return cache.get("polled")
