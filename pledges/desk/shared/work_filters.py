"""Filters that open what the first page counts."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from pledges.desk.shared import due
from pledges.desk.shared.filters import ChosenFilter
from pledges.desk.shared.site import waiting
from pledges.models import Indicator, Intake, Mandate, Pledge


class WaitsFilter(ChosenFilter):
    """Writing that waits: for the one who asks, or for its hour."""

    title = gettext_lazy("what waits")
    parameter_name = "waits"
    options = (
        ("me", gettext_lazy("For your review")),
        ("back", gettext_lazy("Sent back to you")),
        ("draft", gettext_lazy("Your drafts")),
        ("mine", gettext_lazy("Yours, for somebody else's review")),
        ("timed", gettext_lazy("Goes out by itself")),
    )

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The rows that wait like that."""
        value = self.chosen()
        return waiting(queryset, request.user, value) if value else queryset


class DueFilter(ChosenFilter):
    """Why a person should look at the pledge again."""

    title = gettext_lazy("due for another look")
    parameter_name = "due"
    options = (
        ("yes", gettext_lazy("Review interval is over")),
        ("deadline", gettext_lazy("Deadline near or passed")),
        ("unchecked", gettext_lazy("Long without a check")),
    )

    def narrow(self, pledges: QuerySet[Pledge], value: str) -> QuerySet[Pledge]:
        """The pledges that are due today for that reason."""
        today = timezone.localdate()
        if value == "deadline":
            return due.deadline_due(pledges, today=today)
        return due.unchecked(pledges, today=today) if value == "unchecked" else due.for_review(pledges, today=today)


class OverFilter(ChosenFilter):
    """Whether a mandate waits to be closed."""

    title = gettext_lazy("end")
    parameter_name = "over"
    options = (("yes", gettext_lazy("Over, not closed")),)

    def narrow(self, mandates: QuerySet[Mandate], value: str) -> QuerySet[Mandate]:
        """Those that are over and not closed."""
        return due.over(mandates, today=timezone.localdate())


class FiguresFilter(ChosenFilter):
    """Whether an indicator's figures have grown old."""

    title = gettext_lazy("figures")
    parameter_name = "figures"
    options = (("old", gettext_lazy("Out of date")),)

    def narrow(self, indicators: QuerySet[Indicator], value: str) -> QuerySet[Indicator]:
        """Those out of date."""
        return due.outdated(indicators, today=timezone.localdate())


class OpenCandidatesFilter(ChosenFilter):
    """Whether a document has pledges that nobody has decided."""

    title = gettext_lazy("candidates")
    parameter_name = "open"
    options = (("yes", gettext_lazy("To be decided")),)

    def narrow(self, documents: QuerySet[Intake], value: str) -> QuerySet[Intake]:
        """Documents with an open candidate."""
        return due.undecided(documents)
