"""Your notices: which e-mails the person gets, and which pledges that person follows."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pledges.accounts.requests import user_of
from pledges.desk.shared.base import DeskAdmin, ReadOnly, title_only
from pledges.models import Notice, Pledge, User

MOST_FOLLOWED = 200


class NoticesForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["lead_notices", "lead_notice_percent", "review_notices", "due_notices", "language"]


@admin.register(Notice)
class NoticeAdmin(ReadOnly, DeskAdmin):
    """The list of notices is the person's page of settings; the header links to it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.follow_view)
        return [path("<int:pk>/follow/", view, name="pledges_notice_follow"), *super().get_urls()]

    def get_model_perms(self, request: HttpRequest) -> dict:
        """None, so that the index does not list the table."""
        return {}

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Everybody at the desk has settings; a single notice has no page."""
        return obj is None and request.user.is_active and request.user.is_staff

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """The settings; POST saves them."""
        person = User.objects.get(pk=user_of(request).pk)
        form = NoticesForm(request.POST or None, instance=person)
        if request.method == "POST" and form.is_valid():
            User.objects.filter(pk=person.pk).update(**form.cleaned_data)
            self.message_user(request, _("Your notices were saved."), messages.SUCCESS)
            return HttpResponseRedirect(request.path)
        waiting = Notice.objects.filter(user=person, sent_at=None)
        late = waiting.filter(claimed_until__gt=timezone.now()).order_by("noted_at")
        followed = Pledge.objects.filter(followers=person).only("slug").prefetch_related(title_only())
        context = {
            **self.admin_site.each_context(request),
            "title": _("Your notices"),
            "opts": self.opts,
            "form": form,
            "followed": followed[:MOST_FOLLOWED],
            "waiting": waiting.count(),
            "late": late.first(),
            "mail_works": bool(settings.EMAIL_HOST),
            "address": person.email,
            "may_see_pledges": request.user.has_perm("pledges.view_pledge"),
        }
        status = 422 if request.method == "POST" else 200
        return TemplateResponse(request, "admin/pledges/notice/settings.html", context, status=status)

    @method_decorator(require_POST)
    def follow_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Follow a pledge, or with POST `stop` no longer; then back to its page or, with `list`, to the settings."""
        pledge = get_object_or_404(Pledge.objects.only("pk"), pk=pk)
        if "stop" in request.POST:
            user_of(request).follows.remove(pledge)
            words = _("You no longer follow this pledge.")
        else:
            if not request.user.has_perm("pledges.view_pledge"):
                return HttpResponse(status=403)
            user_of(request).follows.add(pledge)
            words = _("You follow this pledge. What you are told of it is set under “Your notices”.")
        self.message_user(request, words, messages.SUCCESS)
        if "list" in request.POST:
            return HttpResponseRedirect(reverse("admin:pledges_notice_changelist"))
        return HttpResponseRedirect(reverse("admin:pledges_pledge_change", args=[pk]))
