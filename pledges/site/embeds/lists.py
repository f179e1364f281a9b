"""What an embed of a list of pledges shows: its rows, and its search in words."""

from collections.abc import Iterable

from pledges.queries.search import facets, filters, fulltext
from pledges.queries.search.filters import Filter
from pledges.queries.standings import Standing

PARAMETERS = tuple(name for name in filters.PARAMETERS if name != "page")
MOST_ROWS = 8


def matching(filter: Filter, standings: Iterable[Standing]) -> list[Standing]:
    """The pledges that the list has for this filter, in its order."""
    ranks = fulltext.search(filter.q).ranks if filter.q else None
    return facets.apply(filter, standings, ranks).matching


def heading(filter: Filter, standings: Iterable[Standing]) -> str:
    """The search in words, such as "“port” · Status: kept, broken"; "" where nothing narrows the list."""
    words = [f"“{filter.q}”"] if filter.q else []
    labels = facets.selected_labels(filter, standings)
    return " · ".join([*words, *(f"{name}: {', '.join(map(str, values))}" for name, values in labels)])
