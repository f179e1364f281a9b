"""Indicators: what is measured, with the source of each figure."""

from decimal import Decimal
from functools import cached_property

import pghistory
import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.models.base import (
    IN_THE_NEWEST_EDITION,
    LANGUAGE_CHOICES,
    AddressField,
    Text,
    known_language,
    published_is_kept,
    translated,
)
from pledges.models.bilingual import needs_a_language


@translated("name", "unit", "caveat")
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Indicator(models.Model):
    """A quantity that pledges are about: homicides a year, adequate employment, …"""

    # From `translated`.
    name: Text
    unit: Text
    caveat: Text
    # The unpublished ones, prefetched by `actions.publishing.record_change`.
    new_observations: "list[Observation]"

    slug = AddressField(
        _("address"),
        unique=True,
        help_text=_("Short words in lower case with hyphens, as in homicides-a-year. It stays once published."),
    )
    name_en = models.CharField(
        _("name (English)"),
        max_length=160,
        blank=True,
        help_text=_("What is measured, as readers say it: homicides a year, adequate employment."),
    )
    name_es = models.CharField(_("name (Spanish)"), max_length=160, blank=True)
    unit_en = models.CharField(
        _("unit (English)"),
        max_length=80,
        blank=True,
        help_text=_("What one stands for: cases, per cent of workers, millions of dollars."),
    )
    unit_es = models.CharField(_("unit (Spanish)"), max_length=80, blank=True)
    caveat_en = models.TextField(
        _("caveat (English)"),
        blank=True,
        help_text=_("What readers must know before they compare: a change of method, who is not counted."),
    )
    caveat_es = models.TextField(_("caveat (Spanish)"), blank=True)
    pledges = models.ManyToManyField(
        "pledges.Pledge",
        blank=True,
        related_name="indicators",
        verbose_name=_("pledges"),
        help_text=_("Those that speak of this quantity; its chart stands on their pages."),
    )

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["slug"]
        constraints = needs_a_language("indicator", "name", "unit")
        triggers = [published_is_kept()]

    def __str__(self) -> str:
        return str(self.name)

    @cached_property
    def series_names(self) -> dict[str, str]:
        """The names of its series by slug; unnamed ones are left out."""
        return {row.slug: row.name for row in self.series.all()}


def readable(slug: str) -> str:
    """A slug as words, the name of a series that nobody has named yet. Acronyms keep their case."""
    words = slug.replace("-", " ")
    return words[:1].upper() + words[1:]


@translated("name", "note")
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Series(models.Model):
    """The name of a series of an indicator's figures, who measures it and how.

    A label like a topic's name: figures have the slug, which their edition seals; the name may change, each time by an
    edition of its own.
    """

    # From `translated`.
    name: Text
    note: Text

    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="series", verbose_name=_("indicator")
    )
    slug = AddressField(
        _("series"),
        max_length=60,
        help_text=_("As it stands beside the figures, as in national-police. It stays once it was given."),
    )
    name_en = models.CharField(
        _("name (English)"),
        max_length=120,
        blank=True,
        help_text=_("What readers see beside the line: who counts, or what is counted, as in National Police."),
    )
    name_es = models.CharField(_("name (Spanish)"), max_length=120, blank=True)
    source = models.CharField(
        _("measured by"),
        max_length=200,
        blank=True,
        help_text=_("Who measures it and in which publication, if all its figures come from there."),
    )
    note_en = models.TextField(
        _("definition (English)"),
        blank=True,
        help_text=_("What is counted, and how it differs from the other series: why they are not one line."),
    )
    note_es = models.TextField(_("definition (Spanish)"), blank=True)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["indicator", "slug"]
        constraints = [
            models.UniqueConstraint(name="series_once_an_indicator", fields=["indicator", "slug"]),
            *needs_a_language("series", "name"),
        ]
        triggers = [published_is_kept()]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.name}"


@translated("note")
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Observation(models.Model):
    """One figure for one period from one source. A revision is a new row of a later edition; the old one stays."""

    # From `translated`.
    note: Text

    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="observations", verbose_name=_("indicator")
    )
    series = AddressField(
        _("series"), max_length=60, help_text=_("Figures of two sources or definitions are never one line.")
    )
    period = models.CharField(_("period"), max_length=20, help_text=_("As shown: 2024, 2026-H1, 2025-12."))
    starts_on = models.DateField(
        _("first day of the period"),
        help_text=_("For a year 1 January, for a month its first day."),
    )
    ends_on = models.DateField(
        _("last day of the period"),
        help_text=_("For a year 31 December, for a month its last day."),
    )
    value = models.DecimalField(
        _("value"),
        max_digits=16,
        decimal_places=4,
        help_text=_(
            "As the source gives it, not rounded. A revised figure is a new one for the same period: the old one stays "
            "in its edition."
        ),
    )
    source = models.CharField(
        _("source"),
        max_length=200,
        help_text=_("Who measured and published it, with the name of the publication."),
    )
    source_language = models.CharField(
        _("language of the source’s name"),
        max_length=2,
        blank=True,
        default="",
        db_default="",
        choices=LANGUAGE_CHOICES,
        help_text=_("In which it is written above, for readers who listen to the page. Empty for a mere name."),
    )
    url = models.URLField(
        _("link"),
        max_length=1000,
        help_text=_("Where readers find this figure: the publication itself, rather than a report about it."),
    )
    note_en = models.TextField(
        _("note (English)"),
        blank=True,
        help_text=_(
            "What is particular about this figure: provisional, or revised and why. It stands beside it in the table."
        ),
    )
    note_es = models.TextField(_("note (Spanish)"), blank=True)
    imported_from = models.ForeignKey(
        "pledges.Source",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="observations",
        verbose_name=_("read from"),
        editable=False,
    )
    edition = models.ForeignKey(
        "pledges.Edition",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
        verbose_name=_("edition"),
        editable=False,
    )

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["series", "starts_on", "ends_on", "id"]
        constraints = [
            known_language("observation", "source_language", blank=True),
            models.UniqueConstraint(
                name="observation_once_an_edition",
                fields=["indicator", "series", "starts_on", "ends_on", "edition"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(  # NaN is greater than every number in PostgreSQL
                name="observation_is_a_number",
                condition=models.Q(value__lt=Decimal(10) ** 12),
                violation_error_message=_("The value is not a number."),
            ),
            models.CheckConstraint(
                name="observation_period_in_order",
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("The period's last day comes before its first."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__edition__isnull=False),
            ),
            pgtrigger.Trigger(
                name="published_by_the_rules",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__edition__isnull=False),
                func=IN_THE_NEWEST_EDITION.format(kind="observation", same_publisher="") + "RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.slug} {self.period}: {self.value.normalize():f}"

    @property
    def source_name(self) -> Text:
        """The source's name with its language, if that is known."""
        name = Text(self.source)
        name.lang = self.source_language
        return name


# The many-to-many table is part of the audit history too.
@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class IndicatorPledge(Indicator.pledges.through):  # type: ignore[name-defined]  # made by Django
    """History of which pledges an indicator is shown with."""

    class Meta:
        proxy = True
