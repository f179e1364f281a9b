"""How many requests a network may send: a count in the cache for each minute of the clock."""

import ipaddress
import logging

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from pledges.queries.pulse import UNREACHABLE

log = logging.getLogger(__name__)
MINUTE = 60
IPV6_NETWORK = 64  # bits: what one customer of a provider has


def seconds_to_wait(request: HttpRequest, now: float) -> int:
    """Count a request at `now` (seconds since the epoch): 0 if it is within the limit, else the seconds to wait.

    Without a cache nothing can be counted, so every request is within it.
    """
    most = settings.API_REQUESTS_PER_MINUTE
    if not most:
        return 0
    minute, second = divmod(int(now), MINUTE)
    key = f"api.{_network(request)}.{minute}"
    try:
        cache.add(key, 0, 2 * MINUTE)  # outlives its minute: it is never missing when it is counted up
        count = cache.incr(key)
    except (*UNREACHABLE, ValueError) as error:  # ValueError: the cache was emptied in between
        log.warning("The cache cannot be reached, so requests to the API are not counted: %s", error)
        return 0
    return MINUTE - second if count > most else 0


def _network(request: HttpRequest) -> str:
    """The address that a request came from (see TRUSTED_PROXIES); of IPv6, its network."""
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False).network_address)
