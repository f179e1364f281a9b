"""Whether the tracker does its work, for /readyz. Times are UTC.

Each check runs in a thread of its own, so that a database or a Redis that hangs holds up neither the page nor the other
checks. A check that has not come back yet is not started again: what hangs for an hour holds one thread.
"""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock, Thread
from time import monotonic
from typing import Any

from django.db import DatabaseError, connection, connections
from django.utils import timezone

from pledges.actions import broker, leases
from pledges.jobs import backlog, queues
from pledges.models import Source
from pledges.queries import backups, beat_tick, pulse

SECONDS = 2.0  # for all checks of one answer, which run side by side
BEAT_LATE, POLL_LATE = timedelta(minutes=3), timedelta(minutes=5)
FAILURES = (DatabaseError, *broker.NO_BROKER)
WITHOUT_ENCODER = "Everything works without it; matches and suggested statuses are less exact."

_running: "dict[str, _Running]" = {}
_lock = Lock()


def _renew() -> None:
    """In a process just forked: the threads that ran the checks, and perhaps held the lock, are not in it."""
    global _lock
    _lock = Lock()
    _running.clear()


os.register_at_fork(after_in_child=_renew)


class _Running(Thread):
    """One check; `given` is what it gave, None while it has not come back."""

    def __init__(self, name: str, check: Callable[[], Any]) -> None:
        super().__init__(name=f"readyz {name}", daemon=True)
        self._check = check
        self.given: Any = None

    def run(self) -> None:
        try:
            self.given = self._check()
        except FAILURES as error:
            self.given = f"does not answer: {type(error).__name__}"
        finally:
            connections.close_all()  # this thread's own


def in_time(checks: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """What each check gave, or "does not answer: …" in its place. Takes `SECONDS` at most, whatever hangs.

    Requests at the same time share the checks that run.
    """
    end = monotonic() + SECONDS
    with _lock:
        for name, check in checks.items():
            if name not in _running or not _running[name].is_alive():
                _running[name] = _Running(name, check)
                _running[name].start()
        started = {name: _running[name] for name in checks}
    for thread in started.values():
        thread.join(max(end - monotonic(), 0))
    return {name: thread.given or f"does not answer within {SECONDS:.0f} s" for name, thread in started.items()}


def read() -> dict[str, Any]:
    """The checks, each "ok" or what is wrong, and figures about what waits; `status` is "ok" if all checks are."""
    now = timezone.now()
    given = in_time(
        {"database": _database, "broker": queues.waiting, "cache": partial(_marks, now), "work": partial(_work, now)}
    )
    messages, marks, work = given["broker"], given["cache"], given["work"]
    checks = {
        "database": given["database"],
        "broker": messages if isinstance(messages, str) else "ok",
        "cache": marks if isinstance(marks, str) else "ok",
    }
    noted = _parts(marks, ["beat", "watch", "encoder"])
    due = _parts(work, ["oldest_due_source", "backup", *backlog.LABELS])
    figures = {
        "encoder": noted.pop("encoder"),
        "oldest_due_source": due.pop("oldest_due_source"),
        "queues": {} if isinstance(messages, str) else {name: vars(queue) for name, queue in messages.items()},
    }
    checks |= noted | due
    return {"status": "ok" if all(value == "ok" for value in checks.values()) else "failing"} | checks | figures


def _parts(given: dict[str, Any] | str, names: list[str]) -> dict[str, Any]:
    """What a check gave under these names; "unknown" each where it gave nothing."""
    return dict.fromkeys(names, "unknown") if isinstance(given, str) else given


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _marks(now: datetime) -> dict[str, str]:
    """What beat and the workers noted in the cache."""
    sent, polled = beat_tick.last(), pulse.last_poll()
    return {
        "beat": _since("sent nothing", sent, now - BEAT_LATE, "day"),
        "watch": _since("did not poll", polled, now - POLL_LATE, "hour"),
        "encoder": _encoder(pulse.encoder()),
    }


def _since(what: str, last: datetime | None, limit: datetime, kept: str) -> str:
    if last and last > limit:
        return "ok"
    return f"late: {what} since {_time(last)}" if last else f"late: {what} in the last {kept}"


def _encoder(noted: tuple[str, str] | None) -> str:
    name, problem = noted or ("not used in the last day", "")
    return f"off: {problem}. {WITHOUT_ENCODER}" if problem else name


def _work(now: datetime) -> dict[str, str | None]:
    """What is due, by its rows; the nightly backup only where one is wanted."""
    late_backup = f"late: none since {_time(since)}" if (since := backups.late_since(now=now)) else "ok"
    due = leases.waiting_since(Source, now=now)
    stuck = {late.kind: f"late: nothing done since {_time(late.since)}" for late in backlog.late(now=now)}
    rows = {kind: stuck.get(kind, "ok") for kind in backlog.LABELS}
    return {"oldest_due_source": _time(due) if due else None, "backup": late_backup} | rows


def _time(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
