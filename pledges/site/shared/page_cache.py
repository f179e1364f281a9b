"""What every public page shares: the caching by edition, and the masthead's facts."""

import functools
import hashlib
import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import translate_url
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from pledges.domain.languages import OWN_NAMES
from pledges.domain.process_cache import kept
from pledges.models import Newsroom
from pledges.queries import asof, pulse
from pledges.queries.asof import AsOf, InvalidPeriod
from pledges.queries.pulse import UNREACHABLE, Pulse
from pledges.queries.standings import Standing, standings_uncached

log = logging.getLogger(__name__)
KEPT_SECONDS = 3600
CHECKED_STEP = 600  # a cached page may tell of the watch and of dead links up to ten minutes late


def today() -> date:
    """Today in the newsroom's own calendar."""
    return timezone.localdate()


def pulse_of(request: HttpRequest) -> Pulse:
    """The pulse that this request's page is made with."""
    return getattr(request, "pulse", None) or pulse.current()


def origin_of(request: HttpRequest) -> str:
    """The public origin of this site, such as https://pledges.example.org: as it is set, else as it was asked."""
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"


def standings_of(request: HttpRequest) -> tuple[Standing, ...]:
    """Every public pledge as it stood at the time that the page is of: today, unless its address asks for another."""
    return standings_uncached(request.as_of.edition, request.as_of.day)


def is_partial(request: HttpRequest) -> bool:
    """Whether only the part of the page is wanted that its form changes (htmx)."""
    return bool(request.htmx) and not request.htmx.history_restore_request


@kept(most=2)
def _newsroom(_edition: int) -> Newsroom:
    return Newsroom.get()


def _closed(newsroom: Newsroom) -> bool:
    return newsroom.is_closed(today())


def context(request: HttpRequest) -> dict:
    """Template context of every page; nothing is read before a template asks for it."""

    def language_links() -> list[tuple[str, str, str]]:
        # Only what the page reads: it is kept for others, who did not come with the rest of this visitor's address.
        parameters = getattr(request, "page_parameters", ())
        asked = f"?{urlencode(parameters)}" if parameters else ""
        return [(code, name, translate_url(request.path + asked, code)) for code, name in OWN_NAMES.items()]

    def canonical() -> str:
        # A page of another time, and what is no page (an error), have none.
        if not hasattr(request, "page_parameters") or (getattr(request, "as_of", None) and request.as_of.asked):
            return ""
        return f"{origin_of(request)}{request.path}{now_query()}"

    def now_query() -> str:
        kept = [pair for pair in getattr(request, "page_parameters", ()) if pair[0] not in asof.PARAMETERS]
        return f"?{urlencode(kept)}" if kept else ""

    return {
        "today": SimpleLazyObject(today),
        "origin": SimpleLazyObject(lambda: origin_of(request)),
        "canonical": SimpleLazyObject(canonical),
        "now_query": SimpleLazyObject(now_query),
        "as_of": getattr(request, "as_of", None),
        "pulse": SimpleLazyObject(lambda: pulse_of(request)),
        "newsroom": SimpleLazyObject(lambda: _newsroom(pulse_of(request).edition)),
        "language_links": SimpleLazyObject(language_links),
        "closed": SimpleLazyObject(lambda: _closed(_newsroom(pulse_of(request).edition))),
    }


def _edition_step(beat: Pulse) -> str:
    # With its time: after a backup is restored, the same number is given again to something else.
    return f"{beat.edition}-{beat.published_at.timestamp():.3f}" if isinstance(beat.published_at, datetime) else "0"


def _step(when: datetime | None) -> int:
    return int(when.timestamp() // CHECKED_STEP) if isinstance(when, datetime) else 0


class PublicRequest(HttpRequest):
    """A request as a view of a public page gets it, from `page` and the middleware."""

    as_of: AsOf
    htmx: HtmxDetails
    page_parameters: list[tuple[str, str]]
    pulse: Pulse


def page(*parameters: str, dated: bool = True, impossible: str = "pledges/impossible.html") -> Callable:
    """Decorator of a public page: GET and HEAD only, cached by edition, with an ETag.

    The edition is part of the key, so a publication is seen by the next request and nothing has to be thrown away.
    `parameters` are the query parameters that the view reads; others do not make another page. A dated page can be
    asked for as of a day or an edition (see `asof`): `request.as_of` says what it has to be made of; what cannot be
    shown is answered with 422 and the template `impossible`, which has the form to mend it.
    """
    read = (*parameters, *asof.PARAMETERS) if dated else parameters

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @require_safe
        @functools.wraps(view)
        def cached(request: PublicRequest, *args, **kwargs) -> HttpResponse:
            beat = request.pulse = pulse.current()  # one pulse for the whole page, its key and its content
            asked = [(name, value) for name in read for value in request.GET.getlist(name)]
            request.page_parameters = asked
            request.as_of = AsOf(beat.edition, today(), dated=dated)
            identity = repr(
                (request.scheme, request.get_host(), request.path, asked, is_partial(request), get_language())
            )
            steps = f"{_step(beat.checked_at)}.{_step(beat.kept_at)}"
            version = f"{_edition_step(beat)}.{today().toordinal()}.{steps}.{settings.RELEASE}"
            key = f"page:{version}:{hashlib.sha256(identity.encode()).hexdigest()}"
            etag = f'W/"{version}.{hashlib.sha256(identity.encode()).hexdigest()[:12]}"'
            response = HttpResponse(status=304) if etag in _etags(request) else _kept(key)
            if response is None:
                try:
                    request.as_of = asof.read(request.GET, beat, today()) if dated else request.as_of
                    response = view(request, *args, **kwargs)
                except InvalidPeriod as error:
                    response = render(request, impossible, {"error": error}, status=422)
                if response.status_code == 200 and not request.GET.get("q"):  # searches have no end
                    _keep(key, response)
            if response.status_code in (200, 304):
                response["ETag"] = etag
            if not response["Content-Type"].startswith("text/html"):
                _name_licence(response, _newsroom(beat.edition))
            response["Cache-Control"] = "no-cache"
            patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
            return response

        return cached

    return decorate


def _name_licence(response: HttpResponse, newsroom: Newsroom) -> None:
    """Say in the header under which licence a download may be used (RFC 8288, RFC 4946)."""
    if newsroom.data_licence_url:
        response["Link"] = f'<{iri_to_uri(newsroom.data_licence_url)}>; rel="license"'


def _etags(request: HttpRequest) -> Iterable[str]:
    return [tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")]


def _kept(key: str) -> HttpResponse | None:
    try:
        found = cache.get(key)
    except UNREACHABLE:
        return None
    return HttpResponse(found[1], content_type=found[0]) if found is not None else None


def _keep(key: str, response: HttpResponse) -> None:
    try:
        cache.set(key, (response["Content-Type"], response.content), KEPT_SECONDS)
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)
