"""The pages on which a mandate is closed, decision by decision, and on which the tracker is closed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from pledges.actions import closing
from pledges.actions import errors as error_actions
from pledges.desk.shared.base import status_label
from pledges.desk.shared.forms import CarryForm, CloseTrackerForm
from pledges.models import Mandate, Newsroom, Pledge
from pledges.queries.mandate_closing import LastDecision, last_decisions, undecided

# Which right each button of a mandate's page needs.
BUTTONS = {
    "_update": "pledges.add_update",
    "_carry": "pledges.change_pledge",
    "_leave": "pledges.change_pledge",
    "_close": "pledges.close_mandate",
    "_reopen": "pledges.close_mandate",
}


class MandateClosing:
    """Mixin for the admin of mandates: a page that lists every pledge for a last decision."""

    def get_urls(self) -> list[URLPattern]:
        """The page's address."""
        view = self.admin_site.admin_view(self.close_view)
        return [path("<int:pk>/close/", view, name="pledges_mandate_close"), *super().get_urls()]

    @method_decorator(csrf_protect)
    def close_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The list of last decisions; each of its buttons sends one, and the last closes the mandate."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        mandate = self.get_object(request, str(pk))
        if mandate is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if request.method == "POST":
            return self._decide(request, mandate)
        return self._closing_page(request, mandate)

    def _decide(self, request: HttpRequest, mandate: Mandate) -> HttpResponse:
        button = next((name for name in BUTTONS if name in request.POST), None)
        here = reverse("admin:pledges_mandate_close", args=[mandate.pk])
        if button is None:
            return HttpResponseRedirect(here)
        if not request.user.has_perm(BUTTONS[button]):
            raise PermissionDenied
        if button == "_carry":
            form = CarryForm(request.POST, mandate=mandate)
            if not form.is_valid():
                return self._closing_page(request, mandate, refused=form)
        try:
            if button == "_close":
                edition = closing.close_mandate(mandate=mandate, by=request.user)
                words = _("The mandate is closed, in edition %(number)s.") % {"number": edition.number}
            elif button == "_reopen":
                edition = closing.reopen_mandate(mandate=mandate, by=request.user)
                words = _("The mandate is open again, in edition %(number)s.") % {"number": edition.number}
            else:
                number = request.POST.get("pledge", "")
                pledge = get_object_or_404(Pledge, pk=number if number.isdecimal() and len(number) < 19 else 0)
                if button == "_update":
                    draft = closing.start_final_update(pledge=pledge, mandate=mandate, by=request.user)
                    return HttpResponseRedirect(reverse("admin:pledges_update_change", args=[draft.pk]))
                if button == "_leave":
                    closing.leave_pledge(pledge=pledge, mandate=mandate, by=request.user)
                    words = _("“%(pledge)s” is left as it stands.") % {"pledge": pledge}
                else:
                    into, reason = form.cleaned_data["into"], form.cleaned_data["reason"]
                    closing.carry_pledge(pledge=pledge, mandate=mandate, into=into, reason=reason, by=request.user)
                    words = _("“%(pledge)s” is carried into %(mandate)s.") % {"pledge": pledge, "mandate": into}
        except error_actions.Refused as error:
            return self.refused(request, error, here)
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(here)

    def _closing_page(self, request: HttpRequest, mandate: Mandate, refused: CarryForm | None = None) -> HttpResponse:
        today = timezone.localdate()
        over = mandate.ends_on is not None and mandate.ends_on <= today
        decisions = last_decisions(mandate, today) if over else []
        waiting = undecided(decisions)
        later = CarryForm(mandate=mandate).fields["into"].queryset if waiting else Mandate.objects.none()
        about = str(refused.data.get("pledge", "")) if refused else ""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Close the mandate"),
            "opts": self.opts,
            "original": mandate,
            "over": over,
            "waiting": [self._row(one, refused if str(one.pledge.pk) == about else None) for one in waiting],
            "decided": [self._row(one) for one in decisions if one.decision],
            "done": len(decisions) - len(waiting),
            "total": len(decisions),
            "later": list(later),
            "may_update": request.user.has_perm(BUTTONS["_update"]),
            "may_decide": request.user.has_perm(BUTTONS["_carry"]),
            "may_close": request.user.has_perm(BUTTONS["_close"]),
        }
        return TemplateResponse(
            request, "admin/pledges/mandate/close.html", context, status=422 if refused is not None else 200
        )

    def _row(self, one: LastDecision, refused: CarryForm | None = None) -> dict:
        return {
            "pledge": one.pledge,
            "status": status_label(one.status),
            "decision": one.decision,
            "into": one.into,
            "draft": one.draft,
            "errors": [words for errors in refused.errors.values() for words in errors] if refused else [],
            "reason": refused.data.get("reason", "") if refused else "",
        }


class TrackerClosing:
    """Mixin for the admin of the newsroom: the page on which the tracker is closed and opened again."""

    def get_urls(self) -> list[URLPattern]:
        """The page's address."""
        view = self.admin_site.admin_view(self.close_view)
        return [path("close/", view, name="pledges_newsroom_close"), *super().get_urls()]

    @method_decorator(csrf_protect)
    def close_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for the day and for what readers should know; a second page is not needed, since it can be undone."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        newsroom = Newsroom.get()
        form = CloseTrackerForm(request.POST if "_close" in request.POST else None)
        here = reverse("admin:pledges_newsroom_close")
        try:
            if "_reopen" in request.POST:
                edition = closing.reopen_tracker(by=request.user)
                words = _("The tracker is open again, in edition %(number)s.") % {"number": edition.number}
                self.message_user(request, words, messages.SUCCESS)
                return HttpResponseRedirect(here)
            if "_close" in request.POST and form.is_valid():
                edition = closing.close_tracker(**form.cleaned_data, by=request.user)
                words = _("It is published in edition %(number)s.") % {"number": edition.number}
                self.message_user(request, words, messages.SUCCESS)
                return HttpResponseRedirect(here)
        except error_actions.Refused as error:
            return self.refused(request, error, here)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Close the tracker"),
            "opts": self.opts,
            "original": newsroom,
            "form": form,
            "is_closed": newsroom.is_closed(timezone.localdate()),
        }
        return TemplateResponse(
            request, "admin/pledges/newsroom/close.html", context, status=422 if form.is_bound else 200
        )
