"""The list of pledges, or any search of it, as one table for other programs: CSV, JSON, JSON Lines (docs/data.md).

A row has texts in both languages, so both addresses give the same rows; only the language of a search differs.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import translation

from pledges.domain.languages import LANGUAGES
from pledges.domain.spreadsheets import harmless, text_of
from pledges.models import Newsroom
from pledges.queries.search import facets, filters, fulltext
from pledges.queries.standings import Standing
from pledges.site.pledges import data as pledge_data
from pledges.site.shared.page_cache import PublicRequest, current_newsroom, in_json, origin_of, page, standings_of

PARAMETERS = tuple(name for name in filters.PARAMETERS if name != "page")
Row = dict[str, object]


@page(*PARAMETERS, refused=in_json)
def table_csv(request: PublicRequest) -> HttpResponse:
    """The pledges as CSV, a row each; lists stand in one cell, with spaces between their parts."""
    standings = _matching(request)
    out = io.StringIO(newline="")
    out.write("\ufeff")  # tells spreadsheets that it is UTF-8
    writer = csv.writer(out)
    writer.writerow(pledge_data.SUMMARY)
    for row in _rows(request, standings):
        writer.writerow([harmless(text_of(_cell(row[name]))) for name in pledge_data.SUMMARY])
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")


@page(*PARAMETERS, refused=in_json)
def table_json(request: PublicRequest) -> HttpResponse:
    """The pledges as one JSON object: what they are, and the rows."""
    standings = _matching(request)
    newsroom: Newsroom = current_newsroom()
    content = {
        **{f"tracker_{code}": getattr(newsroom, f"name_{code}") for code in LANGUAGES},
        "licence": newsroom.licence,
        "edition": request.as_of.edition,
        "as_of": request.as_of.day.isoformat(),
        "count": len(standings),
        "pledges": list(_rows(request, standings)),
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


@page(*PARAMETERS, refused=in_json)
def table_json_lines(request: PublicRequest) -> HttpResponse:
    """The pledges as JSON Lines: an object on each line."""
    standings = _matching(request)
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in _rows(request, standings))
    return HttpResponse(lines, content_type="application/jsonl; charset=utf-8")


def _matching(request: PublicRequest) -> Sequence[Standing]:
    """The pledges that match what the address asks for, in the order of the list.

    Raises InvalidPeriod for a value that no pledge has: a table that ignores it would be taken for what was asked.
    """
    standings = standings_of(request)
    filter = filters.parse(request.GET, standings, as_of=request.as_of.asked)
    filters.refuse_unknown(filter)
    ranks = fulltext.search(filter.q).ranks if filter.q else None
    return facets.apply(filter, standings, ranks).matching


def _rows(request: PublicRequest, standings: Sequence[Standing]) -> Iterator[Row]:
    """A row for each pledge, with its page's address as this edition and day have it."""
    edition, newsroom = request.as_of.edition, current_newsroom()
    query = f"?{urlencode(dict(request.as_of.asked) | {'edition': str(edition)})}"
    bases = {}
    for code in LANGUAGES:
        with translation.override(code):
            bases[code] = f"{origin_of(request)}{reverse('pledges')}"
    for standing in standings:
        addresses = {f"url_{code}": f"{base}{standing.pledge.slug}/{query}" for code, base in bases.items()}
        yield pledge_data.summary(standing, edition=edition, newsroom=newsroom, addresses=addresses)


def _cell(value: object) -> object:
    """A value as one cell of a table."""
    return " ".join(value) if isinstance(value, list) else value
