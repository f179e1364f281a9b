"""The filters of lists that the counts of the first page link to."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from pledges.accounts.requests import user_of
from pledges.desk.shared import due
from pledges.desk.shared.filters import ChosenFilter
from pledges.desk.shared.languages import MISSING, lacking, newsroom_of
from pledges.desk.shared.site import waiting
from pledges.models import Indicator, Intake, Mandate, Pledge, Wording
from pledges.models.bilingual import needed_texts


class WaitsFilter(ChosenFilter):
    """Unpublished writing that waits for this person, or for its time of publication."""

    title = gettext_lazy("what waits")
    parameter_name = "waits"
    options = (
        ("me", gettext_lazy("For your review")),
        ("back", gettext_lazy("Sent back to you")),
        ("draft", gettext_lazy("Your drafts")),
        ("mine", gettext_lazy("Yours, for somebody else's review")),
        ("timed", gettext_lazy("Scheduled")),
    )

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.chosen()
        return waiting(queryset, user_of(request), value) if value else queryset


class DueFilter(ChosenFilter):
    """Why a pledge is due for another look."""

    title = gettext_lazy("due for another look")
    parameter_name = "due"
    options = (
        ("yes", gettext_lazy("Review interval is over")),
        ("deadline", gettext_lazy("Deadline near or passed")),
        ("unchecked", gettext_lazy("Not checked for 180 days")),
    )

    def narrow(self, pledges: QuerySet[Pledge], value: str) -> QuerySet[Pledge]:
        today = timezone.localdate()
        if value == "deadline":
            return due.deadline_due(pledges, today=today)
        return due.unchecked(pledges, today=today) if value == "unchecked" else due.for_review(pledges, today=today)


class LanguageFilter(ChosenFilter):
    """By the language in which a name or title is missing; of a pledge, a title or statement of its newest wording.

    Not offered in a newsroom that writes one language.
    """

    title = gettext_lazy("language")
    parameter_name = "lacks"
    options = tuple(MISSING.items())

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: type, model_admin: admin.ModelAdmin):
        super().__init__(request, params, model, model_admin)
        self.is_bilingual = not newsroom_of(request).one_language

    def has_output(self) -> bool:
        return self.is_bilingual

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        if queryset.model is Pledge:
            newest = Wording.objects.filter(pledge=OuterRef("pledge")).order_by("-number").values("pk")[:1]
            rows = Wording.objects.filter(pledge=OuterRef("pk"), pk=newest)
            return queryset.filter(Exists(self._lacking(rows, ("title", "statement"), value)))
        texts = ("title", "statement") if queryset.model is Wording else sorted(needed_texts(queryset.model))
        return self._lacking(queryset, texts, value)

    def _lacking(self, rows: QuerySet, texts: tuple[str, ...] | list[str], code: str) -> QuerySet:
        condition = lacking(texts[0], code)
        for text in texts[1:]:
            condition |= lacking(text, code)
        return rows.filter(condition)


class OverFilter(ChosenFilter):
    """Mandates whose term is over and that are not closed."""

    title = gettext_lazy("end")
    parameter_name = "over"
    options = (("yes", gettext_lazy("Over, not closed")),)

    def narrow(self, mandates: QuerySet[Mandate], value: str) -> QuerySet[Mandate]:
        return due.over(mandates, today=timezone.localdate())


class FiguresFilter(ChosenFilter):
    """Indicators with outdated figures."""

    title = gettext_lazy("figures")
    parameter_name = "figures"
    options = (("old", gettext_lazy("Out of date")),)

    def narrow(self, indicators: QuerySet[Indicator], value: str) -> QuerySet[Indicator]:
        return due.outdated(indicators, today=timezone.localdate())


class OpenCandidatesFilter(ChosenFilter):
    """Documents with open candidates."""

    title = gettext_lazy("candidates")
    parameter_name = "open"
    options = (("yes", gettext_lazy("To be decided")),)

    def narrow(self, documents: QuerySet[Intake], value: str) -> QuerySet[Intake]:
        return due.undecided(documents)
