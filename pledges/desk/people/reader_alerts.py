"""Readers' alerts: publishers see and can delete them; editors see how many there are."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.desk.shared.base import DeskAdmin, ReadOnly
from pledges.models import Alert


@admin.register(Alert)
class AlertAdmin(ReadOnly, DeskAdmin):
    """Readers' personal data: nobody at the desk enters it, and no history of it is kept."""

    list_display = ["email", "what", "language", "created_at", "confirmed_at", "mailed_at"]
    list_filter = ["kind", "language"]
    search_fields = ["email"]
    ordering = ["-created_at", "-id"]
    fields = [
        *("email", "what", "language", "created_at", "confirmed_at", "mailed_at", "told_edition", "told_on"),
        *("failures", "bounced_at"),
    ]

    @admin.display(description=gettext_lazy("what it is about"))
    def what(self, alert: Alert) -> str | SafeString:
        """What the reader asked for, with a link to the page that shows the same."""
        if alert.kind == Alert.Kind.WEEK:
            return str(alert.get_kind_display())
        if alert.kind == Alert.Kind.PLEDGE:
            url, text = reverse("pledge", args=[alert.query]), alert.query
        else:
            url, text = f"{reverse('pledges')}?{alert.query}", alert.query or _("every pledge")
        return format_html('<a href="{}">{}</a>', url, text)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Editors may open the list, which shows them counts; only publishers may open one alert."""
        may = request.user.has_perm
        return may("pledges.view_alert") or (obj is None and may("pledges.count_alert"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """For publishers, when a reader asks for it by other means."""
        return request.user.has_perm("pledges.delete_alert")

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The list; for editors only the counts."""
        if request.user.has_perm("pledges.view_alert"):
            return super().changelist_view(request, extra_context)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        kinds = Alert.objects.order_by().values_list("kind", "language")
        counts = kinds.annotate(all=Count("pk"), confirmed=Count("confirmed_at")).order_by("kind", "language")
        names, languages = dict(Alert.Kind.choices), dict(settings.LANGUAGES)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Readers’ alerts"),
            "opts": self.opts,
            "counts": [(names[kind], languages[language], *numbers) for kind, language, *numbers in counts],
        }
        return TemplateResponse(request, "admin/pledges/alert/counts.html", context)
