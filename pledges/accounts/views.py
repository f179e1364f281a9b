"""A person's own account: its first page, and what django-allauth has no page for."""

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

from pledges.accounts import calendar_address
from pledges.accounts.forms import AccountForm, ForgottenPasswordForm, NotSent
from pledges.accounts.requests import user_of
from pledges.models import User


def _changes_the_address(request: HttpRequest) -> bool:
    """Whether the request changes the e-mail address, to which a link to reset the password would go."""
    return request.method == "POST" and request.POST.get("email", "").strip() != user_of(request).email


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@reauthentication_required(enabled=_changes_the_address)
def home(request: HttpRequest) -> HttpResponse:
    """The person's byline, e-mail address and language, with links to password, second factors and sessions."""
    person = User.objects.get(pk=user_of(request).pk)  # not the request's own, which the form would change
    form = AccountForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid():
        form.instance.save(update_fields=form.changed_data)
        messages.success(request, _("Your account was saved."))
        return HttpResponseRedirect(reverse("account_home"))
    factors = Authenticator.objects.filter(user=person).order_by("type", "created_at")
    sessions = UserSession.objects.filter(user=person).count()
    context = {"form": form, "factors": [factor.get_type_display() for factor in factors], "sessions": sessions}
    if person.is_staff and person.has_perm(calendar_address.PERMISSION):
        context["calendar"] = request.build_absolute_uri(
            reverse("review_days", args=[calendar_address.token_of(person)])
        )
    return render(request, "account/home.html", context, status=422 if form.errors else 200)


class _PasswordResetView(allauth_views.PasswordResetView):
    def form_valid(self, form: ForgottenPasswordForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except NotSent:
            form.add_error(None, _("No link can be sent at the moment. Try again in some minutes."))
            return self.render_to_response(self.get_context_data(form=form), status=503)


_password_reset = _PasswordResetView.as_view()


def password_reset(request: HttpRequest) -> HttpResponse:
    """Send a link by e-mail; without a mail server, a page says who can make one; 503 without the broker."""
    if settings.EMAIL_HOST:
        return _password_reset(request)
    return render(request, "account/password_reset_without_mail.html")


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the person's own sessions, which may be this one; somebody else's is a 404."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    is_current = session.is_current()
    get_adapter().end_sessions([session])
    if is_current:
        logout(request)
        return HttpResponseRedirect(reverse("account_login"))
    messages.success(request, _("The session was ended."))
    return HttpResponseRedirect(reverse("usersessions_list"))
