"""The mandates, and the page of one."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from pledges.access import mandates_until
from pledges.models import Mandate
from pledges.standings import standings
from pledges.strips import Axis

from . import summaries
from .shell import page, standings_of

PAGE_SIZE = 50


@page()
def mandates(request: HttpRequest) -> HttpResponse:
    """Every mandate with its tally."""
    found = standings_of(request)
    listed = [(mandate, summaries.in_mandate(found, mandate)) for mandate in mandates_until(request.as_of.day)]
    return render(
        request,
        "pledges/mandates.html",
        {"listed": [(mandate, summaries.blocks(inside), summaries.counts(inside)) for mandate, inside in listed]},
    )


@page("page")
def mandate(request: HttpRequest, slug: str) -> HttpResponse:
    """The days of one mandate, with every pledge made in it or carried into it on one axis."""
    row = get_object_or_404(Mandate, slug=slug)
    found = summaries.in_mandate(standings_of(request), row)
    end = row.ends_on or max(request.as_of.day, row.starts_on)
    closing = []
    closed = row.closed_on is not None and row.closed_on <= request.as_of.day
    if closed:  # as it stood then, by what is said of that day now
        closing = summaries.in_mandate(standings(request.as_of.edition, row.closed_on), row)
    made = summaries.blocks(standing for standing in found if standing.pledge.mandate_id == row.pk)
    carried = summaries.blocks(standing for standing in found if standing.pledge.mandate_id != row.pk)
    rows = Paginator([*made, *carried], PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "pledges/mandate.html",
        {
            "mandate": row,
            "was_closed": closed,
            "headline": summaries.title(found) if found else "",  # what was carried over may be somebody else's promise
            "blocks": summaries.blocks(found),
            "tally": summaries.counts(found),
            "closing_tally": summaries.counts(closing),
            "made": [standing for standing in rows if standing.pledge.mandate_id == row.pk],
            "carried": [standing for standing in rows if standing.pledge.mandate_id != row.pk],
            "page": rows,
            "axis": Axis(row.starts_on, end),
            "days": (end - row.starts_on).days + 1,
            "elapsed": max(0, min((request.as_of.day - row.starts_on).days + 1, (end - row.starts_on).days + 1)),
        },
    )
