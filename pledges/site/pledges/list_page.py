"""The list of pledges: search, facets, order; and a search's feed (see `feed`)."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from pledges.queries.search import facets as search_facets
from pledges.queries.search import fulltext
from pledges.queries.search.facets import Facet, Filter
from pledges.queries.search.highlights import Marker
from pledges.site.pledges.context import axis_until
from pledges.site.shared import summaries
from pledges.site.shared.page_cache import PublicRequest, is_partial, page, standings_of

PAGE_SIZE = 50


@page(*search_facets.PARAMETERS)
def pledges(request: PublicRequest) -> HttpResponse:
    """The list with its search, facets and order; with htmx only the results."""
    standings = standings_of(request)
    asked = search_facets.parse(request.GET, standings, keep=request.as_of.asked)
    found = fulltext.search(asked.q) if asked.q else None
    ranks = found.ranks if found else None
    shown, facets = search_facets.apply(asked, standings, ranks)
    pages = Paginator(shown, PAGE_SIZE)
    this_page = pages.get_page(asked.page)
    marker = Marker(found.terms) if found else None
    partial = is_partial(request)
    return render(
        request,
        "pledges/list.html#results" if partial else "pledges/list.html",
        {
            "asked": asked,
            "partial": partial,
            "found": found,
            "corrected": asked.query(q=found.corrected_query, page="1") if found and found.corrected_query else "",
            "suggestions": _suggestions(asked, found.suggestions) if found else [],
            "named": [
                (facet, label, choice.query())
                for facet, label, choice in search_facets.facets_named_in_query(asked, standings)
            ],
            "facets": facets,
            "chips": _chips(asked, facets),
            # The usual order has no value: it is another one as soon as something is searched for.
            "sorts": [
                ("" if name == asked.usual_sort else name, label, name == asked.order)
                for name, label in search_facets.SORTS.items()
                if name != "relevance" or asked.q
            ],
            "page": this_page,
            "rows": [(standing, marker.where(standing) if marker else None) for standing in this_page],
            "previous": asked.query(page=str(this_page.number - 1)) if this_page.has_previous() else "",
            "next": asked.query(page=str(this_page.number + 1)) if this_page.has_next() else "",
            "total": len(shown),
            "of": len(standings),
            "ways_out": [] if shown else _ways_out(asked, facets, search_facets.relaxations(asked, standings, ranks)),
            "tally": summaries.counts(shown),
            "axis": axis_until(request.as_of.day, standings),
        },
        # An address that asks for what there is not says so, and shows what the rest of it asks for.
        status=422 if asked.unknown and not partial else 200,
    )


def _suggestions(asked: Filter, searches: tuple[str, ...]) -> list[tuple[str, str]]:
    """Searches that may have been meant, as (words, query string of the list)."""
    return [(words, asked.query(q=words, page="1")) for words in searches]


def _chips(asked: Filter, facets: list[Facet]) -> list[dict]:
    """What is chosen, each with the list's query string without it."""
    return [
        {
            "id": f"chip-{facet.name}-{choice.value}",
            "facet": facet.label,
            "label": choice.label,
            "without": asked.without(facet.name, choice.value).query(),
        }
        for facet in facets
        for choice in facet.choices
        if choice.chosen
    ]


def _ways_out(asked: Filter, facets: list[Facet], counts: list[tuple[str, int]]) -> list[dict]:
    """Of an empty list: what can be taken away, in words, how many pledges that gives, and the query string."""
    chosen = {facet.name: [choice.label for choice in facet.choices if choice.chosen] for facet in facets}
    labels = {facet.name: facet.label for facet in facets}
    return [
        {
            "facet": labels.get(name, ""),
            "labels": chosen.get(name, [asked.q]),
            "count": count,
            "without": asked.without(name).query(),
        }
        for name, count in counts
    ]
