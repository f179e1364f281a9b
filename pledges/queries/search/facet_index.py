"""An inverted index of the pledges by the values of their facets, with a bitmap for each value.

A bitmap is an integer whose bit n stands for the nth pledge, so that ten thousand pledges are counted in microseconds.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pledges.domain.rules import Status, Timeliness
from pledges.domain.text import fold
from pledges.queries.search.filters import FACETS, LAST_EDITION, Labels, Since
from pledges.queries.standings import Standing, once

STATUS_ORDER = {str(status): place for place, status in enumerate(Status)}
DEADLINE_ORDER = {str(timeliness): place for place, timeliness in enumerate(Timeliness)}

# The keys of the sort orders. Ties are in the order of the slugs, which cost less to compare than titles.
SORT_KEYS: dict[str, Callable[[Standing], tuple]] = {
    "changed": lambda s: (-(s.changed_on or date.min).toordinal(), s.pledge.slug),
    "status": lambda s: (STATUS_ORDER[s.status], -(s.changed_on or date.min).toordinal(), s.pledge.slug),
    "deadline": lambda s: (DEADLINE_ORDER[str(s.timeliness)], s.wording.deadline_end or date.max, s.pledge.slug),
    "title": lambda s: (fold(str(s.wording.title)), s.pledge.slug),
}


@dataclass(frozen=True)
class FacetIndex:
    """The bitmaps of pledges: by facet and value, by the day of their last update, and of the last edition's.

    `labels` has each value's label, `places` the bit of each pledge by its key. It does not hold the pledges: a table
    holds its index (`once`), and the two would outlive their use until the next full garbage collection.
    """

    everything: int
    values: dict[str, dict[str, int]]
    labels: dict[str, Labels]
    days: dict[date, int]
    last_edition: int
    places: dict[int, int]

    def with_any(self, name: str, values: Iterable[str]) -> int:
        """The pledges that have one of the values of a facet."""
        mask = 0
        for value in values:
            mask |= self.values[name].get(value, 0)
        return mask

    def changed_since(self, since: Since) -> int:
        """The pledges with an update since then, or with a row that the last edition published.

        The last edition is the newest one that published something of a pledge, as of the page's own time.
        """
        if since.value == LAST_EDITION or since.first_day is None:
            return self.last_edition
        mask = 0
        for day, pledges in self.days.items():
            if day >= since.first_day:
                mask |= pledges
        return mask

    def with_keys(self, keys: Iterable[int]) -> int:
        """The pledges with these keys."""
        return bitmap((self.places[key] for key in keys if key in self.places), len(self.places))


def bitmap(places: Iterable[int], size: int) -> int:
    """The bitmap with the bits at these places, each below `size`."""
    bits = bytearray(size // 8 + 1)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")


def in_order(mask: int, standings: Sequence[Standing], order: Iterable[int]) -> list[Standing]:
    """Those of the pledges that a bitmap has, in an order of all places."""
    flags = f"{mask:0{len(standings)}b}"[::-1]
    return [standings[place] for place in order if flags[place] == "1"]


def place_of_first(mask: int) -> int:
    """The place of the lowest bit of a bitmap that is not empty."""
    return (mask & -mask).bit_length() - 1


def index_of(standings: Sequence[Standing]) -> FacetIndex:
    """Make the index."""
    places: dict[str, defaultdict[str, list[int]]] = {name: defaultdict(list) for name in FACETS}
    labels: dict[str, Labels] = {name: {} for name in FACETS}
    days: defaultdict[date, list[int]] = defaultdict(list)
    newest = max((standing.last_edition for standing in standings), default=0)
    last_edition = []
    for place, standing in enumerate(standings):
        for name, (_label, values_of) in FACETS.items():
            for value, label in values_of(standing).items():
                places[name][value].append(place)
                labels[name].setdefault(value, label)
        days[standing.changed_on or date.min].append(place)
        if standing.last_edition == newest:
            last_edition.append(place)
    size = len(standings)
    return FacetIndex(
        everything=(1 << size) - 1,
        values={
            name: {value: bitmap(listed, size) for value, listed in values.items()} for name, values in places.items()
        },
        labels=labels,
        days={day: bitmap(listed, size) for day, listed in days.items()},
        last_edition=bitmap(last_edition, size),
        places={standing.pledge.pk: place for place, standing in enumerate(standings)},
    )


def order_of(standings: Sequence[Standing], sort: str, _language: str | None) -> list[int]:
    """The places of the pledges in a sort order; that by title depends on the active language."""
    key = SORT_KEYS[sort]
    return sorted(range(len(standings)), key=lambda place: key(standings[place]))


def index(standings: Sequence[Standing]) -> FacetIndex:
    """The index of these pledges; of a table that is kept it is made once."""
    return once(standings, index_of)
