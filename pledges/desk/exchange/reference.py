"""The tables of what pledges refer to. A change of them is public at once, in one edition for the whole file."""

from collections.abc import Iterator
from functools import cached_property

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.desk.exchange import cells
from pledges.desk.exchange.columns import Column, of_field
from pledges.desk.exchange.resource import Key, Table, broken
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


class Simple(Table):
    """A table whose columns are fields of the model, its first the key."""

    names: tuple[str, ...] = ()

    def make_columns(self) -> list[Column]:
        """The fields, each with an example where one helps."""
        return [of_field(self.model, name, example=EXAMPLES.get(name, "")) for name in self.names]


class Mandates(Simple):
    """Offices held from a day to a day."""

    model, name, key = Mandate, "mandates", ("slug",)
    order = ("starts_on", "slug")
    names = (
        *("slug", "person", "office_en", "office_es", "country", "elected_on", "starts_on", "ends_on"),
        *("note_en", "note_es"),
    )

    def make_columns(self) -> list[Column]:
        """Closing a mandate is an act of its own: its day is only there to be read."""
        return [*super().make_columns(), of_field(Mandate, "closed_on", readonly=True)]


class Topics(Simple):
    """What pledges are about."""

    model, name, key = Topic, "topics", ("slug",)
    order = ("slug",)
    names = ("slug", "name_en", "name_es")


class Institutions(Simple):
    """Who has to carry pledges out."""

    model, name, key = Institution, "institutions", ("slug",)
    order = ("slug",)
    names = ("slug", "name_en", "name_es", "acronym")


class Documents(Simple):
    """Where pledges were made."""

    model, name, key = SourceDocument, "documents", ("slug",)
    order = ("slug",)
    names = (*("slug", "publisher", "title_en", "title_es", "published_on", "url", "language", "note_en", "note_es"),)

    def problems(self, row: SourceDocument, changed: set[str]) -> Iterator[tuple[str, str]]:
        """Its day can be true."""
        if "published_on" in changed:
            yield from broken(row)


class Indicators(Simple):
    """Quantities that pledges are about."""

    model, name, key = Indicator, "indicators", ("slug",)
    order = ("slug",)
    names = ("slug", "name_en", "name_es", "unit_en", "unit_es", "caveat_en", "caveat_es", "pledges")


class Observations(Table):
    """Figures of indicators, one for a period: the one that holds. New ones wait on their indicator's page."""

    model, name = Observation, "figures"
    key = ("indicator", "series", "starts_on", "ends_on")
    order = ("indicator__slug", "series", "starts_on", "ends_on", "pk")

    def make_columns(self) -> list[Column]:
        """The fields; the edition says what is published."""
        names = (
            "indicator",
            "series",
            "period",
            "starts_on",
            "ends_on",
            "value",
            "source",
            "url",
            "note_en",
            "note_es",
        )
        columns = [of_field(Observation, name, example=EXAMPLES.get(name, "")) for name in names]
        label = gettext_lazy("edition")
        return [*columns, Column("edition", cells.Words(), attribute="edition_id", label=label, readonly=True)]

    @classmethod
    def home(cls) -> type[models.Model]:
        """Figures are seen beside their indicator."""
        return Indicator

    def get_queryset(self) -> models.QuerySet[Observation]:
        """Of every period the newest figure: it has replaced the others."""
        period = ("indicator_id", "series", "starts_on", "ends_on")
        newest = Observation.objects.order_by(*period, models.F("edition").desc(nulls_first=True), "-pk")
        newest = newest.distinct(*period).values("pk")
        return Observation.objects.filter(pk__in=newest).select_related("indicator").order_by(*self.order)

    def find(self, keys: list[Key]) -> dict[Key, Observation]:
        """The newest figures of the periods."""
        rows = self.get_queryset().filter(indicator__in={key[0] for key in keys})
        return {(row.indicator_id, row.series, row.starts_on, row.ends_on): row for row in rows}

    def skip_row(self, instance, original, row, import_validation_errors=None) -> bool:
        """A published figure that differs is revised: the new one is a row of its own, and the old one stays."""
        if super().skip_row(instance, original, row, import_validation_errors):
            return True
        if instance.edition_id and self.changes:
            instance.pk, instance.edition, instance.imported_from = None, None, None
            instance._state.adding = True
        return False

    def problems(self, row: Observation, changed: set[str]) -> Iterator[tuple[str, str]]:
        """A period ends after it begins."""
        if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
            yield "ends_on", _("The period's last day comes before its first.")

    def is_public(self, row: Observation) -> bool:
        """Not before somebody has looked at it beside its indicator and saved that page."""
        return False


class Sources(Table):
    """What the watch reads."""

    model, name, key = Source, "sources", ("url",)
    order = ("name", "url")

    def make_columns(self) -> list[Column]:
        """What an editor may say of a source; what the watch keeps of it is not exchanged."""
        names = (
            *("url", "name", "publisher", "kind", "language", "official", "active", "note_en", "note_es"),
            *("interval_minutes", "slowest_minutes", "selector", "pledge", "indicator", "series", "data_path"),
            *("period_column", "value_column"),
        )
        return [of_field(Source, name, example=EXAMPLES.get(name, "")) for name in names]

    def get_queryset(self) -> models.QuerySet[Source]:
        """All but the sample newswire, whose address is that of this very server."""
        return super().get_queryset().filter(sample=False)

    @cached_property
    def samples(self) -> set[str]:
        """The addresses of this server's own samples."""
        return set(Source.objects.filter(sample=True).values_list("url", flat=True))

    def problems(self, row: Source, changed: set[str]) -> Iterator[tuple[str, str]]:
        """An address that belongs to the sample cannot be taken."""
        if row.url in self.samples:
            yield "url", _("This is the sample newswire of this server: leave the row out.")
        if not row.url.startswith(("http://", "https://")):
            yield "url", _("The link must begin with http:// or https://.")


REFERENCE = (Mandates, Topics, Institutions, Documents, Indicators, Observations, Sources)
