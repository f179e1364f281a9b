"""The period of the page of changes: parsed from its address, and the presets that the page offers.

`?since=2024-06-01&to=2024-07-01` are two days, both included: what happened, according to the newest edition.
`?from=2024-05-31` is the older form of the same, which names the day before.
`?from_edition=3&to_edition=5` are two editions: what was published; 0 is before the first. A missing end is today or
the newest edition, a missing start 30 days or one edition earlier.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.domain.rules import days_before
from pledges.models import Mandate
from pledges.queries import offices
from pledges.queries.asof import InvalidPeriod, left_on, written_day
from pledges.queries.changes import Moment
from pledges.queries.pulse import Pulse

DAYS, EDITIONS = ("since", "from", "to"), ("from_edition", "to_edition")
USUAL_DAYS = 30
MOST_TERMS = 3  # times in office that the presets reach back


@dataclass(frozen=True)
class Period:
    """What changed from `start` to `end`, which are two editions or two days. `start` is not part of it: the first
    day of a period of days is `first_day`."""

    start: Moment
    end: Moment
    by_edition: bool = False

    @property
    def first_day(self) -> date:
        """The first day whose changes count."""
        return self.start.day + timedelta(days=1)

    @property
    def asked(self) -> tuple[tuple[str, str], ...]:
        """Its parameters in an address, as (name, value)."""
        if self.by_edition:
            values = (str(self.start.edition), str(self.end.edition))
            return tuple(zip(EDITIONS, values, strict=True))
        start = (
            ("since", self.first_day) if self.first_day <= self.end.day else ("from", self.start.day)
        )  # without a day
        return tuple((name, day.isoformat()) for name, day in (start, ("to", self.end.day)))

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
    """A period that the page offers: its label, its query string, and the heading of its page."""

    words: str
    query: str
    heading: str = ""


def read(data: QueryDict, pulse: Pulse, today: date) -> Period:
    """The period that a query string asks for; `today` is the day in the newsroom's calendar.

    Raises InvalidPeriod with the parameter to mend if a day is malformed or in the future, if there is no such edition,
    if the end comes before the start, or if days and editions are mixed.
    """
    since_day, from_day, to_day, first, last = (data.get(name, "").strip() for name in (*DAYS, *EDITIONS))
    if since_day and from_day:
        raise InvalidPeriod("since", _("Choose one first day: “since” or “from”, not both."))
    if not (first or last):
        return _days(since_day, from_day, to_day, pulse, today)
    if since_day or from_day or to_day:
        raise InvalidPeriod("from_edition", _("Choose two days or two editions, not one of each."))
    return _editions(first, last, pulse, today)


def _days(since_day: str, from_day: str, to_day: str, pulse: Pulse, today: date) -> Period:
    end = written_day(to_day, "to") if to_day else today
    if end > today:
        raise InvalidPeriod("to", _("This day lies ahead. Choose today or a day before it."))
    if not (since_day or from_day):
        return Period(Moment(pulse.edition, days_before(end, USUAL_DAYS)), Moment(pulse.edition, end))
    field = "since" if since_day else "from"
    first = written_day(since_day or from_day, field)
    if first > today:
        raise InvalidPeriod(field, _("This day lies ahead. Choose today or a day before it."))
    if first > end:
        raise InvalidPeriod("to", _("This day comes before the first. Exchange the two."))
    start = days_before(first, 1) if since_day else first
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


def since(first: date, last: date | None, *more: tuple[str, str]) -> str:
    """The query string for the changes from the day `first` to `last` (None: today), both included, with `more`
    parameters."""
    return "?" + urlencode([("since", first), *([("to", last)] if last else []), *more])


def heading(period: Period, today: date, offered: list[Preset], query: str) -> str:
    """The heading of the page of a period of days: that of the offered period with the same query string, so that a
    page is called what the link to it was, or else its days."""
    for preset in offered:
        if preset.heading and preset.query == query:
            return preset.heading
    first, last = period.first_day, period.end.day
    values = {"first": written(first, in_sentence=True), "last": written(last, in_sentence=True)}
    if first > last:
        return _("What changed after %(last)s") % values
    if last == today:
        return _("What changed since %(first)s") % values
    if first == last:
        return _("What changed on %(first)s") % values
    return _("What changed from %(first)s to %(last)s") % values


def presets(pulse: Pulse, today: date, mandates: list[Mandate]) -> list[Preset]:
    """The periods that the page offers. `mandates` are those that had begun or been won by `today`, the newest first.

    Where they are of several offices, those of each are offered by themselves, with the person's name, and narrowed
    down to the mandate.
    """
    offered = [
        Preset(_("The last 7 days"), since(days_before(today, 6), today), _("What changed in the last 7 days")),
        Preset(_("The last 30 days"), since(days_before(today, 29), today), _("What changed in the last 30 days")),
    ]
    if pulse.edition:
        newest = {"from_edition": pulse.edition - 1, "to_edition": pulse.edition}
        offered.append(Preset(_("The newest edition"), f"?{urlencode(newest)}"))
    by_office = offices.by_office(mandates)
    for rows in by_office[: offices.MOST_OFFERED]:
        offered += _terms(rows, today) if len(by_office) == 1 else _named_terms(rows, today)
    return offered


def _terms(mandates: list[Mandate], today: date) -> Iterator[Preset]:
    """The terms of the only office. Earlier ones run from election to election, or from mandate to mandate if no
    elections are recorded."""
    elections, begun = _won_and_begun(mandates, today)
    for day in list(elections)[:1]:
        values = {"day": written(day)}
        title = _("What changed since the election of %(day)s") % values
        yield Preset(_("Since the election of %(day)s") % values, since(day, today), title)
    yield from (_since_it_began(row, today) for row in begun[:1])
    for later, earlier in pairwise(list(elections)[:MOST_TERMS]):
        values = {"first": written(earlier), "last": written(later)}
        words = _("Between the elections of %(first)s and %(last)s") % values
        title = _("What changed between the elections of %(first)s and %(last)s") % values
        yield Preset(words, since(earlier, days_before(later, 1)), title)
    for following, row in pairwise(begun[:MOST_TERMS] if len(elections) < 2 else []):
        yield _term(row, days_before(following.starts_on, 1))


def _named_terms(mandates: list[Mandate], today: date) -> Iterator[Preset]:
    """The terms of one of several offices: since the newest election, since the newest mandate, and the ones before."""
    elections, begun = _won_and_begun(mandates, today)
    for day, row in list(elections.items())[:1]:
        values = {"person": row.person, "day": written(day, in_sentence=True)}
        words = _("Since the election of %(person)s on %(day)s") % values
        title = _("What changed since the election of %(person)s on %(day)s") % values
        yield Preset(words, since(day, today, ("mandate", row.slug)), title)
    yield from (_since_it_began(row, today, ("mandate", row.slug)) for row in begun[:1])
    for following, row in pairwise(begun[:MOST_TERMS]):
        yield _term(row, days_before(following.starts_on, 1), ("mandate", row.slug))


def _won_and_begun(mandates: list[Mandate], today: date) -> tuple[dict[date, Mandate], list[Mandate]]:
    return offices.elections(mandates, today), [row for row in mandates if row.starts_on <= today]


def _since_it_began(row: Mandate, today: date, *more: tuple[str, str]) -> Preset:
    words = _("Since the mandate of %(person)s began on %(day)s") % _began(row)
    title = _("What changed since the mandate of %(person)s began on %(day)s") % _began(row)
    return Preset(words, since(row.starts_on, today, *more), title)


def _term(row: Mandate, last: date, *more: tuple[str, str]) -> Preset:
    words = _("The mandate of %(person)s that began on %(day)s") % _began(row)
    title = _("What changed in the mandate of %(person)s that began on %(day)s") % _began(row)
    return Preset(words, since(row.starts_on, last, *more), title)


def _began(row: Mandate) -> dict[str, str]:
    return {"person": row.person, "day": written(row.starts_on, in_sentence=True)}
