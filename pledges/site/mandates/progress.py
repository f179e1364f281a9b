"""How a mandate goes along: its days, numbered, and how many pledges had each status by each of them.

Pure functions over plain data; days are `datetime.date` in the newsroom's own calendar. Counting follows the changes
of status, not the days: ten thousand pledges over four years are a few ten thousand steps, not fifteen million.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pledges.domain.rules import Status, spans

HUNDRED = 100  # the day on which new governments are judged for the first time


@dataclass(frozen=True)
class Days:
    """The days of a mandate; the first is day 1. `end` is its last, or, while none is set, the last that is known."""

    start: date
    end: date

    @property
    def count(self) -> int:
        """How many there are."""
        return (self.end - self.start).days + 1

    def number(self, day: date) -> int:
        """Which day of the mandate a day is: 0 or less before the first, more than `count` after the last."""
        return (day - self.start).days + 1

    def day(self, number: int) -> date:
        """The day with this number, which has to be one from 1 to `count`."""
        if not 1 <= number <= self.count:
            raise ValueError(f"there is no day {number} of {self.count}")
        return self.start + timedelta(days=number - 1)

    @property
    def anniversaries(self) -> list[tuple[int, date]]:
        """The days after whole years in office that are neither the first nor the last, as (years, day).

        A mandate that began on 29 February has them on 1 March.
        """
        found = []
        for years in range(1, self.end.year - self.start.year + 1):
            try:
                day = self.start.replace(year=self.start.year + years)
            except ValueError:
                day = date(self.start.year + years, 3, 1)
            if day < self.end:
                found.append((years, day))
        return found

    def quarters(self, until: date) -> list[date]:
        """The last days of the calendar's quarters within these days, up to `until`, and `until` itself or the end."""
        last = min(until, self.end)
        ends = (date(year, month, day) for year in range(self.start.year, last.year + 1) for month, day in _QUARTERS)
        return [*(day for day in ends if self.start <= day < last), last] if last >= self.start else []


_QUARTERS = ((3, 31), (6, 30), (9, 30), (12, 31))


@dataclass(frozen=True)
class Followed:
    """A pledge as far as it is counted: the day from which it is, and its changes as (day, status), in order."""

    since: date
    changes: Sequence[tuple[date, str]]


@dataclass(frozen=True)
class Step:
    """From `day` until the day of the next step so many pledges had each status; those that none had are left out."""

    day: date
    tally: dict[str, int]


def steps(pledges: Iterable[Followed], start: date, end: date) -> list[Step]:
    """How many pledges had each status on each day from `start` to `end`, both included: the first step is at `start`,
    and there is another for each day on which the numbers change. None when `end` is before `start`."""
    if end < start:
        return []
    moves: dict[date, Counter] = defaultdict(Counter)
    for pledge in pledges:
        before = None
        for span in spans(pledge.changes, max(pledge.since, start), end):
            moves[span.start][span.status] += 1
            if before is not None:
                moves[span.start][before] -= 1
            before = span.status
    counts: Counter = Counter()
    found: list[Step] = []
    for day in sorted({start, *moves}):
        counts.update(moves[day])
        tally = {str(status): counts[status] for status in Status if counts[status]}
        if not found or tally != found[-1].tally:
            found.append(Step(day, tally))
    return found


@dataclass(frozen=True)
class Progress:
    """A mandate's days and the steps of its tally, as far as they are known: up to `known`, or to the last day."""

    days: Days
    known: date
    steps: Sequence[Step]

    @property
    def statuses(self) -> list[str]:
        """Those that a pledge has had on any day, in the order of `Status`."""
        seen = {status for step in self.steps for status in step.tally}
        return [str(status) for status in Status if status in seen]

    @property
    def last(self) -> int:
        """The number of the last day that is known; 0 or less while the mandate has not begun."""
        return self.days.number(self.known)

    @property
    def most(self) -> int:
        """The largest number of pledges on any day."""
        return max((sum(step.tally.values()) for step in self.steps), default=0)

    def on(self, day: date) -> dict[str, int]:
        """How many pledges had each status on a day: none before the first, on a later one than is known the last."""
        place = bisect_right(self.steps, day, key=lambda step: step.day)
        return self.steps[place - 1].tally if place else {}

    def daily(self) -> Iterator[tuple[int, date, dict[str, int]]]:
        """Every known day as (number, day, tally)."""
        following = [*(step.day for step in self.steps[1:]), self.known + timedelta(days=1)]
        for step, until in zip(self.steps, following, strict=True) if self.steps else ():
            for ahead in range((until - step.day).days):
                day = step.day + timedelta(days=ahead)
                yield self.days.number(day), day, step.tally

    def drawn(self, most: int) -> list[tuple[int, dict[str, int]]]:
        """Its steps as (number of the day, tally), for a picture: when there are more than `most` of them, the tally
        at the beginning and after each of `most` equal stretches of days. The last known day ends the list."""
        if not self.steps:
            return []
        if len(self.steps) <= most:
            numbers = [self.days.number(step.day) for step in self.steps]
        else:
            numbers = sorted({1 + round(part * (self.last - 1) / most) for part in range(most + 1)})
        found = [(number, self.on(self.days.day(number))) for number in numbers]
        return [*found, (self.last + 1, self.steps[-1].tally)]  # the last day is as wide as the others


def progress(pledges: Iterable[Followed], days: Days, until: date) -> Progress:
    """The progress of pledges over the days of a mandate, as far as it was known on the day `until`."""
    known = min(days.end, until)
    return Progress(days, known, steps(pledges, days.start, known))


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places for labels, as near to where they are `wanted` (in rising order) as leaves a `gap` between any two, from
    `low` to `high`. Where they do not fit at all, they are as far apart as they can be."""
    if not wanted:
        return []
    gap = min(gap, (high - low) / max(len(wanted) - 1, 1))
    places: list[float] = []
    for want in wanted:
        places.append(max(want, low, places[-1] + gap if places else low))
    ceiling = high
    for number in reversed(range(len(places))):
        places[number] = min(places[number], ceiling)
        ceiling = places[number] - gap
    return places
