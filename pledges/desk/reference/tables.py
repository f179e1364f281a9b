"""The tables that pledges refer to. A change that readers see makes an edition."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from pledges.actions import figures as figure_actions
from pledges.desk.reference.closing import MandateClosing
from pledges.desk.reference.figures import WaitingFigures
from pledges.desk.shared.addresses import AddressedForm
from pledges.desk.shared.base import (
    SHORT_TEXTS,
    URLS,
    BoundedInline,
    EditionAdmin,
    ReadOnly,
    annotated,
    language_pairs,
)
from pledges.desk.shared.forms import BilingualForm
from pledges.desk.shared.languages import BilingualInline, newsroom_of, own_language
from pledges.desk.shared.work_filters import FiguresFilter, LanguageFilter, OverFilter
from pledges.models import Indicator, Institution, Mandate, Observation, Series, SourceDocument, Topic
from pledges.models.indicator import IndicatorPledge

NAME = own_language("name", gettext_lazy("name"))
FIGURES = annotated("figures", gettext_lazy("published figures"))
OBSERVATION: list[Any] = [
    ("series", "period"),
    ("starts_on", "ends_on", "value"),
    ("source", "source_language", "url"),
    *language_pairs("note"),
]


@admin.register(Mandate)
class MandateAdmin(MandateClosing, EditionAdmin):
    form = AddressedForm
    list_display = [
        "person",
        own_language("office", gettext_lazy("office")),
        "elected_on",
        "starts_on",
        "ends_on",
        "closed_on",
        annotated("pledge_count", gettext_lazy("pledges")),
        annotated("carried_count", gettext_lazy("carried over")),
    ]
    list_filter = [OverFilter, LanguageFilter]
    search_fields = ["person", "office_en", "office_es"]
    fields = [
        "person",
        "slug",
        *language_pairs("office"),
        ("country", "elected_on"),
        ("starts_on", "ends_on"),
        "closed_on",
        *language_pairs("note"),
    ]
    readonly_fields = ["closed_on"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        """A new mandate is most often of the newsroom's country."""
        return {"country": newsroom_of(request).country, **super().get_changeform_initial_data(request)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mandate]:
        return (
            super()
            .get_queryset(request)
            .annotate(
                pledge_count=Count("pledges", distinct=True), carried_count=Count("carried_pledges", distinct=True)
            )
        )


class NamedAdmin(EditionAdmin):
    """Topics and institutions: a name in one language or both, and pledges under it."""

    list_has_public_pages = False
    form = AddressedForm
    list_filter = [LanguageFilter]
    search_fields = ["slug", "name_en", "name_es"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(pledge_count=Count("pledges"))


@admin.register(Topic)
class TopicAdmin(NamedAdmin):
    list_display = [NAME, annotated("pledge_count", gettext_lazy("pledges"))]
    fields = [*language_pairs("name"), "slug"]


@admin.register(Institution)
class InstitutionAdmin(NamedAdmin):
    list_display = [NAME, "acronym", annotated("pledge_count", gettext_lazy("pledges"))]
    fields = [*language_pairs("name"), ("acronym", "slug")]


@admin.register(SourceDocument)
class SourceDocumentAdmin(EditionAdmin):
    list_has_public_pages = False
    form = AddressedForm
    list_display = [own_language("title", gettext_lazy("title")), "publisher", "published_on", "language"]
    list_filter = [LanguageFilter]
    search_fields = ["title_en", "title_es", "publisher"]
    fields = [
        *language_pairs("title"),
        ("publisher", "published_on", "language"),
        "slug",
        "url",
        *language_pairs("note"),
    ]


class SeriesForm(BilingualForm):
    """A series' names. Its slug cannot change: published figures contain it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slug"].disabled = bool(self.instance.pk)


class SeriesNames(BoundedInline, BilingualInline, admin.StackedInline):
    """The names of the series. A new figure's series is added when the page is saved."""

    model = Series
    form = SeriesForm
    verbose_name = gettext_lazy("series")
    verbose_name_plural = gettext_lazy("names of the series")
    extra = 0
    can_delete = False
    fields = [("slug", "source"), *language_pairs("name", "note")]
    formfield_overrides = SHORT_TEXTS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        return super().get_queryset(request).select_related("indicator")


class PublishedObservations(BoundedInline, ReadOnly, BilingualInline, admin.StackedInline):
    """Figures that an edition has published, read-only."""

    max_num = 1_000  # all are shown
    model = Observation
    verbose_name = gettext_lazy("published figure")
    verbose_name_plural = gettext_lazy("published figures")
    fields = [*OBSERVATION, "edition"]
    readonly_fields = ["edition"]
    classes = ["collapse"]
    formfield_overrides = URLS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Observation]:
        return super().get_queryset(request).filter(edition__isnull=False).select_related("edition", "indicator")


class NewObservations(BoundedInline, BilingualInline, admin.StackedInline):
    """Figures that are published when the page is saved. A revision is a new figure for the same period.

    Of many that wait, only the first `most` have a form each: the panel above lists all.
    """

    most = 12
    model = Observation
    form = BilingualForm
    verbose_name = gettext_lazy("new figure")
    verbose_name_plural = gettext_lazy("new figures")
    extra = 1
    fields = OBSERVATION
    formfield_overrides = SHORT_TEXTS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Observation]:
        rows = super().get_queryset(request).filter(edition__isnull=True).select_related("indicator")
        number = request.resolver_match.kwargs.get("object_id", "") if request.resolver_match else ""
        if not number.isdecimal():
            return rows
        first = rows.filter(indicator=number).values_list("pk", flat=True)[: self.most]
        return rows.filter(pk__in=list(first))

    def has_delete_permission(self, request: HttpRequest, obj: Indicator | None = None) -> bool:
        """Those who may change unpublished figures may delete them."""
        return self.has_change_permission(request, obj)


@admin.register(Indicator)
class IndicatorAdmin(WaitingFigures, EditionAdmin):
    form = AddressedForm
    history_parts = [Observation, Series, IndicatorPledge]
    list_display = [NAME, own_language("unit", gettext_lazy("unit")), FIGURES]
    list_filter = [FiguresFilter, LanguageFilter]
    search_fields = ["slug", "name_en", "name_es"]
    fields = ["slug", *language_pairs("name", "unit", "caveat"), "pledges"]
    inlines = [NewObservations, SeriesNames, PublishedObservations]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Indicator]:
        published = Count("observations", filter=Q(observations__edition__isnull=False))
        return super().get_queryset(request).annotate(figures=published)

    def has_unpublished_parts(self, row: Indicator) -> bool:
        """New figures, and new names of series, make an edition too."""
        new = row.observations.filter(edition__isnull=True).exists()
        return new or bool(figure_actions.renamed_series(indicators=[row.pk]))
