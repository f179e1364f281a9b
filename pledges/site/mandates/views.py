"""The list of mandates, the page of each one, and its progress as CSV and JSON."""

import csv
from datetime import date
from io import StringIO
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.domain.spreadsheets import harmless
from pledges.models import Mandate, Newsroom
from pledges.queries.asof import InvalidPeriod, left_on
from pledges.queries.offices import elections_for
from pledges.queries.standings import Standing, standing_as_of
from pledges.queries.visibility import mandates_until
from pledges.site.cards import pictures
from pledges.site.cards import tally as tally_card
from pledges.site.mandates import context as mandate_context
from pledges.site.mandates import pictures as progress_pictures
from pledges.site.mandates.progress import HUNDRED, Days, Progress
from pledges.site.shared import summaries
from pledges.site.shared.page_cache import PublicRequest, page, standings_of, today
from pledges.site.shared.strips import Axis

PAGE_SIZE = 50
DEFAULT_SORT = "status"


@page()
def mandates(request: PublicRequest) -> HttpResponse:
    """Every mandate with its tally and its present day, and a form to compare several of them."""
    day = request.as_of.day
    rows = list(mandates_until(day))
    listed = [
        {
            "of": of,
            "mandate": of.mandate,
            "elected_on": of.mandate.elected_by(day),
            "where": mandate_context.day_in_words(of.mandate, mandate_context.days_of(of.mandate, day), day),
        }
        for of in summaries.of_mandates(standings_of(request), rows)
    ]
    return render(request, "pledges/mandates.html", {"listed": listed})


@page("page", "sort", "day")
def mandate(request: PublicRequest, slug: str) -> HttpResponse:
    """One mandate, with every pledge made in it or carried into it on one axis of days.

    The slider sends `?day=100`, which redirects to the page as of that day of the mandate, `?on=…`.
    """
    # Links and forms of the page must not repeat the parameter of the slider.
    request.page_parameters = [pair for pair in request.page_parameters if pair[0] != "day"]
    row = get_object_or_404(Mandate, slug=slug)
    last = left_on(request.as_of.edition, today()) if request.as_of.by_edition else today()
    sort, unknown = _sort(request)
    if request.GET.get("day", "").strip():
        return _redirect_to_day(request, mandate_context.days_of(row, last), last)
    of = summaries.of_mandate(standings_of(request), row)
    standings = of.standings
    days = mandate_context.days_of(row, request.as_of.day)
    context: dict[str, object] = {
        "mandate": row,
        "elected_on": row.elected_by(request.as_of.day),
        "where": mandate_context.day_in_words(row, days, request.as_of.day),
        "of": of,
        "picture": pictures.picture(request, "mandate_card", tally_card.of_mandate(of).sentences, args=[row.slug]),
        "unknown_sort": unknown,
        "sorts": [
            (_query(request, sort=value), label, value == sort) for value, label in mandate_context.SORTS.items()
        ],
    }
    context |= _closing(request, row, standings) | _slider(request, row, last, sort)
    context |= _rows(request, standings, days, sort) | _progress(
        mandate_context.progress_of(standings, row, request.as_of.day)
    )
    return render(request, "pledges/mandate.html", context, status=422 if unknown else 200)


@pictures.card_page()
def card(request: PublicRequest, slug: str) -> HttpResponse:
    """The picture that social networks show with a link to the mandate, as PNG; `?shape=` as for every card."""
    shape = pictures.shape_of(request)
    of = summaries.of_mandate(standings_of(request), get_object_or_404(Mandate, slug=slug))
    return pictures.answer(tally_card.card(tally_card.of_mandate(of), shape, pictures.source_of(request)))


@page()
def progress_csv(request: PublicRequest, slug: str) -> HttpResponse:
    """The tally of each known day of a mandate as CSV."""
    progress = _progress_of(request, slug)
    table = StringIO()
    writer = csv.writer(table, lineterminator="\r\n")  # as RFC 4180 has it
    writer.writerow(["day", "date", "pledges", *progress_pictures.ORDER, "licence"])
    licence = harmless(Newsroom.get().licence)
    for number, day, tally in progress.daily():
        counts = [tally.get(status, 0) for status in progress_pictures.ORDER]
        writer.writerow([number, day.isoformat(), sum(counts), *counts, licence])
    return HttpResponse(table.getvalue(), content_type="text/csv; charset=utf-8")


@page()
def progress_json(request: PublicRequest, slug: str) -> JsonResponse:
    """The picture of a mandate's progress as a Vega-Lite specification, with its data."""
    spec = progress_pictures.areas_spec(
        _progress_of(request, slug), progress_pictures.WIDE, progress_pictures.BLACK, progress_pictures.PAINTS
    )
    spec = progress_pictures.for_download(spec) | {"usermeta": {"licence": Newsroom.get().licence}}
    return JsonResponse(spec, json_dumps_params={"ensure_ascii": False})


def _progress_of(request: PublicRequest, slug: str) -> Progress:
    row = get_object_or_404(Mandate, slug=slug)
    return mandate_context.progress_of(summaries.in_mandate(standings_of(request), row), row, request.as_of.day)


def _sort(request: PublicRequest) -> tuple[str, str]:
    """The order that the address asks for, and ""; or the default order, and the unknown value."""
    sort = request.GET.get("sort") or DEFAULT_SORT
    return (sort, "") if sort in mandate_context.SORTS else (DEFAULT_SORT, sort[:80])


def _query(request: PublicRequest, **changes: str) -> str:
    """The query string of this page with some parameters changed; "" removes one."""
    values = {"sort": _sort(request)[0], "on": "", "edition": ""} | dict(request.as_of.asked) | changes
    return "?" + urlencode([pair for pair in values.items() if pair[1] and pair != ("sort", DEFAULT_SORT)])


def _on(day: date, last: date) -> str:
    """The parameter `on` for a day: "" for the last possible day, which is the default."""
    return "" if day == last else day.isoformat()


def _redirect_to_day(request: PublicRequest, days: Days, last: date) -> HttpResponse:
    text = request.GET["day"].strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    if not 1 <= number <= days.count:
        raise InvalidPeriod("day", _("This mandate has the days 1 to %(count)s.") % {"count": days.count})
    day = days.day(number)
    if day > last:
        words = {"number": number, "day": written(day, in_sentence=True)}
        raise InvalidPeriod("day", _("Day %(number)s of this mandate, %(day)s, lies ahead.") % words)
    return HttpResponseRedirect(request.path + _query(request, on=_on(day, last)))


def _closing(request: PublicRequest, row: Mandate, standings: list[Standing]) -> dict[str, object]:
    """For a mandate that is closed: the tally of its pledges on the day of its closing, according to this edition.
    Only these are worked out for another day; the cached table of all pledges stays today's."""
    if row.closed_on is None or row.closed_on > request.as_of.day:
        return {"was_closed": False}
    edition, day = request.as_of.edition, row.closed_on
    at_closing = (standing_as_of(standing, edition=edition, day=day) for standing in standings)
    return {"was_closed": True, "closing_tally": summaries.counts(filter(None, at_closing))}


def _slider(request: PublicRequest, row: Mandate, last: date, sort: str) -> dict[str, object]:
    """The slider over the days that can be shown; a mandate that has not begun has none."""
    days, day = mandate_context.days_of(row, last), request.as_of.day
    if row.starts_on > last:
        return {"slider": None}
    most = min(days.count, days.number(last))
    marks = mandate_context.landmarks(row, days, elections_for(row, last), last)
    marks += [(_("Today") if last == today() else _("The edition’s last day"), last)]
    return {
        "slider": {
            "most": most,
            "value": min(max(days.number(day), 1), most),
            "words": mandate_context.slider_words(row, days),
            "sort": "" if sort == DEFAULT_SORT else sort,
        },
        "landmarks": [(name, _query(request, on=_on(mark, last)), mark == day) for name, mark in marks],
    }


def _rows(request: PublicRequest, standings: list[Standing], days: Days, sort: str) -> dict[str, object]:
    rows = Paginator(mandate_context.in_order(standings, sort), PAGE_SIZE).get_page(request.GET.get("page"))
    axis = Axis(days.start, days.end)
    return {
        "rows": rows,
        "previous": _query(request, page=str(rows.previous_page_number())) if rows.has_previous() else "",
        "next": _query(request, page=str(rows.next_page_number())) if rows.has_next() else "",
        "days": days,
        "axis": axis,
        "marks": mandate_context.marks(days),
        "now": axis.at(request.as_of.day) if axis.start < request.as_of.day < axis.end else None,
    }


def _progress(progress: Progress) -> dict[str, object]:
    days = progress.days
    marked = {HUNDRED, *(days.number(day) for _years, day in days.anniversaries), progress.last}
    known = sorted(number for number in marked if 1 <= number <= progress.last)
    return {
        "pictures": progress_pictures.areas(progress),
        "statuses": progress.statuses,
        "known": progress.known,
        "quarters": mandate_context.by_quarter(progress) if progress.most else [],
        "told": [mandate_context.tally_sentence(progress, days.day(number)) for number in known]
        if progress.most
        else [],
        "thinned": len(progress.steps) > progress_pictures.MOST_STEPS,
    }
