"""Corrections of a public pledge's day, mandate or address: begun on its page, written, published by somebody else."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from pledges.desk.shared.base import language_pairs
from pledges.desk.shared.filters import PledgeFilter
from pledges.desk.shared.work_filters import WaitsFilter
from pledges.desk.writing.forms import PledgeCorrectionForm
from pledges.desk.writing.publishable import HEAD, PublicationFilter, PublishableAdmin
from pledges.models import PledgeCorrection
from pledges.queries import pledge_corrections


@admin.register(PledgeCorrection)
class PledgeCorrectionAdmin(PublishableAdmin):
    """The admin of corrections of pledges: what the day, the mandate and the address are, were, and why."""

    form = PledgeCorrectionForm
    list_display = ["what", "changes", "state", "author", "updated_at"]
    list_filter = [PublicationFilter, WaitsFilter, PledgeFilter]
    search_fields = ["note_en", "note_es", "slug", "was_slug", "pledge__slug"]
    ordering = ["-updated_at"]
    readonly_fields = ["pledge_link"]
    fieldsets = [
        (None, {"fields": [HEAD, "pledge_link"]}),
        (
            gettext_lazy("Day, mandate and address"),
            {
                "fields": [("made_on", "made_on_precision"), "mandate", "slug"],
                "description": gettext_lazy(
                    "The fields hold what is published now: change what is wrong. Earlier editions go on showing what "
                    "they said, and the old address redirects to the new one."
                ),
            },
        ),
        (
            gettext_lazy("What was wrong"),
            {
                "fields": language_pairs("note"),
                "description": gettext_lazy("Needed before it is published, in at least one language."),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PledgeCorrection]:
        """With the mandates, which the list names."""
        return super().get_queryset(request).select_related("mandate", "was_mandate")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A correction is begun on its pledge's page."""
        return False

    @admin.display(description=gettext_lazy("pledge"), ordering="pledge__slug")
    def what(self, correction: PledgeCorrection) -> str:
        return str(correction.pledge)

    @admin.display(description=gettext_lazy("what changes"))
    def changes(self, correction: PledgeCorrection) -> SafeString | str:
        """What it was and what it is, a line for each."""
        words = pledge_corrections.in_words(correction)
        return format_html_join(mark_safe("<br>"), "{}: <del>{}</del> → {}", words) or "—"

    @admin.display(description=gettext_lazy("pledge"))
    def pledge_link(self, correction: PledgeCorrection) -> SafeString:
        url = reverse("admin:pledges_pledge_change", args=[correction.pledge_id])
        return format_html('<a class="desk-link" href="{}">{}</a>', url, correction.pledge)
