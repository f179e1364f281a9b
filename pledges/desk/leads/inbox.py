"""The inbox: the list of leads, and a lead's own page."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from pledges.desk.leads.decisions import LeadDecisions
from pledges.desk.leads.lead_list import (
    BulkActions,
    LanguageFilter,
    OrderFilter,
    ScoreFilter,
    StateFilter,
    SuggestionFilter,
)
from pledges.desk.shared.filters import PledgeFilter
from pledges.models import Lead


@admin.register(Lead)
class LeadAdmin(LeadDecisions, BulkActions):
    """Leads are made by the watch and decided by people; nobody edits one."""

    list_display = ["article"]
    list_display_links = None
    list_filter = [
        OrderFilter,
        StateFilter,
        SuggestionFilter,
        PledgeFilter,
        LanguageFilter,
        ScoreFilter,
        ("suggested_status", admin.ChoicesFieldListFilter),
    ]
    search_fields = ["article__title", "article__publisher", "sentence", "pledge__slug"]
    list_per_page = 25

    class Media:
        css = {"all": ["admin/pledges/desk.css"]}
        js = [Script("admin/pledges/desk.js", defer=True)]

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """By the address; changes first, and then by score, if that says nothing."""
        return OrderFilter.ordering(request.GET.get("order", ""))

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        context = {"title": _("Inbox"), **self.row_context(request), "filters": request.GET.urlencode()}
        response = super().changelist_view(request, {**context, **(extra_context or {})})
        shown = getattr(response, "context_data", {})
        if changes := shown.get("cl"):
            self.explain_all(request, changes.result_list)
            shown["orders"] = OrderFilter.links(changes, request.GET.get("order", ""))
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        lead = self.get_object(request, unquote(object_id))
        if lead is None:
            return self.not_found(request, object_id)
        if not self.has_view_permission(request, lead):
            raise PermissionDenied
        return self.lead_page(request, lead)
