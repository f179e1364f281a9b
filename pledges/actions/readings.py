"""What was read of many sources, written at once: their new articles, and how each of them does. All times are UTC."""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from django.db import DatabaseError, connection, transaction

from pledges import pace, pulse
from pledges.models import Source
from pledges.sentences import Sentence, say, to_text

log = logging.getLogger(__name__)


class Entry(Protocol):
    """One entry of a feed (see monitor.feeds.Entry)."""

    id: str
    url: str
    title: str
    summary: str
    published_at: datetime | None
    language: str
    publisher: str


@dataclass(frozen=True)
class Reading:
    """What came of reading a source (as it was when it was claimed): entries, or why there are none.

    `failure` is what editors are told; with `gone` the source is never to come back. `retry_after` is in seconds.
    `moved_to` is the address to which it has moved for good.
    """

    source: Source
    entries: Sequence[Entry] = ()
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    failure: Sentence | str = ""
    gone: bool = False
    retry_after: float | None = None


INSERT = """
INSERT INTO pledges_article (source_id, entry_id, url, title, summary, publisher, language, published_at, found_at,
                             state, attempts, failure, text, fingerprint)
SELECT v.source, v.entry, v.url, v.title, v.summary, v.publisher, v.language, v.published_at, %s,
       'new', 0, '', '', '{}'
FROM json_to_recordset(%s::json) AS v (source bigint, entry text, url text, title text, summary text, publisher text,
                                 language text, published_at timestamptz)
ON CONFLICT DO NOTHING
RETURNING id, source_id, published_at
"""
# Not where the address is another by now: an editor has changed it, and what we read is of the old one.
UPDATE = """
UPDATE pledges_source s
SET url = v.url, moved_from = v.moved_from, moved_at = v.moved_at, active = s.active AND v.gone_at IS NULL,
    gone_at = v.gone_at, last_attempt_at = %s, last_success_at = v.last_success_at, next_due_at = v.next_due_at,
    claimed_until = NULL, failing_since = v.failing_since, failure = v.failure, failures = v.failures, etag = v.etag,
    last_modified = v.last_modified, current_minutes = v.current_minutes, usual_gap_minutes = v.usual_gap_minutes,
    last_item_at = v.last_item_at
FROM json_to_recordset(%s::json) AS v (id bigint, was text, url text, moved_from text, moved_at timestamptz,
    gone_at timestamptz, last_success_at timestamptz, next_due_at timestamptz, failing_since timestamptz, failure text,
    failures int, etag text, last_modified text, current_minutes int, usual_gap_minutes float, last_item_at timestamptz)
WHERE s.id = v.id AND s.url = v.was
"""


def record_readings(*, readings: Sequence[Reading], now: datetime) -> list[int]:
    """Store what is new and note how each source does, all in one transaction; the new articles' ids.

    An entry is stored once, by its id in its source and by its address in all. Where the database refuses something,
    each source is written by itself, so that one never spoils the others.
    """
    readings = _moves_that_can_be(readings)
    try:
        return _write(readings, now)
    except DatabaseError as error:
        if len(readings) > 1:
            return [pk for reading in readings for pk in record_readings(readings=[reading], now=now)]
        reading = readings[0]
        log.exception("What was read of source %s cannot be stored", reading.source.name)
        said = say(
            "What it sent cannot be stored, please report this: %(error)s", error=f"{type(error).__name__}: {error}"
        )
        return _write([Reading(reading.source, failure=said)], now)


@transaction.atomic
def _write(readings: Sequence[Reading], now: datetime) -> list[int]:
    rows = [row for reading in readings for row in _articles(reading)]
    new: dict[int, list[datetime | None]] = {}
    ids = []
    with connection.cursor() as cursor:
        if rows:
            cursor.execute(INSERT, [now, json.dumps(rows, default=str)])
            for pk, source, published_at in cursor.fetchall():
                ids.append(pk)
                new.setdefault(source, []).append(published_at)
        states = [_state(reading, new.get(reading.source.pk, []), now) for reading in readings]
        cursor.execute(UPDATE, [now, json.dumps(states, default=str)])
    transaction.on_commit(pulse.refresh)
    return ids


def _articles(reading: Reading) -> Iterable[dict]:
    source, seen = reading.source, set()
    for entry in reading.entries:
        if entry.id in seen or len(entry.url) > 1000:
            continue
        seen.add(entry.id)
        yield {
            "source": source.pk,
            "entry": entry.id[:1000],
            "url": entry.url,
            "title": entry.title[:500] or entry.url[:500],
            "summary": entry.summary,
            "publisher": getattr(entry, "publisher", "") or source.publisher,
            "language": entry.language or source.language,
            "published_at": entry.published_at,
        }


def _state(reading: Reading, new: list[datetime | None], now: datetime) -> dict:
    """The row of a source after it was read; see the statement `UPDATE`."""
    source = reading.source
    state = {
        "id": source.pk,
        "was": source.url,
        "url": source.url,
        "moved_from": source.moved_from,
        "moved_at": source.moved_at,
        "gone_at": source.gone_at,
        "last_success_at": source.last_success_at,
        "etag": source.etag,
        "last_modified": source.last_modified,
        "current_minutes": source.current_minutes,
        "usual_gap_minutes": source.usual_gap_minutes,
        "last_item_at": source.last_item_at,
    }
    if reading.failure:
        failures = source.failures + 1
        wait = pace.backoff(failures=failures, fastest=source.interval_minutes, asked=reading.retry_after)
        return state | {
            "next_due_at": now + wait,
            "failing_since": source.failing_since or now,
            "failure": to_text(reading.failure),
            "failures": failures,
            "gone_at": now if reading.gone else None,
        }
    if reading.moved_to:
        state |= {"url": reading.moved_to, "moved_from": source.url, "moved_at": now}
    usual, last = pace.usual_gap(source.usual_gap_minutes, last_item_at=source.last_item_at, published=new, now=now)
    wait = pace.interval(
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
        "etag": reading.etag[:300],
        "last_modified": reading.last_modified[:100],
        "current_minutes": round(wait / timedelta(minutes=1)),
        "usual_gap_minutes": usual,
        "last_item_at": last,
    }


def _moves_that_can_be(readings: Sequence[Reading]) -> Sequence[Reading]:
    """The same, where no source moves to an address that another source has or moves to."""
    wanted = [reading.moved_to for reading in readings if reading.moved_to]
    if not wanted:
        return readings
    taken = set(Source.objects.filter(url__in=wanted).values_list("url", flat=True))
    kept = []
    for reading in readings:
        if reading.moved_to and (reading.moved_to in taken or len(reading.moved_to) > 1000):
            reading = replace(reading, moved_to="")
        taken.add(reading.moved_to)
        kept.append(reading)
    return kept
