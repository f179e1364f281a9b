"""Statuses, timeliness, spans, tallies and the hash of an edition, as pure functions over plain data.

Only the standard library is used. Days are `datetime.date` in the newsroom's time zone; `today` is an argument.
What each status means follows the Comparative Party Pledges Project and docs/methodology.md.
"""

import calendar
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """Where a pledge stands. Outcomes count, not effort; a status may move in any direction."""

    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    IN_PROGRESS = "in_progress"
    STALLED = "stalled"
    BROKEN = "broken"
    NOT_STARTED = "not_started"
    UNCLEAR = "unclear"
    NOT_RATED = "not_rated"


class Timeliness(StrEnum):
    """Where a pledge stands against its deadline: separate from its status, and always computed, never entered."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    AHEAD = "ahead"
    KEPT_IN_TIME = "kept_in_time"
    KEPT_LATE = "kept_late"
    NO_DEADLINE = "no_deadline"


class FailureReason(StrEnum):
    """Why a pledge failed: recorded for statuses in `FAILED`."""

    WITHDRAWN = "withdrawn"
    BLOCKED = "blocked"
    LAPSED = "lapsed"
    SUPERSEDED = "superseded"
    UNDER_DELIVERED = "under_delivered"


class Precision(StrEnum):
    """How exactly a date is known. BY is "on or before that day"."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    APPROX = "approx"
    BY = "by"


FAILED = frozenset({Status.STALLED, Status.BROKEN, Status.PARTLY_KEPT})
SETTLED = (Status.KEPT, Status.BROKEN)  # no deadline makes such a pledge due for another look
DUE_SOON_DAYS = 90


def deadline_end(deadline: date | None, precision: str) -> date | None:
    """The last day on which the pledge is still in time: the end of the month or year when only that was named."""
    if deadline is None:
        return None
    if precision == Precision.YEAR:
        return date(deadline.year, 12, 31)
    if precision == Precision.MONTH:
        return deadline.replace(day=calendar.monthrange(deadline.year, deadline.month)[1])
    return deadline


def known_by(happened: date | None, day: date) -> date | None:
    """The day on which something happened, if that was on `day` or before: as of an earlier day nobody knows it."""
    return happened if happened and happened <= day else None


def years(start: date, end: date | None) -> str:
    """The years of a time in office, as in "2023–25", or "2023–" while no end is known."""
    return f"{start.year}–" + (f"{end.year % 100:02}" if end else "")


def days_before(day: date, count: int) -> date:
    """The date `count` days before `day`, at the earliest `date.min`: a URL may hold any date."""
    return date.fromordinal(max(1, day.toordinal() - count))


def timeliness(status: str, since: date | None, deadline: date | None, today: date) -> Timeliness:
    """The timeliness of a pledge whose last day in time is `deadline` (from `deadline_end`, or None).

    `since` is the day from which it has had `status`. Only a kept pledge is kept in time or late; any other status is
    overdue once the deadline has passed.
    """
    if deadline is None:
        return Timeliness.NO_DEADLINE
    if status == Status.KEPT and since is not None:
        return Timeliness.KEPT_IN_TIME if since <= deadline else Timeliness.KEPT_LATE
    if today > deadline:
        return Timeliness.OVERDUE
    return Timeliness.DUE_SOON if (deadline - today).days <= DUE_SOON_DAYS else Timeliness.AHEAD


@dataclass(frozen=True)
class Span:
    """A period with one status, from `start` to `end`, both included."""

    status: str
    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


def spans(changes: Iterable[tuple[date, str]], start: date, end: date) -> list[Span]:
    """The status of a pledge from `start` to `end`, both included, as the fewest possible spans.

    `changes` are (day, status); of several on one day the last wins. Changes before `start` give the status on
    `start`; those after `end` are ignored. Before the first change the pledge is not rated.
    """
    if end < start:
        return []
    unmerged: list[Span] = []
    status: str = Status.NOT_RATED
    since = start
    for day, new in sorted(changes, key=lambda change: change[0]):
        if day > end:
            break
        day = max(day, start)
        if new == status:
            continue
        if day > since:
            unmerged.append(Span(str(status), since, day - timedelta(days=1)))
        status, since = new, day
    unmerged.append(Span(str(status), since, end))
    merged: list[Span] = []
    for span in unmerged:  # two changes on one day may leave neighbours with the same status
        if merged and merged[-1].status == span.status:
            merged[-1] = Span(span.status, merged[-1].start, span.end)
        else:
            merged.append(span)
    return merged


def standing(changes: Iterable[tuple[date, str]], until: date) -> tuple[str, date | None]:
    """The status on the day `until` and the day since which the pledge has had it (None when not rated)."""
    status: str = Status.NOT_RATED
    since: date | None = None
    for day, new in sorted(changes, key=lambda change: change[0]):
        if day > until:
            break
        if new != status:
            status, since = new, day
    return str(status), since


def tally(statuses: Iterable[str]) -> dict[str, int]:
    """How many pledges have each status, in the order of `Status`; statuses without pledges are left out."""
    counts = Counter(statuses)
    return {str(status): counts[status] for status in Status if counts[status]}


def digest(content: Mapping[str, Any] | list[Any] | str) -> str:
    """SHA-256 in hexadecimal of the content's canonical JSON: sorted keys, no spaces, UTF-8, dates as ISO 8601."""

    def plain(value: object) -> str:
        if isinstance(value, date | datetime):
            return value.isoformat()
        return str(value)

    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=plain)
    return hashlib.sha256(text.encode()).hexdigest()


def edition_content(
    number: int, published_at: datetime, publisher: str, items: Iterable[Mapping[str, str]], previous: str
) -> dict[str, Any]:
    """What an edition's hash covers: its number, time (UTC), publisher, items and the previous edition's hash.

    Each item is {"action", "kind", "key", "title", "sha256"}, in any order.
    """
    return {
        "number": number,
        "published_at": published_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "publisher": publisher,
        "items": [dict(item) for item in sorted(items, key=lambda item: (item["kind"], item["key"]))],
        "previous": previous,
    }


def edition_hash(
    number: int, published_at: datetime, publisher: str, items: Iterable[Mapping[str, str]], previous: str
) -> str:
    """The SHA-256 that seals an edition, over its `edition_content`. docs/methodology.md shows how to compute it."""
    return digest(edition_content(number, published_at, publisher, items, previous))
