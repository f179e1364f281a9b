"""Compares mandates on day n of each. Every percentage comes with the counts behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from string import ascii_uppercase

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledges.domain.rules import Status
from pledges.models import COUNTED_LABELS, Mandate
from pledges.queries.standings import Standing
from pledges.site.mandates.context import progress_of
from pledges.site.mandates.pictures import MOST_STEPS, Line
from pledges.site.mandates.progress import Progress

MOST_COMPARED = 6  # as many lines as there are distinct colours and dashes


@dataclass(frozen=True)
class Compared:
    """One of the mandates: its letter in the picture, its progress as of a day, and its pledges."""

    letter: str
    mandate: Mandate
    progress: Progress
    standings: tuple[Standing, ...]

    @property
    def last(self) -> int:
        """The number of its last day so far; 0 or less if it has not begun."""
        return self.progress.last

    @property
    def over(self) -> bool:
        """Whether `last` is its final day."""
        return self.mandate.ends_on is not None and self.progress.known == self.mandate.ends_on

    @property
    def has_pledges(self) -> bool:
        """Whether it had a pledge on any of its days."""
        return self.progress.most > 0

    def line(self, *, share: bool) -> Line:
        """Its line in the picture, as numbers of kept pledges or as percentages; without points while it has none."""
        points = []
        for number, tally in self.progress.drawn(MOST_STEPS):
            kept, total = _counts(tally)
            if total:
                of = _("%(kept)s of %(total)s") % {"kept": kept, "total": total}
                value = round(100 * kept / total, 2) if share else kept
                points.append((number, value, f"{percentage(kept, total)} ({of})" if share else of))
        return Line(self.letter, str(self.mandate), points)


@dataclass(frozen=True)
class OnDay:
    """A mandate on day n, or, if it has no such day (yet), on its last day so far (`reached` is False)."""

    compared: Compared
    number: int
    day: date
    reached: bool
    kept: int
    total: int
    carried: int
    tally: dict[str, int]

    @property
    def share(self) -> str:
        """The percentage of kept pledges, "" without pledges. It is never shown without the counts."""
        return percentage(self.kept, self.total) if self.total else ""

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """Its tally as (status, its label for that number, number)."""
        return [(status, COUNTED_LABELS[Status(status)] % n, n) for status, n in self.tally.items()]


def _counts(tally: dict[str, int]) -> tuple[int, int]:
    return tally.get(Status.KEPT, 0), sum(tally.values())


def percentage(kept: int, total: int) -> str:
    """A rounded percentage as newspapers write it: "17 %", in English "17%"."""
    return _("%(share)s%%") % {"share": number_format(round(100 * kept / total))}


def compared(mandates: Sequence[Mandate], standings: Sequence[Standing], day: date) -> list[Compared]:
    """The mandates in the given order, with the progress of each by `day`."""
    result = []
    for letter, row in zip(ascii_uppercase, mandates, strict=False):
        inside = tuple(standing for standing in standings if row in standing.mandates)
        result.append(Compared(letter, row, progress_of(inside, row, day), inside))
    return result


def usual_day(mandates: Iterable[Compared]) -> int:
    """The last day that all mandates with pledges have reached, for a fair comparison. 1 if none has begun."""
    return max(1, min((each.last for each in mandates if each.last > 0 and each.has_pledges), default=1))


def on_day(each: Compared, number: int) -> OnDay | None:
    """The mandate on its day with this number; None if it has not begun."""
    if each.last < 1:
        return None
    shown = min(number, each.last)
    day = each.progress.days.day(shown)
    tally = each.progress.on(day)
    carried = sum(
        standing.pledge.mandate != each.mandate and standing.pledge.made_on <= day for standing in each.standings
    )
    return OnDay(each, shown, day, shown == number, *_counts(tally), carried, tally)


def sentence(rows: Iterable[OnDay | None], number: int) -> str:
    """A sentence about that day for a reporter to quote; "" if no mandate with pledges has reached it."""
    reached = [row for row in rows if row and row.reached and row.total]
    if not reached:
        return ""
    first, *others = reached
    values = {"number": number, "kept": first.kept, "total": first.total, "mandate": first.compared.mandate}
    if not others:
        return (
            ngettext(
                "On day %(number)s, %(kept)s of %(total)s pledge was kept in the mandate of %(mandate)s.",
                "On day %(number)s, %(kept)s of %(total)s pledges were kept in the mandate of %(mandate)s.",
                first.total,
            )
            % values
        )
    parts = [
        _("%(kept)s of %(total)s in that of %(mandate)s")
        % {"kept": row.kept, "total": row.total, "mandate": row.compared.mandate}
        for row in others
    ]
    listed = (
        parts[0]
        if len(parts) == 1
        else _("%(several)s and %(last)s")
        % {
            "several": ", ".join(parts[:-1]),
            "last": parts[-1],
        }
    )
    return ngettext(
        "On day %(number)s, %(kept)s of %(total)s pledge was kept in the mandate of %(mandate)s, against %(others)s.",
        "On day %(number)s, %(kept)s of %(total)s pledges were kept in the mandate of %(mandate)s, against %(others)s.",
        first.total,
    ) % (values | {"others": listed})
