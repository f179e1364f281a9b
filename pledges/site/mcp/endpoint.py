"""The address /mcp: Streamable HTTP without sessions, one POST and one JSON answer at a time.

docs/adr/0046-mcp.md says why it is a view, and why any origin may call it.
"""

import logging

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from pledges.queries.pulse import UNREACHABLE
from pledges.site.shared.page_cache import origin_of

log = logging.getLogger(__name__)
MAX_BYTES = 64 * 1024  # of a request: the longest call of a tool has a few thousand
PREFLIGHT_SECONDS = 86_400
HERE = "This is the address of an MCP server, for assistants and other programs: they send POST requests.\n"


# No cookie is read and nothing is written, so there is nothing to protect from other sites.
@csrf_exempt
@never_cache
def endpoint(request: HttpRequest) -> HttpResponse:
    """Answer one message of the protocol. Sessions and streams of the server (GET, DELETE) are not offered: 405."""
    response = _answer(request)
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "Retry-After"
    return response


def _answer(request: HttpRequest) -> HttpResponse:
    if request.method == "OPTIONS":
        return _preflight()
    if request.method != "POST":
        return HttpResponse(HERE, status=405, content_type="text/plain", headers={"Allow": "POST, OPTIONS"})
    if request.content_type != "application/json":
        return _refused(415, "Send JSON: Content-Type: application/json.")
    if _declared_bytes(request) > MAX_BYTES:
        return _refused(413, f"A request may have up to {MAX_BYTES} bytes.")
    if _beyond_the_limit(request):
        response = _refused(429, "Too many requests from this network. Wait a minute.")
        response["Retry-After"] = "60"
        return response

    # Imported late: processes that nobody asks for this stay small.
    from pledges.site.mcp.server import make_server
    from pledges.site.mcp.transport import exchange

    return exchange(make_server(origin_of(request)), request)


def _preflight() -> HttpResponse:
    """Allow programs in other sites' pages to send any header of the protocol (they send no cookies)."""
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = "POST"
    response["Access-Control-Allow-Headers"] = "*"
    response["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
    return response


def _refused(status: int, text: str) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain")


def _declared_bytes(request: HttpRequest) -> int:
    """The length of the body, as its header says; Django reads no more than that."""
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


def _beyond_the_limit(request: HttpRequest) -> bool:
    """Whether the network exceeded the rate limit. While the cache cannot be reached nothing is counted."""
    try:
        return not ratelimit.consume(request, action="mcp")
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached, so requests are not counted: %s", error)
        return False
