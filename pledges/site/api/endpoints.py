"""What all addresses of the API share: reading only, the limit, known parameters, the cache by edition, and CORS."""

import functools
from collections.abc import Callable, Collection
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from pledges.site.api import limits, problems
from pledges.site.shared.page_cache import PublicRequest, open_to_every_origin, page

View = Callable[..., HttpResponse]
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def endpoint(parameters: Collection[str] | None) -> Callable[[View], View]:
    """Decorator of an operation with these query parameters. Others are refused (422), unless `parameters` is None, and
    so are other methods than GET and HEAD (405). Programs in other sites' pages may read every answer."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def read(request: PublicRequest, **path: Any) -> HttpResponse:
            request.method = "GET"  # instead of HEAD, which ninja does not know; the web worker leaves out the body
            return view(request, **path)

        cached = page(
            *(parameters or ()),
            dated=False,
            shows_watch=False,
            counted=True,
            slots="api",
            refused=problems.of_period,
        )(read)

        @csrf_exempt
        @functools.wraps(view)
        def answer(request: PublicRequest, **path: Any) -> HttpResponse:
            response = _refused(request, parameters) or cached(request, **path)
            open_to_every_origin(response)
            return response

        return answer

    return decorate


def _refused(request: PublicRequest, parameters: Collection[str] | None) -> HttpResponse | None:
    """The answer to a request that no operation reads; None for all others."""
    if request.method == "OPTIONS":  # browsers ask before they send If-None-Match
        return HttpResponse(status=204, headers=PREFLIGHT)
    if request.method not in ("GET", "HEAD"):
        return problems.not_allowed()
    if seconds := limits.seconds_to_wait(request):
        return problems.too_many(seconds, settings.API_REQUESTS_PER_MINUTE)
    if parameters is not None and (unknown := set(request.GET) - set(parameters)):
        return problems.unknown_parameters(unknown)
    return None
