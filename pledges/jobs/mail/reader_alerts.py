"""Readers' alerts: what an alert is about, in words; which alerts are due; what changed in the pledges that match.

Nothing is written here. Times are UTC; days are in the newsroom's calendar, and weekly mails go out in its morning.
"""

from collections.abc import Iterator, Sequence
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
from pledges.models.alert import QUERY_LENGTH
from pledges.queries import pledge_corrections, visibility
from pledges.queries.change_text import HEADINGS, TextWriter, describe
from pledges.queries.changes import new_corrections, news, rewordings, withdrawals
from pledges.queries.published import PublicCorrection, PublicUpdate, PublicWithdrawal, PublicWording
from pledges.queries.search import facets, filters
from pledges.queries.search.filters import Filter
from pledges.queries.search.saved_search import SavedSearch
from pledges.queries.standings import (
    Standing,
    present_address,
    standing_as_of,
    standing_before_retraction,
    standings,
)
from pledges.queries.weekly_report import path, report

Kind = Alert.Kind
BUNDLED = timedelta(minutes=15)  # editions that follow one another within that time are reported in one mail
MOST_PLEDGES = 30  # in one mail


class TooLong(ValueError):
    """The query of a search is longer than an alert can store."""


@dataclass(frozen=True)
class AlertRequest:
    """What an alert is about. `query` is as in the alert's row: the slug of a pledge, or the canonical query string of
    a search, whose parsed `filter` it is made from."""

    kind: str
    query: str = ""
    filter: Filter = field(default_factory=Filter)

    @classmethod
    def of_search(cls, data: QueryDict, standings: Sequence[Standing]) -> "AlertRequest":
        """An alert for the search of these parameters; the same pledges have the same query."""
        filter = filters.parse(data, standings).saved
        return cls(Kind.SEARCH, filter.to_query().lstrip("?"), filter)

    @property
    def unknown(self) -> tuple[tuple[str, str], ...]:
        """The parameters of its address whose values are unknown, as (name, value)."""
        return tuple(pair for pair in self.filter.unknown if pair[0] != "sort")

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of its page's address, as (name, value)."""
        if self.kind == Kind.SEARCH:
            return list(self.filter.pairs)
        return [("pledge", self.query)] if self.kind == Kind.PLEDGE else [("week", "1")]


def read(data: QueryDict, standings: Sequence[Standing]) -> AlertRequest:
    """What the address of the alert page asks for; the parameters of the list of pledges select the same pledges here.

    Raises LookupError for a pledge that is not public, and `TooLong`.
    """
    if slug := present_address(data.get("pledge", "")):
        if not any(standing.pledge.slug == slug for standing in standings):
            raise LookupError(slug)
        return AlertRequest(Kind.PLEDGE, slug)
    if data.get("week"):
        return AlertRequest(Kind.WEEK)
    request = AlertRequest.of_search(data, standings)
    if len(request.query) > QUERY_LENGTH:
        raise TooLong(request.query)
    return request


def stored(alert: Alert, standings: Sequence[Standing]) -> AlertRequest:
    """What an alert is about that was asked for earlier."""
    if alert.kind == Kind.SEARCH:
        return AlertRequest.of_search(QueryDict(alert.query), standings)
    return AlertRequest(alert.kind, alert.query)


def words(request: AlertRequest, standings: Sequence[Standing], *, typed: bool = True) -> str:
    """What an alert is about, as a sentence in the active language; without `typed`, without what its reader typed."""
    if request.kind == Kind.WEEK:
        return _("Every Monday morning: what changed in the week before.")
    if request.kind == Kind.PLEDGE:
        slug = request.query
        title = next((str(standing.wording.title) for standing in standings if standing.pledge.slug == slug), slug)
        return _("Whenever something new is published about the pledge “%(title)s”.") % {"title": title}
    q, conditions = request.filter.q, []
    if q:
        conditions.append(_("the words “%(words)s”") % {"words": q} if typed else _("words that you chose"))
    for facet, labels in facets.selected_labels(request.filter, standings):
        conditions.append(f"{str(facet).lower()} {get_text_list(list(map(str, labels)), _('or'))}")
    if not conditions:
        return _("Whenever something new is published about any pledge.")
    return _("Whenever something new is published about the pledges of this search: %(what)s.") % {
        "what": get_text_list(conditions, _("and"))
    }


def mail_works() -> bool:
    """Whether this installation can send mail to readers: it needs a mail server, and its own address for the links."""
    return bool(settings.EMAIL_HOST and settings.SITE_URL)


def last_edition() -> int:
    """The number of the newest edition, 0 before the first; read from the database, so that nothing is sent twice."""
    return visibility.public_editions().order_by("-number").values_list("number", flat=True).first() or 0


def due(*, now: datetime) -> Q:
    """Which alerts may have something to report now. A closed tracker only reports that it was closed, once."""
    newsroom, today = Newsroom.get(), timezone.localdate(now)
    confirmed = Q(confirmed_at__isnull=False)
    if newsroom.is_closed(today):
        return confirmed & (Q(closing_told_on=None) | Q(closing_told_on__lt=newsroom.closed_on))
    editions = visibility.public_editions().filter(published_at__lte=now - BUNDLED).order_by("-number")
    newest = editions.values_list("number", flat=True).first() or 0
    monday = today - timedelta(days=today.weekday())
    if now < timezone.make_aware(datetime.combine(monday, time(FIRST_HOUR))):
        monday -= timedelta(days=7)
    reports_editions = confirmed & ~Q(kind=Kind.WEEK) & Q(told_edition__lt=newest)
    return Q(link_asked_at__isnull=False) | reports_editions | confirmed & Q(kind=Kind.WEEK, told_on__lt=monday)


@dataclass(frozen=True)
class PledgeChange:
    """What editions changed in one pledge: where it stands today by what was published before them, and after them.

    A pledge that was not public has no `before`, one that was retracted no `after`; one of them is always there. There
    is one `PledgeChange` for each pledge, however much changed in it, since a mail has one section for each pledge;
    `changes.Change` is one for each kind of change. Both take what is new from `changes`.
    """

    before: Standing | None
    after: Standing | None
    retraction: Retraction | None = None

    @property
    def standing(self) -> Standing:
        """Where it stands, or stood last."""
        standing = self.after or self.before
        assert standing, "a change has a before or an after"
        return standing

    @property
    def updates(self) -> tuple[PublicUpdate, ...]:
        """The new updates that count, in the order in which they count."""
        return news(self.before, self.after) if self.after else ()

    @property
    def withdrawals(self) -> list[tuple[PublicWithdrawal, PublicUpdate]]:
        """The withdrawals, each with the update that counted before."""
        return withdrawals(self.before, self.after) if self.after else []

    @property
    def wordings(self) -> tuple[PublicWording, ...]:
        """The new wordings that replace others."""
        return tuple(new for _old, new in rewordings(self.before, self.after)) if self.after else ()

    @property
    def corrections(self) -> tuple[PublicCorrection, ...]:
        """The new corrections of its address, mandate or day."""
        return tuple(new_corrections(self.before, self.after)) if self.after else ()


@dataclass(frozen=True)
class Changes:
    """Everything that the editions after `since` up to `until` changed, as known on `day`."""

    since: int
    until: int
    day: date
    _matching: dict[tuple[str, str], list[PledgeChange]] = field(default_factory=dict, compare=False)

    @cached_property
    def all(self) -> list[PledgeChange]:
        """Every pledge of which something was published, sorted by its slug."""
        items = EditionItem.objects.filter(edition__gt=self.since, edition__lte=self.until)
        kinds = ["wording", "update", "withdrawal", "retraction", "pledgecorrection"]
        named = items.filter(kind__in=kinds, pledge__isnull=False)
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

    def matching(self, kind: str, query: str) -> list[PledgeChange]:
        """The changes of pledges that match an alert as they stood before or as they stand now; so a pledge that leaves
        a search is reported too."""
        key = kind, query
        if key not in self._matching:
            self._matching[key] = self._matches(kind, query) if self.all else []
        return self._matching[key]

    def _matches(self, kind: str, query: str) -> list[PledgeChange]:
        if kind == Kind.PLEDGE:
            slug = present_address(query)  # asked for on a page from before a correction of the address
            return [change for change in self.all if change.standing.pledge.slug == slug]
        retracted = [change.standing for change in self.all if change.after is None]
        filter = filters.parse(QueryDict(query), (*self._table, *retracted))
        if filter.unknown:  # no pledge has the value any more; without it, this would be another search
            return []
        search = SavedSearch(filter, self._table, retracted)
        return [change for change in self.all if search.concerns(change.before, change.after)]


def subject(changes: list[PledgeChange], *, until: int) -> str:
    """The subject of a mail: the pledge and its status, or the number of pledges."""
    if len(changes) == 1:
        [change] = changes
        status = _status(change.after) if change.after else _("retracted")
        return f"{change.standing.wording.title}: {status}"
    return _("%(count)s pledges, edition %(edition)s") % {"count": len(changes), "edition": until}


def week_sections(week: Week, *, today: date) -> list[Section]:
    """The changes of a week as sections of a mail in the active language; empty if nothing changed.

    Raises ValueError for a week after `today`, which is a day in the newsroom's calendar.
    """
    week_report = report(week, today=today)
    writer = TextWriter(named=week_report.several_people)
    return [
        Section(str(HEADINGS[kind]), [Line(describe(change, writer).text, path(change)) for change in changes], more)
        for kind, changes, more in week_report.groups
    ]


def sections(changes: list[PledgeChange], *, until: int) -> list[Section]:
    """The sections of a mail in the active language, one for each pledge; beyond a limit, the number of the others."""
    parts = [Section(change.standing.wording.title, list(_lines(change, until))) for change in changes]
    if len(parts) > MOST_PLEDGES:
        parts, more = parts[:MOST_PLEDGES], len(parts) - MOST_PLEDGES
        edition = Line(_("All of edition %(edition)s") % {"edition": until}, reverse("edition", args=[until]))
        parts.append(Section(_("And more"), [edition], more))
    return parts


def _lines(change: PledgeChange, until: int) -> Iterator[Line]:
    yield Line(_headline(change), "")
    if change.retraction:
        yield Line(_labelled(_("Why"), change.retraction.note), "")
    for wording in change.wordings:
        yield Line(_labelled(_("Its wording was corrected"), wording.change_note), "")
    for withdrawal, told in change.withdrawals:
        day = written(told.happened_on, told.happened_precision, in_sentence=True)
        yield Line(_labelled(_("The update of %(day)s was withdrawn") % {"day": day}, withdrawal.note), "")
    for correction in change.corrections:
        yield Line(_labelled(_("Correction"), correction.note), "")
        yield from (Line(sentence, "") for sentence in pledge_corrections.sentences(correction))
    for update in change.updates:
        if update.corrects_id:
            yield Line(_labelled(_("Correction"), update.correction_note), "")
        day = written(update.happened_on, update.happened_precision)
        yield Line(_labelled(day[:1].upper() + day[1:], update.text), "")
    address = f"{reverse('pledge', args=[change.standing.pledge.slug])}?edition={until}"
    yield Line(_("The pledge, with its evidence, as of edition %(edition)s") % {"edition": until}, address)


def _headline(change: PledgeChange) -> str:
    """Where a pledge stood and where it stands, as in "In progress → Kept"."""
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
