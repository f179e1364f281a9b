"""The embeds: a pledge, a list of pledges, a mandate and an indicator, each a page for a frame on another site.

They are the only pages that other sites may frame. They set no cookie, and with style sheet and script take less than
15 kB. `?theme=` says how the page around looks: light (the default), dark, or auto, which is what the reader's device
prefers. `on` and `edition` pin them.
"""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from csp.decorators import csp_replace
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from pledges.queries import offices, visibility
from pledges.queries.asof import InvalidPeriod
from pledges.queries.standings import Standing
from pledges.site.charts.slim import slim
from pledges.site.embeds import charts, lists
from pledges.site.mandates import context as mandate_context
from pledges.site.pledges.context import axis_until
from pledges.site.pledges.detail import Retracted, at_its_address, find
from pledges.site.shared import summaries
from pledges.site.shared.page_cache import PublicRequest, page, standings_of

NOT_FOUND = "pledges/embed_nothing.html"
THEMES = ("light", "dark", "auto")
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Shapes:
    """The statuses of which an embed needs the pattern or the symbol."""

    patterns: frozenset[str] = field(default_factory=frozenset)
    symbols: frozenset[str] = field(default_factory=frozenset)


def _not_found_in_a_frame(view: View) -> View:
    """Decorator: answer 404 with a page for a frame; no frame may show the site's usual page for it."""

    @functools.wraps(view)
    def framed(request: PublicRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return render(request, NOT_FOUND, status=404)

    return framed


def check_theme(theme: str) -> None:
    """Raise InvalidPeriod at `theme` if there is no such theme."""
    if theme not in THEMES:
        words = {"themes": ", ".join(THEMES)}
        raise InvalidPeriod("theme", _("A frame has one of these themes: %(themes)s.") % words)


def _themed(view: View) -> View:
    """Decorator: refuse a theme that there is not."""

    @functools.wraps(view)
    def themed(request: PublicRequest, *args: object, **kwargs: object) -> HttpResponse:
        check_theme(request.GET.get("theme", THEMES[0]))
        return view(request, *args, **kwargs)

    return themed


def frame(*parameters: str) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Decorator of an embed: a cached, dated public page that every site may frame, with errors that fit in it.

    `parameters` are the query parameters that it reads beside the theme and the time.
    """

    def decorate(view: View) -> Callable[..., HttpResponseBase]:
        shown = page("theme", *parameters, impossible=NOT_FOUND)(_themed(view))
        return xframe_options_exempt(csp_replace({"frame-ancestors": ["*"]})(_not_found_in_a_frame(shown)))

    return decorate


@frame()
@at_its_address
def pledge(request: PublicRequest, slug: str) -> HttpResponse:
    """Where a pledge stands, with its latest update and the evidence for that; 410 if the pledge was retracted."""
    found = find(request, slug)
    retracted = isinstance(found, Retracted)
    standing = found.before if isinstance(found, Retracted) else found.standing
    shown = {standing.status, *(status for _day, status in standing.changes), "not_rated"}
    context = {
        "standing": standing,
        "retraction": found.retraction,
        "gone": retracted,
        "axis": axis_until(standing.day, [standing]),
        "shapes": Shapes() if retracted else Shapes(frozenset(shown), frozenset({standing.status})),
    }
    return render(request, "pledges/embed.html", context, status=410 if retracted else 200)


@frame(*lists.PARAMETERS)
def pledges(request: PublicRequest) -> HttpResponse:
    """The first pledges of a list, with how many there are of each status."""
    listed = lists.listed(request.GET, request.as_of)
    context = {
        "heading": listed.heading,
        "note": listed.note,
        "filter": listed.filter,
        "rows": listed.rows,
        "total": len(listed.matching),
        "counts": summaries.counts(listed.matching),
        "retracted": _retracted_since(request, listed.rows),
        "named": offices.of_several_people(standings_of(request)),
        "shapes": Shapes(symbols=frozenset(standing.status for standing in listed.matching)),
    }
    return render(request, "pledges/embed_list.html", context)


@frame()
def mandate(request: PublicRequest, slug: str) -> HttpResponse:
    """How many pledges of a mandate had each status on each of its days, as a picture and in a sentence."""
    chart = charts.of_mandate(slug, request.as_of)
    row, day = chart.mandate, request.as_of.day
    evidence = [piece for standing in chart.of.standings for update in standing.updates for piece in update.evidence]
    context = {
        "mandate": row,
        "title": chart.title,
        "of": chart.of,
        "where": mandate_context.day_in_words(row, chart.progress.days, day),
        "picture": slim(chart.drawing) if chart.drawing else "",
        "sentence": chart.sentence,
        "evidence": len(evidence),
        "was_closed": bool(row.closed_on and row.closed_on <= day),
        "shapes": Shapes(patterns=frozenset(chart.progress.statuses)),
    }
    return render(request, "pledges/embed_mandate.html", context)


@frame("series")
def indicator(request: PublicRequest, slug: str) -> HttpResponse:
    """The first chart of an indicator with its newest figures and its sources; `?series=one,another` selects series."""
    chart = charts.of_indicator(slug, request.as_of, request.GET.getlist("series"))
    context = {
        "indicator": chart.known.indicator,
        "known": chart.known,
        "picture": chart.picture,
        "drawing": slim(chart.drawing) if chart.drawing else "",
        "newest": chart.newest,
        "sources": chart.sources,
        "longest_sources": charts.LONGEST_SOURCES,
        "longest_caveat": charts.LONGEST_CAVEAT,
        "shapes": Shapes(),
    }
    return render(request, "pledges/embed_indicator.html", context)


def _retracted_since(request: PublicRequest, shown: Iterable[Standing]) -> dict[int, int]:
    """Of the pledges of a pinned list those that were retracted later: {id of the pledge: number of the edition}."""
    if not request.as_of.asked:
        return {}
    later = visibility.public_retractions().filter(pledge__in=[standing.pledge.pk for standing in shown])
    return dict(later.values_list("pledge_id", "edition_id"))
