"""How often a network may ask for what is costly: counts in the cache for each minute of the clock, for all processes.

allauth's rate limits, which forms use, count no GET requests and do not say how long to wait.
"""

import ipaddress
from time import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

MINUTE = 60  # seconds
IPV6_NETWORK = 64  # bits: what one customer of a provider has


def seconds_to_wait(request: HttpRequest, action: str, *, for_one: int, for_all: int = 0) -> int:
    """Count an action: 0 if it is within the limits of the present minute, else the seconds until the next one.

    `for_one` is the limit of a network, `for_all` that of all together, without what was over the first; 0 is no limit.
    While the broker is away, each process counts alone (`counted_here` in settings).
    """
    minute, second = divmod(int(time()), MINUTE)
    for limit, name in ((for_one, f"{action}:{_network(request)}"), (for_all, action)):
        if limit and _count(f"limit:{name}:{minute}") > limit:
            return MINUTE - second
    return 0


def _count(key: str) -> int:
    cache.add(key, 0, 2 * MINUTE)  # outlives its minute: it is never missing when it is counted up
    try:
        return cache.incr(key)
    except ValueError:  # the cache was emptied in between
        return 1


def _network(request: HttpRequest) -> str:
    """The address that a request came from (see TRUSTED_PROXIES); of IPv6, its network."""
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False).network_address)
