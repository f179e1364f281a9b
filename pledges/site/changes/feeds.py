"""What is published, as Atom: whichever feed tells of it, it has one id, one wording and one address.

An entry is of one row that an edition published, and says what that edition said: nothing that is published later
changes it. Its id (RFC 4151) is of the row and the language, and stays. Addresses are absolute, times are UTC.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from heapq import nlargest
from urllib.parse import urlsplit

from django.db.models import Exists
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.models import EditionItem, Newsroom, Observation
from pledges.queries import edition_items, periods, visibility
from pledges.queries.published_events import EDITIONS, Event, retractions
from pledges.queries.standings import Standing
from pledges.site.shared.citations import printable

MOST = 50  # entries of pledges in a feed
ITEMS = 20  # that an entry of an edition names


# --- feeds ------------------------------------------------------------------------------------------------------------


def atom(*, title: str, about: str, page: str, path: str, origin: str, newsroom: Newsroom, today: date) -> Atom1Feed:
    """A feed without entries, in the active language; of a closed tracker with the one that says so, since few readers
    of feeds show what stands beside the entries.

    `page` is the path of the page that says the same, `path` its own, `origin` what both stand at.
    """
    closed = newsroom.is_closed(today)
    notice = _closing_words(newsroom) if closed else ""
    feed = Atom1Feed(
        title=printable(title),
        subtitle=printable(" ".join(filter(None, [notice, about]))),
        link=origin + page,
        feed_url=origin + path,
        description="",
        author_name=printable(str(newsroom.name)),
        feed_copyright=printable(newsroom.licence) or None,
        language=get_language(),
    )
    if closed:
        when = timezone.make_aware(datetime.combine(newsroom.closed_on, time()))
        note = format_html("<p>{}</p>", newsroom.closing_note or notice)
        _add(feed, notice, origin + reverse("home"), note, when, _id(origin, "closed"))
    return feed


def add_events(feed: Atom1Feed, told: Iterable[Event], origin: str) -> None:
    """Put the newest of these into a feed, the newest first."""
    for event in nlargest(MOST, told, key=lambda event: event.place):
        at, name = event.row.edition.published_at, _id(origin, f"{event.kind}:{event.row.pk}")
        topics = [printable(str(topic)) for topic in event.known.topics]
        _add(feed, event.title, origin + event.path, event.summary, at, name, categories=topics)


def add_editions(feed: Atom1Feed, newest: int, table: Iterable[Standing], origin: str) -> None:
    """Put the newest editions up to a number into a feed, each with what it published in the words that its entries
    have elsewhere. `table` is every pledge of that edition. The number of queries is fixed."""
    rows = list(visibility.public_editions().filter(number__lte=newest).order_by("-number")[:EDITIONS])
    items = edition_items.leading(rows, ITEMS)
    lines = _lines([item for some in items.values() for item in some], table)
    for edition in rows:
        told = [lines[item.pk] for item in items.get(edition.number, [])]
        query = urlencode(list(zip(periods.EDITIONS, (edition.number - 1, edition.number), strict=True)))
        title = _("Edition %(number)s") % {"number": edition.number} + (f": {told[0]}" if told else "")
        _add(
            feed,
            title,
            f"{origin}{reverse('changes')}?{query}",
            format_html_join("", "<p>{}</p>", ((line,) for line in told)),
            edition.published_at,
            origin + reverse("edition", args=[edition.number]),
            author_name=printable(edition.publisher),
        )


def _add(feed: Atom1Feed, title: str, link: str, html: str, at: datetime, name: str, **more: object) -> None:
    words = {"title": printable(title), "description": printable(html)}
    feed.add_item(**words, link=link, pubdate=at, updateddate=at, unique_id=name, **more)


def _id(origin: str, what: str) -> str:
    """The id that something keeps in every feed of a language (RFC 4151)."""
    return f"tag:{urlsplit(origin).hostname},2026:{get_language()}:{what}"


def _closing_words(newsroom: Newsroom) -> str:
    return _("This tracker was closed on %(day)s. Nothing more will be published here.") % {
        "day": written(newsroom.closed_on, in_sentence=True)
    }


# --- what an edition published, in a line each ------------------------------------------------------------------------


def _lines(items: list[EditionItem], table: Iterable[Standing]) -> dict[int, str]:
    """What each of these is in a line, by the item's id."""
    gone = retractions(max((item.edition_id for item in items), default=0))
    known = {stood.pledge.pk: stood for stood in (*table, *(event.known for event in gone))}
    named = {item.pledge_id for item in items}
    rows = [
        Event(row, known[pk])
        for pk in named & known.keys()
        for row in (*known[pk].pledge.wordings, *known[pk].pledge.updates)
    ]
    told = {(event.kind, str(event.row.pk)): event for event in (*rows, *gone)}
    found = {item.pk: event.title for item in items if (event := told.get((item.kind, item.key)))}
    figures = _figures(item.key for item in items if item.kind == "observation")
    found |= {item.pk: figures[item.key] for item in items if item.kind == "observation" and item.key in figures}
    others = edition_items.told(item for item in items if item.pk not in found)
    return found | {each.item.pk: f"{each.kind}: {each.name}" for each in others}


def _figures(keys: Iterable[str]) -> dict[str, str]:
    """What figures are in a line, by their keys in editions, in one query."""
    rows = Observation.objects.filter(pk__in=list(keys)).select_related("indicator")
    rows = rows.annotate(revises=Exists(visibility.replaced_figures()))
    return {
        str(row.pk): (_("Revised figure: %(name)s, %(period)s") if row.revises else _("Figure: %(name)s, %(period)s"))
        % {"name": row.indicator.name, "period": row.period}
        for row in rows
    }
