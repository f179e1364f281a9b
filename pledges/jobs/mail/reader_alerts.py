"""Readers' alerts: what an address asks to be told, in words; who is due; what changed in the pledges that fit.

Reads only. Times are UTC; days are of the newsroom's calendar, in whose morning the week is told.
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
from pledges.models import STATUS_LABELS, Alert, EditionItem, Newsroom, Retraction, Text
from pledges.queries import visibility
from pledges.queries.change_text import HEADINGS, describe
from pledges.queries.changes import news, rewordings
from pledges.queries.published import PublicUpdate, PublicWording
from pledges.queries.search import facets
from pledges.queries.search.facets import Filter
from pledges.queries.search.saved_search import SavedSearch
from pledges.queries.standings import Standing, standing_as_of, standing_before_retraction, standings
from pledges.queries.weekly_report import path, report

Kind = Alert.Kind
PARAMETERS = ("pledge", "week", *(name for name in facets.PARAMETERS if name not in ("sort", "page")))
BUNDLED = timedelta(minutes=15)  # what follows an edition within that time is told with it
MOST_PLEDGES = 30  # in one mail


class TooLong(ValueError):
    """A search that is longer than an alert can hold."""


@dataclass(frozen=True)
class AlertRequest:
    """What an alert is to tell: its kind, and its query in one order; `unknown` is what its address has besides, as
    (parameter, value)."""

    kind: str
    query: str = ""
    unknown: tuple[tuple[str, str], ...] = ()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What the address of its page has as a query."""
        if self.kind == Kind.SEARCH:
            return [(name, value) for name, values in QueryDict(self.query).lists() for value in values]
        return [("pledge", self.query)] if self.kind == Kind.PLEDGE else [("week", "1")]


def read(data: QueryDict, found: Iterable[Standing]) -> AlertRequest:
    """What the address of the page of alerts asks for; that of the list of pledges asks for the same pledges here.

    Raises LookupError for a pledge that is not public, and `TooLong`.
    """
    if slug := data.get("pledge", ""):
        if not any(standing.pledge.slug == slug for standing in found):
            raise LookupError(slug)
        return AlertRequest(Kind.PLEDGE, slug)
    if data.get("week"):
        return AlertRequest(Kind.WEEK)
    asked = facets.parse(data, found)
    query = _canonical(asked)
    if len(query) > Alert._meta.get_field("query").max_length:
        raise TooLong(query)
    return AlertRequest(Kind.SEARCH, query, tuple(pair for pair in asked.unknown if pair[0] != "sort"))


def _canonical(asked: Filter) -> str:
    """The query of a search without its order and page: the same pledges have the same query."""
    return asked.query(sort=asked.usual_sort, page="1", keep=()).lstrip("?")


def words(kind: str, query: str, found: Iterable[Standing], *, typed: bool = True) -> str:
    """What an alert tells, as a sentence in the active language. Without `typed`, what its reader typed is left out."""
    if kind == Kind.WEEK:
        return _("Every Monday morning: what changed in the week before.")
    found = tuple(found)
    if kind == Kind.PLEDGE:
        title = next((str(standing.wording.title) for standing in found if standing.pledge.slug == query), query)
        return _("Whenever something new is published about the pledge “%(title)s”.") % {"title": title}
    asked = facets.parse(QueryDict(query), found)
    narrowed = []
    if asked.q:
        narrowed.append(_("the words “%(words)s”") % {"words": asked.q} if typed else _("words that you chose"))
    for facet, chosen in facets.chosen_labels(asked, found):
        narrowed.append(f"{str(facet).lower()} {get_text_list(list(map(str, chosen)), _('or'))}")
    if not narrowed:
        return _("Whenever something new is published about any pledge.")
    return _("Whenever something new is published about the pledges of this search: %(what)s.") % {
        "what": get_text_list(narrowed, _("and"))
    }


def mail_works() -> bool:
    """Whether this installation can write to readers: it needs a mail server, and an address that its links lead to."""
    return bool(settings.EMAIL_HOST and settings.SITE_URL)


def last_edition() -> int:
    """The number of the newest edition, 0 before the first; from the database, so that nothing is told twice."""
    return visibility.public_editions().order_by("-number").values_list("number", flat=True).first() or 0


def due(*, now: datetime) -> Q:
    """Which alerts there is something to tell of now. Of a closed tracker, nothing but that it was closed, once."""
    newsroom, today = Newsroom.get(), timezone.localdate(now)
    holds = Q(confirmed_at__isnull=False)
    if newsroom.is_closed(today):
        return holds & (Q(closing_told_on=None) | Q(closing_told_on__lt=newsroom.closed_on))
    editions = visibility.public_editions().filter(published_at__lte=now - BUNDLED).order_by("-number")
    ripe = editions.values_list("number", flat=True).first() or 0
    monday = today - timedelta(days=today.weekday())
    if now < timezone.make_aware(datetime.combine(monday, time(FIRST_HOUR))):
        monday -= timedelta(days=7)
    of_each = holds & ~Q(kind=Kind.WEEK) & Q(told_edition__lt=ripe)
    return Q(link_asked_at__isnull=False) | of_each | holds & Q(kind=Kind.WEEK, told_on__lt=monday)


@dataclass(frozen=True)
class PledgeChange:
    """What editions changed in one pledge: where it stood and stands today by what was and is said, and what was
    published of it. One that was not public has no `before`, one that was retracted no `after`.

    There is one for each pledge, however much changed in it: a mail has a section for it, and a search it fits or does
    not. `changes.Change` is one for each kind of change; what is new of a pledge both ask `changes`.
    """

    before: Standing | None
    after: Standing | None
    retraction: Retraction | None = None

    @property
    def standing(self) -> Standing:
        """Where it stands, or stood last."""
        return self.after or self.before

    @property
    def updates(self) -> tuple[PublicUpdate, ...]:
        """What is new and counts, in the order in which it does."""
        return news(self.before, self.after) if self.after else ()

    @property
    def wordings(self) -> tuple[PublicWording, ...]:
        """The wordings that came in place of others."""
        return tuple(new for _old, new in rewordings(self.before, self.after)) if self.after else ()


@dataclass(frozen=True)
class Changes:
    """All that the editions after `since` up to `until` changed, by what is known on `day`."""

    since: int
    until: int
    day: date
    _fitting: dict[tuple[str, str], list[PledgeChange]] = field(default_factory=dict, compare=False)

    @cached_property
    def all(self) -> list[PledgeChange]:
        """Every pledge of which something was published, by its address."""
        items = EditionItem.objects.filter(edition__gt=self.since, edition__lte=self.until)
        named = items.filter(kind__in=["wording", "update", "retraction"], pledge__isnull=False)
        pledges = set(named.values_list("pledge", flat=True))
        if not pledges:
            return []
        found = [PledgeChange(self._before(after), after) for after in self._table if after.pledge.pk in pledges]
        retracted = visibility.public_retractions().filter(edition__gt=self.since, edition__lte=self.until)
        for row in retracted:
            stood = standing_before_retraction(row, day=self.day)
            if before := stood and self._before(stood):
                found.append(PledgeChange(before, None, row))
        return sorted(found, key=lambda change: change.standing.pledge.slug)

    @property
    def _table(self) -> tuple[Standing, ...]:
        return standings(self.until, self.day)

    def _before(self, standing: Standing) -> Standing | None:
        return standing_as_of(standing, edition=self.since, day=self.day)

    def fitting(self, kind: str, query: str) -> list[PledgeChange]:
        """Those in pledges that fit an alert, as they stood before or as they stand now: also what left a search."""
        key = kind, query
        if key not in self._fitting:
            self._fitting[key] = self._fit(kind, query) if self.all else []
        return self._fitting[key]

    def _fit(self, kind: str, query: str) -> list[PledgeChange]:
        if kind == Kind.PLEDGE:
            return [change for change in self.all if change.standing.pledge.slug == query]
        saved = SavedSearch(
            QueryDict(query), self._table, [change.before for change in self.all if change.after is None]
        )
        if saved.asked.unknown:  # no pledge has it any more; without it, the search would be another one
            return []
        return [change for change in self.all if saved.concerned(change.before, change.after)]


def subject(changes: list[PledgeChange], *, until: int) -> str:
    """What a mail is called: the pledge and its status, or how many pledges it tells of."""
    if len(changes) == 1:
        [change] = changes
        status = _status(change.after) if change.after else _("retracted")
        return f"{change.standing.wording.title}: {status}"
    return _("%(count)s pledges, edition %(edition)s") % {"count": len(changes), "edition": until}


def week_sections(week: Week, *, today: date) -> list[Section]:
    """What changed in a week, as sections of a mail in the active language; [] if nothing did.

    Raises ValueError for a week that lies ahead of `today` (in the newsroom's calendar).
    """
    return [
        Section(str(HEADINGS[kind]), [Line(describe(change).text, path(change)) for change in changes], more)
        for kind, changes, more in report(week, today=today).groups
    ]


def sections(changes: list[PledgeChange], *, until: int) -> list[Section]:
    """A mail's sections in the active language, one for each pledge; of very many, the rest is a number."""
    found = [Section(change.standing.wording.title, list(_lines(change, until))) for change in changes]
    if len(found) > MOST_PLEDGES:
        found, more = found[:MOST_PLEDGES], len(found) - MOST_PLEDGES
        edition = Line(_("All of edition %(edition)s") % {"edition": until}, reverse("edition", args=[until]))
        found.append(Section(_("And more"), [edition], more))
    return found


def _lines(change: PledgeChange, until: int) -> Iterator[Line]:
    yield Line(_headline(change), "")
    if change.retraction:
        yield Line(_said(_("Why"), change.retraction.note), "")
    for wording in change.wordings:
        yield Line(_said(_("Its wording was corrected"), wording.change_note), "")
    for update in change.updates:
        if update.corrects_id:
            yield Line(_said(_("Correction"), update.correction_note), "")
        day = written(update.happened_on, update.happened_precision)
        yield Line(_said(day[:1].upper() + day[1:], update.text), "")
    address = f"{reverse('pledge', args=[change.standing.pledge.slug])}?edition={until}"
    yield Line(_("The pledge, with its evidence, as of edition %(edition)s") % {"edition": until}, address)


def _headline(change: PledgeChange) -> str:
    """Where a pledge stood and stands: "In progress → Kept"."""
    if change.after is None:
        return _("Retracted: it should not have been published, and no longer counts.")
    now = _status(change.after)
    if change.before is None:
        return _("New here: %(status)s") % {"status": now}
    before = _status(change.before)
    return _("%(status)s, as before") % {"status": now} if now == before else f"{before} → {now}"


def _status(standing: Standing) -> str:
    return str(STATUS_LABELS[Status(standing.status)])


def _said(before: str, text: Text) -> Text:
    """A text after what it is, still marked with its language."""
    said = Text(f"{before}: {text}")
    said.lang = text.lang
    return said
