"""The feed of a search: what was published of the pledges that fit it, the newest edition first, as Atom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from heapq import nlargest

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pledges import access, filters, search
from pledges.dates import written
from pledges.filters import Filter
from pledges.models import STATUS_LABELS, Edition, Newsroom, Retraction, Update, Wording
from pledges.passages import Marker
from pledges.rules import Status
from pledges.standings import Standing, standing_of

from .shell import page, standings_of, today

MOST = 50  # entries


@dataclass(frozen=True)
class Entry:
    """One thing that an edition published of a pledge: the row, where its pledge stands, and the day it is of."""

    row: Update | Wording | Retraction
    standing: Standing
    day: date

    @property
    def kind(self) -> str:
        """What it is, in one word for its id."""
        return self.row._meta.model_name

    @property
    def place(self) -> tuple:
        """Its place among others, the later the higher."""
        return self.row.edition_id, self.day, self.kind == "update", self.row.pk


@page(*filters.PARAMETERS, dated=False)
def search_feed(request: HttpRequest) -> HttpResponse:
    """The feed of the search that has the same query string on the list of pledges.

    It is about the pledges that fit the search now. What it asks for that is not known is an error here (422): the
    rest of the search would be another feed.
    """
    standings = standings_of(request)
    asked = filters.parse(request.GET, standings)
    if asked.unknown:
        text = "\n".join(
            _("“%(value)s” is not known here as a value of “%(name)s”.") % {"value": value, "name": name}
            for name, value in asked.unknown
        )
        return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")
    found = search.look_for(asked.q) if asked.q else None
    shown, facets = filters.apply(asked, standings, found.ranks if found else None)
    retracted = _retracted(asked, Marker(found.terms) if found else None, request.as_of.edition)
    entries = nlargest(MOST, [*_published(shown), *retracted], key=lambda entry: entry.place)
    words = [str(choice.label) for facet in facets for choice in facet.choices if choice.chosen]
    return _atom(request, asked, [f"“{asked.q}”", *words] if asked.q else words, entries)


def _published(shown: Iterable[Standing]) -> Iterator[Entry]:
    """What was published of these pledges and still counts. What was corrected is there as its correction."""
    for standing in shown:
        for update in standing.updates:
            yield Entry(update, standing, update.happened_on)
        for wording in standing.wordings:
            yield Entry(wording, standing, standing.pledge.made_on)


def _retracted(asked: Filter, marker: Marker | None, edition: int) -> Iterator[Entry]:
    """The retractions of pledges that fitted the search when they were last public."""
    for row in access.public_retractions().filter(edition__lte=edition).select_related("edition", "pledge"):
        said, _near = standing_of(row.pledge.slug, edition=row.edition_id - 1, day=today())
        if said and filters.fits(asked, said) and (marker is None or marker.has_all(said)):
            yield Entry(row, said, timezone.localdate(row.edition.published_at))


def _atom(request: HttpRequest, asked: Filter, words: list[str], entries: list[Entry]) -> HttpResponse:
    newsroom = Newsroom.get()
    closed = newsroom.is_closed(today())
    notice = _closing_words(newsroom) if closed else ""
    name = _("%(tracker)s: pledges") % {"tracker": newsroom.name}
    query = asked.saved()
    atom = Atom1Feed(
        title=" · ".join([name, *words]),
        subtitle=" ".join(filter(None, [notice, str(newsroom.about)])),
        link=request.build_absolute_uri(reverse("pledges") + query.rstrip("?")),
        feed_url=request.build_absolute_uri(reverse("pledges_feed") + query.rstrip("?")),
        description="",
        author_name=str(newsroom.name),
        language=get_language(),
    )
    if closed:
        _add_closing(atom, request, newsroom, notice)
    times = Edition.objects.in_bulk({entry.row.edition_id for entry in entries})
    for entry in entries:
        number, pledge = entry.row.edition_id, entry.standing.pledge
        anchor = f"#u{entry.row.pk}" if isinstance(entry.row, Update) else ""
        atom.add_item(
            title=_title(entry),
            link=request.build_absolute_uri(f"{reverse('pledge', args=[pledge.slug])}?edition={number}{anchor}"),
            description=_summary(entry),
            pubdate=times[number].published_at,
            updateddate=times[number].published_at,
            unique_id=_id(request, f"{entry.kind}:{entry.row.pk}"),
            categories=[str(topic) for topic in entry.standing.topics],
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _id(request: HttpRequest, what: str) -> str:
    """The id that something keeps in every feed of a language (RFC 4151)."""
    return f"tag:{request.get_host().partition(':')[0]},2026:{get_language()}:{what}"


def _closing_words(newsroom: Newsroom) -> str:
    return _("This tracker was closed on %(day)s. Nothing more will be published here.") % {
        "day": written(newsroom.closed_on, in_sentence=True)
    }


def _add_closing(atom: Atom1Feed, request: HttpRequest, newsroom: Newsroom, notice: str) -> None:
    """An entry that says so: what stands beside the entries is shown by few readers of feeds."""
    when = timezone.make_aware(datetime.combine(newsroom.closed_on, time()))
    atom.add_item(
        title=notice,
        link=request.build_absolute_uri(reverse("home")),
        description=format_html("<p>{}</p>", newsroom.closing_note or notice),
        pubdate=when,
        updateddate=when,
        unique_id=_id(request, "closed"),
    )


def _title(entry: Entry) -> str:
    """What happened and to which pledge, in the words that it had in that edition."""
    wordings = [wording for wording in entry.standing.wordings if wording.edition_id <= entry.row.edition_id]
    words = {"title": (wordings or entry.standing.wordings)[-1].title}
    if isinstance(entry.row, Retraction):
        return _("Retracted: %(title)s") % words
    if isinstance(entry.row, Wording):
        return (_("New pledge: %(title)s") if entry.row.number == 1 else _("Reworded: %(title)s")) % words
    if entry.row.corrects_id:
        return _("Correction: %(title)s") % words
    if entry.row.pk in entry.standing.turning_points:
        return f"{STATUS_LABELS[Status(entry.row.status)]}: {words['title']}"
    return _("Update: %(title)s") % words


def _summary(entry: Entry) -> SafeString:
    """What was said, with its day and its evidence."""
    row = entry.row
    if isinstance(row, Retraction):
        return format_html("<p>{}</p>", row.note)
    if isinstance(row, Wording):
        note = format_html("<p>{}</p>", row.change_note) if row.change_note else ""
        return format_html("<p>{}</p>{}", row.statement, note)
    pieces = [(piece.url, ": ".join(filter(None, [piece.publisher, piece.title]))) for piece in row.evidence.all()]
    evidence = format_html_join("", '<li><a href="{}">{}</a></li>', pieces)
    note = format_html("<p>{} {}</p>", _("Corrected:"), row.correction_note) if row.corrects_id else ""
    day = written(row.happened_on, row.happened_precision)
    return format_html("<p><b>{}.</b> {}</p>{}<ul>{}</ul>", day, row.text, note, evidence)
