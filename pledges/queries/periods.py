"""The two times between which somebody asks what changed: how an address says them, and those that are offered.

`?from=2024-06-01&to=2024-07-01` are two days (what happened, by what is said now), `?from_edition=3&to_edition=5` two
editions (what was said; 0 is before the first). What is left out is today or the newest edition, and a month before.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.domain.rules import days_before
from pledges.models import Mandate
from pledges.queries.asof import InvalidPeriod, left_on, written_day
from pledges.queries.changes import Moment
from pledges.queries.pulse import Pulse

DAYS, EDITIONS = ("from", "to"), ("from_edition", "to_edition")
USUAL_DAYS = 30
MOST_TERMS = 3  # that quick links reach back


@dataclass(frozen=True)
class Period:
    """From when to when, and whether these are editions or days."""

    start: Moment
    end: Moment
    by_edition: bool = False

    @property
    def asked(self) -> tuple[tuple[str, str], ...]:
        """The parameters of an address that ask for it."""
        if self.by_edition:
            values = (str(self.start.edition), str(self.end.edition))
            return tuple(zip(EDITIONS, values, strict=True))
        return tuple(zip(DAYS, (self.start.day.isoformat(), self.end.day.isoformat()), strict=True))

    @property
    def one_edition(self) -> bool:
        """Whether it is what a single edition said."""
        return self.by_edition and self.end.edition == self.start.edition + 1

    def then(self, beat: Pulse, today: date) -> str:
        """The query by which a dated page is shown as it was at the end of it; "" if that is now."""
        if self.by_edition:
            return "" if self.end.edition == beat.edition else f"?edition={self.end.edition}"
        return "" if self.end.day == today else f"?on={self.end.day.isoformat()}"


@dataclass(frozen=True)
class Preset:
    """A period that is offered: its words and its address' query."""

    words: str
    query: str


def read(data: QueryDict, beat: Pulse, today: date) -> Period:
    """The period that an address asks for; `today` is the day in the newsroom's calendar.

    Raises InvalidPeriod, at the parameter to mend, for a day that is none or lies ahead, for an edition that never was,
    for an end before its beginning, and for a day beside an edition.
    """
    days = [data.get(name, "").strip() for name in DAYS]
    editions = [data.get(name, "").strip() for name in EDITIONS]
    if any(days) and any(editions):
        raise InvalidPeriod("from_edition", _("Choose two days or two editions, not one of each."))
    return _editions(*editions, beat, today) if any(editions) else _days(*days, beat, today)


def _days(first: str, last: str, beat: Pulse, today: date) -> Period:
    end = written_day(last, "to") if last else today
    if end > today:
        raise InvalidPeriod("to", _("This day lies ahead. Choose today or a day before it."))
    start = written_day(first, "from") if first else date.fromordinal(max(1, end.toordinal() - USUAL_DAYS))
    if start > today:
        raise InvalidPeriod("from", _("This day lies ahead. Choose today or a day before it."))
    if start > end:
        raise InvalidPeriod("to", _("This day comes before the first. Exchange the two."))
    return Period(Moment(beat.edition, start), Moment(beat.edition, end))


def _editions(first: str, last: str, beat: Pulse, today: date) -> Period:
    end = _number(last, "to_edition", beat) if last else beat.edition
    start = _number(first, "from_edition", beat) if first else max(0, end - 1)
    if start > end:
        raise InvalidPeriod("to_edition", _("This edition comes before the first. Exchange the two."))
    return Period(moment_of(start, today), moment_of(end, today), by_edition=True)


def moment_of(edition: int, today: date) -> Moment:
    """An edition as it was when it was followed by another."""
    return Moment(edition, left_on(edition, today))


def _number(text: str, field: str, beat: Pulse) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= beat.edition):
        raise InvalidPeriod(field, _("There is no such edition: the newest is %(number)s.") % {"number": beat.edition})
    return int(text)


def since(day: date, last: date) -> str:
    """The query that asks what changed since a day up to `last`; the day counts, so it is from the day before."""
    return _query(**{"from": days_before(day, 1), "to": last})


def presets(beat: Pulse, today: date, mandates: list[Mandate], elections: list[date]) -> list[Preset]:
    """The periods that are offered; `mandates` are those that have begun and `elections` the days on which they, or one
    that has not begun yet, were won, both the newest first.

    An earlier time in office is offered from election to election; by its own days where elections are not recorded.
    """
    found = [
        Preset(_("The last 7 days"), _query(**{"from": today - timedelta(days=7), "to": today})),
        Preset(_("The last 30 days"), _query(**{"from": today - timedelta(days=USUAL_DAYS), "to": today})),
    ]
    if beat.edition:
        newest = {"from_edition": beat.edition - 1, "to_edition": beat.edition}
        found.append(Preset(_("The newest edition"), _query(**newest)))
    for day in elections[:1]:
        words = _("Since the election of %(day)s") % {"day": written(day)}
        found.append(Preset(words, since(day, today)))
    for row in mandates[:1]:
        words = _("Since the mandate of %(person)s began on %(day)s") % _began(row)
        found.append(Preset(words, since(row.starts_on, today)))
    for later, first in pairwise(elections[:MOST_TERMS]):
        days = {"first": written(first), "last": written(later)}
        words = _("Between the elections of %(first)s and %(last)s") % days
        found.append(Preset(words, since(first, days_before(later, 1))))
    for later, row in pairwise(mandates[:MOST_TERMS] if len(elections) < 2 else []):
        words = _("The mandate of %(person)s that began on %(day)s") % _began(row)
        found.append(Preset(words, since(row.starts_on, days_before(later.starts_on, 1))))
    return found


def _began(row: Mandate) -> dict[str, str]:
    return {"person": row.person, "day": written(row.starts_on, in_sentence=True)}


def _query(**asked: object) -> str:
    return f"?{urlencode(asked)}"
