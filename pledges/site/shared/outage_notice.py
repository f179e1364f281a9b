"""A cached page as it is shown while the database is away: with a line that says so."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from pledges.site.shared import compression

PLACE = b"<!--database-away-->"  # in the templates of whole pages
RETRY_SECONDS = 30


def last_known(
    request: HttpRequest, headers: dict[str, str], body: bytes, *, language: str, made_at: float
) -> HttpResponse:
    """The answer of `headers` and `body`, made at `made_at` (seconds since 1970, UTC), with the line if it is a page.

    It has no ETag, and nobody may keep it: the page as it stands may be another.
    """
    response = HttpResponse(body, headers=headers)
    compression.decompress(response)
    if PLACE in response.content:
        context = {"made_at": datetime.fromtimestamp(made_at, UTC)}
        with translation.override(language):
            line = render_to_string("pledges/_database_away.html", context)
        response.content = response.content.replace(PLACE, line.encode(), 1)
    if compression.accepts_gzip(request):
        compression.compress(response)
    for name in ("ETag", "Content-Length"):
        if name in response:
            del response[name]
    response["Cache-Control"] = "no-store"
    response["Content-Length"] = str(len(response.content))
    return response
