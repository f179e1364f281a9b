"""Accounts of the desk: how django-allauth is used, who lacks a second factor, when a session was last seen."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.signals import password_reset, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_used
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from pledges.actions import people
from pledges.models import Account, Act, User

log = logging.getLogger(__name__)
DESK, ACCOUNT = "/admin/", "/admin/account/"
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes only stand in for one
SEEN_STEP = timedelta(minutes=1)
LONGEST_AGENT = UserSession._meta.get_field("user_agent").max_length
LOCK = timedelta(minutes=5)  # as long as ACCOUNT_RATE_LIMITS stops an account: told once, not at every attempt
TOLD_OF_LINKS, MOST_LINKS = timedelta(days=30), 3


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made at the desk, and a person's address is `User.email`, in the language that the person chose."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        """Refuse attempts beyond the limits (ValidationError). That an account met one is put on record."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            person = _named(credentials)
            since = timezone.now() - LOCK
            acts = Account.pgh_event_model.objects.filter(pgh_label=Act.LOCKED, pgh_created_at__gt=since)
            if person and not acts.filter(id=person.pk).exists():
                people.note_act(person=person, act=Act.LOCKED, address=self.get_client_ip(request))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials) -> None:
        """Put a wrong password on record, where there is an account of that name."""
        if person := _named(credentials):
            people.note_act(person=person, act=Act.REFUSED, address=self.get_client_ip(request))

    def send_password_reset_mail(self, user: User, email: str, context: dict) -> None:
        """Send a link that somebody asked for on the page "Forgotten password", and put that on record."""
        people.note_act(person=user, act=Act.ASKED, address=self.get_client_ip(context["request"]))
        super().send_password_reset_mail(user, email, context)

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


def _named(credentials: dict) -> User | None:
    """Whose account it is that somebody tried to log in to, by user name or address; None when it is nobody's."""
    name = credentials.get("username") or credentials.get("email")
    return User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name)).first() if name else None


class SessionsAdapter(DefaultUserSessionsAdapter):
    """A person's own ending of sessions, on record."""

    @transaction.atomic
    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """End them; all are of one person."""
        sessions = list(sessions)
        super().end_sessions(sessions)
        if sessions:
            people.note_act(person=sessions[0].user, act=Act.SESSIONS, count=len(sessions))


def lacks_second_factor(user: User | AnonymousUser) -> bool:
    """Whether this person has to set up a second factor before the desk opens (one query, where it is obligatory)."""
    if not settings.REQUIRE_TWO_FACTORS or not user.is_authenticated or not user.is_staff:
        return False
    return not Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS).exists()


@receiver(authenticator_added)
def end_sessions_without_it(request: HttpRequest, user: User, authenticator: Authenticator, **_signal) -> None:
    """Sessions that began with the password alone end when their person sets up a second factor."""
    if authenticator.type in SECOND_FACTORS:
        people.end_sessions(person=user, but=request.session.session_key)


@receiver(authentication_failed)
def note_wrong_code(request: HttpRequest, user: User, **_signal) -> None:
    """A wrong code is on record as a wrong password is."""
    people.note_act(person=user, act=Act.REFUSED, address=get_adapter().get_client_ip(request))


@receiver(authenticator_used)
def note_recovery_code(request: HttpRequest, user: User, authenticator: Authenticator, **_signal) -> None:
    """Of the second factors only the use of a recovery code is on record: there are few, and a thief would use one."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        people.note_act(person=user, act=Act.RECOVERY, address=get_adapter().get_client_ip(request))


@receiver(password_reset)
def end_sessions_of_before(user: User, **_signal) -> None:
    """Whoever used a link to set the password begins anew: what was open in the account is closed."""
    people.end_sessions(person=user)


@receiver(user_logged_in)
def tell_of_links(request: HttpRequest, user: User, **_signal) -> None:
    """Tell the person of the links to set the password that others made, at each login for a month.

    At each, not at the next only: whoever used a link to get in would otherwise have read it first, and alone.
    """
    since = timezone.now() - TOLD_OF_LINKS
    acts = Account.pgh_event_model.objects.filter(id=user.pk, pgh_label=Act.LINK, pgh_created_at__gt=since)
    acts = acts.select_related("pgh_context").order_by("-pgh_created_at", "-pgh_id")
    made = [(act.pgh_context.metadata.get("user") if act.pgh_context else None, act.pgh_created_at) for act in acts]
    made = [(by, at) for by, at in made if by != user.pk][:MOST_LINKS]
    names = User.objects.in_bulk({by for by, _at in made})
    for by, at in made:
        words = {
            "who": names[by].username if by in names else _("whoever runs the server"),
            "when": date_format(timezone.localtime(at), "DATETIME_FORMAT"),
        }
        told = _(
            "A link to set your password was made by %(who)s on %(when)s. If you did not expect it, ask them, and "
            "change your password. All that was done to your account is under “Your account”, “History”."
        )
        messages.warning(request, told % words)


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
                user_agent=adapter.get_http_user_agent(request)[:LONGEST_AGENT],
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
