"""Pledges, edited on their own page, and their wordings, which are drafted, reviewed and published."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.accounts.requests import user_of
from pledges.actions import errors, pledge_corrections, publishing
from pledges.actions import retraction as retraction_actions
from pledges.desk.shared.base import (
    BoundedInline,
    EditionAdmin,
    language_pairs,
    status_label,
    title_only,
    where_it_stands,
)
from pledges.desk.shared.due import is_public, status_now
from pledges.desk.shared.filters import ChosenFilter, PledgeFilter
from pledges.desk.shared.languages import BilingualInline
from pledges.desk.shared.work_filters import DueFilter, LanguageFilter, WaitsFilter
from pledges.desk.watch.knowledge import KnowledgePages, WatchTermInline
from pledges.desk.writing.bulk import BulkPages, PledgeBulk
from pledges.desk.writing.forms import PledgeForm, WordingForm
from pledges.desk.writing.publishable import HEAD, PublicationFilter, PublishableAdmin
from pledges.domain.dates import written
from pledges.domain.lazy import lazy
from pledges.models import CRITERIA, Pledge, Retraction, State, WatchTerm, Wording
from pledges.models.pledge import PledgeCarried, PledgeInstitution, PledgeTopic
from pledges.queries.search import fulltext

if TYPE_CHECKING:
    from pledges.jobs import duplicates
else:
    duplicates = lazy("pledges.jobs.duplicates")

WORDING_FIELDSETS: list[Any] = [
    (
        gettext_lazy("The pledge in our words"),
        {"fields": [*language_pairs("title", "statement"), ("quote", "quote_language")]},
    ),
    (
        gettext_lazy("What would count as what"),
        {
            "fields": language_pairs(*CRITERIA),
            "description": gettext_lazy("Written before the pledge is rated. Outcomes count, not effort."),
        },
    ),
    (
        gettext_lazy("Deadline"),
        {"fields": [("deadline", "deadline_precision"), *language_pairs("deadline_note")]},
    ),
]


class PublicFilter(ChosenFilter):
    """By whether readers see the pledge."""

    title = gettext_lazy("state")
    parameter_name = "public"
    options = (
        ("yes", gettext_lazy("Public")),
        ("no", gettext_lazy("Not public yet")),
        ("retracted", gettext_lazy("Retracted")),
    )

    def narrow(self, pledges: QuerySet[Pledge], value: str) -> QuerySet[Pledge]:
        retracted = pledges.filter(retraction__state=State.PUBLISHED)
        if value == "retracted":
            return retracted
        return pledges.filter(is_public()) if value == "yes" else pledges.filter(~is_public()).exclude(pk__in=retracted)


class FirstWordings(BaseInlineFormSet):
    """The first wording beside a new pledge: its validation compares its deadline with the day of the pledge."""

    default_error_messages = {
        "too_few_forms": gettext_lazy("Write its words: at least a title, a statement, and what would count as kept."),
    }

    def add_fields(self, form: ModelForm, index: int | None) -> None:
        """Give the wording its pledge, although that is not saved yet."""
        form.instance.pledge = self.instance
        super().add_fields(form, index)


class FirstWordingInline(BoundedInline, BilingualInline, admin.StackedInline):
    """The first wording, on the page on which the pledge is entered."""

    model = Wording
    form = WordingForm
    formset = FirstWordings
    fieldsets = WORDING_FIELDSETS
    min_num = max_num = 1
    validate_min = True
    can_delete = False
    verbose_name = verbose_name_plural = gettext_lazy("wording")

    def get_formset(self, request: HttpRequest, obj: Pledge | None = None, **kwargs: Any) -> Any:
        """Require the wording."""
        return super().get_formset(request, obj, validate_min=True, **kwargs)


@admin.register(Pledge)
class PledgeAdmin(PledgeBulk, KnowledgePages, EditionAdmin):
    """A pledge without its wordings."""

    form = PledgeForm
    history_parts = [PledgeTopic, PledgeInstitution, PledgeCarried, WatchTerm]
    final_fields = ("slug", "mandate", "made_on", "made_on_precision")
    list_display = ["title", "status", "wording_state", "headline", "reviewed_on", "review_due"]
    list_filter = [PublicFilter, DueFilter, LanguageFilter, "headline", "topics", "mandate"]
    search_fields = ["slug", "corrections__was_slug", "wordings__title_en", "wordings__title_es"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "slug",
                    ("mandate", "source_document"),
                    ("made_on", "made_on_precision"),
                ]
            },
        ),
        (gettext_lazy("Where it belongs"), {"fields": ["topics", "institutions", "carried_into"]}),
        (
            gettext_lazy("How it is watched"),
            {"fields": [("headline", "review_interval_days"), ("also_called_en", "also_called_es")]},
        ),
    ]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/reviewed/", wrap(self.reviewed_view), name="pledges_pledge_reviewed"),
            path("<int:pk>/wording/", wrap(self.wording_view), name="pledges_pledge_wording"),
            path("<int:pk>/correct/", wrap(self.correct_view), name="pledges_pledge_correct"),
            path("<int:pk>/retract/", wrap(self.retract_view), name="pledges_pledge_retract"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pledge]:
        """With titles and status, in a fixed number of queries."""
        rows = super().get_queryset(request).defer("search_en", "search_es").select_related("mandate", "retraction")
        return rows.annotate(status_now=status_now("pk")).prefetch_related(title_only())

    def get_inlines(self, request: HttpRequest, obj: Pledge | None) -> list[type]:
        """The wording is part of the form only while the pledge is new."""
        return [WatchTermInline] if obj else [FirstWordingInline]

    def is_final(self, row: Pledge) -> bool:
        """A public pledge keeps its slug, mandate and day."""
        return any(wording.is_published for wording in row.wordings.all())

    def has_change_permission(self, request: HttpRequest, obj: Pledge | None = None) -> bool:
        """A retracted pledge is read-only."""
        return super().has_change_permission(request, obj) and not (obj and self.retraction_of(obj, published=True))

    def retraction_of(self, pledge: Pledge, *, published: bool = False) -> Retraction | None:
        """The pledge's retraction, if there is one; with `published` only if that is published."""
        retraction = getattr(pledge, "retraction", None)
        return retraction if retraction and (retraction.is_published or not published) else None

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The author of the first wording is the person who enters the pledge."""
        if formset.model is Wording:
            for wording in formset.save(commit=False):
                wording.author = user_of(request)
                wording.save()
        else:
            super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: list, change: bool) -> None:
        """Other names of a pledge make no edition, but the public search finds them at once."""
        super().save_related(request, form, formsets, change)
        if change and {"also_called_en", "also_called_es"} & set(form.changed_data):
            fulltext.index([form.instance.pk])

    def response_add(self, request: HttpRequest, obj: Pledge, post_url_continue: str | None = None) -> HttpResponse:
        """Open the wording, which has to be reviewed and published."""
        if "_continue" in request.POST or "_addanother" in request.POST or "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(
            request, _("The pledge is entered. This is its wording: submit it when it is ready."), messages.SUCCESS
        )
        return HttpResponseRedirect(self.change_url(obj.wordings.get()))

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        """With the pledge's status and the buttons of what this person may do."""
        pledge: Pledge | None = context.get("original")
        if pledge:
            latest = pledge.latest_wording
            # As it is stored: an invalid form leaves in `original` what was typed, be it a million years.
            stored = Pledge.objects.only("reviewed_on", "created_at", "review_interval_days").get(pk=pledge.pk)
            due_on = stored.review_due_on
            user = user_of(request)
            retraction = self.retraction_of(pledge)
            context |= {
                "retraction": retraction,
                "may_correct": user.has_perm("pledges.add_pledgecorrection") and self.is_final(pledge),
                "correction": pledge.corrections.exclude(state=State.PUBLISHED).first(),
                "may_retract": user.has_perm("pledges.add_retraction") and self.is_final(pledge),
                "stands": where_it_stands(pledge),
                "latest": latest,
                "may_reword": user.has_perm("pledges.add_wording"),
                "may_update": user.has_perm("pledges.add_update"),
                "may_review": user.has_perm("pledges.change_pledge"),
                "may_search": user.has_perm("pledges.add_source"),
                "due_on": due_on,
                "follows": pledge.followers.filter(pk=user.pk).exists(),
                "overdue": due_on <= timezone.localdate(),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def reviewed_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record that a person has reviewed the pledge and nothing has to change."""
        pledge = self._posted(request, pk, "pledges.change_pledge")
        if isinstance(pledge, Pledge):
            publishing.mark_reviewed(pledge=pledge, by=user_of(request))
            pledge.refresh_from_db(fields=["reviewed_on"])
            words = _("Marked as reviewed today; due again on %(day)s.") % {"day": written(pledge.review_due_on)}
            self.message_user(request, words, messages.SUCCESS)
            return HttpResponseRedirect(self.change_url(pledge))
        return pledge

    def wording_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin a new wording, or continue the one begun, and open it."""
        pledge = self._posted(request, pk, "pledges.add_wording")
        if isinstance(pledge, Pledge):
            return HttpResponseRedirect(self.change_url(publishing.start_wording(pledge=pledge, by=user_of(request))))
        return pledge

    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin to correct a public pledge's day, mandate or address, or continue what was begun, and open it."""
        pledge = self._posted(request, pk, "pledges.add_pledgecorrection")
        if not isinstance(pledge, Pledge):
            return pledge
        try:
            draft = pledge_corrections.start_pledge_correction(pledge=pledge, by=user_of(request))
        except errors.Refused as error:
            return self.refused(request, error, self.change_url(pledge))
        return HttpResponseRedirect(self.change_url(draft))

    def retract_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin the retraction of a published pledge, or continue the one begun, and open it."""
        pledge = self._posted(request, pk, "pledges.add_retraction")
        if not isinstance(pledge, Pledge):
            return pledge
        try:
            draft = retraction_actions.start_retraction(pledge=pledge, by=user_of(request))
        except errors.Refused as error:
            return self.refused(request, error, self.change_url(pledge))
        return HttpResponseRedirect(self.change_url(draft))

    @admin.display(description=gettext_lazy("title"), ordering="slug")
    def title(self, pledge: Pledge) -> str:
        """The newest wording's title."""
        return str(pledge)

    @admin.display(description=gettext_lazy("status"), ordering="status_now")
    def status(self, pledge: Pledge) -> str:
        return status_label(pledge.status_now)

    @admin.display(description=gettext_lazy("wording"))
    def wording_state(self, pledge: Pledge) -> str | SafeString:
        """Whether it is public, and the state of a newer wording."""
        if self.retraction_of(pledge, published=True):
            return _("retracted")
        wordings = list(pledge.wordings.all())
        latest = pledge.latest_wording
        if latest is None:
            return _("none")
        if latest.is_published:
            return _("public")
        words = _("public, new one: %(state)s") if any(w.is_published for w in wordings) else "%(state)s"
        return words % {"state": latest.get_state_display()}

    @admin.display(description=gettext_lazy("review due"), ordering="reviewed_on")
    def review_due(self, pledge: Pledge) -> object:
        return pledge.review_due_on if self.is_final(pledge) else None


@admin.register(Wording)
class WordingAdmin(BulkPages, PublishableAdmin):
    """Wordings: a draft can be edited, a published one only read."""

    form = WordingForm
    list_display = ["what", "number", "state", "author", "updated_at"]
    list_filter = [PublicationFilter, WaitsFilter, LanguageFilter, PledgeFilter]
    search_fields = ["title_en", "title_es", "pledge__slug"]
    ordering = ["-updated_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A wording is begun on its pledge's page."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Wording | None = None) -> Any:
        """A wording after the first says why the words change."""
        why = [(_("Why the words change"), {"fields": language_pairs("change_note")})]
        head = (None, {"fields": [HEAD]})
        fieldsets = [head, *(why if obj and obj.number > 1 else []), *WORDING_FIELDSETS]
        return self.in_written_languages(request, fieldsets, obj)

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        """While the pledge is not public, with the pledges that say something like it."""
        wording: Wording | None = context.get("original")
        if wording and wording.number == 1 and not wording.is_published:
            context["like"] = duplicates.like_wording(wording)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("title"), ordering="pledge__slug")
    def what(self, wording: Wording) -> str:
        return str(wording)
