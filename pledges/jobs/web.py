"""How tasks fetch: the watch's client with this installation's settings, one request per host at a time.

Whatever has a lease (actions/leases.py) goes through `FetchBatch`: it reads robots.txt if that was not read for a day,
fetches what it allows, and stores when the host may be asked again.
"""

import logging
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from urllib.parse import urljoin

from celery import Task
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from pledges.actions import leases
from pledges.actions.broker import NO_BROKER
from pledges.domain.messages import DeferredMessage, deferred_message
from pledges.models import Article, Host, Source
from pledges.watch.web import client as web_client
from pledges.watch.web import robots

log = logging.getLogger(__name__)
ROBOTS_VALID = timedelta(days=1)
ROBOTS_RETRY = timedelta(minutes=15)  # after robots.txt could not be read
LONGEST_REST = 3600.0  # seconds that a whole host is left alone because one of its addresses asked for it
SOON = 60.0  # seconds: a host that is free by then gets a message of its own, a later one waits for beat
BUSY = frozenset({429, 503})
NO_HOST = frozenset({"blocked", "bad_address"})  # reasons of a FetchError: not a host on the web
FORBIDDEN = deferred_message(
    "The site's robots.txt asks readers like ours to leave this address alone: ask its owner for leave."
)

Answer: TypeAlias = web_client.Fetched | Exception


def client() -> web_client.Client:
    """A client with this installation's settings."""
    limits = web_client.Limits(total_seconds=settings.WATCH_FETCH_SECONDS)
    return web_client.Client(user_agent=settings.WATCH_USER_AGENT, allow_origins=origins(), limits=limits)


def get(url: str, **conditions: Any) -> web_client.Fetched:
    """Fetch one address for an editor who waits; `conditions` as in `watch.web.client.fetch`. Raises FetchError."""
    return web_client.fetch(url, user_agent=settings.WATCH_USER_AGENT, allow_origins=origins(), **conditions)


def get_with_leave(url: str) -> web_client.Fetched:
    """Fetch one address for which nobody waits, if its host's robots.txt, read just before, allows it.

    Raises FetchError, with the reasons "robots" and "robots_away" as in `FetchBatch.wait`.
    """
    try:
        rules = robots.text_of(_answer(urljoin(url, "/robots.txt")))
    except web_client.FetchError as error:
        if error.reason in NO_HOST:
            raise
        raise web_client.FetchError("robots_away", _unreadable_robots(error), status=error.status) from error
    if not robots.allows(rules, url):
        raise web_client.FetchError("robots", FORBIDDEN)
    return get(url)


def _answer(url: str) -> web_client.Fetched | web_client.FetchError:
    try:
        return get(url, limits=robots.LIMITS)
    except web_client.FetchError as error:
        return error


def _unreadable_robots(error: Exception) -> DeferredMessage:
    reason = getattr(error, "sentence", str(error))
    return deferred_message("Its robots.txt cannot be read, so nothing else is: %(reason)s", reason=reason)


def origins() -> frozenset[str]:
    """The exact origins on this network that the SSRF guard lets through all the same."""
    return frozenset(filter(None, [settings.SAMPLE_NEWSWIRE, *settings.WATCH_ALLOWED_ORIGINS]))


@dataclass
class FetchBatch:
    """Requests under way: `add` leases, take them out of `wait` with their answers, then `free` their hosts."""

    client: web_client.Client = field(default_factory=client)
    _free_at: dict[str, datetime] = field(default_factory=dict)
    _new_robots: dict[str, Host] = field(default_factory=dict)
    _refused: list[tuple[leases.Lease, Exception]] = field(default_factory=list)

    def __enter__(self) -> "FetchBatch":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        self.client.close()
        if kind is None:
            self.free()

    def __len__(self) -> int:
        """How many leases wait for their answers."""
        return len(self.client) + len(self._refused)

    def add(self, lease: leases.Lease) -> None:
        """Send the request of a lease, after that for its host's robots.txt if what is stored of it is too old."""
        read_at = lease.host.robots_read_at
        valid = ROBOTS_RETRY if lease.host.robots_failure else ROBOTS_VALID
        try:
            if read_at is None or timezone.now() - read_at >= valid:
                url = urljoin(lease.row.url, "/robots.txt")
                self.client.add(web_client.Request(url, limits=robots.LIMITS, tag=(lease, True)))
            else:
                self._request(lease)
        except Exception as error:  # ends this lease only
            self._refused.append((lease, error))

    def skip(self, lease: leases.Lease) -> None:
        """Give back the host of a lease for which nothing has to be fetched."""
        self._free_at[lease.host.pk] = timezone.now()

    def wait(self, seconds: float = 1.0) -> list[tuple[leases.Lease, Answer]]:
        """The leases that have their answer; waits up to `seconds` for the first.

        What robots.txt forbids is answered with a FetchError of the reason "robots", or "robots_away" while robots.txt
        cannot be read.
        """
        answers: list[tuple[leases.Lease, Answer]] = []
        for request, answer in self.client.wait(0 if self._refused else seconds):
            lease, is_robots = request.tag
            if is_robots:
                try:
                    self._note_robots(lease.host, answer)
                    self._request(lease)
                    continue
                except Exception as error:
                    answer = error
            answers.append((lease, answer))
        answers += self._refused
        self._refused = []
        for lease, answer in answers:
            self._note_rest(lease.host, answer)
        return answers

    def free(self) -> None:
        """Store when the hosts of what was answered may be asked again, and the robots.txt that was read."""
        if self._free_at:
            leases.free_hosts(until=self._free_at, robots=list(self._new_robots.values()))
            self._free_at, self._new_robots = {}, {}

    def _request(self, lease: leases.Lease) -> None:
        row, host = lease.row, lease.host
        if host.robots_failure:
            self._refused.append((lease, web_client.FetchError("robots_away", host.robots_failure)))
        elif not robots.allows(host.robots, row.url):
            self._refused.append((lease, web_client.FetchError("robots", FORBIDDEN)))
        else:
            etag, last_modified = (row.etag, row.last_modified) if isinstance(row, Source) else ("", "")
            self.client.add(web_client.Request(row.url, etag, last_modified, tag=(lease, False)))

    def _note_robots(self, host: Host, answer: Answer) -> None:
        """Keep the rules for `free` to store. Raises FetchError if robots.txt cannot be read."""
        if isinstance(answer, web_client.FetchError) and answer.reason in NO_HOST:
            raise answer  # there is no such host, so nothing to store
        host.robots_read_at = timezone.now()
        self._new_robots[host.pk] = host
        try:
            host.robots, host.robots_failure = robots.text_of(answer), ""
        except Exception as error:
            host.robots_failure = _unreadable_robots(error)
            status, retry_after = getattr(error, "status", None), getattr(error, "retry_after", None)
            raise web_client.FetchError(
                "robots_away", host.robots_failure, status=status, retry_after=retry_after
            ) from error

    def _note_rest(self, host: Host, answer: Answer) -> None:
        rest = max(settings.WATCH_HOST_DELAY_SECONDS, robots.delay(host.robots))
        if getattr(answer, "status", None) in BUSY:
            rest = max(rest, min(getattr(answer, "retry_after", None) or 0.0, LONGEST_REST))
        self._free_at[host.pk] = timezone.now() + timedelta(seconds=rest)


def enqueue_when_host_free(model: type[Source] | type[Article], task: Task) -> None:
    """Enqueue `task` for the moment when the first busy host is free; one message, however many workers ask for it."""
    now = timezone.now()
    if not (free_at := leases.next_free_host(model, now=now)):
        return
    wait = max(0.0, (free_at - now).total_seconds())
    try:
        if wait <= SOON and cache.add(f"look.{model.__name__}", True, math.ceil(wait + 0.1)):
            task.apply_async(countdown=wait, expires=wait + SOON)
    except NO_BROKER as error:  # beat enqueues it within a minute
        log.warning("The broker cannot be reached: %s", error)


def allow_next_message(model: type[Source] | type[Article]) -> None:
    """Let `enqueue_when_host_free` send a message again: a task for the one before has begun."""
    try:
        cache.delete(f"look.{model.__name__}")
    except NO_BROKER as error:
        log.warning("The broker cannot be reached: %s", error)


def internal_error_message(error: Exception) -> DeferredMessage:
    """What to store where the tracker itself failed: unless something is stored, the work is tried for ever and nobody
    learns of it."""
    return deferred_message(
        "The tracker itself failed on it, please report this: %(error)s", error=f"{type(error).__name__}: {error}"
    )
