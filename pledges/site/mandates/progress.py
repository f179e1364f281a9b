"""The progress of a mandate: its numbered days, and how many pledges had each status on each of them.

Pure functions over plain data; days are `datetime.date` in the newsroom's calendar. Counting goes from change to change
of status, not from day to day: ten thousand pledges over four years make tens of thousands of steps, not 15 million.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pledges.domain.rules import Status, spans

HUNDRED = 100  # the day on which a new government is traditionally assessed for the first time


@dataclass(frozen=True)
class Days:
    """The days of a mandate, numbered from 1. `end` is its last day or, if it has none yet, the last one so far."""

    start: date
    end: date

    @property
    def count(self) -> int:
        """The number of days."""
        return (self.end - self.start).days + 1

    def number(self, day: date) -> int:
        """The number of a day: 0 or less before the first day, more than `count` after the last."""
        return (day - self.start).days + 1

    def day(self, number: int) -> date:
        """The day with this number. Raises ValueError unless it is from 1 to `count`."""
        if not 1 <= number <= self.count:
            raise ValueError(f"there is no day {number} of {self.count}")
        return self.start + timedelta(days=number - 1)

    @property
    def anniversaries(self) -> list[tuple[int, date]]:
        """The anniversaries of the first day before the last one, as (years, day).

        Those of a mandate that began on 29 February are on 1 March in other years.
        """
        anniversaries = []
        for years in range(1, self.end.year - self.start.year + 1):
            try:
                day = self.start.replace(year=self.start.year + years)
            except ValueError:
                day = date(self.start.year + years, 3, 1)
            if day < self.end:
                anniversaries.append((years, day))
        return anniversaries

    def quarters(self, until: date) -> list[date]:
        """The last days of calendar quarters within these days, up to `until`, and last `until` itself or the end."""
        last = min(until, self.end)
        ends = (date(year, month, day) for year in range(self.start.year, last.year + 1) for month, day in _QUARTERS)
        return [*(day for day in ends if self.start <= day < last), last] if last >= self.start else []


_QUARTERS = ((3, 31), (6, 30), (9, 30), (12, 31))


@dataclass(frozen=True)
class Followed:
    """A pledge to be counted from the day `since`, with its changes as (day, status), in order."""

    since: date
    changes: Sequence[tuple[date, str]]


@dataclass(frozen=True)
class Step:
    """The tally from `day` until the day of the next step; statuses without pledges are left out."""

    day: date
    tally: dict[str, int]


def steps(pledges: Iterable[Followed], start: date, end: date) -> list[Step]:
    """The tally of each day from `start` to `end`, both included: one step at `start`, and one for each day on which
    the tally changes. The list is empty if `end` is before `start`."""
    if end < start:
        return []
    moves: dict[date, Counter[str]] = defaultdict(Counter)
    for pledge in pledges:
        before = None
        for span in spans(pledge.changes, max(pledge.since, start), end):
            moves[span.start][span.status] += 1
            if before is not None:
                moves[span.start][before] -= 1
            before = span.status
    counts: Counter[str] = Counter()
    tallies: list[Step] = []
    for day in sorted({start, *moves}):
        counts.update(moves[day])
        tally = {str(status): counts[status] for status in Status if counts[status]}
        if not tallies or tally != tallies[-1].tally:
            tallies.append(Step(day, tally))
    return tallies


@dataclass(frozen=True)
class Progress:
    """A mandate's days and the steps of its tally up to `known`, the last day for which the tally is known."""

    days: Days
    known: date
    steps: Sequence[Step]

    @property
    def statuses(self) -> list[str]:
        """The statuses that any pledge has had on any day, in the order of `Status`."""
        seen = {status for step in self.steps for status in step.tally}
        return [str(status) for status in Status if status in seen]

    @property
    def last(self) -> int:
        """The number of the last known day; 0 or less if the mandate has not begun."""
        return self.days.number(self.known)

    @property
    def most(self) -> int:
        """The largest number of pledges on any day."""
        return max((sum(step.tally.values()) for step in self.steps), default=0)

    def on(self, day: date) -> dict[str, int]:
        """The tally of a day: empty before the first day, and after the last known day that day's tally."""
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
        """Its steps for a picture, as (number of the day, tally). More than `most` steps are downsampled to the
        tally at the start and after each of `most` equal stretches. The list ends after the last known day."""
        if not self.steps:
            return []
        if len(self.steps) <= most:
            numbers = [self.days.number(step.day) for step in self.steps]
        else:
            numbers = sorted({1 + round(part * (self.last - 1) / most) for part in range(most + 1)})
        points = [(number, self.on(self.days.day(number))) for number in numbers]
        return [*points, (self.last + 1, self.steps[-1].tally)]  # so that the last day is as wide as the others


def progress_by_day(pledges: Iterable[Followed], days: Days, until: date) -> Progress:
    """The progress of pledges over the days of a mandate, as known on the day `until`."""
    known = min(days.end, until)
    return Progress(days, known, steps(pledges, days.start, known))


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions for labels from `low` to `high`, as near as possible to the `wanted` ones (in rising order), with a
    `gap` between any two. If they do not all fit, they are spaced evenly."""
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
