"""The two Redis servers, as settings: their addresses and what Django's caches keep where."""

import os
from typing import Any

from tracker import embedded

BROKER_URL = os.environ.get("BROKER_URL")


def redis_py_url(broker: str) -> str:
    """The address of a broker or cache for redis-py: of a socket, Celery's address is another than redis-py's."""
    socket, _question, database = broker.partition("?virtual_host=")
    if not socket.startswith("redis+socket://"):
        return broker
    return f"{socket.replace('redis+socket', 'unix', 1)}?db={database or 0}"


# What must not be evicted (limits, marks for /readyz) is with the queue, on a server that evicts nothing. Whole
# answers of public pages, which anybody can ask for without end, are on one that may evict them all (docs/adr/0058).
# A server that hangs or is gone is not waited for: tracker/cache.py.
TIMEOUT_SECONDS = float(os.environ.get("REDIS_TIMEOUT_SECONDS") or 0.5)


def pages_cache(cache_url: str | None, broker: str | None) -> dict[str, Any]:
    """The cache of public pages. With a broker and no server of its own there is none: pages would fill the broker."""
    if broker and not cache_url:
        return {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    return {
        "BACKEND": "tracker.cache.RedisCache",
        "LOCATION": redis_py_url(cache_url) if cache_url else embedded.cache_url(),
        "KEY_PREFIX": "pages",
        "OPTIONS": {"breaker": "cache", "timeout": TIMEOUT_SECONDS},
    }


CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "tracker.cache.RedisCache",
        "LOCATION": redis_py_url(BROKER_URL) if BROKER_URL else embedded.limits_url(),
        "KEY_PREFIX": "tracker",
        "OPTIONS": {
            "breaker": "broker",
            "timeout": TIMEOUT_SECONDS,
            # The counts of limits: allauth's, with the codes of second factors that were used, and those of
            # `site.shared.limits`.
            "counted_here": ("allauth", "limit:"),
        },
    },
    "pages": pages_cache(os.environ.get("CACHE_URL"), BROKER_URL),
}
