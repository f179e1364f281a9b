"""The list of pledges, or any search of it, as one table for other programs: CSV, JSON, JSON Lines (docs/data.md).

A row has texts in both languages, so both addresses give the same rows; only the language of a search differs.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponse, JsonResponse, QueryDict

from pledges.domain.languages import LANGUAGES
from pledges.domain.spreadsheets import harmless, text_of
from pledges.models import Newsroom
from pledges.queries import visibility
from pledges.queries.asof import AsOf
from pledges.queries.search import facets, filters, fulltext
from pledges.queries.search.fulltext import SearchResult
from pledges.queries.standings import Standing, standings_uncached
from pledges.site.pledges import data as pledge_data
from pledges.site.shared.page_cache import PublicRequest, current_newsroom, in_json, origin_of, page
from pledges.site.shared.public_addresses import in_each_language, pinned_query

PARAMETERS = tuple(name for name in filters.PARAMETERS if name != "page")
Row = dict[str, object]


@page(*PARAMETERS, shows_watch=False, refused=in_json)
def table_csv(request: PublicRequest) -> HttpResponse:
    """The pledges as CSV, a row each; lists stand in one cell, with spaces between their parts."""
    standings, _search = matching(request.GET, request.as_of)
    out = io.StringIO(newline="")
    out.write("\ufeff")  # tells spreadsheets that it is UTF-8
    writer = csv.writer(out)
    writer.writerow(pledge_data.SUMMARY)
    for row in rows(standings, as_of=request.as_of, origin=origin_of(request)):
        writer.writerow([harmless(text_of(_cell(row[name]))) for name in pledge_data.SUMMARY])
    return HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")


@page(*PARAMETERS, shows_watch=False, refused=in_json)
def table_json(request: PublicRequest) -> HttpResponse:
    """The pledges as one JSON object: what they are, and the rows."""
    standings, _search = matching(request.GET, request.as_of)
    newsroom: Newsroom = current_newsroom()
    content = {
        **{f"tracker_{code}": getattr(newsroom, f"name_{code}") for code in LANGUAGES},
        "licence": newsroom.licence,
        "edition": request.as_of.edition,
        "as_of": request.as_of.day.isoformat(),
        "count": len(standings),
        "pledges": list(rows(standings, as_of=request.as_of, origin=origin_of(request))),
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


@page(*PARAMETERS, shows_watch=False, refused=in_json)
def table_json_lines(request: PublicRequest) -> HttpResponse:
    """The pledges as JSON Lines: an object on each line."""
    standings, _search = matching(request.GET, request.as_of)
    table = rows(standings, as_of=request.as_of, origin=origin_of(request))
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in table)
    return HttpResponse(lines, content_type="application/jsonl; charset=utf-8")


def matching(parameters: QueryDict, as_of: AsOf) -> tuple[Sequence[Standing], SearchResult | None]:
    """The pledges that match the parameters of the list, in its order, and what the words `q` found, if there are any.

    Raises InvalidPeriod for a value that no pledge has (see `filters.refuse_unknown`) and that is no published
    mandate.
    """
    standings = standings_uncached(as_of.edition, as_of.day)
    filter = filters.parse(parameters, standings, as_of=as_of.asked)
    if any(name == "mandate" for name, _value in filter.unknown):  # perhaps one without pledges yet
        slugs = visibility.published_mandates(as_of.edition, standings).values_list("slug", flat=True)
        filter = filters.parse(parameters, standings, as_of=as_of.asked, mandates=set(slugs))
    filters.refuse_unknown(filter)
    search = fulltext.search(filter.q) if filter.q else None
    return facets.apply(filter, standings, search.ranks if search else None).matching, search


def rows(standings: Iterable[Standing], *, as_of: AsOf, origin: str) -> Iterator[Row]:
    """A row for each pledge, with the full address of its page as this edition and day have it."""
    newsroom, query = current_newsroom(), pinned_query(as_of)
    bases = in_each_language("pledges", origin=origin)
    for standing in standings:
        addresses = {name: f"{base}{standing.pledge.slug}/{query}" for name, base in bases.items()}
        yield pledge_data.summary(standing, edition=as_of.edition, newsroom=newsroom, addresses=addresses)


def _cell(value: object) -> object:
    """A value as one cell of a table."""
    return " ".join(value) if isinstance(value, list) else value
