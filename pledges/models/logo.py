"""A newsroom's logo, kept in the database: the containers cannot write files, and backups have it."""

from django.db import models
from django.db.models import CharField, F, Func, IntegerField, Q, Value
from django.db.models.lookups import Exact, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from pledges.domain.pictures import CONTENT_TYPES

LARGEST = 100_000  # bytes: every page shows it
SMALLEST_SIDE, LARGEST_SIDE = 16, 2000  # pixels


class Logo(models.Model):
    """A picture by its hash. It never changes: another logo is another row."""

    append_only = True

    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, primary_key=True)
    kind = models.CharField(_("kind"), max_length=4, choices=[(name, name.upper()) for name in CONTENT_TYPES])
    width = models.PositiveSmallIntegerField(_("width in pixels"))
    height = models.PositiveSmallIntegerField(_("height in pixels"))
    body = models.BinaryField(_("file"))

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="logo_is_its_hash",
                condition=Exact(
                    F("sha256"),
                    Func(Func(F("body"), function="sha256"), Value("hex"), function="encode", output_field=CharField()),
                ),
            ),
            models.CheckConstraint(
                name="logo_is_small",
                condition=LessThanOrEqual(
                    Func(F("body"), function="octet_length", output_field=IntegerField()), Value(LARGEST)
                ),
            ),
            models.CheckConstraint(name="logo_kind_is_known", condition=Q(kind__in=list(CONTENT_TYPES))),
            models.CheckConstraint(
                name="logo_sides_are_sane",
                condition=Q(
                    width__gte=SMALLEST_SIDE,
                    width__lte=LARGEST_SIDE,
                    height__gte=SMALLEST_SIDE,
                    height__lte=LARGEST_SIDE,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.width} × {self.height}"

    @property
    def content_type(self) -> str:
        """The media type, such as image/png."""
        return CONTENT_TYPES[self.kind]
