"""Whether the database, or a Redis, cannot be used at all, which no change of a request would mend. Needs no model."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

import psycopg
import redis
from django.db import InterfaceError, OperationalError
from django.db.backends.signals import connection_created
from django.dispatch import receiver

# Classes of SQLSTATE (PostgreSQL's appendix A): connection exception, insufficient resources (a full disk, too many
# connections), operator intervention (shut down, starting up), system error. Locks and deadlocks have others.
CLASSES = ("08", "53", "57P", "58")
UNREACHABLE = (redis.exceptions.RedisError, OSError)  # what the caches raise


class DatabaseAway(OperationalError):
    """The database could not be reached a moment ago, and was not tried again."""


def is_database_away(error: BaseException | None) -> bool:
    """Whether an error says that the database cannot be reached or cannot work, rather than that it refused something.

    libpq's own errors, such as of a connection that is refused or lost, have no SQLSTATE.
    """
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(CLASSES)


_seconds: ContextVar[float | None] = ContextVar("seconds", default=None)


@contextmanager
def answered_within(seconds: float) -> Iterator[None]:
    """Inside, a query that is not answered within `seconds` raises OperationalError, as of a database that is away, and
    its connection is closed.

    For a server that hangs, whose `statement_timeout` does nothing: the client has to stop waiting.
    """
    token = _seconds.set(seconds)
    try:
        yield
    finally:
        _seconds.reset(token)


@receiver(connection_created)
def _stop_waiting(connection: Any, **_signal: object) -> None:
    """Let `answered_within` hold for this connection."""
    opened: Any = connection.connection  # its `wait` is replaced
    wait = opened.wait

    def limited(generator: Any, *args: Any, **options: Any) -> Any:
        if (seconds := _seconds.get()) is None:
            return wait(generator, *args, **options)
        try:
            return wait(generator, timeout=seconds)
        except psycopg.OperationalError:
            if opened.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                opened.pgconn.finish()  # the answer may still come, and would be taken for that to the next query
            raise

    cast(Any, opened).wait = limited
