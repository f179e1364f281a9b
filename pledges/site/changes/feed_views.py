"""The feeds, as Atom: of a search, of a pledge, and of the editions."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from pledges.models import Newsroom
from pledges.queries import published_events
from pledges.queries.search import facets
from pledges.queries.search.facets import Filter
from pledges.queries.search.saved_search import SavedSearch
from pledges.queries.standings import standing_before_retraction
from pledges.site.changes import feeds
from pledges.site.pledges.detail import found
from pledges.site.shared.page_cache import PublicRequest, origin_of, page, standings_of, today


@page(*facets.PARAMETERS, dated=False)
def search_feed(request: PublicRequest) -> HttpResponse:
    """The feed of the search that has the same query string on the list of pledges: what was published of the pledges
    that fit it, and with what others left it.

    What it asks for that is not known is an error here (422): the rest of the search would be another feed.
    """
    retractions = published_events.retractions(request.as_of.edition, day=today())
    saved = SavedSearch(request.GET, standings_of(request), [event.known for event in retractions])
    if saved.asked.unknown:
        return _unknown(saved.asked)
    query, newsroom = saved.asked.saved().rstrip("?"), Newsroom.get()
    chosen = [str(choice.label) for facet in saved.now[1] for choice in facet.choices if choice.chosen]
    words = [f"“{saved.asked.q}”", *chosen] if saved.asked.q else chosen
    atom = feeds.atom(
        title=" · ".join([_("%(tracker)s: pledges") % {"tracker": newsroom.name}, *words]),
        about=str(newsroom.about),
        page=reverse("pledges") + query,
        path=reverse("pledges_feed") + query,
        origin=origin_of(request),
        newsroom=newsroom,
        today=today(),
    )
    feeds.add_events(atom, saved.events(retractions, newest=request.as_of.edition), origin_of(request))
    return _answer(atom)


def _unknown(asked: Filter) -> HttpResponse:
    text = "\n".join(
        _("“%(value)s” is not known here as a value of “%(name)s”.") % {"value": value, "name": name}
        for name, value in asked.unknown
    )
    return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")


@page(dated=False)
def pledge_feed(request: PublicRequest, slug: str) -> HttpResponse:
    """What was published of one pledge; once it was retracted the feed says so, for the last time (410)."""
    standing, _near, retraction = found(request, slug)
    known, newsroom = standing or standing_before_retraction(retraction), Newsroom.get()
    atom = feeds.atom(
        title=f"{known.wording.title} · {newsroom.name}",
        about=str(known.wording.statement),
        page=reverse("pledge", args=[slug]),
        path=reverse("pledge_feed", args=[slug]),
        origin=origin_of(request),
        newsroom=newsroom,
        today=today(),
    )
    told = [*published_events.events(known), *([] if standing else [published_events.Event(retraction, known)])]
    feeds.add_events(atom, told, origin_of(request))
    return _answer(atom, status=200 if standing else 410)


@page(dated=False)
def edition_feed(request: PublicRequest) -> HttpResponse:
    """Every act of publication, one entry each, the newest hundred."""
    newsroom = Newsroom.get()
    atom = feeds.atom(
        title=_("%(name)s: editions") % {"name": newsroom.name},
        about=_("Every act of publication, with what it changed."),
        page=reverse("changes"),
        path=reverse("changes_feed"),
        origin=origin_of(request),
        newsroom=newsroom,
        today=today(),
    )
    feeds.add_editions(atom, request.as_of.edition, standings_of(request), origin_of(request))
    return _answer(atom)


def _answer(atom: Atom1Feed, status: int = 200) -> HttpResponse:
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type, status=status)
