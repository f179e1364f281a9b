"""Accounts of the desk: how django-allauth is used, who lacks a second factor, when a session was last seen."""

import logging
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from pledges import actions
from pledges.models import User

log = logging.getLogger(__name__)
DESK, ACCOUNT = "/admin/", "/admin/account/"
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes only stand in for one
SEEN_STEP = timedelta(minutes=1)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made at the desk, and a person's address is `User.email`, in the language that the person chose."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict | None = None, email: str | None = None
    ) -> None:
        """Tell the person what happened to the account."""
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email or user.email)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send it in the person's language. A mail server that does not answer is logged, and the page goes on."""
        user = context.get("user")
        try:
            with translation.override(user.language if isinstance(user, User) else translation.get_language()):
                super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            log.error("The mail %s was not sent: %s", template_prefix, error)


def lacks_second_factor(user: User | AnonymousUser) -> bool:
    """Whether this person has to set up a second factor before the desk opens (one query, where it is obligatory)."""
    if not settings.REQUIRE_TWO_FACTORS or not user.is_authenticated or not user.is_staff:
        return False
    return not Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS).exists()


@receiver(authenticator_added)
def end_sessions_without_it(request: HttpRequest, user: User, authenticator: Authenticator, **_signal) -> None:
    """Sessions that began with the password alone end when their person sets up a second factor."""
    if authenticator.type in SECOND_FACTORS:
        actions.end_sessions(person=user, but=request.session.session_key)


class SecondFactorMiddleware:
    """Where a second factor is obligatory, a session without one opens the pages of the own account and nothing else.

    The desk leads there; everywhere else the request is nobody's, so that no view can forget to ask.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.REQUIRE_TWO_FACTORS and not request.path.startswith(ACCOUNT):
            person = request.user
            if request.path.startswith(DESK) and lacks_second_factor(person):
                url = reverse("mfa_index")
                if request.headers.get("HX-Request"):
                    return HttpResponse(status=403, headers={"HX-Redirect": url})
                return HttpResponseRedirect(url)
            # Asked only when somebody asks, so that public pages stay without a query.
            request.user = SimpleLazyObject(lambda: AnonymousUser() if lacks_second_factor(person) else person)
        return self.get_response(request)


class LastSeenMiddleware:
    """Note when and from where a session was last seen at the desk, once a minute at most, with one query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if request.path.startswith(DESK) and key and request.user.is_authenticated:
            now, adapter = timezone.now(), get_adapter()
            UserSession.objects.filter(session_key=key, last_seen_at__lt=now - SEEN_STEP).update(
                last_seen_at=now,
                ip=adapter.get_client_ip(request),
                user_agent=adapter.get_http_user_agent(request)[:HTTP_USER_AGENT_MAX_LENGTH],
            )
        return self.get_response(request)


def context(request: HttpRequest) -> dict:
    """For the pages of accounts, which are not the admin's own views but look like them: what its header needs."""
    if not request.path.startswith(ACCOUNT):
        return {}
    site = admin.site
    return {
        "site_header": site.site_header,
        "site_title": site.site_title,
        "site_url": site.site_url,
        "has_permission": site.has_permission(request),
        "mail_works": bool(settings.EMAIL_HOST),
        "second_factor_missing": lacks_second_factor(request.user),
    }
