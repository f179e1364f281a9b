"""Documents in which pledges are looked for, and the candidates that were found. Nothing here is public."""

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.models.base import LANGUAGE_CHOICES, known_language

PROBLEMS = ["late", "unreached", "status", "answer", "off"]


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["text"])
class Intake(models.Model):
    """A text that somebody gave to have the pledges in it proposed: pasted, uploaded, or read at an address."""

    class SecondLook(models.TextChoices):
        """Of the endpoint that an operator names: the row is the queue, and a worker looks."""

        NONE = "", _("None")
        WAITING = "waiting", _("To come")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    class Problem(models.TextChoices):
        """Why the second look did not come."""

        LATE = "late", _("the endpoint did not answer in time")
        UNREACHED = "unreached", _("the endpoint could not be reached")
        STATUS = "status", _("the endpoint answered with an error")
        ANSWER = "answer", _("the endpoint’s answer was not what it was asked for")
        OFF = "off", _("no endpoint is named any more")

    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=160, blank=True)
    url = models.URLField(_("link"), max_length=1000, blank=True)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    sha256 = models.CharField(_("SHA-256 of the file or page"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGE_CHOICES)
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
    second_look = models.CharField(
        _("second look by a model"), max_length=7, choices=SecondLook.choices, default=SecondLook.NONE, blank=True
    )
    second_look_problem = models.CharField(
        _("why there was no second look"), max_length=9, choices=Problem.choices, blank=True
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="intakes", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("document to read for pledges")
        verbose_name_plural = _("documents to read for pledges")
        ordering = ["-added_at"]
        permissions = [("decide_candidate", "Can decide what becomes of pledges found in a document")]
        constraints = [
            known_language("intake"),
            models.CheckConstraint(
                name="intake_second_look_is_known",
                condition=models.Q(second_look__in=["", "waiting", "done", "failed"]),
            ),
            models.CheckConstraint(
                name="intake_failed_look_says_why",
                condition=models.Q(second_look="failed", second_look_problem__in=PROBLEMS)
                | (~models.Q(second_look="failed") & models.Q(second_look_problem="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Candidate(models.Model):
    """A sentence of a document that seems to hold a pledge. It becomes one only by an editor's hand.

    A sentence that was read and told apart from a pledge is kept, too (`PASSED`, with `why_not`): an editor may see it
    otherwise and take it in.
    """

    # Set by the desk on the candidates of a page.
    number: int
    by_hand: bool

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        TAKEN = "taken", _("Made a pledge")
        DISMISSED = "dismissed", _("Left out")
        PASSED = "passed", _("Not proposed")

    class Kind(models.TextChoices):
        PLEDGE = "pledge", _("Pledge")
        AIM = "aim", _("Aim")
        CONDITIONAL = "conditional", _("Conditional")

    class WhyNot(models.TextChoices):
        FORECAST = "forecast", _("Foretells, and promises nothing")
        DONE = "done", _("Reports what was done")
        OTHERS = "others", _("A hope, belief or demand, or somebody else’s promise")
        QUESTION = "question", _("Asks")
        VAGUE = "vague", _("Too vague to be a pledge")

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
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices, default=Kind.PLEDGE)
    why_not = models.CharField(
        _("why it was not proposed"),
        max_length=8,
        choices=WhyNot.choices,
        blank=True,
        help_text=_("It stays where an editor took it in all the same."),
    )
    plain_confidence = models.FloatField(
        _("confidence before a model's second look"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("Only where that moved it."),
    )
    by_model = models.BooleanField(_("pointed at by a model"), default=False)
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
                condition=models.Q(state__in=["open", "passed"], decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(state__in=["taken", "dismissed"], decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="candidate_kind_is_known", condition=models.Q(kind__in=["pledge", "aim", "conditional"])
            ),
            models.CheckConstraint(
                name="candidate_why_not_is_known",
                condition=models.Q(why_not__in=["", "forecast", "done", "others", "question", "vague"]),
            ),
            models.CheckConstraint(
                name="candidate_not_proposed_says_why", condition=~models.Q(state="passed") | ~models.Q(why_not="")
            ),
            models.CheckConstraint(
                name="candidate_plain_confidence_is_0_to_1",
                condition=models.Q(plain_confidence__isnull=True)
                | models.Q(plain_confidence__gte=0, plain_confidence__lte=1, by_model=False),
            ),
            models.CheckConstraint(
                name="candidate_deadline_has_precision",
                condition=models.Q(deadline__isnull=True, deadline_precision="")
                | (models.Q(deadline__isnull=False) & ~models.Q(deadline_precision="")),
            ),
        ]

    def __str__(self) -> str:
        return self.action[:80]
