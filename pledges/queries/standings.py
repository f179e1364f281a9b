"""Where every public pledge stands: its words, its updates and what the rules make of them.

Public content changes only with an edition, so the whole table is read once in a fixed number of queries and kept in
the process; the next edition reads only the pledges that it names, and a day or an edition of the past nothing. Lists,
tallies, facets and strips are plain Python over it.
"""

import gc
import logging
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from threading import Lock

from django.db import DatabaseError, connection
from django.db.models import Model, QuerySet
from django.utils import timezone

from pledges.domain import rules
from pledges.models import (
    Edition,
    EditionItem,
    Evidence,
    Indicator,
    Institution,
    Mandate,
    Pledge,
    Retraction,
    State,
    Topic,
    Update,
    Wording,
)
from pledges.queries import pulse, visibility

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """A pledge on a day: its wordings and its updates until then (oldest first), its status and since when."""

    pledge: Pledge
    wordings: tuple[Wording, ...]
    updates: tuple[Update, ...]
    status: str
    since: date | None
    day: date

    @property
    def wording(self) -> Wording:
        """The words that it has."""
        return self.wordings[-1]

    @property
    def changes(self) -> list[tuple[date, str]]:
        """The updates as (day, status), in the order in which they count."""
        return [(update.happened_on, update.status) for update in self.updates]

    @property
    def latest(self) -> Update | None:
        """The update that gives the status, or None while there is none."""
        return self.updates[-1] if self.updates else None

    @property
    def turning_update(self) -> Update | None:
        """The update that brought the status it has, or None while there is none: why it stands where it stands."""
        return next((update for update in reversed(self.updates) if update.pk in self.turning_points), None)

    # What the list is narrowed down by is asked of every pledge for every reader, so it is made out once.
    @cached_property
    def timeliness(self) -> rules.Timeliness:
        """The standing against the deadline."""
        return rules.timeliness(self.status, self.since, self.wording.deadline_end, self.day)

    @cached_property
    def mandates(self) -> tuple[Mandate, ...]:
        """The mandate in which it was made, and those into which it was carried."""
        return (self.pledge.mandate, *self.pledge.carried_into.all())

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """Its topics."""
        return tuple(self.pledge.topics.all())

    @cached_property
    def institutions(self) -> tuple[Institution, ...]:
        """The institutions that it concerns."""
        return tuple(self.pledge.institutions.all())

    @property
    def changed_on(self) -> date | None:
        """The day of the last update, whether it changed the status or not."""
        return self.latest.happened_on if self.latest else None

    @cached_property
    def last_edition(self) -> int:
        """The number of the newest edition that published something of what counts of it."""
        return max(self.wording.edition_id, *(update.edition_id for update in self.updates), 0)

    @cached_property
    def turning_points(self) -> frozenset[int]:
        """The ids of the updates that changed the status."""
        return self._changing(lambda update: (update.status,))

    @cached_property
    def status_lines(self) -> frozenset[int]:
        """The ids of the updates that changed the status or why it is so: a timeline names it there."""
        return self._changing(lambda u: (u.status, u.failure_reason, u.reason_detail_en, u.reason_detail_es))

    def _changing(self, told: Callable[[Update], tuple]) -> frozenset[int]:
        before = [None, *map(told, self.updates)]
        return frozenset(update.pk for update, was in zip(self.updates, before, strict=False) if told(update) != was)

    def spans(self, start: date, end: date) -> list[rules.Span]:
        """Its status on each day from `start` to `end`, but to no later day than it is known for."""
        return rules.spans(self.changes, start, min(end, self.day))


@lru_cache(maxsize=4)  # each is the whole table: today's, and around midnight or a publication those before it
def standings(edition: int, day: date) -> tuple[Standing, ...]:
    """Every pledge that was public in the edition with this number and had been made by `day`, as it stood on that day
    by what the edition said.

    Sorted by the pledge's address. A corrected update no longer counts once its correction is published, nor does a
    pledge once it was retracted.
    """
    table = _table(edition)
    return tuple(stood for pledge in table.pledges if (stood := table.standing(pledge, edition, day)))


def standings_uncached(edition: int, day: date) -> tuple[Standing, ...]:
    """The same, worked out anew and not kept: readers ask for any time, and today's table has to stay."""
    if day == timezone.localdate() and edition == pulse.current().edition:
        return standings(edition, day)  # every page needs it
    return standings.__wrapped__(edition, day)


def standing_of(slug: str, *, edition: int, day: date) -> tuple[Standing | None, list[Standing]]:
    """One pledge as `standings` has it, or None, and with it those that share a topic. Whoever follows citations into
    the past does not make the process work out where every pledge stood then."""
    table = _table(edition)
    found = [stood for pledge in table.near(slug) if (stood := table.standing(pledge, edition, day))]
    return next((each for each in found if each.pledge.slug == slug), None), found


def standing_as_of(standing: Standing, *, edition: int, day: date) -> Standing | None:
    """A pledge of a table on another day, or by what an earlier edition said, as `standings` has it; None where it was
    not public, or not made, by then. For a few pledges nobody has to work out where all of them stood. Nothing is read.
    """
    return _Table().standing(standing.pledge, edition, day)


def standing_before_retraction(retraction: Retraction, *, day: date | None = None) -> Standing | None:
    """Where a pledge stood on `day` by what was said until it was retracted; by default on the day on which it was."""
    last, day = retraction.edition_id - 1, day or timezone.localdate(retraction.edition.published_at)
    table = _table(last)
    return next((table.standing(p, last, day) for p in table.pledges if p.pk == retraction.pledge_id), None)


@dataclass(frozen=True)
class _Table:
    """All pledges that were public in an edition or before, sorted by their address, with all that was published of
    them until then; and the edition that retracted a pledge. What earlier editions said is taken out of it."""

    newest: int = 0
    pledges: tuple[Pledge, ...] = ()
    retracted: dict[int, int] = field(default_factory=dict)

    @cached_property
    def of_topics(self) -> dict[Topic, list[int]]:
        """The places of the pledges that have a topic."""
        found = defaultdict(list)
        for place, pledge in enumerate(self.pledges):
            for topic in pledge.topics.all():
                found[topic].append(place)
        return found

    def near(self, slug: str) -> list[Pledge]:
        """The pledge at an address, if there is one, and those that share a topic with it, sorted by their address."""
        place = bisect_left(self.pledges, slug, key=lambda pledge: pledge.slug)
        here = self.pledges[place : place + 1]
        if not here or here[0].slug != slug:
            return []
        places = {place, *(other for topic in here[0].topics.all() for other in self.of_topics[topic])}
        return [self.pledges[each] for each in sorted(places)]

    def standing(self, pledge: Pledge, edition: int, day: date) -> Standing | None:
        """Where a pledge stood; None if it was not public in that edition, or not made by that day."""
        wordings = [wording for wording in pledge.public_wordings if wording.edition_id <= edition]
        if not wordings or pledge.made_on > day or self.retracted.get(pledge.pk, edition + 1) <= edition:
            return None
        return _stand(pledge, wordings, [u for u in pledge.public_updates if u.edition_id <= edition], day)


_last = [_Table()]
_reading = Lock()


def _table(edition: int) -> _Table:
    """The newest table, which holds what this edition said and whatever came later."""
    newest = max(edition, pulse.current().edition)
    if _last[0].newest < newest:
        with _reading:  # of several who ask at once one reads, and the others have what it read
            if _last[0].newest < newest:
                gc.disable()  # it would go through the growing table again and again, for half of the time, in vain
                try:
                    _last[0] = _next(_last[0], newest)
                finally:
                    gc.enable()
    return _last[0]


def _next(last: _Table, newest: int) -> _Table:
    """The table as of an edition, made of an earlier one where that does."""
    named = set(EditionItem.objects.filter(edition=newest).values_list("pledge", flat=True))
    public = Pledge.objects.filter(wordings__in=visibility.public_wordings().filter(edition__lte=newest)).distinct()
    if not last.newest or last.newest + 1 != newest or None in named:  # what is no pledge's own may be on many
        kept = []
    else:
        kept = [pledge for pledge in last.pledges if pledge.pk not in named]
        public = public.filter(pk__in=named)
    pledges = sorted([*kept, *_read(public, newest)], key=lambda pledge: pledge.slug)
    retracted = visibility.public_retractions().filter(edition__lte=newest).values_list("pledge", "edition")
    return _Table(newest, tuple(pledges), dict(retracted))


def get_ready() -> None:
    """Work out today's standings before a reader asks for them, in a thread of a process that has just started.

    Where the database cannot be read (yet), the first reader has it read. What was read stays, so that the search for
    rubbish in memory need not go through it again and again.
    """
    try:
        found = standings(pulse.current().edition, timezone.localdate())
        gc.collect()
        gc.freeze()
        log.info("ready to show %s pledges", len(found))
    except DatabaseError as error:
        log.warning("The pledges cannot be read: %s", error)
    finally:
        connection.close()


def forget() -> None:
    """Read everything again next time: where edition numbers begin again."""
    standings.cache_clear()
    _last[0] = _Table()


def proposed(item: Update | Wording | Retraction, *, edition: int, day: date) -> tuple[Standing | None, Standing]:
    """Where a draft's pledge stands in an edition on `day`, and where it would stand were the draft the next edition.

    The first is None while the pledge is not public. Nothing is written, and no row that others hold is touched. An
    update before its pledge's first publication is shown with the wording that is drafted. A retraction changes
    nothing of what the pledge had said: both are the same.
    """
    mine_alone = Pledge.objects.filter(pk=item.pledge_id)
    [before], [pledge] = _read(mine_alone, edition), _read(mine_alone, edition)
    if isinstance(item, Retraction):
        return _with_all(before, day), _with_all(pledge, day)
    mine = type(item)._default_manager.get(pk=item.pk)
    coming = Edition(number=edition + 1, published_at=timezone.now())
    mine.edition, mine.state = coming, State.PUBLISHED  # in memory only
    if isinstance(mine, Wording):
        pledge.public_wordings.append(mine)
    else:
        pledge.public_updates.append(mine)
    if not pledge.public_wordings:
        pledge.public_wordings.extend(pledge.wordings.order_by("-number")[:1] or [Wording(pledge=pledge)])
        pledge.public_wordings[-1].edition = coming
    return _with_all(before, day), _with_all(pledge, day)


# What a page never says of a published row: how it was written.
DEFERRED_FIELDS = ("author", "edited_by", "submitted_at", "review_note", "publish_at", "scheduled_by", "published_by")
DEFERRED_FIELDS += ("created_at", "updated_at")
UNSAID_OF_CAPTURES = [f"capture__{name}" for name in ("url", "status", "headers", "content_type", "body", "size")]
# A pledge's relations: the model, and what the table between calls it.
RELATED = {"topics": (Topic, "topic"), "institutions": (Institution, "institution")}
RELATED |= {"carried_into": (Mandate, "mandate"), "indicators": (Indicator, "indicator")}


def _read(public: QuerySet[Pledge], edition: int) -> list[Pledge]:
    """These pledges with all that was published of them until an edition, as their `public_wordings` and
    `public_updates`, in a fixed number of queries.

    There may be tens of thousands of rows, so they are put together here. Django would ask for them by lists of as many
    ids, make an object of a mandate for each of its pledges, and keep a copy of the query on every row.
    """
    wordings = visibility.public_wordings().filter(pledge__in=public, edition__lte=edition).order_by("number")
    updates = visibility.public_updates().filter(pledge__in=public, edition__lte=edition)
    evidence = Evidence.objects.filter(update__in=updates).select_related("capture").defer(*UNSAID_OF_CAPTURES)
    related = {name: _related(name, public) for name in RELATED}
    wordings_of = _by("pledge_id", wordings.defer(*DEFERRED_FIELDS).prefetch_related("edition"))
    updates_of = _by("pledge_id", updates.defer(*DEFERRED_FIELDS).prefetch_related("edition"))
    evidence_of = _by("update_id", evidence)
    unsaid = ("search_en", "search_es", "created_at", "updated_at", "reviewed_on", "review_interval_days")
    pledges = list(public.defer(*unsaid).prefetch_related("mandate", "source_document"))
    for pledge in pledges:
        _keep(pledge, {name: rows[pledge.pk] for name, rows in related.items()})
        pledge.public_wordings, pledge.public_updates = wordings_of[pledge.pk], updates_of[pledge.pk]
        for update in pledge.public_updates:
            _keep(update, {"evidence": evidence_of[update.pk]})
    return pledges


def _related(name: str, public: QuerySet[Pledge]) -> dict[int, list]:
    """The rows of one of the pledges' relations by the pledge's id, one object each however many pledges have it."""
    model, called = RELATED[name]
    between = getattr(Pledge, name).through.objects.filter(pledge__in=public)
    pairs = list(between.values_list("pledge", called))
    rows = {row.pk: row for row in model.objects.filter(pk__in={pk for _pledge, pk in pairs})}  # in their usual order
    place = {pk: number for number, pk in enumerate(rows)}
    found = defaultdict(list)
    for pledge, pk in sorted((pair for pair in pairs if pair[1] in rows), key=lambda pair: place[pair[1]]):
        found[pledge].append(rows[pk])
    return found


def _by(name: str, rows: Iterable[Model]) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _keep(row: Model, related: dict[str, list]) -> None:
    """Let `row.<name>.all()` give these rows from now on, as after `prefetch_related`."""
    row._prefetched_objects_cache = related


def _with_all(pledge: Pledge, day: date) -> Standing | None:
    return _stand(pledge, pledge.public_wordings, pledge.public_updates, day) if pledge.public_wordings else None


def _stand(pledge: Pledge, wordings: list[Wording], published: list[Update], day: date) -> Standing:
    updates = tuple(update for update in visibility.in_order(published) if update.happened_on <= day)
    status, since = rules.standing([(update.happened_on, update.status) for update in updates], day)
    return Standing(pledge, tuple(wordings), updates, status, since, day)
