"""Documents in which pledges are looked for, and the candidates that were found. Nothing here is public."""

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["text"])
class Intake(models.Model):
    """A text that somebody gave to have the pledges in it proposed: pasted, uploaded, or read at an address."""

    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=160, blank=True)
    url = models.URLField(_("link"), max_length=1000, blank=True)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    sha256 = models.CharField(_("SHA-256 of the file or page"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=[("en", _("English")), ("es", _("Spanish"))])
    published_on = models.DateField(_("published on"), null=True, blank=True)
    mandate = models.ForeignKey(
        "pledges.Mandate", on_delete=models.PROTECT, related_name="intakes", verbose_name=_("made in mandate")
    )
    source_document = models.ForeignKey(
        "pledges.SourceDocument",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="intakes",
        verbose_name=_("source document"),
        help_text=_("What readers see as the place where the pledges were made."),
    )
    text = models.TextField(_("text"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="intakes", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("document to read for pledges")
        verbose_name_plural = _("documents to read for pledges")
        ordering = ["-added_at"]
        permissions = [("decide_candidate", "Can decide what becomes of pledges found in a document")]

    def __str__(self) -> str:
        return self.title


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Candidate(models.Model):
    """A sentence of a document that seems to hold a pledge. It becomes one only by an editor's hand."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        TAKEN = "taken", _("Made a pledge")
        DISMISSED = "dismissed", _("Left out")

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="candidates", verbose_name=_("document"))
    starts_at = models.PositiveIntegerField(_("begins at"), help_text=_("Characters into the text."))
    ends_at = models.PositiveIntegerField(_("ends at"))
    sentence = models.TextField(_("sentence"), help_text=_("Word for word."))
    speaker = models.CharField(_("speaker"), max_length=160, blank=True)
    action = models.TextField(_("what is promised"))
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    deadline_precision = models.CharField(_("deadline is a"), max_length=10, blank=True)
    checkable = models.BooleanField(_("can be checked"))
    confidence = models.FloatField(
        _("confidence"), validators=[MinValueValidator(0), MaxValueValidator(1)], help_text=_("From 0 to 1.")
    )
    reason = models.CharField(_("words that say so"), max_length=200, blank=True)
    alike = models.ForeignKey(
        "pledges.Pledge",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="candidates_alike",
        verbose_name=_("seems to be tracked already as"),
    )
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    pledge = models.ForeignKey(
        "pledges.Pledge",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="candidates",
        verbose_name=_("pledge made of it"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_candidates",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        ordering = ["intake", "starts_at", "id"]
        constraints = [
            models.UniqueConstraint(name="candidate_once", fields=["intake", "starts_at", "action"]),
            models.CheckConstraint(
                name="candidate_ends_after_it_starts", condition=models.Q(ends_at__gt=models.F("starts_at"))
            ),
            models.CheckConstraint(
                name="candidate_confidence_is_0_to_1", condition=models.Q(confidence__gte=0, confidence__lte=1)
            ),
            models.CheckConstraint(
                name="candidate_decision_has_who_and_when",
                condition=models.Q(state="open", decided_by__isnull=True, decided_at__isnull=True)
                | (~models.Q(state="open") & models.Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="candidate_deadline_has_precision",
                condition=models.Q(deadline__isnull=True, deadline_precision="")
                | (models.Q(deadline__isnull=False) & ~models.Q(deadline_precision="")),
            ),
        ]

    def __str__(self) -> str:
        return self.action[:80]
