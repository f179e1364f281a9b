"""Where everything in a chart stands, in pixels, and what there is room for. Nothing is drawn here.

A label is left out rather than put upon another, and the same figures always give the same picture, whatever fonts
are there.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import shorten

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pledges.domain import dates
from pledges.queries.indicators import IndicatorFigure, Line, Mark

MOST_POINTS = 60  # of a line, before they are drawn as a line alone
MOST_DRAWN = 400  # of a line: more cannot be told apart
LONGEST_NAME = 40  # of a person, above the figures
MOST_DAYS = 8  # with words of their own above the figures
LETTER, ROW, POINT = (
    6.6,
    16,
    9,
)  # about as wide as a letter is, as high as a line of text is, and as large as a point is
REACH = 0.6  # a pledge's day is shown that far outside the figures, as a part of the time that they cover


@dataclass(frozen=True)
class Box:
    """Where something stands, in pixels from the left and the top."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: "Box") -> bool:
        """Whether the other stands within it."""
        return self.left <= other.left and other.right <= self.right and other.bottom <= self.bottom

    def hits(self, others: Iterable["Box"]) -> bool:
        """Whether it stands upon one of the others."""
        return any(
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
            for other in others
        )


def milliseconds(day: date) -> int:
    """Midnight in UTC as Vega counts time."""
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * 86_400_000


def span(lines: Sequence[Line], marks: Sequence[Mark]) -> tuple[date, date]:
    """The days that a chart covers: those of its figures, and pledges' days that are not too far from them."""
    first = min(figure.now.starts_on for line in lines for figure in line.drawn)
    last = max(figure.now.ends_on for line in lines for figure in line.drawn)
    reach = min(timedelta(days=(last - first).days * REACH), first - date.min, date.max - last)
    near = [mark.day for mark in marks if mark.kind != "mandate" and first - reach <= mark.day <= last + reach]
    return min([first, *near]), max([last, *near])


def shown(lines: Sequence[Line], marks: Sequence[Mark]) -> list[Mark]:
    """The marks that lie within what a chart covers; of very many the last days."""
    first, last = span(lines, marks)
    inside = [mark for mark in marks if first <= mark.day <= last]
    days = sorted({mark.day for mark in inside}, reverse=True)[:MOST_DAYS]
    return [mark for mark in inside if mark.day in days]


def scale(values: Sequence[float]) -> list[float]:
    """The marks of an axis from a round number to a round number, with zero among them."""
    low, high = min([0.0, *values]), max([0.0, *values])
    if low == high:
        return [0.0, 1.0]
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(times * power for times in (1, 2, 2.5, 5, 10) if times * power >= rough * 0.999)
    return [round(times * step, 6) for times in range(math.floor(low / step), math.ceil(high / step) + 1)]


def thinned(figures: Sequence[IndicatorFigure]) -> list[IndicatorFigure]:
    """Not more of them than can be told apart: of each stretch the lowest and the highest, and both ends."""
    if len(figures) <= MOST_DRAWN:
        return list(figures)
    size = math.ceil(len(figures) / (MOST_DRAWN / 2 - 1))
    kept = {figures[0], figures[-1]}
    for start in range(0, len(figures), size):
        stretch = figures[start : start + size]
        kept |= {min(stretch, key=lambda one: one.value), max(stretch, key=lambda one: one.value)}
    return [figure for figure in figures if figure in kept]


class Plot:
    """The geometry of one chart of `width` pixels, and the rows of data that stand at its places."""

    def __init__(self, lines: Sequence[Line], marks: Sequence[Mark], *, width: int, height: int) -> None:
        self.lines, self.width, self.height = lines, width, height
        self.figures = [thinned(line.drawn) for line in lines]
        self.ticks = scale([figure.value for figures in self.figures for figure in figures])
        self.first, self.last = span(lines, marks)
        longest = max(len(f"{tick:,.10g}") for tick in self.ticks)
        self.left = longest * LETTER + 2 * POINT  # the axis' numbers stand on their lines, left of the figures
        self.right = self._right()
        inside = shown(lines, marks)
        self.days = sorted({mark.day for mark in inside if mark.kind != "mandate"})
        self.marks = self._marks(inside)

    def x(self, day: date) -> float:
        """Where a day stands."""
        part = (day - self.first).days / max((self.last - self.first).days, 1)
        return self.left + part * (self.right - self.left)

    def y(self, value: float) -> float:
        """Where a value stands."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.height * (high - value) / (high - low)

    def _right(self) -> float:
        """Where the last day stands: so that the last period's name ends within the picture."""
        end = self.width - 2 * POINT
        last = max((figures[-1] for figures in self.figures), key=lambda figure: figure.middle)
        part = (last.middle - self.first).days / max((self.last - self.first).days, 1)
        half = len(last.short_period) * LETTER / 2 + 4  # some readers' letters are wider
        return min(end, self.left + (self.width - half - self.left) / part) if part else end

    def rows(self) -> list[dict]:
        """The figures."""
        return [
            {
                "series": str(line.name),
                "line": place,
                "day": figure.middle.isoformat(),
                "period": figure.period,
                "value": figure.value,
            }
            for place, (line, figures) in enumerate(zip(self.lines, self.figures, strict=True))
            for figure in figures
        ]

    def labels(self) -> list[dict]:
        """The values that are written beside their points: last, first, highest and lowest, then what fits."""
        points = [figure for figures in self.figures for figure in figures]
        crossed = [Box(self.x(day) - 2, 0, self.x(day) + 2, self.height) for day in self.days]
        crossed += itertools.chain.from_iterable(map(self._along, self.figures)) if len(points) <= MOST_POINTS else []
        taken = [self._around(figure) for figure in points] if len(points) <= MOST_POINTS else []
        wanted = []
        for place, figures in enumerate(self.figures):
            order = sorted(figures, key=lambda figure: figure.value)
            first = [figures[-1], figures[0], order[-1], order[0]]
            rest = figures if len(figures) <= MOST_POINTS else []
            wanted += [(rank, place, figure) for rank, figure in enumerate(dict.fromkeys([*first, *rest]))]
        found = []
        room = Box(self.left - POINT, -2 * ROW, self.width, self.height)
        for _rank, place, figure in sorted(wanted, key=lambda each: (each[0], -each[2].value)):
            x, y, half = self.x(figure.middle), self.y(figure.value), len(figure.label) * LETTER / 2 + 2
            sides = [(0, -POINT - 5), (0, POINT + 5), (half + POINT, 0), (-half - POINT, 0)]
            sides += [(turn * half, side * (POINT + 5)) for turn in (1, -1) for side in (-1, 1)]
            spots = [(dx, dy, Box(x + dx - half, y + dy - 7, x + dx + half, y + dy + 7)) for dx, dy in sides]
            spots = [spot for spot in spots if room.holds(spot[2])]
            free = [spot for spot in spots if not spot[2].hits(taken)]
            best = next((spot for spot in free if not spot[2].hits(crossed)), free[0] if free else None)
            if best is not None:
                dx, dy, box = best
                taken.append(box)
                row = {"line": place, "day": figure.middle.isoformat(), "value": figure.value}
                found.append(row | {"label": figure.label, "dx": round(dx, 1), "dy": dy})
        return found

    def periods(self) -> dict[int, str]:
        """The periods that are named below the axis, by the time in the middle of each; the last one always."""
        named = {figure.middle: figure.short_period for figures in self.figures for figure in figures}
        found, free = {}, math.inf
        for day in sorted(named, reverse=True):
            half = len(named[day]) * LETTER / 2 + 4
            if self.x(day) + half <= free:
                found[milliseconds(day)] = named[day]
                free = self.x(day) - half
        return found

    def _along(self, figures: Sequence[IndicatorFigure]) -> Iterator[Box]:
        """A line between its points."""
        for before, after in itertools.pairwise(figures):
            x, y = self.x(before.middle), self.y(before.value)
            wide, high = self.x(after.middle) - x, self.y(after.value) - y
            steps = max(int(math.hypot(wide, high) / POINT), 1)
            for step in range(1, steps):
                here, there = x + wide * step / steps, y + high * step / steps
                yield Box(here - 2, there - 2, here + 2, there + 2)

    def _around(self, figure: IndicatorFigure) -> Box:
        x, y = self.x(figure.middle), self.y(figure.value)
        return Box(x - POINT / 2, y - POINT / 2, x + POINT / 2, y + POINT / 2)

    def _marks(self, marks: Sequence[Mark]) -> list[dict]:
        """The days with their words above the plot, each in the first row in which there is room for it."""
        found = []
        for day, same in itertools.groupby(marks, key=lambda mark: mark.day):
            kinds = {mark.kind: mark for mark in same}
            pledges = [kind for kind in ("promised", "deadline") if kind in kinds]
            text = words_of(pledges, day) if pledges else shorten(str(kinds["mandate"].who), LONGEST_NAME)
            row = {"day": day.isoformat(), "kind": pledges[-1] if pledges else "mandate", "text": text}
            found.append(row | {"x": self.x(day), "wide": len(text) * LETTER + 10})
        self._beside(found)
        self._in_rows(found)
        return found

    def _beside(self, found: list[dict]) -> None:
        """Words stand right of their rule, or left of it where the picture ends."""
        lefts: list[float] = []
        for row in reversed(found):
            end = row["x"] + row["wide"]
            fits = end <= self.width and not any(row["x"] < x < end for x in lefts)
            row["align"] = "left" if fits or row["x"] < row["wide"] else "right"
            if row["align"] == "right":
                lefts.append(row["x"])

    def _in_rows(self, found: list[dict]) -> None:
        """A rule begins at its words, so words that reach over another rule stand in a row above that one's."""
        placed: list[tuple[float, float, dict]] = []
        right = [row for row in found if row["align"] == "left"]
        for row in [*reversed(right), *(row for row in found if row["align"] == "right")]:
            x, wide = row["x"], row["wide"]
            left, end = (x, x + wide) if row["align"] == "left" else (x - wide, x)
            over = [other["row"] for _left, _end, other in placed if left <= other["x"] <= end]
            beside = [other["row"] for begin, stop, other in placed if left < stop and begin < end]
            row["row"] = max([-1, *over, *beside]) + 1
            placed.append((left, end, row))


def words_of(kinds: Sequence[str], day: date) -> str:
    """A pledge's day as a chart has it: "Promised, 6 Dec 2023"."""
    names = {"promised": pgettext("day on a chart", "Promised"), "deadline": pgettext("day on a chart", "Deadline")}
    words = {"what": " · ".join(names[kind] for kind in kinds), "day": dates.written(day, short=True)}
    return _("%(what)s, %(day)s") % words
