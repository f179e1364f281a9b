"""The inbox: what the watch suggests, and what an editor decides about it."""

import copy
from collections.abc import Iterable

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.desk.leads import presence
from pledges.desk.leads.decisions import LeadDecisions
from pledges.desk.leads.highlight import marked, paragraphs
from pledges.desk.leads.lead_list import BulkActions, LanguageFilter, ScoreFilter, StateFilter
from pledges.desk.leads.outlets import outlets_of, told_by, told_by_merged
from pledges.desk.shared.base import DeskAdmin, ReadOnly, capture_link, criteria_of, status_label, where_it_stands
from pledges.desk.shared.due import status_now
from pledges.desk.shared.filters import PledgeFilter
from pledges.desk.shared.forms import DismissForm, SnoozeForm, snooze_presets
from pledges.models import Capture, Lead, Revision


@admin.register(Lead)
class LeadAdmin(LeadDecisions, BulkActions, ReadOnly, DeskAdmin):
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

    class Media:
        css = {"all": ["admin/pledges/desk.css"]}
        js = [Script("admin/pledges/desk.js", defer=True)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        """Leads with all that a row shows, in a fixed number of queries."""
        return (
            super()
            .get_queryset(request)
            .select_related(
                "article__source", "pledge", "decided_by", "raised_by", "update__author", "merged_into__article"
            )
            .defer(
                *("searched", "article__text", "article__summary", "pledge__search_en", "pledge__search_es"),
                *("merged_into__article__text", "merged_into__article__summary"),
            )
            .annotate(status_now=status_now("pledge"))
            .prefetch_related(
                "pledge__wordings",
                Prefetch("article__revisions", Revision.objects.defer("text_before")),
                told_by("article__"),
                *told_by_merged(),
            )
        )

    def inbox_url(self, request: HttpRequest) -> str:
        """The inbox with the filters with which the person came."""
        filters = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return add_preserved_filters(filters, reverse("admin:pledges_lead_changelist"))

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The inbox."""
        context = {"title": _("Inbox"), **self.row_context(request), "filters": request.GET.urlencode()}
        response = super().changelist_view(request, {**context, **(extra_context or {})})
        if changes := getattr(response, "context_data", {}).get("cl"):
            self.explain_all(request, changes.result_list)
        return response

    def explain_all(self, request: HttpRequest, leads: Iterable[Lead]) -> None:
        """Put on each lead what its row shows beside its own fields, and who else looks at it just now."""
        looking = presence.others([lead.pk for lead in leads], than=request.user, now=timezone.now())
        for lead in leads:
            self.explain(lead)
            lead.looking = looking.get(lead.pk, [])

    def explain(self, lead: Lead) -> None:
        """Put on the lead what its row shows beside its own fields."""
        lead.marked_sentence = marked(lead.sentence, lead.words)
        lead.percent = round(lead.score * 100)
        lead.outlets = outlets_of(lead)
        lead.changes = [change for change in lead.article.revisions.all() if change.found_at >= lead.raised_at]
        lead.opinion_percent = round((lead.opinion_score or 0) * 100)
        public = [wording for wording in lead.pledge.wordings.all() if wording.is_published]
        lead.wording = max(public, key=lambda wording: wording.number, default=None) or lead.pledge.latest_wording
        lead.status_now_label = status_label(lead.status_now)
        lead.criteria = criteria_of(lead.wording)

    def neighbours(self, request: HttpRequest, lead: Lead) -> dict[str, str]:
        """The addresses of the leads before and after this one in the inbox, under the filters with which one came.

        They are kept on the way; at either end there is no address.
        """
        inbox = copy.copy(request)
        inbox.GET = QueryDict(request.GET.get("_changelist_filters", ""))
        try:
            leads = self.get_changelist_instance(inbox).queryset
        except IncorrectLookupParameters:
            return {}
        newer = Q(raised_at__gt=lead.raised_at) | Q(raised_at=lead.raised_at, pk__gt=lead.pk)
        previous = leads.filter(newer).order_by("raised_at", "pk")
        following = leads.exclude(newer).exclude(pk=lead.pk).order_by("-raised_at", "-pk")
        filters = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return {
            name: add_preserved_filters(filters, reverse("admin:pledges_lead_change", args=[pk]))
            for name, rows in (("previous_url", previous), ("next_url", following))
            if (pk := rows.values_list("pk", flat=True).first())
        }

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
        now = timezone.now()
        presence.look(lead.pk, by=request.user, now=now)
        self.explain(lead)
        article = lead.article
        context = {
            **self.admin_site.each_context(request),
            "title": article.title,
            "opts": self.opts,
            "original": lead,
            "lead": lead,
            "looking": presence.others([lead.pk], than=request.user, now=now).get(lead.pk, []),
            "paragraphs": paragraphs(article.text or article.summary, lead.sentence, lead.words),
            "kept_copy": capture_link(Capture.objects.defer("body").filter(pk=article.capture_id).first()),
            "stands": where_it_stands(lead.pledge),
            "may_decide": self.has_decide_permission(request),
            "begun": self.begun(lead) if lead.state == Lead.State.ACCEPTED and lead.update_id else "",
            "waiting": lead.state in {Lead.State.OPEN, Lead.State.SNOOZED},
            "dismiss_form": dismiss_form or DismissForm(),
            "snooze_form": snooze_form or SnoozeForm(),
            "reasons": Lead.DismissReason.choices,
            "presets": snooze_presets(),
            "preserved_filters": self.get_preserved_filters(request),
            **self.neighbours(request, lead),
            "inbox_url": self.inbox_url(request),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/pledges/lead/lead.html", context, status=status)
