"""What several pages say of a list of pledges: a headline, the blocks, the counts."""

from collections.abc import Iterable

from pledges.domain.rules import Status, tally
from pledges.models import COUNTED_LABELS, Mandate
from pledges.queries.search.facets import STATUS_ORDER
from pledges.queries.standings import Standing
from pledges.site.shared.headlines import headline


def title(found: Iterable[Standing]) -> str:
    """The headline made from the tally; it names the person whose pledges they are, where it is one person's."""
    found = list(found)
    people = {standing.pledge.mandate.person for standing in found}
    return headline(tally(s.status for s in found), people.pop() if len(people) == 1 else "")


def blocks(found: Iterable[Standing]) -> list[Standing]:
    """The pledges in the order of their statuses."""
    return sorted(found, key=lambda s: (STATUS_ORDER[s.status], s.pledge.slug))


def counts(found: Iterable[Standing]) -> list[tuple[str, object, int]]:
    """The tally as (status, its words for that many, how many)."""
    return [(status, COUNTED_LABELS[Status(status)] % n, n) for status, n in tally(s.status for s in found).items()]


def in_mandate(found: Iterable[Standing], row: Mandate) -> list[Standing]:
    """The pledges made in a mandate or carried into it."""
    return [standing for standing in found if row in standing.mandates]
