"""Summaries of a list of pledges that several pages share: the headline, the blocks and the counts of the tally."""

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import get_language

from pledges.domain.rules import Status, tally
from pledges.models import COUNTED_LABELS, Mandate
from pledges.queries.search.facets import STATUS_ORDER
from pledges.queries.standings import Standing
from pledges.site.shared.headlines import headline

MOST_EXAMPLES, LONGEST_EXAMPLE = 3, 20  # topics, and characters of each: they stand in one line of a telephone


def title(standings: Iterable[Standing]) -> str:
    """The headline for the tally; it names the person if one person made all pledges."""
    standings = list(standings)
    people = {standing.pledge.mandate.person for standing in standings}
    return headline(tally(s.status for s in standings), people.pop() if len(people) == 1 else "")


def blocks(standings: Iterable[Standing]) -> list[Standing]:
    """The pledges in the order of their statuses."""
    return sorted(standings, key=lambda s: (STATUS_ORDER[s.status], s.pledge.slug))


def counts(standings: Iterable[Standing]) -> list[tuple[str, object, int]]:
    """The tally as (status, its label for that number, number)."""
    return [(status, COUNTED_LABELS[Status(status)] % n, n) for status, n in tally(s.status for s in standings).items()]


def in_mandate(standings: Iterable[Standing], row: Mandate) -> list[Standing]:
    """The pledges made in a mandate or carried into it."""
    return [standing for standing in standings if row in standing.mandates]


def searched_for(standings: Iterable[Standing]) -> str:
    """Words that a search finds, for the example in a search box: the topics with most pledges; "" without any."""
    topics = Counter(topic for standing in standings for topic in standing.topics)
    names = [topic.name for topic, _count in sorted(topics.items(), key=lambda pair: (-pair[1], pair[0].slug))]
    own = [name for name in names if name.lang == get_language() and len(name) <= LONGEST_EXAMPLE]
    return ", ".join(name if name[1:2].isupper() else f"{name[:1].lower()}{name[1:]}" for name in own[:MOST_EXAMPLES])
