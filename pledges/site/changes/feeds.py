"""What is published, as Atom: whichever feed tells of it, it has one id, one wording and one address.

An entry is of one row that an edition published, and says what that edition said: nothing that is published later
changes it. Its id (RFC 4151) is of the row and the language, and stays. Addresses are absolute, times are UTC.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from heapq import nlargest
from urllib.parse import urlsplit

from django.db.models import Exists
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.domain.rules import Status
from pledges.models import STATUS_LABELS, EditionItem, Newsroom, Observation, Retraction, Update, Wording
from pledges.queries import edition_items, periods, visibility
from pledges.queries.standings import Standing, again, said_last
from pledges.site.shared.citations import printable

MOST = 50  # entries of pledges in a feed
EDITIONS, ITEMS = 100, 20  # entries of editions, and what each of them names


@dataclass(frozen=True)
class Event:
    """A row that an edition published of a pledge, and the pledge as it stands in that edition or later; one that was
    retracted as it stood last."""

    row: Update | Wording | Retraction
    known: Standing

    @property
    def kind(self) -> str:
        """What it is, in one word for its id."""
        return self.row._meta.model_name

    @property
    def place(self) -> tuple:
        """Its place among others, the later the higher."""
        day = getattr(self.row, "happened_on", self.known.pledge.made_on)
        return self.row.edition_id, day, self.kind == "update", self.row.pk

    @cached_property
    def standing(self) -> Standing:
        """The pledge as this edition left it."""
        if isinstance(self.row, Retraction):
            return self.known
        return again(self.known, edition=self.row.edition_id, day=self.known.day)

    @property
    def title(self) -> str:
        """What happened and to which pledge, in the active language."""
        row, words = self.row, {"title": self.standing.wording.title}
        if isinstance(row, Retraction):
            return _("Retracted: %(title)s") % words
        if isinstance(row, Wording):
            return (_("New pledge: %(title)s") if row.number == 1 else _("New wording: %(title)s")) % words
        status = STATUS_LABELS[Status(row.status)]
        if row.corrects_id:
            return _("Corrected: %(title)s (%(status)s)") % {**words, "status": status}
        turned = row.pk in self.standing.turning_points
        return f"{status}: {words['title']}" if turned else _("Update: %(title)s") % words

    @property
    def summary(self) -> SafeString:
        """What was said, with its day, its evidence and why it was changed."""
        row = self.row
        if isinstance(row, Retraction):
            return _why(_("Why it was retracted:"), row.note)
        if isinstance(row, Wording):
            note = _why(_("Why it was changed:"), row.change_note) if row.number > 1 else ""
            return format_html("{}<p>{}</p>", note, row.statement)
        note = _why(_("What was wrong:"), row.correction_note) if row.corrects_id else ""
        pieces = [
            (
                piece.url,
                ": ".join(filter(None, [piece.publisher, piece.title])),
                piece.sentence and f": “{piece.sentence}”",
            )
            for piece in row.evidence.all()
        ]
        evidence = format_html_join("", '<li><a href="{}">{}</a>{}</li>', pieces)
        day = written(row.happened_on, row.happened_precision)
        return format_html("{}<p>{}: {}</p><ul>{}</ul>", note, day, row.text, evidence)

    @property
    def path(self) -> str:
        """Where it can be read: on its pledge's page as this edition left it."""
        anchor = f"#u{self.row.pk}" if isinstance(self.row, Update) else ""
        return f"{reverse('pledge', args=[self.known.pledge.slug])}?edition={self.row.edition_id}{anchor}"


def _why(label: str, note: str) -> SafeString:
    return format_html("<p><b>{}</b> {}</p>", label, note)


def events(standing: Standing) -> Iterator[Event]:
    """What was published of a pledge and still counts. What was corrected is there as its correction."""
    for row in (*standing.wordings, *standing.updates):
        yield Event(row, standing)


def retractions(until: int, *, day: date | None = None) -> list[Event]:
    """The retractions up to an edition in one query, each with its pledge as it stood last (on `day`, where given)."""
    rows = visibility.public_retractions().filter(edition__lte=until).select_related("edition")
    return [Event(row, stood) for row in rows if (stood := said_last(row, day=day))]


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
        for row in (*known[pk].pledge.public_wordings, *known[pk].pledge.public_updates)
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
