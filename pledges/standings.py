"""Where every public pledge stands: its words, its updates and what the rules make of them.

Public content changes only with an edition, so the whole table is read once in a fixed number of queries and kept in
the process; the next edition reads only the pledges that it names, and a new day nothing. Lists, tallies, facets and
strips are plain Python over it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from django.db.models import Prefetch, Q, QuerySet

from pledges import access, rules
from pledges.models import (
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


@dataclass(frozen=True)
class Standing:
    """A pledge on a day: its wording then, its updates until then (oldest first), its status and since when."""

    pledge: Pledge
    wording: Wording
    updates: tuple[Update, ...]
    status: str
    since: date | None
    day: date

    @property
    def changes(self) -> list[tuple[date, str]]:
        """The updates as (day, status), in the order in which they count."""
        return [(update.happened_on, update.status) for update in self.updates]

    @property
    def latest(self) -> Update | None:
        """The update that gives the status, or None while there is none."""
        return self.updates[-1] if self.updates else None

    @property
    def turn(self) -> Update | None:
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


@lru_cache(maxsize=4)  # each is the whole table: today's, yesterday's at midnight, the days on which mandates closed
def standings(edition: int, day: date) -> tuple[Standing, ...]:
    """Every pledge that was public in the edition with this number, as it stood on `day` by what that edition said.

    Sorted by the pledge's address. A corrected update no longer counts once its correction is published, nor does a
    pledge once it was retracted.
    """
    return tuple(_stand(pledge, day) for pledge in _read(edition))


def standing_of(slug: str, *, edition: int, day: date) -> tuple[Standing | None, list[Standing]]:
    """One pledge as `standings` has it, or None, and with it those that share a topic. Nothing is kept: whoever
    follows citations into the past does not make the process hold a table of each edition."""
    near = Q(slug=slug) | Q(topics__in=Topic.objects.filter(pledges__slug=slug))
    pledges = _with_what_was_public(_public(edition).filter(near), edition).order_by("slug")
    found = [_stand(pledge, day) for pledge in pledges]
    return next((each for each in found if each.pledge.slug == slug), None), found


_read_last: list[tuple[int, tuple[Pledge, ...]]] = []


def _read(edition: int) -> tuple[Pledge, ...]:
    """The pledges that were public in an edition, with what was, sorted by their address."""
    number, pledges = _read_last[0] if _read_last else (0, ())
    if number == edition:
        return pledges
    named = set(EditionItem.objects.filter(edition=edition).values_list("pledge", flat=True))
    public = _public(edition)
    if not number or number + 1 != edition or None in named:  # what is no pledge's own may be on many
        kept = []
    else:
        kept = [pledge for pledge in pledges if pledge.pk not in named]
        public = public.filter(pk__in=named)
    found = [*kept, *_with_what_was_public(public, edition)]
    pledges = tuple(sorted(found, key=lambda pledge: pledge.slug))
    if edition >= number:
        _read_last[:] = [(edition, pledges)]
    return pledges


def forget() -> None:
    """Read everything again next time: where edition numbers begin again."""
    standings.cache_clear()
    _read_last.clear()


def _public(edition: int) -> QuerySet[Pledge]:
    public = Pledge.objects.filter(wordings__in=access.public_wordings().filter(edition__lte=edition)).distinct()
    return public.exclude(retraction__in=access.public_retractions().filter(edition__lte=edition))


def proposed(item: Update | Wording | Retraction, *, edition: int, day: date) -> tuple[Standing | None, Standing]:
    """Where a draft's pledge stands in an edition on `day`, and where it would stand were the draft the next edition.

    The first is None while the pledge is not public. Nothing is written, and no row that others hold is touched. An
    update before its pledge's first publication is shown with the wording that is drafted. A retraction changes
    nothing of what the pledge had said: both are the same.
    """
    read = _with_what_was_public(Pledge.objects.filter(pk=item.pledge_id), edition)
    before, pledge = read.get(), read.get()
    if isinstance(item, Retraction):
        return _stand(before, day), _stand(pledge, day)
    mine = type(item)._default_manager.get(pk=item.pk)
    mine.edition_id, mine.state = edition + 1, State.PUBLISHED  # in memory only
    if isinstance(mine, Wording):
        pledge.public_wordings.append(mine)
    else:
        pledge.public_updates.append(mine)
    if not pledge.public_wordings:
        pledge.public_wordings.extend(pledge.wordings.order_by("-number")[:1] or [Wording(pledge=pledge)])
    return _stand(before, day) if before.public_wordings else None, _stand(pledge, day)


def _with_what_was_public(pledges: QuerySet[Pledge], edition: int) -> QuerySet[Pledge]:
    evidence = Evidence.objects.select_related("capture").defer("capture__body")
    return (
        pledges.defer("search_en", "search_es")
        .select_related("mandate", "source_document")
        .prefetch_related(
            "topics",
            "institutions",
            "carried_into",
            Prefetch("indicators", Indicator.objects.only("slug", "name_en", "name_es")),
            Prefetch(
                "wordings",
                access.public_wordings().filter(edition__lte=edition).order_by("number"),
                to_attr="public_wordings",
            ),
            Prefetch(
                "updates",
                access.public_updates()
                .filter(edition__lte=edition)
                .select_related("edition", "corrects")
                .prefetch_related(Prefetch("evidence", evidence)),
                to_attr="public_updates",
            ),
        )
    )


def _stand(pledge: Pledge, day: date) -> Standing:
    updates = tuple(update for update in access.in_order(pledge.public_updates) if update.happened_on <= day)
    status, since = rules.standing([(update.happened_on, update.status) for update in updates], day)
    return Standing(pledge, pledge.public_wordings[-1], updates, status, since, day)
