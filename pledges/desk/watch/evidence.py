"""How well evidence is preserved: links, captures and the sentences in them; and captures as WARC files."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pledges.desk.exchange.warc import file_name, warc_of
from pledges.desk.shared.base import DeskAdmin, ReadOnly, capture_link
from pledges.desk.shared.filters import ChosenFilter
from pledges.domain.dates import written
from pledges.models import Capture, Preservation


class KeptFilter(ChosenFilter):
    """By what is wrong."""

    title = gettext_lazy("how it is kept")
    parameter_name = "kept"
    options = (
        ("all", gettext_lazy("All")),
        ("dead", gettext_lazy("Link dead")),
        ("failing", gettext_lazy("Link failing, not yet dead")),
        ("uncaptured", gettext_lazy("Not captured")),
        ("unfound", gettext_lazy("Sentence not found")),
    )
    default = "all"

    def narrow(self, rows: QuerySet[Preservation], value: str) -> QuerySet[Preservation]:
        return {
            "dead": rows.filter(dead_since__isnull=False),
            "failing": rows.filter(dead_since=None).exclude(failure=""),
            "uncaptured": rows.filter(capture=None),
            "unfound": rows.filter(sentence_at=-1),
        }.get(value, rows)


@admin.register(Preservation)
class PreservationAdmin(ReadOnly, DeskAdmin):
    """What the watch knows of how published evidence is preserved; nobody edits it."""

    list_display = ["what", "pledge", "how_the_link_is", "capture_kept", "sentence", "archive"]
    list_filter = [KeptFilter]
    search_fields = ["evidence__url", "evidence__publisher", "evidence__title", "evidence__update__pledge__slug"]
    fields = [
        "link",
        "pledge",
        "update",
        "quoted",
        "how_the_link_is",
        ("checked_at", "due_at"),
        "capture_kept",
        "sentence",
        ("archive", "archived_at"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Preservation]:
        """With the evidence, its update and pledge, without the captures' bytes."""
        related = ("evidence__update__pledge", "capture")
        return super().get_queryset(request).select_related(*related).defer("capture__body", "capture__headers")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.warc_view)
        return [path("captures/<int:pk>/warc/", view, name="pledges_capture_warc"), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Preservation | None = None) -> list[str]:
        shown = ["link", "pledge", "update", "quoted", "how_the_link_is", "capture_kept", "sentence", "archive"]
        return [*shown, "checked_at", "due_at", "archived_at"]

    def warc_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A capture as a WARC file, for those who may see updates: other publishers' pages are not ours to publish."""

        @require_safe
        def download(request: HttpRequest) -> HttpResponse:
            capture = Capture.objects.filter(pk=pk).first()
            if capture is None:
                raise Http404("there is no such capture")
            try:
                body = warc_of(capture, made_by=settings.WATCH_USER_AGENT, notes=self._notes(capture))
            except (ValueError, OSError, EOFError) as error:
                raise Http404("the capture is damaged: run manage.py verify") from error
            name = f'attachment; filename="{file_name(capture)}"'
            return HttpResponse(body, content_type="application/warc", headers={"Content-Disposition": name})

        if not request.user.has_perm("pledges.view_update"):
            raise PermissionDenied
        return download(request)

    def _notes(self, capture: Capture) -> list[tuple[str, str]]:
        """The published sentences that the capture is evidence for."""
        rows = Preservation.objects.filter(capture=capture).select_related("evidence__update__pledge")
        return [
            (
                "evidence-of",
                f"{row.evidence.update.pledge.slug}, update {row.evidence.update_id}: {row.evidence.sentence}",
            )
            for row in rows.order_by("pk")
        ]

    @admin.display(description=gettext_lazy("evidence"), ordering="evidence__publisher")
    def what(self, row: Preservation) -> str:
        return str(row.evidence)

    @admin.display(description=gettext_lazy("link"), ordering="evidence__url")
    def link(self, row: Preservation) -> SafeString:
        piece = row.evidence
        return format_html('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>', piece.url, piece)

    @admin.display(description=gettext_lazy("pledge"), ordering="evidence__update__pledge__slug")
    def pledge(self, row: Preservation) -> SafeString:
        """The pledge, with a link to the update that rests on it."""
        pledge = row.evidence.update.pledge
        return format_html('<a href="{}">{}</a>', self.change_url(row.evidence.update), pledge.slug)

    @admin.display(description=gettext_lazy("update"))
    def update(self, row: Preservation) -> SafeString:
        return format_html('<a href="{}">{}</a>', self.change_url(row.evidence.update), row.evidence.update)

    @admin.display(description=gettext_lazy("sentence relied on"))
    def quoted(self, row: Preservation) -> str:
        return row.evidence.sentence or "—"

    @admin.display(description=gettext_lazy("link is"), ordering="dead_since")
    def how_the_link_is(self, row: Preservation) -> str | SafeString:
        """Alive, failing (why), dead (since when and why), or not yet checked."""
        if row.dead_since:
            values = {"day": written(timezone.localdate(row.dead_since)), "reason": row.failure}
            return format_html('<span class="desk-failing">{}</span>', _("Dead since %(day)s: %(reason)s") % values)
        if row.failure:
            return _("Could not be read: %(reason)s") % {"reason": row.failure}
        return _("Alive") if row.checked_at else _("Not checked yet")

    @admin.display(description=gettext_lazy("kept copy"))
    def capture_kept(self, row: Preservation) -> str | SafeString:
        return capture_link(row.capture)

    @admin.display(description=gettext_lazy("sentence in it"), ordering="sentence_at")
    def sentence(self, row: Preservation) -> str:
        """Whether the capture contains the sentence."""
        if row.sentence_at is None:
            return "—"
        return _("found") if row.sentence_found else _("not found")

    @admin.display(description=gettext_lazy("public archive"))
    def archive(self, row: Preservation) -> str | SafeString:
        """A link to the page in a public archive, or why there is none."""
        if row.archive_url and row.archived_at:
            day = written(timezone.localdate(row.archived_at))
            return format_html('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>', row.archive_url, day)
        return row.archive_failure or "—"
