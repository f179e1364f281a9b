"""The list of pledges as a reader narrows it down: what an address asks for, the facets' counts, the order.

A saved search is its address: the list, its feed and its alerts read the same parameters and call `parse` and `apply`.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from pledges.domain.dates import written
from pledges.domain.rules import Status, Timeliness, days_before
from pledges.domain.text import fold, visible
from pledges.models import STATUS_LABELS, TIMELINESS_LABELS
from pledges.queries.search.fulltext import root
from pledges.queries.search.spelling import WORD
from pledges.queries.standings import Standing

STATUS_ORDER = {str(status): place for place, status in enumerate(Status)}
DEADLINE_ORDER = {str(timeliness): place for place, timeliness in enumerate(Timeliness)}
SORTS = {
    "changed": _("Latest change"),
    "status": _("Status"),
    "deadline": _("Overdue first"),
    "title": _("Title"),
    "relevance": _("Best match"),
}


# For each facet: its words, and the values that a pledge has, as {value: label}.
FACETS: dict[str, tuple[object, Callable[[Standing], dict[str, object]]]] = {
    "status": (_("Status"), lambda s: {s.status: STATUS_LABELS[s.status]}),
    "deadline": (_("Deadline"), lambda s: {s.timeliness.value: TIMELINESS_LABELS[s.timeliness]}),
    "topic": (_("Topic"), lambda s: {topic.slug: topic for topic in s.topics}),
    "institution": (_("Institution"), lambda s: {i.slug: i for i in s.institutions}),
    "mandate": (_("Mandate"), lambda s: {mandate.slug: mandate for mandate in s.mandates}),
    "headline": (_("Headline pledges"), lambda s: HEADLINE if s.pledge.headline else {}),
}
HEADLINE = {"yes": _("the pledges that matter most")}
# The values of a facet that an address may ask for though no pledge has them now.
STATIC_CHOICES = {"status": STATUS_LABELS, "deadline": TIMELINESS_LABELS, "headline": HEADLINE}
SINCE = "since"  # the facet that is no value of a pledge: one period or day, on or after which it has an update
PERIODS = (7, 30, 90)  # days
LAST_EDITION = "edition"
ORDER = ("status", "deadline", SINCE, "topic", "institution", "mandate", "headline")  # in which facets are shown
PARAMETERS = ("q", *FACETS, SINCE, "sort", "page")
ALL_ARE = {"pledge", "pledges", "promesa", "promesas"}  # words that tell no pledge from another
MOST_CHOICES = 40  # of a facet; whoever looks for another one searches for its name


@dataclass(frozen=True)
class Choice:
    """One value of a facet, how many pledges it would give, and whether it is chosen."""

    value: str
    label: object
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A facet with its choices; `more` are left out because they are so many, and of a `single` one holds at a time."""

    name: str
    label: object
    choices: list[Choice]
    more: int = 0
    single: bool = False


@dataclass(frozen=True)
class Filter:
    """What an address asks for. `unknown` are values that no pledge has, each as (parameter, value); `keep` is what
    else the address says and every other one made from it has to say, too (the time that the page is of)."""

    q: str = ""
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    since: str = ""
    sort: str = ""  # empty for the usual one
    page: str = "1"
    unknown: tuple[tuple[str, str], ...] = ()
    keep: tuple[tuple[str, str], ...] = ()

    def query(self, **changes) -> str:
        """The canonical query string of this filter with some parts changed, such as `page="2"`; "?" for no filter."""
        new = replace(self, **changes)
        pairs = [("q", new.q)] if new.q else []
        pairs += [(name, value) for name in FACETS for value in sorted(new.chosen.get(name, ()))]
        pairs += [(SINCE, new.since)] if new.since else []
        pairs += [("sort", new.sort)] if new.sort not in ("", new.usual_sort) else []
        pairs += [("page", new.page)] if new.page != "1" else []
        pairs += new.keep
        return f"?{urlencode(pairs)}" if pairs else "?"

    def saved(self) -> str:
        """The query string of the search itself, which its feed and its alerts have: of no page, no order, no time."""
        return self.query(sort="", page="1", keep=())

    def without(self, name: str, value: str = "") -> "Filter":
        """The filter with one value of a facet taken away, or all of them, or the words ("q")."""
        if name in ("q", SINCE):
            return replace(self, **{name: ""}, page="1")
        left = tuple(each for each in self.chosen.get(name, ()) if value and each != value)
        return replace(self, chosen=self.chosen | {name: left}, page="1")

    @property
    def usual_sort(self) -> str:
        """The order that holds when none is chosen: what is searched for comes best match first, and where it is about
        deadlines what is longest overdue."""
        if self.q:
            return "relevance"
        return "deadline" if self.chosen.get("deadline") else "changed"

    @property
    def order(self) -> str:
        """The order that holds."""
        return self.sort or self.usual_sort

    @property
    def narrowing(self) -> list[str]:
        """The names of the facets that narrow the list down."""
        return [name for name in FACETS if self.chosen.get(name)] + ([SINCE] if self.since else [])

    @property
    def chosen_any(self) -> bool:
        """Whether a facet narrows the list down."""
        return bool(self.narrowing)

    @property
    def active(self) -> bool:
        """Whether anything narrows the list down."""
        return bool(self.q or self.chosen_any)


# --- changed since ----------------------------------------------------------------------------------------------------


def _day_of(standings: Iterable[Standing]) -> date:
    """The day that they are of; today, or the day that the page is asked for."""
    return next((standing.day for standing in standings), date.max)


def _first_day(since: str, day: date) -> date | None:
    """The day from which a change counts; None for the last edition. Raises ValueError for what is no day until then"""
    if since == LAST_EDITION:
        return None
    if since in map(str, PERIODS):
        return days_before(day, int(since))
    first = date.fromisoformat(since)
    if first.isoformat() != since or first > day:
        raise ValueError("no day of the past in the one form that an address has")
    return first


def _changed_since(since: str, standings: tuple[Standing, ...]) -> Callable[[Standing], bool]:
    """Whether a pledge has an update of that period; of the last edition, whether that published something of it.

    The last edition is the newest one that is about pledges at all, as of the page's own time.
    """
    first = _first_day(since, _day_of(standings)) if since else date.min
    if first is None:
        newest = max((standing.last_edition for standing in standings), default=0)
        return lambda standing: standing.last_edition == newest
    return lambda standing: not since or (standing.changed_on or date.min) >= first


def _turning_points(standings: tuple[Standing, ...]) -> tuple[set[date], set[date]]:
    """The days on which mandates of these pledges began, and those on which they were won: by the day of the page."""
    day = _day_of(standings)
    mandates = {mandate for standing in standings for mandate in standing.mandates}
    won = {mandate.elected_by(day) for mandate in mandates} - {None}
    return {mandate.starts_on for mandate in mandates if mandate.starts_on <= day}, won


def _since_label(since: str, began: set[date], elections: set[date]) -> object:
    if since == LAST_EDITION:
        return gettext("by the last edition")
    if since in map(str, PERIODS):
        return ngettext("in the last day", "in the last %(n)s days", int(since)) % {"n": since}
    first = date.fromisoformat(since)
    if first in elections:
        return gettext("since the election of %(day)s") % {"day": written(first, short=True)}
    day = written(first, short=True, in_sentence=True)
    if first in began:
        return gettext("since the mandate began on %(day)s") % {"day": day}
    return gettext("since %(day)s") % {"day": day}


def _since_choices(chosen: str, standings: tuple[Standing, ...], others: list[Standing]) -> list[Choice]:
    """The periods, the start of the mandate of that day and the election before it, and the day that is chosen; each
    with how many of the pledges that fit all `others` it would give."""
    day = _day_of(standings)
    turning_points = _turning_points(standings)  # once: there may be thousands
    turns = [max(days).isoformat() for days in turning_points if days]
    values = list(dict.fromkeys([*map(str, PERIODS), LAST_EDITION, *turns, *([chosen] if chosen else [])]))
    days = [standing.changed_on or date.min for standing in others]

    def count(value: str) -> int:
        first = _first_day(value, day)
        return sum(each >= first for each in days) if first else sum(map(_changed_since(value, standings), others))

    return [Choice(value, _since_label(value, *turning_points), count(value), value == chosen) for value in values]


# --- reading an address, and the list that it asks for ----------------------------------------------------------------


def _values(name: str, standings: Iterable[Standing]) -> dict[str, object]:
    """Every value of a facet that an address may ask for, with its words."""
    found = {str(value): words for value, words in STATIC_CHOICES.get(name, {}).items()}
    if name not in STATIC_CHOICES:
        for standing in standings:
            found |= FACETS[name][1](standing)
    return found


def parse(data: QueryDict, standings: Iterable[Standing], *, keep: tuple[tuple[str, str], ...] = ()) -> Filter:
    """Read an address. Values that no pledge has are set aside in `unknown`: an old link still leads somewhere."""
    standings = tuple(standings)
    asked = {name: [value for value in data.getlist(name) if value] for name in (*FACETS, SINCE)}
    known = {name: _values(name, standings) for name in FACETS if asked[name]}
    chosen = {name: tuple(dict.fromkeys(v for v in asked[name] if v in known[name])) for name in known}
    unknown = [(name, value) for name in known for value in asked[name] if value not in known[name]]
    q = " ".join(visible(data.get("q", "")).split())[:200]
    # The form's field for a day stands after its periods and is empty unless somebody has just filled it in.
    since = asked[SINCE][-1] if asked[SINCE] else ""
    try:
        _first_day(since or LAST_EDITION, _day_of(standings))
    except ValueError:
        unknown.append((SINCE, since))
        since = ""
    sort = data.get("sort", "")
    if sort and sort not in SORTS:
        unknown.append(("sort", sort))
    usual = Filter(q, chosen).usual_sort
    if sort not in SORTS or sort == usual or (sort == "relevance" and not q):
        sort = ""
    cut = tuple((name, value[:80]) for name, value in unknown)
    return Filter(q, chosen, since, sort, data.get("page") or "1", cut, keep)


def _missing(filter: Filter, standings: tuple[Standing, ...]) -> Callable[[Standing], set[str]]:
    """Which of the facets that narrow the list down leave a pledge out."""
    changed = _changed_since(filter.since, standings)
    picked = {name: set(values) for name, values in filter.chosen.items() if values}

    def missing(standing: Standing) -> set[str]:
        found = {name for name, values in picked.items() if values.isdisjoint(FACETS[name][1](standing))}
        return found if changed(standing) else {*found, SINCE}

    return missing


def apply(
    filter: Filter, standings: Iterable[Standing], ranks: dict[int, float] | None
) -> tuple[list[Standing], list[Facet]]:
    """The pledges that fit, in order, and the facets.

    `ranks` are the pledges that the search found ({id: rank}), or None when nothing was searched. A choice's count is
    what the list would hold with it, given the other facets. What is chosen is always among them, be its count 0:
    else nobody could take it away again.
    """
    standings = tuple(standings)
    found = [s for s in standings if ranks is None or s.pledge.pk in ranks]
    missing = _missing(filter, standings)
    left_out = [(standing, missing(standing)) for standing in found]
    facets = []
    for name in FACETS:
        fits = [standing for standing, names in left_out if names <= {name}]
        facets.append(_facet(name, filter.chosen.get(name, ()), standings, fits))
    others = [standing for standing, names in left_out if names <= {SINCE}]
    facets.insert(
        ORDER.index(SINCE), Facet(SINCE, _("Changed"), _since_choices(filter.since, standings, others), single=True)
    )
    shown = [standing for standing, names in left_out if not names]
    return sorted(shown, key=_order(filter.order, ranks or {})), facets


def chosen_labels(filter: Filter, standings: Iterable[Standing]) -> list[tuple[object, list[object]]]:
    """What narrows the list down, in words, as (facet, its chosen values): what `apply` has as chosen, uncounted."""
    standings = tuple(standings)
    found = []
    for name in ORDER:
        if name == SINCE:
            since = [_since_label(filter.since, *_turning_points(standings))] if filter.since else []
            found.append((_("Changed"), since))
        else:
            known = _values(name, standings) if filter.chosen.get(name) else {}
            choices = [Choice(value, known[value], 0, True) for value in filter.chosen.get(name, ())]
            found.append((FACETS[name][0], [choice.label for choice in sorted(choices, key=_choice_order(name))]))
    return [(facet, labels) for facet, labels in found if labels]


def _facet(name: str, picked: tuple[str, ...], standings: tuple[Standing, ...], fits: list[Standing]) -> Facet:
    """One facet, counted over the pledges that fit all the others."""
    label, values = FACETS[name]
    counts: Counter[str] = Counter()
    labels: dict[str, object] = {str(value): words for value, words in STATIC_CHOICES.get(name, {}).items()}
    for standing in fits:  # thousands, for every reader
        for value, words in values(standing).items():
            counts[value] += 1
            if value not in labels:
                labels[value] = words
    if set(picked) - labels.keys():
        labels |= {value: words for value, words in _values(name, standings).items() if value in picked}
    choices = [
        Choice(value, words, counts[value], value in picked)
        for value, words in labels.items()
        if counts[value] or value in picked
    ]
    # The most frequent ones are listed, and what is chosen in any case.
    listed = sorted(choices, key=lambda choice: (not choice.chosen, -choice.count))[:MOST_CHOICES]
    return Facet(name, label, sorted(listed, key=_choice_order(name)), more=len(choices) - len(listed))


def fits(filter: Filter, standing: Standing) -> bool:
    """Whether one pledge, on the list or not, has what the facets ask for; the words are not looked at."""
    return not _missing(filter, (standing,))(standing)


def relaxations(filter: Filter, standings: Iterable[Standing], ranks: dict[int, float] | None) -> list[tuple[str, int]]:
    """Where nothing fits: what could be taken away so that something does, as (facet or "q", how many that gives)."""
    standings = tuple(standings)
    missing = _missing(filter, standings)
    counts: Counter[str] = Counter()
    for standing in standings:
        names = missing(standing) | ({"q"} if ranks is not None and standing.pledge.pk not in ranks else set())
        if len(names) == 1:
            counts.update(names)
    return counts.most_common()


def facets_named_in_query(filter: Filter, standings: Iterable[Standing]) -> list[tuple[object, object, Filter]]:
    """What the words of a search name that is a choice: "overdue security pledges" names a deadline.

    As (facet, choice, the filter with it chosen and its words taken out); each choice by its label in this language.
    """
    language = (get_language() or "")[:2]

    def roots(words: list[str]) -> list[str]:
        return [root(word, language) for word in words]

    found = []
    typed = WORD.findall(fold(filter.q))
    for name in ("status", "deadline", "topic") if typed else ():
        for value, label in _values(name, standings).items():
            words = roots(WORD.findall(fold(str(label))))
            at = next((i for i in range(len(typed)) if roots(typed[i : i + len(words)]) == words), None)
            if at is not None and value not in filter.chosen.get(name, ()):
                left = [word for word in [*typed[:at], *typed[at + len(words) :]] if word not in ALL_ARE]
                chosen = filter.chosen | {name: (*filter.chosen.get(name, ()), value)}
                found.append((FACETS[name][0], label, replace(filter, q=" ".join(left), chosen=chosen, page="1")))
    return found


def _choice_order(name: str) -> Callable[[Choice], tuple]:
    if name == "status":
        return lambda choice: (STATUS_ORDER[choice.value],)
    if name == "deadline":
        return lambda choice: (DEADLINE_ORDER[choice.value],)
    if name == "mandate":
        return lambda choice: (choice.label.starts_on,)
    return lambda choice: (-choice.count, fold(str(choice.label)))


def _order(sort: str, ranks: dict[int, float]) -> Callable[[Standing], tuple]:
    """The key of an order. What is equal is in the order of the addresses, which costs less to tell than a title."""
    latest = date.min

    keys: dict[str, Callable[[Standing], tuple]] = {
        "changed": lambda s: (-(s.changed_on or latest).toordinal(), s.pledge.slug),
        "status": lambda s: (STATUS_ORDER[s.status], -(s.changed_on or latest).toordinal(), s.pledge.slug),
        "deadline": lambda s: (DEADLINE_ORDER[str(s.timeliness)], s.wording.deadline_end or date.max, s.pledge.slug),
        "title": lambda s: (fold(str(s.wording.title)), s.pledge.slug),
        "relevance": lambda s: (-ranks.get(s.pledge.pk, 0), s.pledge.slug),
    }
    return keys[sort]
