"""What other sites use of a pledge: a frame, a picture, data. For a retracted pledge each says that it was (410)."""

import csv
import functools
import io
from collections.abc import Callable
from urllib.parse import urlsplit

from csp.decorators import csp_replace
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from pledges.domain.dates import written
from pledges.domain.spreadsheets import harmless, text_of
from pledges.models import Newsroom, Retraction
from pledges.queries import visibility
from pledges.queries.asof import InvalidPeriod
from pledges.site.pledges import cards
from pledges.site.pledges import data as pledge_data
from pledges.site.pledges.context import axis_until
from pledges.site.pledges.detail import Retracted, at_its_address, find
from pledges.site.shared.page_cache import PublicRequest, origin_of, page
from pledges.site.shared.public_addresses import in_each_language, pinned_query

JSON = {"ensure_ascii": False, "indent": 1}
NOT_FOUND = "pledges/embed_nothing.html"
THEMES = ("light", "dark", "auto")


def _not_found_in_a_frame(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: answer 404 with a page for a frame; no frame may show the site's usual page for it."""

    @functools.wraps(view)
    def framed(request: PublicRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return render(request, NOT_FOUND, status=404)

    return framed


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@_not_found_in_a_frame
@page("theme", impossible=NOT_FOUND)
@at_its_address
def embed(request: PublicRequest, slug: str) -> HttpResponse:
    """The pledge in a frame on another site: the only page of this site that others may frame.

    `?theme=` says how the page around it looks: light (the default), dark, or auto, which is what the reader's
    device prefers.
    """
    if request.GET.get("theme", THEMES[0]) not in THEMES:
        raise InvalidPeriod("theme", _("A frame has one of these themes: %(themes)s.") % {"themes": ", ".join(THEMES)})
    found = find(request, slug)
    retracted = isinstance(found, Retracted)
    standing = found.before if isinstance(found, Retracted) else found.standing
    context = {
        "standing": standing,
        "retraction": found.retraction,
        "gone": retracted,
        "axis": axis_until(standing.day, [standing]),
        "edition_number": request.as_of.edition,
    }
    return render(request, "pledges/embed.html", context, status=410 if retracted else 200)


@page()
@at_its_address
def card(request: PublicRequest, slug: str) -> HttpResponse:
    """The picture that social networks show with a link to the pledge: PNG, 1200 × 630 pixels."""
    found = find(request, slug)
    if isinstance(found, Retracted):
        return _gone(found.retraction)
    picture = cards.card(
        found.standing,
        edition=request.as_of.edition,
        newsroom=str(Newsroom.get().name),
        host=urlsplit(origin_of(request)).netloc,
    )
    return HttpResponse(picture, content_type="image/png")


@page()
@at_its_address
def data_json(request: PublicRequest, slug: str) -> HttpResponse:
    """Everything on the pledge's page, as JSON (docs/pledge-data.md)."""
    found = find(request, slug)
    if isinstance(found, Retracted):
        return JsonResponse(pledge_data.gone(found.retraction), status=410, json_dumps_params=JSON)
    content = pledge_data.as_data(
        found.standing,
        edition=request.as_of.edition,
        newsroom=Newsroom.get(),
        kept=visibility.kept_evidence(pledge_data.published_updates(found.standing, request.as_of.edition)),
        retraction=found.retraction,
        addresses=in_each_language(
            "pledge", found.standing.pledge.slug, origin=origin_of(request), query=pinned_query(request.as_of)
        ),
    )
    return JsonResponse(content, json_dumps_params=JSON)


@page()
@at_its_address
def data_csv(request: PublicRequest, slug: str) -> HttpResponse:
    """The pledge's updates as CSV, one row for each piece of evidence (docs/pledge-data.md)."""
    found = find(request, slug)
    if isinstance(found, Retracted):
        return _gone(found.retraction)
    edition = request.as_of.edition
    kept = visibility.kept_evidence(pledge_data.published_updates(found.standing, edition))
    out = io.StringIO(newline="")
    out.write("\ufeff")  # tells spreadsheets that it is UTF-8
    writer = csv.writer(out)
    writer.writerow(pledge_data.COLUMNS)
    for row in pledge_data.as_rows(found.standing, edition=edition, newsroom=Newsroom.get(), kept=kept):
        writer.writerow([harmless(text_of(row[name])) for name in pledge_data.COLUMNS])
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")


def _gone(retraction: Retraction) -> HttpResponse:
    """The answer in place of a retracted pledge's picture or table: a sentence that says so (410)."""
    assert retraction.edition, "it is published"
    text = _("This pledge was retracted in edition %(number)s, on %(day)s.") % {
        "number": retraction.edition_id,
        "day": written(timezone.localdate(retraction.edition.published_at), in_sentence=True),
    }
    return HttpResponse(f"{text} {retraction.note}\n", content_type="text/plain; charset=utf-8", status=410)
