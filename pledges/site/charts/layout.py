"""The layout of a chart: the position of each part in pixels, and which labels fit. Nothing is drawn here.

A label that would overlap another is left out. The same figures always give the same layout, whatever fonts are
installed.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import shorten
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pledges.domain import dates
from pledges.queries.indicators import IndicatorFigure, Line, Mark

MOST_POINTS = 60  # of a line; beyond, it is drawn without its points
MOST_DRAWN = 400  # figures of a line; more would share pixels
LONGEST_NAME = 40  # of a person, above the figures
MOST_DAYS = 8  # with labels above the figures
LETTER, ROW, POINT = (
    6.6,
    16,
    9,
)  # pixels: the usual width of a letter, the height of a line of text, the size of a point
REACH = 0.6  # how far outside the figures a pledge's day is still shown, as a fraction of the time that they cover


@dataclass(frozen=True)
class Box:
    """A rectangle, in pixels from the left and the top."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: "Box") -> bool:
        """Whether it contains the other (above `top` nothing is limited)."""
        return self.left <= other.left and other.right <= self.right and other.bottom <= self.bottom

    def hits(self, others: Iterable["Box"]) -> bool:
        """Whether it overlaps one of the others."""
        return any(
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
            for other in others
        )


def milliseconds(day: date) -> int:
    """Midnight in UTC of a day, in milliseconds since 1970, as Vega counts time."""
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * 86_400_000


def span(lines: Sequence[Line], marks: Sequence[Mark]) -> tuple[date, date]:
    """The first and last day of a chart: those of its figures, extended to pledges' days within `REACH`."""
    first = min(figure.now.starts_on for line in lines for figure in line.drawn)
    last = max(figure.now.ends_on for line in lines for figure in line.drawn)
    reach = min(timedelta(days=(last - first).days * REACH), first - date.min, date.max - last)
    near = [mark.day for mark in marks if mark.kind != "mandate" and first - reach <= mark.day <= last + reach]
    return min([first, *near]), max([last, *near])


def shown(lines: Sequence[Line], marks: Sequence[Mark]) -> list[Mark]:
    """The marks within the days of a chart; if they fall on more than `MOST_DAYS` days, those on the last ones."""
    first, last = span(lines, marks)
    inside = [mark for mark in marks if first <= mark.day <= last]
    days = sorted({mark.day for mark in inside}, reverse=True)[:MOST_DAYS]
    return [mark for mark in inside if mark.day in days]


def scale(values: Sequence[float]) -> list[float]:
    """The ticks of an axis, from a round number to a round number, including zero."""
    low, high = min([0.0, *values]), max([0.0, *values])
    if low == high:
        return [0.0, 1.0]
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999)
    return [round(times * step, 6) for times in range(math.floor(low / step), math.ceil(high / step) + 1)]


def thinned(figures: Sequence[IndicatorFigure]) -> list[IndicatorFigure]:
    """Downsample to about `MOST_DRAWN` figures: the lowest and highest of each stretch, and both ends."""
    if len(figures) <= MOST_DRAWN:
        return list(figures)
    size = math.ceil(len(figures) / (MOST_DRAWN / 2 - 1))
    kept = {figures[0], figures[-1]}
    for start in range(0, len(figures), size):
        stretch = figures[start : start + size]
        kept |= {min(stretch, key=lambda each: each.value), max(stretch, key=lambda each: each.value)}
    return [figure for figure in figures if figure in kept]


class Plot:
    """The geometry of one chart of `width` pixels, and the rows of data with their positions."""

    def __init__(self, lines: Sequence[Line], marks: Sequence[Mark], *, width: int, height: int) -> None:
        self.lines, self.width, self.height = lines, width, height
        self.figures = [thinned(line.drawn) for line in lines]
        self.ticks = scale([figure.value for figures in self.figures for figure in figures])
        self.first, self.last = span(lines, marks)
        longest = max(len(f"{tick:,.10g}") for tick in self.ticks)
        self.left = longest * LETTER + 2 * POINT  # the axis labels are on the grid lines, left of the figures
        self.right = self._right()
        inside = shown(lines, marks)
        self.days = sorted({mark.day for mark in inside if mark.kind != "mandate"})
        self.marks = self._marks(inside)

    def x(self, day: date) -> float:
        """The position of a day."""
        part = (day - self.first).days / max((self.last - self.first).days, 1)
        return self.left + part * (self.right - self.left)

    def y(self, value: float) -> float:
        """The position of a value."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.height * (high - value) / (high - low)

    def _right(self) -> float:
        """The position of the last day, so that the label of the last period ends within the picture."""
        end = self.width - 2 * POINT
        last = max((figures[-1] for figures in self.figures), key=lambda figure: figure.middle)
        part = (last.middle - self.first).days / max((self.last - self.first).days, 1)
        half = len(last.short_period) * LETTER / 2 + 4  # some fonts are wider
        return min(end, self.left + (self.width - half - self.left) / part) if part else end

    def rows(self) -> list[dict[str, Any]]:
        """The data of the lines and points."""
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

    def labels(self) -> list[dict[str, Any]]:
        """The values written at points: first the last, first, highest and lowest of each line, then whatever fits."""
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
        placed = []
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
                placed.append(row | {"label": figure.label, "dx": round(dx, 1), "dy": dy})
        return placed

    def periods(self) -> dict[int, str]:
        """The labels of the axis, by the time in the middle of the period; the last one is always there."""
        named = {figure.middle: figure.short_period for figures in self.figures for figure in figures}
        labels, free = {}, math.inf
        for day in sorted(named, reverse=True):
            half = len(named[day]) * LETTER / 2 + 4
            if self.x(day) + half <= free:
                labels[milliseconds(day)] = named[day]
                free = self.x(day) - half
        return labels

    def _along(self, figures: Sequence[IndicatorFigure]) -> Iterator[Box]:
        """Small boxes along a line between its points, which labels avoid."""
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

    def _marks(self, marks: Sequence[Mark]) -> list[dict[str, Any]]:
        """The marked days with their labels above the plot, each in the first row that has room for it."""
        rows = []
        for day, same in itertools.groupby(marks, key=lambda mark: mark.day):
            kinds = {mark.kind: mark for mark in same}
            pledges = [kind for kind in ("promised", "deadline") if kind in kinds]
            text = words_of(pledges, day) if pledges else shorten(str(kinds["mandate"].who), LONGEST_NAME)
            row = {"day": day.isoformat(), "kind": pledges[-1] if pledges else "mandate", "text": text}
            rows.append(row | {"x": self.x(day), "wide": len(text) * LETTER + 10})
        self._beside(rows)
        self._in_rows(rows)
        return rows

    def _beside(self, rows: list[dict[str, Any]]) -> None:
        """Put labels right of their rule, or left of it at the right edge of the picture."""
        lefts: list[float] = []
        for row in reversed(rows):
            end = row["x"] + row["wide"]
            fits = end <= self.width and not any(row["x"] < x < end for x in lefts)
            row["align"] = "left" if fits or row["x"] < row["wide"] else "right"
            if row["align"] == "right":
                lefts.append(row["x"])

    def _in_rows(self, rows: list[dict[str, Any]]) -> None:
        """Put each label in a row. A rule begins at its label, so a label that reaches over another rule goes above
        that one's label."""
        placed: list[tuple[float, float, dict[str, Any]]] = []
        right = [row for row in rows if row["align"] == "left"]
        for row in [*reversed(right), *(row for row in rows if row["align"] == "right")]:
            x, wide = row["x"], row["wide"]
            left, end = (x, x + wide) if row["align"] == "left" else (x - wide, x)
            over = [other["row"] for _left, _end, other in placed if left <= other["x"] <= end]
            beside = [other["row"] for begin, stop, other in placed if left < stop and begin < end]
            row["row"] = max([-1, *over, *beside]) + 1
            placed.append((left, end, row))


def words_of(kinds: Sequence[str], day: date) -> str:
    """The label of a pledge's day: "Promised, 6 Dec 2023"."""
    names = {"promised": pgettext("day on a chart", "Promised"), "deadline": pgettext("day on a chart", "Deadline")}
    words = {"what": " · ".join(names[kind] for kind in kinds), "day": dates.written(day, short=True)}
    return _("%(what)s, %(day)s") % words
