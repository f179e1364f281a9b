"""The list of pledges: search, facets, sort order and pages."""

from dataclasses import replace

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from pledges.queries import offices
from pledges.queries.search import facets, filters, fulltext
from pledges.queries.search.highlights import Marker
from pledges.queries.search.named_choices import named_choices
from pledges.queries.standings import once
from pledges.site.pledges import list_card
from pledges.site.pledges.context import axis_until
from pledges.site.shared import summaries
from pledges.site.shared.page_cache import PublicRequest, page, standings_of
from pledges.site.shared.page_keys import is_partial

PAGE_SIZE = 50


@page(*filters.PARAMETERS, partial=True)
def pledges(request: PublicRequest) -> HttpResponse:
    """The list; with htmx only its results.

    The template writes each link from a `Filter`: this one with its next page, without a facet, with other words.
    """
    standings = standings_of(request)
    filter = filters.parse(request.GET, standings, as_of=request.as_of.asked)
    search = fulltext.search(filter.q) if filter.q else None
    results = facets.apply(filter, standings, search.ranks if search else None)
    page_of_rows = Paginator(results.matching, PAGE_SIZE).get_page(filter.page)
    marker = Marker(search.query) if search else None
    partial = is_partial(request)
    tally = list_card.tally_of(filter, results, search, standings)
    context = {
        "filter": filter,
        "results": results,
        "search": search,
        "corrected": replace(filter, q=search.corrected_query, page=1) if search and search.corrected_query else None,
        "suggestions": [replace(filter, q=words, page=1) for words in search.suggestions] if search else [],
        "named_choices": named_choices(filter, standings),
        # The default order has no value: another one is the default as soon as something is searched for.
        "sorts": [
            ("" if name == filter.default_sort else name, label, name == filter.sorted_by)
            for name, label in filters.SORTS.items()
            if name != "relevance" or filter.q
        ],
        "table_query": replace(filter, page=1).to_query(),
        "page": page_of_rows,
        "previous": replace(filter, page=page_of_rows.number - 1) if page_of_rows.has_previous() else None,
        "next": replace(filter, page=page_of_rows.number + 1) if page_of_rows.has_next() else None,
        "rows": [(standing, marker.highlight(standing) if marker else None) for standing in page_of_rows],
        "total": len(results.matching),
        "of": len(standings),
        "tally": tally.counts,
        "summary": tally,
        "picture": list_card.picture_of(request, filter, tally),
        "axis": axis_until(request.as_of.day, standings),
        "searched_for": summaries.searched_for(standings),
        "partial": partial,
        "made_by": once(list_card.without_order(results.matching, standings), list_card.made_by),
        "named": offices.of_several_people(standings),
        "several_offices": len(offices.by_office(offices.mandates_of(standings))) > 1,
    }
    # An unknown value answers 422: the page says so and shows what the rest of its address asks for.
    status = 422 if filter.unknown and not partial else 200
    return render(request, "pledges/list.html#results" if partial else "pledges/list.html", context, status=status)
