"""What all public pages share: caching by edition, and the template context of the masthead."""

import functools
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.db import Error
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    JsonResponse,
)
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from pledges.domain.languages import OWN_NAMES
from pledges.domain.process_cache import Turns, kept
from pledges.models import Logo, Newsroom
from pledges.queries import asof, pulse
from pledges.queries.asof import AsOf, InvalidPeriod
from pledges.queries.outages import is_database_away
from pledges.queries.pulse import Pulse
from pledges.queries.standings import Standings, standings_uncached
from pledges.site.shared import compression, outage_notice, page_keys, page_store
from pledges.site.shared.page_keys import Key, Rule
from pledges.site.shared.paths import translated_path

KEPT_HEADERS = ("Content-Type", "Content-Encoding", "Link")
TURN_SECONDS = 2.0  # for which a request waits until another has made the same page

View = Callable[..., HttpResponse]


class PublicRequest(HttpRequest):
    """The request of a public page, with what `page` and the middleware add to it."""

    as_of: AsOf
    htmx: HtmxDetails
    page_parameters: list[tuple[str, str]]
    pulse: Pulse


def today() -> date:
    """Today in the newsroom's calendar."""
    return timezone.localdate()


def pulse_of(request: HttpRequest) -> Pulse:
    """The pulse with which this request's page is made."""
    return getattr(request, "pulse", None) or pulse.current()


def origin_of(request: HttpRequest) -> str:
    """The public origin of this site, such as https://pledges.example.org: SITE_URL, or else that of the request."""
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"


def standings_of(request: PublicRequest) -> Standings:
    """Every public pledge as of the edition and day that the page shows."""
    return standings_uncached(request.as_of.edition, request.as_of.day)


@kept(most=2)
def _newsroom(_edition: int) -> Newsroom:
    newsroom = Newsroom.get()
    if newsroom.logo_id:  # its measures: every page names them, none needs the file
        newsroom.logo = Logo.objects.defer("body").get(pk=newsroom.logo_id)
    return newsroom


def current_newsroom() -> Newsroom:
    """The newsroom as of the current edition."""
    return _newsroom(pulse.current().edition)


def last_newsroom() -> Newsroom | None:
    """The current newsroom, or while the database is away the last that this process has read, None before it has."""
    try:
        return current_newsroom()
    except Error as error:
        if not is_database_away(error):
            raise
        return _newsroom.last


def newsroom_of(request: HttpRequest) -> Newsroom:
    """The newsroom as of the edition with which this request's page is made."""
    return _newsroom(pulse_of(request).edition)


def main_address(url: str, newsroom: Newsroom) -> str:
    """A page's address: in a newsroom that writes one language the one in that, whatever language is active."""
    return translated_path(url, newsroom.main_language) if newsroom.one_language else url


def canonical_of(request: HttpRequest) -> str:
    """The canonical address of the page; "" for errors, which have none.

    A page as of another time is a work of its own (docs/adr/0038-canonical-of-pinned-pages.md)."""
    if not hasattr(request, "page_parameters"):
        return ""
    return f"{origin_of(request)}{main_address(request.path, newsroom_of(request))}{_canonical_query(request)}"


def _undated(request: HttpRequest) -> list[tuple[str, str]]:
    parameters: list[tuple[str, str]] = getattr(request, "page_parameters", [])
    return [pair for pair in parameters if pair[0] not in asof.PARAMETERS]


def _canonical_query(request: HttpRequest) -> str:
    as_of: AsOf | None = getattr(request, "as_of", None)
    query = urlencode([*_undated(request), *(as_of.asked if as_of else ())])
    return f"?{query}" if query else ""


def _closed(newsroom: Newsroom) -> bool:
    return newsroom.is_closed(today())


def context(request: HttpRequest) -> dict[str, object]:
    """The context processor of every page. Lazy: nothing is read unless a template uses it."""
    as_of: AsOf | None = getattr(request, "as_of", None)
    parameters: list[tuple[str, str]] = getattr(request, "page_parameters", [])

    def newsroom() -> Newsroom:
        return newsroom_of(request)

    def language_links() -> list[tuple[str, str, str]]:
        # Only parameters that the page reads: the page is cached for visitors who came without the others.
        query = f"?{urlencode(parameters)}" if parameters else ""
        return [(code, OWN_NAMES[code], translated_path(request.path, code) + query) for code in written()]

    def written() -> list[str]:
        return [code for code in OWN_NAMES if code in newsroom().languages]

    def alternates() -> list[tuple[str, str]]:
        """The canonical address in each written language; "x-default" is for readers of no other than these."""
        codes = {code: code for code in written()}
        if len(codes) > 1:
            codes["x-default"] = newsroom().main_language
        path, query = request.path, _canonical_query(request)
        return [(name, f"{origin_of(request)}{translated_path(path, code)}{query}") for name, code in codes.items()]

    def now_query() -> str:
        return f"?{urlencode(_undated(request))}" if _undated(request) else ""

    return {
        "today": SimpleLazyObject(today),
        "origin": SimpleLazyObject(lambda: origin_of(request)),
        "canonical": SimpleLazyObject(lambda: canonical_of(request)),
        "alternates": SimpleLazyObject(alternates),
        "now_query": SimpleLazyObject(now_query),
        "as_of": as_of,
        "pulse": SimpleLazyObject(lambda: pulse_of(request)),
        "newsroom": SimpleLazyObject(newsroom),
        "language_links": SimpleLazyObject(language_links),
        "closed": SimpleLazyObject(lambda: _closed(newsroom())),
    }


def in_json(request: HttpRequest, error: InvalidPeriod) -> HttpResponse:
    """The answer of a download to an impossible parameter: {"errors": {parameter: what to do}}, with status 422."""
    answer = {"errors": {error.field: str(error)}}
    return JsonResponse(answer, status=422, json_dumps_params={"ensure_ascii": False})


@dataclass(frozen=True)
class PageVersion:
    """Which version of which page a response is, for the middleware that keeps whole responses (`front`)."""

    rule: Rule
    version: str


def page(
    *parameters: str,
    once: Collection[str] = (),
    dated: bool = True,
    names_snapshot: bool = False,
    shows_watch: bool = True,
    partial: bool = False,
    counted: bool = False,
    slots: str = "",
    impossible: str = "pledges/impossible.html",
    refused: Callable[[HttpRequest, InvalidPeriod], HttpResponse] | None = None,
) -> Callable[[View], View]:
    """Decorator of a public page: GET and HEAD only, cached by edition, with an ETag.

    The edition is part of the version, so the next request after a publication sees it without any invalidation.
    `parameters` are the query parameters that the view reads; others are ignored. Of those in `SEVERAL`, but not in
    `once`, it gets every value, of any other the last: no two addresses differ in a value that nobody reads.

    A dated page can be requested as of a day or an edition (see `asof`): `request.as_of` has both. An impossible one is
    answered with status 422 and the template `impossible`, which has the form to mend it, or as `refused` has it. A
    page that `names_snapshot` is made anew when a snapshot of an edition was, one that `shows_watch` (as the foot of
    every HTML page does) after sources were read. A `partial` page answers htmx with a part of itself (`is_partial`).
    `counted` and `slots`: see `page_keys.Rule`.

    While the database is away, the version that was stored last is shown, with a line that says so.
    """
    names = (*parameters, *asof.PARAMETERS) if dated else parameters
    rule = Rule(names, frozenset(once), names_snapshot, shows_watch, partial, counted, slots)

    def in_html(request: HttpRequest, error: InvalidPeriod) -> HttpResponse:
        return render(request, impossible, {"error": error}, status=422)

    def make(view: View, request: PublicRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            request.as_of = asof.read(request.GET, request.pulse, today()) if dated else request.as_of
            return view(request, *args, **kwargs)
        except InvalidPeriod as error:
            return (refused or in_html)(request, error)

    def decorate(view: View) -> View:
        @require_safe
        @functools.wraps(view)
        def cached(request: PublicRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.GET = cast(Any, rule.canonical(request.GET))
            given = request.page_parameters = rule.given(request.GET)
            in_part = rule.partial and page_keys.is_partial(request)
            key = rule.key(origin_of(request), request.path, given, in_part, get_language() or "")
            try:
                current = request.pulse = pulse.current()  # one pulse for the version and the content
                request.as_of = AsOf(current.edition, today(), dated=dated)
                version = rule.version(current)
                if key.etag(version) in page_keys.etags(request):
                    response: HttpResponse = HttpResponseNotModified()
                else:
                    making = functools.partial(make, view, request, *args, **kwargs)
                    response = _stored(key, version) or _made(key, version, making)
                return _finished(request, response, rule, key, version)
            except Error as error:
                if not (is_database_away(error) and (stored := page_store.read(key))):
                    raise
                response = outage_notice.last_known(
                    request, stored.headers, stored.body, language=stored.language, made_at=stored.made_at
                )
                if not response["Content-Type"].startswith("text/html"):
                    open_to_every_origin(response)
                return response

        return cached

    return decorate


def _stored(key: Key, version: str) -> HttpResponse | None:
    stored = page_store.read(key)
    if not stored or stored.version != version:
        return None
    response = HttpResponse(stored.body, headers=stored.headers)
    cast(Any, response).was_cached = True  # for the metrics
    return response


_turns = Turns()


def _made(key: Key, version: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer that `make` gives, stored if it is the page; or, where another thread has just made it, that one.

    Of a page that is not there any more nothing stays: it would be shown again while the database is away.
    """
    with _turns.first((key, version), seconds=TURN_SECONDS) as is_first:
        if not is_first and (response := _stored(key, version)):
            return response
        try:
            response = make()
        except Http404:
            page_store.delete(key)
            raise
        if response.status_code in page_keys.GONE:
            page_store.delete(key)
        elif response.status_code == 200:
            compression.compress(response)
            headers = {name: response[name] for name in KEPT_HEADERS if name in response}
            page_store.write(key, version, get_language() or "", headers, response.content)
        return response


def _finished(request: PublicRequest, response: HttpResponse, rule: Rule, key: Key, version: str) -> HttpResponse:
    """The answer with the headers that are not stored, in a coding that the visitor accepts."""
    if compression.accepts_gzip(request):
        compression.compress(response)
    else:
        compression.decompress(response)
    if response.status_code in (200, 304):
        response["ETag"] = key.etag(version)
        if not rule.counted:
            cast(Any, response).page_version = PageVersion(rule, version)
    # A 304 does not say of what it is: whoever has the download has its licence, too.
    content_type = response.get("Content-Type", "")
    if content_type and not content_type.startswith("text/html"):
        name_licence(response, newsroom_of(request))
    if not content_type.startswith("text/html"):
        open_to_every_origin(response)
    response["Cache-Control"] = "no-cache"
    varies = ["HX-Request", "HX-History-Restore-Request"] if rule.partial else []
    patch_vary_headers(response, ["Accept-Encoding", *varies])
    return response


def name_licence(response: HttpResponseBase, newsroom: Newsroom) -> None:
    """Name the licence of a download in the Link header (RFC 8288, RFC 4946)."""
    if newsroom.data_licence_url:
        own = [response["Link"]] if response.has_header("Link") else []
        response["Link"] = ", ".join([*own, f'<{iri_to_uri(newsroom.data_licence_url)}>; rel="license"'])


def open_to_every_origin(response: HttpResponseBase) -> None:
    """Let programs in other sites' pages read a download: it is the same for everybody, and no cookie is asked for."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
