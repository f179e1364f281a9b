"""Summaries of a list of pledges that several pages share: the headline, the blocks and the counts of the tally."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from pledges.domain.rules import Status, tally
from pledges.models import COUNTED_LABELS, Mandate
from pledges.queries.published import PublicTopic
from pledges.queries.search.facet_index import STATUS_ORDER
from pledges.queries.standings import Standing, once
from pledges.site.shared.headlines import headline

MOST_EXAMPLES, LONGEST_EXAMPLE = 3, 20  # topics, and characters of each: they stand in one line of a telephone


@dataclass(frozen=True)
class OfMandate:
    """The public pledges made in a mandate or carried into it. `person` made all of them and no others, or is "";
    `narrowed_to` is the mandate's slug, or "" if no other pledge is public: a link to the list needs no filter then."""

    mandate: Mandate
    standings: list[Standing]
    person: str
    narrowed_to: str

    @cached_property
    def headline(self) -> str:
        """How many of them are kept, in a sentence that says of whom they are."""
        mandate = f"{self.mandate.person} ({self.mandate.years})"
        return headline(tally(s.status for s in self.standings), self.person, mandate)

    @cached_property
    def blocks(self) -> list[Standing]:
        """The pledges in the order of their statuses."""
        return sorted(self.standings, key=lambda s: (STATUS_ORDER[s.status], s.pledge.slug))

    @cached_property
    def counts(self) -> list[tuple[str, object, int]]:
        """Their tally."""
        return counts(self.standings)

    @cached_property
    def some_carried(self) -> bool:
        """Whether some of them, but not all, were carried over from another mandate."""
        return len({standing.pledge.mandate == self.mandate for standing in self.standings}) > 1

    @cached_property
    def carried(self) -> str:
        """How many of them were carried over, and from which mandates, in a sentence; "" if none was."""
        origins = [s.pledge.mandate for s in self.standings if s.pledge.mandate != self.mandate]
        if not origins:
            return ""
        names = [str(row) for row in sorted(set(origins), key=lambda row: (row.starts_on, row.slug), reverse=True)]
        text = ngettext(
            "%(n)s of them was carried over from the mandate of %(mandates)s.",
            "%(n)s of them were carried over from the mandate of %(mandates)s.",
            len(origins),
        )
        if len(origins) == len(self.standings):
            text = ngettext(
                "It was carried over from the mandate of %(mandates)s.",
                "All of them were carried over from the mandate of %(mandates)s.",
                len(origins),
            )
        return text % {"n": len(origins), "mandates": listed(names)}


def of_mandates(standings: Iterable[Standing], rows: Iterable[Mandate]) -> list[OfMandate]:
    """For each mandate its pledges, out of all public ones, in one pass over these."""
    standings = list(standings)
    inside: dict[int, list[Standing]] = {}
    for standing in standings:
        for mandate in standing.mandates:
            inside.setdefault(mandate.pk, []).append(standing)
    made_by = Counter(standing.pledge.mandate.person for standing in standings)
    return [_of_mandate(row, inside.get(row.pk, []), made_by) for row in rows]


def of_mandate(standings: Iterable[Standing], row: Mandate) -> OfMandate:
    """The pledges of one mandate, out of all public ones."""
    return of_mandates(standings, [row])[0]


def _of_mandate(row: Mandate, inside: list[Standing], made_by: Counter[str]) -> OfMandate:
    own = all(standing.pledge.mandate.person == row.person for standing in inside)
    person = row.person if own and made_by[row.person] == len(inside) else ""
    return OfMandate(row, inside, person, "" if len(inside) == made_by.total() else row.slug)


def counts(standings: Iterable[Standing]) -> list[tuple[str, object, int]]:
    """The tally as (status, its label for that number, number)."""
    return [(status, COUNTED_LABELS[Status(status)] % n, n) for status, n in once(standings, _by_status).items()]


def _by_status(standings: Iterable[Standing]) -> dict[str, int]:
    return tally(standing.status for standing in standings)


def in_mandate(standings: Iterable[Standing], row: Mandate) -> list[Standing]:
    """The pledges made in a mandate or carried into it."""
    return [standing for standing in standings if row in standing.mandates]


def searched_for(standings: Iterable[Standing]) -> str:
    """Words that a search finds, for the example in a search box: the topics with most pledges; "" without any."""
    names = [topic.name for topic in once(standings, _topics_by_frequency)]
    own = [name for name in names if name.lang == get_language() and len(name) <= LONGEST_EXAMPLE]
    return ", ".join(name if name[1:2].isupper() else f"{name[:1].lower()}{name[1:]}" for name in own[:MOST_EXAMPLES])


def _topics_by_frequency(standings: Iterable[Standing]) -> list[PublicTopic]:
    topics = {topic.pk: topic for standing in standings for topic in standing.topics}
    counts = Counter(topic.pk for standing in standings for topic in standing.topics)
    return sorted(topics.values(), key=lambda topic: (-counts[topic.pk], topic.slug))


def listed(names: list[str]) -> str:
    """Names as a sentence lists them: "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(several)s and %(last)s") % {"several": ", ".join(names[:-1]), "last": names[-1]}
