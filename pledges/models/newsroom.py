"""The newsroom that keeps this tracker, and its people."""

import pghistory
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import published_is_kept, translated


class User(AbstractUser):
    """A person (or a service account) of the newsroom."""

    byline = models.CharField(
        _("byline"), max_length=120, blank=True, help_text=_("The name readers see beside what this person publishes.")
    )

    class Meta(AbstractUser.Meta):
        pass

    @property
    def public_name(self) -> str:
        """The name under which this person's acts of publication are shown: the byline, else the user name."""
        return self.byline or self.username


@translated("name", "about")
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Newsroom(models.Model):
    """The one row of settings that editors keep and that the database's own rules read."""

    name_en = models.CharField(_("name (English)"), max_length=120)
    name_es = models.CharField(_("name (Spanish)"), max_length=120)
    about_en = models.TextField(_("about (English)"), blank=True)
    about_es = models.TextField(_("about (Spanish)"), blank=True)
    country = models.CharField(_("country"), max_length=2, help_text=_("Two letters, ISO 3166-1."))
    two_person_rule = models.BooleanField(
        _("two pairs of eyes"),
        default=True,
        db_default=True,
        help_text=_("Who wrote something does not publish it. Turn this off only in a newsroom of one."),
    )
    contact_email = models.EmailField(_("contact"), blank=True, help_text=_("Where readers report a mistake."))
    closed_on = models.DateField(
        _("closed on"), null=True, blank=True, help_text=_("From this day every page says that the tracker is closed.")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("newsroom")
        constraints = [models.CheckConstraint(name="newsroom_is_one", condition=models.Q(id=1))]
        triggers = [published_is_kept()]

    def __str__(self) -> str:
        return str(self.name)

    @classmethod
    def get(cls) -> "Newsroom":
        """The newsroom's row; before any was saved, an unsaved one with the defaults."""
        return cls.objects.filter(pk=1).first() or cls(pk=1, name_en="Pledge tracker", name_es="Registro de promesas")
