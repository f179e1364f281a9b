"""The tables of figures, of sources, and of what pledges refer to, whose changes are public at once."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.desk.exchange import cells
from pledges.desk.exchange.columns import Column
from pledges.desk.exchange.table import Key, Table, broken_rules
from pledges.models import Indicator, Institution, Mandate, Observation, Source, SourceDocument, Topic

EXAMPLES = {
    "slug": "new-prisons",
    "country": "EC",
    "elected_on": "2023-10-15",
    "starts_on": "2023-11-23",
    "ends_on": "2025-05-24",
    "url": "https://news.example/2023/interview",
    "published_on": "2023-12-06",
    "language": "es",
    "value": "47.2",
    "period": "2024",
}


class Mandates(Table):
    model, name, key = Mandate, "mandates", ("slug",)
    order = ("starts_on", "slug")
    names = (
        *("slug", "person", "office_en", "office_es", "country", "elected_on", "starts_on", "ends_on"),
        *("note_en", "note_es"),
    )
    examples = EXAMPLES

    def make_columns(self) -> list[Column]:
        """With the day on which the mandate was closed, only to be read: closing is an act of its own."""
        return [*super().make_columns(), self.column("closed_on", readonly=True)]


class Topics(Table):
    model, name, key = Topic, "topics", ("slug",)
    order = ("slug",)
    names = ("slug", "name_en", "name_es")
    examples = EXAMPLES


class Institutions(Table):
    model, name, key = Institution, "institutions", ("slug",)
    order = ("slug",)
    names = ("slug", "name_en", "name_es", "acronym")
    examples = EXAMPLES


class Documents(Table):
    model, name, key = SourceDocument, "documents", ("slug",)
    order = ("slug",)
    names = ("slug", "publisher", "title_en", "title_es", "published_on", "url", "language", "note_en", "note_es")
    examples = EXAMPLES

    def problems(self, row: SourceDocument, changed: set[str]) -> Iterator[tuple[str, str]]:
        if "published_on" in changed:
            yield from broken_rules(row)


class Indicators(Table):
    model, name, key = Indicator, "indicators", ("slug",)
    order = ("slug",)
    names = ("slug", "name_en", "name_es", "unit_en", "unit_es", "caveat_en", "caveat_es", "pledges")
    examples = EXAMPLES


class Observations(Table):
    """Figures of indicators: of every period the newest. New ones wait until their indicator's page is saved."""

    model, name = Observation, "figures"
    key = ("indicator", "series", "starts_on", "ends_on")
    order = ("indicator__slug", "series", "starts_on", "ends_on", "pk")
    names = (
        *("indicator", "series", "period", "starts_on", "ends_on"),
        *("value", "source", "source_language", "url", "note_en", "note_es"),
    )
    examples = EXAMPLES
    listed_with = Indicator

    def make_columns(self) -> list[Column]:
        edition = Column("edition", cells.Text(), "edition_id", label=gettext_lazy("edition"), readonly=True)
        return [*super().make_columns(), edition]

    def get_queryset(self) -> models.QuerySet[Any]:
        period = ("indicator_id", "series", "starts_on", "ends_on")
        newest = Observation.objects.order_by(*period, models.F("edition").desc(nulls_first=True), "-pk")
        newest_keys = newest.distinct(*period).values("pk")
        return Observation.objects.filter(pk__in=newest_keys).select_related("indicator").order_by(*self.order)

    def find(self, keys: list[Key]) -> dict[Key, Observation]:
        rows = self.get_queryset().filter(indicator__in={key[0] for key in keys})
        return {(row.indicator_id, row.series, row.starts_on, row.ends_on): row for row in rows}

    def problems(self, row: Observation, changed: set[str]) -> Iterator[tuple[str, str]]:
        if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
            yield "ends_on", _("The period's last day comes before its first.")

    def accept(self, row: Any) -> None:
        """A published figure that differs is revised: the new one is a row of its own, and the old one stays."""
        if row.edition_id:
            row.pk, row.edition, row.imported_from = None, None, None
            row._state.adding = True

    def is_public(self, row: Observation) -> bool:
        return False


class Sources(Table):
    """What an editor may say of a source. What the watch notes of it is not exchanged."""

    model, name, key = Source, "sources", ("url",)
    order = ("name", "url")
    names = (
        *("url", "name", "publisher", "kind", "language", "official", "active", "note_en", "note_es"),
        *("interval_minutes", "slowest_minutes", "selector", "pledge", "indicator", "series", "data_path"),
        *("period_column", "value_column"),
    )
    examples = EXAMPLES

    def get_queryset(self) -> models.QuerySet[Any]:
        """All but the sample newswire, whose address is that of this very server."""
        return super().get_queryset().filter(sample=False)

    @cached_property
    def samples(self) -> set[str]:
        """The addresses of this server's own samples."""
        return set(Source.objects.filter(sample=True).values_list("url", flat=True))

    def problems(self, row: Source, changed: set[str]) -> Iterator[tuple[str, str]]:
        if row.url in self.samples:
            yield "url", _("This is the sample newswire of this server: leave the row out.")
        if not row.url.startswith(("http://", "https://")):
            yield "url", _("The link must begin with http:// or https://.")
