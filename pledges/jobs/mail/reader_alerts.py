"""Readers' alerts: what an alert is about, which alerts are due, and what changed in their pledges.

Read-only. Times are UTC; days are those of the newsroom's time zone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.domain.rules import Status
from pledges.domain.weeks import Week
from pledges.jobs.mail.staff_notices import FIRST_HOUR, Line, Section
from pledges.models import STATUS_LABELS, Alert, EditionItem, Newsroom, Retraction, Text, Update, Wording
from pledges.queries import visibility
from pledges.queries.change_text import HEADINGS, describe
from pledges.queries.changes import news, rewordings
from pledges.queries.search import facets
from pledges.queries.search.facets import Filter
from pledges.queries.search.saved_search import SavedSearch
from pledges.queries.standings import Standing, standing_as_of, standing_before_retraction, standings
from pledges.queries.weekly_report import path, report

Kind = Alert.Kind
PARAMETERS = ("pledge", "week", *(name for name in facets.PARAMETERS if name not in ("sort", "page")))
BUNDLED = timedelta(minutes=15)  # an edition waits for those that follow it within that time
MOST_PLEDGES = 30  # in one message


class TooLong(ValueError):
    """A search that is longer than an alert can store."""


@dataclass(frozen=True)
class AlertRequest:
    """What an alert is about: its kind, and its query in canonical order; `unknown` are the parameters of its address
    that have no meaning, as (parameter, value)."""

    kind: str
    query: str = ""
    unknown: tuple[tuple[str, str], ...] = ()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The query of the address of its page, as (parameter, value)."""
        if self.kind == Kind.SEARCH:
            return [(name, value) for name, values in QueryDict(self.query).lists() for value in values]
        return [("pledge", self.query)] if self.kind == Kind.PLEDGE else [("week", "1")]


def read(data: QueryDict, rows: Iterable[Standing]) -> AlertRequest:
    """The alert that the parameters of the alert page ask for; those of the list of pledges mean the same pledges.

    Raises LookupError for a pledge that is not public, and `TooLong`.
    """
    if slug := data.get("pledge", ""):
        if not any(standing.pledge.slug == slug for standing in rows):
            raise LookupError(slug)
        return AlertRequest(Kind.PLEDGE, slug)
    if data.get("week"):
        return AlertRequest(Kind.WEEK)
    search = facets.parse(data, rows)
    query = _canonical(search)
    longest = Alert._meta.get_field("query").max_length
    if longest and len(query) > longest:
        raise TooLong(query)
    return AlertRequest(Kind.SEARCH, query, tuple(pair for pair in search.unknown if pair[0] != "sort"))


def _canonical(search: Filter) -> str:
    """The query of a search without sorting and page, so that the same pledges have the same query."""
    return search.query(sort=search.usual_sort, page="1", keep=()).lstrip("?")


def words(kind: str, query: str, rows: Iterable[Standing], *, typed: bool = True) -> str:
    """What an alert is about, as a sentence in the active language; without `typed`, without what its reader typed."""
    if kind == Kind.WEEK:
        return _("Every Monday morning: what changed in the week before.")
    rows = tuple(rows)
    if kind == Kind.PLEDGE:
        title = next((str(standing.wording.title) for standing in rows if standing.pledge.slug == query), query)
        return _("Whenever something new is published about the pledge “%(title)s”.") % {"title": title}
    search = facets.parse(QueryDict(query), rows)
    narrowed = []
    if search.q:
        narrowed.append(_("the words “%(words)s”") % {"words": search.q} if typed else _("words that you chose"))
    for facet, chosen in facets.chosen_labels(search, rows):
        narrowed.append(f"{str(facet).lower()} {get_text_list(list(map(str, chosen)), _('or'))}")
    if not narrowed:
        return _("Whenever something new is published about any pledge.")
    return _("Whenever something new is published about the pledges of this search: %(what)s.") % {
        "what": get_text_list(narrowed, _("and"))
    }


def mail_works() -> bool:
    """Whether this installation can send mail to readers: it needs a mail server, and SITE_URL for the links."""
    return bool(settings.EMAIL_HOST and settings.SITE_URL)


def last_edition() -> int:
    """The number of the newest edition, 0 before the first; not from the cache, so that nothing is sent twice."""
    return visibility.public_editions().order_by("-number").values_list("number", flat=True).first() or 0


def due(*, now: datetime) -> Q:
    """The alerts that may have something to send at `now`. A closed tracker sends one last message."""
    newsroom, today = Newsroom.get(), timezone.localdate(now)
    confirmed = Q(confirmed_at__isnull=False)
    if newsroom.is_closed(today):
        return confirmed & (Q(closing_told_on=None) | Q(closing_told_on__lt=newsroom.closed_on))
    editions = visibility.public_editions().filter(published_at__lte=now - BUNDLED).order_by("-number")
    edition = editions.values_list("number", flat=True).first() or 0
    monday = today - timedelta(days=today.weekday())
    if now < timezone.make_aware(datetime.combine(monday, time(FIRST_HOUR))):
        monday -= timedelta(days=7)
    changed = confirmed & ~Q(kind=Kind.WEEK) & Q(told_edition__lt=edition)
    return Q(link_asked_at__isnull=False) | changed | confirmed & Q(kind=Kind.WEEK, told_on__lt=monday)


@dataclass(frozen=True)
class PledgeChange:
    """What editions changed in one pledge: its standing today as of the edition before and as of the last one. A pledge
    that was not public has no `before`, one that was retracted no `after`.

    There is one for each pledge, however much changed in it, because a message has one section for it and a search
    finds it or not. `changes.Change` is one for each kind of change.
    """

    before: Standing | None
    after: Standing | None
    retraction: Retraction | None = None

    @property
    def standing(self) -> Standing:
        """The current standing, or the last one."""
        standing = self.after or self.before
        assert standing is not None  # the pledge was public before or is public now
        return standing

    @property
    def updates(self) -> tuple[Update, ...]:
        """The new updates that count, in their order."""
        return news(self.before, self.after) if self.after else ()

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """The wordings that replaced others."""
        return tuple(new for _old, new in rewordings(self.before, self.after)) if self.after else ()


@dataclass(frozen=True)
class Changes:
    """All that the editions after `since` up to `until` changed, as of `day`."""

    since: int
    until: int
    day: date
    _fitting: dict[tuple[str, str], list[PledgeChange]] = field(default_factory=dict, compare=False)

    @cached_property
    def all(self) -> list[PledgeChange]:
        """The changed pledges, in the order of their slugs."""
        items = EditionItem.objects.filter(edition__gt=self.since, edition__lte=self.until)
        named = items.filter(kind__in=["wording", "update", "retraction"], pledge__isnull=False)
        pledges = set(named.values_list("pledge", flat=True))
        if not pledges:
            return []
        changes = [PledgeChange(self._before(after), after) for after in self._table if after.pledge.pk in pledges]
        retracted = visibility.public_retractions().filter(edition__gt=self.since, edition__lte=self.until)
        for row in retracted:
            last = standing_before_retraction(row, day=self.day)
            if before := last and self._before(last):
                changes.append(PledgeChange(before, None, row))
        return sorted(changes, key=lambda change: change.standing.pledge.slug)

    @property
    def _table(self) -> tuple[Standing, ...]:
        return standings(self.until, self.day)

    def _before(self, standing: Standing) -> Standing | None:
        return standing_as_of(standing, edition=self.since, day=self.day)

    def fitting(self, kind: str, query: str) -> list[PledgeChange]:
        """The changes in pledges that fit an alert before or after: a pledge that left a search is among them."""
        key = kind, query
        if key not in self._fitting:
            self._fitting[key] = self._fit(kind, query) if self.all else []
        return self._fitting[key]

    def _fit(self, kind: str, query: str) -> list[PledgeChange]:
        if kind == Kind.PLEDGE:
            return [change for change in self.all if change.standing.pledge.slug == query]
        saved = SavedSearch(
            QueryDict(query), self._table, [change.standing for change in self.all if change.after is None]
        )
        if saved.asked.unknown:  # no pledge has this value any more, and without it the search would be another one
            return []
        return [change for change in self.all if saved.concerned(change.before, change.after)]


def subject(changes: list[PledgeChange], *, until: int) -> str:
    """The subject of a message: the pledge and its status, or how many pledges it is about."""
    if len(changes) == 1:
        [change] = changes
        status = _status(change.after) if change.after else _("retracted")
        return f"{change.standing.wording.title}: {status}"
    return _("%(count)s pledges, edition %(edition)s") % {"count": len(changes), "edition": until}


def week_sections(week: Week, *, today: date) -> list[Section]:
    """What changed in a week, as sections of a message in the active language; [] if nothing did.

    Raises ValueError for a week after `today` (in the newsroom's time zone).
    """
    return [
        Section(str(HEADINGS[kind]), [Line(describe(change).text, path(change)) for change in changes], more)
        for kind, changes, more in report(week, today=today).groups
    ]


def sections(changes: list[PledgeChange], *, until: int) -> list[Section]:
    """A message's sections in the active language, one for each pledge; above `MOST_PLEDGES` the rest is a number."""
    result = [Section(change.standing.wording.title, list(_lines(change, until))) for change in changes]
    if len(result) > MOST_PLEDGES:
        result, more = result[:MOST_PLEDGES], len(result) - MOST_PLEDGES
        edition = Line(_("All of edition %(edition)s") % {"edition": until}, reverse("edition", args=[until]))
        result.append(Section(_("And more"), [edition], more))
    return result


def _lines(change: PledgeChange, until: int) -> Iterator[Line]:
    yield Line(_headline(change), "")
    if change.retraction:
        yield Line(_labelled(_("Why"), change.retraction.note), "")
    for wording in change.wordings:
        yield Line(_labelled(_("Its wording was corrected"), wording.change_note), "")
    for update in change.updates:
        if update.corrects_id:
            yield Line(_labelled(_("Correction"), update.correction_note), "")
        day = written(update.happened_on, update.happened_precision)
        yield Line(_labelled(day[:1].upper() + day[1:], update.text), "")
    address = f"{reverse('pledge', args=[change.standing.pledge.slug])}?edition={until}"
    yield Line(_("The pledge, with its evidence, as of edition %(edition)s") % {"edition": until}, address)


def _headline(change: PledgeChange) -> str:
    """A pledge's status before and after, such as "In progress → Kept"."""
    if change.after is None:
        return _("Retracted: it should not have been published, and no longer counts.")
    now = _status(change.after)
    if change.before is None:
        return _("New here: %(status)s") % {"status": now}
    before = _status(change.before)
    return _("%(status)s, as before") % {"status": now} if now == before else f"{before} → {now}"


def _status(standing: Standing) -> str:
    return str(STATUS_LABELS[Status(standing.status)])


def _labelled(label: str, text: Text) -> Text:
    """A text after its label, still marked with its language."""
    labelled = Text(f"{label}: {text}")
    labelled.lang = text.lang
    return labelled
