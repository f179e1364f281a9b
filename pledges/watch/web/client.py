"""The HTTP client of the watch: behind the SSRF guard, with caps on bytes and time, and clear errors.

libcurl runs many transfers in one thread (see `transfer`). Names are resolved here, through the SSRF guard, and libcurl
may connect only to the addresses that were checked.
"""

import contextlib
import functools
import select
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

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
    check_receipt,
    check_response,
    too_slow,
)
from pledges.watch.web.ssrf_guard import BadAddress, Blocked, resolve, take_apart
from pledges.watch.web.transfer import Transfer, is_ip_address

# Re-exports what callers need with the client.
__all__ = ["DEFAULT", "Client", "FetchError", "Fetched", "Limits", "Request", "fetch", "fetch_many", "post"]

_PERMANENT = frozenset({301, 308})
_RESOLVER_THREADS = 16
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, text/html, application/xhtml+xml, "
    "application/xml;q=0.9, */*;q=0.5"
)


def fetch(
    url: str,
    *,
    user_agent: str,
    etag: str = "",
    last_modified: str = "",
    allow_origins: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT,
) -> Fetched:
    """GET `url`, conditionally if the validators `etag` or `last_modified` are given; redirects are guarded too.

    `allow_origins` holds exact origins ("http://127.0.0.1:8000") that the SSRF guard lets through.
    Raises FetchError, and nothing else.
    """
    request = Request(url, etag, last_modified)
    for _request, got in fetch_many([request], user_agent=user_agent, allow_origins=allow_origins, limits=limits):
        if isinstance(got, Exception):
            raise got
        return got
    raise AssertionError("every request has a result")


def post(
    url: str,
    body: bytes,
    *,
    user_agent: str,
    headers: tuple[tuple[str, str], ...] = (),
    allow_origins: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT,
) -> Fetched:
    """POST `body` to `url`, through the SSRF guard as `fetch`. Any 2xx is a success; redirects are not followed.

    Of the answer at most `limits.max_bytes` are read, and dropped. Raises FetchError, and nothing else.
    """
    request = Request(url, body=body, headers=headers)
    [(_request, answer)] = fetch_many([request], user_agent=user_agent, allow_origins=allow_origins, limits=limits)
    if isinstance(answer, Exception):
        raise answer
    return answer


def fetch_many(
    requests: Iterable[Request],
    *,
    user_agent: str,
    allow_origins: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT,
    at_once: int = 100,
) -> Iterator[tuple[Request, Fetched | Exception]]:
    """GET many addresses, `at_once` at a time, and yield each with its answer or its FetchError as it ends.

    Otherwise as `fetch`. An exception of another kind is a bug, and affects only this one address. There is no delay
    between requests to one host: that is up to the caller.
    """
    waiting = deque(requests)
    with Client(user_agent=user_agent, allow_origins=allow_origins, limits=limits) as client:
        while waiting or len(client):
            while waiting and len(client) < at_once:
                client.add(waiting.popleft())
            yield from client.wait()


class Client:
    """Runs many transfers at once, in the thread that calls `wait`. A context manager, used as in `fetch_many`."""

    def __init__(self, *, user_agent: str, allow_origins: frozenset[str] = frozenset(), limits: Limits = DEFAULT):
        self._headers = [f"User-Agent: {user_agent}", f"Accept: {_ACCEPT}"]
        self._headers += [f"Accept-Encoding: {decompression.ACCEPTED}", "Connection: close"]
        self._allow, self._limits = allow_origins, limits
        self._multi = pycurl.CurlMulti()
        self._idle_handles: list[pycurl.Curl] = []
        self._active: dict[pycurl.Curl, Transfer] = {}
        self._resolving: dict[Future[list[str]], Transfer] = {}
        self._finished: list[tuple[Request, Fetched | Exception]] = []
        self._last_wait_ended = time.monotonic()
        self._resolver: ThreadPoolExecutor | None = None
        self._wake_receiver, self._wake_sender = socket.socketpair()
        self._wake_receiver.setblocking(False)
        self._wake_sender.setblocking(False)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __len__(self) -> int:
        """The number of requests that `wait` has not returned yet."""
        return len(self._active) + len(self._resolving) + len(self._finished)

    def close(self) -> None:
        """Abort all transfers."""
        for curl in self._active:
            self._multi.remove_handle(curl)
            curl.close()
        for curl in self._idle_handles:
            curl.close()
        self._multi.close()
        if self._resolver:
            self._resolver.shutdown(wait=False, cancel_futures=True)
        self._wake_sender.close()
        self._wake_receiver.close()

    def add(self, request: Request) -> None:
        """Start a request; `wait` returns its answer."""
        limits = request.limits or self._limits
        self._step(Transfer(request, limits, time.monotonic() + limits.total_seconds, request.url), self._resolve)

    def wait(self, seconds: float = 1.0) -> list[tuple[Request, Fetched | Exception]]:
        """The requests that have ended, each with its answer or exception; waits up to `seconds` for the first.

        Time that the caller spends outside `wait` does not count against the deadlines.
        """
        started = time.monotonic()
        for transfer in (*self._active.values(), *self._resolving.values()):
            transfer.deadline += started - max(self._last_wait_ended, transfer.started)
        while True:
            self._collect_resolved()
            self._perform()
            self._expire()
            left = started + seconds - time.monotonic()
            if self._finished or left <= 0 or not (self._active or self._resolving):
                finished, self._finished = self._finished, []
                self._last_wait_ended = time.monotonic()
                return finished
            self._sleep(left)

    # --- the steps of a transfer -------------------------------------------------------------------------------------
    def _step(self, transfer: Transfer, step: Callable[..., None], *arguments: object) -> None:
        """Run a step. An exception ends this transfer and no other."""
        try:
            step(transfer, *arguments)
        except Exception as error:
            self._finished.append((transfer.request, error))

    def _resolve(self, transfer: Transfer) -> None:
        """Parse the address of the next hop and resolve its host, in another thread unless it is an IP address."""
        transfer.begin_hop()
        try:
            transfer.target = take_apart(transfer.url)
        except BadAddress as error:
            message = deferred_message("This address cannot be read: %(reason)s.", reason=error.sentence)
            raise FetchError("bad_address", message) from error
        if transfer.hops:
            transfer.url = transfer.target.url
        if is_ip_address(transfer.target.host):
            self._connect(transfer, functools.partial(resolve, transfer.target, self._allow))
            return
        self._resolver = self._resolver or ThreadPoolExecutor(_RESOLVER_THREADS, thread_name_prefix="resolver")
        future = self._resolver.submit(resolve, transfer.target, self._allow)
        self._resolving[future] = transfer
        future.add_done_callback(self._wake_up)

    def _wake_up(self, _future: Future[list[str]]) -> None:
        with contextlib.suppress(OSError):  # full: it will wake up anyway; closed: nobody waits any more
            self._wake_sender.send(b".")

    def _collect_resolved(self) -> None:
        """Connect the transfers whose host is resolved, and end those whose time is up."""
        if not self._resolving:
            return
        with contextlib.suppress(BlockingIOError):
            self._wake_receiver.recv(4096)
        now = time.monotonic()
        for future, transfer in list(self._resolving.items()):
            if future.done():
                del self._resolving[future]
                self._step(transfer, self._connect, future.result)
            elif now >= transfer.deadline:
                future.cancel()
                del self._resolving[future]
                self._finished.append((transfer.request, too_slow(transfer.target.host, transfer.limits)))

    def _connect(self, transfer: Transfer, resolved: Callable[[], Iterable[str]]) -> None:
        """Hand the transfer to libcurl, with the addresses that `resolved` returns."""
        try:
            addresses = resolved()
        except Blocked as error:
            message = deferred_message("This address is not allowed: %(reason)s.", reason=error.sentence)
            raise FetchError("blocked", message) from error
        except (OSError, UnicodeError) as error:
            message = deferred_message(
                "No site called %(host)s was found: check the address, or this server's connection.",
                host=transfer.target.host,
            )
            raise FetchError("unreachable", message) from error
        left = transfer.deadline - time.monotonic()
        if left <= 0:
            raise too_slow(transfer.target.host, transfer.limits)
        transfer.addresses = tuple(addresses)
        curl = self._idle_handles.pop() if self._idle_handles else pycurl.Curl()
        transfer.configure(curl, self._headers, left)
        self._active[curl] = transfer
        self._multi.add_handle(curl)

    def _perform(self) -> None:
        """Let libcurl read and write, and end the hops that are complete."""
        if not self._active:
            return
        self._multi.perform()
        more = 1
        while more:
            more, good, bad = self._multi.info_read()
            for curl in good:
                self._end_hop(curl, 0)
            for curl, code, _message in bad:
                self._end_hop(curl, code)

    def _release(self, curl: pycurl.Curl) -> Transfer:
        """Take the transfer of a handle from libcurl, and keep the handle for another."""
        transfer = self._active.pop(curl)
        self._multi.remove_handle(curl)
        curl.reset()
        self._idle_handles.append(curl)
        return transfer

    def _expire(self) -> None:
        """End the active transfers whose time is up."""
        now = time.monotonic()
        for curl in [curl for curl, transfer in self._active.items() if now >= transfer.deadline]:
            transfer = self._release(curl)
            if transfer.request.body is not None and transfer.answered:
                self._step(transfer, self._take_receipt)
            else:
                self._finished.append((transfer.request, too_slow(transfer.target.host, transfer.limits)))

    def _take_receipt(self, transfer: Transfer) -> None:
        """Finish a POST by the headers of its answer: however its body ends, the receiver has what was posted."""
        receipt = check_receipt(request=transfer.request, status=transfer.status, headers=transfer.headers)
        self._finished.append((transfer.request, receipt))

    def _end_hop(self, curl: pycurl.Curl, code: int) -> None:
        self._step(self._release(curl), self._handle_response, code)

    def _handle_response(self, transfer: Transfer, code: int) -> None:
        """Follow a redirect, or finish the transfer. Raises FetchError for failures; `code` is libcurl's result."""
        if transfer.request.body is not None and (transfer.answered or not code):
            self._take_receipt(transfer)
            return
        if code and not (code == pycurl.E_WRITE_ERROR and transfer.stopped == "skipped"):
            raise transfer.failure(code)
        if address := location_of(transfer.status, transfer.headers):
            self._follow(transfer, address, permanent=transfer.status in _PERMANENT)
            return
        fetched = check_response(
            request=transfer.request,
            limits=transfer.limits,
            status=transfer.status,
            headers=transfer.headers,
            body=bytes(transfer.body),
            url=transfer.url,
            permanent=transfer.permanent,
        )
        if address := immediate_refresh(fetched):
            self._follow(transfer, address, permanent=False)
        else:
            self._finished.append((transfer.request, fetched))

    def _follow(self, transfer: Transfer, address: str, *, permanent: bool) -> None:
        """Start the next hop of a redirect."""
        if transfer.hops == transfer.limits.max_redirects:
            message = deferred_message(
                "The address sends us on more than %(times)s times: open it in a browser and use where it ends.",
                times=transfer.hops,
            )
            raise FetchError("too_many_redirects", message)
        transfer.hops += 1
        transfer.permanent = transfer.permanent and permanent
        try:
            transfer.url = joined(transfer.url, address)
        except ValueError:
            message = deferred_message("The site sends us on to an address that cannot be read.")
            raise FetchError("bad_address", message) from None
        self._resolve(transfer)

    def _sleep(self, seconds: float) -> None:
        """Sleep until a socket is ready, a host is resolved, a deadline passes, or libcurl's own timer fires."""
        nearest = min(transfer.deadline for transfer in (*self._active.values(), *self._resolving.values()))
        seconds = min(seconds, nearest - time.monotonic() + 0.001)
        if self._active:
            timer = self._multi.timeout()
            seconds = seconds if timer < 0 else min(seconds, timer / 1000)
        reading, writing, exceptional = self._multi.fdset()
        select.select([self._wake_receiver, *reading], writing, exceptional, max(0.0, seconds))
