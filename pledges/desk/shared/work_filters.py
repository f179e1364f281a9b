"""The filters of lists that the counts of the first page link to."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from pledges.accounts.requests import user_of
from pledges.desk.shared import due
from pledges.desk.shared.filters import ChosenFilter
from pledges.desk.shared.site import waiting
from pledges.models import Indicator, Intake, Mandate, Pledge


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
