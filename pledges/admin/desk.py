"""The inbox: what the watch suggests, and what an editor decides about it."""

from collections.abc import Callable
from datetime import date
from functools import wraps

from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_protect

from pledges import actions
from pledges.dates import written
from pledges.forms import DismissForm, SnoozeForm, snooze_presets
from pledges.models import Capture, Lead
from pledges.models.source import LANGUAGE_CHOICES

from .common import DeskAdmin, ReadOnly, capture_link, criteria_of, status_label, status_now, where_it_stands
from .filters import ChosenFilter, PledgeFilter
from .marks import marked, paragraphs
from .outlets import other_outlets, told_by


class StateFilter(ChosenFilter):
    """Open leads unless something else is asked for."""

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
        """Leads in that state."""
        if value == "decided":
            return leads.filter(state__in=[Lead.State.ACCEPTED, Lead.State.DISMISSED])
        return leads if value == "all" else leads.filter(state=value)


class ScoreFilter(ChosenFilter):
    """Bands of the score, from the threshold of the watch (one half) up."""

    title = gettext_lazy("score")
    parameter_name = "score"
    options = (
        ("high", gettext_lazy("Strong: 90 or more")),
        ("middle", gettext_lazy("Likely: 70 to 89")),
        ("low", gettext_lazy("Weak: below 70")),
    )
    bands = {"high": (0.9, 1.01), "middle": (0.7, 0.9), "low": (0.0, 0.7)}

    def narrow(self, leads: QuerySet[Lead], value: str) -> QuerySet[Lead]:
        """Leads with a score in that band."""
        lowest, below = self.bands[value]
        return leads.filter(score__gte=lowest, score__lt=below)


class LanguageFilter(ChosenFilter):
    """The article's language."""

    title = gettext_lazy("language")
    parameter_name = "language"
    options = LANGUAGE_CHOICES

    def narrow(self, leads: QuerySet[Lead], value: str) -> QuerySet[Lead]:
        """Leads from articles in that language."""
        return leads.filter(article__language=value)


class DismissalForm(ActionForm):
    """The list's action with its reason."""

    reason = ChoiceField(
        label=gettext_lazy("because"), choices=[("", "———"), *Lead.DismissReason.choices], required=False
    )


def decision(verb: Callable) -> Callable:
    """Make an admin view of a decision about a lead: only by POST, only by who may decide; a refusal is explained."""

    @method_decorator(csrf_protect)
    @wraps(verb)
    def view(self: "LeadAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_decide_permission(request):
            raise PermissionDenied
        lead = self.get_object(request, unquote(object_id))
        if lead is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        try:
            return verb(self, request, lead)
        except actions.Refused as error:
            return self.refused(request, error, self.inbox_url(request))

    return view


@admin.register(Lead)
class LeadAdmin(ReadOnly, DeskAdmin):
    """Leads are made by the watch and decided by people; nobody edits one."""

    list_display = ["article"]
    list_display_links = None
    list_filter = [
        StateFilter,
        PledgeFilter,
        LanguageFilter,
        ScoreFilter,
        ("suggested_status", admin.ChoicesFieldListFilter),
    ]
    search_fields = ["article__title", "article__publisher", "sentence", "pledge__slug"]
    ordering = ["-raised_at", "-id"]
    list_per_page = 25
    actions = ["dismiss_selected"]
    action_form = DismissalForm

    class Media:
        css = {"all": ["admin/pledges/desk.css"]}

    def get_urls(self) -> list[URLPattern]:
        """Each decision has its address."""
        verbs = ("accept", "dismiss", "snooze", "reopen")
        own = [
            path(
                f"<path:object_id>/{verb}/",
                self.admin_site.admin_view(getattr(self, f"{verb}_view")),
                name=f"pledges_lead_{verb}",
            )
            for verb in verbs
        ]
        undo = path("undo/", self.admin_site.admin_view(self.undo_view), name="pledges_lead_undo")
        return [undo, *own, *super().get_urls()]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whether this person may accept, dismiss and snooze."""
        return request.user.has_perm("pledges.decide_lead")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        """Leads with all that a row shows, in a fixed number of queries."""
        return (
            super()
            .get_queryset(request)
            .select_related("article__source", "pledge", "decided_by", "update")
            .defer("article__text", "article__summary", "pledge__search_en", "pledge__search_es")
            .annotate(status_now=status_now("pledge"))
            .prefetch_related("pledge__wordings", told_by("article__"))
        )

    def inbox_url(self, request: HttpRequest) -> str:
        """The inbox with the filters with which the person came."""
        filters = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return add_preserved_filters(filters, reverse("admin:pledges_lead_changelist"))

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The inbox."""
        context = {
            "title": _("Inbox"),
            "may_decide": self.has_decide_permission(request),
            "reasons": [(value, label) for value, label in Lead.DismissReason.choices if value != "other"],
            "presets": snooze_presets(),
        }
        response = super().changelist_view(request, {**context, **(extra_context or {})})
        if changes := getattr(response, "context_data", {}).get("cl"):
            for lead in changes.result_list:
                self.explain(lead)
        return response

    def explain(self, lead: Lead) -> None:
        """Put on the lead what its row shows beside its own fields."""
        lead.marked_sentence = marked(lead.sentence, lead.words)
        lead.percent = round(lead.score * 100)
        lead.outlets = other_outlets(lead.article)
        lead.opinion_percent = round((lead.opinion_score or 0) * 100)
        public = [wording for wording in lead.pledge.wordings.all() if wording.is_published]
        lead.wording = max(public, key=lambda wording: wording.number, default=None) or lead.pledge.latest_wording
        lead.status_now_label = status_label(lead.status_now)
        lead.criteria = criteria_of(lead.wording)

    @admin.action(description=gettext_lazy("Dismiss selected leads"), permissions=["decide"])
    def dismiss_selected(self, request: HttpRequest, leads: QuerySet[Lead]) -> None:
        """Dismiss all that are ticked for one reason; those that somebody has decided meanwhile stay as they are."""
        dismissed, late = [], []
        for lead in leads:
            try:
                actions.dismiss_lead(lead=lead, by=request.user, reason=request.POST.get("reason", ""))
                dismissed.append(lead)
            except actions.Refused as error:
                late += error.messages
        for message in dict.fromkeys(late):
            self.message_user(request, message, messages.ERROR)
        if dismissed:
            words = ngettext("%(count)s lead dismissed.", "%(count)s leads dismissed.", len(dismissed))
            self.say_and_offer_undo(request, words % {"count": len(dismissed)}, dismissed)

    def say_and_offer_undo(self, request: HttpRequest, words: str, leads: list[Lead]) -> None:
        """A message with a button that opens the leads again; the page it appears on has the form `desk-undo`."""
        button = format_html(
            '{} <button type="submit" form="desk-undo" name="leads" value="{}">{}</button>',
            words,
            ",".join(str(lead.pk) for lead in leads),
            _("Undo"),
        )
        self.message_user(request, button, messages.SUCCESS)

    @decision
    def accept_view(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        """Accept: the draft that it becomes is opened."""
        also = [int(pk) for pk in request.POST.getlist("also") if pk.isascii() and pk.isdigit()][:100]
        update = actions.accept_lead(lead=lead, by=request.user, also=[pk for pk in also if pk < 2**63])
        self.message_user(
            request,
            _("Accepted. Here is the draft with its evidence: use your own words, check the status, submit it."),
            messages.SUCCESS,
        )
        return HttpResponseRedirect(self.change_url(update))

    @decision
    def dismiss_view(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        """Dismiss for a reason."""
        form = DismissForm(request.POST)
        if not form.is_valid():
            return self.lead_page(request, lead, dismiss_form=form, status=422)
        actions.dismiss_lead(lead=lead, by=request.user, **form.cleaned_data)
        self.say_and_offer_undo(request, _("Dismissed: %(title)s.") % {"title": lead.article.title}, [lead])
        return HttpResponseRedirect(self.inbox_url(request))

    @decision
    def snooze_view(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        """Put away until a day."""
        form = SnoozeForm(request.POST)
        if not form.is_valid():
            return self.lead_page(request, lead, snooze_form=form, status=422)
        until: date = form.cleaned_data["until"]
        actions.snooze_lead(lead=lead, by=request.user, until=until)
        words = _("Snoozed until %(day)s: %(title)s.") % {"day": written(until), "title": lead.article.title}
        self.say_and_offer_undo(request, words, [lead])
        return HttpResponseRedirect(self.inbox_url(request))

    @decision
    def reopen_view(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        """Open again what was dismissed or snoozed."""
        actions.reopen_lead(lead=lead, by=request.user)
        self.message_user(request, _("Open again: %(title)s.") % {"title": lead.article.title}, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(lead))

    @method_decorator(csrf_protect)
    def undo_view(self, request: HttpRequest) -> HttpResponse:
        """Open again the leads that were dismissed or snoozed a moment ago (POST `leads`: ids, comma-separated)."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_decide_permission(request):
            raise PermissionDenied
        ids = [int(part) for part in request.POST.get("leads", "").split(",") if part.isdecimal()]
        opened = 0
        for lead in Lead.objects.filter(pk__in=ids[:500]):
            try:
                actions.reopen_lead(lead=lead, by=request.user)
                opened += 1
            except actions.Refused as error:
                self.message_user(request, error.messages[0], messages.ERROR)
        if opened:
            words = ngettext("%(count)s lead is open again.", "%(count)s leads are open again.", opened)
            self.message_user(request, words % {"count": opened}, messages.SUCCESS)
        return HttpResponseRedirect(self.inbox_url(request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """A lead's own page."""
        lead = self.get_object(request, unquote(object_id))
        if lead is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, lead):
            raise PermissionDenied
        return self.lead_page(request, lead)

    def lead_page(
        self,
        request: HttpRequest,
        lead: Lead,
        dismiss_form: DismissForm | None = None,
        snooze_form: SnoozeForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The article with the sentence marked, beside what the pledge asks for, and the forms to decide with."""
        self.explain(lead)
        article = lead.article
        context = {
            **self.admin_site.each_context(request),
            "title": article.title,
            "opts": self.opts,
            "original": lead,
            "lead": lead,
            "paragraphs": paragraphs(article.text or article.summary, lead.sentence, lead.words),
            "kept_copy": capture_link(Capture.objects.defer("body").filter(pk=article.capture_id).first()),
            "stands": where_it_stands(lead.pledge),
            "may_decide": self.has_decide_permission(request),
            "waiting": lead.state in {Lead.State.OPEN, Lead.State.SNOOZED},
            "dismiss_form": dismiss_form or DismissForm(),
            "snooze_form": snooze_form or SnoozeForm(),
            "presets": snooze_presets(),
            "preserved_filters": self.get_preserved_filters(request),
            "inbox_url": self.inbox_url(request),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/pledges/lead/lead.html", context, status=status)
