"""The published updates that may tell already what a lead or a draft reports, and those of about the same day."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from pledges.domain.dates import written
from pledges.domain.languages import LANGUAGES
from pledges.models import Article, Evidence, Text, Update
from pledges.queries import visibility
from pledges.watch.matching.retelling import NEAR, Account, days_apart, days_of, likeness
from pledges.watch.text.language import sentences
from pledges.watch.web.urls import canonical_url

K = TypeVar("K", bound=Hashable)
MOST_NEAR = 3  # neighbours that are shown
OPENING = 4_000  # characters of an article: the news comes first
_MONTH = 31  # an update that is dated by its month has the month's first day, or any other


@dataclass(frozen=True)
class Report:
    """What may be told already: on which pledge, of which day, at which addresses, and in which words.

    `texts` are (language, text), "" for an unknown language; `status` is that of the change that is suggested, if any.
    """

    pledge: int
    day: date
    urls: frozenset[str] = frozenset()
    texts: tuple[tuple[str, str], ...] = ()
    precision: str = "day"
    status: str = ""


@dataclass(frozen=True)
class Told:
    """A published update: `same` says why it seems to tell the same ("address" or "text"); "" for one that is near."""

    update: Update
    same: str = ""

    @property
    def day(self) -> str:
        """The day of the update in words."""
        return written(self.update.happened_on, self.update.happened_precision)

    @property
    def first_sentence(self) -> Text | str:
        """The first sentence of the update in the active language, with its language where it has one."""
        text = self.update.text
        first = Text((sentences(str(text)) or [""])[0])
        first.lang = getattr(text, "lang", "")
        return first


@dataclass(frozen=True)
class AlreadyTold:
    """The updates that seem to tell the same, the likeliest first, and others of about that day, the nearest first.

    `change` is the update that tells the suggested change: the likeliest of `same`, or else the nearest one of about
    that day by which the pledge has the suggested status.
    """

    same: tuple[Told, ...] = ()
    near: tuple[Told, ...] = ()
    change: Told | None = None

    days = NEAR

    def __bool__(self) -> bool:
        return bool(self.same or self.near)


def already_told(reports: Mapping[K, Report]) -> dict[K, AlreadyTold]:
    """For each report what is published of it; two queries, however many reports there are."""
    updates: defaultdict[int, list[Update]] = defaultdict(list)
    for update in _candidates(reports.values()):
        updates[update.pledge_id].append(update)
    return {key: _told(report, updates[report.pledge]) for key, report in reports.items()}


def _candidates(reports: Iterable[Report]) -> Iterable[Update]:
    """The published updates of these pledges, not corrected, of about those days or with those pages as evidence."""
    wanted, around = Q(), timedelta(days=NEAR + _MONTH)
    urls: dict[int, set[str]] = defaultdict(set)
    for report in reports:
        earliest = max(date.min + around, report.day) - around
        latest = min(date.max - around, report.day) + around
        wanted |= Q(pledge=report.pledge, happened_on__range=(earliest, latest))
        urls[report.pledge] |= report.urls
    for pledge, addresses in urls.items():
        if addresses:
            at_them = Evidence.objects.filter(update=OuterRef("pk"), url__in=addresses)
            wanted |= Q(Exists(at_them), pledge=pledge)
    if not wanted:
        return []
    rows = visibility.counting_updates().filter(wanted).exclude(pledge__retraction__in=visibility.public_retractions())
    return rows.prefetch_related("evidence")


def _told(report: Report, updates: list[Update]) -> AlreadyTold:
    own = Account(*days_of(report.day, report.precision), report.texts)
    urls = {canonical_url(url) for url in report.urls} - {""}
    same: list[tuple[int, float, Told]] = []
    near: list[tuple[int, int, Told]] = []
    for update in updates:
        account = account_of(update)
        apart = days_apart(own, account)
        if urls & {canonical_url(piece.url) for piece in update.evidence.all()}:
            same.append((apart, -1.0, Told(update, "address")))
        elif share := likeness(own, account):
            same.append((apart, -share, Told(update, "text")))
        elif apart <= NEAR:
            near.append((apart, -update.pk, Told(update)))
    same.sort(key=lambda each: (*each[:2], each[2].update.pk))
    near.sort(key=lambda each: each[:2])
    # One event is told once: of several updates that are alike, the others are neighbours.
    by_address = [told for *_place, told in same if told.same == "address"]
    best = by_address or [told for *_place, told in same[:1]]
    others = [told.update for *_place, told in same if told not in best]
    neighbours = (*map(Told, others), *(told for *_place, told in near))
    change = None
    if report.status:
        with_it = (told for told in (*best, *neighbours) if told.update.status == report.status)
        change = next(with_it, best[0] if best else None)
    return AlreadyTold(tuple(best), neighbours[:MOST_NEAR], change)


def account_of(update: Update) -> Account:
    """What an update tells: its text in each language; where it has none, the sentences of its evidence.

    Uses prefetched rows.
    """
    texts = [(code, text) for code in LANGUAGES if (text := getattr(update, f"text_{code}"))]
    written = {code for code, _text in texts}
    pieces = [piece for piece in update.evidence.all() if piece.sentence and piece.language not in written]
    texts += [(piece.language, piece.sentence) for piece in pieces]
    return Account(*days_of(update.happened_on, update.happened_precision), tuple(texts))


def of_draft(draft: Update) -> AlreadyTold:
    """What is published of what a draft tells; nothing for a correction, which says what was told. Four queries."""
    if draft.corrects_id:
        return AlreadyTold()
    urls = frozenset(piece.url for piece in draft.evidence.all())
    texts = (*account_of(draft).texts, *texts_of(Article.objects.filter(url__in=urls)).values())
    report = Report(draft.pledge_id, draft.happened_on, urls, texts, draft.happened_precision)
    return already_told({draft.pk: report})[draft.pk]


def texts_of(articles: QuerySet[Article]) -> dict[int, tuple[str, str]]:
    """By an article's id, its language, and its title with the beginning of its text; one query."""
    rows = articles.order_by().values_list("pk", "language", "title", Left("text", OPENING), Left("summary", OPENING))
    return {pk: (language, f"{title}\n{text or summary}") for pk, language, title, text, summary in rows}
