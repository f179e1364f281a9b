"""Known devices: a browser in which a person has logged in before has limits of its own for wrong passwords.

Otherwise anybody could keep a person out by typing wrong passwords. The protocol is OWASP's, "Slow Down Online Guessing
Attacks with Device Cookies" (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.signals import password_changed, password_set, user_logged_in
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone

from pledges.models import Account, Act, User

PREFIX = "device_"  # and the key of the person's row: a newsroom's computer may have several people's
MOST_PEOPLE = 5
KNOWN_FOR = timedelta(days=180)
PATH = reverse_lazy("account_home")  # no other page gets the cookie


def known_device(request: HttpRequest, person: User) -> str | None:
    """A name for the device of the request, the same until the next login there; None if the person is not known there.

    Each login, change of password and end of sessions makes a new one. Earlier ones end when the password changes and
    when any session of the person is ended, by themselves or at the desk.
    """
    try:
        pk, issued, name = _signer(person).unsign(request.COOKIES.get(_cookie(person), "")).split(".")
    except BadSignature:
        return None
    issued_at = datetime.fromtimestamp(int(issued) / 1000, UTC)
    if pk != str(person.pk) or timezone.now() - issued_at > KNOWN_FOR:
        return None
    ended = Account.pgh_event_model.objects.filter(id=person.pk, pgh_label=Act.SESSIONS, pgh_created_at__gt=issued_at)
    return None if ended.exists() else name


@receiver([user_logged_in, password_changed, password_set])
def remember_device(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Have the answer to this request make the device a known one."""
    request.remembers_device = user  # type: ignore[attr-defined]


class KnownDeviceMiddleware:
    """Sets the cookie where `remember_device` asked for it, if the person is still logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        person = getattr(request, "remembers_device", None)
        if person and request.user.is_authenticated and request.user.pk == person.pk:
            _set_cookie(request, response, person)
        return response


def _set_cookie(request: HttpRequest, response: HttpResponse, person: User) -> None:
    issued = int(timezone.now().timestamp() * 1000)
    response.set_cookie(
        _cookie(person),
        _signer(person).sign(f"{person.pk}.{issued}.{secrets.token_urlsafe(12)}"),
        max_age=KNOWN_FOR,
        path=str(PATH),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    others = [name for name in request.COOKIES if name.startswith(PREFIX) and name != _cookie(person)]
    others.sort(key=lambda name: request.COOKIES[name].split(".")[1:2])  # oldest first; nothing hangs on it being true
    for name in others[: -(MOST_PEOPLE - 1)]:
        response.delete_cookie(name, path=str(PATH), samesite="Strict")


def _cookie(person: User) -> str:
    return f"{PREFIX}{person.pk}"


def _signer(person: User) -> Signer:
    """With the password in its salt: what was signed before a change of it is void."""
    return Signer(salt=f"pledges.known_device.{person.get_session_auth_hash()}")
