"""Calendars of whole days (RFC 5545, RFC 7986), as programs that subscribe to them expect them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import get_language

from pledges.domain.lazy import lazy
from pledges.site.shared.citations import printable

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = lazy("icalendar")

REFRESH = timedelta(hours=12)


def calendar(*, name: str, host: str, address: str, about: Iterable[str] = (), page: str = "") -> "icalendar.Calendar":
    """A calendar without events in the active language. `address` is its own, `page` that of the page with the same
    content; `about` are lines of its description."""
    made, lines = icalendar.Calendar(), [printable(line) for line in about if line]
    made.add("prodid", f"-//{host}//Pledge tracker//{(get_language() or '').upper()}")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    for key in ("name", "x-wr-calname"):
        made.add(key, icalendar.vText(printable(name)))
    if lines:
        for key in ("description", "x-wr-caldesc"):
            made.add(key, icalendar.vText("\n".join(lines)))
    if page:
        made.add("url", page)
    made.add("source", address, {"VALUE": "URI"})
    made.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
    made.add("x-published-ttl", icalendar.vDuration(REFRESH))
    return made


def event(
    *,
    uid: str,
    day: date,
    summary: str,
    lines: Iterable[str],
    url: str,
    at: datetime,
    sequence: int = 0,
    cancelled: bool = False,
    categories: Iterable[str] = (),
) -> "icalendar.Event":
    """An event of a whole day, without an alarm. `uid` is permanent, `at` (UTC) is when it was changed last."""
    made = icalendar.Event()
    made.add("uid", uid)
    made.add("dtstamp", at)
    made.add("last-modified", at)
    made.add("sequence", sequence)
    made.add("dtstart", day)  # without an end it lasts this day (RFC 5545, 3.6.1)
    made.add("summary", printable(summary))
    made.add("description", "\n".join(printable(line) for line in lines if line))
    made.add("url", url)
    if terms := [printable(term) for term in categories]:
        made.add("categories", terms)
    made.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    made.add("transp", "TRANSPARENT")  # nobody is busy
    return made


def answer(calendar: "icalendar.Calendar", status: int = 200) -> HttpResponse:
    """The response with a calendar, its events by their day."""
    calendar.subcomponents.sort(key=lambda event: (event.decoded("dtstart"), str(event["UID"])))
    return HttpResponse(calendar.to_ical(sorted=False), content_type="text/calendar; charset=utf-8", status=status)
