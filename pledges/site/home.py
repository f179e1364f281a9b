"""The front page, and its picture for sharing. They are of one mandate; the others are one press away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render

from pledges.domain.rules import Timeliness, days_before
from pledges.models import Mandate
from pledges.queries import offices, periods
from pledges.queries.standings import Standing
from pledges.site.cards import newsroom, pictures
from pledges.site.cards import tally as tally_card
from pledges.site.pledges.context import axis_until
from pledges.site.shared.page_cache import PublicRequest, newsroom_of, page, standings_of
from pledges.site.shared.summaries import OfMandate, of_mandates, searched_for

LATEST = 6
MONTH = 30  # days
MOST_LISTED = 20  # of each short list; the rest is a number that links to the list of pledges


@dataclass(frozen=True)
class Front:
    """What the front page is of: `shown` is the mandate with its pledges, None while no mandate has any.

    `mandates` are the mandates with pledges, the newest first. `asked` is the slug in the address, or "". `elected` is
    the mandate last won in the office of the one that is shown, which may not have begun.
    """

    shown: OfMandate | None
    mandates: list[OfMandate]
    asked: str
    elected: Mandate | None

    @property
    def others(self) -> list[OfMandate]:
        """The other mandates with pledges, where the one that is shown leaves any pledge out."""
        if self.shown is None or not (self.shown.narrowed_to or not self.shown.standings):
            return []
        return [each for each in self.mandates if each.mandate != self.shown.mandate]


def front_of(request: PublicRequest) -> Front:
    """The mandate that the address names, by default the newest with public pledges. Raises Http404 for an unknown one.

    The number of queries is fixed.
    """
    day, asked = request.as_of.day, request.GET.get("mandate", "").strip()
    known = offices.mandates_known(day)
    every = of_mandates(standings_of(request), known)
    mandates = [each for each in every if each.standings and each.mandate.starts_on <= day]
    shown = _asked(asked, every) if asked else next(iter(mandates), None)
    elected = None
    if shown:
        of_office = [row for row in known if offices.same_office(row, shown.mandate)]
        elected = next(iter(offices.elections(of_office, day).values()), None)
    return Front(shown, mandates, asked, elected)


def _asked(slug: str, every: Sequence[OfMandate]) -> OfMandate:
    for each in every:
        if each.mandate.slug == slug:
            return each
    row = Mandate.objects.filter(slug=slug).first() if "\x00" not in slug else None
    if row is None:
        raise Http404("no mandate has this address")
    return of_mandates((), [row])[0]  # as of a day before it


@page("mandate", once=("mandate",))
def home(request: PublicRequest) -> HttpResponse:
    """The front page: the tally, the latest changes, overdue and headline pledges, and when the news was last read."""
    front = front_of(request)
    standings = front.shown.standings if front.shown else []
    latest = sorted((s for s in standings if s.latest), key=lambda s: (s.changed_on, s.pledge.slug), reverse=True)
    return render(
        request,
        "pledges/home.html",
        {
            "front": front,
            "shown": front.shown,
            "searched_for": searched_for(standings),
            "latest": latest[:LATEST],
            "newest": [] if latest else sorted(standings, key=lambda s: s.last_edition, reverse=True)[:LATEST],
            "headline_set": _shortened(standing for standing in standings if standing.pledge.headline),
            "overdue": _shortened(s for s in standings if s.timeliness == Timeliness.OVERDUE),
            "axis": axis_until(request.as_of.day, standings),
            "named": offices.of_several_people(standings),
            **_questions(request, front),
            **_picture(request, front),
        },
    )


@pictures.card_page("mandate", once=("mandate",))
def card(request: PublicRequest) -> HttpResponse:
    """The picture that social networks show with a link to the front page, as PNG; `?shape=` as for every card."""
    shape = pictures.shape_of(request)
    front = front_of(request)
    if front.shown is None or not front.shown.standings:
        raise Http404("no pledge is public")
    return pictures.answer(tally_card.card(tally_card.of_mandate(front.shown), shape, pictures.source_of(request)))


@pictures.card_page()
def newsroom_card(request: PublicRequest) -> HttpResponse:
    """The picture of the tracker itself, for pages that have none of their own, as PNG; `?shape=` as for every card."""
    about = str(newsroom_of(request).about)
    return pictures.answer(newsroom.card(about, pictures.shape_of(request), pictures.source_of(request)))


def _shortened(standings: Iterable[Standing]) -> tuple[list[Standing], int]:
    """The first of the pledges, and how many more there are."""
    standings = list(standings)
    return standings[:MOST_LISTED], len(standings[MOST_LISTED:])


def _questions(request: PublicRequest, front: Front) -> dict[str, object]:
    """The parameters of the links of the front page; those to *What changed* are of this mandate where there are
    pledges of others."""
    if front.shown is None:
        return {}
    day, row, elected = request.as_of.day, front.shown.mandate, front.elected
    several = len(front.mandates) > 1
    of = [("mandate", front.shown.narrowed_to)] if front.shown.narrowed_to else []
    began = [("mandate", row.slug)] if several else []
    return {
        "several": several,
        "since_month": periods.since(days_before(day, MONTH - 1), None, *of),
        "since_elected": periods.since(elected.elected_on, day, *of) if elected and elected.elected_on else "",
        "when_it_began": "?" + urlencode([*began, ("on", row.starts_on.isoformat())]) if row.starts_on <= day else "",
    }


def _picture(request: PublicRequest, front: Front) -> dict[str, object]:
    """The card, of the mandate that the page's address names if it does."""
    if front.shown is None or not front.shown.standings:
        return {}
    mandate = [("mandate", front.asked)] if front.asked else []
    text = tally_card.of_mandate(front.shown).sentences
    return {"picture": pictures.picture(request, "home_card", text, query=mandate)}
