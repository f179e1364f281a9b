"""The picture of the list of pledges, or of any search of it: its words and its tally."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledges.queries.search import facets, filters, fulltext
from pledges.queries.search.facets import Results
from pledges.queries.search.filters import Filter
from pledges.queries.search.fulltext import SearchResult
from pledges.queries.standings import Standing, once
from pledges.site.cards import pictures
from pledges.site.cards import tally as tally_card
from pledges.site.cards.tally import Tally
from pledges.site.shared import summaries
from pledges.site.shared.page_cache import PublicRequest, standings_of

PARAMETERS = tuple(name for name in filters.PARAMETERS if name not in ("sort", "page"))
PEOPLE_LISTED = 6


def without_order(matching: Sequence[Standing], standings: Sequence[Standing]) -> Sequence[Standing]:
    """The pledges that match; all public ones as `standings`, with which what is counted of them is kept."""
    return standings if len(matching) == len(standings) else matching


def made_by(matching: Iterable[Standing]) -> tuple[list[tuple[str, int]], int]:
    """Who made most of the pledges, each with how many, and how many other people made the rest."""
    counts = Counter(standing.pledge.mandate.person for standing in matching)
    people = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return people[:PEOPLE_LISTED], len(people[PEOPLE_LISTED:])


def tally_of(filter: Filter, results: Results, search: SearchResult | None, standings: Sequence[Standing]) -> Tally:
    """What the card of a search says: its words and choices, how many of the public pledges (`standings`) match, their
    tally. For the whole list: how many there are, and who made them."""
    total, matching = len(results.matching), without_order(results.matching, standings)
    counts = summaries.counts(matching)
    if not filter.active:
        title = ngettext("%(total)s pledge", "%(total)s pledges", total) % {"total": total}
        return Tally(title, _whose(matching), counts)
    title = " · ".join(facets.in_words(replace(filter, q=searched_for(filter, search)), results))
    return Tally(title, how_many_fit(total, len(standings), search), counts)


def searched_for(filter: Filter, search: SearchResult | None) -> str:
    """The words of a search, corrected where they were misspelt."""
    return search.corrected_query if search and search.corrected_query else filter.q


def how_many_fit(total: int, of: int, search: SearchResult | None) -> str:
    """How many of the public pledges (`of`) a search has, and whether these have only some of its words."""
    if search and not search.all_words and total:
        sentence = ngettext(
            "%(total)s of %(of)s pledges has some of these words",
            "%(total)s of %(of)s pledges have some of these words",
            total,
        )
    else:
        sentence = ngettext("%(total)s of %(of)s pledges fits", "%(total)s of %(of)s pledges fit", total)
    return sentence % {"total": total, "of": of}


def _whose(matching: Sequence[Standing]) -> str:
    people, others = once(matching, made_by)
    if len(people) < 2:
        return "".join(person for person, _count in people)
    names = ", ".join(f"{person} ({count})" for person, count in people)
    more = f" {ngettext('and %(n)s more', 'and %(n)s more', others) % {'n': others}}" if others else ""
    return f"{_('Made by')} {names}{more}"


def picture_of(request: PublicRequest, filter: Filter, tally: Tally) -> pictures.Picture:
    """The card of the search that a page shows."""
    query = replace(filter, sort="", page=1, as_of=()).pairs
    return pictures.picture(request, "pledges_card", tally.sentences, query=query)


@pictures.card_page(*PARAMETERS)
def card(request: PublicRequest) -> HttpResponse:
    """The card of the search with the same query string on the list of pledges. An unknown value is an error (422)."""
    shape = pictures.shape_of(request)
    standings = standings_of(request)
    filter = filters.parse(request.GET, standings, as_of=request.as_of.asked)
    filters.refuse_unknown(filter)
    search = fulltext.search(filter.q) if filter.q else None
    results = facets.apply(filter, standings, search.ranks if search else None)
    tally = tally_of(filter, results, search, standings)
    return pictures.answer(tally_card.card(tally, shape, pictures.source_of(request)))
