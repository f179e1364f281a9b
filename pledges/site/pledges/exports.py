"""What others take of a pledge: a frame for their page, a picture and data. Of a retracted one: that it was."""

import csv
import functools
import io
from collections.abc import Callable
from urllib.parse import urlsplit

from csp.decorators import csp_replace
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from pledges.domain.dates import written
from pledges.domain.languages import LANGUAGES
from pledges.domain.spreadsheets import harmless, text_of
from pledges.models import Newsroom, Retraction
from pledges.queries import visibility
from pledges.queries.standings import standing_before_retraction
from pledges.site.pledges import cards
from pledges.site.pledges import data as pledge_data
from pledges.site.pledges.context import axis_until
from pledges.site.pledges.detail import found
from pledges.site.shared.page_cache import PublicRequest, origin_of, page

JSON = {"ensure_ascii": False, "indent": 1}
NOTHING = "pledges/embed_nothing.html"


def _nothing_in_a_frame(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: a 404 is made by the view's own frame, for the site's whole page is one that no frame may show."""

    @functools.wraps(view)
    def shown(request: PublicRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return render(request, NOTHING, status=404)

    return shown


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@_nothing_in_a_frame
@page(impossible=NOTHING)
def embed(request: PublicRequest, slug: str) -> HttpResponse:
    """The pledge in a frame of somebody else's page: the one address of this site that anybody may frame."""
    standing, _near, retraction = found(request, slug)
    shown = standing or standing_before_retraction(retraction)
    context = {
        "standing": shown,
        "retraction": retraction,
        "gone": standing is None,
        "axis": axis_until(shown.day, [shown]),
        "edition_number": request.as_of.edition,
    }
    return render(request, "pledges/embed.html", context, status=200 if standing else 410)


@page()
def card(request: PublicRequest, slug: str) -> HttpResponse:
    """The picture that goes with a link to it where people share links: PNG, 1200 × 630."""
    standing, _near, retraction = found(request, slug)
    if standing is None:
        return _gone(retraction)
    picture = cards.card(
        standing,
        edition=request.as_of.edition,
        newsroom=str(Newsroom.get().name),
        host=urlsplit(origin_of(request)).netloc,
    )
    return HttpResponse(picture, content_type="image/png")


@page()
def data_json(request: PublicRequest, slug: str) -> HttpResponse:
    """All that its page says, as JSON (docs/pledge-data.md)."""
    standing, _near, retraction = found(request, slug)
    if standing is None:
        return JsonResponse(pledge_data.gone(retraction), status=410, json_dumps_params=JSON)
    content = pledge_data.as_data(
        standing,
        edition=request.as_of.edition,
        newsroom=Newsroom.get(),
        kept=visibility.kept_evidence(pledge_data.said(standing, request.as_of.edition)),
        retraction=retraction,
        addresses=_addresses(request, slug),
    )
    return JsonResponse(content, json_dumps_params=JSON)


@page()
def data_csv(request: PublicRequest, slug: str) -> HttpResponse:
    """Its updates as CSV, a row for each piece of evidence (docs/pledge-data.md)."""
    standing, _near, retraction = found(request, slug)
    if standing is None:
        return _gone(retraction)
    edition = request.as_of.edition
    kept = visibility.kept_evidence(pledge_data.said(standing, edition))
    out = io.StringIO(newline="")
    out.write("\ufeff")  # by which spreadsheets know that it is UTF-8
    writer = csv.writer(out)
    writer.writerow(pledge_data.COLUMNS)
    for row in pledge_data.as_rows(standing, edition=edition, newsroom=Newsroom.get(), kept=kept):
        writer.writerow([harmless(text_of(row[name])) for name in pledge_data.COLUMNS])
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")


def _addresses(request: PublicRequest, slug: str) -> dict[str, str]:
    """The page's address in each language, with what it is as of."""
    asked = dict(request.as_of.asked) | {"edition": str(request.as_of.edition)}
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    found = {}
    for code in LANGUAGES:
        with translation.override(code):
            found[f"url_{code}"] = f"{origin_of(request)}{reverse('pledge', args=[slug])}?{query}"
    return found


def _gone(retraction: Retraction) -> HttpResponse:
    """For a picture or a table of a retracted pledge: a sentence that says so (410)."""
    text = _("This pledge was retracted in edition %(number)s, on %(day)s.") % {
        "number": retraction.edition_id,
        "day": written(timezone.localdate(retraction.edition.published_at), in_sentence=True),
    }
    return HttpResponse(f"{text} {retraction.note}\n", content_type="text/plain; charset=utf-8", status=410)
