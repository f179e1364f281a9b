"""Pledges: what was said, where, by whom, and what would count as keeping it."""

from datetime import date, timedelta
from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pledges.domain.rules import Precision, deadline_end
from pledges.models.base import (
    LANGUAGE_CHOICES,
    LANGUAGES,
    PRECISION_LABELS,
    AddressField,
    Publishable,
    Text,
    choices,
    known_language,
    not_of_a_retracted_pledge,
    publishable_constraints,
    publishable_triggers,
    translated,
)
from pledges.models.days import as_day, pledge_day, wording_days
from pledges.models.identity import RESERVED_ADDRESS, address_is_its_own, identity_is_final
from pledges.models.reference import TRACKED, Institution, SourceDocument, Topic


@pghistory.track(*(event() for event in TRACKED), exclude=["search_en", "search_es"])
class Pledge(models.Model):
    """A commitment to an action or an outcome whose occurrence can be checked.

    Its words and criteria are in `Wording`, so that their history is kept. It is public once its first wording is
    published. From then on only a published `PledgeCorrection` changes its address, its mandate or its day.
    """

    pgh_event_model: ClassVar[Any]  # from pghistory
    status_now: str | None  # annotated by the desk's list

    slug = AddressField(
        _("address"),
        max_length=80,
        unique=True,
        help_text=_("Part of the page's address; once published, only a correction changes it."),
    )
    mandate = models.ForeignKey(
        "pledges.Mandate",
        on_delete=models.PROTECT,
        related_name="pledges",
        verbose_name=_("made in mandate"),
        help_text=_("The office in which the speaker made it."),
    )
    carried_into = models.ManyToManyField(
        "pledges.Mandate",
        blank=True,
        related_name="carried_pledges",
        verbose_name=_("carried into"),
        help_text=_("Later mandates in which it is still followed."),
    )
    made_on = models.DateField(
        _("said on"),
        help_text=_("The day it was said or published, not the day we entered it."),
    )
    made_on_precision = models.CharField(
        _("how exact"),
        max_length=10,
        choices=choices(PRECISION_LABELS, Precision.DAY, Precision.BY),
        default=Precision.DAY,
        help_text=_("On or before that day, where the document only repeats what was said earlier."),
    )
    source_document = models.ForeignKey(
        SourceDocument,
        on_delete=models.PROTECT,
        related_name="pledges",
        verbose_name=_("source document"),
        help_text=_("Where it can be read that the pledge was made."),
    )
    topics = models.ManyToManyField(
        Topic,
        related_name="pledges",
        verbose_name=_("topics"),
        help_text=_("All that readers would look for it under; one to three are usual."),
    )
    institutions = models.ManyToManyField(
        Institution,
        blank=True,
        related_name="pledges",
        verbose_name=_("responsible institutions"),
        help_text=_("Who would have to carry it out, where the pledge or the law says so."),
    )
    headline = models.BooleanField(
        _("headline set"), default=False, help_text=_("One of the pledges that the newsroom says matter most.")
    )
    review_interval_days = models.PositiveSmallIntegerField(
        _("review every (days)"),
        default=90,
        help_text=_("How long it may go without a person's look before it is due for review."),
    )
    reviewed_on = models.DateField(_("last reviewed by a person"), null=True, blank=True, editable=False)
    also_called_en = ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        verbose_name=_("also called (English)"),
        help_text=_(
            "Names and short phrases by which news speak of it, comma-separated. Search and the watch use them."
        ),
    )
    also_called_es = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("also called (Spanish)")
    )
    search_en = SearchVectorField(null=True, editable=False)
    search_es = SearchVectorField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        ordering = ["slug"]
        indexes = [GinIndex(fields=["search_en"]), GinIndex(fields=["search_es"])]
        constraints = [
            models.CheckConstraint(
                name="pledge_review_interval_positive",
                condition=models.Q(review_interval_days__gt=0),
                violation_error_message=_("Give a number of days greater than zero."),
            ),
            models.CheckConstraint(
                name="pledge_address_not_reserved",
                condition=~models.Q(slug=RESERVED_ADDRESS),
                violation_error_message=_("The site has a page of its own at this address. Choose another."),
            ),
        ]
        triggers = [
            identity_is_final(),
            address_is_its_own(),
            pledge_day(),
        ]

    def __str__(self) -> str:
        """The published title, else the draft's. Public pages and editions show it too."""
        wording = self.public_wording or self.latest_wording
        return str(wording.title) if wording else self.slug

    def clean(self) -> None:
        """Not dated in the future (the date of a public one is final), nor after its source document."""
        super().clean()
        day = as_day(self.made_on)
        if day and day > timezone.localdate() and not (self.pk and self.public_wording):
            text = _("A pledge was said on a day that has come: this one is in the future.")
            raise ValidationError({"made_on": text})
        document = getattr(self, "source_document", None)
        if day and document and document.published_on and document.published_on < day:
            text = _("The source document is older than the day on which the pledge was said: one day is wrong.")
            raise ValidationError({"source_document": text})

    @property
    def first_address(self) -> str:
        """The address under which it became public. Uses prefetched corrections if there are any."""
        published = [row for row in self.corrections.all() if row.is_published]
        first = min(published, key=lambda row: row.edition_id or 0, default=None)
        return first.was_slug if first else self.slug

    @property
    def public_wording(self) -> "Wording | None":
        """The published wording with the highest number. Uses prefetched rows if there are any."""
        published = [wording for wording in self.wordings.all() if wording.is_published]
        return max(published, key=lambda wording: wording.number, default=None)

    @property
    def latest_wording(self) -> "Wording | None":
        """The newest wording, published or not: what an editor works on. Uses prefetched rows if there are any."""
        wordings = sorted(self.wordings.all(), key=lambda wording: wording.number)
        return wordings[-1] if wordings else None

    @property
    def last_interval_start(self) -> date:
        """The start of its review interval: the last review by a person, else the day it was entered."""
        return self.reviewed_on or timezone.localdate(self.created_at)

    @property
    def review_due_on(self) -> date:
        return self.last_interval_start + timedelta(days=self.review_interval_days)


CRITERIA = ("kept", "partly_kept", "in_progress", "stalled", "broken")


def criteria_of(wording: object) -> list[tuple[str, Text]]:
    """What counts as each status, as (status, text) in the active language; the empty ones are left out."""
    return [(name, text) for name in CRITERIA if (text := getattr(wording, name))]


@translated("title", "statement", "deadline_note", "change_note", *CRITERIA)
@pghistory.track(*(event() for event in TRACKED))
class Wording(Publishable):
    """A pledge's public words: title, statement, quote, criteria and deadline.

    The published one with the highest number is current. The criteria are written before the pledge is rated; to change
    them later takes a new wording with a note, which is shown in the public corrections log.
    """

    # From `translated`.
    title: Text
    statement: Text
    deadline_note: Text
    change_note: Text
    kept: Text
    partly_kept: Text
    in_progress: Text
    stalled: Text
    broken: Text
    pgh_event_model: ClassVar[Any]  # from pghistory

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="wordings", verbose_name=_("pledge"))
    number = models.PositiveSmallIntegerField(_("number"), default=1, editable=False)
    title_en = models.CharField(
        _("title (English)"),
        max_length=160,
        blank=True,
        help_text=_("What was promised as a headline of up to ten words, without a verdict: Build two prisons."),
    )
    title_es = models.CharField(_("title (Spanish)"), max_length=160, blank=True)
    statement_en = models.TextField(
        _("statement (English)"), blank=True, help_text=_("What was promised, in our own words: one or two sentences.")
    )
    statement_es = models.TextField(_("statement (Spanish)"), blank=True)
    quote = models.TextField(
        _("quote"), blank=True, help_text=_("Word for word, short; leave empty if not seen verbatim.")
    )
    quote_language = models.CharField(
        _("language of the quote"),
        max_length=2,
        blank=True,
        choices=LANGUAGE_CHOICES,
        help_text=_("The language in which it was said."),
    )
    kept_en = models.TextField(_("counts as kept (English)"), blank=True)
    kept_es = models.TextField(_("counts as kept (Spanish)"), blank=True)
    partly_kept_en = models.TextField(_("counts as partly kept (English)"), blank=True)
    partly_kept_es = models.TextField(_("counts as partly kept (Spanish)"), blank=True)
    in_progress_en = models.TextField(_("counts as in progress (English)"), blank=True)
    in_progress_es = models.TextField(_("counts as in progress (Spanish)"), blank=True)
    stalled_en = models.TextField(_("counts as stalled (English)"), blank=True)
    stalled_es = models.TextField(_("counts as stalled (Spanish)"), blank=True)
    broken_en = models.TextField(_("counts as broken (English)"), blank=True)
    broken_es = models.TextField(_("counts as broken (Spanish)"), blank=True)
    deadline = models.DateField(
        _("deadline"), null=True, blank=True, help_text=_("Only one that the government set itself.")
    )
    deadline_precision = models.CharField(
        _("deadline is a"),
        max_length=10,
        blank=True,
        choices=[(Precision.DAY, _("day")), (Precision.MONTH, _("month")), (Precision.YEAR, _("year"))],
        help_text=_("As exact as it was promised. A year ends on 31 December, a month on its last day."),
    )
    deadline_note_en = models.TextField(
        _("what the deadline rests on (English)"),
        blank=True,
        help_text=_("Who set the deadline, when and in which words; or why what sounds like one is none."),
    )
    deadline_note_es = models.TextField(_("what the deadline rests on (Spanish)"), blank=True)
    change_note_en = models.TextField(
        _("why it was changed (English)"), blank=True, help_text=_("Shown in the corrections log beside the old words.")
    )
    change_note_es = models.TextField(_("why it was changed (Spanish)"), blank=True)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["pledge", "number"]
        constraints = [
            *publishable_constraints("wording"),
            known_language("wording", "quote_language", blank=True),
            models.UniqueConstraint(name="wording_number_once", fields=["pledge", "number"]),
            models.UniqueConstraint(
                name="wording_one_open_draft",
                fields=["pledge"],
                condition=~models.Q(state="published"),
                violation_error_message=_("This pledge already has a new wording that is not published yet."),
            ),
            models.CheckConstraint(
                name="wording_deadline_has_precision",
                condition=models.Q(deadline__isnull=True, deadline_precision="")
                | (models.Q(deadline__isnull=False) & ~models.Q(deadline_precision="")),
                violation_error_message=_(
                    "A deadline needs its precision (day, month or year), and the other way round."
                ),
            ),
            models.CheckConstraint(
                name="wording_quote_has_language",
                condition=models.Q(quote="", quote_language="") | (~models.Q(quote="") & ~models.Q(quote_language="")),
                violation_error_message=_("A quote needs its language, and the other way round."),
            ),
            models.CheckConstraint(
                name="wording_published_is_complete",
                condition=~models.Q(state="published")
                | (
                    (~models.Q(title_en="") | ~models.Q(title_es=""))
                    & (~models.Q(statement_en="") | ~models.Q(statement_es=""))
                    & (~models.Q(kept_en="") | ~models.Q(kept_es=""))
                    & (~models.Q(broken_en="") | ~models.Q(broken_es=""))
                ),
                violation_error_message=_("A title, a statement and what counts as kept and as broken are needed."),
            ),
            models.CheckConstraint(
                name="wording_change_has_note",
                condition=~models.Q(state="published")
                | models.Q(number=1)
                | ~models.Q(change_note_en="")
                | ~models.Q(change_note_es=""),
                violation_error_message=_("Say why the published wording is changed."),
            ),
        ]
        triggers = [*publishable_triggers("wording"), not_of_a_retracted_pledge(), wording_days()]
        permissions = [("publish_wording", "Can publish wording")]

    def __str__(self) -> str:
        return str(self.title) or self.pledge.slug

    def clean(self) -> None:
        """The deadline does not end before the pledge was said."""
        super().clean()
        made_on = as_day(getattr(getattr(self, "pledge", None), "made_on", None))
        last_day = self.deadline_end if as_day(self.deadline) else None
        if made_on and last_day and last_day < made_on:
            raise ValidationError({"deadline": _("The deadline comes before the day on which the pledge was said.")})

    @property
    def deadline_end(self) -> date | None:
        """The last day in time; None without a deadline."""
        return deadline_end(self.deadline, self.deadline_precision)

    @property
    def criteria(self) -> list[tuple[str, Text]]:
        """See `criteria_of`."""
        return criteria_of(self)

    @property
    def languages(self) -> list[str]:
        """The codes of the languages in which it has a title and a statement."""
        return [code for code in LANGUAGES if getattr(self, f"title_{code}") and getattr(self, f"statement_{code}")]


# The many-to-many tables are part of the audit history too.
@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class PledgeTopic(Pledge.topics.through):  # type: ignore[name-defined]  # made by Django
    """History of which topics a pledge stands under."""

    class Meta:
        proxy = True


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class PledgeInstitution(Pledge.institutions.through):  # type: ignore[name-defined]  # made by Django
    """History of which institutions are held responsible for a pledge."""

    class Meta:
        proxy = True


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
class PledgeCarried(Pledge.carried_into.through):  # type: ignore[name-defined]  # made by Django
    """History of the mandates that a pledge was carried into."""

    class Meta:
        proxy = True
