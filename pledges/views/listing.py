"""The list of pledges: search, facets, order."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pledges import filters, search
from pledges.pledge_page import axis_until

from . import summaries
from .shell import is_partial, page, standings_of

PAGE_SIZE = 50


@page(*filters.PARAMETERS)
def pledges(request: HttpRequest) -> HttpResponse:
    """The list with its search, facets and order; with htmx only the results."""
    found = standings_of(request)
    asked = filters.parse(request.GET, found, keep=request.as_of.asked)
    ranks, all_words = search.find(asked.q) if asked.q else (None, True)
    shown, facets = filters.apply(asked, found, ranks)
    pages = Paginator(shown, PAGE_SIZE)
    this_page = pages.get_page(asked.page)
    partial = is_partial(request)
    return render(
        request,
        "pledges/list.html#results" if partial else "pledges/list.html",
        {
            "asked": asked,
            "partial": partial,
            "all_words": all_words,
            "facets": facets,
            # The usual order has no value: it is another one as soon as something is searched for.
            "sorts": [
                ("" if name == asked.usual_sort else name, label, name == asked.sort)
                for name, label in filters.SORTS.items()
                if name != "relevance" or asked.q
            ],
            "page": this_page,
            "previous": asked.query(page=str(this_page.number - 1)) if this_page.has_previous() else "",
            "next": asked.query(page=str(this_page.number + 1)) if this_page.has_next() else "",
            "total": len(shown),
            "of": len(found),
            "tally": summaries.counts(shown),
            "axis": axis_until(request.as_of.day, found),
        },
        # An address that asks for what there is not says so, and shows what the rest of it asks for.
        status=422 if asked.unknown and not partial else 200,
    )
