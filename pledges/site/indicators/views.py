"""The pages of indicators (the list and each one), and the downloads: PNG, Vega-Lite specification and CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.domain import dates
from pledges.domain.spreadsheets import harmless
from pledges.models import Indicator, Newsroom, Observation
from pledges.queries import indicators as reading
from pledges.queries.asof import AsOf
from pledges.queries.indicators import Known, Line
from pledges.queries.standings import Standing
from pledges.site.charts import render as charts_render
from pledges.site.shared.page_cache import PublicRequest, origin_of, page, standings_of

PAGE_SIZE = 30
MOST_ROWS = 60  # of an indicator in the list: enough for a small chart
MOST_LISTED = 300  # figures of a page's table; the CSV has them all
MOST_PLEDGES = 3  # of an indicator in the list


@page("page")
def indicators(request: PublicRequest) -> HttpResponse:
    """Every indicator with a small chart, its newest figure and its pledges."""
    rows = sorted(reading.public(request.as_of.edition), key=lambda row: (str(row.name).casefold(), row.slug))
    shown = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    shown_indicators = reading.known(
        shown.object_list, edition=request.as_of.edition, until=request.as_of.asked_day, most=MOST_ROWS
    )
    pledges = reading.of_pledges(standings_of(request))
    listed = [
        {
            "known": known,
            "spark": charts_render.spark(known),
            "pledges": pledges[known.indicator.pk][:MOST_PLEDGES],
            "more": len(pledges[known.indicator.pk][MOST_PLEDGES:]),
        }
        for known in shown_indicators
    ]
    return render(
        request, "pledges/indicators.html", {"listed": listed, "page": shown, "spark_size": charts_render.SPARK}
    )


@page()
def indicator(request: PublicRequest, slug: str) -> HttpResponse:
    """One indicator: its charts, each figure with its source and earlier values, and its pledges."""
    known, standings = known_indicator(request, slug)
    context = {
        "chart": charts_render.chart(known, reading.marks(standings)),
        "rows": known.rows[-MOST_LISTED:],
        "older": len(known.rows[:-MOST_LISTED]),
        "standings": standings,
    }
    return render(request, "pledges/indicator.html", context)


@page("series")
def picture(request: PublicRequest, slug: str) -> HttpResponse:
    """The chart as a PNG to paste into a story; `?series=one,another` selects series."""
    return HttpResponse(charts_render.png(_specification(request, slug)), content_type="image/png")


@page("series", shows_watch=False)
def specification(request: PublicRequest, slug: str) -> JsonResponse:
    """The same chart as a Vega-Lite specification, with its data."""
    specification = _specification(request, slug) | {"usermeta": {"licence": Newsroom.get().licence}}
    return JsonResponse(specification, json_dumps_params={"ensure_ascii": False})


@page("series", shows_watch=False)
def data(request: PublicRequest, slug: str) -> HttpResponse:
    """Every figure of every edition as CSV, revised figures included."""
    known, _standings = known_indicator(request, slug)
    file = io.StringIO()
    file.write("\ufeff")  # so that Excel reads it as UTF-8
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows(_rows(known))
    return HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")


def known_indicator(request: PublicRequest, slug: str) -> tuple[Known, list[Standing]]:
    """An indicator and its pledges as of the edition and day that the page shows, narrowed to the series that it reads.

    Raises Http404.
    """
    series = [value for name, value in request.page_parameters if name == "series"]
    return known_as_of(slug, request.as_of, standings_of(request), series)


def known_as_of(
    slug: str, as_of: AsOf, standings: Iterable[Standing], series: Sequence[str]
) -> tuple[Known, list[Standing]]:
    """An indicator and its pledges among `standings`. `series` are values of the parameter, each one slug or several
    with commas; with none it has all of its series. Raises Http404 if there is no such indicator or series."""
    row = get_object_or_404(reading.public(as_of.edition), slug=slug)
    (known,) = reading.known([row], edition=as_of.edition, until=as_of.asked_day)
    if series:
        known = known.only(",".join(series).split(","))
        if not known.lines:
            raise Http404("no figure of such a series was published")
    return known, reading.of_pledges(standings)[row.pk]


def _specification(request: PublicRequest, slug: str) -> dict[str, Any]:
    known, standings = known_indicator(request, slug)
    spec = charts_render.download(known, reading.marks(standings), credit=_credit(request, slug))
    if spec is None:
        raise Http404("there is nothing to draw: the figures are of one time only")
    return spec


def _credit(request: PublicRequest, slug: str) -> str:
    """The credit line of a chart: newsroom, edition, day and address."""
    words = {
        "newsroom": Newsroom.get().name,
        "number": request.as_of.edition,
        "day": dates.written(request.as_of.day),
        "address": f"{urlsplit(origin_of(request)).netloc}{reverse('indicator', args=[slug])}",
    }
    return _("%(newsroom)s, edition %(number)s, %(day)s · %(address)s") % words


COLUMNS = (
    *("indicator", "series", "series_en", "series_es", "period", "starts_on", "ends_on", "value", "unit_en", "unit_es"),
    *("source", "url", "note_en", "note_es", "edition", "published_on", "revision", "holds", "licence"),
)


def _rows(known: Known) -> Iterator[dict[str, str]]:
    """The rows of the CSV: for each period every figure, oldest edition first; `holds` marks the current one."""
    licence = harmless(Newsroom.get().licence)
    for line, figure in known.rows:
        for number, row in enumerate(reversed((figure.now, *figure.earlier))):
            yield _row(known.indicator, line, row, number, holds=row is figure.now) | {"licence": licence}


def _row(indicator: Indicator, line: Line, row: Observation, number: int, *, holds: bool) -> dict[str, str]:
    assert row.edition, "the figure is published"
    copied = ("period", "source", "url", "note_en", "note_es", "series")
    cells = {name: getattr(row, name) for name in copied}
    cells |= {
        "indicator": indicator.slug,
        "series_en": line.named.name_en if line.named else str(line.name),
        "series_es": line.named.name_es if line.named else "",
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "value": reading.decimal_text(row.value),
        "unit_en": indicator.unit_en,
        "unit_es": indicator.unit_es,
        "edition": str(row.edition_id),
        "published_on": timezone.localdate(row.edition.published_at).isoformat(),
        "revision": str(number),
        "holds": "yes" if holds else "no",
    }
    return {name: harmless(value) for name, value in cells.items()}
