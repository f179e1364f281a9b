"""The parts of a mandate's page: its days in words, the order of its pledges, the marks of its axis, its progress."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pledges.domain.dates import written
from pledges.domain.rules import Status
from pledges.domain.text import fold
from pledges.models import COUNTED_LABELS, Mandate
from pledges.queries.search.facet_index import STATUS_ORDER
from pledges.queries.standings import Standing
from pledges.site.mandates.pictures import ticks
from pledges.site.mandates.progress import HUNDRED, Days, Followed, Progress, progress_by_day
from pledges.site.shared.strips import Axis

SORTS = {
    "status": gettext_lazy("Status"),
    "deadline": gettext_lazy("Deadline"),
    "title": gettext_lazy("Title"),
    "changed": gettext_lazy("Latest change"),
    "made": gettext_lazy("Day it was made"),
}
FEW_DAYS = 1000  # up to this length, the axis also names the quarters of the year


def days_of(row: Mandate, until: date) -> Days:
    """The days of a mandate; if it has no last day yet, those up to `until`, but at least the first."""
    return Days(row.starts_on, row.ends_on or max(until, row.starts_on))


def in_order(standings: Iterable[Standing], sort: str) -> list[Standing]:
    """The pledges in one of the orders of `SORTS`; those of the same title by slug."""

    def title(standing: Standing) -> tuple[str, str]:
        return fold(str(standing.wording.title)), standing.pledge.slug

    keys: dict[str, Callable[[Standing], tuple[Any, ...]]] = {
        "status": lambda s: (STATUS_ORDER[s.status], s.pledge.slug),
        "deadline": lambda s: (s.wording.deadline_end or date.max, title(s)),
        "title": title,
        "changed": lambda s: (-(s.changed_on or date.min).toordinal(), title(s)),
        "made": lambda s: (s.pledge.made_on, title(s)),
    }
    return sorted(standings, key=keys[sort])


def day_in_words(row: Mandate, days: Days, day: date) -> str:
    """A day as one of a mandate: "Day 100 of 549, 1 March 2024"."""
    values = {"number": days.number(day), "of": days.count, "day": written(day)}
    if day < days.start:
        return _("It begins on %(day)s") % {"day": written(days.start, in_sentence=True)}
    if row.ends_on is None:
        return _("Day %(number)s, %(day)s") % values
    if day > days.end:
        return _("After its %(of)s days, on %(day)s") % (values | {"day": written(day, in_sentence=True)})
    return _("Day %(number)s of %(of)s, %(day)s") % values


def slider_words(row: Mandate, days: Days) -> str:
    """The same as a template for the slider's script, which fills in {n} and {day}."""
    values = {"number": "{n}", "of": days.count, "day": "{day}"}
    return (_("Day %(number)s, %(day)s") if row.ends_on is None else _("Day %(number)s of %(of)s, %(day)s")) % values


def landmarks(row: Mandate, days: Days, elections: Iterable[date], last: date) -> list[tuple[str, date]]:
    """The most wanted days of a mandate up to `last`, as (label, day). Of `elections`, those within its days are
    included."""
    dated = [(_("First day"), days.start)]
    if days.count > HUNDRED:
        dated.append((_("Day %(number)s") % {"number": HUNDRED}, days.day(HUNDRED)))
    for years, day in days.anniversaries:
        dated.append((ngettext("%(years)s year", "%(years)s years", years) % {"years": years}, day))
    dated += [(_("Election day"), day) for day in elections if days.start < day < days.end]
    dated.sort(key=lambda mark: mark[1])
    if row.ends_on:
        dated.append((_("Last day"), row.ends_on))
        if row.closed_on and row.closed_on > row.ends_on:  # nothing is closed before it has a last day
            dated.append((_("Closed"), row.closed_on))
    return [(name, day) for name, day in dated if day <= last]


@dataclass(frozen=True)
class Marks:
    """The labels along the axis, as (label, percentage of its width): numbers of days, and years and quarters."""

    days: list[tuple[str, float]]
    calendar: list[tuple[str, float]]


def marks(days: Days) -> Marks:
    """The labels along the days of a mandate; those near an edge are left out, because they would be cut off."""
    axis = Axis(days.start, days.end)
    numbers = [(str(number), axis.at(days.day(number))) for number in ticks(days.count)]
    calendar = [(str(year), at) for year, at in axis.years]
    if days.count <= FEW_DAYS:
        starts = (date(y, m, 1) for y in range(days.start.year, days.end.year + 1) for m in (4, 7, 10))
        calendar += [(date_format(day, "M"), axis.at(day)) for day in starts if axis.holds(day)]
    return Marks(
        [(words, at) for words, at in numbers if at <= 95],
        sorted(((words, at) for words, at in calendar if 4 <= at <= 95), key=lambda mark: mark[1]),
    )


def progress_of(standings: Iterable[Standing], row: Mandate, day: date) -> Progress:
    """The progress of the pledges of a mandate as of `day`.

    A pledge counts from the day on which it was made. One made earlier, for example carried over from another mandate,
    counts from the first day, with the status of that day. A pledge that is carried on still counts in the mandate in
    which it was made, until that ends.
    """
    followed = (Followed(standing.pledge.made_on, standing.changes) for standing in standings)
    return progress_by_day(followed, days_of(row, day), day)


def tally_sentence(progress: Progress, day: date) -> str:
    """A day's tally as a sentence: "Day 100, 1 March 2024: 0 of 12 pledges kept; 3 in progress, 9 not started."."""
    tally = progress.on(day)
    total, kept = sum(tally.values()), tally.get(Status.KEPT, 0)
    values = {"number": progress.days.number(day), "day": written(day), "kept": kept, "total": total}
    others = ", ".join(
        f"{number} {COUNTED_LABELS[Status(status)] % number}"
        for status, number in tally.items()
        if status != Status.KEPT
    )
    if not total:
        return _("Day %(number)s, %(day)s: no pledges yet.") % values
    sentence = ngettext(
        "Day %(number)s, %(day)s: %(kept)s of %(total)s pledge kept",
        "Day %(number)s, %(day)s: %(kept)s of %(total)s pledges kept",
        total,
    )
    return f"{sentence % values}{f'; {others}' if others else ''}."


def by_quarter(progress: Progress) -> list[tuple[date, int, int, list[int]]]:
    """The tally at the end of each quarter as (day, its number, number of pledges, number with each status)."""
    rows = []
    for day in progress.days.quarters(progress.known):
        tally = progress.on(day)
        counts = [tally.get(status, 0) for status in progress.statuses]
        rows.append((day, progress.days.number(day), sum(counts), counts))
    return rows
