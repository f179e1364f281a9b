"""The page of one pledge."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse

from pledges.models import Retraction
from pledges.queries import visibility
from pledges.queries.asof import AsOf
from pledges.queries.standings import Standing, present_address, standing_before_retraction, standing_of
from pledges.site.cards import pictures
from pledges.site.pledges import articles
from pledges.site.pledges.context import page_of, retracted_page_of
from pledges.site.shared import json_ld
from pledges.site.shared.page_cache import PublicRequest, canonical_of, newsroom_of, page


@dataclass(frozen=True)
class Found:
    """A pledge at the time that a page is of, those that share a topic with it, and its retraction if it came later."""

    standing: Standing
    near: list[Standing]
    retraction: Retraction | None


@dataclass(frozen=True)
class Retracted:
    """A pledge that was retracted by the time that a page is of, and where it stood before."""

    retraction: Retraction
    before: Standing


def at_its_address(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator of a pledge's pages, inside of `page`: an address that it had redirects to the present one (301).

    The query goes with it, so that a citation of an earlier edition leads to what that edition said. `page` lets nobody
    keep the redirect unasked: the pledge may get the address back.
    """

    @functools.wraps(view)
    def found(request: PublicRequest, slug: str, **fixed: str) -> HttpResponse:
        present = present_address(slug)
        if present == slug or request.resolver_match is None:
            return view(request, slug=slug, **fixed)
        query = request.META["QUERY_STRING"]
        url = reverse(request.resolver_match.view_name, args=[present])
        return HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)

    return found


def find(request: PublicRequest, slug: str) -> Found | Retracted:
    """The pledge of an address as of the time that the page is of. Raises Http404 where no public pledge has it."""
    return find_as_of(request.as_of, slug)


def find_as_of(as_of: AsOf, slug: str) -> Found | Retracted:
    """The pledge of an address as of an edition and a day. Raises Http404 where no public pledge has it."""
    standing, near = standing_of(slug, edition=as_of.edition, day=as_of.day)
    retraction = visibility.public_retractions().filter(pledge__slug=slug).select_related("edition", "pledge").first()
    if standing:
        return Found(standing, near, retraction)
    # An earlier edition said nothing of a pledge that it did not have, and a later retraction changes nothing of that.
    known = retraction if retraction and (retraction.edition_id or 0) <= as_of.edition else None
    before = standing_before_retraction(known) if known else None
    if known is None or before is None:
        raise Http404("no public pledge has this address")
    return Retracted(known, before)


@page()
@at_its_address
def pledge(request: PublicRequest, slug: str) -> HttpResponse:
    """Where one pledge stands, since when, and how that is known; as of a day or an edition where the address says so.

    For a retracted pledge it says that it was retracted, why, and what it had said (410).
    """
    found = find(request, slug)
    if isinstance(found, Retracted):
        context = retracted_page_of(found.retraction, found.before)
        return render(request, "pledges/retracted.html", context, status=410)
    context = page_of(found.standing, found.near, edition=request.as_of.edition, figures_until=request.as_of.asked_day)
    context |= {"structured_data": "" if found.retraction else _structured_data(request, found.standing, context)}
    # A page of an earlier time that somebody cited warns if the pledge was retracted later.
    return render(request, "pledges/pledge.html", context | {"retraction": found.retraction})


def _structured_data(request: PublicRequest, standing: Standing, context: dict[str, Any]) -> str:
    """The pledge and its updates for search engines."""
    publisher = json_ld.publisher_of(request, newsroom_of(request))
    picture = pictures.picture(request, "pledge_card", "", args=[standing.pledge.slug])
    return json_ld.script(
        *articles.graph(
            standing,
            context["timeline"],
            address=canonical_of(request),
            publisher=publisher,
            picture=picture.address,
        )
    )
