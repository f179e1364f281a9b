"""The newsroom that keeps this tracker, and its people."""

import re
from datetime import date

import pghistory
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.domain.colours import HEX
from pledges.domain.languages import LANGUAGES
from pledges.models.base import (
    LANGUAGE_CHOICES,
    CountryField,
    Text,
    known_country,
    known_language,
    published_is_kept,
    translated,
)
from pledges.models.bilingual import needs_a_language


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["password", "last_login"]
)
class User(AbstractUser):
    """A person (or a service account) of the newsroom."""

    class Notices(models.TextChoices):
        NEVER = "never", _("never")
        DAILY = "daily", _("once a day")
        AT_ONCE = "at_once", _("at once")

    byline = models.CharField(
        _("byline"), max_length=120, blank=True, help_text=_("The name readers see beside what this person publishes.")
    )

    language = models.CharField(_("language of e-mail"), max_length=2, default="en", choices=LANGUAGE_CHOICES)
    follows = models.ManyToManyField(
        "pledges.Pledge", blank=True, related_name="followers", verbose_name=_("follows"), help_text=_("Pledges.")
    )
    lead_notices = models.CharField(
        _("leads on pledges that I follow"), max_length=8, choices=Notices.choices, default=Notices.NEVER
    )
    lead_notice_percent = models.PositiveSmallIntegerField(
        _("from a score of"), default=70, help_text=_("From 50, the least that makes a lead, to 100.")
    )
    review_notices = models.CharField(
        _("reviews that wait"), max_length=8, choices=Notices.choices, default=Notices.NEVER
    )
    due_notices = models.CharField(_("what is due"), max_length=8, choices=Notices.choices, default=Notices.NEVER)

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined]  # the stubs lack it
        constraints = [
            models.CheckConstraint(
                name="user_lead_notice_percent_sane",
                condition=models.Q(lead_notice_percent__gte=50, lead_notice_percent__lte=100),
                violation_error_message=_("Between 50 and 100."),
            )
        ]

    @property
    def public_name(self) -> str:
        """The name that readers see: the byline, else the user name."""
        return self.byline or self.username


@translated("name", "about", "closing_note")
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Newsroom(models.Model):
    """The newsroom's settings: one row, which triggers read too."""

    # From `translated`.
    name: Text
    about: Text
    closing_note: Text

    name_en = models.CharField(
        _("name (English)"),
        max_length=120,
        blank=True,
        help_text=_("The name at the top of every page and in citations."),
    )
    name_es = models.CharField(_("name (Spanish)"), max_length=120, blank=True)
    about_en = models.TextField(
        _("about (English)"),
        blank=True,
        help_text=_("One or two sentences: who keeps this tracker, and for whom. Search engines show them."),
    )
    about_es = models.TextField(_("about (Spanish)"), blank=True)
    language = models.CharField(
        _("main language"),
        max_length=2,
        blank=True,
        default="",
        db_default="",
        choices=LANGUAGE_CHOICES,
        help_text=_("For readers whose browser asks for neither language. Empty: that of the server’s settings."),
    )
    one_language = models.BooleanField(
        _("written in one language"),
        default=False,
        db_default=False,
        help_text=_("Only the main language is written: forms show its fields alone, and the site has no other."),
    )
    country = CountryField(_("country"), max_length=2, help_text=_("Two letters, ISO 3166-1."))
    two_person_rule = models.BooleanField(
        _("two pairs of eyes"),
        default=True,
        db_default=True,
        help_text=_("Who wrote something does not publish it. Turn this off only in a newsroom of one."),
    )
    contact_email = models.EmailField(_("contact"), blank=True, help_text=_("Where readers report a mistake."))
    data_licence = models.CharField(
        _("data licence"),
        max_length=120,
        blank=True,
        help_text=_("Under which others may use what is published here, such as CC BY 4.0. Every download names it."),
    )
    data_licence_url = models.URLField(
        _("address of the licence"), max_length=500, blank=True, help_text=_("Where its text can be read.")
    )
    accent = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        default="",
        db_default="",
        validators=[
            RegexValidator(f"^{HEX}\\Z", _("Write a colour as # and six digits, such as #0a4f8f."), flags=re.IGNORECASE)
        ],
        help_text=_(
            "Of the band at the top and of links, such as #0a4f8f. "
            "Links get a darker or lighter shade where it could not be read. Empty: the tracker’s own blue."
        ),
    )
    logo = models.ForeignKey(
        "pledges.Logo", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("logo")
    )
    closed_on = models.DateField(
        _("closed on"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("From this day every page says that the tracker is closed, and no source is read."),
    )
    closing_note_en = models.TextField(
        _("what readers should know (English)"),
        blank=True,
        editable=False,
        help_text=_("Why it is closed and where to look from now on; it stands at the top of every page."),
    )
    closing_note_es = models.TextField(_("what readers should know (Spanish)"), blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("newsroom")
        constraints = [
            models.CheckConstraint(name="newsroom_is_one", condition=models.Q(id=1)),
            known_country("newsroom", blank=True),
            known_language("newsroom", blank=True),
            *needs_a_language("newsroom", "name"),
            models.CheckConstraint(
                name="newsroom_one_language_is_named",
                condition=models.Q(one_language=False) | ~models.Q(language=""),
                violation_error_message=_("Choose the main language: it is the one that is written."),
            ),
            models.CheckConstraint(
                name="newsroom_accent_is_a_colour",
                condition=models.Q(accent="") | models.Q(accent__regex=f"^{HEX}$"),
                violation_error_message=_("Write a colour as # and six digits, such as #0a4f8f."),
            ),
            models.CheckConstraint(
                name="newsroom_licence_is_named",
                condition=models.Q(data_licence_url="") | ~models.Q(data_licence=""),
                violation_error_message=_("Name the licence that this address is of."),
            ),
        ]
        triggers = [published_is_kept()]

    def __str__(self) -> str:
        return str(self.name)

    def is_closed(self, day: date) -> bool:
        """Whether the tracker is closed on `day`, a date in the newsroom's time zone."""
        return self.closed_on is not None and self.closed_on <= day

    @property
    def main_language(self) -> str:
        """The code of the main language: the one chosen, else that of the server's settings."""
        default = settings.LANGUAGE_CODE[:2]
        return self.language or (default if default in LANGUAGES else LANGUAGES[0])

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that the newsroom writes, the main one first."""
        others = () if self.one_language else tuple(code for code in LANGUAGES if code != self.main_language)
        return (self.main_language, *others)

    @property
    def licence(self) -> str:
        """The name and address of the data licence in one line; "" if there is none."""
        return f"{self.data_licence} {self.data_licence_url}".strip()

    @classmethod
    def get(cls) -> "Newsroom":
        """The newsroom's row; an unsaved one with the defaults before there is one."""
        return cls.objects.filter(pk=1).first() or cls(pk=1, name_en="Pledge tracker", name_es="Registro de promesas")


# Groups decide what a person may do, so they are part of the audit history.
@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class UserGroup(User.groups.through):  # type: ignore[name-defined]  # made by Django
    """History of the groups that a person was in."""

    class Meta:
        proxy = True


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class UserPermission(User.user_permissions.through):  # type: ignore[name-defined]  # made by Django
    """History of the permissions that a person was given in addition to those of their groups."""

    class Meta:
        proxy = True


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    obj_field=None,
    fields=["id", "user", "type"],
    model_name="UserFactorEvent",
)
class UserFactor(Authenticator):
    """History of the second factors that a person set up or lost, without their secrets."""

    class Meta:
        proxy = True
        verbose_name = _("second factor")
        default_permissions = ()


class Notice(models.Model):
    """An e-mail notice to a person, stored once for each person, kind and key, however often it is asked for."""

    class Kind(models.TextChoices):
        LEAD = "lead", _("lead")
        REVIEW = "review", _("review that waits")
        DUE = "due", _("due")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    key = models.CharField(_("key"), max_length=100, help_text=_("What it is about, and since when."))
    noted_at = models.DateTimeField(_("noted"))
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-noted_at", "-id"]
        indexes = [models.Index(fields=["user", "noted_at"], condition=models.Q(sent_at=None), name="notice_unsent")]
        constraints = [models.UniqueConstraint(name="notice_once", fields=["user", "kind", "key"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.key}"
