"""Storing what was read of many sources at once: their new articles, and the state of each source. Times are UTC."""

import json
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import DatabaseError, connection, transaction

from pledges.actions.revisions import MOST_CHANGES, CurrentWords, revise
from pledges.domain import poll_interval
from pledges.domain.messages import DeferredMessage, deferred_message, to_text
from pledges.models import Source
from pledges.queries import pulse

log = logging.getLogger(__name__)
LONGEST_ADDRESS = 1000  # characters
LARGEST_ADDRESS = 2000  # bytes: the column is indexed
MOST_REFUSED = 20
_NOT_IN_ADDRESSES = re.compile("[\0-\x1f\x7f\ud800-\udfff]")


class FeedEntry(Protocol):
    """One entry of a feed (see watch.sources.entries.Entry)."""

    @property
    def id(self) -> str: ...

    @property
    def url(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def summary(self) -> str: ...

    @property
    def published_at(self) -> datetime | None: ...

    @property
    def language(self) -> str: ...

    @property
    def publisher(self) -> str: ...


@dataclass(frozen=True)
class Reading:
    """The result of reading a source (as it was when its lease was taken): entries, or why there are none.

    `failure` is shown to editors; with `gone` the source has answered 410. `retry_after` is in seconds. `moved_to` is
    the address to which the source has moved permanently. `left_out` says which items cannot be stored.
    """

    source: Source
    entries: Sequence[FeedEntry] = ()
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    failure: DeferredMessage | str = ""
    left_out: DeferredMessage | str = ""
    gone: bool = False
    retry_after: float | None = None


# Stores what is new, and returns the known articles that now have another address or other words.
STORE = """
WITH v AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%s::json) AS v (source bigint, entry text, url text, title text, summary text,
                                 publisher text, language text, published_at timestamptz)
), new AS (
    INSERT INTO pledges_article (source_id, entry_id, url, title, summary, publisher, language, published_at, found_at,
                                 state, attempts, failure, text, fingerprint, times_changed)
    SELECT v.source, v.entry, v.url, v.title, v.summary, v.publisher, v.language, v.published_at, %s,
           'new', 0, '', '', '{}', 0
    FROM v ON CONFLICT DO NOTHING RETURNING id, source_id, published_at
)
SELECT id, source_id, published_at, NULL, NULL, NULL FROM new UNION ALL
SELECT known.id, v.source, NULL, known.url, known.title, to_json(v) FROM v
JOIN pledges_article known ON known.source_id = v.source AND known.entry_id = v.entry
WHERE known.url <> v.url OR known.times_changed < %s AND (
    known.title <> v.title OR known.summary <> v.summary AND known.summary <> '' AND v.summary <> ''
)
"""
# Not if the address has changed: then an editor has changed it, and what was read came from the old one.
UPDATE = """
UPDATE pledges_source s
SET url = v.url, moved_from = v.moved_from, moved_at = v.moved_at, active = s.active AND v.gone_at IS NULL,
    gone_at = v.gone_at, last_attempt_at = %s, last_success_at = v.last_success_at, next_due_at = v.next_due_at,
    claimed_until = NULL, failing_since = v.failing_since, failure = v.failure, failures = v.failures, etag = v.etag,
    last_modified = v.last_modified, left_out = v.left_out, current_minutes = v.current_minutes,
    usual_gap_minutes = v.usual_gap_minutes, last_item_at = v.last_item_at
FROM json_to_recordset(%s::json) AS v (id bigint, was text, url text, moved_from text, moved_at timestamptz,
    gone_at timestamptz, last_success_at timestamptz, next_due_at timestamptz, failing_since timestamptz, failure text,
    failures int, left_out text, etag text, last_modified text, current_minutes int, usual_gap_minutes float,
    last_item_at timestamptz)
WHERE s.id = v.id AND s.url = v.was
"""


def record_readings(*, readings: Sequence[Reading], now: datetime) -> list[int]:
    """Store what is new and the state of each source in one transaction; returns the ids of the articles to be read.

    An entry is stored once: its id is unique in its source, its address among all articles. An entry with a known id
    but another address and another title is another article: there the address decides. For a known article whose words
    have changed see `revise`. If the database refuses something, each source is stored separately, and then each entry,
    so that one does not prevent the others; the source says what was left out.
    """
    readings = [_storable(reading) for reading in _possible_moves(readings)]
    try:
        return _write(readings, now)
    except DatabaseError as error:
        if len(readings) > 1:
            return [pk for reading in readings for pk in record_readings(readings=[reading], now=now)]
        reading = readings[0]
        log.exception("What was read of source %s cannot be stored", reading.source.name)
        refused: dict[str, DeferredMessage] = {}
        kept = _accepted(reading.source, reading.entries, refused, now)
        if kept and 0 < len(refused) <= MOST_REFUSED:
            return _write([replace(reading, entries=kept, left_out=_left_out(reading, kept, refused))], now)
        failure = deferred_message("What it sent cannot be stored, please report this: %(error)s", error=_named(error))
        return _write([Reading(reading.source, failure=failure)], now)


def _accepted(
    source: Source, entries: Sequence[FeedEntry], refused: dict[str, DeferredMessage], now: datetime
) -> list[FeedEntry]:
    """The entries that the database accepts; puts the others, by their ids and up to a limit, into `refused`."""
    if not entries or len(refused) > MOST_REFUSED:
        return []
    try:
        with transaction.atomic():
            _store([Reading(source, entries)], now)
            transaction.set_rollback(True)
        return list(entries)
    except DatabaseError as error:
        if len(entries) == 1:
            refused[entries[0].id] = deferred_message("the database refuses it: %(error)s", error=_named(error))
            return []
    half = len(entries) // 2
    return [*_accepted(source, entries[:half], refused, now), *_accepted(source, entries[half:], refused, now)]


def _named(error: DatabaseError) -> str:
    return f"{type(error).__name__}: {error}"


def _left_out(reading: Reading, kept: Sequence[FeedEntry], refused: dict[str, DeferredMessage]) -> DeferredMessage:
    first = next(entry for entry in reading.entries if entry.id in refused)
    return deferred_message(
        "Left out of its last answer: %(count)s of %(total)s items. The first is “%(title)s”: %(reason)s.",
        count=len(reading.entries) - len(kept),
        total=len(reading.entries),
        title=first.title,
        reason=refused[first.id],
    )


def _storable(reading: Reading) -> Reading:
    """The reading without the entries whose address cannot be stored."""
    refused = {entry.id: fault for entry in reading.entries if (fault := address_fault(entry.url))}
    if not refused:
        return reading
    kept = [entry for entry in reading.entries if entry.id not in refused]
    return replace(reading, entries=kept, left_out=_left_out(reading, kept, refused))


def address_fault(url: str) -> DeferredMessage | None:
    """Why an address cannot be stored, or None."""
    size = len(url) if url.isascii() else len(url.encode("utf-8", "surrogatepass"))
    if len(url) > LONGEST_ADDRESS or size > LARGEST_ADDRESS:
        return deferred_message(
            "its address is longer than %(characters)s characters or %(bytes)s bytes",
            characters=LONGEST_ADDRESS,
            bytes=LARGEST_ADDRESS,
        )
    if _NOT_IN_ADDRESSES.search(url):
        return deferred_message("its address holds characters that no address has")
    return None


@transaction.atomic
def _write(readings: Sequence[Reading], now: datetime) -> list[int]:
    ids, new = _store(readings, now)
    with connection.cursor() as cursor:
        states = [_state(reading, new.get(reading.source.pk, []), now) for reading in readings]
        cursor.execute(UPDATE, [now, json.dumps(states, default=str)])
    transaction.on_commit(pulse.refresh)
    return ids


def _store(readings: Sequence[Reading], now: datetime) -> tuple[list[int], dict[int, list[datetime | None]]]:
    """The ids of the articles to be read for the first time or again; by source, the times of the new ones."""
    rows = [row for reading in readings for row in _articles(reading)]
    ids: list[int] = []
    new: dict[int, list[datetime | None]] = {}
    current: list[CurrentWords] = []
    while rows:
        others = []
        with connection.cursor() as cursor:
            cursor.execute(STORE, [json.dumps(rows, default=str), now, MOST_CHANGES])
            for pk, source, published_at, url, title, row in cursor.fetchall():
                if row is None:
                    ids.append(pk)
                    new.setdefault(source, []).append(published_at)
                elif row["url"] == url:
                    current.append(CurrentWords(pk, row["title"], row["summary"]))
                elif row["title"] != title and row["url"] != row["entry"]:
                    others.append(row | {"entry": row["url"]})
        rows = others
    return (ids + revise(current=current, now=now) if current else ids), new


def _articles(reading: Reading) -> Iterable[dict[str, Any]]:
    """The rows for the statement `STORE`."""
    source = reading.source
    seen: set[str] = set()
    for entry in reading.entries:
        if entry.id in seen:
            continue
        seen.add(entry.id)
        yield {
            "source": source.pk,
            "entry": entry.id,
            "url": entry.url,
            "title": entry.title[:500] or entry.url[:500],
            "summary": entry.summary,
            "publisher": entry.publisher or source.publisher,
            "language": entry.language or source.language,
            "published_at": entry.published_at,
        }


def _state(reading: Reading, published: list[datetime | None], now: datetime) -> dict[str, Any]:
    """A source's row for the statement `UPDATE`, after it was read."""
    source = reading.source
    state = {
        "id": source.pk,
        "was": source.url,
        "url": source.url,
        "moved_from": source.moved_from,
        "moved_at": source.moved_at,
        "gone_at": source.gone_at,
        "last_success_at": source.last_success_at,
        "left_out": to_text(source.left_out),
        "etag": source.etag,
        "last_modified": source.last_modified,
        "current_minutes": source.current_minutes,
        "usual_gap_minutes": source.usual_gap_minutes,
        "last_item_at": source.last_item_at,
    }
    if reading.failure:
        failures = source.failures + 1
        wait = poll_interval.backoff(failures=failures, fastest=source.interval_minutes, asked=reading.retry_after)
        return state | {
            "next_due_at": now + wait,
            "failing_since": source.failing_since or now,
            "failure": to_text(reading.failure),
            "failures": failures,
            "gone_at": now if reading.gone else None,
        }
    if reading.moved_to:
        state |= {"url": reading.moved_to, "moved_from": source.url, "moved_at": now}
    usual, last = poll_interval.usual_gap(
        source.usual_gap_minutes, last_item_at=source.last_item_at, published=published, now=now
    )
    wait = poll_interval.interval(
        usual=usual,
        last_item_at=source.last_item_at and last,
        fastest=source.interval_minutes,
        slowest=source.slowest_minutes,
        now=now,
    )
    return state | {
        "last_success_at": now,
        "next_due_at": now + wait,
        "failing_since": None,
        "failure": "",
        "failures": 0,
        "left_out": to_text(reading.left_out),
        "etag": reading.etag[:300],
        "last_modified": reading.last_modified[:100],
        "current_minutes": round(wait / timedelta(minutes=1)),
        "usual_gap_minutes": usual,
        "last_item_at": last,
    }


def _possible_moves(readings: Sequence[Reading]) -> Sequence[Reading]:
    """The readings without moves to an address that another source has or moves to."""
    wanted = [reading.moved_to for reading in readings if reading.moved_to]
    if not wanted:
        return readings
    taken = set(Source.objects.filter(url__in=wanted).values_list("url", flat=True))
    kept = []
    for reading in readings:
        if reading.moved_to and (reading.moved_to in taken or address_fault(reading.moved_to)):
            reading = replace(reading, moved_to="")
        taken.add(reading.moved_to)
        kept.append(reading)
    return kept
