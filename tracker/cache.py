"""The backend of Django's caches: Redis that is not waited for, with limits that hold without it."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import cache, cached_property
from typing import Any

import redis
from django.core.cache.backends import redis as django_redis
from django.core.cache.backends.locmem import LocMemCache
from redis.backoff import NoBackoff
from redis.retry import Retry

from pledges.queries.outages import UNREACHABLE
from tracker.breaker import BREAKERS

MOST_COUNTED_HERE = 20_000  # keys; the ones used least recently are dropped


class Client(django_redis.RedisCacheClient):
    """One client object and pool for all threads of the process, instead of one for each command."""

    @cached_property
    def _shared(self) -> redis.Redis:
        return super().get_client(write=True)

    def get_client(self, *_arguments: Any, **_options: Any) -> redis.Redis:
        """The client of the one server."""
        return self._shared


@cache
def _client(server: str, timeout: float) -> Client:
    # A connection that a restarted server has closed is opened again, once; a server that hangs is not asked twice.
    retry = Retry(NoBackoff(), 1, supported_errors=(redis.exceptions.ConnectionError,))
    return Client([server], socket_timeout=timeout, socket_connect_timeout=timeout, retry=retry)


def _guarded(name: str, *, reads: bool = False, counts: bool = True) -> Callable[..., Any]:
    """The method of the cache behind the breaker; for keys that are counted here, with the memory to fall back on."""

    def method(self: "RedisCache", *args: Any, **kwargs: Any) -> Any:
        is_counted = counts and str(args[0] if args else kwargs["key"]).startswith(self.counted_here)
        try:
            with ExitStack() as guards:
                guards.enter_context(self.breaker.guard())
                if is_counted and reads:
                    self.writing.check()  # what could not be written there is not read there
                elif is_counted:
                    guards.enter_context(self.writing.guard())
                return getattr(super(RedisCache, self), name)(*args, **kwargs)
        except UNREACHABLE:
            if not is_counted:
                raise
            return getattr(self.memory, name)(*args, **kwargs)

    return method


class RedisCache(django_redis.RedisCache):
    """Redis behind a circuit breaker: while it hangs or is gone, one call in some seconds waits for it, for `timeout`
    seconds, and all others raise `Unavailable`, an error of redis, at once.

    Its OPTIONS: `breaker`, a name of `BREAKERS`; `timeout`; and `counted_here`, the beginnings of keys that this
    process keeps in its own memory while the server is away or full. That is for counts of what somebody may do: what
    one process must learn from another (marks, the pulse) must fail instead, so that its reader knows.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.server = server
        options = params["OPTIONS"]
        self.breaker, self.writing = BREAKERS[options["breaker"]], BREAKERS["writing"]
        self.timeout: float = options["timeout"]
        self.counted_here: tuple[str, ...] = tuple(options.get("counted_here", ()))
        memory = {"OPTIONS": {"MAX_ENTRIES": MOST_COUNTED_HERE}, "KEY_PREFIX": params.get("KEY_PREFIX", "")}
        self.memory = LocMemCache(server, memory)

    @cached_property
    def _cache(self) -> Client:
        return _client(self.server, self.timeout)

    add = _guarded("add")
    get = _guarded("get", reads=True)
    set = _guarded("set")
    touch = _guarded("touch")
    delete = _guarded("delete")
    has_key = _guarded("has_key", reads=True)
    incr = _guarded("incr")
    get_many = _guarded("get_many", counts=False)
    set_many = _guarded("set_many", counts=False)
    delete_many = _guarded("delete_many", counts=False)

    def clear(self) -> None:
        """Delete every key of the server's database, and what is counted in this process."""
        self.memory.clear()
        with self.breaker.guard():
            super().clear()
