"""The front page."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render

from pledges.domain.rules import Timeliness, days_before
from pledges.queries import periods
from pledges.queries.standings import Standing
from pledges.queries.visibility import elections_until, mandates_until
from pledges.site.pledges.context import axis_until
from pledges.site.shared import summaries
from pledges.site.shared.page_cache import PublicRequest, page, standings_of

LATEST = 6
MONTH = 30  # days
MOST_LISTED = 20  # of a list beside the others; the rest is a number that leads to the list of pledges


def _beginning(found: Iterable[Standing]) -> tuple[list[Standing], int]:
    """The first of them, and how many more there are."""
    found = list(found)
    return found[:MOST_LISTED], len(found[MOST_LISTED:])


@page()
def home(request: PublicRequest) -> HttpResponse:
    """What this is, the tally, what changed last, and when the news was last checked."""
    found = standings_of(request)
    overdue = [standing for standing in found if standing.timeliness == Timeliness.OVERDUE]
    mandates = [row for row in mandates_until(request.as_of.day) if summaries.in_mandate(found, row)]
    elected = next(iter(elections_until(request.as_of.day)), None)
    latest = sorted((s for s in found if s.latest), key=lambda s: (s.changed_on, s.pledge.slug), reverse=True)
    return render(
        request,
        "pledges/home.html",
        {
            "headline": summaries.title(found),
            "blocks": summaries.blocks(found),
            "tally": summaries.counts(found),
            "latest": latest[:LATEST],
            "headline_set": _beginning(standing for standing in found if standing.pledge.headline),
            "overdue": _beginning(overdue),
            "axis": axis_until(request.as_of.day, found),
            "mandates": mandates,
            "month_ago": days_before(request.as_of.day, MONTH),
            # The first is the newest; on its first day, what the one before left.
            "began": mandates[0].starts_on if mandates else None,
            "elected": elected,
            "since_elected": periods.since(elected, request.as_of.day) if elected else "",
        },
    )
