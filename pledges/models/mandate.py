"""Mandates: one person's term in one office."""

from datetime import date

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.domain.rules import known_by, years
from pledges.models.base import AddressField, CountryField, Text, known_country, published_is_kept, translated
from pledges.models.bilingual import needs_a_language


@translated("office", "note")
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Mandate(models.Model):
    """A person's term in an office. A pledge is made in one and can be carried into later ones."""

    # From `translated`.
    office: Text
    note: Text

    slug = AddressField(
        _("address"),
        unique=True,
        help_text=_("Short words in lower case with hyphens. Links lead here, so it stays once it was given."),
    )
    person = models.CharField(
        _("person"),
        max_length=120,
        help_text=_("The name by which the press knows them, first name first."),
    )
    office_en = models.CharField(
        _("office (English)"),
        max_length=160,
        blank=True,
        help_text=_("The office in full, as in President of the Republic."),
    )
    office_es = models.CharField(_("office (Spanish)"), max_length=160, blank=True)
    country = CountryField(_("country"), max_length=2, help_text=_("Two letters, ISO 3166-1."))
    elected_on = models.DateField(
        _("elected on"),
        null=True,
        blank=True,
        help_text=_(
            "The day of the decisive vote (the last round) by the calendar of the country; empty where nobody voted."
        ),
    )
    starts_on = models.DateField(
        _("first day"),
        help_text=_("The day they took office, not that of the election."),
    )
    ends_on = models.DateField(_("last day"), null=True, blank=True, help_text=_("As planned, if it is not over."))
    closed_on = models.DateField(
        _("closed on"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The day on which the newsroom gave each of its pledges a last decision."),
    )
    note_en = models.TextField(
        _("note (English)"),
        blank=True,
        help_text=_("What readers should know of this time in office, such as that it was cut short."),
    )
    note_es = models.TextField(_("note (Spanish)"), blank=True)

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["starts_on"]
        triggers = [published_is_kept()]
        permissions = [("close_mandate", "Can close and reopen mandate")]
        constraints = [
            known_country("mandate"),
            *needs_a_language("mandate", "office"),
            models.CheckConstraint(
                name="mandate_elected_by_its_first_day",
                condition=models.Q(elected_on__isnull=True) | models.Q(elected_on__lte=models.F("starts_on")),
                violation_error_message=_("The election cannot come after the first day in office."),
            ),
            models.CheckConstraint(
                name="mandate_ends_after_it_starts",
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                violation_error_message=_("The last day must come after the first."),
            ),
            models.CheckConstraint(
                name="mandate_closed_once_it_is_over",
                condition=models.Q(closed_on__isnull=True)
                | models.Q(ends_on__isnull=False, closed_on__gte=models.F("ends_on")),
                violation_error_message=_("A mandate is closed once its last day has come."),
            ),
            models.UniqueConstraint(name="mandate_person_start", fields=["person", "starts_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.years}"

    def clean(self) -> None:
        """The slug may not be that of the comparison of mandates, in either language."""
        super().clean()
        if self.slug in ("compare", "comparar"):
            text = _("This word is the address of the comparison of mandates. Choose another.")
            raise ValidationError({"slug": text})

    def elected_by(self, day: date) -> date | None:
        """The day of the election, None if it was after `day`: as of an earlier day nobody knows who will win."""
        return known_by(self.elected_on, day)

    def closed_by(self, day: date) -> date | None:
        """The day on which it was closed, None if that was after `day`."""
        return known_by(self.closed_on, day)

    @property
    def years(self) -> str:
        """Its years as in "2023–25", or "2023–" while no end is known."""
        return years(self.starts_on, self.ends_on)
