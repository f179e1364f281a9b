"""What an embed of a list of pledges shows: its rows, and its search in words."""

from dataclasses import dataclass, replace

from django.http import QueryDict

from pledges.queries.asof import AsOf
from pledges.queries.search import facets, filters, fulltext
from pledges.queries.search.filters import Filter
from pledges.queries.standings import Standing, standings_uncached
from pledges.site.pledges import list_card

PARAMETERS = tuple(name for name in filters.PARAMETERS if name != "page")
MOST_ROWS = 8


@dataclass(frozen=True)
class Listed:
    """The pledges that the list has for a filter, in its order, and the filter in words.

    `heading` is such as "“port” · Status: kept, broken", with the words that were searched for if the typed ones were
    misspelt; "" where nothing narrows the list. `note` says if the pledges have only some of the words.
    """

    filter: Filter
    matching: list[Standing]
    heading: str
    note: str

    @property
    def rows(self) -> list[Standing]:
        """The pledges that have room."""
        return self.matching[:MOST_ROWS]


def listed(data: QueryDict, as_of: AsOf) -> Listed:
    """The list that these parameters ask for. Raises InvalidPeriod for a value that no pledge has."""
    standings = standings_uncached(as_of.edition, as_of.day)
    filter = filters.parse(data, standings, as_of=as_of.asked)
    filters.refuse_unknown(filter)
    search = fulltext.search(filter.q) if filter.q else None
    matching = facets.apply(filter, standings, search.ranks if search else None).matching
    words = facets.quoted(replace(filter, q=list_card.searched_for(filter, search)))
    labels = facets.selected_labels(filter, standings)
    heading = " · ".join([*words, *(f"{name}: {', '.join(map(str, values))}" for name, values in labels)])
    some = bool(search and not search.all_words and matching)
    return Listed(
        filter, matching, heading, list_card.how_many_fit(len(matching), len(standings), search) if some else ""
    )
