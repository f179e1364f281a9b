"""The deadlines of pledges as iCalendar (RFC 5545, RFC 7986): of all pledges, of any search of them, and of one.

Days on which the desk looks at a pledge again are not public. The last version of an event is that of the newest
edition which said something about its pledge, its mandate or its topics: whatever it shows is theirs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from django.db.models import Max, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.domain.rules import Status
from pledges.models import STATUS_LABELS, EditionItem, Newsroom, Retraction
from pledges.queries import published_events
from pledges.queries.published import PublicMandate
from pledges.queries.search import filters
from pledges.queries.search.saved_search import SavedSearch
from pledges.queries.standings import Standing
from pledges.site.pledges.detail import Retracted, at_its_address, find
from pledges.site.pledges.table import PARAMETERS
from pledges.site.shared import ical
from pledges.site.shared.page_cache import PublicRequest, in_json, origin_of, page, standings_of

if TYPE_CHECKING:
    from icalendar import Calendar, Event

Row: TypeAlias = tuple[str, str]  # the kind and the key that it has in editions


@dataclass(frozen=True, order=True)
class Version:
    """The edition that said the last of an event, and its time (UTC)."""

    edition: int
    at: datetime


@page(*PARAMETERS, shows_watch=False, refused=in_json)
def search_calendar(request: PublicRequest) -> HttpResponse:
    """The deadlines of the pledges that match a search, with the days of their mandates.

    A pledge that was retracted before its deadline is there until then, cancelled: calendars into which the file was
    imported would keep it otherwise.
    """
    standings = standings_of(request)
    retractions = published_events.retractions(request.as_of.edition, day=request.as_of.day)
    retracted = [event.known for event in retractions]
    filter = filters.parse(request.GET, (*standings, *retracted), as_of=request.as_of.asked)
    filters.refuse_unknown(filter)
    search = SavedSearch(filter, standings, retracted)
    words = [f"“{filter.q}”"] if filter.q else []
    words += [str(selected.choice.label) for selected in search.results.selected]
    name = _("%(tracker)s: deadlines") % {"tracker": Newsroom.get().name}
    calendar = _calendar(request, " · ".join([name, *words]), reverse("pledges") + filter.to_query().rstrip("?"))
    _add_deadlines(calendar, request, search.results.matching)
    _add_cancelled(
        calendar,
        request,
        [(e.known, e.row) for e in retractions if search.matches(e.known) and isinstance(e.row, Retraction)],
    )
    _add_mandates(calendar, request, search.results.matching)
    return ical.answer(calendar)


@page(shows_watch=False, refused=in_json)
@at_its_address
def pledge_calendar(request: PublicRequest, slug: str) -> HttpResponse:
    """The deadline of one pledge, with the days of its mandates. That of a retracted pledge is cancelled (410)."""
    found = find(request, slug)
    standing = found.before if isinstance(found, Retracted) else found.standing
    title = f"{standing.wording.title} · {Newsroom.get().name}"
    calendar = _calendar(request, title, _page_of(standing))
    if isinstance(found, Retracted):
        _add_cancelled(calendar, request, [(standing, found.retraction)])
        return ical.answer(calendar, status=410)
    _add_deadlines(calendar, request, [standing])
    _add_mandates(calendar, request, [standing])
    return ical.answer(calendar)


def _calendar(request: PublicRequest, name: str, path: str) -> "Calendar":
    """A calendar without events; `path` is that of the page with the same pledges."""
    newsroom, origin = Newsroom.get(), origin_of(request)
    query = urlencode(request.page_parameters)
    return ical.calendar(
        name=name,
        host=_host(request),
        address=f"{origin}{request.path}{f'?{query}' if query else ''}",
        about=[str(newsroom.about), newsroom.licence],
        page=origin + path,
    )


# --- deadlines --------------------------------------------------------------------------------------------------------


def _add_deadlines(calendar: "Calendar", request: PublicRequest, standings: Sequence[Standing]) -> None:
    of_labels = _versions_of_labels(standings, request.as_of.edition)
    for standing in standings:
        last_day, version = standing.wording.deadline_end, _version(standing, of_labels)
        if last_day:
            calendar.add_component(_deadline(request, standing, last_day, version))
            continue
        # One that an earlier wording had: gone from what is fetched again, cancelled where it was imported.
        former = next((day for wording in reversed(standing.wordings) if (day := wording.deadline_end)), None)
        if former and former >= request.as_of.day:
            calendar.add_component(_deadline(request, standing, former, version, cancelled=True))


def _add_cancelled(
    calendar: "Calendar", request: PublicRequest, retracted: Sequence[tuple[Standing, Retraction]]
) -> None:
    """Add the deadlines of retracted pledges, each with where it stood before."""
    of_labels = _versions_of_labels([standing for standing, _retraction in retracted], request.as_of.edition)
    for standing, retraction in retracted:
        last_day, edition = standing.wording.deadline_end, retraction.edition
        if last_day and last_day >= request.as_of.day and edition:
            version = max(Version(edition.number, edition.published_at), _version(standing, of_labels))
            reason = _("This pledge was retracted: %(note)s") % {"note": retraction.note}
            calendar.add_component(_deadline(request, standing, last_day, version, cancelled=True, first=reason))


def _deadline(
    request: PublicRequest,
    standing: Standing,
    last_day: date,
    version: Version,
    *,
    cancelled: bool = False,
    first: str = "",
) -> "Event":
    """The event of a pledge's deadline, on the last day in time. `first` begins its description."""
    wording, title = standing.wording, standing.wording.title
    lines = [first] if first else []
    if wording.deadline:
        deadline = written(wording.deadline, wording.deadline_precision)
        lines.append(_("Deadline: %(deadline)s.") % {"deadline": deadline} + f" {wording.deadline_note}".rstrip())
    status = STATUS_LABELS[Status(standing.status)]
    if standing.since and standing.turning_update:
        since = written(standing.since, standing.turning_update.happened_precision, in_sentence=True)
        lines.append(_("Status: %(status)s since %(since)s.") % {"status": status, "since": since})
    else:
        lines.append(_("Status: %(status)s.") % {"status": status})
    lines += [str(wording.statement), _made_by(standing), _as_said_in(request, _page_of(standing), version)]
    return _event(
        request,
        f"deadline-{standing.pledge.pk}",
        last_day,
        _("Deadline: %(title)s") % {"title": title},
        lines,
        path=_page_of(standing),
        version=version,
        cancelled=cancelled,
        categories=[str(topic.name) for topic in standing.topics],
    )


def _made_by(standing: Standing) -> str:
    mandate = standing.pledge.mandate
    return _("Promised by %(person)s (%(office)s).") % {"person": mandate.person, "office": mandate.office}


def _version(standing: Standing, of_labels: Mapping[Row, Version]) -> Version:
    """The last version of a pledge's event; `of_labels` as `_versions_of_labels` has them."""
    withdrawals = (update.withdrawal for update in standing.withdrawn if update.withdrawal)
    rows = (*standing.wordings, *standing.updates, *standing.corrections, *withdrawals)
    last = max((row.edition for row in rows), key=lambda edition: edition.pk)
    labels = (of_labels[row] for row in _labels(standing) if row in of_labels)
    return max(Version(last.pk, last.published_at), *labels)


def _labels(standing: Standing) -> Iterator[Row]:
    """The rows from which an event has its person, office and topics: the pledge's own says which ones."""
    yield "pledge", str(standing.pledge.pk)
    yield "mandate", str(standing.pledge.mandate.pk)
    yield from (("topic", str(topic.pk)) for topic in standing.topics)


def _versions_of_labels(standings: Iterable[Standing], until: int) -> dict[Row, Version]:
    return _versions({row for standing in standings for row in _labels(standing)}, until)


# --- mandates ---------------------------------------------------------------------------------------------------------


def _add_mandates(calendar: "Calendar", request: PublicRequest, standings: Iterable[Standing]) -> None:
    """Add the first and last days of the mandates of these pledges, and the days on which they were won."""
    first_edition: dict[PublicMandate, Version] = {}
    for standing in standings:
        edition = standing.wordings[0].edition
        for mandate in standing.mandates:
            known = first_edition.get(mandate)
            if known is None or edition.pk < known.edition:
                first_edition[mandate] = Version(edition.pk, edition.published_at)
    versions = _versions((("mandate", str(mandate.pk)) for mandate in first_edition), request.as_of.edition)
    for mandate, first in first_edition.items():
        version = versions.get(("mandate", str(mandate.pk)), first)
        path = reverse("mandate", args=[mandate.slug])
        for kind, day, summary in _days(mandate, request.as_of.day):
            lines = [str(mandate), _as_said_in(request, path, version)]
            name = f"{kind}-{mandate.pk}"
            calendar.add_component(_event(request, name, day, summary, lines, path=path, version=version))


def _days(mandate: PublicMandate, today: date) -> Iterator[tuple[str, date, str]]:
    """The days of a mandate as (kind, day, summary)."""
    person = {"person": mandate.person, "office": mandate.office}
    if elected_on := mandate.elected_by(today):
        yield "elected", elected_on, _("Election of %(person)s (%(office)s)") % person
    yield "begins", mandate.starts_on, _("The mandate of %(person)s begins (%(office)s)") % person
    if mandate.ends_on:
        yield "ends", mandate.ends_on, _("The mandate of %(person)s ends (%(office)s)") % person


# --- events -----------------------------------------------------------------------------------------------------------


def _versions(rows: Iterable[Row], until: int) -> dict[Row, Version]:
    """The last edition up to `until` that named each of these rows; in one query."""
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key in rows:
        keys[kind].append(key)
    if not keys:
        return {}
    named = reduce(or_, (Q(kind=kind, key__in=of_kind) for kind, of_kind in keys.items()))
    items = EditionItem.objects.filter(named, edition__lte=until).values("kind", "key")
    last = items.annotate(number=Max("edition"), at=Max("edition__published_at")).order_by()
    return {(row["kind"], row["key"]): Version(row["number"], row["at"]) for row in last}


def _event(
    request: PublicRequest,
    name: str,
    day: date,
    summary: str,
    lines: Iterable[str],
    *,
    path: str,
    version: Version,
    cancelled: bool = False,
    categories: Iterable[str] = (),
) -> "Event":
    """An event of a whole day. `name` makes its permanent id, `path` is that of its page."""
    return ical.event(
        uid=f"{name}-{get_language()}@{_host(request)}",
        day=day,
        summary=summary,
        lines=lines,
        url=origin_of(request) + path,
        at=version.at,
        sequence=version.edition,
        cancelled=cancelled,
        categories=categories,
    )


def _as_said_in(request: PublicRequest, path: str, version: Version) -> str:
    address = f"{origin_of(request)}{path}?edition={version.edition}"
    return _("As edition %(number)s has it: %(address)s") % {"number": version.edition, "address": address}


def _page_of(standing: Standing) -> str:
    return reverse("pledge", args=[standing.pledge.slug])


def _host(request: PublicRequest) -> str:
    return urlsplit(origin_of(request)).hostname or ""
