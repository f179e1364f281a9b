"""Where every public pledge stands: its words, its updates and what the rules make of them.

Public content changes only with an edition, so the whole table is read once in a fixed number of queries and kept in
the process; the next edition reads only the pledges that it names, and a day or an edition of the past nothing. Lists,
tallies, facets and strips are plain Python over it.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import count
from typing import Any, TypeVar

from django.db import DatabaseError, connection
from django.utils import timezone

from pledges.domain import rules
from pledges.domain.process_cache import building_a_table, give_back, kept
from pledges.models import (
    Draftable,
    EditionItem,
    Pledge,
    PledgeCorrection,
    Retraction,
    Update,
    Withdrawal,
    Wording,
)
from pledges.queries import published, pulse, visibility
from pledges.queries.published import (
    PublicCorrection,
    PublicEdition,
    PublicInstitution,
    PublicMandate,
    PublicPledge,
    PublicTopic,
    PublicUpdate,
    PublicWithdrawal,
    PublicWording,
)

log = logging.getLogger(__name__)
T = TypeVar("T")
MANY = 1_000  # pledges: reading a table of more takes megabytes that are not needed afterwards
_serials = count()


@dataclass(frozen=True)
class Standing:
    """A pledge on a day: its wordings and its updates until then (oldest first), its status and since when.

    `withdrawn` are the updates of days until then that had been withdrawn: they count for nothing else here.
    `corrections` are those of its address, mandate and day that an edition had published by then, the oldest first.
    """

    pledge: PublicPledge
    wordings: tuple[PublicWording, ...]
    updates: tuple[PublicUpdate, ...]
    status: str
    since: date | None
    day: date
    withdrawn: tuple[PublicUpdate, ...] = ()
    corrections: tuple[PublicCorrection, ...] = ()

    @property
    def wording(self) -> PublicWording:
        """The words that it has."""
        return self.wordings[-1]

    @property
    def changes(self) -> list[tuple[date, str]]:
        """The updates as (day, status), in the order in which they count."""
        return [(update.happened_on, update.status) for update in self.updates]

    @property
    def latest(self) -> PublicUpdate | None:
        """The update that gives the status, or None while there is none."""
        return self.updates[-1] if self.updates else None

    @property
    def turning_update(self) -> PublicUpdate | None:
        """The update that brought the status it has, or None while there is none: why it stands where it stands."""
        return next((update for update in reversed(self.updates) if update.pk in self.turning_points), None)

    @cached_property
    def serial(self) -> int:
        """A number that no other standing of this process has, by which what was made of it is kept (`fragments`)."""
        return next(_serials)

    # What the list is narrowed down by is asked of every pledge for every reader, so it is made out once.
    @cached_property
    def timeliness(self) -> rules.Timeliness:
        """The standing against the deadline."""
        return rules.timeliness(self.status, self.since, self.wording.deadline_end, self.day)

    @property
    def mandates(self) -> tuple[PublicMandate, ...]:
        """The mandate in which it was made, and those into which it was carried."""
        return self.pledge.mandates

    @property
    def topics(self) -> tuple[PublicTopic, ...]:
        """Its topics."""
        return self.pledge.topics

    @property
    def institutions(self) -> tuple[PublicInstitution, ...]:
        """The institutions that it concerns."""
        return self.pledge.institutions

    @property
    def changed_on(self) -> date | None:
        """The day of the last update, whether it changed the status or not."""
        return self.latest.happened_on if self.latest else None

    @cached_property
    def last_edition(self) -> int:
        """The number of the newest edition that published something of what counts of it, or withdrew an update."""
        withdrawn = (update.withdrawn_in or 0 for update in self.withdrawn)
        return max(*(row.edition_id for row in (self.wording, *self.updates, *self.corrections)), *withdrawn, 0)

    @cached_property
    def turning_points(self) -> frozenset[int]:
        """The ids of the updates that changed the status."""
        return self._changing(lambda update: (update.status,))

    @cached_property
    def status_lines(self) -> frozenset[int]:
        """The ids of the updates that changed the status or why it is so: a timeline names it there."""
        return self._changing(lambda u: (u.status, u.failure_reason, u.reason_detail_en, u.reason_detail_es))

    def _changing(self, told: Callable[[PublicUpdate], tuple]) -> frozenset[int]:
        before = [None, *map(told, self.updates)]
        return frozenset(update.pk for update, was in zip(self.updates, before, strict=False) if told(update) != was)

    def spans(self, start: date, end: date) -> list[rules.Span]:
        """Its status on each day from `start` to `end`, but to no later day than it is known for."""
        return rules.spans(self.changes, start, min(end, self.day))


class Standings(tuple[Standing, ...]):
    """Where all pledges stood at a time. What is computed of all of them for every reader is kept with it: `once`."""

    def __init__(self, _standings: Iterable[Standing] = ()) -> None:
        self._computed: dict[tuple, Any] = {}

    def once(self, compute: Callable[..., T], *arguments: object) -> T:
        """What a function makes of it, kept by the function and its other arguments, of which there are few."""
        key = (compute, *arguments)
        if key not in self._computed:
            self._computed[key] = compute(self, *arguments)
        return self._computed[key]


def once(standings: Iterable[Standing], compute: Callable[..., T], *arguments: object) -> T:
    """What a function makes of some pledges: of `Standings` once, of others each time."""
    return standings.once(compute, *arguments) if isinstance(standings, Standings) else compute(standings, *arguments)


def status_columns(standing: Standing) -> dict[str, str | date | None]:
    """Where it stands, as the columns that every table of pledges has."""
    return {
        "status": str(standing.status),
        "since": standing.since,
        "timeliness": str(standing.timeliness),
        "deadline": standing.wording.deadline_end,
        "last_changed": standing.changed_on,
    }


def standings_uncached(edition: int, day: date) -> Standings:
    """Every pledge that was public in the edition with this number and had been made by `day`, as it stood on that day
    by what the edition said.

    Sorted by the pledge's address. A corrected update no longer counts once its correction is published, nor one that
    was withdrawn, nor a pledge once it was retracted. Readers ask for any time, so only what every page needs is kept.
    """
    if standings.has(edition, day) or (day == timezone.localdate() and edition == pulse.current().edition):
        return standings(edition, day)
    return _standings(edition, day)


def _standings(edition: int, day: date) -> Standings:
    with building_a_table():
        table = _table(edition)
        found = (stood for pledge in table.pledges if (stood := table.standing(pledge, edition, day)))
        return Standings(sorted(found, key=lambda stood: stood.pledge.slug))  # by what the address was in that edition


# Each is the whole table: today's, and around midnight or a publication those before it.
standings = kept(most=4)(_standings)


def standing_of(slug: str, *, edition: int, day: date) -> tuple[Standing | None, list[Standing]]:
    """One pledge as `standings` has it, or None, and with it those that share a topic. Whoever follows citations into
    the past does not make the process work out where every pledge stood then. `slug` is any address that it ever had.
    """
    table = _table(edition)
    found = [stood for pledge in table.near(slug) if (stood := table.standing(pledge, edition, day))]
    here = table.at(slug)
    return next((each for each in found if each.pledge == here), None), found


def present_address(slug: str) -> str:
    """The address that the pledge has now which is, or was once, at `slug`; `slug` itself if no public pledge was."""
    table = _table(pulse.current().edition)
    pledge = table.at(slug)
    return pledge.as_of(table.newest).slug if pledge else slug


def standing_with_key(pk: int, *, edition: int, day: date) -> Standing | None:
    """The pledge with this key as `standings` has it, or None."""
    return next(iter(standings_with_keys([pk], edition=edition, day=day)), None)


def standings_with_keys(keys: Iterable[int], *, edition: int, day: date) -> tuple[Standing, ...]:
    """The pledges with these keys as `standings` has them; those that it does not have are left out. Where the others
    stood is not worked out."""
    table, keys = _table(edition), set(keys)
    pledges = (pledge for pledge in table.pledges if pledge.pk in keys)
    return tuple(stood for pledge in pledges if (stood := table.standing(pledge, edition, day)))


def standing_as_of(standing: Standing, *, edition: int, day: date) -> Standing | None:
    """A pledge of a table on another day, or by what an earlier edition said, as `standings` has it; None where it was
    not public, or not made, by then. For a few pledges nobody has to work out where all of them stood. Nothing is read.
    """
    return _Table().standing(standing.pledge, edition, day)


def standing_before_retraction(retraction: Retraction, *, day: date | None = None) -> Standing | None:
    """Where a pledge stood on `day` by what was said until it was retracted; by default on the day on which it was."""
    assert retraction.edition, "the retraction is published"
    last, day = retraction.edition.number - 1, day or timezone.localdate(retraction.edition.published_at)
    table = _table(last)
    return next((table.standing(p, last, day) for p in table.pledges if p.pk == retraction.pledge_id), None)


@dataclass(frozen=True)
class _Table:
    """All pledges that were public in an edition or before, sorted by their address, with all that was published of
    them until then; and the edition that retracted a pledge. What earlier editions said is taken out of it."""

    newest: int = 0
    pledges: tuple[PublicPledge, ...] = ()
    retracted: dict[int, int] = field(default_factory=dict)

    @cached_property
    def of_topics(self) -> dict[PublicTopic, list[int]]:
        """The places of the pledges that have a topic."""
        found = defaultdict(list)
        for place, pledge in enumerate(self.pledges):
            for topic in pledge.topics:
                found[topic].append(place)
        return found

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each pledge by every address that it ever had: no address is given to a second pledge."""
        return {
            address: place
            for place, pledge in enumerate(self.pledges)
            for address in (pledge.slug, *(row.was_slug for row in pledge.corrections))
        }

    def at(self, slug: str) -> PublicPledge | None:
        """The pledge that is, or was once, at an address."""
        return self.pledges[self.places[slug]] if slug in self.places else None

    def near(self, slug: str) -> list[PublicPledge]:
        """The pledge at an address, if there is one, and those that share a topic with it, sorted by their address."""
        here = self.at(slug)
        if here is None:
            return []
        places = {self.places[slug], *(other for topic in here.topics for other in self.of_topics[topic])}
        return [self.pledges[each] for each in sorted(places)]

    def standing(self, pledge: PublicPledge, edition: int, day: date) -> Standing | None:
        """Where a pledge stood; None if it was not public in that edition, or not made by that day."""
        pledge = pledge.as_of(edition)
        wordings = tuple(wording for wording in pledge.wordings if wording.edition_id <= edition)
        if not wordings or pledge.made_on > day or self.retracted.get(pledge.pk, edition + 1) <= edition:
            return None
        return _stand(pledge, wordings, [u for u in pledge.updates if u.edition_id <= edition], day, edition)


def _table(edition: int) -> _Table:
    """The newest table, which holds what this edition said and whatever came later."""
    newest, last = max(edition, pulse.current().edition), _read_table.last
    return last if last and last.newest >= newest else _read_table(newest)


@kept()
def _read_table(newest: int) -> _Table:
    last = _read_table.last or _Table()
    if last.newest >= newest:
        return last
    with building_a_table():
        table = _next(last, newest)
    if len(table.pledges) > MANY:
        give_back()
    return table


def _next(last: _Table, newest: int) -> _Table:
    """The table as of an edition, made of an earlier one where that does."""
    named = set(EditionItem.objects.filter(edition=newest).values_list("pledge", flat=True))
    public = Pledge.objects.filter(wordings__in=visibility.public_wordings().filter(edition__lte=newest)).distinct()
    if not last.newest or last.newest + 1 != newest or None in named:  # what is no pledge's own may be on many
        unchanged = []
    else:
        unchanged = [pledge for pledge in last.pledges if pledge.pk not in named]
        public = public.filter(pk__in=named)
    pledges = sorted([*unchanged, *published.pledges(public, newest)], key=lambda pledge: pledge.slug)
    retracted = visibility.public_retractions().filter(edition__lte=newest).values_list("pledge", "edition")
    return _Table(newest, tuple(pledges), dict(retracted))


def get_ready() -> None:
    """Work out today's standings before a reader asks for them, in a thread of a process that has just started.

    Where the database cannot be read (yet), the first reader has it read.
    """
    try:
        found = standings(pulse.current().edition, timezone.localdate())
        log.info("ready to show %s pledges", len(found))
    except DatabaseError as error:
        log.warning("The pledges cannot be read: %s", error)
    finally:
        connection.close()


def proposed(item: Draftable, *, edition: int, day: date) -> tuple[Standing | None, Standing]:
    """Where a draft's pledge stands in an edition on `day`, and where it would stand were the draft the next edition.

    The first is None while the pledge is not public. Nothing is written, and no row that others hold is touched. An
    update before its pledge's first publication is shown with the wording that is drafted. A retraction changes
    nothing of what the pledge had said: both are the same.
    """
    mine = {"pk": item.pk}
    [pledge] = published.pledges(Pledge.objects.filter(pk=item.pledge_id), edition)
    before = _with_all(pledge, day, edition) if pledge.wordings else None
    coming = PublicEdition(edition + 1, timezone.now())
    editions: Mapping[Any, PublicEdition] = defaultdict(lambda: coming)  # whatever a draft's is
    if isinstance(item, Wording):
        [wordings] = published.wordings_by_pledge(Wording.objects.filter(**mine), editions).values()
        pledge = replace(pledge, wordings=(*pledge.wordings, *wordings))
    elif isinstance(item, Update):
        [updates] = published.updates_by_pledge(Update.objects.filter(**mine), editions).values()
        pledge = replace(pledge, updates=(*pledge.updates, *updates))
    elif isinstance(item, Withdrawal):
        pledge = replace(pledge, updates=tuple(_withdrawn_by(item, update, coming) for update in pledge.updates))
    elif isinstance(item, PledgeCorrection):
        mandates = published.mandates({item.mandate_id, item.was_mandate_id})
        drafted = PledgeCorrection.objects.filter(**mine)
        [corrections] = published.corrections_by_pledge(drafted, editions, mandates).values()
        pledge = replace(pledge, corrections=(*pledge.corrections, *corrections)).as_of(coming.pk)
    if not pledge.wordings:
        written = published.wordings_by_pledge(Wording.objects.filter(pledge=item.pledge_id), editions)
        pledge = replace(pledge, wordings=written.get(pledge.pk, (published.blank_wording(coming),))[-1:])
    return before, _with_all(pledge, day, coming.pk)


def _withdrawn_by(item: Withdrawal, update: PublicUpdate, coming: PublicEdition) -> PublicUpdate:
    """The update as a draft of a withdrawal would leave it; others as they are."""
    if update.pk != item.update_id:
        return update
    pledge = item.moved_to.pledge if item.moved_to else None
    moved = (item.moved_to_id, pledge.pk, pledge.slug) if pledge else (None, None, "")
    withdrawal = PublicWithdrawal(item.pk, coming, update.pk, item.note_en, item.note_es, *moved)
    return replace(update, withdrawal=withdrawal)


def _with_all(pledge: PublicPledge, day: date, edition: int) -> Standing:
    return _stand(pledge, pledge.wordings, pledge.updates, day, edition)


def _stand(
    pledge: PublicPledge, wordings: tuple[PublicWording, ...], said: Sequence[PublicUpdate], day: date, edition: int
) -> Standing:
    counting = visibility.in_order(said, edition=edition)
    updates = tuple(update for update in counting if update.happened_on <= day)
    withdrawn = tuple(u for u in said if visibility.is_withdrawn(u, edition) and u.happened_on <= day)
    status, since = rules.standing([(update.happened_on, update.status) for update in updates], day)
    corrections = tuple(row for row in pledge.corrections if row.edition_id <= edition)
    return Standing(pledge, wordings, updates, status, since, day, withdrawn, corrections)
