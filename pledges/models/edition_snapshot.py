"""Snapshots of editions: for each a ZIP with everything that was public as of it, kept in the database."""

import pgtrigger
from django.db import models
from django.db.models import CharField, F, Func, IntegerField, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from pledges.models.edition import Edition


class EditionSnapshot(models.Model):
    """The ZIP of an edition, made once (`actions.edition_snapshots`) and never changed (docs/adr/0047)."""

    append_only = True

    edition = models.OneToOneField(
        Edition, on_delete=models.PROTECT, primary_key=True, related_name="snapshot", verbose_name=_("edition")
    )
    made_at = models.DateTimeField(_("made"))
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    body = models.BinaryField(_("file"))

    class Meta:
        verbose_name = _("snapshot of an edition")
        verbose_name_plural = _("snapshots of editions")
        ordering = ["-edition"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="edition_snapshot_is_its_hash",
                condition=Exact(
                    F("sha256"),
                    Func(Func(F("body"), function="sha256"), Value("hex"), function="encode", output_field=CharField()),
                ),
            ),
            models.CheckConstraint(
                name="edition_snapshot_has_its_size",
                condition=Exact(F("size"), Func(F("body"), function="octet_length", output_field=IntegerField())),
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return _("Snapshot of edition %(number)s") % {"number": self.edition_id}
