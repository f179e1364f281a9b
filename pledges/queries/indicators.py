"""What is known of an indicator: its figures as an edition has them, series by series, with what they replaced.

As of an edition, these are the figures that had been published by then. As of a day, they are those whose period had
ended by that day, as they are known now. Two series are never one line, and half a year is never beside whole years.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pledges.domain import dates
from pledges.models import EditionItem, Indicator, Observation, Series, Text, readable
from pledges.queries.standings import Standing

MOST_BESIDE = 24  # figures in the table on a pledge's page
LARGEST_DRAWN = 1e15  # beyond it a floating-point number is not the figure any more
_CODE = re.compile(r"\d{4}(-\d\d)?(-?[HQ]\d)?(/\d{4}(-\d\d)?)?")  # a period as files have it, not as readers say it
_FISCAL = re.compile(r"\d{4}[-/](\d\d|\d{4})")


def number(value) -> str:
    """A measured value without superfluous zeros, as the active language writes numbers."""
    text = f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    decimals = len(text.partition(".")[2])
    return number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)


def unit(indicator: Indicator) -> str:
    """Its unit as it stands after a number, with the space that belongs between them: "37% of", but "37 % de"."""
    words = indicator.unit
    return str(words) if words.startswith("%") and words.lang == "en" else f" {words}"


def period(row: Observation, *, short: bool = False) -> str:
    """The period of a figure in the active language: "2024", "December 2023", "January–June 2024".

    What is no code but words of the newsroom's own ("fiscal year 2024") stays as it was typed, and so does a fiscal
    year ("2009-10"), whose first month may be a guess.
    """
    first, last = row.starts_on, row.ends_on
    if not _CODE.fullmatch(row.period):
        return row.period
    if first.year != last.year and (first.month, last.month) != (1, 12) and _FISCAL.fullmatch(row.period):
        return row.period  # "2009-10" is a fiscal year here, and is no month
    starts_a_month, ends_a_month = first.day == 1, (last + timedelta(days=1)).day == 1 if last < date.max else True
    if not (starts_a_month and ends_a_month):
        spoken = {"first": dates.written(first, short=short), "last": dates.written(last, short=short)}
        return spoken["last"] if first == last else _("%(first)s – %(last)s") % spoken
    if (first.month, last.month) == (1, 12):
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    month = pgettext("month on a chart", "M") if short else "F"
    if (first.year, first.month) == (last.year, last.month):
        return date_format(first, pgettext("month on a chart", "M Y") if short else pgettext("date format", "F Y"))
    if first.year == last.year:
        words = {"first": date_format(first, month), "last": date_format(last, month), "year": first.year}
        return pgettext("months of a year", "%(first)s–%(last)s %(year)s") % words
    spoken = {"first": dates.written(first, "month"), "last": dates.written(last, "month")}
    return _("%(first)s – %(last)s") % spoken


@dataclass(frozen=True)
class IndicatorFigure:
    """The figure that holds for a period, and those that earlier editions gave for it, the latest first."""

    now: Observation
    earlier: tuple[Observation, ...] = ()

    @property
    def middle(self) -> date:
        """The day in the middle of its period: where a chart has it."""
        return self.now.starts_on + (self.now.ends_on - self.now.starts_on) / 2

    @property
    def months(self) -> int:
        """How long its period is, in months: figures of periods of another length are not compared."""
        return round((self.now.ends_on - self.now.starts_on).days / 30)

    @property
    def value(self) -> float:
        """Its value as charts take it."""
        return float(self.now.value)

    @property
    def label(self) -> str:
        """Its value as the active language writes it."""
        return number(self.now.value)

    @property
    def period(self) -> str:
        """Its period in words."""
        return period(self.now)

    @property
    def short_period(self) -> str:
        """The same, as short as a chart needs it."""
        return period(self.now, short=True)


@dataclass(frozen=True)
class Line:
    """The figures of one series, oldest first, with what the series is called."""

    slug: str
    figures: tuple[IndicatorFigure, ...]
    named: Series | None = None

    @property
    def name(self) -> Text | str:
        """What it is called; its slug made readable as long as nobody has named it."""
        return (self.named and self.named.name) or readable(self.slug)

    @property
    def note(self) -> Text | str:
        """Its definition."""
        return self.named.note if self.named else ""

    @property
    def source(self) -> str:
        """Who measures it."""
        return self.named.source if self.named else ""

    @cached_property
    def usual(self) -> int:
        """The length that most of its periods have, in months; of two that are as frequent the longer one."""
        lengths = Counter(figure.months for figure in self.figures)
        return max(lengths, key=lambda length: (lengths[length], length), default=0)

    @cached_property
    def drawn(self) -> tuple[IndicatorFigure, ...]:
        """The figures that a chart shows: those of the usual length."""
        return tuple(figure for figure in self.figures if figure.months == self.usual and _is_drawable(figure))

    @cached_property
    def left_out(self) -> tuple[IndicatorFigure, ...]:
        """The figures that stand in the table only."""
        drawn = set(self.drawn)
        return tuple(figure for figure in self.figures if figure not in drawn)


@dataclass(frozen=True)
class Known:
    """An indicator with all its lines."""

    indicator: Indicator
    lines: tuple[Line, ...]

    @property
    def many_series(self) -> bool:
        """Whether it has figures of more than one source or definition, which are never one line."""
        return len(self.lines) > 1

    @cached_property
    def rows(self) -> tuple[tuple[Line, IndicatorFigure], ...]:
        """Every figure with its line, oldest first: the table."""
        pairs = [(line, figure) for line in self.lines for figure in line.figures]
        return tuple(sorted(pairs, key=lambda pair: (pair[1].now.starts_on, pair[1].now.ends_on, pair[0].slug)))

    @property
    def newest_rows(self) -> tuple[tuple[Line, IndicatorFigure], ...]:
        """As much of the table as stands on a pledge's page."""
        return self.rows[-MOST_BESIDE:]

    @property
    def older_rows(self) -> int:
        """How many figures more there are."""
        return len(self.rows[:-MOST_BESIDE])

    @cached_property
    def newest(self) -> list[tuple[Line, IndicatorFigure]]:
        """The figures of the latest period, each with its line."""
        last = max((figure.now.ends_on for _line, figure in self.rows), default=None)
        return [pair for pair in self.rows if pair[1].now.ends_on == last]

    @property
    def left_out(self) -> list[IndicatorFigure]:
        """The figures that no chart shows because their periods are of another length."""
        return [figure for line in self.lines for figure in line.left_out]

    def only(self, slugs: Iterable[str]) -> "Known":
        """The same with these series only."""
        wanted = set(slugs)
        return Known(self.indicator, tuple(line for line in self.lines if line.slug in wanted))


@dataclass(frozen=True)
class Mark:
    """A day that a chart shows beside the figures. `kind` is promised, deadline or mandate."""

    day: date
    kind: str
    who: Text | str
    slug: str


def public(edition: int) -> QuerySet[Indicator]:
    """The indicators that an edition up to this one has published."""
    items = EditionItem.objects.filter(kind=Indicator._meta.model_name, edition__lte=edition)
    return Indicator.objects.filter(pk__in=[int(key) for key in set(items.values_list("key", flat=True))])


def known(
    indicators: Iterable[Indicator], *, edition: int, until: date | None = None, most: int | None = None
) -> list[Known]:
    """What an edition knows of these indicators, in their order, in two queries.

    With `until` only the figures whose period had ended by that day; with `most` only so many rows of each indicator,
    the newest.
    """
    indicators = list(indicators)
    rows = Observation.objects.filter(indicator__in=indicators, edition__lte=edition).select_related("edition")
    if until is not None:
        rows = rows.filter(ends_on__lte=until)
    if most is not None:
        newest = (F("ends_on").desc(), F("edition_id").desc(), F("pk").desc())
        rows = rows.annotate(place=Window(RowNumber(), partition_by="indicator_id", order_by=newest))
        rows = rows.filter(place__lte=most)
    found: dict[int, dict[str, dict]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    # At last by the key, so that two series of one time always stand as they were entered.
    for row in rows.order_by("starts_on", "ends_on", "edition_id", "pk"):
        found[row.indicator_id][row.series][row.starts_on, row.ends_on].append(row)
    named = {(row.indicator_id, row.slug): row for row in Series.objects.filter(indicator__in=indicators)}
    return [
        Known(
            each,
            tuple(
                Line(slug, tuple(_figure(versions) for versions in periods.values()), named.get((each.pk, slug)))
                for slug, periods in found[each.pk].items()
            ),
        )
        for each in indicators
    ]


def _figure(versions: Sequence[Observation]) -> IndicatorFigure:
    """A revision replaces the figure that it revises."""
    *earlier, now = versions
    return IndicatorFigure(now, tuple(reversed(earlier)))


def _is_drawable(figure: IndicatorFigure) -> bool:
    return math.isfinite(figure.value) and abs(figure.value) < LARGEST_DRAWN


def marks(standings: Iterable[Standing]) -> list[Mark]:
    """The days of these pledges that a chart shows: when each was made and is due, when its mandates began."""
    found = {}
    for standing in standings:
        title, slug = standing.wording.title, standing.pledge.slug
        found["promised", slug] = Mark(standing.pledge.made_on, "promised", title, slug)
        if standing.wording.deadline_end:
            found["deadline", slug] = Mark(standing.wording.deadline_end, "deadline", title, slug)
        for mandate in standing.mandates:
            if mandate.starts_on <= standing.day:
                found["mandate", mandate.slug] = Mark(mandate.starts_on, "mandate", mandate.person, mandate.slug)
    return sorted(found.values(), key=lambda mark: (mark.day, mark.kind, mark.slug))


def of_pledges(standings: Iterable[Standing]) -> dict[int, list[Standing]]:
    """By the indicator's id, the pledges to which it belongs."""
    found = defaultdict(list)
    for standing in standings:
        for indicator in standing.pledge.indicators:
            found[indicator].append(standing)
    return found


def told(line: Line) -> str:
    """The line of a chart as sentences: first, last and direction, then the highest and the lowest."""
    figures = line.drawn
    if not figures:
        return ""
    first, last = figures[0], figures[-1]
    words = {
        "series": line.name,
        "first": first.label,
        "first_period": first.period,
        "last": last.label,
        "last_period": last.period,
    }
    if len(figures) == 1:
        return _("%(series)s: %(first)s (%(first_period)s).") % words
    if last.now.value > first.now.value:
        text = _("%(series)s: up from %(first)s (%(first_period)s) to %(last)s (%(last_period)s).")
    elif last.now.value < first.now.value:
        text = _("%(series)s: down from %(first)s (%(first_period)s) to %(last)s (%(last_period)s).")
    else:
        text = _("%(series)s: %(last)s at the end (%(last_period)s) as at the beginning (%(first_period)s).")
    if len(figures) == 2:
        return text % words
    high = max(figures, key=lambda figure: figure.now.value)
    low = min(figures, key=lambda figure: figure.now.value)
    words |= {"high": high.label, "high_period": high.period, "low": low.label, "low_period": low.period}
    ends = _("The highest is %(high)s (%(high_period)s), the lowest %(low)s (%(low_period)s).")
    return f"{text % words} {ends % words}"
