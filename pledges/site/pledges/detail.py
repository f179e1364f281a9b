"""The page of one pledge."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from pledges.models import Retraction
from pledges.queries import visibility
from pledges.queries.standings import Standing, standing_before_retraction, standing_of
from pledges.site.pledges.context import page_of, retracted_page_of
from pledges.site.shared.page_cache import PublicRequest, page


def found(request: PublicRequest, slug: str) -> tuple[Standing | None, list[Standing], Retraction | None]:
    """Where a pledge stood at the time that the page is of, with those that share a topic, and its retraction.

    The standing is None where it had been retracted by then. Raises Http404 where no public pledge has this address.
    """
    standing, near = standing_of(slug, edition=request.as_of.edition, day=request.as_of.day)
    retraction = visibility.public_retractions().filter(pledge__slug=slug).select_related("edition", "pledge").first()
    if standing is None and retraction is None:
        raise Http404("no public pledge has this address")
    return standing, near, retraction


@page()
def pledge(request: PublicRequest, slug: str) -> HttpResponse:
    """Where one pledge stands, since when, and how that is known; as of a day or an edition, where that is asked."""
    standing, near, retraction = found(request, slug)
    if standing is None:  # its address says that it was retracted, why, and what it had said
        return render(
            request,
            "pledges/retracted.html",
            retracted_page_of(retraction, standing_before_retraction(retraction)),
            status=410,
        )
    context = page_of(standing, near, edition=request.as_of.edition, figures_until=request.as_of.asked_day)
    # Of a citation: what it shows was taken back later.
    return render(request, "pledges/pledge.html", context | {"retraction": retraction})
