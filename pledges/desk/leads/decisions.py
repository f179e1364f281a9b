"""What an editor decides about one lead. Each decision is a view; it answers with a page or, to htmx, with a row."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pledges.accounts.requests import user_of
from pledges.actions import errors, lead_evidence
from pledges.actions import leads as lead_actions
from pledges.desk.leads import presence
from pledges.desk.leads.forms import DismissForm, SnoozeForm
from pledges.desk.leads.lead_pages import LeadPages
from pledges.desk.leads.told import add_what_is_told, told_in_words
from pledges.desk.shared.base import is_htmx, title_only
from pledges.domain.dates import written
from pledges.models import Lead, Pledge, Update
from pledges.queries import visibility
from pledges.queries.search import fulltext

VERBS = ("accept", "dismiss", "snooze", "reopen", "merge", "move", "undo")
CHOICES = 9  # one for each of the keys 1 to 9
MORE = 10  # rows added at once


def decision(verb: Callable) -> Callable:
    """Decorator: a view of a decision about a lead, by POST only, for those who may decide; shows why it is refused."""

    @method_decorator(require_POST)
    @wraps(verb)
    def view(self: "LeadDecisions", request: HttpRequest, object_id: str) -> HttpResponse:
        if not self.has_decide_permission(request):
            raise PermissionDenied
        lead = self.get_object(request, unquote(object_id))
        if lead is None:
            return self.not_found(request, object_id)
        try:
            return verb(self, request, lead)
        except errors.Refused as error:
            if is_htmx(request) and not Lead.objects.filter(pk=lead.pk).exists():
                context = {"lead_id": object_id, "said": error.messages}
                return TemplateResponse(request, "admin/pledges/lead/gone.html", context, status=409)
            if is_htmx(request):
                return self.row(request, lead, reasons=error.messages, status=409)
            return self.refused(request, error, self.inbox_url(request))

    return view


def numbers(values: str, most: int = 500) -> list[int]:
    """The ids in a comma-separated text, at most `most`; what is not the number of a row is left out."""
    ids = [int(part) for part in values.split(",") if part.isascii() and part.isdigit()]
    return [number for number in ids[:most] if number < 2**63]


class LeadDecisions(LeadPages):
    """The views of the admin of leads in which an editor decides."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path(f"<path:object_id>/{verb}/", wrap(getattr(self, f"{verb}_view")), name=f"pledges_lead_{verb}")
            for verb in VERBS
        ]
        return [
            path("undo/", wrap(self.undo_many_view), name="pledges_lead_undo"),
            path("more/", wrap(self.more_view), name="pledges_lead_more"),
            path("presence/", wrap(self.presence_view), name="pledges_lead_presence"),
            *own,
            *super().get_urls(),
        ]

    # --- responses ----------------------------------------------------------------------------------------------

    def row(
        self,
        request: HttpRequest,
        lead: Lead,
        *,
        reasons: Sequence[object] = (),
        drafts: Sequence[Update] = (),
        status: int = 200,
    ) -> HttpResponse:
        """A lead's row as it is now, with the reasons of a refusal, and the drafts to which it could be added."""
        lead = self.get_queryset(request).get(pk=lead.pk)
        self.explain_all(request, [lead])
        context = {**self.row_context(request), "lead": lead, "said": reasons, "drafts": drafts}
        context["last_choice"] = sum(hasattr(draft, "mine_to_edit") for draft in drafts) + 1
        return TemplateResponse(request, "admin/pledges/lead/row.html", context, status=status)

    def decided(self, request: HttpRequest, lead: Lead, words: str) -> HttpResponse:
        """Say what was decided and offer to undo it: to htmx in place of the row, else on the inbox.

        The inbox keeps the filters that the person came with.
        """
        if is_htmx(request):
            lead.refresh_from_db()
            context = {**self.row_context(request), "lead": lead, "words": words}
            return TemplateResponse(request, "admin/pledges/lead/decided.html", context)
        self.say_and_offer_undo(request, words, [lead])
        return HttpResponseRedirect(self.inbox_url(request))

    # --- decisions ----------------------------------------------------------------------------------------------

    @decision
    def accept_view(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        """Accept the lead and open the draft that it becomes; to htmx, and with POST `then=inbox`, a link to it.

        Where a draft on its story or of its day is being written, first ask whether the article is evidence for that
        one: POST `draft` is then that draft's id, or "new". If somebody else was faster, open the draft that they made.
        """
        also, draft_id = numbers(",".join(request.POST.getlist("also")), 100), request.POST.get("draft", "")
        waiting = lead.state in (Lead.State.OPEN, Lead.State.SNOOZED)
        if waiting and not draft_id and (drafts := lead_evidence.drafts_alike(lead=lead)):
            return self.ask_which_draft(request, lead, drafts, also)
        to = Update.objects.filter(pk__in=numbers(draft_id, 1)).first()
        if to is None and draft_id not in ("", "new"):
            raise errors.Refused(_("Choose one of the drafts, or a new one."))
        add_what_is_told([lead])
        try:
            update = lead_actions.accept_lead(lead=lead, by=user_of(request), also=also, to=to)
        except errors.Refused as error:
            return self.redirect_to_draft(request, lead, error)
        if is_htmx(request) or request.POST.get("then") == "inbox":
            words = _("Accepted: %(title)s.") % {"title": lead.article.title}
            return self.decided(request, lead, " ".join(filter(None, [words, told_in_words(lead.told)])))
        words = _("Accepted. Here is the draft with its evidence: use your own words, check the status, submit it.")
        if to:
            words = _("Accepted. The article is further evidence of this draft now.")
        self.message_user(request, words, messages.SUCCESS)
        if told := told_in_words(lead.told):
            self.message_user(request, told, messages.WARNING)
        return HttpResponseRedirect(self.change_url(update))

    def ask_which_draft(self, request: HttpRequest, lead: Lead, drafts: list[Update], also: list[int]) -> HttpResponse:
        """Ask whether the article is evidence for a draft that is being written, or begins another one."""
        editable = [draft for draft in drafts if visibility.may_edit(user_of(request), draft)]
        for number, draft in enumerate(editable, 1):
            draft.mine_to_edit = number  # the key that chooses it
        if is_htmx(request):
            return self.row(request, lead, drafts=drafts)
        context = {**self.admin_site.each_context(request), **self.row_context(request), "media": self.media}
        context |= {"title": _("A draft is being written"), "lead": lead, "drafts": drafts, "also": also}
        context["inbox_url"] = self.inbox_url(request)
        return TemplateResponse(request, "admin/pledges/lead/further.html", context)

    def redirect_to_draft(self, request: HttpRequest, lead: Lead, error: errors.Refused) -> HttpResponse:
        """Open the draft that somebody else has made of the lead. Raises the error again if that is not the reason."""
        accepted = self.get_queryset(request).filter(pk=lead.pk, state=Lead.State.ACCEPTED).first()
        if accepted is None or accepted.update is None:
            raise error
        if is_htmx(request):
            raise errors.Refused([*error.messages, self.begun(accepted)])
        drafts = self.admin_site.get_model_admin(Update)
        if not drafts.has_view_or_change_permission(request, accepted.update):
            raise error
        self.message_user(request, self.begun(accepted), messages.WARNING)
        return HttpResponseRedirect(self.change_url(accepted.update))

    @decision
    def dismiss_view(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        form = DismissForm(request.POST)
        if not form.is_valid():
            return self.invalid(request, lead, form, dismiss_form=form)
        lead_actions.dismiss_lead(lead=lead, by=user_of(request), **form.cleaned_data)
        return self.decided(request, lead, _("Dismissed: %(title)s.") % {"title": lead.article.title})

    @decision
    def snooze_view(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        form = SnoozeForm(request.POST)
        if not form.is_valid():
            return self.invalid(request, lead, form, snooze_form=form)
        until: date = form.cleaned_data["until"]
        lead_actions.snooze_lead(lead=lead, by=user_of(request), until=until)
        words = _("Snoozed until %(day)s: %(title)s.") % {"day": written(until), "title": lead.article.title}
        return self.decided(request, lead, words)

    def invalid(self, request: HttpRequest, lead: Lead, form: DismissForm | SnoozeForm, **forms: Any) -> HttpResponse:
        """The row or page again, with the form's errors."""
        if is_htmx(request):
            reasons = [reason for field_errors in form.errors.values() for reason in field_errors]
            return self.row(request, lead, reasons=reasons, status=422)
        return self.lead_page(request, lead, status=422, **forms)

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: the other leads of the pledge to choose from. POST: merge with the one whose id is `into`."""
        if request.method in ("GET", "HEAD"):
            return self.choose(request, object_id, "merge", self.mergeable)
        return self._merge(request, object_id)

    @decision
    def _merge(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        into = Lead.objects.select_related("article").filter(pk__in=numbers(request.POST.get("into", ""), 1)).first()
        if into is None:
            raise errors.Refused(_("Choose another lead on the same pledge to merge this one with."))
        lead_actions.merge_lead(lead=lead, into=into, by=user_of(request))
        words = _("Merged into “%(other)s”: %(title)s.") % {"other": into.article.title, "title": lead.article.title}
        return self.decided(request, lead, words)

    def move_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: the pledges that it may be about (`q`: words to find). POST: move to the one whose id is `pledge`."""
        if request.method in ("GET", "HEAD"):
            return self.choose(request, object_id, "move", self.movable)
        return self._move(request, object_id)

    @decision
    def _move(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        ids = numbers(request.POST.get("pledge", ""), 1)
        pledge = Pledge.objects.prefetch_related(title_only()).filter(pk__in=ids).first()
        if pledge is None:
            raise errors.Refused(_("Choose the pledge that this lead is about."))
        lead_actions.move_lead(lead=lead, pledge=pledge, by=user_of(request))
        words = _("Moved to “%(pledge)s”: %(title)s.") % {"pledge": pledge, "title": lead.article.title}
        return self.decided(request, lead, words)

    def choose(self, request: HttpRequest, object_id: str, verb: str, choices: Callable) -> HttpResponse:
        """The page (to htmx, a part of it) on which the other lead or pledge is chosen."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        lead = self.get_object(request, unquote(object_id))
        if lead is None:
            return self.not_found(request, object_id)
        words = request.GET.get("q", "")[:200]
        context = {**self.row_context(request), "lead": lead, "verb": verb, "q": words}
        context |= {"name": "into" if verb == "merge" else "pledge", "choices": choices(lead, words)}
        context["asked"] = "q" in request.GET
        if is_htmx(request):
            return TemplateResponse(request, "admin/pledges/lead/choices.html", context)
        title = _("Merge with…") if verb == "merge" else _("About another pledge…")
        context |= {**self.admin_site.each_context(request), "title": title, "media": self.media}
        context["inbox_url"] = self.inbox_url(request)
        return TemplateResponse(request, "admin/pledges/lead/choose.html", context)

    def mergeable(self, lead: Lead, words: str) -> list[tuple[int, str, str]]:
        """The open and accepted leads of the same pledge, newest first: (id, title, outlet and state)."""
        rows = Lead.objects.filter(pledge=lead.pledge_id, state__in=[Lead.State.OPEN, Lead.State.ACCEPTED])
        rows = rows.exclude(pk=lead.pk).select_related("article").defer("article__text", "article__summary")
        return [
            (other.pk, other.article.title, f"{other.article.publisher} · {other.get_state_display()}")
            for other in rows.order_by("-raised_at", "-pk")[:CHOICES]
        ]

    def movable(self, lead: Lead, words: str) -> list[tuple[int, str, str]]:
        """The pledges that match the words, by default those of the article's title: (id, title, "")."""
        ranks = fulltext.search(words).ranks if words else fulltext.about(lead.article.title)
        ranks.pop(lead.pledge_id, None)
        best = sorted(ranks, key=lambda pk: (-ranks[pk], pk))[:CHOICES]
        titles = {
            pledge.pk: str(pledge) for pledge in Pledge.objects.filter(pk__in=best).prefetch_related(title_only())
        }
        return [(pk, titles[pk], "") for pk in best if pk in titles]

    # --- undoing ------------------------------------------------------------------------------------------------

    @decision
    def reopen_view(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        """Reopen what was dismissed or snoozed."""
        lead_actions.reopen_lead(lead=lead, by=user_of(request))
        return self.opened(request, lead)

    @decision
    def undo_view(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        """Undo whatever was decided; the draft of an accepted lead is deleted, if nobody has worked on it."""
        lead_actions.undo_lead(lead=lead, by=user_of(request))
        return self.opened(request, lead)

    def opened(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        """Say that a lead is open again: with its row to htmx, else on its page."""
        if is_htmx(request):
            return self.row(request, lead)
        self.message_user(request, _("Open again: %(title)s.") % {"title": lead.article.title}, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(lead))

    @method_decorator(require_POST)
    def undo_many_view(self, request: HttpRequest) -> HttpResponse:
        """Undo the decisions on several leads (POST `leads`: ids, comma-separated)."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        opened = 0
        for lead in Lead.objects.filter(pk__in=numbers(request.POST.get("leads", ""))):
            try:
                lead_actions.undo_lead(lead=lead, by=user_of(request))
                opened += 1
            except errors.Refused as error:
                self.message_user(request, self.with_its_draft(lead, error.messages[0]), messages.ERROR)
        if opened:
            words = ngettext("%(count)s lead is open again.", "%(count)s leads are open again.", opened)
            self.message_user(request, words % {"count": opened}, messages.SUCCESS)
        return HttpResponseRedirect(self.inbox_url(request))

    def with_its_draft(self, lead: Lead, words: str) -> str | SafeString:
        """The words with a link to the draft that was made of a lead, if there is one."""
        if not lead.update_id:
            return words
        url = reverse("admin:pledges_update_change", args=[lead.update_id])
        return format_html('{} <a href="{}">{}</a>', words, url, _("its update"))

    # --- while somebody works -----------------------------------------------------------------------------------

    @method_decorator(require_POST)
    def more_view(self, request: HttpRequest) -> HttpResponse:
        """The rows that follow those on the page (POST `shown`: their ids), by the filters of the address."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            listed = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseBadRequest()
        leads = list(listed.exclude(pk__in=numbers(request.POST.get("shown", "")))[: MORE + 1])
        self.explain_all(request, leads)
        context = {**self.row_context(request), "leads": leads[:MORE], "is_more": len(leads) > MORE}
        context["filters"] = request.GET.urlencode()
        context["preserved_filters"] = urlencode({"_changelist_filters": context["filters"]})
        return TemplateResponse(request, "admin/pledges/lead/more.html", context)

    @method_decorator(require_POST)
    def presence_view(self, request: HttpRequest) -> HttpResponse:
        """Note which lead is open here (POST `at`), and say who else has open those on the page (POST `shown`)."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        for lead in numbers(request.POST.get("at", ""), 1):
            presence.look(lead, by=user_of(request), now=now)
        shown = numbers(request.POST.get("shown", ""), 200)
        looking = presence.others(shown, than=user_of(request), now=now)
        context = {"shown": [(pk, looking.get(pk, [])) for pk in shown]}
        return TemplateResponse(request, "admin/pledges/lead/presence.html", context)
