"""The figures of indicators as of an edition, by series, each with the figures that it revised.

As of an edition, these are the figures published by then. As of a day, they are those whose period had ended by that
day, with the values of the newest edition. Two series are never one line, and a chart never mixes periods of different
length, such as half years and years.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pledges.domain import dates
from pledges.models import Indicator, Observation, Series, Text, readable
from pledges.queries import visibility
from pledges.queries.standings import Standing

MOST_BESIDE = 24  # figures in the table on a pledge's page
LARGEST_DRAWN = 1e15  # beyond it a floating-point number no longer equals the figure
_CODE = re.compile(r"\d{4}(-\d\d)?(-?[HQ]\d)?(/\d{4}(-\d\d)?)?")  # a period in the notation of data files
_FISCAL = re.compile(r"\d{4}[-/](\d\d|\d{4})")


def number(value: Decimal | float) -> str:
    """A measured value without trailing zeros, formatted for the active language."""
    text = f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    decimals = len(text.partition(".")[2])
    return number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)


def decimal_text(value: Decimal) -> str:
    """A measured value for data: all its digits, without trailing zeros and without an exponent."""
    return f"{value.normalize():f}"


def unit(indicator: Indicator) -> str:
    """Its unit as it follows a number, with the space between them where there is one: "37% of", but "37 % de"."""
    words = indicator.unit
    return str(words) if words.startswith("%") and words.lang == "en" else f" {words}"


def period(row: Observation, *, short: bool = False) -> str:
    """The period of a figure in the active language: "2024", "December 2023", "January–June 2024".

    Anything but a code, such as "fiscal year 2024", stays as the newsroom typed it, and so does a fiscal year
    ("2009-10"), because its first month may be a guess.
    """
    first, last = row.starts_on, row.ends_on
    if not _CODE.fullmatch(row.period):
        return row.period
    if first.year != last.year and (first.month, last.month) != (1, 12) and _FISCAL.fullmatch(row.period):
        return row.period  # "2009-10" is a fiscal year here, not a month
    starts_a_month, ends_a_month = first.day == 1, (last + timedelta(days=1)).day == 1 if last < date.max else True
    if not (starts_a_month and ends_a_month):
        days = {"first": dates.written(first, short=short), "last": dates.written(last, short=short)}
        return days["last"] if first == last else _("%(first)s – %(last)s") % days
    if (first.month, last.month) == (1, 12):
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    month = pgettext("month on a chart", "M") if short else "F"
    if (first.year, first.month) == (last.year, last.month):
        return date_format(first, pgettext("month on a chart", "M Y") if short else pgettext("date format", "F Y"))
    if first.year == last.year:
        words = {"first": date_format(first, month), "last": date_format(last, month), "year": first.year}
        return pgettext("months of a year", "%(first)s–%(last)s %(year)s") % words
    months = {"first": dates.written(first, "month"), "last": dates.written(last, "month")}
    return _("%(first)s – %(last)s") % months


@dataclass(frozen=True)
class IndicatorFigure:
    """The current figure for a period, and the ones of earlier editions that it revises, the latest first."""

    now: Observation
    earlier: tuple[Observation, ...] = ()

    @property
    def middle(self) -> date:
        """The day in the middle of its period, where a chart draws it."""
        return self.now.starts_on + (self.now.ends_on - self.now.starts_on) / 2

    @property
    def months(self) -> int:
        """The length of its period in months. Figures for periods of different length are not compared."""
        return round((self.now.ends_on - self.now.starts_on).days / 30)

    @property
    def value(self) -> float:
        """Its value for charts."""
        return float(self.now.value)

    @property
    def label(self) -> str:
        """Its value, formatted for the active language."""
        return number(self.now.value)

    @property
    def period(self) -> str:
        """Its period in the active language."""
        return period(self.now)

    @property
    def short_period(self) -> str:
        """Its period, abbreviated for charts."""
        return period(self.now, short=True)


@dataclass(frozen=True)
class Line:
    """The figures of one series, oldest first, and the row that names the series, if there is one."""

    slug: str
    figures: tuple[IndicatorFigure, ...]
    named: Series | None = None

    @property
    def name(self) -> Text | str:
        """The name of the series; its slug made readable while it has no name."""
        return (self.named and self.named.name) or readable(self.slug)

    @property
    def note(self) -> Text | str:
        """Its definition."""
        return self.named.note if self.named else ""

    @property
    def source(self) -> str:
        """Who measures it, or ""."""
        return self.named.source if self.named else ""

    @cached_property
    def usual(self) -> int:
        """The most frequent length of its periods in months; of two equally frequent ones the longer."""
        lengths = Counter(figure.months for figure in self.figures)
        return max(lengths, key=lambda length: (lengths[length], length), default=0)

    @cached_property
    def drawn(self) -> tuple[IndicatorFigure, ...]:
        """The figures that a chart shows: those with a period of the usual length."""
        return tuple(figure for figure in self.figures if figure.months == self.usual and _is_drawable(figure))

    @cached_property
    def left_out(self) -> tuple[IndicatorFigure, ...]:
        """The figures that only the table shows."""
        drawn = set(self.drawn)
        return tuple(figure for figure in self.figures if figure not in drawn)


@dataclass(frozen=True)
class Known:
    """An indicator with all its lines, as of an edition."""

    indicator: Indicator
    lines: tuple[Line, ...]

    @property
    def many_series(self) -> bool:
        """Whether it has figures from more than one source or by more than one definition."""
        return len(self.lines) > 1

    @cached_property
    def rows(self) -> tuple[tuple[Line, IndicatorFigure], ...]:
        """Every figure with its line, oldest first: the rows of the table."""
        pairs = [(line, figure) for line in self.lines for figure in line.figures]
        return tuple(sorted(pairs, key=lambda pair: (pair[1].now.starts_on, pair[1].now.ends_on, pair[0].slug)))

    @property
    def newest_rows(self) -> tuple[tuple[Line, IndicatorFigure], ...]:
        """The rows that a pledge's page shows."""
        return self.rows[-MOST_BESIDE:]

    @property
    def older_rows(self) -> int:
        """The number of rows that a pledge's page leaves out."""
        return len(self.rows[:-MOST_BESIDE])

    @cached_property
    def newest(self) -> list[tuple[Line, IndicatorFigure]]:
        """The figures of the latest period, each with its line."""
        last = max((figure.now.ends_on for _line, figure in self.rows), default=None)
        return [pair for pair in self.rows if pair[1].now.ends_on == last]

    @property
    def left_out(self) -> list[IndicatorFigure]:
        """The figures that no chart shows because their periods have another length."""
        return [figure for line in self.lines for figure in line.left_out]

    def only(self, slugs: Iterable[str]) -> "Known":
        """The same with only these series."""
        kept = set(slugs)
        return Known(self.indicator, tuple(line for line in self.lines if line.slug in kept))


@dataclass(frozen=True)
class Mark:
    """A day that a chart marks. `kind` is "promised", "deadline" or "mandate"; `who` is a title or a person."""

    day: date
    kind: str
    who: Text | str
    slug: str


def public(edition: int) -> QuerySet[Indicator]:
    """The indicators published by this edition or an earlier one."""
    return Indicator.objects.filter(pk__in=visibility.published_keys(Indicator, edition))


def known(
    indicators: Iterable[Indicator], *, edition: int, until: date | None = None, most: int | None = None
) -> list[Known]:
    """These indicators with their figures as of an edition, in their order, in two queries.

    With `until` only the figures whose period had ended by that day; with `most` only that many rows of each
    indicator, the newest.
    """
    indicators = list(indicators)
    rows = Observation.objects.filter(indicator__in=indicators, edition__lte=edition).select_related("edition")
    if until is not None:
        rows = rows.filter(ends_on__lte=until)
    if most is not None:
        newest = (F("ends_on").desc(), F("edition_id").desc(), F("pk").desc())
        rows = rows.annotate(place=Window(RowNumber(), partition_by="indicator_id", order_by=newest))
        rows = rows.filter(place__lte=most)
    # By indicator, series and period, the figures in the order of their editions.
    figures: dict[int, dict[str, dict[tuple[date, date], list[Observation]]]]
    figures = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    # The key last: lines keep this order, and two series with figures for the same period stand as they were entered.
    for row in rows.order_by("starts_on", "ends_on", "edition_id", "pk"):
        figures[row.indicator_id][row.series][row.starts_on, row.ends_on].append(row)
    named = {(row.indicator_id, row.slug): row for row in Series.objects.filter(indicator__in=indicators)}
    return [
        Known(
            indicator,
            tuple(
                Line(slug, tuple(_figure(versions) for versions in periods.values()), named.get((indicator.pk, slug)))
                for slug, periods in figures[indicator.pk].items()
            ),
        )
        for indicator in indicators
    ]


def _figure(versions: Sequence[Observation]) -> IndicatorFigure:
    """The last version of a figure, with the ones that it revises."""
    *earlier, now = versions
    return IndicatorFigure(now, tuple(reversed(earlier)))


def _is_drawable(figure: IndicatorFigure) -> bool:
    return math.isfinite(figure.value) and abs(figure.value) < LARGEST_DRAWN


def marks(standings: Iterable[Standing]) -> list[Mark]:
    """The days that a chart marks for these pledges: when each was made and is due, and when its mandates began."""
    by_key = {}
    for standing in standings:
        title, slug = standing.wording.title, standing.pledge.slug
        by_key["promised", slug] = Mark(standing.pledge.made_on, "promised", title, slug)
        if standing.wording.deadline_end:
            by_key["deadline", slug] = Mark(standing.wording.deadline_end, "deadline", title, slug)
        for mandate in standing.mandates:
            if mandate.starts_on <= standing.day:
                by_key["mandate", mandate.slug] = Mark(mandate.starts_on, "mandate", mandate.person, mandate.slug)
    return sorted(by_key.values(), key=lambda mark: (mark.day, mark.kind, mark.slug))


def of_pledges(standings: Iterable[Standing]) -> dict[int, list[Standing]]:
    """The pledges of each indicator, by the indicator's id."""
    by_indicator = defaultdict(list)
    for standing in standings:
        for indicator in standing.pledge.indicators:
            by_indicator[indicator].append(standing)
    return by_indicator


def in_sentences(line: Line) -> str:
    """The line of a chart in sentences: the first and last figure and the direction, then the highest and lowest."""
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
