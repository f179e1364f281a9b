"""Whether the database, or a Redis, cannot be used at all, which no change of a request would mend. Needs no model."""

import redis
from django.db import InterfaceError, OperationalError

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
