"""Withdrawals of published updates that should not count, or that belong to another pledge."""

import pghistory
import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.models.base import (
    Publishable,
    Text,
    not_of_a_retracted_pledge,
    publishable_constraints,
    publishable_triggers,
    translated,
)

WITHDRAWAL_RULES = """
    IF NOT EXISTS (SELECT 1 FROM pledges_update WHERE id = NEW.update_id AND state = 'published') THEN
        RAISE EXCEPTION 'only a published update can be withdrawn'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawal_of_a_published_update';
    END IF;
    IF EXISTS (SELECT 1 FROM pledges_update WHERE corrects_id = NEW.update_id AND state = 'published') THEN
        RAISE EXCEPTION 'the update was corrected: its correction is what can be withdrawn'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawal_of_the_last_correction';
    END IF;
    IF NEW.moved_to_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM pledges_update
        WHERE id = NEW.moved_to_id AND state = 'published' AND edition_id = NEW.edition_id
    ) THEN
        RAISE EXCEPTION 'a moved update is published in the edition that withdraws it at its old pledge'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'moved_in_one_edition';
    END IF;
"""


def not_against_a_withdrawal() -> pgtrigger.Trigger:
    """The trigger of updates: none corrects a withdrawn update, and a move is published together with its withdrawal.

    Publications are serialised (see `IN_THE_NEWEST_EDITION`), so none can pass a withdrawal that is being published.
    """
    return pgtrigger.Trigger(
        name="not_against_a_withdrawal",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__state="published"),
        func="""
            IF EXISTS (
                SELECT 1 FROM pledges_withdrawal WHERE update_id = NEW.corrects_id AND state = 'published'
            ) THEN
                RAISE EXCEPTION 'the update was withdrawn: it is not corrected any more'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'update_was_withdrawn';
            END IF;
            IF EXISTS (
                SELECT 1 FROM pledges_withdrawal withdrawal
                WHERE withdrawal.moved_to_id = NEW.id AND NOT EXISTS (
                    SELECT 1 FROM pledges_editionitem item
                    WHERE item.edition_id = NEW.edition_id AND item.kind = 'withdrawal'
                      AND item.key = withdrawal.id::text
                )
            ) THEN
                RAISE EXCEPTION 'a moved update is published in the edition that withdraws it at its old pledge'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'moved_in_one_edition';
            END IF;
            RETURN NEW;
        """,
    )


@translated("note")
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Withdrawal(Publishable):
    """Why a published update no longer counts; with `moved_to`, the update that tells it at the right pledge instead.

    It withdraws the update and every earlier one that this corrected. Editions before its own go on counting them.
    """

    # From `translated`.
    note: Text

    update = models.OneToOneField(
        "pledges.Update", on_delete=models.PROTECT, related_name="withdrawal", verbose_name=_("update"), editable=False
    )
    # That of the update; a trigger holds that it is.
    pledge = models.ForeignKey(
        "pledges.Pledge",
        on_delete=models.PROTECT,
        related_name="withdrawals",
        verbose_name=_("pledge"),
        editable=False,
    )
    moved_to = models.OneToOneField(
        "pledges.Update",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="moved_by",
        verbose_name=_("moved to"),
        editable=False,
    )
    note_en = models.TextField(
        _("why it is withdrawn (English)"),
        blank=True,
        help_text=_("Readers see this in the pledge's timeline and in the corrections log, beside the old text."),
    )
    note_es = models.TextField(_("why it is withdrawn (Spanish)"), blank=True)

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        ordering = ["-updated_at"]
        permissions = [("publish_withdrawal", "Can publish withdrawal")]
        constraints = [
            *publishable_constraints("withdrawal"),
            models.CheckConstraint(
                name="withdrawal_has_note",
                condition=~models.Q(state="published") | ~models.Q(note_en="") | ~models.Q(note_es=""),
                violation_error_message=_("Say why the update is withdrawn."),
            ),
        ]
        triggers = [
            *publishable_triggers("withdrawal", WITHDRAWAL_RULES),
            not_of_a_retracted_pledge(),
            pgtrigger.Trigger(
                name="withdrawal_fits_its_updates",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM pledges_update WHERE id = NEW.update_id AND pledge_id = NEW.pledge_id
                    ) THEN
                        RAISE EXCEPTION 'a withdrawal is of the pledge of its update'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawal_of_its_pledge';
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM pledges_update
                        WHERE id = NEW.moved_to_id AND (pledge_id = NEW.pledge_id OR corrects_id IS NOT NULL)
                    ) THEN
                        RAISE EXCEPTION 'an update moves to another pledge, as a new update there'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'moved_to_another_pledge';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.update)
