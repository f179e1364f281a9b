"""Updates: what happened to a pledge on a day, with the evidence for it."""

from datetime import timedelta
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pledges.domain.dates import written
from pledges.domain.rules import FAILED, FailureReason, Precision, Status, deadline_end
from pledges.models.base import (
    FAILURE_LABELS,
    LANGUAGE_CHOICES,
    PRECISION_LABELS,
    STATUS_LABELS,
    Publishable,
    Text,
    choices,
    known_language,
    not_of_a_retracted_pledge,
    publishable_constraints,
    publishable_triggers,
    translated,
)
from pledges.models.days import as_day, evidence_day, update_day
from pledges.models.withdrawal import not_against_a_withdrawal

EVIDENCE_RULE = """
    IF NOT EXISTS (SELECT 1 FROM pledges_evidence WHERE update_id = NEW.id) THEN
        RAISE EXCEPTION 'an update cannot be published without evidence'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'update_needs_evidence';
    END IF;
    IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM pledges_update WHERE id = NEW.corrects_id AND state = 'published' AND pledge_id = NEW.pledge_id
    ) THEN
        RAISE EXCEPTION 'a correction corrects a published update of the same pledge'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'update_corrects_published';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pledges_wording WHERE pledge_id = NEW.pledge_id AND state = 'published') THEN
        RAISE EXCEPTION 'the pledge itself is not published: its criteria come before its rating'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'update_needs_published_pledge';
    END IF;
"""


@translated("text", "reason_detail", "correction_note")
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Update(Publishable):
    """What happened on a day, and the pledge's status after it. The latest published one, by that day, is current."""

    # From `translated`.
    text: Text
    reason_detail: Text
    correction_note: Text
    pgh_event_models: ClassVar[dict[str, Any]]  # from pghistory, by the name of the event
    mine_to_edit: int  # set by the desk: the key that chooses this draft for a lead
    withdrawn_in: int | None  # annotated by `visibility.public_updates`: the edition that withdrew it

    pledge = models.ForeignKey(
        "pledges.Pledge",
        on_delete=models.PROTECT,
        related_name="updates",
        verbose_name=_("pledge"),
        help_text=_("The one that this changes. What concerns two pledges is told in an update of each."),
    )
    happened_on = models.DateField(_("happened on"), help_text=_("The day it happened, not the day it was reported."))
    happened_precision = models.CharField(
        _("how exact"),
        max_length=10,
        choices=choices(PRECISION_LABELS, Precision.DAY, Precision.MONTH, Precision.APPROX),
        default=Precision.DAY,
        help_text=_(
            "As exact as the source has it: a month where no day is known, around a day where it is an estimate."
        ),
    )
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=choices(STATUS_LABELS, *(s for s in Status if s != Status.NOT_RATED)),
        help_text=_("Where the pledge stands after this, by its criteria; the same as before if nothing changed."),
    )
    failure_reason = models.CharField(
        _("why it failed"),
        max_length=16,
        blank=True,
        choices=choices(FAILURE_LABELS),
        help_text=_("For stalled, broken and partly kept."),
    )
    reason_detail_en = models.CharField(
        _("detail (English)"), max_length=300, blank=True, help_text=_("Blocked by whom, or why it cannot be rated.")
    )
    reason_detail_es = models.CharField(_("detail (Spanish)"), max_length=300, blank=True)
    text_en = models.TextField(
        _("text (English)"), blank=True, help_text=_("What happened, in one to three sentences.")
    )
    text_es = models.TextField(_("text (Spanish)"), blank=True)
    corrects = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        verbose_name=_("corrects"),
        editable=False,
    )
    correction_note_en = models.TextField(
        _("what was wrong (English)"), blank=True, help_text=_("Shown in the corrections log beside the old text.")
    )
    correction_note_es = models.TextField(_("what was wrong (Spanish)"), blank=True)

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-happened_on", "-id"]
        indexes = [models.Index(fields=["pledge", "-happened_on"])]
        permissions = [
            ("submit_update", "Can submit update for review"),
            ("publish_update", "Can publish update"),
            ("correct_update", "Can correct a published update"),
        ]
        constraints = [
            *publishable_constraints("update"),
            models.CheckConstraint(
                name="update_failure_reason_where_it_failed",
                condition=(models.Q(failure_reason="") & ~models.Q(status__in=sorted(FAILED)))
                | (~models.Q(failure_reason="") & models.Q(status__in=sorted(FAILED)))
                | (models.Q(failure_reason="") & ~models.Q(state="published")),
                violation_error_message=_(
                    "Say why it failed, for stalled, broken and partly kept, and only for those."
                ),
            ),
            models.CheckConstraint(
                name="update_detail_where_needed",
                condition=~models.Q(state="published")
                | ~(models.Q(status=Status.UNCLEAR) | models.Q(failure_reason=FailureReason.BLOCKED))
                | ~models.Q(reason_detail_en="")
                | ~models.Q(reason_detail_es=""),
                violation_error_message=_("Say by whom it was blocked, or why it cannot be rated."),
            ),
            models.CheckConstraint(
                name="update_has_text",
                condition=~models.Q(state="published") | ~models.Q(text_en="") | ~models.Q(text_es=""),
                violation_error_message=_("Write the text in at least one language."),
            ),
            models.CheckConstraint(
                name="update_correction_has_note",
                condition=models.Q(corrects__isnull=True, correction_note_en="", correction_note_es="")
                | (
                    models.Q(corrects__isnull=False)
                    & (
                        ~models.Q(state="published")
                        | ~models.Q(correction_note_en="")
                        | ~models.Q(correction_note_es="")
                    )
                ),
                violation_error_message=_("Say what was wrong in the text that this corrects."),
            ),
        ]
        triggers = [
            *publishable_triggers("update", EVIDENCE_RULE),
            not_of_a_retracted_pledge(),
            not_against_a_withdrawal(),
            update_day(),
        ]

    def __str__(self) -> str:
        day = written(as_day(self.happened_on), self.happened_precision, short=True) or self.happened_on
        return f"{day} · {self.get_status_display()} · {self.pledge.slug}"

    def clean(self) -> None:
        """Not dated in the future, nor before the pledge was said if both dates are exact."""
        super().clean()
        day = as_day(self.happened_on)
        if day and day > timezone.localdate():
            raise ValidationError({"happened_on": _("An update tells what has happened: its day is in the future.")})
        pledge = getattr(self, "pledge", None)
        is_exact = pledge and pledge.made_on_precision == Precision.DAY and self.happened_precision != Precision.APPROX
        if pledge and day and is_exact and deadline_end(day, self.happened_precision) < pledge.made_on:
            raise ValidationError({"happened_on": _("This day comes before the one on which the pledge was said.")})


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Evidence(models.Model):
    """A page that an update rests on: link, publisher, title, day, the sentence relied on and our capture."""

    pgh_event_model: ClassVar[Any]  # from pghistory

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="evidence", verbose_name=_("update"))
    url = models.URLField(
        _("link"),
        max_length=1000,
        help_text=_(
            "The very page that says so, not the publisher's front page. It is captured when the update is published."
        ),
    )
    publisher = models.CharField(
        _("publisher"),
        max_length=160,
        help_text=_("Who published it, as readers know the name: a newspaper, an agency, a ministry."),
    )
    title = models.CharField(
        _("title"), max_length=400, blank=True, help_text=_("As the publisher printed it; leave empty if not seen.")
    )
    published_on = models.DateField(
        _("published on"),
        null=True,
        blank=True,
        help_text=_("The day it appeared, as printed on the page; leave empty where none is given."),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        blank=True,
        choices=LANGUAGE_CHOICES,
        help_text=_("The language of the page, so that its title and sentence are read out rightly."),
    )
    sentence = models.TextField(_("sentence relied on"), blank=True, help_text=_("Word for word."))
    capture = models.ForeignKey(
        "pledges.Capture",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("capture"),
        editable=False,
    )

    class Meta:
        verbose_name = _("piece of evidence")
        verbose_name_plural = _("evidence")
        ordering = ["id"]
        constraints = [
            known_language("evidence", blank=True),
            models.UniqueConstraint(
                name="evidence_link_once_an_update",
                fields=["update", "url"],
                violation_error_message=_("This link is already evidence for this update."),
            ),
            models.CheckConstraint(
                name="evidence_link_is_web",
                condition=models.Q(url__startswith="http://") | models.Q(url__startswith="https://"),
                violation_error_message=_("The link must begin with http:// or https://."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                # FOR SHARE: a concurrent publication blocks until the evidence is written, and then sees it.
                name="published_evidence_is_final",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("parent", "RECORD")],
                func="""
                    FOR parent IN
                        SELECT state FROM pledges_update
                        WHERE id = (CASE WHEN TG_OP <> 'INSERT' THEN OLD.update_id END)
                           OR id = (CASE WHEN TG_OP <> 'DELETE' THEN NEW.update_id END)
                        FOR SHARE
                    LOOP
                        IF parent.state = 'published' THEN
                            RAISE EXCEPTION 'the evidence of a published update is final: publish a correction instead'
                                USING ERRCODE = 'check_violation', CONSTRAINT = 'published_evidence_is_final';
                        END IF;
                    END LOOP;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
            evidence_day(),
        ]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}" if self.title else self.publisher

    def clean(self) -> None:
        """Not dated in the future; a printed date line may be a day ahead."""
        super().clean()
        day = as_day(self.published_on)
        if day and day > timezone.localdate() + timedelta(days=1):
            raise ValidationError({"published_on": _("This day is in the future.")})
