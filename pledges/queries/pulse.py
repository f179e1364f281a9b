"""The pulse: the current edition, the last reading of a source, and the last change in how evidence is preserved.

It is kept in the shared cache, so pages need no query for it, and rewritten when an edition is committed or a source
was read. A lost or wrong cache entry is read from the database again after `SECONDS` at the latest.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.conf import settings
from django.core.cache import cache
from django.db import Error
from django.db.models import Max, Subquery

from pledges.domain import process_cache
from pledges.models import Edition, EditionSnapshot, Preservation, Source
from pledges.queries.outages import UNREACHABLE, DatabaseAway, answered_within, is_database_away

log = logging.getLogger(__name__)
KEY, SECONDS = f"pulse.{settings.RELEASE}", 30
AWAY_SECONDS = 2  # for which a process does not try a database again that it could not reach
TRY_SECONDS = 10  # for which one thread may then try; the others do not wait for it
ANSWER_SECONDS = 3  # for which a query of the pulse is waited for
MOMENT = 0.2  # seconds for which the other threads wait for the one that reads
_turns = process_cache.Turns()


@dataclass(frozen=True)
class Pulse:
    """The number of the current edition (0 before the first) and its time; the last reading of a source, and how many
    sources were read in the 24 hours up to it; the last visible change of a `Preservation`; when a snapshot of an
    edition was made last. Times are UTC."""

    edition: int
    published_at: datetime | None
    checked_at: datetime | None
    sources: int
    kept_at: datetime | None = None
    snapshot_at: datetime | None = None


def read() -> Pulse:
    """Read the pulse from the database, in a few queries."""
    snapshot_at = Subquery(EditionSnapshot.objects.order_by("-made_at").values("made_at")[:1])
    last = Edition.objects.order_by("-number").values("number", "published_at", snapshot_at=snapshot_at).first()
    checked = Source.objects.aggregate(checked=Max("last_success_at"))["checked"]
    # Counted from that reading, not from now: a watch that has stopped for days had not read "0 sources" then.
    sources = Source.objects.filter(last_success_at__gt=checked - timedelta(days=1)).count() if checked else 0
    return Pulse(
        edition=last["number"] if last else 0,
        published_at=last["published_at"] if last else None,
        checked_at=checked,
        sources=sources,
        kept_at=Preservation.objects.aggregate(last=Max("changed_at"))["last"],
        snapshot_at=last["snapshot_at"] if last else None,
    )


def refresh() -> Pulse:
    """Read the pulse from the database and write it to the cache, for every process.

    An edition committed between the read and the write would be hidden by the older pulse, so it is read once more.
    """
    pulse = read()
    try:
        cache.set(KEY, pulse, SECONDS)
        while (newer := read()).edition > pulse.edition:
            pulse = newer
            cache.set(KEY, pulse, SECONDS)
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)
    return pulse


class _InProcess:
    """What this process knows of the pulse: the last that `recent` read, and until when the database is left alone, in
    seconds of the monotonic clock; 0 if it answered last."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.clear()
        process_cache.cleared_by_reset(self)

    def clear(self) -> None:
        """Forget both."""
        self.last: tuple[float, Pulse] | None = None
        self.away_until = 0.0


_in_process = _InProcess()


def current() -> Pulse:
    """The pulse from the cache, or from the database if the cache has none or cannot be reached.

    Raises DatabaseAway, or what the database raises, while neither can be reached.
    """
    try:
        if pulse := cache.get(KEY):
            return pulse
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)
        return _read_unless_away()
    pulse = _read_unless_away()
    try:
        # `add`, not `set`: an edition committed since the read has already written a newer pulse.
        cache.add(KEY, pulse, SECONDS)
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)
    return pulse


def _read_unless_away() -> Pulse:
    if _in_process.away_until:
        _begin_try()
    try:
        with answered_within(ANSWER_SECONDS):
            pulse = read()
    except Error as error:
        if is_database_away(error):
            _in_process.away_until = time.monotonic() + AWAY_SECONDS
        raise
    _in_process.away_until = 0.0
    return pulse


def _begin_try() -> None:
    """After an outage: one thread tries, all others raise DatabaseAway at once, so that not all wait for it."""
    with _in_process.lock:
        if (now := time.monotonic()) < _in_process.away_until:
            raise DatabaseAway("the database could not be reached a moment ago")
        _in_process.away_until = now + TRY_SECONDS


def recent() -> Pulse:
    """The pulse as this process read it up to PULSE_SECONDS ago, for pages that may be so late. Raises as `current`.

    One thread reads it. The others wait a moment for that, and get the last if it takes longer.
    """
    started, last = time.monotonic(), _in_process.last
    if last and started - last[0] < settings.PULSE_SECONDS:
        return last[1]
    with _turns.first(KEY, seconds=MOMENT) as is_first:
        last = _in_process.last
        if last and not is_first and not _in_process.away_until:
            return last[1]
        pulse = current()
        _in_process.last = started, pulse
        return pulse


def note_poll(now: datetime) -> None:
    """Record that a worker finished a poll at `now` (UTC), for /readyz."""
    try:
        cache.set("polled", now, 3600)
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)


def note_done(queue: str, now: datetime) -> None:
    """Record that a worker finished a task of this queue at `now` (UTC)."""
    try:
        cache.set(f"done.{queue}", now, None)
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)


def note_encoder(name: str, problem: str) -> None:
    """Record which sentence encoder a worker uses, and why it does without if it does; kept for a day."""
    try:
        cache.set("encoder", (name, problem), 86_400)
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)


def encoder() -> tuple[str, str] | None:
    """The name and the problem of the sentence encoder, as a worker that read an article noted them last; None if none
    did for a day. The problem is empty if it works. Raises the errors of `UNREACHABLE`."""
    return cache.get("encoder")


def last_done(queue: str) -> datetime | None:
    """When a worker last finished a task of this queue (UTC), or None. Raises the errors of `UNREACHABLE`."""
    return cache.get(f"done.{queue}")


def last_poll() -> datetime | None:
    """When a worker last finished a poll (UTC), or None after an hour. Raises the errors of `UNREACHABLE`."""
    return cache.get("polled")
