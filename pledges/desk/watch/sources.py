"""Sources with their health, and the articles that were found."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from pledges.actions import errors, watch
from pledges.desk.shared.base import SHORT_TEXTS, DeskAdmin, ReadOnly, annotated, capture_link, language_pairs
from pledges.desk.shared.filters import ChosenFilter, UsedFilter
from pledges.desk.watch.add_source import AddSourcePages
from pledges.desk.watch.forms import SourceForm
from pledges.jobs import source_health
from pledges.models import Article, Lead, Source

BREAK = mark_safe("<br>")
FLAGS = ("active", "official")
FIELDS_THAT_ARE_READ = {"url", "selector", "indicator", "series", "data_path", "period_column", "value_column"}


class HealthFilter(ChosenFilter):
    """By how a source does."""

    title = gettext_lazy("health")
    parameter_name = "health"
    options = (
        ("good", gettext_lazy("Read without trouble")),
        ("failing", gettext_lazy("Failing")),
        ("silent", gettext_lazy("Unusually silent")),
        ("gone", gettext_lazy("Gone for good")),
        ("never", gettext_lazy("Never read")),
        ("off", gettext_lazy("Not watched")),
    )

    def narrow(self, sources: QuerySet[Source], value: str) -> QuerySet[Source]:
        if value == "silent":
            return source_health.silent(sources, now=timezone.now())
        if value == "gone":
            return source_health.gone(sources)
        if value == "off":
            return sources.filter(active=False)
        watched = sources.filter(active=True)
        if value == "failing":
            return watched.filter(failing_since__isnull=False)
        return watched.filter(failing_since__isnull=True, last_success_at__isnull=value == "never")


class SwitchForm(ModelForm):
    """A source's row in the list, with its switch "watched"."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["active"].widget.attrs["aria-label"] = _("Watch %(name)s") % {"name": self.instance.name}


@admin.register(Source)
class SourceAdmin(AddSourcePages):
    """Sources are entered by editors; the watch records how they do."""

    form = SourceForm
    formfield_overrides = SHORT_TEXTS
    list_display = ["name", "what", "language", "active", "health", "last_success_at", "a_day", "items", "note"]
    list_editable = ["active"]
    list_filter = [HealthFilter, "kind", "language", "official"]
    search_fields = ["name", "publisher", "url"]
    actions = ["read_now"]
    readonly_fields = [
        *("health", "last_attempt_at", "last_success_at", "next_due_at", "failures", "items", "sample", "a_day"),
        *("usual_gap", "current_minutes", "last_item_at", "moved_from", "moved_at", "notice"),
    ]
    figures: Any = (
        gettext_lazy("Figures"),
        {
            "fields": [("indicator", "series"), "data_path", ("period_column", "value_column")],
            "description": gettext_lazy("They wait beside the indicator until somebody publishes them."),
        },
    )
    part: Any = (gettext_lazy("What is watched"), {"fields": ["selector"]})
    rest: Any = (
        (gettext_lazy("Note"), {"fields": language_pairs("note")}),
        (
            gettext_lazy("How it does"),
            {
                "fields": [
                    "health",
                    ("last_attempt_at", "last_success_at", "next_due_at"),
                    ("failures", "items", "a_day"),
                    ("usual_gap", "current_minutes", "last_item_at"),
                    ("moved_from", "moved_at"),
                ]
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Source | None = None) -> Any:
        """Only what the source's kind has; everything while the kind is still to be chosen."""
        times = ("language", "interval_minutes", "slowest_minutes")
        pledge = ["pledge"] if obj and obj.pledge_id else []
        head = (None, {"fields": ["name", "publisher", "kind", "url", times, (*FLAGS, "sample"), *pledge]})
        notice = [(None, {"fields": ["notice"]})] if obj and obj.notice else []
        by_kind: dict[str, list] = {Source.Kind.DATA: [self.figures, *notice], Source.Kind.PAGE: [self.part]}
        own = by_kind.get(obj.kind, []) if obj else [self.part, self.figures]
        fieldsets = [head, *own, *(self.rest if obj else self.rest[:1])]
        return self.in_written_languages(request, fieldsets, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> list[str]:
        """A source's kind does not change: what was read of it is of that kind."""
        return [*super().get_readonly_fields(request, obj), *(["kind", "pledge"] if obj else [])]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.read_view)
        return [path("<int:pk>/read/", view, name="pledges_source_read"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """With the number of articles, in all and in the last week."""
        rows = super().get_queryset(request).annotate(items=Count("articles"))
        return source_health.with_items(rows, now=timezone.now())

    def get_actions(self, request: HttpRequest) -> dict:
        """Without deletion in bulk: a source with articles stays, one without is deleted on its page."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def save_model(self, request: HttpRequest, obj: Source, form: ModelForm, change: bool) -> None:
        """A new URL is another feed: forget what the watch knows of the old one.

        Another part of a page, or other columns, are read at once, even if the site answers "not modified".
        """
        if change and FIELDS_THAT_ARE_READ & set(form.changed_data):
            obj.etag = obj.last_modified = ""
            obj.next_due_at = None
        if change and "url" in form.changed_data:
            obj.failure = obj.left_out = ""
            obj.failing_since, obj.failures, obj.next_due_at = None, 0, None
            obj.gone_at = obj.usual_gap_minutes = obj.current_minutes = obj.last_item_at = None
        super().save_model(request, obj, form, change)

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[ModelForm]:
        """Name the source in the label of each switch, for screen readers."""
        return super().get_changelist_form(request, form=SwitchForm, **kwargs)

    @admin.action(description=gettext_lazy("Read selected sources now"), permissions=["change"])
    def read_now(self, request: HttpRequest, sources: QuerySet[Source]) -> None:
        """Make the selected sources due at once."""
        self.say_due(request, watch.read_now(sources=sources))

    @method_decorator(require_POST)
    def read_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make one source due at once."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        source = self.get_object(request, str(pk))
        if source is None:
            return self.not_found(request, pk)
        try:
            self.say_due(request, watch.read_now(sources=[source]))
        except errors.Refused as error:
            return self.refused(request, error, self.change_url(source))
        return HttpResponseRedirect(self.change_url(source))

    def say_due(self, request: HttpRequest, count: int) -> None:
        """Show how many sources are now due."""
        if count:
            words = ngettext(
                "%(count)s source is read within a minute.", "%(count)s sources are read within a minute.", count
            )
            self.message_user(request, words % {"count": count}, messages.SUCCESS)
        else:
            self.message_user(request, _("None of these is watched. Switch “watched” on first."), messages.WARNING)

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def what(self, source: Source) -> str:
        """The kind without what is in brackets, for a narrow column."""
        return source.get_kind_display().partition(" (")[0]

    @admin.display(description=gettext_lazy("health"), ordering="failing_since")
    def health(self, source: Source) -> str | SafeString:
        """In words: whether it is read, fails since when and why, is silent, gone or has moved."""
        if not source.pk:
            return "—"
        health = source_health.of(source)
        if not health.urgent:
            return health.sentence
        return format_html('<span class="desk-failing">{}</span>', health.sentence)

    @admin.display(description=gettext_lazy("articles a day"), ordering="recent")
    def a_day(self, source: Source) -> str:
        """The articles a day in the last week."""
        return number_format(source.recent / 7, 1) if source.pk else "—"

    @admin.display(description=gettext_lazy("usual time between two items"))
    def usual_gap(self, source: Source) -> str:
        return "—" if source.usual_gap_minutes is None else source_health.gap_in_words(source.usual_gap_minutes)

    @admin.display(description=gettext_lazy("articles"), ordering="items")
    def items(self, source: Source) -> str | SafeString:
        """The number of its articles, with a link to them."""
        if not source.pk:
            return "—"
        url = f"{reverse('admin:pledges_article_changelist')}?source__id__exact={source.pk}"
        return format_html('<a href="{}">{}</a>', url, source.items)

    @admin.display(description=gettext_lazy("note"))
    def note(self, source: Source) -> str:
        return str(source.note)


@admin.register(Article)
class ArticleAdmin(ReadOnly, DeskAdmin):
    """Articles as they were stored, read-only."""

    list_display = [
        "title",
        "publisher",
        "language",
        "published_at",
        "found_at",
        "state",
        annotated("raised", gettext_lazy("leads")),
    ]
    list_filter = ["state", "language", ("source", UsedFilter)]
    search_fields = ["title", "publisher", "url"]
    fields = [
        "title",
        "url",
        ("source", "publisher", "language"),
        ("published_at", "found_at"),
        ("state", "failure"),
        "kept_copy",
        "leads",
        "summary",
        "text",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """With the number of leads, without the captures' bytes."""
        rows = super().get_queryset(request).select_related("source", "capture").defer("capture__body")
        raised = Lead.objects.filter(article=OuterRef("pk")).order_by().values("article").values(count=Count("pk"))
        return rows.annotate(raised=Coalesce(Subquery(raised), 0))

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        return ["kept_copy", "leads"]

    @admin.display(description=gettext_lazy("kept copy"))
    def kept_copy(self, article: Article) -> str | SafeString:
        return capture_link(article.capture)

    @admin.display(description=gettext_lazy("leads"))
    def leads(self, article: Article) -> str | SafeString:
        """Its leads: pledge, score and state."""
        rows = [
            (self.change_url(lead), str(lead.pledge), round(lead.score * 100), lead.get_state_display())
            for lead in article.leads.select_related("pledge").prefetch_related("pledge__wordings")
        ]
        return format_html_join(BREAK, '<a href="{}">{}</a> · {} · {}', rows) or _("none")
