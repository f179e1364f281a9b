"""The pledges that match a filter, in order, and the facets with how many pledges each of their choices would give."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from pledges.domain.dates import written
from pledges.domain.rules import Status, Timeliness
from pledges.domain.text import fold
from pledges.models import Mandate
from pledges.queries import offices
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
from pledges.queries.standings import Standing

STATUS_ORDER = {str(status): place for place, status in enumerate(Status)}
DEADLINE_ORDER = {str(timeliness): place for place, timeliness in enumerate(Timeliness)}
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


def apply(filter: Filter, standings: Iterable[Standing], ranks: Ranks | None) -> Results:
    """Select, sort and count. `ranks` has the pledges that have the words, or is None where there are no words.

    Selected choices are always listed, even with a count of 0: otherwise nobody could remove them.
    """
    standings = tuple(standings)
    selected, unmet = filter.selected, _unmet(filter, standings)
    # Each pledge that has the words, with the facets that exclude it: thousands, for every reader.
    candidates = [(s, unmet(s)) for s in standings if ranks is None or s.pledge.pk in ranks]
    facets = []
    for name in ORDER:
        # What a facet's own choices exclude is counted: selecting another one would bring it in.
        others_match = [standing for standing, names in candidates if names <= {name}]
        facet = _since_facet if name == SINCE else _value_facet
        facets.append(facet(name, selected.get(name, ()), standings, others_match))
    matching = [standing for standing, names in candidates if not names]
    return Results(
        matching=sorted(matching, key=_sort_key(filter.sorted_by, ranks or {})),
        facets=facets,
        selected=[Selected(filter, facet, choice) for facet in facets for choice in facet.selected],
        relaxations=[] if matching else _relaxations(filter, facets, standings, ranks),
    )


def matches_facets(filter: Filter, standing: Standing) -> bool:
    """Whether one pledge, public today or not, has what the facets select; the words are not compared."""
    return not _unmet(filter, (standing,))(standing)


def selected_labels(filter: Filter, standings: Iterable[Standing]) -> list[tuple[object, list[object]]]:
    """What narrows the list, in words, as (label of the facet, labels of its selected values); nothing is counted."""
    standings = tuple(standings)
    labels: list[tuple[object, list[object]]] = []
    for name in sorted(filter.selected, key=ORDER.index):
        if name == SINCE and filter.since:
            labels.append((SINCE_LABEL, [_since_label(filter.since, _mandate_days(standings))]))
        else:
            known = known_values(name, standings)
            choices = [Choice(value, known[value], 0, True) for value in filter.selected[name]]
            labels.append((FACETS[name][0], [choice.label for choice in sorted(choices, key=_choice_key(name))]))
    return labels


# --- which pledges match ----------------------------------------------------------------------------------------------


def _unmet(filter: Filter, standings: tuple[Standing, ...]) -> Callable[[Standing], set[str]]:
    """A function that gives the names of the facets that exclude a pledge."""
    changed = _changed_since(filter.since, standings)
    selected = {name: set(values) for name, values in filter.selected.items() if name != SINCE}

    def unmet(standing: Standing) -> set[str]:
        names = {name for name, values in selected.items() if values.isdisjoint(FACETS[name][1](standing))}
        return names if changed(standing) else {*names, SINCE}

    return unmet


def _changed_since(since: Since | None, standings: tuple[Standing, ...]) -> Callable[[Standing], bool]:
    """A function that says whether a pledge has an update since then, or a row that the last edition published.

    The last edition is the newest one that published something of a pledge, as of the page's own time.
    """
    if since is None:
        return lambda standing: True
    if since.first_day is None:
        last_edition = max((standing.last_edition for standing in standings), default=0)
        return lambda standing: standing.last_edition == last_edition
    first_day = since.first_day
    return lambda standing: (standing.changed_on or date.min) >= first_day


def _relaxations(
    filter: Filter, facets: list[Facet], standings: tuple[Standing, ...], ranks: Ranks | None
) -> list[Relaxation]:
    unmet = _unmet(filter, standings)
    counts: Counter[str] = Counter()
    for standing in standings:
        names = unmet(standing) | ({"q"} if ranks is not None and standing.pledge.pk not in ranks else set())
        if len(names) == 1:
            counts.update(names)
    by_name = {facet.name: facet for facet in facets}
    return [Relaxation(filter, by_name.get(name), count) for name, count in counts.most_common()]


def _sort_key(sort: str, ranks: Ranks) -> Callable[[Standing], tuple]:
    """The key of a sort order. Ties are in the order of the slugs, which cost less to compare than titles."""
    keys: dict[str, Callable[[Standing], tuple]] = {
        "changed": lambda s: (-(s.changed_on or date.min).toordinal(), s.pledge.slug),
        "status": lambda s: (STATUS_ORDER[s.status], -(s.changed_on or date.min).toordinal(), s.pledge.slug),
        "deadline": lambda s: (DEADLINE_ORDER[str(s.timeliness)], s.wording.deadline_end or date.max, s.pledge.slug),
        "title": lambda s: (fold(str(s.wording.title)), s.pledge.slug),
        # A search that only excludes ranks all alike.
        "relevance": lambda s: (
            -ranks.get(s.pledge.pk, 0),
            -(s.changed_on or date.min).toordinal(),
            s.pledge.slug,
        ),
    }
    return keys[sort]


# --- the facets -------------------------------------------------------------------------------------------------------


def _value_facet(
    name: str, selected: tuple[str, ...], standings: tuple[Standing, ...], others_match: list[Standing]
) -> Facet:
    """One facet, counted over the pledges that match all the other facets."""
    facet_label, values_of = FACETS[name]
    counts: Counter[str] = Counter()
    labels = dict(FIXED_VALUES.get(name, {}))
    for standing in others_match:  # thousands, for every reader
        for value, label in values_of(standing).items():
            counts[value] += 1
            if value not in labels:
                labels[value] = label
    if set(selected) - labels.keys():
        labels |= {value: label for value, label in known_values(name, standings).items() if value in selected}
    choices = [
        Choice(value, label, counts[value], value in selected)
        for value, label in labels.items()
        if counts[value] or value in selected
    ]
    # The most frequent choices are listed, and the selected ones in any case.
    listed = sorted(choices, key=lambda choice: (not choice.selected, -choice.count))[:MOST_CHOICES]
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
    name: str, selected: tuple[str, ...], standings: tuple[Standing, ...], others_match: list[Standing]
) -> Facet:
    """The periods, the last edition, of each office the first day and the election day of the newest mandate, and the
    day that is selected."""
    day = day_of(standings)
    mandate_days = _mandate_days(standings)  # once: there may be thousands of pledges
    newest = [found.day.isoformat() for found in mandate_days if found.newest]
    values = dict.fromkeys([*PERIODS, LAST_EDITION, *newest, *selected])
    changed_days = [standing.changed_on or date.min for standing in others_match]

    def count(since: Since) -> int:
        if since.first_day is None:
            return sum(map(_changed_since(since, standings), others_match))
        return sum(changed_on >= since.first_day for changed_on in changed_days)

    choices = [
        Choice(since.value, _since_label(since, mandate_days), count(since), (since.value,) == selected)
        for since in (Since.parse(value, day) for value in values)
    ]
    return Facet(name, SINCE_LABEL, choices, single=True)


@dataclass(frozen=True)
class _MandateDay:
    """A day on which a mandate began or was won, with the label of the changes since, and whether it is offered."""

    day: date
    label: str
    newest: bool


def _mandate_days(standings: tuple[Standing, ...]) -> list[_MandateDay]:
    """The first days and then the election days of these pledges' mandates, up to the day of the page. Labels name the
    person where there are several mandates, or elections to several offices."""
    until = day_of(standings)
    rows = {mandate for standing in standings for mandate in standing.mandates}
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
