"""A saved search: the pledges that fit it now, and those that fitted it when something was published of them.

Its feed and its alerts ask here, so that both tell the same: a pledge that leaves a search, because it fits no more or
was retracted, is told to whoever follows that search, once.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

from django.http import QueryDict

from pledges.queries.published_events import EDITIONS, Event, events
from pledges.queries.search import facets, fulltext
from pledges.queries.search.facets import Facet
from pledges.queries.search.highlights import Marker
from pledges.queries.standings import Standing, standing_as_of


class SavedSearch:
    """The search of a query string, over every pledge of an edition and those that were retracted by then.

    `asked` is what it asks for; what is `unknown` in it no pledge has, and without that it would be another search.
    Words are asked of the index, once, in at most six queries; a pledge fits if it has all of them.
    """

    def __init__(self, data: QueryDict, table: Iterable[Standing], gone: Iterable[Standing] = ()) -> None:
        self.table, gone = tuple(table), tuple(gone)
        self.asked = facets.parse(data, (*self.table, *gone))
        self._gone = {standing.pledge.pk for standing in gone}
        found = fulltext.search(self.asked.q) if self.asked.q else None
        self._ranks = (found.ranks if found.all_words else {}) if found else None
        # A slip that is mended by what others say may have been no slip in what is retracted.
        self._markers = [Marker(terms) for terms in {found.terms, found.as_typed} if terms] if found else []

    @cached_property
    def now(self) -> tuple[list[Standing], list[Facet]]:
        """The pledges that fit, and the facets."""
        return facets.apply(self.asked, self.table, self._ranks)

    def fits(self, standing: Standing | None) -> bool:
        """Whether a pledge fits as it stood at any time; one that was not public then does not."""
        return standing is not None and facets.fits(self.asked, standing) and self._has_words(standing)

    def _has_words(self, standing: Standing) -> bool:
        if self._ranks is None or standing.pledge.pk in self._ranks:
            return True
        return self._said_otherwise(standing) and any(marker.has_all(standing) for marker in self._markers)

    def _said_otherwise(self, standing: Standing) -> bool:
        """Whether it had words that the index, which knows today's alone, may lack: nobody reads the others through."""
        pledge = standing.pledge
        corrected = {update.corrects_id for update in pledge.updates}
        return (
            pledge.pk in self._gone
            or standing.wording.number != pledge.wordings[-1].number
            or any(update.pk in corrected for update in standing.updates)
        )

    def concerned(self, before: Standing | None, after: Standing | None) -> bool:
        """Whether who follows the search is told of a change of a pledge: as it stood before it fitted, or it does as
        it stands after. A pledge that was not public, or is no more, is None."""
        return self.fits(before) or self.fits(after)

    def events(self, retractions: Iterable[Event], *, newest: int) -> Iterator[Event]:
        """What its feed tells, in no order: all of the pledges that fit now; and of those that do not, what the newest
        hundred editions (`newest` is the last) said of them while they fitted, down to what made them leave.

        Of a retracted one it is the retraction alone: the rest counts nowhere.
        """
        fit, early = {standing.pledge.pk for standing in self.now[0]}, newest - EDITIONS
        for standing in self.table:
            if standing.pledge.pk in fit:
                yield from events(standing)
            elif standing.last_edition > early:
                told = self._editions(standing, early)
                yield from (event for event in events(standing) if event.row.edition_id in told)
        yield from (event for event in retractions if self.fits(event.known))

    def _editions(self, standing: Standing, after: int) -> set[int]:
        """The editions after one that said something of a pledge while it fitted, be it only before or only then."""
        if standing.wordings[0].edition_id == standing.last_edition:  # most of them: nothing to look back at
            return {standing.last_edition} if self.fits(standing) else set()
        rows = (*standing.pledge.wordings, *standing.pledge.updates)
        numbers = sorted({row.edition_id for row in rows if row.edition_id <= standing.last_edition})
        stood = [(number, standing_as_of(standing, edition=number, day=standing.day)) for number in numbers]
        steps = pairwise([(0, None), *stood])
        return {number for (_before, was), (number, now) in steps if number > after and self.concerned(was, now)}
