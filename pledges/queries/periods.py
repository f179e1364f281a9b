"""The period of the page of changes: parsed from its address, and the presets that the page offers.

`?from=2024-06-01&to=2024-07-01` are two days: what happened, according to the newest edition.
`?from_edition=3&to_edition=5` are two editions: what was published; 0 is before the first. A missing end is today or
the newest edition, a missing start 30 days or one edition earlier.
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
MOST_TERMS = 3  # times in office that the presets reach back


@dataclass(frozen=True)
class Period:
    """A start and an end, which are two editions or two days."""

    start: Moment
    end: Moment
    by_edition: bool = False

    @property
    def asked(self) -> tuple[tuple[str, str], ...]:
        """Its parameters in an address, as (name, value)."""
        if self.by_edition:
            values = (str(self.start.edition), str(self.end.edition))
            return tuple(zip(EDITIONS, values, strict=True))
        return tuple(zip(DAYS, (self.start.day.isoformat(), self.end.day.isoformat()), strict=True))

    @property
    def one_edition(self) -> bool:
        """Whether it covers exactly one edition."""
        return self.by_edition and self.end.edition == self.start.edition + 1

    def as_of_end(self, pulse: Pulse, today: date) -> str:
        """The query string that shows a dated page as of the end of the period; "" if that is now."""
        if self.by_edition:
            return "" if self.end.edition == pulse.edition else f"?edition={self.end.edition}"
        return "" if self.end.day == today else f"?on={self.end.day.isoformat()}"


@dataclass(frozen=True)
class Preset:
    """A period that the page offers: its label and its query string."""

    words: str
    query: str


def read(data: QueryDict, pulse: Pulse, today: date) -> Period:
    """The period that a query string asks for; `today` is the day in the newsroom's calendar.

    Raises InvalidPeriod with the parameter to mend if a day is malformed or in the future, if there is no such edition,
    if the end comes before the start, or if days and editions are mixed.
    """
    first_day, last_day, first_edition, last_edition = (data.get(name, "").strip() for name in (*DAYS, *EDITIONS))
    if not (first_edition or last_edition):
        return _days(first_day, last_day, pulse, today)
    if first_day or last_day:
        raise InvalidPeriod("from_edition", _("Choose two days or two editions, not one of each."))
    return _editions(first_edition, last_edition, pulse, today)


def _days(first: str, last: str, pulse: Pulse, today: date) -> Period:
    end = written_day(last, "to") if last else today
    if end > today:
        raise InvalidPeriod("to", _("This day lies ahead. Choose today or a day before it."))
    start = written_day(first, "from") if first else date.fromordinal(max(1, end.toordinal() - USUAL_DAYS))
    if start > today:
        raise InvalidPeriod("from", _("This day lies ahead. Choose today or a day before it."))
    if start > end:
        raise InvalidPeriod("to", _("This day comes before the first. Exchange the two."))
    return Period(Moment(pulse.edition, start), Moment(pulse.edition, end))


def _editions(first: str, last: str, pulse: Pulse, today: date) -> Period:
    end = _number(last, "to_edition", pulse) if last else pulse.edition
    start = _number(first, "from_edition", pulse) if first else max(0, end - 1)
    if start > end:
        raise InvalidPeriod("to_edition", _("This edition comes before the first. Exchange the two."))
    return Period(moment_of(start, today), moment_of(end, today), by_edition=True)


def moment_of(edition: int, today: date) -> Moment:
    """An edition as of the last day on which it was the newest."""
    return Moment(edition, left_on(edition, today))


def _number(text: str, field: str, pulse: Pulse) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= pulse.edition):
        raise InvalidPeriod(field, _("There is no such edition: the newest is %(number)s.") % {"number": pulse.edition})
    return int(text)


def since(day: date, last: date) -> str:
    """The query string for the changes from a day up to `last`. The day itself counts, so they start the day before."""
    return _days_query(days_before(day, 1), last)


def presets(pulse: Pulse, today: date, mandates: list[Mandate], elections: list[date]) -> list[Preset]:
    """The periods that the page offers. `mandates` are those that have begun; `elections` are the days on which these,
    or one that has not begun yet, were won; both the newest first.

    Earlier times in office run from election to election, or from mandate to mandate if no elections are recorded.
    """
    offered = [
        Preset(_("The last 7 days"), _days_query(today - timedelta(days=7), today)),
        Preset(_("The last 30 days"), _days_query(today - timedelta(days=USUAL_DAYS), today)),
    ]
    if pulse.edition:
        newest = {"from_edition": pulse.edition - 1, "to_edition": pulse.edition}
        offered.append(Preset(_("The newest edition"), f"?{urlencode(newest)}"))
    for day in elections[:1]:
        words = _("Since the election of %(day)s") % {"day": written(day)}
        offered.append(Preset(words, since(day, today)))
    for row in mandates[:1]:
        words = _("Since the mandate of %(person)s began on %(day)s") % _began(row)
        offered.append(Preset(words, since(row.starts_on, today)))
    for later, earlier in pairwise(elections[:MOST_TERMS]):
        days = {"first": written(earlier), "last": written(later)}
        words = _("Between the elections of %(first)s and %(last)s") % days
        offered.append(Preset(words, since(earlier, days_before(later, 1))))
    for following, row in pairwise(mandates[:MOST_TERMS] if len(elections) < 2 else []):
        words = _("The mandate of %(person)s that began on %(day)s") % _began(row)
        offered.append(Preset(words, since(row.starts_on, days_before(following.starts_on, 1))))
    return offered


def _began(row: Mandate) -> dict[str, str]:
    return {"person": row.person, "day": written(row.starts_on, in_sentence=True)}


def _days_query(first: date, last: date) -> str:
    return f"?{urlencode({'from': first, 'to': last})}"
