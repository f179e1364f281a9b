"""The mandates, the page of one, and its progress as files."""

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
from pledges.queries.standings import Standing, standing_as_of
from pledges.queries.visibility import elections_until, mandates_until
from pledges.site.mandates import context as mandate_context
from pledges.site.mandates import pictures
from pledges.site.mandates.progress import HUNDRED, Days, Progress
from pledges.site.shared import summaries
from pledges.site.shared.page_cache import PublicRequest, page, standings_of, today
from pledges.site.shared.strips import Axis

PAGE_SIZE = 50
USUAL_SORT = "status"


@page()
def mandates(request: PublicRequest) -> HttpResponse:
    """Every mandate with its tally and how far it has come, to be chosen for a comparison."""
    found, day = standings_of(request), request.as_of.day
    listed = []
    for row in mandates_until(day):
        inside, days = summaries.in_mandate(found, row), mandate_context.days_of(row, day)
        listed.append(
            {
                "mandate": row,
                "elected_on": row.elected_by(day),
                "blocks": summaries.blocks(inside),
                "counts": summaries.counts(inside),
                "carried": _carried(inside, row),
                "where": mandate_context.day_in_words(row, days, day),
            }
        )
    return render(request, "pledges/mandates.html", {"listed": listed})


@page("page", "sort", "day")
def mandate(request: PublicRequest, slug: str) -> HttpResponse:
    """The days of one mandate, with every pledge made in it or carried into it on one axis.

    `?day=100` is what the slider sends: it leads to the address of that day of the mandate, `?on=…`.
    """
    # What the page's own links and forms carry along; a day is always the day of the address that it leads to.
    request.page_parameters = [pair for pair in request.page_parameters if pair[0] != "day"]
    row = get_object_or_404(Mandate, slug=slug)
    last = left_on(request.as_of.edition, today()) if request.as_of.by_edition else today()
    sort, unknown = _sort(request)
    if request.GET.get("day", "").strip():
        return _to_the_day(request, mandate_context.days_of(row, last), last)
    found = summaries.in_mandate(standings_of(request), row)
    days = mandate_context.days_of(row, request.as_of.day)
    context = {
        "mandate": row,
        "elected_on": row.elected_by(request.as_of.day),
        "where": mandate_context.day_in_words(row, days, request.as_of.day),
        "headline": summaries.title(found) if found else "",  # what was carried over may be somebody else's promise
        "blocks": summaries.blocks(found),
        "tally": summaries.counts(found),
        "carried": _carried(found, row),
        "unknown_sort": unknown,
        "sorts": [
            (_query(request, sort=value), label, value == sort) for value, label in mandate_context.SORTS.items()
        ],
    }
    context |= _last_decisions(request, row, found) | _slider(request, row, last, sort)
    context |= _picture(request, found, days, sort) | _progress(
        mandate_context.progress_of(found, row, request.as_of.day)
    )
    return render(request, "pledges/mandate.html", context, status=422 if unknown else 200)


@page()
def progress_csv(request: PublicRequest, slug: str) -> HttpResponse:
    """The tally of a mandate on each of its days, as far as they are known."""
    found = _progress_of(request, slug)
    table = StringIO()
    writer = csv.writer(table, lineterminator="\r\n")  # as RFC 4180 has it
    writer.writerow(["day", "date", "pledges", *pictures.ORDER, "licence"])
    licence = harmless(Newsroom.get().licence)
    for number, day, tally in found.daily():
        counts = [tally.get(status, 0) for status in pictures.ORDER]
        writer.writerow([number, day.isoformat(), sum(counts), *counts, licence])
    return HttpResponse(table.getvalue(), content_type="text/csv; charset=utf-8")


@page()
def progress_json(request: PublicRequest, slug: str) -> JsonResponse:
    """The picture of a mandate's progress as a Vega-Lite specification, with its figures in it."""
    spec = pictures.areas_spec(_progress_of(request, slug), pictures.WIDE, pictures.BLACK, pictures.PAINTS)
    spec = pictures.for_elsewhere(spec) | {"usermeta": {"licence": Newsroom.get().licence}}
    return JsonResponse(spec, json_dumps_params={"ensure_ascii": False})


def _progress_of(request: PublicRequest, slug: str) -> Progress:
    row = get_object_or_404(Mandate, slug=slug)
    return mandate_context.progress_of(summaries.in_mandate(standings_of(request), row), row, request.as_of.day)


def _carried(found: list[Standing], row: Mandate) -> int:
    """How many were made in another mandate and carried into this one."""
    return sum(standing.pledge.mandate != row for standing in found)


def _sort(request: PublicRequest) -> tuple[str, str]:
    """The order that is asked for, or the usual one and what was asked for instead."""
    asked = request.GET.get("sort") or USUAL_SORT
    return (asked, "") if asked in mandate_context.SORTS else (USUAL_SORT, asked[:80])


def _query(request: PublicRequest, **changes: str) -> str:
    """The query of this page in another order or as of another day ("" for today's)."""
    pairs = {"sort": _sort(request)[0], "on": "", "edition": ""} | dict(request.as_of.asked) | changes
    return "?" + urlencode([(n, v) for n, v in pairs.items() if v and (n, v) != ("sort", USUAL_SORT)])


def _on(day: date, last: date) -> str:
    """How an address asks for a day: what can be asked for last is what it shows unasked."""
    return "" if day == last else day.isoformat()


def _to_the_day(request: PublicRequest, days: Days, last: date) -> HttpResponse:
    text = request.GET["day"].strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    if not 1 <= number <= days.count:
        raise InvalidPeriod("day", _("This mandate has the days 1 to %(count)s.") % {"count": days.count})
    day = days.day(number)
    if day > last:
        words = {"number": number, "day": written(day, in_sentence=True)}
        raise InvalidPeriod("day", _("Day %(number)s of this mandate, %(day)s, lies ahead.") % words)
    return HttpResponseRedirect(request.path + _query(request, on=_on(day, last)))


def _last_decisions(request: PublicRequest, row: Mandate, found: list[Standing]) -> dict:
    """For a mandate that was closed by then: the tally of that day, by what is said of it now, of the pledges that are
    `found` in it. Only these are asked for another day: the table that is kept of all pledges stays today's."""
    if row.closed_on is None or row.closed_on > request.as_of.day:
        return {"was_closed": False}
    then = [standing_as_of(standing, edition=request.as_of.edition, day=row.closed_on) for standing in found]
    return {"was_closed": True, "closing_tally": summaries.counts([standing for standing in then if standing])}


def _slider(request: PublicRequest, row: Mandate, last: date, sort: str) -> dict:
    """The slider over the days that can be asked for; a mandate that lies wholly ahead has none."""
    days, day = mandate_context.days_of(row, last), request.as_of.day
    if row.starts_on > last:
        return {"slider": None}
    most = min(days.count, days.number(last))
    marks = mandate_context.landmarks(row, days, elections_until(last), last)
    marks += [(_("Today") if last == today() else _("The edition’s last day"), last)]
    return {
        "slider": {
            "most": most,
            "value": min(max(days.number(day), 1), most),
            "words": mandate_context.slider_words(row, days),
            "sort": "" if sort == USUAL_SORT else sort,
        },
        "landmarks": [(name, _query(request, on=_on(mark, last)), mark == day) for name, mark in marks],
    }


def _picture(request: PublicRequest, found: list[Standing], days: Days, sort: str) -> dict:
    rows = Paginator(mandate_context.in_order(found, sort), PAGE_SIZE).get_page(request.GET.get("page"))
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


def _progress(found: Progress) -> dict:
    days = found.days
    marked = {HUNDRED, *(days.number(day) for _years, day in days.anniversaries), found.last}
    known = sorted(number for number in marked if 1 <= number <= found.last)
    return {
        "pictures": pictures.areas(found),
        "statuses": found.statuses,
        "quarters": mandate_context.by_quarter(found) if found.most else [],
        "told": [mandate_context.told(found, days.day(number)) for number in known] if found.most else [],
        "thinned": len(found.steps) > pictures.MOST_STEPS,
    }
