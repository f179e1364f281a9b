"""Figures read from files: they wait beside their indicator until an editor publishes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.db import transaction

from pledges.models import Indicator, Observation, Source


class Figure(Protocol):
    """A value for a period (see monitor.series.Figure)."""

    period: str
    starts_on: date
    ends_on: date
    value: Decimal


@dataclass(frozen=True)
class News:
    """What a figure would change: `before` is the value that holds now, None for a new period."""

    figure: Figure
    before: Decimal | None


def news_in(*, indicator: Indicator, series: str, figures: Iterable[Figure]) -> list[News]:
    """Those figures whose period is new in the series, or whose value is another than its latest one."""
    latest: dict[tuple[date, date], Observation] = {}
    for row in indicator.observations.filter(series=series).order_by("pk"):
        span = (row.starts_on, row.ends_on)
        known = latest.get(span)
        # What waits is newer than every edition; of two editions the later one counts.
        if known is None or (known.edition_id is not None and (row.edition_id or 10**18) > known.edition_id):
            latest[span] = row
    news = []
    for figure in figures:
        known = latest.get((figure.starts_on, figure.ends_on))
        if known is None or known.value != figure.value:
            news.append(News(figure, known.value if known else None))
    return news


@transaction.atomic
def record_figures(
    *,
    indicator: Indicator,
    series: str,
    figures: Iterable[Figure],
    source: str,
    url: str,
    imported_from: Source | None = None,
) -> int:
    """Have the figures that are news wait for publication beside the indicator; how many of them there are.

    `source` and `url` are what readers see as a figure's source. A figure that waits already is brought up to date,
    unless it was typed in by hand. Nothing that is published changes: a revision is a row of its own.
    """
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    written = 0
    for news in news_in(indicator=indicator, series=series, figures=figures):
        figure = news.figure
        span = {"series": series, "starts_on": figure.starts_on, "ends_on": figure.ends_on}
        fields = {"period": figure.period, "value": figure.value, "source": source[:200], "url": url}
        waiting = indicator.observations.filter(edition=None, **span).first()
        if waiting is None:
            indicator.observations.create(**span, **fields, imported_from=imported_from)
        elif imported_from is None or waiting.imported_from_id == imported_from.pk:
            for name, value in fields.items():
                setattr(waiting, name, value)
            waiting.imported_from = imported_from
            waiting.save()
        else:
            continue
        written += 1
    return written


@transaction.atomic
def discard_figures(*, indicator: Indicator, imported_from: Source | None = None) -> int:
    """Delete the figures that wait (those of one source, or all); how many they were."""
    waiting = indicator.observations.select_for_update().filter(edition=None)
    if imported_from is not None:
        waiting = waiting.filter(imported_from=imported_from)
    count = waiting.count()
    waiting.delete()
    return count
