"""What the page of a mandate is made of, beside the pledges themselves: its days in words, its order, its progress."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pledges.domain.dates import written
from pledges.domain.rules import Status
from pledges.domain.text import fold
from pledges.models import COUNTED_LABELS, Mandate
from pledges.queries.search.facets import STATUS_ORDER
from pledges.queries.standings import Standing
from pledges.site.mandates.pictures import ticks
from pledges.site.mandates.progress import HUNDRED, Days, Followed, Progress, progress
from pledges.site.shared.strips import Axis

SORTS = {
    "status": gettext_lazy("Status"),
    "deadline": gettext_lazy("Deadline"),
    "title": gettext_lazy("Title"),
    "changed": gettext_lazy("Latest change"),
    "made": gettext_lazy("Day it was made"),
}
FEW_DAYS = 1000  # of so few, the quarters of the year have their names on the axis


def days_of(row: Mandate, until: date) -> Days:
    """The days of a mandate; of one without an end those up to `until`, but at least its first."""
    return Days(row.starts_on, row.ends_on or max(until, row.starts_on))


def in_order(found: Iterable[Standing], sort: str) -> list[Standing]:
    """The pledges in one of the orders of `SORTS`."""

    def title(standing: Standing) -> str:
        return fold(str(standing.wording.title))

    keys = {
        "status": lambda s: (STATUS_ORDER[s.status], s.pledge.slug),
        "deadline": lambda s: (s.wording.deadline_end or date.max, title(s)),
        "title": lambda s: (title(s),),
        "changed": lambda s: (-(s.changed_on or date.min).toordinal(), title(s)),
        "made": lambda s: (s.pledge.made_on, title(s)),
    }
    return sorted(found, key=keys[sort])


def day_in_words(row: Mandate, days: Days, day: date) -> str:
    """Where a day stands among those of a mandate: "Day 100 of 549, 1 March 2024"."""
    values = {"number": days.number(day), "of": days.count, "day": written(day)}
    if day < days.start:
        return _("It begins on %(day)s") % {"day": written(days.start, in_sentence=True)}
    if row.ends_on is None:
        return _("Day %(number)s, %(day)s") % values
    if day > days.end:
        return _("After its %(of)s days, on %(day)s") % (values | {"day": written(day, in_sentence=True)})
    return _("Day %(number)s of %(of)s, %(day)s") % values


def slider_words(row: Mandate, days: Days) -> str:
    """The same for any day of it, with {n} and {day} to be filled in while the slider moves."""
    values = {"number": "{n}", "of": days.count, "day": "{day}"}
    return (_("Day %(number)s, %(day)s") if row.ends_on is None else _("Day %(number)s of %(of)s, %(day)s")) % values


def landmarks(row: Mandate, days: Days, elections: Iterable[date], last: date) -> list[tuple[str, date]]:
    """The days of a mandate that are asked for most, up to `last`, each with its name; of the days of `elections` those
    on which it was under way."""
    found = [(_("First day"), days.start)]
    if days.count > HUNDRED:
        found.append((_("Day %(number)s") % {"number": HUNDRED}, days.day(HUNDRED)))
    for years, day in days.anniversaries:
        found.append((ngettext("%(years)s year", "%(years)s years", years) % {"years": years}, day))
    found += [(_("Election day"), day) for day in elections if days.start < day < days.end]
    found.sort(key=lambda mark: mark[1])
    if row.ends_on:
        found.append((_("Last day"), row.ends_on))
        if row.closed_on and row.closed_on > row.ends_on:  # nothing is closed before it has a last day
            found.append((_("Closed"), row.closed_on))
    return [(name, day) for name, day in found if day <= last]


@dataclass(frozen=True)
class Marks:
    """What stands along the axis, each as (words, per cent): numbers of days, and the years and quarters of the
    calendar."""

    days: list[tuple[str, float]]
    calendar: list[tuple[str, float]]


def marks(days: Days) -> Marks:
    """What is written along the days of a mandate; near an edge nothing is, so that it can be read."""
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


def progress_of(found: Iterable[Standing], row: Mandate, day: date) -> Progress:
    """The progress of the pledges of a mandate as known on `day`.

    A pledge counts from the day on which it was made; one that was made before, in this office or carried over from
    another mandate, from the first day, as it stood then. Where it was made, it goes on counting until that mandate
    ends.
    """
    followed = (Followed(standing.pledge.made_on, standing.changes) for standing in found)
    return progress(followed, days_of(row, day), day)


def told(found: Progress, day: date) -> str:
    """A day's tally as a sentence: "Day 100, 1 March 2024: 0 of 12 pledges kept; 3 in progress, 9 not started."."""
    tally = found.on(day)
    total, kept = sum(tally.values()), tally.get(Status.KEPT, 0)
    values = {"number": found.days.number(day), "day": written(day), "kept": kept, "total": total}
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


def by_quarter(found: Progress) -> list[tuple[date, int, int, list[int]]]:
    """The tally at the end of each quarter as (day, its number, how many pledges, how many of each status)."""
    rows = []
    for day in found.days.quarters(found.known):
        tally = found.on(day)
        counts = [tally.get(status, 0) for status in found.statuses]
        rows.append((day, found.days.number(day), sum(counts), counts))
    return rows
