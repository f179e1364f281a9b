"""The feeds of a search, of a pledge, and of the editions, each as Atom and as JSON (`kind`, see `feeds.KINDS`)."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from pledges.models import Newsroom
from pledges.queries import published_events
from pledges.queries.feed_topics import ADDRESSES
from pledges.queries.search import facets, filters
from pledges.queries.search.filters import Filter
from pledges.queries.search.saved_search import SavedSearch
from pledges.site.changes import feeds
from pledges.site.pledges.detail import Retracted, at_its_address, find
from pledges.site.shared.page_cache import PublicRequest, origin_of, page, standings_of, today


@page(*filters.PARAMETERS, dated=False, shows_watch=False)
def search_feed(request: PublicRequest, kind: str) -> HttpResponse:
    """The feed of the search that has the same query string on the list of pledges: what was published about the
    pledges that match it, and the changes after which others stopped matching.

    An unknown value is an error here (422): if it were ignored, this would be the feed of another search.
    """
    standings = standings_of(request)
    retractions = published_events.retractions(request.as_of.edition, day=today())
    retracted = [event.known for event in retractions]
    filter = filters.parse(request.GET, (*standings, *retracted))
    if filter.unknown:
        return _unknown(filter)
    search = SavedSearch(filter, standings, retracted)
    query, newsroom = filter.saved.to_query().rstrip("?"), Newsroom.get()
    words = facets.in_words(filter, search.results)
    feed = feeds.feed(
        kind,
        title=" · ".join([_("%(tracker)s: pledges") % {"tracker": newsroom.name}, *words]),
        about=str(newsroom.about),
        page=reverse("pledges") + query,
        path=reverse(ADDRESSES[kind]["search"]) + query,
        origin=origin_of(request),
        newsroom=newsroom,
        today=today(),
        pushed=not query,  # there is no list of searches, so the hub is not told of them
    )
    feeds.add_events(feed, search.events(retractions, newest=request.as_of.edition), origin_of(request))
    return _answer(feed)


def _unknown(filter: Filter) -> HttpResponse:
    text = "\n".join(
        _("“%(value)s” is not known here as a value of “%(name)s”.") % {"value": value, "name": name}
        for name, value in filter.unknown
    )
    return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")


@page(dated=False, shows_watch=False)
@at_its_address
def pledge_feed(request: PublicRequest, slug: str, kind: str) -> HttpResponse:
    """What was published about one pledge. The feed of a retracted pledge ends with the retraction (status 410)."""
    found, newsroom = find(request, slug), Newsroom.get()
    if isinstance(found, Retracted):
        standing, ending, status = found.before, [published_events.Event(found.retraction, found.before)], 410
    else:
        standing, ending, status = found.standing, [], 200
    feed = feeds.feed(
        kind,
        title=f"{standing.wording.title} · {newsroom.name}",
        about=str(standing.wording.statement),
        page=reverse("pledge", args=[slug]),
        path=reverse(ADDRESSES[kind]["pledge"], args=[slug]),
        name=reverse("pledge", args=[standing.pledge.first_address]),
        origin=origin_of(request),
        newsroom=newsroom,
        today=today(),
    )
    feeds.add_events(feed, [*published_events.events(standing), *ending], origin_of(request))
    return _answer(feed, status=status)


@page(dated=False, shows_watch=False)
def edition_feed(request: PublicRequest, kind: str) -> HttpResponse:
    """An entry for each of the newest editions."""
    newsroom = Newsroom.get()
    feed = feeds.feed(
        kind,
        title=_("%(name)s: editions") % {"name": newsroom.name},
        about=_("Every act of publication, with what it changed."),
        page=reverse("changes"),
        path=reverse(ADDRESSES[kind]["editions"]),
        origin=origin_of(request),
        newsroom=newsroom,
        today=today(),
    )
    feeds.add_editions(feed, request.as_of.edition, standings_of(request), origin_of(request))
    return _answer(feed)


def _answer(feed: feeds.Feed, status: int = 200) -> HttpResponse:
    response = HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type, status=status)
    if hub := feed.feed["hub"]:  # https://www.w3.org/TR/websub/#discovery
        links = ((hub, "hub"), (feed.feed["feed_url"], "self"))
        response["Link"] = ", ".join(f'<{iri_to_uri(address)}>; rel="{rel}"' for address, rel in links)
    return response
