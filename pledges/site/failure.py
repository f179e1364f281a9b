"""The page of a failure of our own (500)."""

from django.http import HttpRequest, HttpResponseServerError
from django.template.loader import render_to_string

from tracker import logs


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """The page, with the id of the request in the log. Without context processors, which may be what failed."""
    return HttpResponseServerError(render_to_string("500.html", {"request_id": logs.request_id.get()}))
