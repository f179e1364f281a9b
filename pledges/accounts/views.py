"""A person's own account: the page that leads to its parts, and what django-allauth has no page for."""

from allauth.account import views as allauth_views
from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from pledges.accounts.forms import AccountForm
from pledges.models import User


def _moves_the_address(request: HttpRequest) -> bool:
    """Whether this would send the account's e-mail, and so the next reset of its password, to somewhere else."""
    return request.method == "POST" and request.POST.get("email", "").strip() != request.user.email


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@reauthentication_required(enabled=_moves_the_address)
def home(request: HttpRequest) -> HttpResponse:
    """What readers see of this person and where e-mail goes; and the ways to password, second factors and sessions."""
    person = User.objects.get(pk=request.user.pk)
    form = AccountForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid():
        form.instance.save(update_fields=form.changed_data)
        messages.success(request, _("Your account was saved."))
        return HttpResponseRedirect(reverse("account_home"))
    factors = Authenticator.objects.filter(user=request.user).order_by("type", "created_at")
    sessions = UserSession.objects.filter(user=request.user).count()
    parts = {"form": form, "factors": [factor.get_type_display() for factor in factors], "sessions": sessions}
    return render(request, "account/home.html", parts, status=422 if form.errors else 200)


def password_reset(request: HttpRequest) -> HttpResponse:
    """A link by e-mail; where this tracker has no mail server, who can give one."""
    if settings.EMAIL_HOST:
        return allauth_views.password_reset(request)
    return render(request, "account/password_reset_without_mail.html")


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions, which may be this one; somebody else's is a 404."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.is_current():
        get_adapter().end_sessions([session])
        logout(request)
        return HttpResponseRedirect(reverse("account_login"))
    get_adapter().end_sessions([session])
    messages.success(request, _("The session was ended."))
    return HttpResponseRedirect(reverse("usersessions_list"))
