"""What a visitor gets when a view fails: 500, or 503 while the database is away. Without a query, in both languages."""

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

from pledges.queries.outages import is_database_away
from pledges.site.api import problems
from pledges.site.shared.outage_notice import RETRY_SECONDS

API = "/api/"


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to an exception that nothing else has handled."""
    if not is_database_away(sys.exc_info()[1]):
        return defaults.server_error(request)
    if request.path.startswith(API):
        text = _("The database cannot be reached at the moment: try again later.")
        response = problems.problem(HTTPStatus.SERVICE_UNAVAILABLE, text)
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
