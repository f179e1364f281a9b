"""The nightly backups: what became of each, readable where the folder of backups is not."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Backup(models.Model):
    """The nightly backup of a day: the row is leased by the worker that makes it, and tells how it went."""

    day = models.DateField(_("day"), unique=True, help_text=_("In the newsroom’s time zone."))
    began_at = models.DateTimeField(_("first tried"))
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    name = models.CharField(_("file"), max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), null=True, blank=True)
    failure = models.TextField(_("failure"), blank=True, help_text=_("Of the last try; empty once it was made."))

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-day"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="backup_made_has_a_file",
                condition=models.Q(made_at=None, size=None, name="")
                | (models.Q(made_at__isnull=False, size__gt=0, failure="", claimed_until=None) & ~models.Q(name="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.day)
