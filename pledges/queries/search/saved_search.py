"""A saved search: the pledges that match it now, and those that matched when something of them was published.

Its feed and its alerts both ask here, so that they say the same: a pledge that leaves a search, because it no longer
matches or was retracted, is reported once to whoever follows that search.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from pledges.queries.published_events import EDITIONS, Event, events
from pledges.queries.search import facets, fulltext
from pledges.queries.search.facets import Results
from pledges.queries.search.filters import Filter
from pledges.queries.search.highlights import Marker
from pledges.queries.standings import Standing, standing_as_of


class SavedSearch:
    """The search of a filter over every pledge of an edition, and over those that were `retracted` by then.

    The filter was parsed with both. The index is searched for the words once, in at most six queries; a pledge matches
    if it has all of them.
    """

    def __init__(self, filter: Filter, standings: Sequence[Standing], retracted: Iterable[Standing] = ()) -> None:
        self.filter = filter
        self.standings = standings
        self._retracted = {standing.pledge.pk for standing in retracted}
        search = fulltext.search(filter.q) if filter.q else None
        self._ranks = (search.ranks if search.all_words else {}) if search else None
        # A word that is corrected because no public pledge has it may be right in a retracted one.
        self._markers = [Marker(query) for query in {search.query, search.as_typed}] if search else []
        self._excludes = bool(search and search.query.excludes)

    @cached_property
    def results(self) -> Results:
        """The pledges that match now, and the facets."""
        return facets.apply(self.filter, self.standings, self._ranks)

    def matches(self, standing: Standing | None) -> bool:
        """Whether a pledge matches as it stood at any time; None is one that was not public then, and does not."""
        return standing is not None and facets.matches_facets(self.filter, standing) and self._has_words(standing)

    def _has_words(self, standing: Standing) -> bool:
        if self._ranks is None or standing.pledge.pk in self._ranks:
            return True
        return self._has_other_words(standing) and any(marker.matches(standing) for marker in self._markers)

    def _has_other_words(self, standing: Standing) -> bool:
        """Whether its words may differ from those of the index, which has today's only. The others need no slow look.

        What was published since may have brought a word that the search excludes.
        """
        pledge = standing.pledge
        corrected = {update.corrects_id for update in pledge.updates}
        return (
            self._excludes
            or pledge.pk in self._retracted
            or bool(pledge.corrections)
            or standing.wording.number != pledge.wordings[-1].number
            or any(update.pk in corrected or update.withdrawal for update in standing.updates)
        )

    def concerns(self, before: Standing | None, after: Standing | None) -> bool:
        """Whether a change of a pledge is news for this search: the pledge matched before, or it matches after.

        None is a pledge that was not public yet, or was retracted.
        """
        return self.matches(before) or self.matches(after)

    def events(self, retractions: Iterable[Event], *, newest: int) -> Iterator[Event]:
        """What the search's feed reports, in no order; `newest` is the number of the last edition.

        Of the pledges that match now, everything. Of the others, what the newest hundred editions published while they
        matched, up to the change that made them leave. Of a retracted pledge, the retraction only: nothing else of it
        counts any more.
        """
        matching, oldest = {standing.pledge.pk for standing in self.results.matching}, newest - EDITIONS
        for standing in self.standings:
            if standing.pledge.pk in matching:
                yield from events(standing)
            elif standing.last_edition > oldest:
                editions = self._editions(standing, oldest)
                yield from (event for event in events(standing) if event.row.edition_id in editions)
        yield from (event for event in retractions if self.matches(event.known))

    def _editions(self, standing: Standing, after: int) -> set[int]:
        """The editions later than `after` that published something of a pledge which matched before or after it."""
        if standing.wordings[0].edition_id == standing.last_edition:  # most pledges: there is nothing to look back at
            return {standing.last_edition} if self.matches(standing) else set()
        updates = standing.pledge.updates
        numbers = {row.edition_id for row in (*standing.pledge.wordings, *updates, *standing.pledge.corrections)}
        numbers |= {update.withdrawn_in or 0 for update in updates}
        numbers = {number for number in numbers if 0 < number <= standing.last_edition}
        editions, before = set(), None
        for number in sorted(numbers):
            now = standing_as_of(standing, edition=number, day=standing.day)
            if number > after and self.concerns(before, now):
                editions.add(number)
            before = now
        return editions
