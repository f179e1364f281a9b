"""What pledges refer to: topics, institutions and source documents."""

from datetime import timedelta

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pledges.models.base import (
    LANGUAGE_CHOICES,
    AddressField,
    Text,
    known_language,
    published_is_kept,
    translated,
)
from pledges.models.bilingual import needs_a_language
from pledges.models.days import as_day, document_day

TRACKED = (pghistory.InsertEvent, pghistory.UpdateEvent, pghistory.DeleteEvent)


@translated("name")
@pghistory.track(*(event() for event in TRACKED))
class Topic(models.Model):
    """What pledges are about: prisons, ports and airports, …"""

    # From `translated`.
    name: Text

    slug = AddressField(
        _("address"),
        unique=True,
        help_text=_("Short words in lower case with hyphens. Links to the filtered list hold it, so it stays."),
    )
    name_en = models.CharField(
        _("name (English)"),
        max_length=120,
        blank=True,
        help_text=_("One word or two that readers would look for: prisons, taxes, water."),
    )
    name_es = models.CharField(_("name (Spanish)"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["slug"]
        constraints = needs_a_language("topic", "name")
        triggers = [published_is_kept()]

    def __str__(self) -> str:
        return str(self.name)


def institution_name(name: str, acronym: str) -> str:
    """The name of an institution in lists: with its acronym, if it has one."""
    return f"{name} ({acronym})" if acronym else str(name)


@translated("name")
@pghistory.track(*(event() for event in TRACKED))
class Institution(models.Model):
    """An institution that has to carry pledges out."""

    # From `translated`.
    name: Text

    slug = AddressField(
        _("address"),
        unique=True,
        help_text=_("Short words in lower case with hyphens. Links to the filtered list hold it, so it stays."),
    )
    name_en = models.CharField(
        _("name (English)"),
        max_length=160,
        blank=True,
        help_text=_("The official name, in the language of the page."),
    )
    name_es = models.CharField(_("name (Spanish)"), max_length=160, blank=True)
    acronym = models.CharField(
        _("acronym"),
        max_length=20,
        blank=True,
        help_text=_("By which news speak of it; search and the watch use it."),
    )

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["slug"]
        constraints = needs_a_language("institution", "name")
        triggers = [published_is_kept()]

    def __str__(self) -> str:
        return institution_name(self.name, self.acronym)


@translated("title", "note")
@pghistory.track(*(event() for event in TRACKED))
class SourceDocument(models.Model):
    """Where a pledge was made: a report, a speech, a manifesto."""

    # From `translated`.
    title: Text
    note: Text

    slug = AddressField(
        _("address"),
        unique=True,
        help_text=_("Short words in lower case with hyphens; it stays once published."),
    )
    publisher = models.CharField(
        _("publisher"),
        max_length=160,
        help_text=_("Who published it: the paper, the agency, the party, the office."),
    )
    title_en = models.CharField(
        _("title (English)"),
        max_length=300,
        blank=True,
        help_text=_("As published, or our description where the title is not known."),
    )
    title_es = models.CharField(_("title (Spanish)"), max_length=300, blank=True)
    published_on = models.DateField(
        _("published on"),
        null=True,
        blank=True,
        help_text=_("The day it appeared; leave empty where none is known."),
    )
    url = models.URLField(
        _("link"),
        max_length=1000,
        blank=True,
        help_text=_("Where readers can read it themselves; best a page that stays, such as an official archive."),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=LANGUAGE_CHOICES,
        help_text=_("The language in which it was said or printed."),
    )
    note_en = models.TextField(
        _("note (English)"),
        blank=True,
        help_text=_("What readers should know of it, such as that only a summary was published."),
    )
    note_es = models.TextField(_("note (Spanish)"), blank=True)

    class Meta:
        verbose_name = _("source document")
        verbose_name_plural = _("source documents")
        ordering = ["-published_on", "slug"]
        constraints = [known_language("document"), *needs_a_language("document", "title")]
        triggers = [published_is_kept(), document_day()]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}"

    def clean(self) -> None:
        """Not dated in the future (a date line may be a day ahead), nor before a pledge that refers to it was said."""
        super().clean()
        day = as_day(self.published_on)
        if day and day > timezone.localdate() + timedelta(days=1):
            raise ValidationError({"published_on": _("This day is in the future.")})
        if day and self.pk and self.pledges.filter(made_on__gt=day).exists():
            text = _("A pledge of this document was said after this day: one of the two days is wrong.")
            raise ValidationError({"published_on": text})
