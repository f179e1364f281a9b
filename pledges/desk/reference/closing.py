"""The pages to close a mandate, pledge by pledge, and to close the tracker."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.accounts.requests import user_of
from pledges.actions import closing, errors
from pledges.desk.reference.forms import CarryForm, CloseTrackerForm
from pledges.desk.shared.base import DeskAdmin, status_label
from pledges.desk.shared.public_pages import in_edition
from pledges.models import Mandate, Newsroom, Pledge
from pledges.queries.mandate_closing import LastDecision, last_decisions, undecided

# The permission for each button of a mandate's page.
BUTTONS = {
    "_update": "pledges.add_update",
    "_carry": "pledges.change_pledge",
    "_leave": "pledges.change_pledge",
    "_close": "pledges.close_mandate",
    "_reopen": "pledges.close_mandate",
}


class MandateClosing(DeskAdmin):
    """Mixin for the admin of mandates: the page that asks for a last decision on each pledge."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.close_view)
        return [path("<int:pk>/close/", view, name="pledges_mandate_close"), *super().get_urls()]

    def close_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The list of last decisions. Each of its buttons sends one decision; the last one closes the mandate."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        mandate = self.get_object(request, str(pk))
        if mandate is None:
            return self.not_found(request, pk)
        if request.method == "POST":
            return self._decide(request, mandate)
        return self._closing_page(request, mandate)

    def _decide(self, request: HttpRequest, mandate: Mandate) -> HttpResponse:
        button = next((name for name in BUTTONS if name in request.POST), None)
        user, here = user_of(request), reverse("admin:pledges_mandate_close", args=[mandate.pk])
        if button is None:
            return HttpResponseRedirect(here)
        if not user.has_perm(BUTTONS[button]):
            raise PermissionDenied
        if button == "_carry":
            form = CarryForm(request.POST, mandate=mandate)
            if not form.is_valid():
                return self._closing_page(request, mandate, refused=form)
        words: str
        try:
            if button == "_close":
                edition = closing.close_mandate(mandate=mandate, by=user)
                words = in_edition(_("The mandate is closed, in edition %(number)s."), edition)
            elif button == "_reopen":
                edition = closing.reopen_mandate(mandate=mandate, by=user)
                words = in_edition(_("The mandate is open again, in edition %(number)s."), edition)
            else:
                number = request.POST.get("pledge", "")
                pledge = get_object_or_404(Pledge, pk=number if number.isdecimal() and len(number) < 19 else 0)
                if button == "_update":
                    draft = closing.start_final_update(pledge=pledge, mandate=mandate, by=user)
                    return HttpResponseRedirect(reverse("admin:pledges_update_change", args=[draft.pk]))
                if button == "_leave":
                    closing.leave_pledge(pledge=pledge, mandate=mandate, by=user)
                    words = _("“%(pledge)s” is left as it stands.") % {"pledge": pledge}
                else:
                    into, reason = form.cleaned_data["into"], form.cleaned_data["reason"]
                    closing.carry_pledge(pledge=pledge, mandate=mandate, into=into, reason=reason, by=user)
                    words = _("“%(pledge)s” is carried into %(mandate)s.") % {"pledge": pledge, "mandate": into}
        except errors.Refused as error:
            return self.refused(request, error, here)
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(here)

    def _closing_page(self, request: HttpRequest, mandate: Mandate, refused: CarryForm | None = None) -> HttpResponse:
        today = timezone.localdate()
        over = mandate.ends_on is not None and mandate.ends_on <= today
        decisions = last_decisions(mandate, today) if over else []
        waiting = undecided(decisions)
        later = CarryForm(mandate=mandate).later if waiting else Mandate.objects.none()
        refused_pledge = str(refused.data.get("pledge", "")) if refused else ""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Close the mandate"),
            "opts": self.opts,
            "original": mandate,
            "over": over,
            "waiting": [self._row(row, refused if str(row.pledge.pk) == refused_pledge else None) for row in waiting],
            "decided": [self._row(row) for row in decisions if row.decision],
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

    def _row(self, row: LastDecision, refused: CarryForm | None = None) -> dict:
        return {
            "pledge": row.pledge,
            "status": status_label(row.status),
            "decision": row.decision,
            "into": row.into,
            "draft": row.draft,
            "errors": [words for errors in refused.errors.values() for words in errors] if refused else [],
            "reason": refused.data.get("reason", "") if refused else "",
        }


class TrackerClosing(DeskAdmin):
    """Mixin for the admin of the newsroom: the page to close and reopen the tracker."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.close_view)
        return [path("close/", view, name="pledges_newsroom_close"), *super().get_urls()]

    def close_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for the day and a note for readers. It can be undone, so nothing asks for confirmation."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        newsroom = Newsroom.get()
        form = CloseTrackerForm(request.POST if "_close" in request.POST else None, newsroom=newsroom)
        user, here = user_of(request), reverse("admin:pledges_newsroom_close")
        try:
            if "_reopen" in request.POST:
                edition = closing.reopen_tracker(by=user)
                words = in_edition(_("The tracker is open again, in edition %(number)s."), edition)
                self.message_user(request, words, messages.SUCCESS)
                return HttpResponseRedirect(here)
            if "_close" in request.POST and form.is_valid():
                edition = closing.close_tracker(**form.cleaned_data, by=user)
                words = in_edition(_("It is published in edition %(number)s."), edition)
                self.message_user(request, words, messages.SUCCESS)
                return HttpResponseRedirect(here)
        except errors.Refused as error:
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
