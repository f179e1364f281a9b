"""What other sites use of a pledge: a picture, data. For a retracted pledge each says that it was (410)."""

import csv
import io

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.domain.spreadsheets import harmless, text_of
from pledges.models import Newsroom, Retraction
from pledges.queries import visibility
from pledges.site.cards import pictures
from pledges.site.cards import pledge as pledge_card
from pledges.site.pledges import data as pledge_data
from pledges.site.pledges.detail import Retracted, at_its_address, find
from pledges.site.shared.page_cache import PublicRequest, origin_of, page
from pledges.site.shared.public_addresses import in_each_language, pinned_query

JSON = {"ensure_ascii": False, "indent": 1}


@pictures.card_page()
@at_its_address
def card(request: PublicRequest, slug: str) -> HttpResponse:
    """The picture that social networks show with a link to the pledge, as PNG; `?shape=` as for every card."""
    shape = pictures.shape_of(request)
    found = find(request, slug)
    if isinstance(found, Retracted):
        return _gone(found.retraction)
    return pictures.answer(pledge_card.card(found.standing, shape, pictures.source_of(request)))


@page(shows_watch=False)
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


@page(shows_watch=False)
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
