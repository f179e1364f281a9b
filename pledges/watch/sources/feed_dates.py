"""Dates in feeds: the two usual formats are parsed here, all others by feedparser."""

import io
import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from pledges.domain.lazy import lazy
from pledges.watch.text.dates import day_or_time

if TYPE_CHECKING:
    import feedparser
else:
    feedparser = lazy("feedparser")

_RFC_822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),\s+)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) "
    r"(?:(GMT|UTC|UT|Z)|([+-])(\d\d)(\d\d))"
)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:(Z)|([+-])(\d\d):(\d\d))")
_AN_HOUR = re.compile(r"(?<![\d:+-])(?:0?[1-9]|[12]\d):\d\d")
_MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}


def parse(text: str) -> date | datetime | None:
    """The time in UTC of a date in a feed, or only its day; None if it is invalid."""
    try:
        if match := _RFC_822.fullmatch(text):
            day, month, year, *clock, utc, sign, hours, minutes = match.groups()
            when = [int(year), _MONTHS[month.lower()], int(day), *map(int, clock)]
        elif match := _ISO.fullmatch(text):
            *numbers, utc, sign, hours, minutes = match.groups()
            when = list(map(int, numbers))
        else:
            return _by_feedparser(text)
        zone = UTC
        if not utc:
            offset = timedelta(hours=int(hours), minutes=int(minutes))
            zone = timezone(-offset if sign == "-" else offset)
        return day_or_time(datetime(*when).replace(tzinfo=zone))  # type: ignore[arg-type]  # numbers: no zone
    except (KeyError, ValueError, OverflowError):
        return _by_feedparser(text)


def _by_feedparser(text: str) -> date | datetime | None:
    """The date as feedparser reads it: in UTC, and midnight for a date without a time."""
    stamp = _stamp(text)
    try:
        when = datetime(*stamp[:6]).replace(tzinfo=UTC) if stamp else None  # type: ignore[arg-type]  # numbers: no zone
    except (ValueError, OverflowError):
        return None
    if when is None or _AN_HOUR.search(text):  # 19:00 EST is a time, although it is midnight in UTC
        return when
    return day_or_time(when)


@lru_cache(maxsize=1000)
def _stamp(text: str) -> tuple[int, ...] | None:
    """feedparser's result for a date. Its date parser alone is private, so it gets a feed with this one date."""
    if not text:
        return None
    feed = f"<rss><channel><item><pubDate>{escape(text)}</pubDate></item></channel></rss>".encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8"}
    entries = feedparser.parse(io.BytesIO(feed), response_headers=headers, sanitize_html=False).entries
    return entries[0].get("published_parsed") if entries else None
