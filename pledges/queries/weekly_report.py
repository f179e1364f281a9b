"""This week: what an ISO week of the newsroom's calendar brought, as a page and as a text that a reporter could use.

A week is what was said in it: its editions, compared with the last one before; and the deadlines that passed in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledges.domain.dates import written
from pledges.domain.rules import Status, days_before
from pledges.domain.weeks import Week
from pledges.models import Article, Edition, Lead, Newsroom
from pledges.queries import pulse, visibility
from pledges.queries.change_text import HEADINGS, describe, due
from pledges.queries.changes import Change, Kind, Moment, between
from pledges.queries.standings import Standing, standings_uncached

AHEAD_DAYS = 28
MOST_TOLD = 40  # of a kind; what is more is counted, and stands on the page of changes
MOST_DUE = 20


@dataclass(frozen=True)
class Read:
    """What the watch did in a week: articles that it read, leads that people decided about and accepted."""

    articles: int
    decided: int
    accepted: int


@dataclass(frozen=True)
class Report:
    """A week. `end` is its last day so far; `first_edition` is the week of the first edition, None before there is one.

    `groups` are the changes by kind, the most important first, each with how many more there are. `due` are the pledges
    that come due within four weeks of its end, the next first, and how many more.
    """

    week: Week
    end: date
    start: Moment
    until: Moment
    groups: tuple[tuple[Kind, tuple[Change, ...], int], ...]
    due: tuple[tuple[Standing, ...], int]
    editions: tuple[Edition, ...]
    read: Read
    first_edition: Week | None

    @property
    def too_early(self) -> bool:
        """Whether nothing was published by the end of the week."""
        return self.until.edition == 0

    @property
    def changes(self) -> int:
        """How many changes it has."""
        return sum(len(told) + more for _kind, told, more in self.groups)


def report(week: Week, *, today: date) -> Report:
    """What a week brought, in a fixed number of queries; `today` is the day in the newsroom's calendar.

    Raises ValueError for a week that lies ahead.
    """
    if week.monday > today:
        raise ValueError(f"{week} lies ahead")
    end = min(week.sunday, today)
    opens, closes = _midnight(week.monday), _midnight(week.sunday + timedelta(days=1))
    newest = pulse.current().edition  # what was committed since is seen with the next pulse, everywhere at once
    known = visibility.public_editions().filter(number__lte=newest)
    before = known.filter(published_at__lt=opens).order_by("-number").first()
    editions = tuple(known.filter(published_at__gte=opens, published_at__lt=closes).order_by("number"))
    first = before.number if before else 0
    start = Moment(first, days_before(week.monday, 1))
    until = Moment(editions[-1].number if editions else first, end)
    earliest = known.order_by("number").first()
    return Report(
        week=week,
        end=end,
        start=start,
        until=until,
        groups=_groups(between(start, until)) if until.edition else (),
        due=_due(until),
        editions=editions,
        read=_read(opens, closes),
        first_edition=Week.of(timezone.localdate(earliest.published_at)) if earliest else None,
    )


def _midnight(day: date) -> datetime:
    """When a day begins in the newsroom's zone."""
    return timezone.make_aware(datetime.combine(day, time()))


def _groups(found: list[Change]) -> tuple[tuple[Kind, tuple[Change, ...], int], ...]:
    groups = []
    for kind in Kind:
        told = tuple(change for change in found if change.kind == kind)
        if told:
            groups.append((kind, told[:MOST_TOLD], len(told[MOST_TOLD:])))
    return tuple(groups)


def _due(until: Moment) -> tuple[tuple[Standing, ...], int]:
    last = until.day + timedelta(days=AHEAD_DAYS)
    table = standings_uncached(until.edition, until.day)
    found = [
        standing
        for standing in table
        if standing.status != Status.KEPT
        and standing.wording.deadline_end
        and until.day <= standing.wording.deadline_end <= last
    ]
    found.sort(key=lambda standing: (standing.wording.deadline_end, standing.pledge.slug))
    return tuple(found[:MOST_DUE]), len(found[MOST_DUE:])


def _read(opens: datetime, closes: datetime) -> Read:
    decided = Lead.objects.filter(decided_at__gte=opens, decided_at__lt=closes)
    accepted = Q(state=Lead.State.ACCEPTED)
    decided = decided.filter(accepted | Q(state=Lead.State.DISMISSED))
    articles = Article.objects.filter(state=Article.State.READ, found_at__gte=opens, found_at__lt=closes)
    return Read(articles.count(), decided.count(), decided.filter(accepted).count())


def title(week: Week, end: date) -> str:
    """The days of a week in words; `end` is its last day so far."""
    values = {"first": written(week.monday, in_sentence=True), "last": written(end, in_sentence=True)}
    if week.monday == end:
        return written(end)
    return _("From %(first)s to %(last)s") % values


def published_words(found: Report) -> str:
    """What was published, in a sentence."""
    if not found.editions:
        return _("No edition was published.")
    values = {"n": len(found.editions), "first": found.editions[0].number, "last": found.editions[-1].number}
    text = ngettext(
        "One edition was published, number %(first)s.",
        "%(n)s editions were published, numbers %(first)s to %(last)s.",
        values["n"],
    )
    return text % values


def watch_words(read: Read) -> str:
    """What the watch read and what people made of it, in a sentence or two."""
    text = ngettext("The watch read one article.", "The watch read %(n)s articles.", read.articles)
    sentences = [text % {"n": read.articles} if read.articles else _("The watch read no new articles.")]
    if read.decided:
        text = ngettext(
            "People decided about one lead, and accepted %(accepted)s.",
            "People decided about %(n)s leads, and accepted %(accepted)s.",
            read.decided,
        )
        sentences.append(text % {"n": read.decided, "accepted": read.accepted})
    return " ".join(sentences)


def week_text(year: int, week: int, language: str, *, today: date | None = None, site: str | None = None) -> str:
    """An ISO week as a plain text in a language ("en", "es"), for pasting and for the digest by e-mail.

    `site` is what stands before the paths of links (settings.SITE_URL if None; "" leaves links out). `today` is the day
    in the newsroom's calendar (now, if None). Raises ValueError for a week that does not exist or lies ahead.
    """
    with translation.override(language):
        found = report(Week(year, week), today=today or timezone.localdate())
        lines = list(_lines(found, settings.SITE_URL if site is None else site))
        if licence := Newsroom.get().licence:
            lines += ["", _("Data licence: %(licence)s") % {"licence": licence}]
        return "\n".join(lines) + "\n"


def path(change: Change) -> str:
    """The path of the page of the pledge that changed; "" for a change of no pledge."""
    return reverse("pledge", args=[change.standing.pledge.slug]) if change.standing else ""


def _lines(found: Report, site: str) -> Iterator[str]:
    yield _("%(newsroom)s: the week %(week)s") % {"newsroom": Newsroom.get().name, "week": found.week}
    yield title(found.week, found.end)
    if site:
        yield site + reverse("week", args=[found.week])
    yield ""
    if found.too_early:
        yield _("Nothing had been published yet.")
        return
    if not found.groups:
        yield _("No pledge changed.")
        yield ""
    for kind, changes, more in found.groups:
        yield from _heading(str(HEADINGS[kind]))
        for change in changes:
            yield f"- {describe(change).text}"
            if site and (place := path(change)):
                yield f"  {site}{place}"
        if more:
            yield "- " + ngettext("And one more.", "And %(n)s more.", more) % {"n": more}
        yield ""
    standings, more = found.due
    if standings:
        yield from _heading(_("Due in the next four weeks"))
        yield from (f"- {due(standing)}" for standing in standings)
        if more:
            yield "- " + ngettext("And one more.", "And %(n)s more.", more) % {"n": more}
        yield ""
    yield from _heading(_("How we know"))
    yield published_words(found)
    yield watch_words(found.read)


def _heading(words: str) -> Iterator[str]:
    yield words.upper()
    yield ""
