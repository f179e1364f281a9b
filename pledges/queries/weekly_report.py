"""The weekly report: what changed in an ISO week of the newsroom's calendar, as data and as a plain text to quote.

The changes of a week are those that its editions published, compared with the last edition before it, and the deadlines
that passed in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledges.domain.dates import written
from pledges.domain.rules import Status, days_before
from pledges.domain.weeks import Week
from pledges.models import Article, Edition, Lead, Newsroom
from pledges.queries import offices, pulse, visibility
from pledges.queries.change_text import HEADINGS, TextWriter, describe, due
from pledges.queries.changes import Change, Kind, Moment
from pledges.queries.changes_between import between
from pledges.queries.standings import Standing, standings_uncached

AHEAD_DAYS = 28
MOST_CHANGES = 40  # of a kind; the rest is counted here and listed on the page of changes
MOST_DUE = 20


@dataclass(frozen=True)
class WatchCounts:
    """The work of a week: articles that the watch read, leads that people decided about, and those they accepted."""

    articles: int
    decided: int
    accepted: int


@dataclass(frozen=True)
class Report:
    """The report of a week. `end` is its last day so far; `first_edition` is the week of the first edition, if any.

    `several_people` says that the pledges of several people are public, so that texts have to name them.

    `groups` are the changes by kind, the most important kind first, each with the number of changes left out. `due` are
    the pledges that come due within four weeks after `end`, the next one first, and the number left out.
    """

    week: Week
    end: date
    start: Moment
    until: Moment
    groups: tuple[tuple[Kind, tuple[Change, ...], int], ...]
    due: tuple[tuple[Standing, ...], int]
    editions: tuple[Edition, ...]
    watch: WatchCounts
    first_edition: Week | None
    several_people: bool

    @property
    def too_early(self) -> bool:
        """Whether the first edition came after the week."""
        return self.until.edition == 0

    @property
    def changes(self) -> int:
        """The number of changes."""
        return sum(len(shown) + more for _kind, shown, more in self.groups)


def report(week: Week, *, today: date) -> Report:
    """The report of a week, in a fixed number of queries; `today` is the day in the newsroom's calendar.

    Raises ValueError for a week in the future.
    """
    if week.monday > today:
        raise ValueError(f"{week} lies ahead")
    end = min(week.sunday, today)
    opens, closes = _midnight(week.monday), _midnight(week.sunday + timedelta(days=1))
    newest = pulse.current().edition  # an edition committed since appears with the next pulse, on all pages at once
    published = visibility.public_editions().filter(number__lte=newest)
    before = published.filter(published_at__lt=opens).order_by("-number").first()
    editions = tuple(published.filter(published_at__gte=opens, published_at__lt=closes).order_by("number"))
    first = before.number if before else 0
    start = Moment(first, days_before(week.monday, 1))
    until = Moment(editions[-1].number if editions else first, end)
    earliest = published.order_by("number").first()
    return Report(
        week=week,
        end=end,
        start=start,
        until=until,
        groups=_groups(between(start, until)) if until.edition else (),
        due=_due(until),
        editions=editions,
        watch=_watch_counts(opens, closes),
        first_edition=Week.of(timezone.localdate(earliest.published_at)) if earliest else None,
        several_people=offices.of_several_people(standings_uncached(until.edition, until.day)),
    )


def _midnight(day: date) -> datetime:
    """When a day begins in the newsroom's time zone."""
    return timezone.make_aware(datetime.combine(day, time()))


def _groups(changes: list[Change]) -> tuple[tuple[Kind, tuple[Change, ...], int], ...]:
    groups = []
    for kind in (kind for kind in Kind if kind != Kind.RECORD):  # names and settings are no news of the week
        of_kind = tuple(change for change in changes if change.kind == kind)
        if of_kind:
            groups.append((kind, of_kind[:MOST_CHANGES], len(of_kind[MOST_CHANGES:])))
    return tuple(groups)


def _due(until: Moment) -> tuple[tuple[Standing, ...], int]:
    last = until.day + timedelta(days=AHEAD_DAYS)
    due = [
        (deadline, standing.pledge.slug, standing)
        for standing in standings_uncached(until.edition, until.day)
        if standing.status != Status.KEPT
        and (deadline := standing.wording.deadline_end)
        and until.day <= deadline <= last
    ]
    standings = tuple(standing for _deadline, _slug, standing in sorted(due, key=lambda each: each[:2]))
    return standings[:MOST_DUE], len(standings[MOST_DUE:])


def _watch_counts(opens: datetime, closes: datetime) -> WatchCounts:
    states = (Lead.State.ACCEPTED, Lead.State.DISMISSED)
    decided = Lead.objects.filter(decided_at__gte=opens, decided_at__lt=closes, state__in=states)
    articles = Article.objects.filter(state=Article.State.READ, found_at__gte=opens, found_at__lt=closes)
    return WatchCounts(articles.count(), decided.count(), decided.filter(state=Lead.State.ACCEPTED).count())


def title(week: Week, end: date) -> str:
    """The days of a week in words; `end` is its last day so far."""
    values = {"first": written(week.monday, in_sentence=True), "last": written(end, in_sentence=True)}
    if week.monday == end:
        return written(end)
    return _("From %(first)s to %(last)s") % values


def editions_sentence(week_report: Report) -> str:
    """The editions of the week in a sentence."""
    if not week_report.editions:
        return _("No edition was published.")
    values = {
        "n": len(week_report.editions),
        "first": week_report.editions[0].number,
        "last": week_report.editions[-1].number,
    }
    text = ngettext(
        "One edition was published, number %(first)s.",
        "%(n)s editions were published, numbers %(first)s to %(last)s.",
        values["n"],
    )
    return text % values


def watch_sentences(counts: WatchCounts) -> str:
    """The articles that the watch read and the leads that people decided about, in one or two sentences."""
    text = ngettext("The watch read one article.", "The watch read %(n)s articles.", counts.articles)
    sentences = [text % {"n": counts.articles} if counts.articles else _("The watch read no new articles.")]
    if counts.decided:
        text = ngettext(
            "People decided about one lead, and accepted %(accepted)s.",
            "People decided about %(n)s leads, and accepted %(accepted)s.",
            counts.decided,
        )
        sentences.append(text % {"n": counts.decided, "accepted": counts.accepted})
    return " ".join(sentences)


def week_text(year: int, week: int, language: str, *, today: date | None = None, site: str | None = None) -> str:
    """The report of an ISO week as plain text in a language ("en", "es"), for pasting and for the digest by e-mail.

    `site` is the origin of links (settings.SITE_URL if None; "" leaves links out). `today` is the day in the newsroom's
    calendar (the present one if None). Raises ValueError for a week that does not exist or is in the future.
    """
    with translation.override(language):
        week_report = report(Week(year, week), today=today or timezone.localdate())
        lines = list(_lines(week_report, settings.SITE_URL if site is None else site))
        if licence := Newsroom.get().licence:
            lines += ["", _("Data licence: %(licence)s") % {"licence": licence}]
        return "\n".join(lines) + "\n"


def path(change: Change) -> str:
    """The path of the page of the pledge that changed, or "" if the change is not one of a pledge."""
    return reverse("pledge", args=[change.standing.pledge.slug]) if change.standing else ""


def _lines(week_report: Report, site: str) -> Iterator[str]:
    yield _("%(newsroom)s: the week %(week)s") % {"newsroom": Newsroom.get().name, "week": week_report.week}
    yield title(week_report.week, week_report.end)
    if site:
        yield site + reverse("week", args=[week_report.week])
    yield ""
    if week_report.too_early:
        yield _("Nothing had been published yet.")
        return
    if not week_report.groups:
        yield _("No pledge changed.")
        yield ""
    writer = TextWriter(named=week_report.several_people)
    for kind, changes, more in week_report.groups:
        yield from _heading(str(HEADINGS[kind]))
        for change in changes:
            yield f"- {describe(change, writer).text}"
            if site and (page := path(change)):
                yield f"  {site}{page}"
        if more:
            yield "- " + ngettext("And one more.", "And %(n)s more.", more) % {"n": more}
        yield ""
    standings, more = week_report.due
    if standings:
        yield from _heading(_("Due in the next four weeks"))
        yield from (f"- {due(standing, writer)}" for standing in standings)
        if more:
            yield "- " + ngettext("And one more.", "And %(n)s more.", more) % {"n": more}
        yield ""
    yield from _heading(_("How we know"))
    yield editions_sentence(week_report)
    yield watch_sentences(week_report.watch)


def _heading(words: str) -> Iterator[str]:
    yield words.upper()
    yield ""
