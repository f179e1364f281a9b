"""How accounts use django-allauth: adapters, what is put on record, the second factor, when a session was last seen."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.signals import password_reset, user_logged_in
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_used
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
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
from django.utils.translation import gettext_lazy

from pledges.accounts.known_devices import known_device, remember_device
from pledges.actions import broker, people
from pledges.models import Account, Act, User

log = logging.getLogger(__name__)
DESK, ACCOUNT = "/admin/", "/admin/account/"
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes only stand in for one
SEEN_STEP = timedelta(minutes=1)
MAX_AGENT = UserSession._meta.get_field("user_agent").max_length
LINK_WARNINGS, MOST_LINKS = timedelta(days=30), 3


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made at the desk; mail goes to `User.email`, in the language that the person chose."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": gettext_lazy(
            "Too many failed attempts. Try again in some minutes, with a passkey, or where you have logged in before."
        ),
    }

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials) -> str:
        """What wrong passwords are counted and refused by: the known device, else the name that was typed."""
        person = _account_of(credentials)
        device = known_device(request, person) if person else None
        return f"device {device}" if device else f"name {_name_in(credentials).lower()}"

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        """Count an attempt; raises ValidationError if the known device or the typed name has no tries left.

        On unknown devices the attempt also counts for the account, by whatever name it is called. That these tries are
        used up is not told, or two names of one account would show that it exists: see `authenticate`. Names without
        an account are counted twice too, which takes as long.
        """
        person = _account_of(credentials)
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._note(request, person, Act.LOCKED)
            raise
        key = self._get_login_attempts_cache_key(request, **credentials)
        if person and key.startswith("name "):
            key = f"account {person.pk}"
        self._account_usage = ratelimit.consume(request, app="allauth.account", action="account_failed", key=key)
        if not self._account_usage:
            self._note(request, person, Act.LOCKED)

    def authenticate(self, request: HttpRequest, **credentials) -> AbstractBaseUser | None:
        """The account with this name and password; None too if it has no tries left, whatever the password."""
        # allauth passes an address under both names, and would compare the password twice where there is an account:
        # that can be timed.
        if "username" in credentials:
            credentials.pop("email", None)
        user = super().authenticate(request, **credentials)
        return user if self._account_usage else None

    def _rollback_login_failed_rl_usage(self) -> None:
        if self._account_usage:  # else the right password would be the one that is not counted
            self._account_usage.rollback()
            super()._rollback_login_failed_rl_usage()

    def authentication_failed(self, request: HttpRequest, **credentials) -> None:
        """Put a wrong password on the account's record, if the account exists; not while it has no tries left."""
        if self._account_usage:
            self._note(request, _account_of(credentials), Act.REFUSED)

    def _note(self, request: HttpRequest, person: User | None, act: Act) -> None:
        """Have a worker put an attempt on the account's record. Names without an account cause a message too: that
        they have none does not show in the time of the answer. Without the broker it does, but nothing goes unrecorded.
        """
        address, by = self.get_client_ip(request), {"user": request.user.pk, "url": request.path}
        sent = broker.enqueue_for_stranger("note_attempt", person.pk if person else 0, act.value, address, by)
        if person and not sent:
            people.note_attempt(person=person, act=act, address=address)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict | None = None, email: str | None = None
    ) -> None:
        """Notify the person of a change to the account."""
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email or user.email)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send a mail in the person's language. Failures of the mail server are logged, not raised."""
        user = context.get("user")
        try:
            with translation.override(user.language if isinstance(user, User) else translation.get_language()):
                super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            log.error("The mail %s was not sent: %s", template_prefix, error)


def _account_of(credentials: dict) -> User | None:
    """The account that somebody tried to log in to, by user name or e-mail address; None if there is none."""
    name = _name_in(credentials)
    return User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name)).first() if name else None


def _name_in(credentials: dict) -> str:
    return credentials.get("username") or credentials.get("email") or ""


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Puts on record when people end sessions of their own."""

    @transaction.atomic
    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """End sessions, all of one person, who is known on the device of this request only from now on."""
        sessions = list(sessions)
        super().end_sessions(sessions)
        if sessions:
            people.note_act(person=sessions[0].user, act=Act.SESSIONS, count=len(sessions))
            remember_device(self.request, sessions[0].user)


def lacks_second_factor(user: User | AnonymousUser) -> bool:
    """Whether this person must set up a second factor before using the desk (one query, if it is required at all)."""
    if not settings.REQUIRE_TWO_FACTORS or not user.is_authenticated or not user.is_staff:
        return False
    return not Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS).exists()


@receiver(authenticator_added)
def end_sessions_without_it(request: HttpRequest, user: User, authenticator: Authenticator, **_signal) -> None:
    """When a second factor is set up, end the sessions that began with the password alone; this browser stays known."""
    if authenticator.type in SECOND_FACTORS:
        people.end_sessions(person=user, but=request.session.session_key or "")
        remember_device(request, user)


@receiver(authentication_failed)
def note_wrong_code(request: HttpRequest, user: User, **_signal) -> None:
    """Put a wrong code of a second factor on record, like a wrong password."""
    people.note_act(person=user, act=Act.REFUSED, address=get_adapter().get_client_ip(request))


@receiver(authenticator_used)
def note_recovery_code(request: HttpRequest, user: User, authenticator: Authenticator, **_signal) -> None:
    """Put the use of a recovery code on record: there are few, and a thief would use one."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        people.note_act(person=user, act=Act.RECOVERY, address=get_adapter().get_client_ip(request))


@receiver(password_reset)
def end_earlier_sessions(user: User, **_signal) -> None:
    """After the password was set by a link, end all earlier sessions."""
    people.end_sessions(person=user)


@receiver(user_logged_in)
def warn_of_links(request: HttpRequest, user: User, **_signal) -> None:
    """At each login, warn of links to set the password that others made within 30 days.

    At each login, not only the next one: otherwise somebody who got in by such a link would be the only one to read it.
    """
    since = timezone.now() - LINK_WARNINGS
    acts = Account.pgh_event_model.objects.filter(id=user.pk, pgh_label=Act.LINK, pgh_created_at__gt=since)
    acts = acts.select_related("pgh_context").order_by("-pgh_created_at", "-pgh_id")
    made = [(act.pgh_context.metadata.get("user") if act.pgh_context else None, act.pgh_created_at) for act in acts]
    made = [(by, at) for by, at in made if by != user.pk][:MOST_LINKS]
    names = User.objects.in_bulk({by for by, _at in made})
    for by, at in made:
        values = {
            "who": names[by].username if by in names else _("whoever runs the server"),
            "when": date_format(timezone.localtime(at), "DATETIME_FORMAT"),
        }
        warning = _(
            "A link to set your password was made by %(who)s on %(when)s. If you did not expect it, ask them, and "
            "change your password. All that was done to your account is under “Your account”, “History”."
        )
        messages.warning(request, warning % values)


class SecondFactorMiddleware:
    """Where a second factor is required, a person without one can open only the pages of their own account.

    The desk redirects there; for all other pages the request is anonymous, so that no view can forget the check.
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
            # Lazy, so that public pages stay without a query.
            user: Any = SimpleLazyObject(lambda: AnonymousUser() if lacks_second_factor(person) else person)
            request.user = user
        return self.get_response(request)


class LastSeenMiddleware:
    """Store when and from where a session was last seen at the desk, at most once a minute, with one query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if request.path.startswith(DESK) and key and request.user.is_authenticated:
            now, adapter = timezone.now(), get_adapter()
            UserSession.objects.filter(session_key=key, last_seen_at__lt=now - SEEN_STEP).update(
                last_seen_at=now,
                ip=adapter.get_client_ip(request),
                user_agent=adapter.get_http_user_agent(request)[:MAX_AGENT],
            )
        return self.get_response(request)


def context(request: HttpRequest) -> dict:
    """Context processor for the pages of accounts, which use the admin's templates: what the header needs."""
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
