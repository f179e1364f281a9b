"""Figures read from files: stored as unpublished observations until an editor publishes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.db import transaction
from django.db.models import Model, QuerySet

from pledges.domain.messages import DeferredMessage
from pledges.models import Edition, EditionItem, Indicator, Newsroom, Observation, Series, Source, readable
from pledges.queries.sealed_content import content_digest, with_content


class PeriodValue(Protocol):
    """A value for a period (see watch.figures.series.Figure)."""

    @property
    def period(self) -> str: ...

    @property
    def starts_on(self) -> date: ...

    @property
    def ends_on(self) -> date: ...

    @property
    def value(self) -> Decimal: ...


@dataclass(frozen=True)
class News:
    """A figure that is new: `before` is the latest value of its period, None for a new period."""

    figure: PeriodValue
    before: Decimal | None


@dataclass(frozen=True)
class Waiting:
    """An unpublished figure, with the value that readers see now (None for a new period)."""

    observation: Observation
    before: Decimal | None


def news_in(*, indicator: Indicator, series: str, figures: Iterable[PeriodValue]) -> list[News]:
    """Those figures whose period is new in the series, or whose value differs from the latest one of that period.

    An unpublished figure is later than every published one.
    """
    rows = indicator.observations.filter(series=series)
    latest = _published(rows) | {_span(row): row.value for row in rows.filter(edition=None)}
    news = [News(figure, latest.get(_span(figure))) for figure in figures]
    return [item for item in news if item.before != item.figure.value]


def waiting_figures(*, indicator: Indicator) -> list[Waiting]:
    """The unpublished figures, ordered by series and period."""
    waiting = indicator.observations.filter(edition=None).select_related("imported_from")
    published: dict[str, dict[tuple[date, date], Decimal]] = {}
    for row in waiting:
        if row.series not in published:
            published[row.series] = _published(indicator.observations.filter(series=row.series))
    return [Waiting(row, published[row.series].get(_span(row))) for row in waiting]


def _published(rows: QuerySet[Observation]) -> dict[tuple[date, date], Decimal]:
    """The value of each period in the latest edition that has one."""
    return {_span(row): row.value for row in rows.filter(edition__isnull=False).order_by("edition_id")}


def _span(row: PeriodValue | Observation) -> tuple[date, date]:
    return row.starts_on, row.ends_on


@transaction.atomic
def record_figures(
    *,
    indicator: Indicator,
    series: str,
    figures: Iterable[PeriodValue],
    source: str,
    url: str,
    imported_from: Source | None = None,
    details: Mapping[tuple[date, date], Mapping[str, str]] | None = None,
) -> int:
    """Store the new figures as unpublished observations of the indicator; returns how many were written.

    `source` and `url` are what readers see as a figure's source; its language is that of `imported_from`. `details` are
    other fields of single figures, by the first and last day of the period. An unpublished figure of the same period is
    updated, unless it was typed in by hand. Published figures never change: a revision is a row of its own.
    """
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    written = 0
    for news in news_in(indicator=indicator, series=series, figures=figures):
        figure = news.figure
        span = {"series": series, "starts_on": figure.starts_on, "ends_on": figure.ends_on}
        fields = {"period": figure.period, "value": figure.value, "source": source[:200], "url": url}
        fields["source_language"] = imported_from.language if imported_from else ""
        fields |= (details or {}).get(_span(figure), {})
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
    name_series(indicators=[indicator.pk])
    return written


def record_notice(*, source: Source, notice: DeferredMessage | str) -> None:
    """Store what was left out of a source's file, and how the rest was read; "" if there is nothing to report."""
    Source.objects.filter(pk=source.pk).exclude(notice=notice).update(notice=notice)


def name_series(*, indicators: Iterable[int]) -> None:
    """Name each unnamed series of these indicators (ids) after its slug, in the newsroom's main language."""
    observed = Observation.objects.filter(indicator__in=indicators).order_by("indicator", "series")
    named = set(Series.objects.filter(indicator__in=indicators).values_list("indicator", "slug"))
    missing = [pair for pair in observed.values_list("indicator", "series").distinct() if pair not in named]
    name = f"name_{Newsroom.get().main_language}"
    rows = [Series(indicator_id=indicator, slug=slug, **{name: readable(slug)}) for indicator, slug in missing]
    Series.objects.bulk_create(rows, ignore_conflicts=True)  # somebody else may have named it just now


def renamed_series(*, indicators: Iterable[int]) -> list[tuple[str, Series]]:
    """The series of these indicators (ids) whose content differs from the last edition's, as (action, row) pairs."""
    rows = list(with_content(Series).filter(indicator__in=indicators))
    items = EditionItem.objects.filter(kind=Series._meta.model_name, key__in=[str(row.pk) for row in rows])
    sealed_as = dict(items.order_by("edition_id").values_list("key", "sha256"))
    return [
        (EditionItem.Action.CHANGED if str(row.pk) in sealed_as else EditionItem.Action.PUBLISHED, row)
        for row in rows
        if sealed_as.get(str(row.pk)) != content_digest(row)
    ]


def seal_observations(edition: Edition, acts: Iterable[tuple[str, Model]]) -> None:
    """Store the edition in the observations among its (action, row) pairs: from then on they are final."""
    observations = [row.pk for _action, row in acts if isinstance(row, Observation)]
    Observation.objects.filter(pk__in=observations).update(edition=edition)


@transaction.atomic
def discard_figures(*, indicator: Indicator, imported_from: Source | None = None) -> int:
    """Delete the unpublished figures, all or those imported from one source; returns how many."""
    waiting = indicator.observations.select_for_update().filter(edition=None)
    if imported_from is not None:
        waiting = waiting.filter(imported_from=imported_from)
    count = waiting.count()
    waiting.delete()
    return count
