"""Retractions of pledges that should not have been published. Their addresses stay, and say so."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.models.base import Publishable, Text, publishable_constraints, publishable_triggers, translated

PUBLISHED_PLEDGE = """
    IF NOT EXISTS (SELECT 1 FROM pledges_wording WHERE pledge_id = NEW.pledge_id AND state = 'published') THEN
        RAISE EXCEPTION 'only a published pledge can be retracted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'retraction_needs_published_pledge';
    END IF;
"""


@translated("note")
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Retraction(Publishable):
    """Why a pledge was published by mistake. Its page shows only this from then on, and it is counted nowhere."""

    # From `translated`.
    note: Text

    pledge = models.OneToOneField(
        "pledges.Pledge", on_delete=models.PROTECT, related_name="retraction", verbose_name=_("pledge")
    )
    note_en = models.TextField(
        _("why it is retracted (English)"),
        blank=True,
        help_text=_("Readers who follow a link to the pledge see this in its place."),
    )
    note_es = models.TextField(_("why it is retracted (Spanish)"), blank=True)

    class Meta:
        verbose_name = _("retraction")
        verbose_name_plural = _("retractions")
        ordering = ["-updated_at"]
        permissions = [("publish_retraction", "Can publish retraction")]
        constraints = [
            *publishable_constraints("retraction"),
            models.CheckConstraint(
                name="retraction_has_note",
                condition=~models.Q(state="published") | ~models.Q(note_en="") | ~models.Q(note_es=""),
                violation_error_message=_("Say why the pledge is retracted."),
            ),
        ]
        triggers = publishable_triggers("retraction", PUBLISHED_PLEDGE)

    def __str__(self) -> str:
        return str(self.pledge)
