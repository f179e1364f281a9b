"""gunicorn's worker for the web: waitress reads requests and sends answers, so that no slow client holds a thread.

gunicorn's own threads read from sockets and write to them; as many slow clients as there are threads stop the site.
waitress does both in one loop for all connections. A thread gets a request that is there as a whole, and leaves its
answer in a buffer (docs/adr/0055-slow-clients.md).
"""

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
from waitress.server import BaseWSGIServer, create_server
from waitress.task import Task, ThreadedTaskDispatcher, WSGITask
from waitress.utilities import RequestEntityTooLarge

IDLE_SECONDS = 65  # longer than the proxy keeps a connection that it may use again
CONNECTIONS = 4000  # of each process, where the system lets it have as many open files
OTHER_FILES = 200  # left for the database, the cache and the code
# A stopping worker: so long it answers what comes on connections that are kept open, and so long it waits for clients.
LINGER_SECONDS, SLOW_SECONDS = 2.0, 4.0
TURN_SECONDS = 1.0  # of the loop, when nothing happens
TOO_LARGE = Path(__file__).resolve().parent.parent / "static" / "large.html"


@dataclass(frozen=True)
class Limits:
    """The most bytes of a request's body, and the most seconds until the whole request is there."""

    bytes: int
    seconds: float


# Files and long texts are taken by the desk's forms alone. What strangers send is a short form or a question to the
# API. The proxy has the same limits of bytes (Caddyfile).
DESK_PATH, DESK, PUBLIC = "/admin/", Limits(30_000_000, 300), Limits(100_000, 30)


def limits_of(path: str) -> Limits:
    """The limits of requests to a path, "" while it is not known."""
    return DESK if path.startswith(DESK_PATH) else PUBLIC


@cache
def _too_large_page() -> bytes:
    return TOO_LARGE.read_bytes()


class TooLarge(RequestEntityTooLarge):
    """413, with the same page that the proxy answers with."""

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status, headers and body of the answer."""
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
        return f"{self.code} {self.reason}", headers, _too_large_page()


class Parser(HTTPRequestParser):
    """A request that is being received. It ends with 413 as soon as it is known to be too large."""

    path = ""  # until its headers are there
    headers: dict[str, str]

    def received(self, data: bytes) -> int:
        """Take bytes from the connection; returns how many of them belong to this request."""
        consumed = super().received(data)
        # A body in chunks does not say its length beforehand.
        if max(self.content_length, self.body_bytes_received) > limits_of(self.path).bytes:
            self.error, self.completed = TooLarge(""), True
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
    task_class: type[Task] = Answer
    request_began = 0.0  # by time.monotonic(), of the request that is being received

    def received(self, data: bytes) -> bool:
        """Take bytes from the client."""
        if self.request is None:
            self.request_began = time.monotonic()
        return super().received(data)

    def is_late(self, now: float) -> bool:
        """Whether its request should have arrived as a whole by now."""
        if self.request is None or self.requests:
            return False
        return now - self.request_began > limits_of(self.request.path).seconds

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

    def _server(self, listener: Any) -> BaseWSGIServer:
        server = create_server(
            self.wsgi,
            map=self._map,
            _dispatcher=self._dispatcher,
            sockets=[listener],
            backlog=self.cfg.backlog,
            connection_limit=min(CONNECTIONS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - OTHER_FILES),
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=5,
            max_request_body_size=DESK.bytes + 1,
            inbuf_overflow=2 * PUBLIC.bytes,  # larger bodies go into a file without a name
            outbuf_overflow=1_000_000,  # as do larger answers
            outbuf_high_watermark=200_000_000,  # more than any answer: no thread waits for a reader
            clear_untrusted_proxy_headers=False,  # Django's settings say which of them count
            ident=None,
        )
        server.channel_class = Channel
        server.stopping = False
        return server

    def _turn(self, seconds: float = TURN_SECONDS) -> None:
        """Read, write and accept what can be; once a second tell gunicorn so, and close what is late."""
        now = time.monotonic()
        if now > self._next_round:
            self._next_round = now + TURN_SECONDS
            self.notify()
            for channel in self._channels():
                channel.will_close = channel.will_close or channel.is_late(now)
        wasyncore.poll2(seconds, self._map)

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
