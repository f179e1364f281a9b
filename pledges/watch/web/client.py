"""One client for everything the watch reads over HTTP: guarded, capped in bytes and time, honest about what failed.

libcurl reads many addresses at once in one thread. It is told where to connect: names are looked up here, through the
guard, and a socket to any other address is refused.
"""

import contextlib
import functools
import ipaddress
import select
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import certifi
import pycurl

from pledges.domain.messages import deferred_message
from pledges.watch.web import decompression
from pledges.watch.web.redirects import immediate_refresh, joined, location_of
from pledges.watch.web.responses import (
    DEFAULT,
    Fetched,
    FetchError,
    Limits,
    Request,
    judge,
    not_an_answer,
    too_large,
    too_slow,
)
from pledges.watch.web.ssrf_guard import BadAddress, Blocked, Target, resolve, take_apart

# What a caller needs beside the client itself comes with it.
__all__ = ["DEFAULT", "Client", "FetchError", "Fetched", "Limits", "Request", "fetch", "fetch_many"]

_PERMANENT = frozenset({301, 308})
_MOST_HEADER_BYTES = 100_000
_ONCE = frozenset({"location", "refresh"})  # the first counts: a comma may be part of an address
_LOOK_UPS_AT_ONCE = 16
_SLACK_SECONDS = 120
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, text/html, application/xhtml+xml, "
    "application/xml;q=0.9, */*;q=0.5"
)
_DISTRUST = frozenset({pycurl.E_PEER_FAILED_VERIFICATION, pycurl.E_SSL_CONNECT_ERROR, pycurl.E_SSL_ISSUER_ERROR})
_NOT_HTTP = frozenset({pycurl.E_UNSUPPORTED_PROTOCOL, pycurl.E_FTP_WEIRD_SERVER_REPLY})
_E_TOO_LARGE = 100  # CURLE_TOO_LARGE, which pycurl has no name for: libcurl's own caps on headers


def fetch(
    url: str,
    *,
    user_agent: str,
    etag: str = "",
    last_modified: str = "",
    allow_origins: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT,
) -> Fetched:
    """GET `url`, on condition of `etag` and `last_modified` where given, following redirects through the guard.

    `allow_origins` holds exact origins ("http://127.0.0.1:8000") that the guard lets through.
    Raises FetchError, and nothing else.
    """
    request = Request(url, etag, last_modified)
    for _request, got in fetch_many([request], user_agent=user_agent, allow_origins=allow_origins, limits=limits):
        if isinstance(got, Exception):
            raise got
        return got
    raise AssertionError("every request has its answer")


def fetch_many(
    requests: Iterable[Request],
    *,
    user_agent: str,
    allow_origins: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT,
    at_once: int = 100,
) -> Iterator[tuple[Request, Fetched | Exception]]:
    """GET many addresses, `at_once` at a time, and yield each with its answer or its FetchError as they end.

    As `fetch` in all else. An exception of another kind is a fault of ours, and of this one address only. Requests to
    one host are not spaced here: that is the caller's to see to.
    """
    waiting = deque(requests)
    with Client(user_agent=user_agent, allow_origins=allow_origins, limits=limits) as client:
        while waiting or len(client):
            while waiting and len(client) < at_once:
                client.add(waiting.popleft())
            yield from client.wait()


@dataclass(eq=False)
class _Job:
    """A request on its way: where its redirects have led it, and what has come so far."""

    request: Request
    limits: Limits
    deadline: float
    here: str
    began: float = field(default_factory=time.monotonic)
    hops: int = 0
    permanent: bool = True
    target: Target = field(init=False)  # of this hop, once its address is taken apart
    addresses: tuple[str, ...] = ()  # as they were checked
    curl: pycurl.Curl | None = None
    status: int = 0
    header_bytes: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    stopped: str = ""  # why we broke it off: "skipped" (no use for the body), "too_large", "headers", "blocked"

    def begin_hop(self) -> None:
        self.status, self.header_bytes, self.stopped = 0, 0, ""
        self.headers, self.body = {}, bytearray()

    def on_header(self, line: bytes) -> int | None:
        self.header_bytes += len(line)
        if self.header_bytes > _MOST_HEADER_BYTES:
            self.stopped = "headers"
            return -1
        if line.startswith(b"HTTP/"):  # once more after each "100 Continue"
            self.headers = {}
            self.status = int(line.split(None, 2)[1])
            return None
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            name, value = name.strip().lower(), value.strip(" \t\r\n")  # no more: these may be UTF-8's bytes
            if name not in self.headers:
                self.headers[name] = value
            elif name not in _ONCE:
                self.headers[name] += f", {value}"
        return None

    def on_body(self, piece: bytes) -> int | None:
        if self.status >= 300:
            self.stopped = "skipped"
            return -1
        if len(self.body) + len(piece) > self.limits.max_bytes:
            self.stopped = "too_large"
            return -1
        self.body += piece
        return None

    def on_socket(self, _purpose: int, address: tuple[Any, ...]) -> socket.socket | int:
        family, kind, protocol, (ip, *_rest) = address
        ip = ip.decode() if isinstance(ip, bytes) else ip
        if ip not in self.addresses:
            self.stopped = "blocked"
            return pycurl.SOCKET_BAD
        return socket.socket(family, kind, protocol)


class Client:
    """Many fetches at once, in the thread that calls `wait`. A context manager; see `fetch_many` for what it holds."""

    def __init__(self, *, user_agent: str, allow_origins: frozenset[str] = frozenset(), limits: Limits = DEFAULT):
        self._headers = [f"User-Agent: {user_agent}", f"Accept: {_ACCEPT}"]
        self._headers += [f"Accept-Encoding: {decompression.ACCEPTED}", "Connection: close"]
        self._allow, self._limits = allow_origins, limits
        self._multi = pycurl.CurlMulti()
        self._spare: list[pycurl.Curl] = []
        self._on_the_way: dict[pycurl.Curl, _Job] = {}
        self._looked_up: dict[Future[list[str]], _Job] = {}
        self._over: list[tuple[Request, Fetched | Exception]] = []
        self._left_at = time.monotonic()
        self._look_ups: ThreadPoolExecutor | None = None
        self._woken, self._wake = socket.socketpair()
        self._woken.setblocking(False)
        self._wake.setblocking(False)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __len__(self) -> int:
        """How many requests have not been given back yet."""
        return len(self._on_the_way) + len(self._looked_up) + len(self._over)

    def close(self) -> None:
        """Break off what is still on its way."""
        for curl in self._on_the_way:
            self._multi.remove_handle(curl)
            curl.close()
        for curl in self._spare:
            curl.close()
        self._multi.close()
        if self._look_ups:
            self._look_ups.shutdown(wait=False, cancel_futures=True)
        self._wake.close()
        self._woken.close()

    def add(self, request: Request) -> None:
        """Begin with a request; its answer comes out of `wait`."""
        limits = request.limits or self._limits
        self._step(_Job(request, limits, time.monotonic() + limits.total_seconds, request.url), self._look_up)

    def wait(self, seconds: float = 1.0) -> list[tuple[Request, Fetched | Exception]]:
        """What has ended by now, each request with its answer or why there is none; waits `seconds` for the first.

        The time that the caller spends elsewhere is not held against the sites.
        """
        started = time.monotonic()
        for job in (*self._on_the_way.values(), *self._looked_up.values()):
            job.deadline += started - max(self._left_at, job.began)
        while True:
            self._take_look_ups()
            self._drive()
            self._cut_off()
            left = started + seconds - time.monotonic()
            if self._over or left <= 0 or not (self._on_the_way or self._looked_up):
                over, self._over = self._over, []
                self._left_at = time.monotonic()
                return over
            self._sleep(left)

    # --- the parts of a hop ------------------------------------------------------------------------------------------
    def _step(self, job: _Job, step: Callable[..., None], *arguments: object) -> None:
        """Take a step; whatever it raises is this job's end and nobody else's."""
        try:
            step(job, *arguments)
        except Exception as error:
            self._over.append((job.request, error))

    def _look_up(self, job: _Job) -> None:
        job.begin_hop()
        try:
            job.target = take_apart(job.here)
        except BadAddress as error:
            said = deferred_message("This address cannot be read: %(reason)s.", reason=error.sentence)
            raise FetchError("bad_address", said) from error
        if job.hops:
            job.here = job.target.url
        if _is_number(job.target.host):
            self._connect(job, functools.partial(resolve, job.target, self._allow))
            return
        self._look_ups = self._look_ups or ThreadPoolExecutor(_LOOK_UPS_AT_ONCE, thread_name_prefix="look-up")
        future = self._look_ups.submit(resolve, job.target, self._allow)
        self._looked_up[future] = job
        future.add_done_callback(self._wake_up)

    def _wake_up(self, _future: Future[list[str]]) -> None:
        with contextlib.suppress(OSError):  # full: it will wake up anyway; closed: nobody waits any more
            self._wake.send(b".")

    def _take_look_ups(self) -> None:
        if not self._looked_up:
            return
        with contextlib.suppress(BlockingIOError):
            self._woken.recv(4096)
        now = time.monotonic()
        for future, job in list(self._looked_up.items()):
            if future.done():
                del self._looked_up[future]
                self._step(job, self._connect, future.result)
            elif now >= job.deadline:
                future.cancel()
                del self._looked_up[future]
                self._over.append((job.request, too_slow(job.target.host, job.limits)))

    def _connect(self, job: _Job, look_up: Callable[[], Iterable[str]]) -> None:
        try:
            addresses = look_up()
        except Blocked as error:
            said = deferred_message("This address is not allowed: %(reason)s.", reason=error.sentence)
            raise FetchError("blocked", said) from error
        except (OSError, UnicodeError) as error:
            said = deferred_message(
                "No site called %(host)s was found: check the address, or this server's connection.",
                host=job.target.host,
            )
            raise FetchError("unreachable", said) from error
        left = job.deadline - time.monotonic()
        if left <= 0:
            raise too_slow(job.target.host, job.limits)
        job.addresses = tuple(addresses)
        curl = job.curl = self._spare.pop() if self._spare else pycurl.Curl()
        self._set(job, curl, left)
        self._on_the_way[curl] = job
        self._multi.add_handle(curl)

    def _set(self, job: _Job, curl: pycurl.Curl, left: float) -> None:
        target, conditions = job.target, []
        spelled = ",".join(f"[{ip}]" if ":" in ip else ip for ip in job.addresses)
        if job.request.etag:
            conditions.append(f"If-None-Match: {_one_line(job.request.etag)}")
        if job.request.last_modified:
            conditions.append(f"If-Modified-Since: {_one_line(job.request.last_modified)}")
        options = {
            pycurl.URL: f"{target.scheme}://{target.authority}{target.path}",
            pycurl.HTTPHEADER: [*self._headers, *conditions],
            pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
            pycurl.HTTPGET: 1,
            pycurl.PATH_AS_IS: 1,
            pycurl.FOLLOWLOCATION: 0,
            pycurl.PROXY: "",  # whatever the environment says: a proxy would look names up itself
            pycurl.NOSIGNAL: 1,
            pycurl.FRESH_CONNECT: 1,
            pycurl.FORBID_REUSE: 1,
            pycurl.RESOLVE: [f"{target.host}:{target.port}:{spelled}"],
            pycurl.OPENSOCKETFUNCTION: job.on_socket,
            pycurl.HEADERFUNCTION: job.on_header,
            pycurl.WRITEFUNCTION: job.on_body,
            pycurl.TIMEOUT_MS: int((left + _SLACK_SECONDS) * 1000),  # `_cut_off` comes first, and is fair
            pycurl.CONNECTTIMEOUT_MS: max(1, int(min(left, job.limits.connect_seconds) * 1000)),
            pycurl.MAXFILESIZE: job.limits.max_bytes,
        }
        if _is_number(target.host):
            del options[pycurl.RESOLVE]
        if target.scheme == "https":
            options |= {pycurl.SSL_VERIFYPEER: 1, pycurl.SSL_VERIFYHOST: 2, **_trust()}
        for option, value in options.items():
            try:
                curl.setopt(option, value)
            except UnicodeEncodeError as error:
                said = deferred_message("This address holds a character that none can hold.")
                raise FetchError("bad_address", said) from error

    def _drive(self) -> None:
        if not self._on_the_way:
            return
        self._multi.perform()
        more = 1
        while more:
            more, good, bad = self._multi.info_read()
            for curl in good:
                self._end_hop(curl, 0)
            for curl, code, _message in bad:
                self._end_hop(curl, code)

    def _cut_off(self) -> None:
        now = time.monotonic()
        for curl, job in [pair for pair in self._on_the_way.items() if now >= pair[1].deadline]:
            del self._on_the_way[curl]
            self._multi.remove_handle(curl)
            curl.reset()
            self._spare.append(curl)
            self._over.append((job.request, too_slow(job.target.host, job.limits)))

    def _end_hop(self, curl: pycurl.Curl, code: int) -> None:
        job = self._on_the_way.pop(curl)
        self._multi.remove_handle(curl)
        curl.reset()
        self._spare.append(curl)
        self._step(job, self._judge_hop, code)

    def _judge_hop(self, job: _Job, code: int) -> None:
        if code and not (code == pycurl.E_WRITE_ERROR and job.stopped == "skipped"):
            raise _failure(job, code)
        if address := location_of(job.status, job.headers):
            self._send_on(job, address, permanent=job.status in _PERMANENT)
            return
        got = judge(
            request=job.request,
            limits=job.limits,
            status=job.status,
            headers=job.headers,
            body=bytes(job.body),
            url=job.here,
            permanent=job.permanent,
        )
        if address := immediate_refresh(got):
            self._send_on(job, address, permanent=False)
        else:
            self._over.append((job.request, got))

    def _send_on(self, job: _Job, address: str, *, permanent: bool) -> None:
        if job.hops == job.limits.max_redirects:
            said = deferred_message(
                "The address sends us on more than %(times)s times: open it in a browser and use where it ends.",
                times=job.hops,
            )
            raise FetchError("too_many_redirects", said)
        job.hops += 1
        job.permanent = job.permanent and permanent
        try:
            job.here = joined(job.here, address)
        except ValueError:
            said = deferred_message("The site sends us on to an address that cannot be read.")
            raise FetchError("bad_address", said) from None
        self._look_up(job)

    def _sleep(self, seconds: float) -> None:
        """Until a socket or a look-up has news, somebody's time is up, or libcurl wants to look at its clocks."""
        nearest = min(job.deadline for job in (*self._on_the_way.values(), *self._looked_up.values()))
        seconds = min(seconds, nearest - time.monotonic() + 0.001)
        if self._on_the_way:
            clock = self._multi.timeout()
            seconds = seconds if clock < 0 else min(seconds, clock / 1000)
        reading, writing, odd = self._multi.fdset()
        select.select([self._woken, *reading], writing, odd, max(0.0, seconds))


def _is_number(host: str) -> bool:
    """Whether the host is an IP address in its usual spelling: then there is nothing to look up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@functools.cache
def _trust() -> dict[int, str]:
    """libcurl's options that name the certificates of this machine's authorities."""
    paths = ssl.get_default_verify_paths()
    bundle = Path(paths.cafile or f"{paths.capath}/ca-certificates.crt")
    return {pycurl.CAINFO: str(bundle) if bundle.exists() else certifi.where()}


def _one_line(value: str) -> str:
    return "".join(char for char in value if char.isprintable() and ord(char) < 256)


def _failure(job: _Job, code: int) -> FetchError:
    host = job.target.host
    if job.stopped == "blocked":
        said = deferred_message(
            "This address is not allowed: %(host)s leads to an address that was not checked.", host=host
        )
        return FetchError("blocked", said)
    if job.stopped == "headers" or code == _E_TOO_LARGE:
        said = deferred_message(
            "The site sends more headers than we read (100 kB, 5,000 of them): ask its owner to mend that."
        )
        return FetchError("too_large", said)
    if job.stopped == "too_large" or code == pycurl.E_FILESIZE_EXCEEDED:
        return too_large(job.limits)
    if code == pycurl.E_OPERATION_TIMEDOUT or time.monotonic() >= job.deadline:
        return too_slow(job.target.host, job.limits)
    if code == pycurl.E_URL_MALFORMAT:
        return FetchError("bad_address", deferred_message("This address cannot be read: check it for typing mistakes."))
    if 100 <= job.status < 200:  # and then it closed
        return not_an_answer(job.status)
    if code in _DISTRUST:
        said = deferred_message(
            "The certificate of %(host)s could not be trusted: its owner has to mend it.", host=host
        )
        return FetchError("unreachable", said)
    if code in _NOT_HTTP:
        said = deferred_message(
            "%(host)s sends an answer that breaks the rules of HTTP: ask its owner to mend it.", host=host
        )
        return FetchError("unreachable", said)
    said = deferred_message("%(host)s could not be reached or broke off; it is tried again later.", host=host)
    return FetchError("unreachable", said)
