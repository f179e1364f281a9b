"""What changed between two times: two days (what happened, by what is said now) or two editions (what was said).

`compare` is pure over standings: it tells how the table at one time differs from that at another. `between` reads the
two tables, and what editions say of things that are no pledge's own: figures, mandates, retractions; and, by the
database's trail, the topics, institutions and mandates that a pledge came under.

It is what readers of a page are told: each kind of change by itself, deadlines that passed among them, of all pledges.
Alerts (alerts.Changes) tell one change of each pledge that fits a search, and only what editions said; what is new of a
pledge both ask `news` and `rewordings`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from django.db.models import QuerySet
from django.utils import timezone

from pledges.domain.rules import DUE_SOON_DAYS, Timeliness
from pledges.models import (
    EditionItem,
    Indicator,
    Institution,
    Mandate,
    Observation,
    Retraction,
    Topic,
)
from pledges.models.pledge import PledgeCarried, PledgeInstitution, PledgeTopic
from pledges.queries import visibility
from pledges.queries.published import PublicUpdate, PublicWording
from pledges.queries.standings import Standing, standings_uncached


class Kind(StrEnum):
    """What kind of change it is, the most important first."""

    STATUS = "status"
    OVERDUE = "overdue"
    NEW = "new"
    RETRACTED = "retracted"
    CORRECTED = "corrected"
    REWORDED = "reworded"
    UPDATED = "updated"
    DUE_SOON = "due_soon"
    MANDATE = "mandate"
    CARRIED = "carried"
    FIGURES = "figures"
    LABELS = "labels"


IMPORTANCE = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Moment:
    """A time that can be compared with another: what an edition (0: before the first) says of a day."""

    edition: int
    day: date


@dataclass(frozen=True)
class Label:
    """A topic or an institution that a pledge stands under since (`added`), or no more."""

    row: Topic | Institution
    added: bool


@dataclass(frozen=True)
class Change:
    """One change. `day` is when it happened or, between editions, when it was said.

    `was` and `now` are the pledge's standing before and after: None where it was not there, and both for a mandate or
    an indicator. `updates` are those that are new in between, oldest first; `brought` is the one that it is due to.
    """

    kind: Kind
    day: date
    was: Standing | None = None
    now: Standing | None = None
    updates: tuple[PublicUpdate, ...] = ()
    brought: PublicUpdate | None = None
    replaced: PublicUpdate | None = None  # CORRECTED: what `brought` stands in for
    wording: PublicWording | None = None  # REWORDED: the new one
    worded: PublicWording | None = None  # and the one before
    retraction: Retraction | None = None
    mandate: Mandate | None = None
    event: str = ""  # MANDATE: "began", "ended" or "closed"; CARRIED: "left" where it is followed there no more
    carried: int = 0  # MANDATE that began: how many pledges made earlier are followed on in it
    indicator: Indicator | None = None
    figures: tuple[tuple[Observation, Observation | None], ...] = ()  # each with the one that it revises
    labels: tuple[Label, ...] = ()

    @property
    def standing(self) -> Standing | None:
        """The pledge as it stands afterwards; what was retracted, as it stood before."""
        return self.now or self.was

    @property
    def before(self) -> str:
        """The status before; "" where there was none."""
        return self.was.status if self.was else ""

    @property
    def after(self) -> str:
        """The status after; "" where there is none."""
        return self.now.status if self.now else ""

    @property
    def meanwhile(self) -> tuple[str, ...]:
        """The statuses that it had in between, and neither before nor after."""
        turns = (u.status for u in self.updates if self.now and u.pk in self.now.turning_points)
        return tuple(dict.fromkeys(status for status in turns if status not in (self.before, self.after)))


def compare(
    before: Iterable[Standing],
    after: Iterable[Standing],
    *,
    start: date,
    published: Mapping[int, date] | None = None,
    retractions: Mapping[int, Retraction] | None = None,
) -> list[Change]:
    """How the pledges `after` differ from those `before`, as they stood on the day `start`; in order of importance.

    `published` gives the day of each edition in between: with it changes are dated by when they were said, without it
    by when they happened. `retractions` are those of pledges that are gone, by the pledge's id.
    """
    then = {standing.pledge.pk: standing for standing in before}
    found: list[Change] = []

    def said(row: PublicUpdate | PublicWording, happened: date) -> date:
        return (published or {}).get(row.edition_id, happened)

    for now in after:
        was = then.pop(now.pledge.pk, None)
        found += _of(was, now, start, said)
    for gone in then.values():
        retraction = (retractions or {}).get(gone.pledge.pk)
        day = (published or {}).get(retraction.edition_id, gone.day) if retraction else gone.day
        found.append(Change(Kind.RETRACTED, day, was=gone, retraction=retraction))
    return in_order(found)


def in_order(found: Iterable[Change]) -> list[Change]:
    """Changes by importance; of a kind, the latest first."""

    def place(change: Change) -> tuple:
        name = change.standing.pledge.slug if change.standing else ""
        return IMPORTANCE[change.kind], -change.day.toordinal(), name

    return sorted(found, key=place)


def news(was: Standing | None, now: Standing) -> tuple[PublicUpdate, ...]:
    """The updates of a pledge that count now and did not before, in the order in which they count."""
    known = {update.pk for update in was.updates} if was else set()
    return tuple(update for update in now.updates if update.pk not in known)


def rewordings(was: Standing | None, now: Standing) -> list[tuple[PublicWording, PublicWording]]:
    """Each wording that came since in place of another, with that one; of a pledge that was not there before, none."""
    return [pair for pair in pairwise(now.wordings) if pair[1] not in was.wordings] if was else []


def _of(
    was: Standing | None, now: Standing, start: date, said: Callable[[PublicUpdate | PublicWording, date], date]
) -> Iterator[Change]:
    """The changes of one pledge that is there afterwards."""
    known, new = {update.pk for update in was.updates} if was else set(), news(was, now)
    corrected = {update.pk: old for update in new if (old := _replaced(update, known, now))}
    turned = now.turning_points - {u.pk for u in new if u.pk in corrected and corrected[u.pk].status == u.status}
    turn = now.turning_update if now.turning_update in new else (new[-1] if new else None)
    both = {"was": was, "now": now, "updates": new}
    if was is None:
        yield Change(Kind.NEW, said(now.wordings[0], now.pledge.made_on), now=now, updates=new, brought=turn)
    elif was.status != now.status or any(u.pk in turned and u.status != now.status for u in new):
        day = said(turn, turn.happened_on) if turn else now.day
        yield Change(Kind.STATUS, day, **both, brought=turn)
    elif plain := [update for update in new if update.pk not in corrected]:
        yield Change(Kind.UPDATED, max(said(u, u.happened_on) for u in plain), **both, brought=plain[-1])
    for update in new:
        if old := corrected.get(update.pk):
            day = said(update, update.happened_on)
            yield Change(Kind.CORRECTED, day, was=was, now=now, brought=update, replaced=old)
    for old, wording in rewordings(was, now):
        yield Change(Kind.REWORDED, said(wording, now.day), was=was, now=now, wording=wording, worded=old)
    yield from _deadline(was, now, start)


def _replaced(update: PublicUpdate, known: set[int], now: Standing) -> PublicUpdate | None:
    """What an update corrects of the updates that were known before, be it through another correction, or None."""
    rows = {row.pk: row for row in now.pledge.updates} if update.corrects_id else {}
    while update.corrects_id in rows:
        update = rows[update.corrects_id]
        if update.pk in known:
            return update
    return None


def _deadline(was: Standing | None, now: Standing, start: date) -> Iterator[Change]:
    end = now.wording.deadline_end
    if end is None:
        return
    before = was.timeliness if was else None
    if now.timeliness == Timeliness.OVERDUE and (before != Timeliness.OVERDUE if was else start <= end):
        yield Change(Kind.OVERDUE, end + timedelta(days=1), was=was, now=now)
    if now.timeliness == Timeliness.DUE_SOON:
        near = end - timedelta(days=DUE_SOON_DAYS)
        if before == Timeliness.AHEAD if was else start < near:
            yield Change(Kind.DUE_SOON, near, was=was, now=now)


def between(start: Moment, end: Moment) -> list[Change]:
    """All that changed from one time to a later one, in a fixed number of queries, in order of importance.

    Where both are of the same edition, it is what happened between the days; otherwise also what the editions in
    between said: corrections, wordings, retractions, figures, what pledges stand under.
    """
    before, after = standings_uncached(start.edition, start.day), standings_uncached(end.edition, end.day)
    if start.edition == end.edition:
        found = compare(before, after, start=start.day)
        return in_order([*found, *_mandates(start, end, after), *_closed(Mandate.objects.all(), start, end)])
    editions = {
        row.number: row
        for row in visibility.public_editions().filter(number__gt=start.edition, number__lte=end.edition)
    }
    published = {number: timezone.localdate(row.published_at) for number, row in editions.items()}
    retractions = visibility.public_retractions().filter(edition__in=editions)
    found = compare(
        before,
        after,
        start=start.day,
        published=published,
        retractions={row.pledge_id: row for row in retractions},
    )
    found += [*_mandates(start, end, after), *_figures(start, end, published)]
    items = EditionItem.objects.filter(edition__in=editions, action=EditionItem.Action.CHANGED)
    closings = dict(items.filter(kind="mandate").values_list("key", "edition"))
    closed = [
        row for row in Mandate.objects.filter(pk__in=closings) if row.closed_on == published[closings[str(row.pk)]]
    ]
    found += _closed(closed)
    found += _relations(before, after, items.filter(kind="pledge"), published)
    return in_order(found)


def _mandates(start: Moment, end: Moment, after: Sequence[Standing]) -> Iterator[Change]:
    """The mandates that began or ended on the days in between."""
    days = (start.day + timedelta(days=1), end.day)
    for row in Mandate.objects.filter(starts_on__range=days):
        carried = sum(row in standing.mandates[1:] for standing in after)
        yield Change(Kind.MANDATE, row.starts_on, mandate=row, event="began", carried=carried)
    for row in Mandate.objects.filter(ends_on__range=days):
        yield Change(Kind.MANDATE, row.ends_on, mandate=row, event="ended")


def _closed(rows: Iterable[Mandate], start: Moment | None = None, end: Moment | None = None) -> list[Change]:
    """Those of the mandates that were closed (on the days in between, where they are given)."""
    closed = [row for row in rows if row.closed_on and (start is None or start.day < row.closed_on <= end.day)]
    return [Change(Kind.MANDATE, row.closed_on, mandate=row, event="closed") for row in closed]


def _figures(start: Moment, end: Moment, published: Mapping[int, date]) -> Iterator[Change]:
    """The figures that the editions in between published, by indicator, each with the one that it revises."""
    new = Observation.objects.filter(edition__gt=start.edition, edition__lte=end.edition)
    rows = (
        Observation.objects.filter(edition__lte=end.edition, indicator__in=new.values("indicator"))
        .prefetch_related("indicator__series")
        .order_by("edition_id", "pk")
    )
    last: dict[tuple, Observation] = {}
    earlier: dict[tuple, Observation] = {}
    for row in rows:
        period = (row.indicator_id, row.series, row.starts_on, row.ends_on)
        last[period] = row
        if row.edition_id <= start.edition:
            earlier[period] = row
    told: dict[int, list[tuple[Observation, Observation | None]]] = {}
    for period, row in last.items():
        if row.edition_id > start.edition:
            told.setdefault(row.indicator_id, []).append((row, earlier.get(period)))
    for figures in told.values():
        figures.sort(key=lambda pair: (pair[0].series, pair[0].starts_on, pair[0].ends_on))
        day = max(published[row.edition_id] for row, _was in figures)
        yield Change(Kind.FIGURES, day, indicator=figures[0][0].indicator, figures=tuple(figures))


# What a pledge stands under, with the table whose history the database keeps.
RELATIONS = {
    "topic": (Topic, PledgeTopic),
    "institution": (Institution, PledgeInstitution),
    "mandate": (Mandate, PledgeCarried),
}


def _relations(
    before: Iterable[Standing], after: Iterable[Standing], items: QuerySet[EditionItem], published: Mapping[int, date]
) -> Iterator[Change]:
    """How the editions in between changed the topics and institutions of pledges, and the mandates that these are
    followed in. `items` are their changes of pledges.

    An edition seals the digest of all this and not what it was (docs/adr/0004); the database's own trail says when each
    came and went. The next edition that names the pledge is the one that said so: its transaction had begun by then,
    and whoever changes a pledge holds it until the edition is made.
    """
    there = {was.pledge.pk: was for was in before}
    both = {now.pledge.pk: (there[now.pledge.pk], now) for now in after if now.pledge.pk in there}
    named = [pk for key in set(items.values_list("key", flat=True)) if (pk := int(key)) in both]
    said: dict[int, list[tuple[datetime, int]]] = {pk: [] for pk in named}
    naming = EditionItem.objects.filter(kind="pledge", key__in=map(str, named)).order_by("edition")
    for key, at, number in naming.values_list("key", "edition__published_at", "edition"):
        said[int(key)].append((at, number))
    labels: dict[int, list[tuple[date, Label]]] = {}
    for name, (model, link) in RELATIONS.items():
        net = _net(link.pgh_event_model.objects.filter(pledge__in=named), name, said, published)
        rows = model.objects.in_bulk({other for _pledge, other in net})
        for (pledge, other), (added, number) in sorted(net.items()):
            was, now = both[pledge]
            if other not in rows:  # what no edition has named by itself can be deleted
                continue
            if name == "mandate":
                event = "" if added else "left"
                yield Change(Kind.CARRIED, published[number], was=was, now=now, mandate=rows[other], event=event)
            else:
                labels.setdefault(pledge, []).append((published[number], Label(rows[other], added)))
    for pledge, told in labels.items():
        was, now = both[pledge]
        day = max(day for day, _label in told)
        yield Change(Kind.LABELS, day, was=was, now=now, labels=tuple(label for _day, label in told))


def _net(
    events: QuerySet, name: str, said: Mapping[int, list[tuple[datetime, int]]], published: Mapping[int, date]
) -> dict[tuple[int, int], tuple[bool, int]]:
    """Of what came and went, what the editions in between left otherwise than they found it: whether it came, and the
    edition that said so last, by (pledge, what it stands under)."""
    acts: dict[tuple[int, int], list[tuple[bool, int]]] = {}
    for pledge, other, label, when in events.order_by("pgh_id").values_list(
        "pledge", name, "pgh_label", "pgh_created_at"
    ):
        number = next((number for at, number in said[pledge] if at >= when), None)
        if number in published:
            acts.setdefault((pledge, other), []).append((label == "insert", number))
    return {pair: found[-1] for pair, found in acts.items() if found[0][0] == found[-1][0]}
