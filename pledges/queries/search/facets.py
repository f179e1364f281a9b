"""The pledges that match a filter, in order, and the facets with how many pledges each of their choices would give."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from pledges.domain.dates import written
from pledges.domain.text import fold
from pledges.models import Mandate
from pledges.queries import offices
from pledges.queries.search import facet_index
from pledges.queries.search.facet_index import DEADLINE_ORDER, STATUS_ORDER, FacetIndex, order_of, place_of_first
from pledges.queries.search.filters import (
    FACETS,
    FIXED_VALUES,
    LAST_EDITION,
    PERIODS,
    SINCE,
    Filter,
    Since,
    day_of,
    known_values,
)
from pledges.queries.standings import Standing, once

SINCE_LABEL = _("Changed")
ORDER = ("status", "deadline", SINCE, "topic", "institution", "mandate", "headline")  # in which facets are shown
MOST_CHOICES = 40  # of a facet; readers find the others by searching for their names

Ranks = Mapping[int, float]  # of a full-text search: {pledge id: rank}, higher is better


@dataclass(frozen=True)
class Choice:
    """One value of a facet, how many pledges match with it given the other facets, and whether it is selected."""

    value: str
    label: object
    count: int
    selected: bool


@dataclass(frozen=True)
class Facet:
    """A facet with its choices. `more` is how many were left out; a `single` facet has one selected choice at most."""

    name: str
    label: object
    choices: list[Choice]
    more: int = 0
    single: bool = False

    @property
    def selected(self) -> list[Choice]:
        """Its selected choices."""
        return [choice for choice in self.choices if choice.selected]


@dataclass(frozen=True)
class Selected:
    """A selected choice of a facet."""

    filter: Filter
    facet: Facet
    choice: Choice

    @property
    def without(self) -> Filter:
        """The filter without it."""
        return self.filter.without(self.facet.name, self.choice.value)


@dataclass(frozen=True)
class Relaxation:
    """What could be removed from a filter that no pledge matches, and how many pledges match then.

    That is a facet with all its selected choices, or the words: then `facet` is None.
    """

    filter: Filter
    facet: Facet | None
    count: int

    @property
    def without(self) -> Filter:
        """The filter without it."""
        return self.filter.without(self.facet.name if self.facet else "q")


@dataclass(frozen=True)
class Results:
    """The pledges that match a filter, in its order; the facets; and where no pledge matches, what could be removed."""

    matching: list[Standing]
    facets: list[Facet]
    selected: list[Selected]
    relaxations: list[Relaxation]


def quoted(filter: Filter) -> list[str]:
    """The words of a filter in quotation marks, if it has any."""
    return [f"“{filter.q}”"] if filter.q else []


def in_words(filter: Filter, results: Results) -> list[str]:
    """What a filter asks for: its words in quotation marks, and the label of each selected choice."""
    return [*quoted(filter), *(str(selected.choice.label) for selected in results.selected)]


def apply(filter: Filter, standings: Sequence[Standing], ranks: Ranks | None) -> Results:
    """Select, sort and count. `ranks` has the pledges that have the words, or is None where there are no words.

    Selected choices are always listed, even with a count of 0: otherwise nobody could remove them.
    """
    index = facet_index.index(standings)
    masks = _masks(filter, index)
    words = index.everything if ranks is None else index.with_keys(ranks)
    # What a facet's own choices exclude is counted: selecting another one would bring it in.
    facets = [_facet(name, filter, standings, index, words & _all(index, masks, but=name)) for name in ORDER]
    matching = words & _all(index, masks)
    return Results(
        matching=_sorted(standings, matching, filter.sorted_by, ranks or {}),
        facets=facets,
        selected=[Selected(filter, facet, choice) for facet in facets for choice in facet.selected],
        relaxations=[] if matching else _relaxations(filter, facets, index, masks, words),
    )


def matches_facets(filter: Filter, standing: Standing) -> bool:
    """Whether one pledge, public today or not, has what the facets select; the words are not compared."""
    # Without an index, which for one pledge costs fifteen times as much: every alert asks this of every change.
    has_all = all(
        not set(values).isdisjoint(FACETS[name][1](standing))
        for name, values in filter.selected.items()
        if name != SINCE
    )
    first_day = filter.since.first_day if filter.since else None
    return has_all and (first_day is None or (standing.changed_on or date.min) >= first_day)


def selected_labels(filter: Filter, standings: Collection[Standing]) -> list[tuple[object, list[object]]]:
    """What narrows the list, in words, as (label of the facet, labels of its selected values); nothing is counted."""
    labels: list[tuple[object, list[object]]] = []
    for name in sorted(filter.selected, key=ORDER.index):
        if name == SINCE and filter.since:
            labels.append((SINCE_LABEL, [_since_label(filter.since, once(standings, _mandate_days, get_language()))]))
        else:
            known = known_values(name, standings)
            choices = [Choice(value, known[value], 0, True) for value in filter.selected[name]]
            labels.append((FACETS[name][0], [choice.label for choice in sorted(choices, key=_choice_key(name))]))
    return labels


# --- which pledges match ----------------------------------------------------------------------------------------------


def _masks(filter: Filter, index: FacetIndex) -> dict[str, int]:
    """For each facet with a selected choice the pledges that have it."""
    masks = {name: index.with_any(name, values) for name, values in filter.selected.items() if name != SINCE}
    return masks | ({SINCE: index.changed_since(filter.since)} if filter.since else {})


def _all(index: FacetIndex, masks: Mapping[str, int], but: str = "") -> int:
    """The pledges that all facets select, `but` for one of them."""
    pledges = index.everything
    for name, mask in masks.items():
        if name != but:
            pledges &= mask
    return pledges


def _relaxations(
    filter: Filter, facets: list[Facet], index: FacetIndex, masks: Mapping[str, int], words: int
) -> list[Relaxation]:
    """What alone excludes some pledges, by how many; of equal ones that of the first pledge."""
    masks = {**masks, "q": words}
    alone = {name: _all(index, masks, but=name) for name in masks}
    names = sorted(
        (name for name, pledges in alone.items() if pledges),
        key=lambda name: (-alone[name].bit_count(), place_of_first(alone[name])),
    )
    by_name = {facet.name: facet for facet in facets}
    return [Relaxation(filter, by_name.get(name), alone[name].bit_count()) for name in names]


def _sorted(standings: Sequence[Standing], matching: int, sort: str, ranks: Ranks) -> list[Standing]:
    """The matching pledges in a sort order. Those of one rank are by their change."""
    by_rank = sort == "relevance"
    order = once(standings, order_of, "changed" if by_rank else sort, get_language() if sort == "title" else None)
    pledges = facet_index.in_order(matching, standings, order)
    return sorted(pledges, key=lambda standing: -ranks.get(standing.pledge.pk, 0)) if by_rank else pledges


# --- the facets -------------------------------------------------------------------------------------------------------


def _facet(name: str, filter: Filter, standings: Sequence[Standing], index: FacetIndex, others_match: int) -> Facet:
    """One facet, counted over the pledges that match all the other facets."""
    selected = filter.selected.get(name, ())
    if name == SINCE:
        return _since_facet(selected, standings, index, others_match)
    counts = {
        value: count for value, mask in index.values[name].items() if (count := (mask & others_match).bit_count())
    }

    def first_seen(value: str) -> tuple[int, int]:
        place = place_of_first(index.values[name][value] & others_match)
        return place, list(FACETS[name][1](standings[place])).index(value)

    labels = FIXED_VALUES.get(name) or index.labels[name]
    values = list(labels) if name in FIXED_VALUES else sorted(counts, key=first_seen)
    values += [value for value in labels if value in selected and value not in values]
    choices = [
        Choice(value, labels[value], counts.get(value, 0), value in selected)
        for value in values
        if value in counts or value in selected
    ]
    # The most frequent choices are listed, and the selected ones in any case.
    listed = sorted(choices, key=lambda choice: (not choice.selected, -choice.count))[:MOST_CHOICES]
    facet_label, _values_of = FACETS[name]
    return Facet(name, facet_label, sorted(listed, key=_choice_key(name)), more=len(choices) - len(listed))


def _choice_key(name: str) -> Callable[[Choice], tuple]:
    """The key of the order in which a facet's choices are shown."""
    if name == "status":
        return lambda choice: (STATUS_ORDER[choice.value],)
    if name == "deadline":
        return lambda choice: (DEADLINE_ORDER[choice.value],)
    if name == "mandate":
        return lambda choice: (cast(Mandate, choice.label).starts_on,)
    return lambda choice: (-choice.count, fold(str(choice.label)))


def _since_facet(
    selected: tuple[str, ...], standings: Sequence[Standing], index: FacetIndex, others_match: int
) -> Facet:
    """The periods, the last edition, of each office the first day and the election day of the newest mandate, and the
    day that is selected."""
    day = day_of(standings)
    mandate_days = once(standings, _mandate_days, get_language())
    newest = [found.day.isoformat() for found in mandate_days if found.newest]
    values = dict.fromkeys([*PERIODS, LAST_EDITION, *newest, *selected])
    choices = [
        Choice(
            since.value,
            _since_label(since, mandate_days),
            (index.changed_since(since) & others_match).bit_count(),
            (since.value,) == selected,
        )
        for since in (Since.parse(value, day) for value in values)
    ]
    return Facet(SINCE, SINCE_LABEL, choices, single=True)


@dataclass(frozen=True)
class _MandateDay:
    """A day on which a mandate began or was won, with the label of the changes since, and whether it is offered."""

    day: date
    label: str
    newest: bool


def _mandate_days(standings: Iterable[Standing], _language: str | None) -> list[_MandateDay]:
    """The first days and then the election days of these pledges' mandates, up to the day of the page. Labels, in the
    active language, name the person where there are several mandates, or elections to several offices."""
    until = day_of(standings)
    rows = offices.mandates_of(standings)
    of_offices = offices.by_office(sorted(rows, key=lambda row: (row.starts_on, row.slug), reverse=True))
    found = []
    for place, mandates in enumerate(of_offices):
        offered = place < offices.MOST_OFFERED
        begun = [row for row in mandates if row.starts_on <= until]
        for row in begun:
            values = {"person": row.person, "day": written(row.starts_on, short=True, in_sentence=True)}
            text = gettext("since the mandate began on %(day)s")
            if len(rows) > 1:
                text = gettext("since the mandate of %(person)s began on %(day)s")
            found.append(_MandateDay(row.starts_on, text % values, offered and row is begun[0]))
    for place, mandates in enumerate(of_offices):
        won = {day: row for row in mandates if (day := row.elected_by(until))}
        for day, row in won.items():
            label = gettext("since the election of %(day)s") % {"day": written(day, short=True)}
            if len(of_offices) > 1:
                label = f"{label} ({row.person})"
            found.append(_MandateDay(day, label, place < offices.MOST_OFFERED and day == max(won)))
    return found


def _since_label(since: Since, mandate_days: Iterable[_MandateDay]) -> str:
    if since.first_day is None:
        return gettext("by the last edition")
    if since.value in PERIODS:
        days = PERIODS[since.value]
        return ngettext("in the last day", "in the last %(n)s days", days) % {"n": since.value}
    labels = {found.day: found.label for found in mandate_days}  # of a first day and an election on it: the election
    day = written(since.first_day, short=True, in_sentence=True)
    return labels.get(since.first_day) or gettext("since %(day)s") % {"day": day}
