"""The quality of the watch, measured every night by replaying editors' decisions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class WatchQuality(models.Model):
    """Counts for one pledge, or for all: pairs of article and pledge, decided by editors and raised by the watch.

    Replaced every night.
    """

    ENOUGH = 10  # decisions: with fewer, a percentage would mean nothing

    pledge = models.OneToOneField(
        "pledges.Pledge",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="watch_quality",
        verbose_name=_("pledge"),
        help_text=_("None: all pledges together."),
    )
    measured_at = models.DateTimeField(_("measured"))
    relevant = models.PositiveIntegerField(_("about the pledge"))
    irrelevant = models.PositiveIntegerField(_("not about the pledge"))
    by_hand = models.PositiveIntegerField(_("found by hand"), default=0)
    right = models.PositiveIntegerField(_("raised rightly"))
    wrong = models.PositiveIntegerField(_("raised wrongly"))
    brier = models.FloatField(_("Brier score"), null=True)
    plain_right = models.PositiveIntegerField(_("raised rightly without learning"))
    plain_wrong = models.PositiveIntegerField(_("raised wrongly without learning"))
    plain_brier = models.FloatField(_("Brier score without learning"), null=True)
    band_pairs = ArrayField(models.PositiveIntegerField(), verbose_name=_("pairs by band of probability"))
    band_relevant = ArrayField(models.PositiveIntegerField(), verbose_name=_("relevant by band"))
    band_means = ArrayField(models.FloatField(), verbose_name=_("mean probability by band"))

    class Meta:
        verbose_name = _("quality of the watch")
        verbose_name_plural = _("quality of the watch")
        ordering = [models.F("pledge__slug").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(name="watch_quality_total_once", fields=["pledge"], nulls_distinct=False),
            models.CheckConstraint(
                name="watch_quality_adds_up",
                condition=models.Q(right__lte=models.F("relevant"), wrong__lte=models.F("irrelevant")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pledge) if self.pledge_id else str(_("All pledges"))

    @property
    def pairs(self) -> int:
        """How many pairs editors decided."""
        return self.relevant + self.irrelevant

    @property
    def enough(self) -> bool:
        """Whether there are enough decisions for percentages."""
        return self.pairs >= self.ENOUGH

    @property
    def raised(self) -> int:
        """How many pairs the watch raises."""
        return self.right + self.wrong

    @property
    def plain_raised(self) -> int:
        """How many it would raise without learning."""
        return self.plain_right + self.plain_wrong

    @property
    def missed(self) -> int:
        """How many relevant pairs it does not raise."""
        return self.relevant - self.right

    @property
    def precision(self) -> int | None:
        """The percentage of raised pairs that are relevant; None if none were raised."""
        return round(100 * self.right / self.raised) if self.raised else None

    @property
    def recall(self) -> int | None:
        """The percentage of relevant pairs that are raised; None if none are relevant."""
        return round(100 * self.right / self.relevant) if self.relevant else None
