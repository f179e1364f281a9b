"""Feeds of what is published, as Atom or as JSON. In every feed the same entry has the same id, text and address.

An entry describes one published row as of the edition that published it; later editions do not change it. Its id
(RFC 4151) is made of the row and the language, and is permanent. Addresses are absolute, times are UTC.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from heapq import nlargest
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.models import EditionItem, Newsroom, Observation
from pledges.queries import edition_items, published_events, visibility
from pledges.queries.published_events import EDITIONS, Event
from pledges.queries.standings import Standing
from pledges.site.changes.json_feed import JsonFeed
from pledges.site.shared.citations import printable


class AtomFeed(Atom1Feed):
    """Django's Atom feed, with the WebSub hub if the operator names one."""

    def add_root_elements(self, handler: Any) -> None:
        """Write the elements of the feed itself."""
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("link", None, {"rel": "hub", "href": self.feed["hub"]})


Feed: TypeAlias = AtomFeed | JsonFeed
KINDS: dict[str, type[Feed]] = {"atom": AtomFeed, "json": JsonFeed}
MOST = 50  # entries in a feed of pledges
ITEMS = 20  # listed in an entry of an edition


# --- feeds ------------------------------------------------------------------------------------------------------------


def feed(
    kind: str,
    *,
    title: str,
    about: str,
    page: str,
    path: str,
    origin: str,
    newsroom: Newsroom,
    today: date,
    name: str = "",
    pushed: bool = True,
) -> Feed:
    """A feed of a kind of `KINDS` without entries, in the active language. If the tracker is closed, it has one entry
    that says so, because few feed readers show the subtitle.

    `page` is the path of the corresponding page, `path` that of the feed; both are relative to `origin`. `name` is the
    path that stays the feed's permanent id although its page has another address now. If `pushed`, it names the WebSub
    hub, should there be one.
    """
    closed_on = newsroom.closed_on if newsroom.is_closed(today) else None
    notice = _closing_notice(closed_on) if closed_on else ""
    made: Feed = KINDS[kind](
        title=printable(title),
        subtitle=printable(" ".join(filter(None, [notice, about]))),
        link=origin + page,
        feed_url=origin + path,
        feed_guid=origin + (name or page),
        description="",
        author_name=printable(str(newsroom.name)),
        feed_copyright=printable(newsroom.licence) or None,
        language=get_language(),
        hub=settings.WEBSUB_HUB if pushed else "",
    )
    if closed_on:
        when = timezone.make_aware(datetime.combine(closed_on, time()))
        note = format_html("<p>{}</p>", newsroom.closing_note or notice)
        _add(made, notice, origin + reverse("home"), note, when, _id(origin, "closed"))
    return made


def add_events(feed: Feed, events: Iterable[Event], origin: str) -> None:
    """Add the newest of these events to a feed, the newest first."""
    for event in nlargest(MOST, events, key=lambda event: event.place):
        assert event.row.edition, "the row is published"
        at, name = event.row.edition.published_at, _id(origin, f"{event.kind}:{event.row.pk}")
        terms = [printable(str(term)) for term in (*event.known.topics, event.known.pledge.mandate)]
        _add(feed, event.title, origin + event.path, event.summary, at, name, categories=terms)


def add_editions(feed: Feed, newest: int, table: Iterable[Standing], origin: str) -> None:
    """Add the editions up to the number `newest` to a feed, each with the titles that its rows have in other feeds.
    `table` has every public pledge of that edition. The number of queries is fixed."""
    rows = list(visibility.public_editions().filter(number__lte=newest).order_by("-number")[:EDITIONS])
    leading = edition_items.leading(rows, ITEMS)
    title_by_item = _titles([item for items, _total in leading.values() for item in items], table)
    for edition in rows:
        items, _total = leading.get(edition.number, ([], 0))
        titles = [title_by_item[item.pk] for item in items]
        title = _("Edition %(number)s") % {"number": edition.number} + (f": {titles[0]}" if titles else "")
        address = origin + reverse("edition", args=[edition.number])
        _add(
            feed,
            title,
            address,
            format_html_join("", "<p>{}</p>", ((line,) for line in titles)),
            edition.published_at,
            address,
            author_name=printable(edition.publisher),
        )


def _add(feed: Feed, title: str, link: str, html: str, at: datetime, name: str, **more: Any) -> None:
    feed.add_item(
        title=printable(title),
        description=printable(html),
        link=link,
        pubdate=at,
        updateddate=at,
        unique_id=name,
        **more,
    )


def _id(origin: str, what: str) -> str:
    """The permanent id of an entry in every feed of the active language (RFC 4151)."""
    return f"tag:{urlsplit(origin).hostname},2026:{get_language()}:{what}"


def _closing_notice(day: date) -> str:
    text = _("This tracker was closed on %(day)s. Nothing more will be published here.")
    return text % {"day": written(day, in_sentence=True)}


# --- the items of editions as titles ------------------------------------------------------------------------


def _titles(items: list[EditionItem], table: Iterable[Standing]) -> dict[int, str]:
    """A title for each item, by the item's id."""
    titles = {pk: event.title for pk, event in published_events.of_items(items, table).items()}
    figures = _figures(item.key for item in items if item.kind == "observation")
    titles |= {item.pk: figures[item.key] for item in items if item.kind == "observation" and item.key in figures}
    others = edition_items.in_words(item for item in items if item.pk not in titles)
    return titles | {text.item.pk: f"{text.kind}: {text.name}" for text in others}


def _figures(keys: Iterable[str]) -> dict[str, str]:
    """A title for each figure, by its key in editions, in one query."""
    rows = Observation.objects.filter(pk__in=list(keys)).select_related("indicator")
    rows = rows.annotate(revises=Exists(visibility.replaced_figures()))
    return {
        str(row.pk): (_("Revised figure: %(name)s, %(period)s") if row.revises else _("Figure: %(name)s, %(period)s"))
        % {"name": row.indicator.name, "period": row.period}
        for row in rows
    }
