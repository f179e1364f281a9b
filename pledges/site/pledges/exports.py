"""What other sites use of a pledge: a picture, data. For a retracted pledge each says that it was (410)."""

import csv
import io
from urllib.parse import urlsplit

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.domain.languages import LANGUAGES
from pledges.domain.spreadsheets import harmless, text_of
from pledges.models import Newsroom, Retraction
from pledges.queries import visibility
from pledges.site.pledges import cards
from pledges.site.pledges import data as pledge_data
from pledges.site.pledges.detail import Retracted, at_its_address, find
from pledges.site.shared.page_cache import PublicRequest, origin_of, page

JSON = {"ensure_ascii": False, "indent": 1}


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
        addresses=_addresses(request, found.standing.pledge.slug),
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


def _addresses(request: PublicRequest, slug: str) -> dict[str, str]:
    """The page's address in each language, with the edition and, where the request names one, the day."""
    parameters = dict(request.as_of.asked) | {"edition": str(request.as_of.edition)}
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    addresses = {}
    for code in LANGUAGES:
        with translation.override(code):
            addresses[f"url_{code}"] = f"{origin_of(request)}{reverse('pledge', args=[slug])}?{query}"
    return addresses


def _gone(retraction: Retraction) -> HttpResponse:
    """The answer in place of a retracted pledge's picture or table: a sentence that says so (410)."""
    assert retraction.edition, "it is published"
    text = _("This pledge was retracted in edition %(number)s, on %(day)s.") % {
        "number": retraction.edition_id,
        "day": written(timezone.localdate(retraction.edition.published_at), in_sentence=True),
    }
    return HttpResponse(f"{text} {retraction.note}\n", content_type="text/plain; charset=utf-8", status=410)
