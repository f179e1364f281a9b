"""How many requests a network may send to the API."""

import logging

from django.conf import settings
from django.http import HttpRequest

from pledges.queries.pulse import UNREACHABLE
from pledges.site.shared import limits

log = logging.getLogger(__name__)


def seconds_to_wait(request: HttpRequest) -> int:
    """Count a request: 0 if it is within the limit, else the seconds to wait.

    Without a cache nothing can be counted, so every request is within it.
    """
    try:
        return limits.seconds_to_wait(request, "api", for_one=settings.API_REQUESTS_PER_MINUTE)
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached, so requests to the API are not counted: %s", error)
        return 0
