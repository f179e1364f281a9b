"""Retractions: begun on the pledge's page, written, and published by somebody else."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from pledges.desk.shared.base import language_pairs
from pledges.desk.shared.filters import PledgeFilter
from pledges.desk.shared.work_filters import WaitsFilter
from pledges.desk.writing.forms import RetractionForm
from pledges.desk.writing.publishable import HEAD, PublicationFilter, PublishableAdmin
from pledges.models import Retraction


@admin.register(Retraction)
class RetractionAdmin(PublishableAdmin):
    """The admin of retractions: that a pledge was published by mistake, and why."""

    form = RetractionForm
    list_display = ["what", "state", "author", "updated_at"]
    list_filter = [PublicationFilter, WaitsFilter, PledgeFilter]
    search_fields = ["note_en", "note_es", "pledge__slug"]
    ordering = ["-updated_at"]
    readonly_fields = ["pledge_link"]
    fieldsets = [
        (None, {"fields": [HEAD, "pledge_link"]}),
        (
            gettext_lazy("Why it is retracted"),
            {
                "fields": language_pairs("note"),
                "description": gettext_lazy(
                    "Only for a pledge that should never have been published: it was not made, not by this person, or "
                    "is here twice. What changed or was wrong in it is mended by a correction. A retraction is final."
                ),
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A retraction is begun on its pledge's page."""
        return False

    def may_submit(self, request: HttpRequest, item: Retraction) -> bool:
        """Also the permission to begin a retraction."""
        return super().may_submit(request, item) and request.user.has_perm("pledges.add_retraction")

    @admin.display(description=gettext_lazy("pledge"), ordering="pledge__slug")
    def what(self, retraction: Retraction) -> str:
        return str(retraction.pledge)

    @admin.display(description=gettext_lazy("pledge"))
    def pledge_link(self, retraction: Retraction) -> SafeString:
        url = reverse("admin:pledges_pledge_change", args=[retraction.pledge_id])
        return format_html('<a class="desk-link" href="{}">{}</a>', url, retraction.pledge)
