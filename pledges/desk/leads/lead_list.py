"""The inbox as a list: its filters and its bulk actions."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Q, QuerySet
from django.forms import CharField, ChoiceField, Select
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pledges.accounts.requests import user_of
from pledges.actions import errors
from pledges.actions import leads as lead_actions
from pledges.desk.leads.forms import snooze_presets
from pledges.desk.leads.lead_pages import LeadPages
from pledges.desk.shared.filters import ChosenFilter
from pledges.domain.dates import written
from pledges.models import Lead
from pledges.models.base import LANGUAGE_CHOICES


class StateFilter(ChosenFilter):
    """By state; open leads by default."""

    title = gettext_lazy("state")
    parameter_name = "state"
    options = (
        ("open", gettext_lazy("Open")),
        ("snoozed", gettext_lazy("Snoozed")),
        ("decided", gettext_lazy("Decided")),
        ("all", gettext_lazy("All")),
    )
    default = "open"

    def narrow(self, leads: QuerySet[Lead], value: str) -> QuerySet[Lead]:
        if value == "decided":
            return leads.filter(state__in=[Lead.State.ACCEPTED, Lead.State.DISMISSED])
        return leads if value == "all" else leads.filter(state=value)


class ScoreFilter(ChosenFilter):
    """By bands of the score; the watch raises leads from 0.5 up."""

    title = gettext_lazy("score")
    parameter_name = "score"
    options = (
        ("high", gettext_lazy("Strong: 90 or more")),
        ("middle", gettext_lazy("Likely: 70 to 89")),
        ("low", gettext_lazy("Weak: below 70")),
    )
    bands = {"high": (0.9, 1.01), "middle": (0.7, 0.9), "low": (0.0, 0.7)}

    def narrow(self, leads: QuerySet[Lead], value: str) -> QuerySet[Lead]:
        lowest, below = self.bands[value]
        return leads.filter(score__gte=lowest, score__lt=below)


class SuggestionFilter(ChosenFilter):
    """By what the article says of the status, with the number of leads at each choice."""

    title = gettext_lazy("suggestion")
    parameter_name = "suggestion"
    options = tuple((value or "nothing", label) for value, label in Lead.Suggestion.choices)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        if not changelist.add_facets:  # Django's own counts
            leads = changelist.get_queryset(self.request, exclude_parameters=[self.parameter_name])
            counts = {value: Count("pk", filter=self._is(value)) for value, _label in self.options}
            numbers = leads.aggregate(**counts)
            self.lookup_choices = [(value, f"{label} ({numbers[value]})") for value, label in self.options]
        yield from super().choices(changelist)

    def narrow(self, leads: QuerySet[Lead], value: str) -> QuerySet[Lead]:
        return leads.filter(self._is(value))

    @staticmethod
    def _is(value: str) -> Q:
        return Q(suggestion="" if value == "nothing" else value)


class OrderFilter(ChosenFilter):
    """The order of the list. Its links stand above the list, not among the filters (see `LeadAdmin.get_ordering`)."""

    title = gettext_lazy("order")
    parameter_name = "order"
    options = (
        ("suggestion", gettext_lazy("Changes first")),
        ("score", gettext_lazy("Highest score first")),
        ("newest", gettext_lazy("Newest first")),
    )
    default = "suggestion"
    orderings: ClassVar[dict[str, list[str]]] = {
        "suggestion": ["-suggestion", "-score", "-raised_at", "-id"],
        "score": ["-score", "-raised_at", "-id"],
        "newest": ["-raised_at", "-id"],
    }

    def has_output(self) -> bool:
        return False

    def narrow(self, leads: QuerySet[Lead], value: str) -> QuerySet[Lead]:
        return leads

    @classmethod
    def ordering(cls, chosen: str) -> list[str]:
        """The fields to order by."""
        return cls.orderings.get(chosen, cls.orderings[cls.default])

    @classmethod
    def links(cls, changelist: ChangeList, chosen: str) -> list[tuple[str | Promise, str, bool]]:
        """Each order as (label, its query, whether it is the present one)."""
        present = chosen if chosen in cls.orderings else cls.default
        query = changelist.get_query_string
        return [(label, query({cls.parameter_name: value}), value == present) for value, label in cls.options]


class LanguageFilter(ChosenFilter):
    """By the article's language."""

    title = gettext_lazy("language")
    parameter_name = "language"
    options = LANGUAGE_CHOICES

    def narrow(self, leads: QuerySet[Lead], value: str) -> QuerySet[Lead]:
        return leads.filter(article__language=value)


class BulkActionForm(ActionForm):
    """The list's actions with their parameters: a reason to dismiss, a day to snooze until."""

    reason = ChoiceField(
        label=gettext_lazy("because"), choices=[("", "———"), *Lead.DismissReason.choices], required=False
    )
    # Not a ChoiceField: a page that was opened yesterday sends a day that is past, and the action says so.
    until = CharField(label=gettext_lazy("until"), widget=Select, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["until"].widget.choices = [("", "———"), *((day, label) for label, day in snooze_presets())]


class BulkActions(LeadPages):
    """Decisions on all selected leads, each in its own transaction: one refusal does not stop the others."""

    actions = ("dismiss_selected", "snooze_selected")
    action_form = BulkActionForm
    list_is_one_transaction = False

    @admin.action(description=gettext_lazy("Dismiss selected leads"), permissions=["decide"])
    def dismiss_selected(self, request: HttpRequest, leads: QuerySet[Lead]) -> None:
        """Dismiss all selected leads for one reason."""
        user, reason = user_of(request), request.POST.get("reason", "")
        done = self._decide_each(
            request, leads, lambda lead: lead_actions.dismiss_lead(lead=lead, by=user, reason=reason)
        )
        if done:
            words = ngettext("%(count)s lead dismissed.", "%(count)s leads dismissed.", len(done))
            self.say_and_offer_undo(request, words % {"count": len(done)}, done)

    @admin.action(description=gettext_lazy("Snooze selected leads"), permissions=["decide"])
    def snooze_selected(self, request: HttpRequest, leads: QuerySet[Lead]) -> None:
        """Snooze all selected leads until one day."""
        user = user_of(request)
        try:
            until = parse_date(request.POST.get("until", ""))
        except ValueError:
            until = None
        if until is None:
            self.message_user(request, _("Choose for how long to snooze these leads."), messages.ERROR)
            return
        done = self._decide_each(request, leads, lambda lead: lead_actions.snooze_lead(lead=lead, by=user, until=until))
        if done:
            words = ngettext(
                "%(count)s lead snoozed until %(day)s.", "%(count)s leads snoozed until %(day)s.", len(done)
            )
            self.say_and_offer_undo(request, words % {"count": len(done), "day": written(until)}, done)

    def _decide_each(self, request: HttpRequest, leads: QuerySet[Lead], decide: Callable[[Lead], object]) -> list[Lead]:
        """Decide each lead and return those that were; for the others, messages say why not."""
        done, refusals = [], []
        for lead in leads:
            try:
                decide(lead)
                done.append(lead)
            except errors.Refused as error:
                decided = lead.state not in (Lead.State.OPEN, Lead.State.SNOOZED)
                refusals += [f"{lead.article.title}: {reason}" if decided else reason for reason in error.messages]
        for message in dict.fromkeys(refusals):
            self.message_user(request, message, messages.ERROR)
        return done
