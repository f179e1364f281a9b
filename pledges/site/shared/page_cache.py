"""What all public pages share: caching by edition, and the template context of the masthead."""

import functools
import hashlib
import logging
from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from pledges.domain.languages import OWN_NAMES
from pledges.domain.process_cache import kept
from pledges.models import Logo, Newsroom
from pledges.queries import asof, pulse
from pledges.queries.asof import AsOf, InvalidPeriod
from pledges.queries.pulse import UNREACHABLE, Pulse
from pledges.queries.search import filters
from pledges.queries.standings import Standings, standings_uncached
from pledges.site.shared import compression
from pledges.site.shared.paths import translated_path

log = logging.getLogger(__name__)
KEPT_SECONDS = 3600
KEPT_HEADERS = ("Content-Type", "Content-Encoding", "Link")
SEVERAL = (*filters.FACETS, "series")  # parameters of which a page may read several values
SEARCHES = ("q", "url")  # parameters with endlessly many values: a page with one is not kept
CHECKED_STEP = 600  # a cached page may show the state of the watch and of dead links up to ten minutes late


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


def is_partial(request: PublicRequest) -> bool:
    """Whether htmx asks only for the part of the page that its form changes."""
    return bool(request.htmx) and not request.htmx.history_restore_request


@kept(most=2)
def _newsroom(_edition: int) -> Newsroom:
    newsroom = Newsroom.get()
    if newsroom.logo_id:  # its measures: every page names them, none needs the file
        newsroom.logo = Logo.objects.defer("body").get(pk=newsroom.logo_id)
    return newsroom


def current_newsroom() -> Newsroom:
    """The newsroom as of the current edition."""
    return _newsroom(pulse.current().edition)


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


def _edition_step(current: Pulse) -> str:
    # With its time: after a backup is restored, another edition may get the same number.
    return f"{current.edition}-{current.published_at.timestamp():.3f}" if current.published_at else "0"


def _step(when: datetime | None) -> int:
    return int(when.timestamp() // CHECKED_STEP) if when else 0


def in_json(request: HttpRequest, error: InvalidPeriod) -> HttpResponse:
    """The answer of a download to an impossible parameter: {"errors": {parameter: what to do}}, with status 422."""
    answer = {"errors": {error.field: str(error)}}
    return JsonResponse(answer, status=422, json_dumps_params={"ensure_ascii": False})


def page(
    *parameters: str,
    once: Collection[str] = (),
    dated: bool = True,
    names_snapshot: bool = False,
    shows_watch: bool = True,
    impossible: str = "pledges/impossible.html",
    refused: Callable[[HttpRequest, InvalidPeriod], HttpResponse] | None = None,
) -> Callable[[View], View]:
    """Decorator of a public page: GET and HEAD only, cached by edition, with an ETag.

    The edition is part of the cache key, so the next request after a publication sees it without any invalidation.
    `parameters` are the query parameters that the view reads; others are ignored. Of those in `SEVERAL`, but not in
    `once`, it gets every value, of any other the last: no two addresses differ in a value that nobody reads.

    A dated page can be requested as of a day or an edition (see `asof`): `request.as_of` has both. An impossible one is
    answered with status 422 and the template `impossible`, which has the form to mend it, or as `refused` has it. A
    page that `names_snapshot` is made anew when a snapshot of an edition was, one that `shows_watch` (as the foot of
    every HTML page does) after sources were read.
    """
    names = (*parameters, *asof.PARAMETERS) if dated else parameters

    def in_html(request: HttpRequest, error: InvalidPeriod) -> HttpResponse:
        return render(request, impossible, {"error": error}, status=422)

    def decorate(view: View) -> View:
        @require_safe
        @functools.wraps(view)
        def cached(request: PublicRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            current = request.pulse = pulse.current()  # one pulse for the key and the content
            request.GET = cast(Any, _without_repetitions(request.GET, once))
            given = [(name, value) for name in names for value in request.GET.getlist(name)]
            request.page_parameters = given
            request.as_of = AsOf(current.edition, today(), dated=dated)
            identity = repr(
                (request.scheme, request.get_host(), request.path, given, is_partial(request), get_language())
            )
            digest = hashlib.sha256(identity.encode()).hexdigest()
            steps = f"{_step(current.checked_at if shows_watch else None)}.{_step(current.kept_at)}"
            if names_snapshot and current.snapshot_at:
                steps += f".{current.snapshot_at.timestamp():.3f}"
            version = f"{_edition_step(current)}.{today().toordinal()}.{steps}.{settings.RELEASE}"
            key, etag = f"page:{version}:{digest}", f'W/"{version}.{digest[:12]}"'
            response = HttpResponse(status=304) if etag in _etags(request) else _kept(key)
            if response is None:
                try:
                    request.as_of = asof.read(request.GET, current, today()) if dated else request.as_of
                    response = view(request, *args, **kwargs)
                except InvalidPeriod as error:
                    response = (refused or in_html)(request, error)
                if response.status_code == 200 and not any(map(request.GET.get, SEARCHES)):
                    compression.compress(response)
                    _keep(key, response)
            if compression.accepts_gzip(request):
                compression.compress(response)
            else:
                compression.decompress(response)
            if response.status_code in (200, 304):
                response["ETag"] = etag
            if not response["Content-Type"].startswith("text/html"):
                name_licence(response, _newsroom(current.edition))
            if response.status_code == 304 or not response["Content-Type"].startswith("text/html"):
                open_to_every_origin(response)
            response["Cache-Control"] = "no-cache"
            patch_vary_headers(response, ["Accept-Encoding", "HX-Request", "HX-History-Restore-Request"])
            return response

        return cached

    return decorate


def _without_repetitions(data: QueryDict, once: Collection[str]) -> QueryDict:
    """The parameters, each value of those in `SEVERAL` once, and of any other, or of those in `once`, the last one."""
    if all(len(values) == 1 for _name, values in data.lists()):
        return data
    kept = data.copy()
    for name, values in data.lists():
        if name == filters.SINCE:  # as `filters.parse` reads it
            values = [value for value in values if value] or values
        kept.setlist(name, list(dict.fromkeys(values)) if name in SEVERAL and name not in once else values[-1:])
    return kept


def name_licence(response: HttpResponseBase, newsroom: Newsroom) -> None:
    """Name the licence of a download in the Link header (RFC 8288, RFC 4946)."""
    if newsroom.data_licence_url:
        own = [response["Link"]] if response.has_header("Link") else []
        response["Link"] = ", ".join([*own, f'<{iri_to_uri(newsroom.data_licence_url)}>; rel="license"'])


def open_to_every_origin(response: HttpResponseBase) -> None:
    """Let programs in other sites' pages read a download: it is the same for everybody, and no cookie is asked for."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"


def _etags(request: HttpRequest) -> Iterable[str]:
    return [tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")]


def _kept(key: str) -> HttpResponse | None:
    try:
        cached = cache.get(key)
    except UNREACHABLE:
        return None
    return HttpResponse(cached[1], headers=cached[0]) if cached is not None else None


def _keep(key: str, response: HttpResponse) -> None:
    try:
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        cache.set(key, (headers, response.content), KEPT_SECONDS)
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)
