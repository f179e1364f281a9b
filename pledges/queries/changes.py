"""What changed between two days (what happened, according to the newest edition) or two editions (what was published).

`compare` is a pure function: it compares the standings at two times. `changes_between.between` reads those standings,
and adds what does not belong to one pledge.

The page of changes shows every kind of change separately, passed deadlines included, for all pledges. E-mail alerts
report one change for each pledge that matches a search, and only what editions published. Both use `news` and
`rewordings` to find out what is new about a pledge.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from pledges.domain.rules import DUE_SOON_DAYS, Timeliness
from pledges.models import (
    Indicator,
    Institution,
    Mandate,
    Observation,
    Retraction,
    Topic,
)
from pledges.queries.published import OfAnEdition, PublicCorrection, PublicUpdate, PublicWithdrawal, PublicWording
from pledges.queries.record_changes import RecordChange
from pledges.queries.standings import Standing


class Kind(StrEnum):
    """The kinds of change, the most important first."""

    STATUS = "status"
    OVERDUE = "overdue"
    NEW = "new"
    RETRACTED = "retracted"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    REWORDED = "reworded"
    UPDATED = "updated"
    DUE_SOON = "due_soon"
    MANDATE = "mandate"
    CARRIED = "carried"
    FIGURES = "figures"
    LABELS = "labels"
    RECORD = "record"


IMPORTANCE = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Moment:
    """One side of a comparison: a day, according to an edition (0: before the first)."""

    edition: int
    day: date


@dataclass(frozen=True)
class Label:
    """A topic or an institution that a pledge gained (`added`) or lost."""

    row: Topic | Institution
    added: bool


@dataclass(frozen=True)
class Change:
    """One change. `day` is when it happened or, between editions, when it was published.

    `was` and `now` are the pledge's standing before and after: None where the pledge was not public, and both None for
    a mandate or an indicator. `updates` are the new ones, oldest first; `cause` is the one that made the change.
    """

    kind: Kind
    day: date
    was: Standing | None = None
    now: Standing | None = None
    updates: tuple[PublicUpdate, ...] = ()
    cause: PublicUpdate | None = None
    replaced: PublicUpdate | None = None  # CORRECTED: the update that `cause` corrects; WITHDRAWN: the one withdrawn
    correction: PublicCorrection | None = None  # CORRECTED: that of the pledge's address, mandate or day
    withdrawal: PublicWithdrawal | None = None
    moved_to: Standing | None = None  # WITHDRAWN: the pledge where the update is told instead
    wording: PublicWording | None = None  # REWORDED: the new one
    previous_wording: PublicWording | None = None  # REWORDED: the one before
    retraction: Retraction | None = None
    mandate: Mandate | None = None
    event: str = ""  # MANDATE: "began", "ended" or "closed"; CARRIED: "left" if it is no longer followed there
    carried: int = 0  # MANDATE that began: the number of earlier pledges that are followed in it
    indicator: Indicator | None = None
    figures: tuple[tuple[Observation, Observation | None], ...] = ()  # each with the figure that it revises
    labels: tuple[Label, ...] = ()
    record: RecordChange | None = None  # RECORD: the row that is no update, wording or figure

    @property
    def standing(self) -> Standing | None:
        """The pledge after the change; for a retracted pledge, before it."""
        return self.now or self.was

    @property
    def before(self) -> str:
        """The status before, or ""."""
        return self.was.status if self.was else ""

    @property
    def after(self) -> str:
        """The status after, or ""."""
        return self.now.status if self.now else ""

    @property
    def statuses_between(self) -> tuple[str, ...]:
        """The statuses that it had only in between, neither before nor after."""
        reached = (u.status for u in self.updates if self.now and u.pk in self.now.turning_points)
        return tuple(dict.fromkeys(status for status in reached if status not in (self.before, self.after)))


def compare(
    before: Iterable[Standing],
    after: Iterable[Standing],
    *,
    start: date,
    published: Mapping[int, date] | None = None,
    retractions: Mapping[int, Retraction] | None = None,
) -> list[Change]:
    """How the standings `after` differ from those `before`, which are of the day `start`; in order of importance.

    `published` gives the day of each edition in between. With it a change is dated by its publication, without it by
    the day on which it happened. `retractions` are those of pledges that are no longer public, by the pledge's id.
    """
    earlier = {standing.pledge.pk: standing for standing in before}
    edition_days = published or {}
    changes: list[Change] = []

    def dated(row: OfAnEdition, happened: date) -> date:
        return edition_days.get(row.edition_id, happened)

    after = list(after)
    for now in after:
        changes += _changes_of(earlier.pop(now.pledge.pk, None), now, start, dated)
    for was in earlier.values():
        retraction = (retractions or {}).get(was.pledge.pk)
        day = edition_days.get(retraction.edition_id or 0, was.day) if retraction else was.day
        changes.append(Change(Kind.RETRACTED, day, was=was, retraction=retraction))
    return in_order(_with_targets(changes, after))


def _with_targets(changes: Iterable[Change], after: Iterable[Standing]) -> Iterator[Change]:
    """The changes; those by which an update was moved, with the pledge to which it was."""
    changes = list(changes)
    keys = {change.withdrawal.pledge_id for change in changes if change.withdrawal}
    targets = {standing.pledge.pk: standing for standing in after if standing.pledge.pk in keys}
    for change in changes:
        target = targets.get(change.withdrawal.pledge_id or 0) if change.withdrawal else None
        yield replace(change, moved_to=target) if target else change


def in_order(changes: Iterable[Change]) -> list[Change]:
    """Changes by importance; within a kind the latest first, then by the pledge's slug, then in the given order."""

    def key(change: Change) -> tuple[int, int, str]:
        slug = change.standing.pledge.slug if change.standing else ""
        return IMPORTANCE[change.kind], -change.day.toordinal(), slug

    return sorted(changes, key=key)


def news(was: Standing | None, now: Standing) -> tuple[PublicUpdate, ...]:
    """The updates of a pledge that count now and did not count before, in their order."""
    known = {update.pk for update in was.updates} if was else set()
    return tuple(update for update in now.updates if update.pk not in known)


def withdrawals(was: Standing | None, now: Standing) -> list[tuple[PublicWithdrawal, PublicUpdate]]:
    """Each withdrawal since then as (the withdrawal, the update as it had counted); none of what counted at neither."""
    if was is None:
        return []
    known = {update.pk for update in was.updates}
    found = [(u.withdrawal, u if u.pk in known else _replaced(u, known, now)) for u in now.withdrawn]
    return [(withdrawal, told) for withdrawal, told in found if withdrawal and told]


def rewordings(was: Standing | None, now: Standing) -> list[tuple[PublicWording, PublicWording]]:
    """Each new wording as (the one it replaced, the new one); none if the pledge was not public before."""
    return [pair for pair in pairwise(now.wordings) if pair[1] not in was.wordings] if was else []


def new_corrections(was: Standing | None, now: Standing) -> list[PublicCorrection]:
    """The new corrections of a pledge's address, mandate or day; none if the pledge was not public before."""
    return [row for row in now.corrections if row not in was.corrections] if was else []


def _changes_of(
    was: Standing | None, now: Standing, start: date, dated: Callable[[OfAnEdition, date], date]
) -> Iterator[Change]:
    """The changes of one pledge that is public afterwards; `dated` gives the day of a row that is new."""
    known, new = {update.pk for update in was.updates} if was else set(), news(was, now)
    withdrawn = withdrawals(was, now)
    corrected = {update.pk: old for update in new if (old := _replaced(update, known, now))}
    # A correction that repeats the status of what it corrects changed no status.
    turned = now.turning_points - {u.pk for u in new if u.pk in corrected and corrected[u.pk].status == u.status}
    cause = now.turning_update if now.turning_update in new else (new[-1] if new else None)
    if was is None:
        yield Change(Kind.NEW, dated(now.wordings[0], now.pledge.made_on), now=now, updates=new, cause=cause)
    elif was.status != now.status or any(u.pk in turned and u.status != now.status for u in new):
        latest = dated(withdrawn[-1][0], now.day) if withdrawn else now.day
        day = dated(cause, cause.happened_on) if cause else latest
        yield Change(Kind.STATUS, day, was=was, now=now, updates=new, cause=cause)
    elif plain := [update for update in new if update.pk not in corrected]:
        day = max(dated(u, u.happened_on) for u in plain)
        yield Change(Kind.UPDATED, day, was=was, now=now, updates=new, cause=plain[-1])
    for update in new:
        if replaced := corrected.get(update.pk):
            day = dated(update, update.happened_on)
            yield Change(Kind.CORRECTED, day, was=was, now=now, cause=update, replaced=replaced)
    for withdrawal, told in withdrawn:
        day = dated(withdrawal, now.day)
        yield Change(Kind.WITHDRAWN, day, was=was, now=now, replaced=told, withdrawal=withdrawal)
    for correction in new_corrections(was, now):
        yield Change(Kind.CORRECTED, dated(correction, now.day), was=was, now=now, correction=correction)
    for previous, wording in rewordings(was, now):
        day = dated(wording, now.day)
        yield Change(Kind.REWORDED, day, was=was, now=now, wording=wording, previous_wording=previous)
    yield from _deadline(was, now, start)


def _replaced(update: PublicUpdate, known: set[int], now: Standing) -> PublicUpdate | None:
    """The update known before that this one corrects, directly or through another correction; or None."""
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
