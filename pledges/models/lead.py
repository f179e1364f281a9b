"""Leads: the watch suggests, an editor decides."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pledges.domain.rules import Status
from pledges.models.base import STATUS_LABELS, choices

if TYPE_CHECKING:
    from pledges.models.article import Article, Revision
    from pledges.models.pledge import Wording


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=[
        *("state", "dismiss_reason", "dismiss_note", "snoozed_until", "decided_by", "decided_at", "update"),
        *("merged_into", "raised_by"),
    ],
    model_name="LeadEvent",
)
class Lead(models.Model):
    """An article that may be about a pledge, with the sentence and words that matched. An editor decides about it."""

    pgh_event_model: ClassVar[Any]  # from pghistory
    # Set by the desk on the leads of a page.
    changes: "list[Revision]"
    criteria: list[tuple[str, str]]
    looking: Sequence[object]
    marked_sentence: str
    now: str
    opinion_percent: int
    outlets: "list[Article]"
    percent: int
    status_by_then: str | None
    status_now: str | None
    suggests: Any  # desk.leads.suggestion.Suggested
    told: Any  # queries.told_already.AlreadyTold
    wording: "Wording | None"

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DISMISSED = "dismissed", _("Dismissed")
        SNOOZED = "snoozed", _("Snoozed")

    class Suggestion(models.TextChoices):
        """What the article says of the pledge's status. In descending order of the values, changes come first."""

        CHANGE = "change", pgettext_lazy("suggestion", "Change")
        AS_BEFORE = "as_before", _("As before")
        NOTHING = "", _("Nothing said about the status")

    class DismissReason(models.TextChoices):
        NOT_ABOUT = "not_about", _("Not about this pledge")
        NOTHING_NEW = "nothing_new", _("Nothing new")
        UNRELIABLE = "unreliable", _("Not reliable enough")
        DUPLICATE = "duplicate", _("Same story as another lead")
        OTHER = "other", _("Other")

    article = models.ForeignKey(
        "pledges.Article", on_delete=models.PROTECT, related_name="leads", verbose_name=_("article")
    )
    pledge = models.ForeignKey(
        "pledges.Pledge", on_delete=models.PROTECT, related_name="leads", verbose_name=_("pledge")
    )
    story = models.ForeignKey(
        "pledges.Story",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("story"),
        editable=False,
    )
    raised_at = models.DateTimeField(_("raised"))
    sentence = models.TextField(_("sentence"))
    words = ArrayField(models.CharField(max_length=100), default=list, verbose_name=_("matched words"))
    score = models.FloatField(_("score"), validators=[MinValueValidator(0), MaxValueValidator(1)])
    suggestion = models.CharField(
        _("suggestion"),
        max_length=9,
        blank=True,
        default=Suggestion.NOTHING,
        choices=Suggestion.choices,
        help_text=_("Whether the article says that the status changed, that all is as before, or neither."),
    )
    suggested_status = models.CharField(
        _("suggested status"),
        max_length=12,
        blank=True,
        choices=choices(STATUS_LABELS, *(s for s in Status if s != Status.NOT_RATED)),
        help_text=_("The status after the change; empty where none is suggested."),
    )
    cue = models.CharField(_("words behind the suggestion"), max_length=200, blank=True)
    opinion = models.TextField(
        _("second opinion"), blank=True, help_text=_("What a model that was asked said, if any.")
    )
    opinion_score = models.FloatField(_("score of the second opinion"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    dismiss_reason = models.CharField(_("reason"), max_length=12, blank=True, choices=DismissReason.choices)
    dismiss_note = models.CharField(_("note"), max_length=300, blank=True)
    snoozed_until = models.DateField(_("snoozed until"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_leads",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    update = models.ForeignKey(
        "pledges.Update",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("draft made from it"),
    )

    merged_into = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
        help_text=_("The lead on the same story that stands for both."),
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="raised_leads",
        verbose_name=_("raised by"),
        help_text=_("Who moved it to this pledge; empty when the watch raised it."),
    )

    # The search vector of the inbox (sentence, article's title, publisher) in one column, so that one index serves it.
    searched = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering = ["-raised_at", "-id"]
        indexes = [
            models.Index(fields=["state", "-raised_at"]),
            models.Index(name="lead_inbox", fields=["state", "-suggestion", "-score", "-raised_at", "-id"]),
            GinIndex(name="lead_searched", fields=["searched"]),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="lead_searched",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("article_id", "sentence", "searched"),
                func="""
                    SELECT strip(to_tsvector('simple', concat_ws(' ', NEW.sentence, title, publisher)))
                        INTO NEW.searched FROM pledges_article WHERE id = NEW.article_id;
                    RETURN NEW;
                """,
            )
        ]
        permissions = [("decide_lead", "Can accept, dismiss and snooze leads")]
        constraints = [
            models.CheckConstraint(
                name="lead_merged_is_a_duplicate",
                condition=models.Q(merged_into__isnull=True)
                | (models.Q(dismiss_reason="duplicate") & ~models.Q(merged_into=models.F("id"))),
            ),
            models.UniqueConstraint(name="lead_once_an_article_and_pledge", fields=["article", "pledge"]),
            models.UniqueConstraint(name="lead_once_a_story_and_pledge", fields=["story", "pledge"]),
            models.CheckConstraint(
                name="lead_change_has_status",
                condition=(models.Q(suggestion="change") & ~models.Q(suggested_status=""))
                | models.Q(suggestion__in=["as_before", ""], suggested_status=""),
            ),
            models.CheckConstraint(name="lead_score_is_0_to_1", condition=models.Q(score__gte=0, score__lte=1)),
            models.CheckConstraint(
                name="lead_decision_has_who_and_when",
                condition=models.Q(state="open", decided_by__isnull=True, decided_at__isnull=True)
                | (~models.Q(state="open") & models.Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="lead_dismissal_has_reason",
                condition=(models.Q(state="dismissed") & ~models.Q(dismiss_reason=""))
                | (~models.Q(state="dismissed") & models.Q(dismiss_reason="")),
            ),
            models.CheckConstraint(
                name="lead_snooze_has_day",
                condition=models.Q(state="snoozed", snoozed_until__isnull=False)
                | (~models.Q(state="snoozed") & models.Q(snoozed_until__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article.title} → {self.pledge.slug}"

    @property
    def suggestion_in_words(self) -> str:
        """Which kind of suggestion it is and, of a change, the status: "Change to “Stalled”"."""
        if self.suggestion == self.Suggestion.CHANGE:
            return gettext("Change to “%(status)s”") % {"status": self.get_suggested_status_display()}
        return self.get_suggestion_display()
