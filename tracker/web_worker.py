"""gunicorn's worker for the web: waitress reads requests and sends answers, so that no slow client holds a thread.

gunicorn's own threads read from sockets and write to them; as many slow clients as there are threads stop the site.
waitress does both in one loop for all connections. A thread gets a request that is there as a whole, and leaves its
answer in a buffer (docs/adr/0055-slow-clients.md).
"""

import contextlib
import os
import resource
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import ChunkedReceiver
from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher, WSGITask
from waitress.utilities import BadRequest, RequestEntityTooLarge

IDLE_SECONDS = 65  # longer than the proxy keeps a connection that it may use again
CONNECTIONS = 4000  # of each process, where the system lets it have as many open files
OTHER_FILES = 200  # left for the database, the cache and the code
# A stopping worker: so long it answers what comes on connections that are kept open, and so long it waits for clients.
LINGER_SECONDS, SLOW_SECONDS = 2.0, 4.0
TURN_SECONDS = 1.0  # of the loop, when nothing happens
ROUND_SECONDS = 0.1  # between two looks at all connections
# What all clients of a process together may leave with it, in memory and in /tmp: requests that are not whole yet or
# wait for a thread, and answers that are not taken. Two processes leave half of compose's /tmp to what threads work on.
HELD_BYTES = 60_000_000
LINE_BYTES = 8000  # of the size of a chunk, and of the trailer: waitress copies them at each read
HEADER_BYTES = 64_000  # likewise
SESSION_COOKIE = "sessionid"  # Django's name for it
TOO_LARGE = Path(__file__).resolve().parent.parent / "static" / "large.html"


@dataclass(frozen=True)
class Limits:
    """The most bytes of a request's body, and the most seconds until the whole request is there."""

    bytes: int
    seconds: float


# Files and long texts are taken by the desk's forms alone, of which strangers only see the login. What they send is a
# short form or a question to the API. The proxy has the same limits of bytes (Caddyfile). Only Django can say whether a
# session is one: whoever makes up a cookie is stopped by HELD_BYTES (why that is enough: docs/threat-model.md).
DESK_PATH, DESK, PUBLIC = "/admin/", Limits(30_000_000, 300), Limits(100_000, 30)


def limits_of(path: str, cookies: str) -> Limits:
    """The limits of requests to a path, with this Cookie header; both are "" while they are not known."""
    return DESK if path.startswith(DESK_PATH) and f"{SESSION_COOKIE}=" in cookies else PUBLIC


def most_connections(files: int) -> int:
    """How many connections a process takes that may open so many files: a long body or answer is one more."""
    return min(CONNECTIONS, (files - OTHER_FILES) // 2)


@cache
def _too_large_page() -> bytes:
    return TOO_LARGE.read_bytes()


class TooLarge(RequestEntityTooLarge):
    """413, with the same page that the proxy answers with."""

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], Any]:
        """Status, headers and body of the answer."""
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
        return f"{self.code} {self.reason}", headers, _too_large_page()


class Parser(HTTPRequestParser):
    """A request that is being received. It ends with 413 as soon as it is known to be too large."""

    path = ""  # until its headers are there
    headers: dict[str, str]

    @property
    def limits(self) -> Limits:
        """What it may take."""
        return limits_of(self.path, self.headers.get("COOKIE", ""))

    @property
    def held(self) -> int:
        """How many bytes of it are here."""
        return len(self.header_plus) + self.body_bytes_received

    def received(self, data: bytes) -> int:
        """Take bytes from the connection; returns how many of them belong to this request."""
        consumed = super().received(data)
        # A body in chunks does not say its length beforehand.
        if max(self.content_length, self.body_bytes_received) > self.limits.bytes:
            self.error, self.completed = TooLarge(""), True
        chunks = self.body_rcv
        if isinstance(chunks, ChunkedReceiver) and max(len(chunks.control_line), len(chunks.trailer)) > LINE_BYTES:
            self.error, self.completed = BadRequest("A line between chunks is too long"), True
        if self.completed:  # refused, or without a body: nothing of it is to be continued
            self.expect_continue = False
        return consumed


def without_bodies_of_head(application: Any) -> Any:
    """A WSGI application whose answers to HEAD have headers only: neither Django nor waitress leaves out the body."""

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        body = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        if hasattr(body, "close"):
            body.close()
        return []

    return answer


class Answer(WSGITask):
    """A request that is being answered; a stopping worker says that it closes the connection."""

    channel: "Channel"

    def build_response_header(self) -> bytes:
        """The status line and the headers."""
        if self.channel.server.stopping:
            cast(Parser, self.request).headers["CONNECTION"] = "close"
        header = super().build_response_header()
        self.chunked_response = self.chunked_response and self._sends_body
        return header

    def set_close_on_finish(self) -> None:
        """Close the connection after this answer, but not because the length of a body is unknown that is not sent."""
        asked = cast(Parser, self.request).headers.get("CONNECTION", "").lower() == "close"
        if asked or self.version == "1.0" or self._sends_body:
            super().set_close_on_finish()

    @property
    def _sends_body(self) -> bool:
        return self.has_body and cast(Parser, self.request).command != "HEAD"


class Channel(HTTPChannel):
    """A connection."""

    parser_class = Parser
    task_class: type[WSGITask] = Answer
    server: Any
    request: Parser | None
    requests: list[Parser]
    request_began = 0.0  # by time.monotonic(), of the request that is being received or was the last one

    def received(self, data: bytes) -> bool:
        """Take bytes from the client."""
        if self.request is None:
            self.request_began = time.monotonic()
        return super().received(data)

    def is_late(self, now: float) -> bool:
        """Whether its request should have arrived as a whole by now, or a thread waits too long for it to read."""
        if self.total_outbufs_len > self.adj.outbuf_high_watermark:
            return time.time() - self.last_activity > IDLE_SECONDS
        if self.request is None or self.requests:
            return False
        return now - self.request_began > self.request.limits.seconds

    def held(self, waits: bool) -> int:
        """How many bytes its client has left here; whole requests among them if it `waits` for a thread."""
        requests = [self.request] if self.request is not None else []
        if waits:
            requests += list(self.requests)
        return self.total_outbufs_len + sum(request.held for request in requests)

    def is_under_way(self) -> bool:
        """Whether a part of a request has arrived, or a part of an answer is still to be sent."""
        return self.request is not None or bool(self.total_outbufs_len)


class BufferingWorker(Worker):
    """A process with one loop for all connections, and the threads of gunicorn's setting for requests."""

    def load_wsgi(self) -> None:
        """Load the application."""
        super().load_wsgi()
        self.wsgi: Any = without_bodies_of_head(self.wsgi)

    def run(self) -> None:
        """Serve until told to stop or until gunicorn's master process is gone; then finish what has begun."""
        self._map: dict[int, Any] = {}
        self._next_round = 0.0
        self._dispatcher = ThreadedTaskDispatcher()
        # Requests wait for a thread all the time; that is no warning for each.
        self._dispatcher.queue_logger.setLevel("ERROR")
        self._dispatcher.set_thread_count(self.cfg.threads)
        self._servers = [self._server(listener.sock) for listener in self.sockets]
        while self.alive and self.ppid == os.getppid():
            self._turn()
        self._finish()

    def handle_exit(self, sig: int, frame: object) -> None:
        """On SIGTERM: stop, as soon as the loop comes round."""
        super().handle_exit(sig, frame)
        for server in getattr(self, "_servers", []):
            server.pull_trigger()

    def _server(self, listener: Any) -> Any:  # waitress's stubs do not know what a server has
        server: Any = create_server(
            self.wsgi,
            map=self._map,
            _dispatcher=self._dispatcher,
            sockets=[listener],
            backlog=self.cfg.backlog,
            connection_limit=most_connections(resource.getrlimit(resource.RLIMIT_NOFILE)[0]),
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=5,
            max_request_header_size=HEADER_BYTES,
            max_request_body_size=DESK.bytes + 1,
            inbuf_overflow=2 * PUBLIC.bytes,  # larger bodies go into a file without a name
            outbuf_overflow=1_000_000,  # as do larger answers
            # Where more than this waits for a reader, a thread that has more for it waits as well: two such readers
            # are over the budget, so it is one thread at most.
            outbuf_high_watermark=HELD_BYTES // 2,
            clear_untrusted_proxy_headers=False,  # Django's settings say which of them count
            ident=None,
        )
        server.channel_class = Channel
        server.stopping = False
        return server

    def _turn(self, seconds: float = TURN_SECONDS) -> None:
        """Read, write and accept what can be; now and then tell gunicorn so, and close what is late or too much."""
        now = time.monotonic()
        if now > self._next_round:
            self._next_round = now + ROUND_SECONDS
            self.notify()
            for channel in self._channels():
                # By itself waitress closes when it can write next: never, where nobody reads.
                if channel.will_close or channel.is_late(now):
                    channel.handle_close()
            self._keep_to_budget(now)
        wasyncore.poll2(seconds, self._map)

    def _keep_to_budget(self, now: float) -> None:
        """While clients have left too many bytes here, close those that left the most for the longest: bytes × seconds.

        What a thread works on does not count: it has an end, and there are few threads.
        """
        with self._dispatcher.lock:
            waiting: set[Any] = set(self._dispatcher.queue)
        held = {channel: channel.held(channel in waiting) for channel in self._channels()}
        excess = sum(held.values()) - HELD_BYTES
        if excess <= 0:
            return
        closed = 0
        for channel in sorted(held, key=lambda channel: held[channel] * (now - channel.request_began), reverse=True):
            with self._dispatcher.lock, contextlib.suppress(ValueError):
                self._dispatcher.queue.remove(cast(Any, channel))
            channel.handle_close()
            closed += 1
            excess -= held[channel]
            if excess <= 0:
                break
        self.log.warning("Clients left too much unfinished: closed %d of %d connections", closed, len(held))

    def _channels(self) -> list[Channel]:
        return [channel for server in self._servers for channel in server.active_channels.values()]

    def _finish(self) -> None:
        """Answer what has been sent, on connections that wait to be accepted too, and close them all."""
        for server in self._servers:
            server.stopping = True
            accepted = -1
            while accepted != len(server.active_channels):
                accepted = len(server.active_channels)
                server.handle_accept()
            server.accepting = False
            server.del_channel()
            server.socket.close()
        start = time.monotonic()
        while (channels := self._channels()) and (past := time.monotonic() - start) < self.cfg.graceful_timeout:
            waits = past < LINGER_SECONDS or any(channel.requests for channel in channels)
            if not waits and (past > SLOW_SECONDS or not any(channel.is_under_way() for channel in channels)):
                break
            self._turn(0.1)
        self._dispatcher.shutdown(cancel_pending=True, timeout=1)
