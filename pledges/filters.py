"""The list of pledges as a reader narrows it down: what an address asks for, the facets' counts, the order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from pledges.models import STATUS_LABELS, TIMELINESS_LABELS
from pledges.monitor.language import fold
from pledges.rules import Status, Timeliness
from pledges.standings import Standing

STATUS_ORDER = {str(status): place for place, status in enumerate(Status)}
SORTS = {
    "changed": _("Latest change"),
    "status": _("Status"),
    "deadline": _("Deadline"),
    "title": _("Title"),
    "relevance": _("Best match"),
}


# For each facet: its words, and the values that a pledge has, as {value: label}.
FACETS: dict[str, tuple[object, Callable[[Standing], dict[str, object]]]] = {
    "status": (_("Status"), lambda s: {s.status: STATUS_LABELS[Status(s.status)]}),
    "deadline": (_("Deadline"), lambda s: {str(s.timeliness): TIMELINESS_LABELS[Timeliness(s.timeliness)]}),
    "topic": (_("Topic"), lambda s: {topic.slug: topic for topic in s.topics}),
    "mandate": (_("Mandate"), lambda s: {mandate.slug: mandate for mandate in s.mandates}),
    "institution": (_("Institution"), lambda s: {i.slug: i for i in s.institutions}),
}
PARAMETERS = ("q", *FACETS, "sort", "page")


@dataclass(frozen=True)
class Choice:
    """One value of a facet, how many pledges it would give, and whether it is chosen."""

    value: str
    label: object
    count: int
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """What an address asks for. `unknown` are values that no pledge has, each as (parameter, value); `keep` is what
    else the address says and every other one made from it has to say, too (the time that the page is of)."""

    q: str = ""
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "changed"
    page: str = "1"
    unknown: tuple[tuple[str, str], ...] = ()
    keep: tuple[tuple[str, str], ...] = ()

    def query(self, **changes) -> str:
        """The canonical query string of this filter with some parts changed, such as `page="2"`; "" for no filter."""
        new = replace(self, **changes)
        pairs = [("q", new.q)] if new.q else []
        pairs += [(name, value) for name in FACETS for value in sorted(new.chosen.get(name, ()))]
        pairs += [("sort", new.sort)] if new.sort != new.usual_sort else []
        pairs += [("page", new.page)] if new.page != "1" else []
        pairs += new.keep
        return f"?{urlencode(pairs)}" if pairs else "?"

    @property
    def usual_sort(self) -> str:
        """The order that holds when none is chosen: what is searched for comes best match first."""
        return "relevance" if self.q else "changed"

    @property
    def chosen_any(self) -> bool:
        """Whether a facet narrows the list down."""
        return any(self.chosen.values())

    @property
    def active(self) -> bool:
        """Whether anything narrows the list down."""
        return bool(self.q or self.chosen_any)


def _values(name: str, standings: Iterable[Standing]) -> dict[str, object]:
    """Every value of a facet that an address may ask for, with its words."""
    fixed = {"status": STATUS_LABELS, "deadline": TIMELINESS_LABELS}.get(name, {})
    found = {str(value): words for value, words in fixed.items()}
    for standing in standings:
        found |= FACETS[name][1](standing)
    return found


def parse(data: QueryDict, standings: Iterable[Standing], *, keep: tuple[tuple[str, str], ...] = ()) -> Filter:
    """Read an address. Values that no pledge has are set aside in `unknown`: an old link still leads somewhere."""
    standings = tuple(standings)
    known = {name: _values(name, standings) for name in FACETS}
    q = " ".join(data.get("q", "").replace("\x00", "").split())[:200]
    chosen = {name: tuple(dict.fromkeys(v for v in data.getlist(name) if v in known[name])) for name in FACETS}
    unknown = [(name, v[:80]) for name in FACETS for v in data.getlist(name) if v and v not in known[name]]
    usual = Filter(q).usual_sort
    sort = data.get("sort") or usual
    if sort not in SORTS:
        unknown.append(("sort", sort[:80]))
    if sort not in SORTS or (sort == "relevance" and not q):
        sort = usual
    return Filter(q, chosen, sort, data.get("page") or "1", tuple(unknown), keep)


def _matches(standing: Standing, chosen: dict[str, tuple[str, ...]], *, but: str = "") -> bool:
    """Whether a pledge has one of the chosen values in every facet (but one)."""
    return all(
        name == but or not values or not set(values).isdisjoint(FACETS[name][1](standing))
        for name, values in chosen.items()
    )


def apply(
    filter: Filter, standings: Iterable[Standing], ranks: dict[int, float] | None
) -> tuple[list[Standing], list[tuple[str, object, list[Choice]]]]:
    """The pledges that fit, in order, and the facets as (name, label, choices).

    `ranks` are the pledges that the search found ({id: rank}), or None when nothing was searched. A choice's count is
    what the list would hold with it, given the other facets. What is chosen is always among them, be its count 0:
    else nobody could take it away again.
    """
    standings = tuple(standings)
    found = [s for s in standings if ranks is None or s.pledge.pk in ranks]
    facets = []
    for name, (label, values) in FACETS.items():
        counts: dict[str, int] = {}
        labels: dict[str, object] = {}
        for standing in found:
            fits = _matches(standing, filter.chosen, but=name)
            for value, words in values(standing).items():
                labels[value] = words
                counts[value] = counts.get(value, 0) + fits
        picked = filter.chosen.get(name, ())
        if missing := set(picked) - set(counts):
            labels |= {value: words for value, words in _values(name, standings).items() if value in missing}
            counts |= dict.fromkeys(missing, 0)
        choices = [Choice(value, labels[value], counts[value], value in picked) for value in labels]
        facets.append((name, label, sorted(choices, key=_choice_order(name))))
    return sorted((s for s in found if _matches(s, filter.chosen)), key=_order(filter.sort, ranks or {})), facets


def _choice_order(name: str) -> Callable[[Choice], tuple]:
    if name == "status":
        return lambda choice: (STATUS_ORDER[choice.value],)
    if name == "deadline":
        order = [str(value) for value in Timeliness]
        return lambda choice: (order.index(choice.value),)
    if name == "mandate":
        return lambda choice: (choice.label.starts_on,)
    return lambda choice: (-choice.count, fold(str(choice.label)))


def _order(sort: str, ranks: dict[int, float]) -> Callable[[Standing], tuple]:
    latest = date.min

    def title(standing: Standing) -> str:
        return fold(str(standing.wording.title))

    keys: dict[str, Callable[[Standing], tuple]] = {
        "changed": lambda s: (-(s.changed_on or latest).toordinal(), title(s)),
        "status": lambda s: (STATUS_ORDER[s.status], -(s.changed_on or latest).toordinal(), title(s)),
        "deadline": lambda s: (s.wording.deadline_end or date.max, title(s)),
        "title": lambda s: (title(s),),
        "relevance": lambda s: (-ranks.get(s.pledge.pk, 0), title(s)),
    }
    return keys[sort]
