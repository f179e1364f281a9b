"""Updates: written from evidence, reviewed, published, corrected."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pledges.accounts.requests import user_of
from pledges.actions import errors, publishing
from pledges.desk.leads.highlight import paragraphs
from pledges.desk.leads.outlets import leads_of
from pledges.desk.shared.base import URLS, BoundedInline, annotated, capture_link, language_pairs
from pledges.desk.shared.filters import PledgeFilter, UsedFilter
from pledges.desk.shared.work_filters import WaitsFilter
from pledges.desk.writing.bulk import BulkPages
from pledges.desk.writing.evidence_forms import EvidenceFormSet
from pledges.desk.writing.forms import UpdateForm
from pledges.desk.writing.publishable import HEAD, PublicationFilter
from pledges.desk.writing.withdrawals import WithdrawingPages
from pledges.domain.dates import written
from pledges.models import Article, Evidence, Preservation, Update
from pledges.queries.told_already import of_draft


class EvidenceInline(BoundedInline, admin.StackedInline):
    """The evidence, on its update's page; its permissions are those of the update."""

    model = Evidence
    formset = EvidenceFormSet
    formfield_overrides = {
        **URLS,
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 2})},
    }
    fields = [
        "url",
        ("publisher", "title"),
        ("published_on", "language"),
        "sentence",
        "in_context",
        "captured",
    ]
    readonly_fields = ["in_context", "captured"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        """Without the captures' bytes, with the text of the article that was read from the captured page."""
        texts = Article.objects.filter(capture=OuterRef("capture")).order_by("pk").values("text")[:1]
        rows = super().get_queryset(request).select_related("capture", "preservation__capture")
        return rows.defer("capture__body", "preservation__capture__body").annotate(article_text=Subquery(texts))

    def get_extra(self, request: HttpRequest, obj: Update | None = None, **kwargs: Any) -> int:
        """An empty form, because "Add another" needs JavaScript."""
        return 1

    @admin.display(description=gettext_lazy("in its context"))
    def in_context(self, piece: Evidence) -> str | SafeString:
        """The sentence in its paragraph of the captured text, with the paragraphs before and after."""
        if not piece.sentence:
            return "—"
        all_parts = paragraphs(getattr(piece, "article_text", None) or "", piece.sentence, [])
        place = next((number for number, (_before, middle, _after) in enumerate(all_parts) if middle), None)
        if place is None:
            return _("not found in what was captured")
        html = [
            format_html("<p>{}<mark>{}</mark>{}</p>", *part) if part[1] else format_html("<p>{}</p>", part[0])
            for part in all_parts[max(0, place - 1) : place + 2]
        ]
        context = mark_safe("".join(html))  # each is escaped above
        if not piece.language:
            return format_html('<div class="desk-context">{}</div>', context)
        return format_html('<div class="desk-context" lang="{}">{}</div>', piece.language, context)

    @admin.display(description=gettext_lazy("kept copy"))
    def captured(self, piece: Evidence) -> str | SafeString:
        """When the page was captured and its hash; once published, a link to how it is preserved."""
        preservation = getattr(piece, "preservation", None)
        link = capture_link((preservation and preservation.capture) or piece.capture)
        if preservation is None:
            return link
        url = reverse("admin:pledges_preservation_change", args=[preservation.pk])
        return format_html('{} · <a class="desk-link" href="{}">{}</a>', link, url, _("how it is kept"))


@admin.register(Update)
class UpdateAdmin(BulkPages, WithdrawingPages):
    """Drafts are edited, published updates are read, corrected and withdrawn."""

    form = UpdateForm
    inlines = [EvidenceInline]
    history_parts = [Evidence]
    list_display = [
        *("what", "happened", "status", "state", "author"),
        annotated("pieces", gettext_lazy("evidence")),
        "updated_at",
    ]
    list_filter = [
        PublicationFilter,
        WaitsFilter,
        ("author", UsedFilter),
        ("status", admin.ChoicesFieldListFilter),
        PledgeFilter,
    ]
    search_fields = ["text_en", "text_es", "pledge__slug", "evidence__publisher", "evidence__title"]
    ordering = ["-updated_at"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.correct_view)
        return [path("<int:pk>/correct/", view, name="pledges_update_correct"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Update]:
        pieces = Evidence.objects.filter(update=OuterRef("pk")).order_by().values("update").values(count=Count("pk"))
        return super().get_queryset(request).annotate(pieces=Coalesce(Subquery(pieces), 0))

    def get_fieldsets(self, request: HttpRequest, obj: Update | None = None) -> Any:
        """The fields in the order in which an update is written; a correction first says what was wrong."""
        correcting = [(_("What was wrong"), {"fields": language_pairs("correction_note")})]
        is_correction = bool(obj and obj.corrects_id)
        fieldsets = [
            (None, {"fields": [HEAD, *(["corrected"] if is_correction else [])]}),
            *(correcting if is_correction else []),
            (
                _("What happened"),
                {"fields": ["pledge", ("happened_on", "happened_precision"), *language_pairs("text")]},
            ),
            (
                _("Where that leaves the pledge"),
                {"fields": [("status", "failure_reason"), *language_pairs("reason_detail")]},
            ),
        ]
        return self.in_written_languages(request, fieldsets, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Update | None = None) -> tuple[str, ...]:
        """The pledge of a correction, or of an update that was moved there, does not change."""
        is_fixed = obj and (obj.corrects_id or hasattr(obj, "moved_by"))
        fixed = ["pledge"] if is_fixed else []
        return (*super().get_readonly_fields(request, obj), "corrected", *fixed)

    def may_submit(self, request: HttpRequest, item: Update) -> bool:
        """Also the permission to submit."""
        return super().may_submit(request, item) and request.user.has_perm("pledges.submit_update")

    def do_submit(self, request: HttpRequest, item: Update) -> str:
        """Submit for review. Raises PermissionDenied without the permission."""
        if not request.user.has_perm("pledges.submit_update"):
            raise PermissionDenied
        return super().do_submit(request, item)

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        """With its correction, or the button to begin one, and the leads that it was made from."""
        item: Update | None = context.get("original")
        published = item is not None and item.is_published
        correction = Update.objects.filter(corrects=item).first() if published else None
        corrected = bool(correction and correction.is_published)
        context |= self.withdrawing(request, item, corrected)
        withdrawn = context.get("withdrawal")
        context |= {
            "correction": correction,
            "may_correct": published
            and request.user.has_perm("pledges.correct_update")
            and not corrected
            and not (withdrawn and withdrawn.is_published),
            "leads": leads_of(item) if item else [],
            "told": of_draft(item) if item and not published else None,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Preservation rows are deleted with their evidence, without a permission of their own."""
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, needed - {str(Preservation._meta.verbose_name)}, protected

    @method_decorator(require_POST)
    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin a correction of a published update, or continue the one begun, and open it."""
        update: Update | None = self.get_object(request, str(pk))
        if update is None:
            return self.not_found(request, pk)
        if not request.user.has_perm("pledges.correct_update"):
            raise PermissionDenied
        try:
            draft = publishing.start_correction(update=update, by=user_of(request))
        except errors.Refused as error:
            return self.refused(request, error, self.change_url(update))
        self.message_user(request, _("This draft will correct the published update. Say what was wrong, and mend it."))
        return HttpResponseRedirect(self.change_url(draft))

    @admin.display(description=gettext_lazy("pledge"), ordering="pledge__slug")
    def what(self, update: Update) -> str:
        return str(update.pledge)

    @admin.display(description=gettext_lazy("happened on"), ordering="happened_on")
    def happened(self, update: Update) -> str:
        return written(update.happened_on, update.happened_precision, short=True)

    @admin.display(description=gettext_lazy("corrects"))
    def corrected(self, update: Update) -> str:
        """A link to the update that this corrects."""
        old = update.corrects
        if old is None:
            return "—"
        return format_html('<a href="{}">{}</a> “{}”', self.change_url(old), old, old.text)
