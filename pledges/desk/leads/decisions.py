"""What an editor decides about one lead. Each decision has its address, and answers with a page or, to htmx, a row."""

from collections.abc import Callable
from datetime import date
from functools import wraps

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_protect

from pledges.actions import errors, lead_evidence
from pledges.actions import leads as lead_actions
from pledges.desk.leads import presence
from pledges.desk.shared.base import title_only
from pledges.desk.shared.forms import DismissForm, SnoozeForm, snooze_presets
from pledges.domain.dates import written
from pledges.models import Lead, Pledge, Update
from pledges.queries import visibility
from pledges.queries.search import fulltext

VERBS = ("accept", "dismiss", "snooze", "reopen", "merge", "move", "undo")
CHOICES = 9  # as many as there are keys for
MORE = 10


def decision(verb: Callable) -> Callable:
    """Make an admin view of a decision about a lead: only by POST, only by who may decide; a refusal is explained."""

    @method_decorator(csrf_protect)
    @wraps(verb)
    def view(self: "LeadDecisions", request: HttpRequest, object_id: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_decide_permission(request):
            raise PermissionDenied
        lead = self.get_object(request, unquote(object_id))
        if lead is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        try:
            return verb(self, request, lead)
        except errors.Refused as error:
            if request.htmx and not Lead.objects.filter(pk=lead.pk).exists():
                context = {"lead_id": object_id, "said": error.messages}
                return TemplateResponse(request, "admin/pledges/lead/gone.html", context, status=409)
            if request.htmx:
                return self.row(request, lead, said=error.messages, status=409)
            return self.refused(request, error, self.inbox_url(request))

    return view


def numbers(values: str, most: int = 500) -> list[int]:
    """The ids in a comma-separated text; whatever is none is left out."""
    found = [int(part) for part in values.split(",") if part.isascii() and part.isdigit()]
    return [number for number in found[:most] if number < 2**63]


class LeadDecisions:
    """The views of the admin of leads that decide."""

    def get_urls(self) -> list[URLPattern]:
        """Each decision has its address."""
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

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whether this person may accept, dismiss and snooze."""
        return request.user.has_perm("pledges.decide_lead")

    # --- what is answered ---------------------------------------------------------------------------------------

    def row_context(self, request: HttpRequest) -> dict:
        """What every row needs beside its lead."""
        return {
            "may_decide": self.has_decide_permission(request),
            "reasons": Lead.DismissReason.choices,
            "presets": snooze_presets(),
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
        }

    def row(
        self,
        request: HttpRequest,
        lead: Lead,
        *,
        said: list[str] = (),
        drafts: list[Update] = (),
        status: int = 200,
    ) -> HttpResponse:
        """A lead's row as it is now, with what there is to say of it, and the drafts to which it could be added."""
        lead = self.get_queryset(request).get(pk=lead.pk)
        self.explain_all(request, [lead])
        context = {**self.row_context(request), "lead": lead, "said": said, "drafts": drafts}
        context["last_choice"] = sum(hasattr(draft, "mine_to_edit") for draft in drafts) + 1
        return TemplateResponse(request, "admin/pledges/lead/row.html", context, status=status)

    def decided(self, request: HttpRequest, lead: Lead, words: str, *, then: str = "") -> HttpResponse:
        """Say what was decided and offer to undo it: in the place of the row to htmx, else on the page `then`.

        Without `then` it is the inbox with the filters with which the person came.
        """
        if request.htmx:
            lead.refresh_from_db()
            context = {**self.row_context(request), "lead": lead, "words": words}
            return TemplateResponse(request, "admin/pledges/lead/decided.html", context)
        self.say_and_offer_undo(request, words, [lead])
        return HttpResponseRedirect(then or self.inbox_url(request))

    def say_and_offer_undo(self, request: HttpRequest, words: str, leads: list[Lead]) -> None:
        """A message with a button that opens the leads again; the page it appears on has the form `desk-undo`."""
        button = format_html(
            '{} <button type="submit" form="desk-undo" name="leads" value="{}">{}</button>',
            words,
            ",".join(str(lead.pk) for lead in leads),
            _("Undo"),
        )
        self.message_user(request, button, messages.SUCCESS)

    # --- decisions ----------------------------------------------------------------------------------------------

    @decision
    def accept_view(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        """Accept: the draft that it becomes is opened; to htmx, and in the inbox (POST `then`), a link
        to it.

        Where a draft on its story or of its day is being written, first ask whether it is further evidence there:
        `draft` is then that draft's id, or "new". Who comes after somebody else is led to the draft that there is.
        """
        also, asked = numbers(",".join(request.POST.getlist("also")), 100), request.POST.get("draft", "")
        waiting = lead.state in (Lead.State.OPEN, Lead.State.SNOOZED)
        if waiting and not asked and (drafts := lead_evidence.drafts_alike(lead=lead)):
            return self.ask_which_draft(request, lead, drafts, also)
        to = Update.objects.filter(pk__in=numbers(asked, 1)).first()
        if to is None and asked not in ("", "new"):
            raise errors.Refused(_("Choose one of the drafts, or a new one."))
        try:
            update = lead_actions.accept_lead(lead=lead, by=request.user, also=also, to=to)
        except errors.Refused as error:
            return self.led_to_the_draft(request, lead, error)
        if request.htmx or request.POST.get("then") == "inbox":
            return self.decided(request, lead, _("Accepted: %(title)s.") % {"title": lead.article.title})
        words = _("Accepted. Here is the draft with its evidence: use your own words, check the status, submit it.")
        if to:
            words = _("Accepted. The article is further evidence of this draft now.")
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(update))

    def ask_which_draft(self, request: HttpRequest, lead: Lead, drafts: list[Update], also: list[int]) -> HttpResponse:
        """Whether the article is to be evidence of a draft that is being written, or begin another one."""
        mine = [draft for draft in drafts if visibility.may_edit(request.user, draft)]
        for number, draft in enumerate(mine, 1):
            draft.mine_to_edit = number  # its key
        if request.htmx:
            return self.row(request, lead, drafts=drafts)
        context = {**self.admin_site.each_context(request), **self.row_context(request), "media": self.media}
        context |= {"title": _("A draft is being written"), "lead": lead, "drafts": drafts, "also": also}
        context["inbox_url"] = self.inbox_url(request)
        return TemplateResponse(request, "admin/pledges/lead/further.html", context)

    def begun(self, lead: Lead) -> str:
        """Who accepted a lead and when, and whose draft it went into."""
        words = _("%(who)s accepted this lead (%(when)s). The draft was begun by %(author)s (%(begun)s).")
        times = lead.decided_at, lead.update.created_at
        when, begun = (date_format(timezone.localtime(at), "DATETIME_FORMAT") for at in times)
        names = {"who": lead.decided_by.public_name, "author": lead.update.author.public_name}
        return words % {"when": when, "begun": begun, **names}

    def led_to_the_draft(self, request: HttpRequest, lead: Lead, error: errors.Refused) -> HttpResponse:
        """Lead whoever comes second to the draft that a lead has become, if that is what the refusal is about."""
        lead = self.get_queryset(request).filter(pk=lead.pk).first()
        if lead is None or lead.state != Lead.State.ACCEPTED or not lead.update_id:
            raise error
        if request.htmx:
            raise errors.Refused([*error.messages, self.begun(lead)])
        drafts = self.admin_site.get_model_admin(Update)
        if not drafts.has_view_or_change_permission(request, lead.update):
            raise error
        self.message_user(request, self.begun(lead), messages.WARNING)
        return HttpResponseRedirect(self.change_url(lead.update))

    @decision
    def dismiss_view(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        """Dismiss for a reason."""
        form = DismissForm(request.POST)
        if not form.is_valid():
            return self.wrong(request, lead, form, dismiss_form=form)
        lead_actions.dismiss_lead(lead=lead, by=request.user, **form.cleaned_data)
        return self.decided(request, lead, _("Dismissed: %(title)s.") % {"title": lead.article.title})

    @decision
    def snooze_view(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        """Put away until a day."""
        form = SnoozeForm(request.POST)
        if not form.is_valid():
            return self.wrong(request, lead, form, snooze_form=form)
        until: date = form.cleaned_data["until"]
        lead_actions.snooze_lead(lead=lead, by=request.user, until=until)
        words = _("Snoozed until %(day)s: %(title)s.") % {"day": written(until), "title": lead.article.title}
        return self.decided(request, lead, words)

    def wrong(self, request: HttpRequest, lead: Lead, form: DismissForm | SnoozeForm, **forms) -> HttpResponse:
        """The same once more, with what is wrong with what was sent."""
        if request.htmx:
            said = [message for found in form.errors.values() for message in found]
            return self.row(request, lead, said=said, status=422)
        return self.lead_page(request, lead, status=422, **forms)

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """By GET the other leads of the pledge to choose from, by POST (`into`: its id) merged with that one."""
        if request.method in ("GET", "HEAD"):
            return self.choose(request, object_id, "merge", self.mergeable)
        return self._merge(request, object_id)

    @decision
    def _merge(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        into = Lead.objects.select_related("article").filter(pk__in=numbers(request.POST.get("into", ""), 1)).first()
        if into is None:
            raise errors.Refused(_("Choose another lead on the same pledge to merge this one with."))
        lead_actions.merge_lead(lead=lead, into=into, by=request.user)
        words = _("Merged into “%(other)s”: %(title)s.") % {"other": into.article.title, "title": lead.article.title}
        return self.decided(request, lead, words)

    def move_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """By GET the pledges that it may be about (`q`: words to find), by POST (`pledge`: its id) moved there."""
        if request.method in ("GET", "HEAD"):
            return self.choose(request, object_id, "move", self.movable)
        return self._move(request, object_id)

    @decision
    def _move(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        ids = numbers(request.POST.get("pledge", ""), 1)
        pledge = Pledge.objects.prefetch_related(title_only()).filter(pk__in=ids).first()
        if pledge is None:
            raise errors.Refused(_("Choose the pledge that this lead is about."))
        lead_actions.move_lead(lead=lead, pledge=pledge, by=request.user)
        words = _("Moved to “%(pledge)s”: %(title)s.") % {"pledge": pledge, "title": lead.article.title}
        return self.decided(request, lead, words)

    def choose(self, request: HttpRequest, object_id: str, verb: str, choices: Callable) -> HttpResponse:
        """The page (to htmx, its part) on which one chooses with what to go on."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        lead = self.get_object(request, unquote(object_id))
        if lead is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        words = request.GET.get("q", "")[:200]
        context = {**self.row_context(request), "lead": lead, "verb": verb, "q": words}
        context |= {"name": "into" if verb == "merge" else "pledge", "choices": choices(lead, words)}
        context["asked"] = "q" in request.GET
        if request.htmx:
            return TemplateResponse(request, "admin/pledges/lead/choices.html", context)
        title = _("Merge with…") if verb == "merge" else _("About another pledge…")
        context |= {**self.admin_site.each_context(request), "title": title, "media": self.media}
        context["inbox_url"] = self.inbox_url(request)
        return TemplateResponse(request, "admin/pledges/lead/choose.html", context)

    def mergeable(self, lead: Lead, words: str) -> list[tuple[int, str, str]]:
        """The open and accepted leads of the same pledge, newest first: (id, title, what else to know)."""
        rows = Lead.objects.filter(pledge=lead.pledge_id, state__in=[Lead.State.OPEN, Lead.State.ACCEPTED])
        rows = rows.exclude(pk=lead.pk).select_related("article").defer("article__text", "article__summary")
        return [
            (other.pk, other.article.title, f"{other.article.publisher} · {other.get_state_display()}")
            for other in rows.order_by("-raised_at", "-pk")[:CHOICES]
        ]

    def movable(self, lead: Lead, words: str) -> list[tuple[int, str, str]]:
        """The pledges that some words find, by default those of the article's title: (id, title, "")."""
        ranks, _all_found = fulltext.find(words or lead.article.title)
        ranks.pop(lead.pledge_id, None)
        best = sorted(ranks, key=lambda pk: (-ranks[pk], pk))[:CHOICES]
        titles = {
            pledge.pk: str(pledge) for pledge in Pledge.objects.filter(pk__in=best).prefetch_related(title_only())
        }
        return [(pk, titles[pk], "") for pk in best if pk in titles]

    # --- undoing ------------------------------------------------------------------------------------------------

    @decision
    def reopen_view(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        """Open again what was dismissed or snoozed."""
        lead_actions.reopen_lead(lead=lead, by=request.user)
        return self.opened(request, lead)

    @decision
    def undo_view(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        """Undo whatever was decided; the draft of what was accepted goes with it, if nobody has worked on it."""
        lead_actions.undo_lead(lead=lead, by=request.user)
        return self.opened(request, lead)

    def opened(self, request: HttpRequest, lead: Lead) -> HttpResponse:
        """Say that a lead is open again: its row, or its page."""
        if request.htmx:
            return self.row(request, lead)
        self.message_user(request, _("Open again: %(title)s.") % {"title": lead.article.title}, messages.SUCCESS)
        return HttpResponseRedirect(self.change_url(lead))

    @method_decorator(csrf_protect)
    def undo_many_view(self, request: HttpRequest) -> HttpResponse:
        """Undo what was decided of several leads a moment ago (POST `leads`: ids, comma-separated)."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_decide_permission(request):
            raise PermissionDenied
        opened = 0
        for lead in Lead.objects.filter(pk__in=numbers(request.POST.get("leads", ""))):
            try:
                lead_actions.undo_lead(lead=lead, by=request.user)
                opened += 1
            except errors.Refused as error:
                self.message_user(request, self.with_its_draft(lead, error.messages[0]), messages.ERROR)
        if opened:
            words = ngettext("%(count)s lead is open again.", "%(count)s leads are open again.", opened)
            self.message_user(request, words % {"count": opened}, messages.SUCCESS)
        return HttpResponseRedirect(self.inbox_url(request))

    def with_its_draft(self, lead: Lead, words: str) -> str | SafeString:
        """The words with the way to the draft that was made of a lead, if there is one."""
        if not lead.update_id:
            return words
        url = reverse("admin:pledges_update_change", args=[lead.update_id])
        return format_html('{} <a href="{}">{}</a>', words, url, _("its update"))

    # --- while one works ----------------------------------------------------------------------------------------

    @method_decorator(csrf_protect)
    def more_view(self, request: HttpRequest) -> HttpResponse:
        """The rows that follow those on the page (POST `shown`: their ids), under the filters of the address."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            found = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseBadRequest()
        leads = list(found.exclude(pk__in=numbers(request.POST.get("shown", "")))[: MORE + 1])
        self.explain_all(request, leads)
        context = {**self.row_context(request), "leads": leads[:MORE], "is_more": len(leads) > MORE}
        context["filters"] = request.GET.urlencode()
        context["preserved_filters"] = urlencode({"_changelist_filters": context["filters"]})
        return TemplateResponse(request, "admin/pledges/lead/more.html", context)

    @method_decorator(csrf_protect)
    def presence_view(self, request: HttpRequest) -> HttpResponse:
        """Note which lead is open here (POST `at`), and say who else looks at those on the page (POST `shown`)."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        for lead in numbers(request.POST.get("at", ""), 1):
            presence.look(lead, by=request.user, now=now)
        shown = numbers(request.POST.get("shown", ""), 200)
        looking = presence.others(shown, than=request.user, now=now)
        context = {"shown": [(pk, looking.get(pk, [])) for pk in shown]}
        return TemplateResponse(request, "admin/pledges/lead/presence.html", context)
