"""The weekly report of this week and earlier ones, as a page and as a plain text to paste."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from pledges.domain.weeks import Week
from pledges.queries import weekly_report as weeks
from pledges.queries.change_text import describe, due
from pledges.site.changes.views import HtmlWriter, grouped
from pledges.site.shared.page_cache import PublicRequest, origin_of, page, pulse_of, today


@page(dated=False)
def this_week(request: PublicRequest) -> HttpResponse:
    """The report of the current week in the newsroom's calendar."""
    return _week(request, Week.of(today()))


@page(dated=False, slots="weeks")
def week(request: PublicRequest, week: Week) -> HttpResponse:
    """The report of one week; 404 for a week in the future."""
    return _week(request, week)


@page(dated=False, slots="weeks")
def week_text(request: PublicRequest, week: Week) -> HttpResponse:
    """The report of one week as plain text."""
    if week.monday > today():
        raise Http404("this week lies ahead")
    site = origin_of(request)
    text = weeks.week_text(week.year, week.number, get_language() or "en", today=today(), site=site)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _week(request: PublicRequest, row: Week) -> HttpResponse:
    if row.monday > today():
        raise Http404("this week lies ahead")
    report = weeks.report(row, today=today())
    as_of = "" if report.until.edition == pulse_of(request).edition else f"?edition={report.until.edition}"
    writer = HtmlWriter(as_of, named=report.several_people)
    groups = [
        {**group, "more": more}
        for kind, changes, more in report.groups
        for group in grouped(describe(change, writer) for change in changes)
    ]
    following = row.next if row.next and row.next.monday <= today() else None
    return render(
        request,
        "pledges/week.html",
        {
            "report": report,
            "week": row,
            "title": weeks.title(row, report.end),
            "groups": groups,
            "due": [due(standing, writer) for standing in report.due[0]],
            "due_more": report.due[1],
            "published": weeks.editions_sentence(report),
            "watched": weeks.watch_sentences(report.watch),
            "previous": row.previous if not report.too_early else None,
            "next": following,
            "current": Week.of(today()),
        },
    )
