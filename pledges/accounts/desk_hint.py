"""A cookie that tells the public pages' script that this browser is used at the desk.

Public pages are cached for everybody and read no session. The cookie holds nothing about anybody: with it, the script
shows a link to the desk that every page contains, hidden (see static/site.js).
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from pledges.accounts.allauth_adapters import DESK

HINT = "desk"


class DeskHintMiddleware:
    """Set the cookie on pages of the desk that a member of staff opens, and delete it where nobody is logged in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(DESK):
            return response
        is_staff = request.user.is_authenticated and request.user.is_staff
        if is_staff and HINT not in request.COOKIES:
            response.set_cookie(HINT, "1", secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
        elif HINT in request.COOKIES and not is_staff:
            response.delete_cookie(HINT, samesite="Lax")
        return response
