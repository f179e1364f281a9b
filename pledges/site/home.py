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
MOST_LISTED = 20  # of each short list; the rest is a number that links to the list of pledges


def _shortened(standings: Iterable[Standing]) -> tuple[list[Standing], int]:
    """The first of the pledges, and how many more there are."""
    standings = list(standings)
    return standings[:MOST_LISTED], len(standings[MOST_LISTED:])


@page()
def home(request: PublicRequest) -> HttpResponse:
    """The front page: the tally, the latest changes, overdue and headline pledges, and when the news was last read."""
    standings = standings_of(request)
    overdue = [standing for standing in standings if standing.timeliness == Timeliness.OVERDUE]
    mandates = [row for row in mandates_until(request.as_of.day) if summaries.in_mandate(standings, row)]
    elected = next(iter(elections_until(request.as_of.day)), None)
    latest = sorted((s for s in standings if s.latest), key=lambda s: (s.changed_on, s.pledge.slug), reverse=True)
    return render(
        request,
        "pledges/home.html",
        {
            "headline": summaries.title(standings),
            "blocks": summaries.blocks(standings),
            "tally": summaries.counts(standings),
            "searched_for": summaries.searched_for(standings),
            "latest": latest[:LATEST],
            "headline_set": _shortened(standing for standing in standings if standing.pledge.headline),
            "overdue": _shortened(overdue),
            "axis": axis_until(request.as_of.day, standings),
            "mandates": mandates,
            "month_ago": days_before(request.as_of.day, MONTH),
            "began": mandates[0].starts_on if mandates else None,
            "elected": elected,
            "since_elected": periods.since(elected, request.as_of.day) if elected else "",
        },
    )
