"""How often costly pages are made, counted by the minute for all processes together.

allauth's rate limits, which forms use, count no GET requests.
"""

import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

MINUTE = 60  # seconds


def within(request: HttpRequest, action: str, *, for_one: int, for_all: int) -> bool:
    """Count an action; whether no more than `for_one` came from this network address in the present minute and, of
    those that were within that limit, no more than `for_all` from everywhere. Raises an error of `pulse.UNREACHABLE`
    while the cache cannot be reached."""
    address = get_adapter().get_client_ip(request)
    return _count(f"{action}:{address}") <= for_one and _count(action) <= for_all


def present_minute() -> int:
    """The number of the minute, by which actions are counted."""
    return int(time.time() // MINUTE)


def _count(name: str) -> int:
    key = f"limit:{name}:{present_minute()}"
    cache.add(key, 0, 2 * MINUTE)  # longer than it is counted in, so that it is there for `incr`
    return cache.incr(key)
