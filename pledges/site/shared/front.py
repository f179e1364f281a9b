"""In front of everything: whole answers of public pages from the process's memory, which hosts are served, and cookies
that nothing can read.

Public pages use no session, no login and no form token, so an answer that is the newest version of its page is sent as
all other middleware left it the first time. `page_cache.page` says which answers are, and `page_keys` of which version.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import time
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.request import split_domain_port
from django.utils.cache import has_vary_header
from django.utils.translation import get_language, get_language_from_path

from pledges.accounts.desk_hint import HINT
from pledges.domain.process_cache import LeastRecentlyUsed
from pledges.queries import pulse
from pledges.queries.outages import answered_within, is_database_away
from pledges.site.shared import compression, outage_notice, page_keys
from pledges.site.shared.page_cache import PageVersion

# In each process. Addresses without end (parameters, weeks) are apart: they push out nothing but each other.
PAGES, PAGES_SIZE = 500, 8_000_000
OTHERS, OTHERS_SIZE = 200, 4_000_000
# For which a query of a page is waited for; what writes may have to wait for others that do.
DATABASE_SECONDS = 20
OF_A_BODY = {"content-type", "content-length", "content-encoding", "content-disposition"}  # a 304 has none of these
DEFAULT_PORTS = {"http": "80", "https": "443"}
Address = tuple[object, ...]


@dataclass
class Answer:
    """A response to be sent again: of which version of which page it is, its ETag, its headers and those of a 304, its
    body and language, and when it was made (seconds since 1970, UTC)."""

    page: PageVersion
    etag: str
    headers: dict[str, str]
    not_modified: dict[str, str]
    body: bytes
    language: str
    made_at: float
    verified: pulse.Pulse | None = None  # the last pulse of which this was the newest version

    @classmethod
    def of(cls, response: HttpResponse, page: PageVersion) -> "Answer":
        """What is kept of a response."""
        headers = dict(response.items())
        not_modified = {name: value for name, value in headers.items() if name.lower() not in OF_A_BODY}
        language = get_language() or settings.LANGUAGE_CODE
        return cls(page, response["ETag"], headers, not_modified, response.content, language, time())

    def is_newest(self, current: pulse.Pulse) -> bool:
        """Whether nothing has changed the page since. The same pulse is at most PULSE_SECONDS old."""
        if current is not self.verified:
            if self.page.version != self.page.rule.version(current):
                return False
            self.verified = current
        return True

    def response(self, request: HttpRequest) -> HttpResponse:
        """The same response again, or 304 to a visitor who has it."""
        if self.etag in page_keys.etags(request):
            return HttpResponseNotModified(headers=self.not_modified)
        return HttpResponse(self.body, headers=self.headers)

    def last_known(self, request: HttpRequest) -> HttpResponse:
        """The response while the database is away."""
        return outage_notice.last_known(request, self.headers, self.body, language=self.language, made_at=self.made_at)


pages: LeastRecentlyUsed[Answer] = LeastRecentlyUsed(entries=PAGES, size=PAGES_SIZE)
others: LeastRecentlyUsed[Answer] = LeastRecentlyUsed(entries=OTHERS, size=OTHERS_SIZE)


class FrontMiddleware:
    """Answer from memory what is there in its newest version, refuse hosts that are not served, pass on the rest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        drop_cookies_with_nul(request)
        if request.method not in ("GET", "HEAD"):
            check_host(request)
            return self.get_response(request)
        in_path = get_language_from_path(request.path_info) is not None
        address = _address(request, in_path)
        answer = pages.get(address) or others.get(address)
        if answer:
            try:
                if answer.is_newest(_pulse(request)):
                    return answer.response(request)
            except Error as error:
                if not is_database_away(error):
                    raise  # `page` looks for a newer one in the shared cache
        asked_as_served = check_host(request)
        with answered_within(DATABASE_SECONDS):
            response = self.get_response(request)
        page: PageVersion | None = getattr(response, "page_version", None)
        if page is None:
            if answer and response.status_code in page_keys.GONE:
                _forget(address)
            # Without a cache there may still be the page in memory.
            return answer.last_known(request) if answer and response.status_code == 503 else response
        if settings.CDN_SECONDS and _is_the_same_for_all(response):
            stale = f"stale-while-revalidate={settings.CDN_STALE_SECONDS}"
            response["Cache-Control"] = f"public, max-age=0, s-maxage={settings.CDN_SECONDS}, {stale}"
        if response.status_code == 200 and asked_as_served and not has_vary_header(response, "Cookie"):
            kept = Answer.of(response, page)
            has_end = in_path and not request.META.get("QUERY_STRING") and not page.rule.slots
            (pages if has_end else others).put(address, kept, len(kept.body) + len(repr(address)) + 2_000)
        return response


def _address(request: HttpRequest, is_language_in_path: bool) -> Address:
    """What the answer of a public page depends on, as it was requested; `page_keys` knows which addresses are one."""
    meta = request.META
    wished = None
    if not is_language_in_path:
        wished = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME), meta.get("HTTP_ACCEPT_LANGUAGE")
    return (
        request.scheme,
        meta.get("HTTP_HOST"),
        request.path_info,
        meta.get("QUERY_STRING"),
        page_keys.is_partial(request),
        compression.accepts_gzip(request),
        wished,
    )


def _forget(address: Address) -> None:
    for memory in (pages, others):
        memory.delete(address)


def _pulse(request: HttpRequest) -> pulse.Pulse:
    works_at_desk = request.META.get("HTTP_COOKIE") and not request.COOKIES.keys().isdisjoint(
        (settings.SESSION_COOKIE_NAME, HINT)
    )
    return pulse.current() if works_at_desk else pulse.recent()


def _is_the_same_for_all(response: HttpResponse) -> bool:
    return {name.strip().lower() for name in response.get("Vary", "").split(",")} <= {"accept-encoding"}


def drop_cookies_with_nul(request: HttpRequest) -> None:
    """Leave cookies out of which a character is NUL: PostgreSQL's texts have none, so the database fails to look for
    such a session. The server refuses the character itself, but a cookie in quotes may write it as \\000."""
    header = request.META.get("HTTP_COOKIE", "")
    if "\\000" in header or "\0" in header:
        for name in [name for name, value in request.COOKIES.items() if "\0" in name + value]:
            del request.COOKIES[name]


def check_host(request: HttpRequest) -> bool:
    """Write the Host header as the site is served, in small letters and without a default port, so that pages differ in
    nothing that a visitor can make up. Returns whether it was written so.

    Raises DisallowedHost, which is answered with 400, for another host (ALLOWED_HOSTS) or another port: the site is
    served at that of SITE_URL, the one that this server listens at, and those that ALLOWED_HOSTS names with a host.
    """
    given = request.get_host()
    host, port = split_domain_port(given)
    if port == DEFAULT_PORTS[request.scheme or "http"]:
        port = ""
    served = f"{host}:{port}" if port else host
    ports = {"", str(urlsplit(settings.SITE_URL).port or ""), request.META.get("SERVER_PORT", "")}
    if port not in ports and served not in settings.ALLOWED_HOSTS:
        raise DisallowedHost(f"Invalid HTTP_HOST header: {given!r}: the site is not served at this port.")
    request.META["HTTP_HOST"] = served
    return given == served
