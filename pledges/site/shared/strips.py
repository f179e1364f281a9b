"""The status strip: a thin bar of a pledge's statuses along the days of a mandate. Its geometry and its description.

Positions are percentages of the strip's width, so that the same strip can be drawn small in a row and large on a page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledges.domain import rules
from pledges.domain.dates import written
from pledges.domain.rules import Span, Status
from pledges.models import STATUS_LABELS
from pledges.queries.standings import Standing

MOST_YEARS = 8
MOST_BLOCKS = 300  # pledges of a tally that are drawn one by one: seven rows on a wide screen, 16 kB compressed


@dataclass(frozen=True)
class Axis:
    """The days that strips are drawn along, first and last included."""

    start: date
    end: date

    def at(self, day: date) -> float:
        """The position at which a day begins."""
        return round(100 * (day - self.start).days / self._days, 3)

    def after(self, day: date) -> float:
        """The position at which a day ends."""
        return round(100 * ((day - self.start).days + 1) / self._days, 3)

    @property
    def _days(self) -> int:
        return (self.end - self.start).days + 1

    def holds(self, day: date) -> bool:
        """Whether the day is on the axis."""
        return self.start <= day <= self.end

    @property
    def years(self) -> list[tuple[int, float]]:
        """The years that begin on the axis, as (year, position), without those too near an edge.

        Of many years only every second, third, … so that they are legible on a telephone.
        """
        years = range(self.start.year + 1, self.end.year + 1)
        marks = [(year, self.at(date(year, 1, 1))) for year in years[:: -(-len(years) // MOST_YEARS) or 1]]
        return [(year, at) for year, at in marks if 2 <= at <= 96]

    @cached_property
    def drawn_years(self) -> SafeString:
        """The years as SVG, the same below every strip of a page."""
        return mark_safe("".join(f'<text x="{percent(at)}" y="11">{year}</text> ' for year, at in self.years))


@dataclass(frozen=True)
class Segment:
    """A stretch of one status: its position and width."""

    status: str
    x: float
    width: float


@dataclass(frozen=True)
class Strip:
    """The parts of a strip with their positions, and its description in words."""

    axis: Axis
    segments: list[Segment]
    ticks: list[float]
    deadline: float | None
    today: float | None
    label: str

    @property
    def drawn(self) -> SafeString:
        """Its parts as SVG. A list has hundreds of them, each of which a template would take as long for as for a line
        of text; all are numbers and names of statuses."""
        parts = [
            f'<rect x="{percent(part.x)}" width="{percent(part.width)}" height="100%" fill="url(#p-{part.status})"/> '
            for part in self.segments
        ]
        parts += [f"{_line('tick', x)} " for x in self.ticks]
        if self.today:
            parts.append(_line("today", self.today))
        parts.append(" ")
        if self.deadline:
            parts.append(f"{_line('deadline-edge', self.deadline)} {_line('deadline', self.deadline)}")
        return mark_safe("".join(parts))


def percent(value: float) -> str:
    """A position as an SVG attribute, which has a decimal point in every language."""
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"


def _line(name: str, x: float) -> str:
    return f'<line class="{name}" x1="{percent(x)}" x2="{percent(x)}" y1="0" y2="100%"/>'


def shares(counts: Iterable[tuple[str, object, int]]) -> list[Segment]:
    """A tally, given as (status, words, number), as one bar: the width of each status is its share."""
    counts = list(counts)
    total = sum(number for _status, _words, number in counts)
    segments: list[Segment] = []
    before = 0
    for status, _words, number in counts:
        segments.append(Segment(status, round(100 * before / total, 3), round(100 * number / total, 3)))
        before += number
    return segments


def strip(standing: Standing, axis: Axis) -> Strip:
    """The strip of a pledge along an axis."""
    spans = standing.spans(axis.start, axis.end)
    segments = [
        Segment(span.status, axis.at(span.start), round(axis.after(span.end) - axis.at(span.start), 3))
        for span in spans
    ]
    deadline = standing.wording.deadline_end
    return Strip(
        axis=axis,
        segments=segments,
        ticks=[axis.at(update.happened_on) for update in standing.updates if axis.holds(update.happened_on)],
        deadline=axis.after(deadline) if deadline and axis.holds(deadline) else None,
        today=axis.at(standing.day) if axis.start < standing.day < axis.end else None,
        label=_described(standing, spans, axis),
    )


def _began(standing: Standing, span: Span) -> str:
    """The day since which the pledge has had a span's status, as exactly as it is known; maybe before the axis."""
    _status, since = rules.standing(standing.changes, span.start)
    turn = next(u for u in reversed(standing.updates) if u.happened_on == since and u.status == span.status)
    return written(since, turn.happened_precision, in_sentence=True)


def _described(standing: Standing, spans: list[Span], axis: Axis) -> str:
    parts = [
        _("%(status)s from %(day)s") % {"status": STATUS_LABELS[Status(span.status)], "day": _began(standing, span)}
        for span in spans
        if span.status != Status.NOT_RATED
    ]
    if spans and not parts:  # an axis in the future has no spans, and then no status is named
        parts.append(str(STATUS_LABELS[Status.NOT_RATED]))
    if deadline := standing.wording.deadline:
        day = written(deadline, standing.wording.deadline_precision)
        parts.append(_("deadline %(day)s") % {"day": day})
    count = sum(axis.holds(update.happened_on) for update in standing.updates)
    parts.append(ngettext("%(count)s update", "%(count)s updates", count) % {"count": count})
    return "; ".join(parts) + "."
