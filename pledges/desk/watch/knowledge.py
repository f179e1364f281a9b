"""What the watch knows of a pledge (its own words, editors' words, learned words), and how good the watch is."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.accounts.requests import user_of
from pledges.actions import errors, learning
from pledges.desk.shared.base import BoundedInline, DeskAdmin, ReadOnly, title_only
from pledges.domain.lazy import lazy
from pledges.models import Pledge, WatchQuality, WatchTerm

if TYPE_CHECKING:
    from pledges.jobs import insight
else:
    insight = lazy("pledges.jobs.insight")


class WatchTermFormSet(BaseInlineFormSet):
    """The editors' words for one pledge; each phrase once in a language."""

    def clean(self) -> None:
        """Normalize white space; refuse phrases without letters or figures and duplicates, at the field."""
        seen = set()  # Django's own message for duplicates does not name the phrase
        for form in self.forms:
            data = getattr(form, "cleaned_data", None) or {}
            if data.get("DELETE") or "phrase" not in data:
                continue
            phrase = " ".join(data["phrase"].split())
            form.instance.phrase = data["phrase"] = phrase
            key = (data.get("language"), phrase.casefold())
            if not any(letter.isalnum() for letter in phrase):
                form.add_error("phrase", _("Write a word or a few: letters or figures."))
            elif key in seen:
                form.add_error("phrase", _("“%(word)s” stands here already. Keep one of them.") % {"word": phrase})
            seen.add(key)
        if any(form.errors for form in self.forms):
            raise ValidationError(_("Mend the words of the watch below."))


class WatchTermInline(BoundedInline, admin.StackedInline):
    """Editors' words for a pledge, on its page."""

    model = WatchTerm
    formset = WatchTermFormSet
    fields = [("language", "rule", "phrase")]
    extra = 1
    verbose_name = gettext_lazy("word of the watch")
    verbose_name_plural = gettext_lazy("Words of the watch")


class KnowledgePages(DeskAdmin):
    """Mixin for the admin of pledges: the page of what the watch knows, and its two buttons."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/knowledge/", wrap(self.knowledge_view), name="pledges_pledge_knowledge"),
            path("<int:pk>/strike/", wrap(self.strike_view), name="pledges_pledge_strike"),
            path("<int:pk>/unstrike/", wrap(self.unstrike_view), name="pledges_pledge_unstrike"),
            *super().get_urls(),
        ]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Store with each new word who added it."""
        if formset.model is WatchTerm:
            for term_form in formset.forms:
                if term_form.instance.pk is None:
                    term_form.instance.added_by = user_of(request)
        super().save_formset(request, form, formset, change)

    def _posted(self, request: HttpRequest, pk: int, permission: str) -> Pledge | HttpResponse:
        """The pledge of a button, or the response if there is none. Raises PermissionDenied without the permission."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return self.get_object(request, str(pk)) or self.not_found(request, pk)

    def knowledge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the watch knows of a pledge, and from which decisions."""
        pledge = self.get_object(request, str(pk))
        if pledge is None:
            return self.not_found(request, pk)
        if not self.has_view_or_change_permission(request, pledge):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("What the watch knows"),
            "subtitle": str(pledge),
            "opts": self.opts,
            "original": pledge,
            "may_strike": request.user.has_perm("pledges.add_watchterm"),
            "may_take_back": request.user.has_perm("pledges.delete_watchterm"),
            "known": insight.of(pledge),
            "quality": WatchQuality.objects.filter(pledge=pledge).first(),
            "leads_url": f"{reverse('admin:pledges_lead_changelist')}?pledge={pledge.pk}&state=all",
            "media": self.media,
        }
        return TemplateResponse(request, "admin/pledges/pledge/knowledge.html", context)

    def strike_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ban a learned word (POST `language`, `word`)."""
        pledge = self._posted(request, pk, "pledges.add_watchterm")
        if not isinstance(pledge, Pledge):
            return pledge
        back = reverse("admin:pledges_pledge_knowledge", args=[pk])
        word, language = request.POST.get("word", ""), request.POST.get("language", "")
        try:
            term = learning.strike_word(pledge=pledge, language=language, word=word, by=user_of(request))
        except errors.Refused as error:
            return self.refused(request, error, back)
        self.message_user(
            request,
            _("“%(word)s” is struck: no decision teaches it any more.") % {"word": term.phrase},
            messages.SUCCESS,
        )
        return HttpResponseRedirect(back)

    def unstrike_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Allow a banned word to be learned again (POST `term`: its id)."""
        pledge = self._posted(request, pk, "pledges.delete_watchterm")
        if not isinstance(pledge, Pledge):
            return pledge
        term = request.POST.get("term", "")
        word = learning.take_back_word(pledge=pledge, term=int(term)) if term.isdecimal() and len(term) < 19 else ""
        if word:
            self.message_user(request, _("“%(word)s” may be learned again.") % {"word": word}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:pledges_pledge_knowledge", args=[pk]))


@admin.register(WatchQuality)
class WatchQualityAdmin(ReadOnly, DeskAdmin):
    """How good the watch is, measured every night by replaying editors' decisions. Nobody edits it."""

    list_display_links = None
    ordering = ["pledge__slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WatchQuality]:
        """With the pledges' titles. The row without a pledge is the total."""
        rows = super().get_queryset(request).select_related("pledge").prefetch_related(title_only("pledge__"))
        return rows.defer("pledge__search_en", "pledge__search_es")

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The total in sentences, the bands of probability, and a line for each pledge."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = list(self.get_queryset(request))
        total = next((row for row in rows if row.pledge_id is None), None)
        context = {
            **self.admin_site.each_context(request),
            "title": _("How good the watch is"),
            "opts": self.opts,
            "total": total,
            "bands": insight.bands(total) if total else [],
            "rows": [row for row in rows if row.pledge_id],
            "media": self.media,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/pledges/watchquality/change_list.html", context)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Redirect to the list: a row has no page of its own."""
        return HttpResponseRedirect(reverse("admin:pledges_watchquality_changelist"))
