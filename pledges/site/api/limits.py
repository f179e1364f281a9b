"""How many requests a network may send to the API."""

from django.conf import settings
from django.http import HttpRequest

from pledges.site.shared import limits


def seconds_to_wait(request: HttpRequest) -> int:
    """Count a request: 0 if it is within the limit, else the seconds to wait."""
    return limits.seconds_to_wait(request, "api", for_one=settings.API_REQUESTS_PER_MINUTE)
