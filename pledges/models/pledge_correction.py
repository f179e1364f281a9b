"""Corrections of what identifies a public pledge: its address, its mandate and the day on which it was said."""

from datetime import date

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pledges.domain.dates import written
from pledges.domain.rules import Precision, deadline_end
from pledges.models.base import (
    PRECISION_LABELS,
    AddressField,
    Publishable,
    State,
    Text,
    choices,
    not_of_a_retracted_pledge,
    publishable_constraints,
    publishable_triggers,
    translated,
)
from pledges.models.days import as_day, last_day
from pledges.models.identity import RESERVED_ADDRESS
from pledges.models.pledge import Pledge

IDENTITY = ("slug", "mandate", "made_on", "made_on_precision")
ADDRESS_TAKEN = _("Another pledge has this address, or had it once. Choose another.")

# What readers have seen is not contradicted: a published deadline or update does not come before the new day. The
# pledge's own triggers check its document and the future when `CORRECT` writes the new values.
CAN_BE_TRUE = f"""
    IF NOT EXISTS (SELECT 1 FROM pledges_wording WHERE pledge_id = NEW.pledge_id AND state = 'published') THEN
        RAISE EXCEPTION 'only a published pledge is corrected'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_needs_published_pledge';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM pledges_pledge WHERE id = NEW.pledge_id
        AND (slug, mandate_id, made_on, made_on_precision)
            = (NEW.was_slug, NEW.was_mandate_id, NEW.was_made_on, NEW.was_made_on_precision)
    ) THEN
        RAISE EXCEPTION 'a correction says what the pledge said until now'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_says_what_was';
    END IF;
    IF NEW.mandate_id <> NEW.was_mandate_id AND EXISTS (
        SELECT 1 FROM pledges_pledge_carried_into WHERE pledge_id = NEW.pledge_id AND mandate_id = NEW.mandate_id
    ) THEN
        RAISE EXCEPTION 'the pledge is carried into this mandate: it was not made in it as well'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_not_into_a_carried_mandate';
    END IF;
    IF (NEW.made_on, NEW.made_on_precision) IS DISTINCT FROM (NEW.was_made_on, NEW.was_made_on_precision) THEN
        IF EXISTS (
            SELECT 1 FROM pledges_wording wording WHERE wording.pledge_id = NEW.pledge_id AND state = 'published'
            AND number = (
                SELECT MAX(number) FROM pledges_wording WHERE pledge_id = NEW.pledge_id AND state = 'published'
            )
            AND {last_day("deadline", "deadline_precision")} < NEW.made_on
        ) THEN
            RAISE EXCEPTION 'the deadline comes before the day on which the pledge was said'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'deadline_not_before_the_pledge';
        END IF;
        IF NEW.made_on_precision = 'day' AND EXISTS (
            SELECT 1 FROM pledges_update said WHERE said.pledge_id = NEW.pledge_id AND state = 'published'
            AND NOT EXISTS (SELECT 1 FROM pledges_update WHERE corrects_id = said.id AND state = 'published')
            AND NOT EXISTS (SELECT 1 FROM pledges_withdrawal WHERE update_id = said.id AND state = 'published')
            AND happened_precision <> 'approx'
            AND {last_day("happened_on", "happened_precision")} < NEW.made_on
        ) THEN
            RAISE EXCEPTION 'an update tells what came of a pledge: its day is before the pledge was said'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'update_not_before_the_pledge';
        END IF;
    END IF;
"""
# In the database, so that no correction is published that is not carried out.
CORRECT = """
    UPDATE pledges_pledge
    SET slug = NEW.slug, mandate_id = NEW.mandate_id, made_on = NEW.made_on,
        made_on_precision = NEW.made_on_precision, updated_at = NOW()
    WHERE id = NEW.pledge_id;
    RETURN NULL;
"""


@translated("note")
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PledgeCorrection(Publishable):
    """What a public pledge's address, mandate and day are from an edition on, what they were, and why.

    The database writes the new values into the pledge when the correction is published, and refuses every other change
    of them. A pledge has one unpublished correction at most, so what it `was` stays true until publication.
    """

    # From `translated`.
    note: Text

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="corrections", verbose_name=_("pledge"))
    slug = AddressField(
        _("address"),
        max_length=80,
        help_text=_("The old address redirects to the new one for good, and no other pledge gets it."),
    )
    mandate = models.ForeignKey(
        "pledges.Mandate",
        on_delete=models.PROTECT,
        related_name="pledges_corrected_to",
        verbose_name=_("made in mandate"),
        help_text=_("The office in which the speaker made it."),
    )
    made_on = models.DateField(
        _("said on"), help_text=_("The day it was said or published, not the day we entered it.")
    )
    made_on_precision = models.CharField(
        _("how exact"), max_length=10, choices=choices(PRECISION_LABELS, Precision.DAY, Precision.BY)
    )
    was_slug = models.SlugField(_("address before"), max_length=80, editable=False)
    was_mandate = models.ForeignKey(
        "pledges.Mandate",
        on_delete=models.PROTECT,
        related_name="pledges_corrected_from",
        verbose_name=_("mandate before"),
        editable=False,
    )
    was_made_on = models.DateField(_("said on, before"), editable=False)
    was_made_on_precision = models.CharField(_("how exact, before"), max_length=10, editable=False)
    note_en = models.TextField(
        _("what was wrong (English)"),
        blank=True,
        help_text=_("Shown in the corrections log beside the old and the new. One language is enough."),
    )
    note_es = models.TextField(_("what was wrong (Spanish)"), blank=True)

    class Meta:
        verbose_name = _("correction of a pledge")
        verbose_name_plural = _("corrections of pledges")
        ordering = ["-updated_at"]
        permissions = [("publish_pledgecorrection", "Can publish correction of a pledge")]
        constraints = [
            *publishable_constraints("pledgecorrection"),
            models.UniqueConstraint(
                name="pledgecorrection_one_open_draft",
                fields=["pledge"],
                condition=~Q(state=State.PUBLISHED),
                violation_error_message=_("A correction of this pledge is being written already."),
            ),
            models.CheckConstraint(
                name="pledgecorrection_changes_something",
                condition=~Q(state=State.PUBLISHED) | ~Q(**{name: models.F(f"was_{name}") for name in IDENTITY}),
                violation_error_message=_("Change the day, the mandate or the address: all are as they were."),
            ),
            models.CheckConstraint(
                name="pledgecorrection_has_note",
                condition=~Q(state=State.PUBLISHED) | ~Q(note_en="") | ~Q(note_es=""),
                violation_error_message=_("Say what was wrong, in at least one language."),
            ),
        ]
        triggers = [
            *publishable_triggers("pledgecorrection", CAN_BE_TRUE),
            not_of_a_retracted_pledge(),
            pgtrigger.Trigger(
                name="corrects_the_pledge",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__state="published"),
                func=CORRECT,
            ),
        ]

    def __str__(self) -> str:
        return str(self.pledge)

    @property
    def before(self) -> "PledgeCorrection":
        """The same with the values before, not to be saved: for comparison."""
        values = {name: getattr(self, f"was_{name}") for name in IDENTITY}
        return PledgeCorrection(pledge=self.pledge, **values)

    def clean(self) -> None:
        """The new values can be true beside what the pledge's document, deadline and published updates say."""
        super().clean()
        errors: dict[str, list[str]] = {}
        if self.slug != self.was_slug:
            errors["slug"] = self._address_problems()
        if self.mandate_id and self.mandate_id != self.was_mandate_id:
            errors["mandate"] = self._mandate_problems()
        day = as_day(self.made_on)
        if day and (day, self.made_on_precision) != (self.was_made_on, self.was_made_on_precision):
            errors["made_on"] = self._day_problems(day)
        if errors := {name: problems for name, problems in errors.items() if problems}:
            raise ValidationError(errors)

    def _address_problems(self) -> list[str]:
        if self.slug == RESERVED_ADDRESS:
            return [str(_("The site has a page of its own at this address. Choose another."))]
        others = Pledge.objects.exclude(pk=self.pledge_id)
        had = Q(corrections__was_slug=self.slug, corrections__state=State.PUBLISHED)
        return [str(ADDRESS_TAKEN)] if others.filter(Q(slug=self.slug) | had).exists() else []

    def _mandate_problems(self) -> list[str]:
        if self.pledge.carried_into.filter(pk=self.mandate_id).exists():
            text = _("The pledge is carried into this mandate. Take the mandate out of “carried into” first.")
            return [str(text)]
        if self.mandate.closed_on:
            return [str(_("That mandate was closed: open it again first, or choose another."))]
        return []

    def _day_problems(self, day: date) -> list[str]:
        problems = []
        if day > timezone.localdate():
            problems.append(str(_("A pledge was said on a day that has come: this one is in the future.")))
        document = self.pledge.source_document
        if document.published_on and document.published_on < day:
            text = _("The source document is of %(day)s: the pledge was said by then. One of the two days is wrong.")
            problems.append(text % {"day": written(document.published_on, in_sentence=True)})
        wording = self.pledge.public_wording
        if wording and wording.deadline_end and wording.deadline_end < day:
            text = _("Its deadline, %(day)s, comes before this day. Change the wording first, or choose another day.")
            problems.append(text % {"day": written(wording.deadline, wording.deadline_precision)})
        if self.made_on_precision == Precision.DAY and (earlier := self._updates_before(day)):
            text = _("Published updates tell what happened before this day: %(days)s. Correct them first.")
            problems.append(text % {"days": ", ".join(earlier)})
        return problems

    def _updates_before(self, day: date) -> list[str]:
        """The days of the published updates that would come before the pledge, in words."""
        counting = self.pledge.updates.filter(state=State.PUBLISHED).exclude(correction__state=State.PUBLISHED)
        counting = counting.exclude(withdrawal__state=State.PUBLISHED)
        dated = counting.exclude(happened_precision=Precision.APPROX).order_by("happened_on", "pk")
        days = dated.values_list("happened_on", "happened_precision")
        return [written(*known) for known in days if (end := deadline_end(*known)) and end < day]
