"""Nothing is cached any more, neither by a server nor in this process: the next request makes its page anew."""

from django.core.cache import caches

from pledges.domain import process_cache


def empty_caches() -> None:
    """Empty all caches."""
    for cache in caches.all():
        cache.clear()
    process_cache.reset()
