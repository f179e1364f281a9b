"""What a visitor gets when a view fails: 500, or 503 while the database is away. Without a query, in both languages."""

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from pledges.queries.outages import is_database_away
from pledges.site.api import problems
from pledges.site.shared.outage_notice import RETRY_SECONDS
from tracker import logs

API = "/api/"


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to an exception that nothing else has handled; a 500 names the id of the request in the log.

    Without context processors, which may be what failed.
    """
    if not is_database_away(sys.exc_info()[1]):
        return HttpResponseServerError(render_to_string("500.html", {"request_id": logs.request_id.get()}))
    if request.path.startswith(API):
        text = _("The database cannot be reached at the moment: try again later.")
        response = problems.problem(HTTPStatus.SERVICE_UNAVAILABLE, text)
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
