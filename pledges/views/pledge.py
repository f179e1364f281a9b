"""The page of one pledge."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from pledges import access
from pledges.models import Retraction
from pledges.pledge_page import page_of, retracted_page_of
from pledges.standings import standing_of

from .shell import page


@page()
def pledge(request: HttpRequest, slug: str) -> HttpResponse:
    """Where one pledge stands, since when, and how that is known; as of a day or an edition, where that is asked."""
    standing, found = standing_of(slug, edition=request.as_of.edition, day=request.as_of.day)
    retraction = access.public_retractions().filter(pledge__slug=slug).select_related("edition").first()
    if standing is None and retraction:
        return _retracted(request, retraction)
    if standing is None:
        raise Http404("no public pledge has this address")
    context = page_of(standing, found, edition=request.as_of.edition, figures_until=request.as_of.asked_day)
    # Of a citation: what it shows was taken back later.
    return render(request, "pledges/pledge.html", context | {"retraction": retraction})


def _retracted(request: HttpRequest, retraction: Retraction) -> HttpResponse:
    """What stands at the address of a pledge that was retracted: that it was, why, and what it had said (410)."""
    last = retraction.edition_id - 1
    day = timezone.localdate(retraction.edition.published_at)
    said, _near = standing_of(retraction.pledge.slug, edition=last, day=day)
    return render(request, "pledges/retracted.html", retracted_page_of(retraction, said), status=410)
