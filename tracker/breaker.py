"""Circuit breakers: a server that did not answer is left alone for a while, so that not every request waits for it.

The pattern is from Michael Nygard's "Release It!". Each process has its own; all of its threads share it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic

import redis
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)
OPEN_SECONDS = 5.0
FAILURES = (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError, OperationalError, OSError)


class Unavailable(redis.exceptions.ConnectionError):
    """The server failed a moment ago, so it was not asked."""


class Breaker:
    """Lets calls to a server pass until one fails, then none for `seconds`; then one tries whether it answers again."""

    def __init__(
        self, server: str, seconds: float = OPEN_SECONDS, failures: tuple[type[Exception], ...] = FAILURES
    ) -> None:
        self.server, self.seconds, self.failures = server, seconds, failures
        self._lock = Lock()
        self._is_open, self._next_try = False, 0.0

    @contextmanager
    def guard(self) -> Iterator[None]:
        """For a call to the server. Raises `Unavailable` instead while it is left alone."""
        is_try = self._is_open and self._begin_try()
        try:
            yield
        except (redis.exceptions.MaxConnectionsError, Unavailable):  # says nothing about this server
            raise
        except self.failures as error:
            self.open(error, is_try=is_try)
            raise
        if is_try:
            self.close()

    def check(self) -> None:
        """For a call that cannot show whether the server works again. Raises `Unavailable` while it is left alone."""
        if self._is_open:
            raise Unavailable(f"{self.server} failed a moment ago.")

    def close(self) -> None:
        """Let calls pass again."""
        with self._lock:
            was_open, self._is_open = self._is_open, False
        if was_open:
            log.warning("%s works again.", self.server)

    def open(self, error: Exception, *, is_try: bool = False) -> None:
        """Let no call pass for a while. Threads that were under way when another one failed do not make it longer."""
        with self._lock:
            was_open, self._is_open = self._is_open, True
            if is_try or not was_open:
                self._next_try = monotonic() + self.seconds
        if not was_open:
            log.error("%s fails, it is tried every %g seconds: %s", self.server, self.seconds, error)

    def _begin_try(self) -> bool:
        with self._lock:
            if not self._is_open:
                return False
            if monotonic() < self._next_try:
                raise Unavailable(f"{self.server} failed a moment ago.")
            self._next_try = monotonic() + self.seconds  # for the others, while this one tries
            return True


BREAKERS = {
    "broker": Breaker("The broker"),
    "cache": Breaker("The page cache"),
    # When it is full, or became a replica, it answers and refuses to write.
    "writing": Breaker("Writing to the broker", failures=(redis.exceptions.ResponseError,)),
}


class LogFilter(logging.Filter):
    """Leaves out the lines about calls that a breaker refused: it logs each change itself, once."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is logged."""
        arguments = record.args if isinstance(record.args, tuple) else ()
        return not any(isinstance(argument, Unavailable) for argument in arguments)
