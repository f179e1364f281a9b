"""This week, and every week before it: a page in sentences, and the same as a text to paste."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from pledges.domain.weeks import Week
from pledges.queries import weekly_report as weeks
from pledges.queries.change_text import describe, due
from pledges.site.changes.views import HtmlWriter, grouped
from pledges.site.shared.page_cache import origin_of, page, pulse_of, today


@page(dated=False)
def this_week(request: HttpRequest) -> HttpResponse:
    """The week that today belongs to, in the newsroom's calendar."""
    return _week(request, Week.of(today()))


@page(dated=False)
def week(request: HttpRequest, week: Week) -> HttpResponse:
    """One week; those that lie ahead are not there yet (404)."""
    return _week(request, week)


@page(dated=False)
def week_text(request: HttpRequest, week: Week) -> HttpResponse:
    """The same as plain text."""
    if week.monday > today():
        raise Http404("this week lies ahead")
    site = origin_of(request)
    text = weeks.week_text(week.year, week.number, get_language() or "en", today=today(), site=site)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _week(request: HttpRequest, row: Week) -> HttpResponse:
    if row.monday > today():
        raise Http404("this week lies ahead")
    found = weeks.report(row, today=today())
    pen = HtmlWriter("" if found.until.edition == pulse_of(request).edition else f"?edition={found.until.edition}")
    groups = [
        {**group, "more": more}
        for kind, changes, more in found.groups
        for group in grouped(describe(change, pen) for change in changes)
    ]
    following = row.next if row.next and row.next.monday <= today() else None
    return render(
        request,
        "pledges/week.html",
        {
            "report": found,
            "week": row,
            "title": weeks.title(row, found.end),
            "groups": groups,
            "due": [due(standing, pen) for standing in found.due[0]],
            "due_more": found.due[1],
            "published": weeks.published_words(found),
            "watched": weeks.watch_words(found.read),
            "previous": row.previous if not found.too_early else None,
            "next": following,
            "current": Week.of(today()),
        },
    )
