"""Preservation of evidence: a capture with the sentence located in it, a public archive, the state of the link."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.models.article import Capture
from pledges.models.messages import MessageField
from pledges.models.update import Evidence


class Preservation(models.Model):
    """How well a piece of published evidence is preserved. The row is the queue, as a source's. All times are UTC.

    The evidence itself is final once it is published; this row has what the watch has found out since.
    """

    evidence = models.OneToOneField(
        Evidence, on_delete=models.CASCADE, related_name="preservation", verbose_name=_("evidence")
    )
    due_at = models.DateTimeField(_("next look"), null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(
        _("failed looks in a row"), default=0, help_text=_("Only those that say something about the link.")
    )
    capture = models.ForeignKey(
        Capture,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="preservations",
        verbose_name=_("capture"),
        help_text=_("The evidence's own, or the one made when it was published."),
    )
    sentence_at = models.IntegerField(
        _("where the sentence stands"),
        null=True,
        blank=True,
        help_text=_("Character of the capture's text; -1: not found."),
    )
    archive_url = models.URLField(_("public archive"), max_length=1200, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    archive_failure = MessageField(_("why it is not archived"), blank=True)
    archive_job = models.CharField(max_length=100, blank=True, help_text=_("What the archive calls its work on it."))
    archive_due_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: at once."))
    archive_attempts = models.PositiveSmallIntegerField(default=0)
    checked_at = models.DateTimeField(_("link last tried"), null=True, blank=True)
    failing_since = models.DateTimeField(_("link failing since"), null=True, blank=True)
    gone_since = models.DateTimeField(
        _("gone since"), null=True, blank=True, help_text=_("When its site first answered that the page is not there.")
    )
    dead_since = models.DateTimeField(_("link dead since"), null=True, blank=True)
    failure = MessageField(_("reason"), blank=True)
    changed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When what readers see of it last changed: pages kept until then are old.")
    )

    class Meta:
        verbose_name = _("preservation of evidence")
        verbose_name_plural = _("preservation of evidence")
        ordering = ["-dead_since", "-id"]
        indexes = [models.Index(fields=["due_at"])]
        constraints = [
            models.CheckConstraint(
                name="preservation_dead_link_says_why",
                condition=models.Q(dead_since__isnull=True) | ~models.Q(failure=""),
            ),
            models.CheckConstraint(
                name="preservation_archive_has_time",
                condition=models.Q(archive_url="", archived_at__isnull=True)
                | (~models.Q(archive_url="") & models.Q(archived_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.evidence_id}"

    @property
    def sentence_found(self) -> bool:
        """Whether the capture contains the sentence relied on."""
        return self.sentence_at is not None and self.sentence_at >= 0
