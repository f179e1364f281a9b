"""The address /mcp: Streamable HTTP without sessions, one POST and one JSON answer at a time.

docs/adr/0046-mcp.md says why it is a view, and why any origin may call it.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from pledges.site.api import limits
from pledges.site.shared.page_cache import open_to_every_origin, origin_of

MAX_BYTES = 64 * 1024  # of a request: the longest call of a tool has a few thousand
ALLOWED = "POST, OPTIONS"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "*",  # the protocol's, which grow from version to version
    "Access-Control-Max-Age": "86400",
}


# No cookie is read and nothing is written, so there is nothing to protect from other sites.
@csrf_exempt
@never_cache
def endpoint(request: HttpRequest) -> HttpResponse:
    """Answer one message of the protocol. Streams of the server (GET) and sessions (DELETE) are not offered: 405."""
    response = _refused(request) or _exchange(request)
    open_to_every_origin(response)
    return response


def _exchange(request: HttpRequest) -> HttpResponse:
    # Imported late: processes that nobody asks for this stay small.
    from pledges.site.mcp.server import make_server
    from pledges.site.mcp.transport import exchange

    return exchange(make_server(origin_of(request)), request)


def _refused(request: HttpRequest) -> HttpResponse | None:
    """The answer to what is no message of the protocol, or too much; None for all others."""
    if request.method == "OPTIONS":  # browsers ask before a program in another site's page sends JSON
        return HttpResponse(status=204, headers=PREFLIGHT)
    if request.method != "POST":
        return _text(405, "This is an MCP server, for assistants: they send POST requests.", Allow=ALLOWED)
    if request.content_type != "application/json":
        return _text(415, "Send JSON (Content-Type: application/json).")
    length = request.headers.get("Content-Length", "")  # Django reads no more than this
    if length.isascii() and length.isdigit() and int(length) > MAX_BYTES:
        return _text(413, f"A request may have up to {MAX_BYTES} bytes.")
    if seconds := limits.seconds_to_wait(request):
        return _text(429, f"Too many requests. Wait {seconds} seconds.", **{"Retry-After": str(seconds)})
    return None


def _text(status: int, text: str, **headers: str) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain", headers=headers)
