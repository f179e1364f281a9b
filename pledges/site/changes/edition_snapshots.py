"""The snapshots of editions: a ZIP with everything that was public as of an edition (docs/data.md).

Making one takes seconds of a core, and it is kept for ever, so how many may be asked for is limited (docs/adr/0047).
"""

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pledges.jobs import edition_snapshots as jobs
from pledges.queries import edition_snapshots, pulse, visibility
from pledges.site.shared import limits
from pledges.site.shared.page_cache import current_newsroom, name_licence, open_to_every_origin

log = logging.getLogger(__name__)
RETRY_AFTER = 60  # seconds
ASKED_BY_ONE, ASKED_BY_ALL = 2, 4  # editions in a minute: each takes up to 13 seconds of one core (bench.snapshots)


@require_safe
def snapshot(request: HttpRequest, number: int) -> HttpResponseBase:
    """The ZIP of an edition; its ETag is its SHA-256. 503 while a worker is still to make it; 429 instead of asking the
    worker where too many were asked for."""
    edition = get_object_or_404(visibility.public_editions(), number=number)
    row = edition_snapshots.stored(edition.number)
    if row is None:
        return _as_download(_not_there(request, edition.number))
    etag = f'"{row.sha256}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        parts = edition_snapshots.chunks(edition.number) if request.method == "GET" else ()
        response = StreamingHttpResponse(parts, content_type="application/zip")
        response["Content-Length"] = str(row.size)
        response["Content-Disposition"] = f'attachment; filename="edition-{edition.number}.zip"'
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return _as_download(response)


@require_safe
def latest(request: HttpRequest) -> HttpResponseBase:
    """Leads to the ZIP of the newest edition that has one."""
    number = edition_snapshots.newest() or pulse.current().edition
    edition = get_object_or_404(visibility.public_editions(), number=number)
    response = HttpResponseRedirect(reverse("edition_snapshot", args=[edition.number]))
    response["Cache-Control"] = "no-cache"
    return _as_download(response)


def _not_there(request: HttpRequest, number: int) -> HttpResponse:
    """The answer while there is no snapshot, in a sentence; a worker is asked to make it."""
    if jobs.is_impossible(number):
        text = _("No snapshot of edition %(number)s can be made: not all that it published is on record any more.")
        response = HttpResponse(status=404)
    elif not jobs.is_requested(number) and (seconds := _seconds_to_wait(request)):
        text = _("Too many snapshots were asked for that are still to be made. Ask again in a minute.")
        response = HttpResponse(status=429, headers={"Retry-After": str(seconds)})
    else:
        jobs.request_snapshot(number)
        text = _("The snapshot of edition %(number)s is being made. Ask again in a minute.")
        response = HttpResponse(status=503, headers={"Retry-After": str(RETRY_AFTER)})
    response.content = f"{text % {'number': number}}\n".encode()
    response["Content-Type"] = "text/plain; charset=utf-8"
    response["Cache-Control"] = "no-store"
    return response


def _seconds_to_wait(request: HttpRequest) -> int:
    """0 while one network and all together are within the limits."""
    return limits.seconds_to_wait(request, "snapshot", for_one=ASKED_BY_ONE, for_all=ASKED_BY_ALL)


def _as_download(response: HttpResponseBase) -> HttpResponseBase:
    name_licence(response, current_newsroom())
    open_to_every_origin(response)
    return response
