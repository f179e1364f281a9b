"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pledges.access import mandates_until
from pledges.pledge_page import axis_until
from pledges.rules import Timeliness

from . import summaries
from .shell import page, standings_of

LATEST = 6


@page()
def home(request: HttpRequest) -> HttpResponse:
    """What this is, the tally, what changed last, and when the news was last checked."""
    found = standings_of(request)
    overdue = [standing for standing in found if standing.timeliness == Timeliness.OVERDUE]
    latest = sorted((s for s in found if s.latest), key=lambda s: (s.changed_on, s.pledge.slug), reverse=True)
    return render(
        request,
        "pledges/home.html",
        {
            "headline": summaries.title(found),
            "blocks": summaries.blocks(found),
            "tally": summaries.counts(found),
            "latest": latest[:LATEST],
            "headline_set": [standing for standing in found if standing.pledge.headline],
            "overdue": overdue,
            "axis": axis_until(request.as_of.day, found),
            "mandates": [row for row in mandates_until(request.as_of.day) if summaries.in_mandate(found, row)],
        },
    )
