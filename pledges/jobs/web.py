"""How tasks reach the web: the watch's client with this installation's settings, host by host, politely.

Everything that is fetched was leased together with its host (actions/leases.py), and goes through `FetchBatch`: it asks
for robots.txt where that was not read for a day, fetches what it allows, and says when the host may be asked again.
"""

import logging
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from kombu.exceptions import OperationalError

from pledges.actions import leases
from pledges.domain.messages import DeferredMessage, deferred_message
from pledges.models import Article, Host, Source
from pledges.queries import pulse
from pledges.watch.web import client as web_client
from pledges.watch.web import robots

log = logging.getLogger(__name__)
ROBOTS_LAST = timedelta(days=1)
ROBOTS_AGAIN = timedelta(minutes=15)  # after a host could not say
LONGEST_REST = 3600.0  # seconds: how long a whole host is left alone because one of its addresses asked for it
SOON = 60.0  # seconds: a host that is free by then is waited for with a message, a later one with beat
NOT_TOLD = (*pulse.UNREACHABLE, OperationalError)
BUSY = frozenset({429, 503})
NO_HOST = frozenset({"blocked", "bad_address"})  # reasons: no host of the web's
FORBIDDEN = deferred_message(
    "The site's robots.txt asks readers like ours to leave this address alone: ask its owner for leave."
)


def client() -> web_client.Client:
    """The client as this installation uses it."""
    limits = web_client.Limits(total_seconds=settings.WATCH_FETCH_SECONDS)
    return web_client.Client(user_agent=settings.WATCH_USER_AGENT, allow_origins=origins(), limits=limits)


def get(url: str, **conditions: Any) -> web_client.Fetched:
    """Fetch one address for somebody who waits for it at the desk; see `watch.web.client.fetch`. Raises FetchError."""
    return web_client.fetch(url, user_agent=settings.WATCH_USER_AGENT, allow_origins=origins(), **conditions)


def get_with_leave(url: str) -> web_client.Fetched:
    """Fetch one address that nobody waits for, if its host's robots.txt, asked right before, allows that.

    Raises FetchError, with the reasons "robots" and "robots_away" as in `FetchBatch.wait`.
    """
    try:
        said = robots.text_of(_answer(urljoin(url, "/robots.txt")))
    except web_client.FetchError as error:
        if error.reason in NO_HOST:
            raise
        raise web_client.FetchError("robots_away", _unread(error), status=error.status) from error
    if not robots.allows(said, url):
        raise web_client.FetchError("robots", FORBIDDEN)
    return get(url)


def _answer(url: str) -> web_client.Fetched | web_client.FetchError:
    try:
        return get(url, limits=robots.LIMITS)
    except web_client.FetchError as error:
        return error


def _unread(error: Exception) -> DeferredMessage:
    reason = getattr(error, "sentence", str(error))
    return deferred_message("Its robots.txt cannot be read, so nothing else is: %(reason)s", reason=reason)


def origins() -> frozenset[str]:
    """The exact origins that the guard lets through though they lie inside."""
    return frozenset(filter(None, [settings.SAMPLE_NEWSWIRE, *settings.WATCH_ALLOWED_ORIGINS]))


@dataclass
class FetchBatch:
    """Claims on their way: `add` them, take them out of `wait` with their answers, then `free` their hosts."""

    client: web_client.Client = field(default_factory=client)
    _until: dict[str, datetime] = field(default_factory=dict)
    _robots: dict[str, Host] = field(default_factory=dict)
    _kept_from: list[tuple[leases.Claim, Exception]] = field(default_factory=list)

    def __enter__(self) -> "FetchBatch":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        self.client.close()
        if kind is None:
            self.free()

    def __len__(self) -> int:
        """How many claims are on their way."""
        return len(self.client) + len(self._kept_from)

    def add(self, claim: leases.Claim) -> None:
        """Begin with a claim: with its host's robots.txt if that is not known."""
        read_at = claim.host.robots_read_at
        lasts = ROBOTS_AGAIN if claim.host.robots_failure else ROBOTS_LAST
        try:
            if read_at is None or timezone.now() - read_at >= lasts:
                url = urljoin(claim.row.url, "/robots.txt")
                self.client.add(web_client.Request(url, limits=robots.LIMITS, tag=(claim, True)))
            else:
                self._ask(claim)
        except Exception as error:  # this one's end, and nobody else's
            self._kept_from.append((claim, error))

    def leave(self, claim: leases.Claim) -> None:
        """Give back the host of a claim that needs nothing from it."""
        self._until[claim.host.pk] = timezone.now()

    def wait(self, seconds: float = 1.0) -> list[tuple[leases.Claim, web_client.Fetched | Exception]]:
        """What has ended; waits `seconds` for the first. What robots.txt forbids ends with a FetchError.

        Its reason is "robots", or "robots_away" while the host cannot say what it forbids.
        """
        over = []
        for request, got in self.client.wait(0 if self._kept_from else seconds):
            claim, was_robots = request.tag
            if was_robots:
                try:
                    self._note_robots(claim.host, got)
                    self._ask(claim)
                    continue
                except Exception as error:
                    got = error
            self._rest(claim.host, got)
            over.append((claim, got))
        return over + self._refused()

    def free(self) -> None:
        """Write down when the hosts of what has ended may be asked again, and what their robots.txt says."""
        if self._until:
            leases.free_hosts(until=self._until, robots=list(self._robots.values()))
            self._until, self._robots = {}, {}

    def _refused(self) -> list[tuple[leases.Claim, Exception]]:
        refused, self._kept_from = self._kept_from, []
        for claim, error in refused:
            self._rest(claim.host, error)
        return refused

    def _ask(self, claim: leases.Claim) -> None:
        row, host = claim.row, claim.host
        if host.robots_failure:
            self._kept_from.append((claim, web_client.FetchError("robots_away", host.robots_failure)))
        elif not robots.allows(host.robots, row.url):
            self._kept_from.append((claim, web_client.FetchError("robots", FORBIDDEN)))
        else:
            conditions = {name: getattr(row, name, "") for name in ("etag", "last_modified")}
            self.client.add(web_client.Request(row.url, **conditions, tag=(claim, False)))

    def _note_robots(self, host: Host, got: web_client.Fetched | Exception) -> None:
        if getattr(got, "reason", None) in NO_HOST:
            raise got  # no host of the web's: there is nothing to note of it
        host.robots_read_at = timezone.now()
        self._robots[host.pk] = host
        try:
            host.robots, host.robots_failure = robots.text_of(got), ""
        except Exception as error:
            host.robots_failure = _unread(error)
            asked = {name: getattr(error, name, None) for name in ("status", "retry_after")}
            raise web_client.FetchError("robots_away", host.robots_failure, **asked) from error

    def _rest(self, host: Host, got: web_client.Fetched | Exception) -> None:
        rest = max(settings.WATCH_HOST_DELAY_SECONDS, robots.delay(host.robots))
        if getattr(got, "status", None) in BUSY:
            rest = max(rest, min(getattr(got, "retry_after", None) or 0.0, LONGEST_REST))
        self._until[host.pk] = timezone.now() + timedelta(seconds=rest)


def enqueue_when_host_free(model: type[Source] | type[Article], task) -> None:
    """Have what waits for its host read as soon as that may be asked again; one message for all who ask for it."""
    now = timezone.now()
    if not (free_at := leases.next_free_host(model, now=now)):
        return
    wait = max(0.0, (free_at - now).total_seconds())
    try:
        if wait <= SOON and cache.add(f"look.{model.__name__}", True, math.ceil(wait + 0.1)):
            task.apply_async(countdown=wait, expires=wait + SOON)
    except NOT_TOLD as error:  # beat looks again within a minute
        log.warning("The broker cannot be reached: %s", error)


def looking(model: type[Source] | type[Article]) -> None:
    """Say that somebody looks now: who finds a host busy from here on may ask for the next look."""
    try:
        cache.delete(f"look.{model.__name__}")
    except NOT_TOLD as error:
        log.warning("The broker cannot be reached: %s", error)


def enqueue(task, *arguments: object) -> bool:
    """Send a message; whether it was sent. One that cannot be is no loss: what waits is in the rows, and beat looks
    every minute."""
    try:
        task.delay(*arguments)
    except NOT_TOLD as error:
        log.warning("The broker cannot be reached: %s", error)
        return False
    return True


def internal_error_message(error: Exception) -> DeferredMessage:
    """What to note where the tracker itself failed: without a mark it would be tried for ever and nobody be told."""
    said = f"{type(error).__name__}: {error}"
    return deferred_message("The tracker itself failed on it, please report this: %(error)s", error=said)
