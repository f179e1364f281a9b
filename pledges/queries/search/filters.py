"""What an address asks of the list of pledges, parsed once into a typed `Filter`.

A saved search is its address: the list, its feed and its alerts read the same parameters with the same `parse`.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pledges.domain.rules import days_before
from pledges.models import STATUS_LABELS, TIMELINESS_LABELS
from pledges.queries.asof import InvalidPeriod
from pledges.queries.standings import Standing, once

Labels = dict[str, object]  # the values of a facet, each with its label in the active language
Pairs = tuple[tuple[str, str], ...]  # parameters of an address, as (name, value)

STATUSES: Labels = {str(status): label for status, label in STATUS_LABELS.items()}
DEADLINES: Labels = {str(timeliness): label for timeliness, label in TIMELINESS_LABELS.items()}
HEADLINE: Labels = {"yes": _("the pledges that matter most")}
# For each facet: its label, and the values that a pledge has. The name is the parameter and the field of `Filter`.
FACETS: dict[str, tuple[object, Callable[[Standing], Labels]]] = {
    "status": (_("Status"), lambda s: {s.status: STATUSES[s.status]}),
    "deadline": (_("Deadline"), lambda s: {s.timeliness.value: DEADLINES[s.timeliness]}),
    "topic": (_("Topic"), lambda s: {topic.slug: topic for topic in s.topics}),
    "institution": (_("Institution"), lambda s: {i.slug: i for i in s.institutions}),
    "mandate": (_("Mandate"), lambda s: {mandate.slug: mandate for mandate in s.mandates}),
    "headline": (_("Headline pledges"), lambda s: HEADLINE if s.pledge.headline else {}),
}
# Facets with fixed values: an address may ask for each of them, whether a pledge has it now or not.
FIXED_VALUES = {"status": STATUSES, "deadline": DEADLINES, "headline": HEADLINE}
SINCE = "since"  # not a value of a pledge but a period or a day, on or after which it has an update; one at a time
PERIODS = {"7": 7, "30": 30, "90": 90}  # days
LAST_EDITION = "edition"
SORTS = {
    "changed": _("Latest change"),
    "status": _("Status"),
    "deadline": _("Overdue first"),
    "title": _("Title"),
    "relevance": _("Best match"),
}
PARAMETERS = ("q", *FACETS, SINCE, "sort", "page")
MAX_QUERY = 200  # characters
MAX_UNKNOWN = 80  # characters of an unknown value that are shown


@dataclass(frozen=True)
class Since:
    """When a pledge has to have changed: `value` as in the address, and the first day that counts.

    The first day is None for `LAST_EDITION`: then a pledge counts if that edition published something of it.
    """

    value: str
    first_day: date | None

    @classmethod
    def parse(cls, value: str, day: date) -> "Since":
        """Read a value for a page of `day`. Raises ValueError unless it is a period or a date on or before `day`."""
        if value == LAST_EDITION:
            return cls(value, None)
        if value in PERIODS:
            return cls(value, days_before(day, PERIODS[value]))
        first_day = date.fromisoformat(value)
        if first_day.isoformat() != value or first_day > day:
            raise ValueError("not a date on or before the day of the page, written as YYYY-MM-DD")
        return cls(value, first_day)


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed by, how it is sorted and which page of it is shown.

    `unknown` are parameters with values that no pledge has; they narrow nothing. `as_of` are the parameters of the time
    that the page is of: every address made from this filter has them too.
    """

    q: str = ""
    status: tuple[str, ...] = ()
    deadline: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    institution: tuple[str, ...] = ()
    mandate: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()
    since: Since | None = None
    sort: str = ""  # empty for the default
    page: int = 1
    unknown: Pairs = ()
    as_of: Pairs = ()

    @property
    def pairs(self) -> Pairs:
        """The parameters of this filter in their canonical order; defaults are left out."""
        return (
            *((("q", self.q),) if self.q else ()),
            *((name, value) for name, values in self.selected.items() for value in sorted(values)),
            *((("sort", self.sort),) if self.sort not in ("", self.default_sort) else ()),
            *((("page", str(self.page)),) if self.page != 1 else ()),
            *self.as_of,
        )

    def to_query(self) -> str:
        """The canonical query string; "?" for a filter that asks for nothing."""
        return f"?{urlencode(self.pairs)}"

    @property
    def selected(self) -> dict[str, tuple[str, ...]]:
        """The selected values of each facet that has any."""
        selected = {name: getattr(self, name) for name in FACETS} | {SINCE: (self.since.value,) if self.since else ()}
        return {name: values for name, values in selected.items() if values}

    def with_value(self, name: str, value: str) -> "Filter":
        """The first page of this filter with one more value of a facet."""
        return self._replace(name, (*self.selected.get(name, ()), value))

    def without(self, name: str, value: str = "") -> "Filter":
        """The first page of this filter without a value of a facet, without all of them, or without its words ("q")."""
        if name == "q":
            return replace(self, q="", page=1)
        if name == SINCE:
            return replace(self, since=None, page=1)
        return self._replace(name, tuple(each for each in self.selected.get(name, ()) if value and each != value))

    def _replace(self, name: str, values: tuple[str, ...]) -> "Filter":
        changes: dict[str, Any] = {name: values}
        return replace(self, page=1, **changes)

    @property
    def saved(self) -> "Filter":
        """The search itself, as its feed and its alerts have it: of no page, no sort order and no time."""
        return replace(self, sort="", page=1, as_of=())

    @property
    def default_sort(self) -> str:
        """The sort order where none is selected: the best match of a search first, and the longest overdue first where
        deadlines are selected."""
        if self.q:
            return "relevance"
        return "deadline" if self.deadline else "changed"

    @property
    def sorted_by(self) -> str:
        """The sort order that applies."""
        return self.sort or self.default_sort

    @property
    def narrowed(self) -> bool:
        """Whether a facet narrows the list."""
        return bool(self.selected)

    @property
    def active(self) -> bool:
        """Whether anything narrows the list: words or a facet."""
        return bool(self.q) or self.narrowed


def day_of(standings: Iterable[Standing]) -> date:
    """The day of these standings, which is one and the same; the last of the calendar where there are none."""
    return next((standing.day for standing in standings), date.max)


def known_values(name: str, standings: Iterable[Standing]) -> Labels:
    """Every value of a facet that an address may ask for, with its label."""
    return FIXED_VALUES[name] if name in FIXED_VALUES else once(standings, _values_of_all, name)


def _values_of_all(standings: Iterable[Standing], name: str) -> Labels:
    _label, values_of = FACETS[name]
    known: Labels = {}
    for standing in standings:
        known |= values_of(standing)
    return known


def parse(
    data: QueryDict, standings: Collection[Standing], *, as_of: Pairs = (), mandates: Collection[str] = ()
) -> Filter:
    """Read an address. Unknown values are set aside and not an error here, so that an old link still leads somewhere.

    `mandates` are the slugs of mandates that may be asked for although no pledge has them yet. Invisible characters are
    out of `q` already (see `TypedTextMiddleware`).
    """
    selected: dict[str, Any] = {}
    unknown: list[tuple[str, str]] = []
    for name in FACETS:
        values = [value for value in data.getlist(name) if value]
        known = known_values(name, standings) if values else {}
        allowed = known.keys() | set(mandates) if name == "mandate" else known
        selected[name] = tuple(dict.fromkeys(value for value in values if value in allowed))
        unknown += [(name, value) for value in values if value not in allowed]
    # The form has radio buttons and then a field for a day: the field is empty unless the reader has just filled it in.
    since = None
    if periods := [value for value in data.getlist(SINCE) if value]:
        try:
            since = Since.parse(periods[-1], day_of(standings))
        except ValueError:
            unknown.append((SINCE, periods[-1]))
    sort = data.get("sort", "")
    if sort and sort not in SORTS:
        unknown.append(("sort", sort))
    unsorted = Filter(
        q=" ".join(data.get("q", "").split())[:MAX_QUERY],
        **selected,
        since=since,
        page=_page_number(data.get("page", "")),
        unknown=tuple((name, value[:MAX_UNKNOWN]) for name, value in unknown),
        as_of=as_of,
    )
    if sort not in SORTS or sort == unsorted.default_sort or (sort == "relevance" and not unsorted.q):
        return unsorted
    return replace(unsorted, sort=sort)


def refuse_unknown(filter: Filter) -> None:
    """Raise InvalidPeriod for a value that no pledge has: a download that ignores it would pass for what was asked."""
    for name, value in filter.unknown:
        raise unknown_value(name, value)


def unknown_value(name: str, value: str) -> InvalidPeriod:
    """The error of a parameter with a value that no pledge has."""
    sentence = gettext("No pledge has “%(value)s”: look for what there is in the list of pledges.")
    return InvalidPeriod(name, sentence % {"value": value[:MAX_UNKNOWN]})


def _page_number(value: str) -> int:
    try:
        return int(value)
    except ValueError:
        return 1
