"""One client for everything the watch reads over HTTP: guarded, capped in bytes and time, honest about what failed."""

import contextlib
import functools
import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from pledges.monitor.guard import BadAddress, Blocked, Target, resolve, take_apart

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_CHUNK = 65_536
_MOST_ENCODINGS = 2
_ACCEPT = (
    "application/atom+xml, application/rss+xml, text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5"
)


@dataclass(frozen=True)
class Limits:
    """Caps on one fetch. Bytes hold before and after decompression; seconds hold for all redirects together."""

    max_bytes: int = 5_000_000
    total_seconds: float = 30
    connect_seconds: float = 10
    max_redirects: int = 5


@dataclass(frozen=True)
class Fetched:
    """A good answer. Header names are lower-case; `content_type` is the whole header, its charset included."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    content_type: str
    etag: str
    last_modified: str
    not_modified: bool
    permanent_url: str


class FetchError(Exception):
    """Nothing came that can be used. str() is a sentence for an editor; `retry_after` is in seconds."""

    def __init__(self, reason: str, message: str, *, status: int | None = None, retry_after: float | None = None):
        super().__init__(message)
        self.reason = reason
        self.status = status
        self.retry_after = retry_after


def fetch(
    url: str,
    *,
    user_agent: str,
    etag: str = "",
    last_modified: str = "",
    allow_origins: frozenset[str] = frozenset(),
    limits: Limits = Limits(),
) -> Fetched:
    """GET `url`, on condition of `etag` and `last_modified` where given, following redirects through the guard.

    `allow_origins` holds exact origins ("http://127.0.0.1:8000") that the guard lets through.
    Raises FetchError, and nothing else. The look-up of a name is bounded by the system's resolver.
    """
    headers = {"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate", "Connection": "close"}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    deadline = time.monotonic() + limits.total_seconds
    here, permanent = url, True
    for _ in range(limits.max_redirects + 1):
        status, received, body = _one_hop(here, headers, allow_origins, limits, deadline)
        if status not in _REDIRECTS or "location" not in received:
            return _judge(status, received, body, here, here if permanent and here != url else "", limits)
        permanent = permanent and status in _PERMANENT
        try:
            here = urljoin(here, received["location"])
        except ValueError:
            raise FetchError("bad_address", "The site sends us on to an address that cannot be read.") from None
    raise FetchError(
        "too_many_redirects",
        f"The address sends us on more than {limits.max_redirects} times: open it in a browser and use where it ends.",
    )


def _one_hop(
    url: str, headers: dict[str, str], allow_origins: frozenset[str], limits: Limits, deadline: float
) -> tuple[int, dict[str, str], bytes]:
    """One request and its answer, the body read only where it will be used. Raises FetchError."""
    try:
        target = take_apart(url)
        addresses = resolve(target, allow_origins)
    except BadAddress as error:
        raise FetchError("bad_address", f"This address cannot be read: {error}.") from error
    except Blocked as error:
        raise FetchError("blocked", f"This address is not allowed: {error}.") from error
    except (OSError, UnicodeError) as error:
        raise FetchError(
            "unreachable", f"No site called {target.host} was found: check the address, or this server's connection."
        ) from error
    try:
        connection = _connect(target, addresses, limits, deadline)
    except (OSError, urllib3.exceptions.HTTPError, ValueError) as error:
        raise _failure(error, target, deadline, limits) from error
    try:
        with _cut_off(connection.sock, deadline) as cut:
            try:
                answer = _ask(connection, target, headers, limits)
            except (OSError, urllib3.exceptions.HTTPError, http.client.HTTPException, ValueError) as error:
                raise _failure(error, target, 0 if cut.is_set() else deadline, limits) from error
            if cut.is_set():  # a body without a length ends quietly when it is cut off: never take it for whole
                raise _too_slow(target, limits)
            return answer
    finally:
        connection.close()


def _ask(
    connection: HTTPConnection, target: Target, headers: dict[str, str], limits: Limits
) -> tuple[int, dict[str, str], bytes]:
    connection.request("GET", target.path, headers={"Host": target.authority, **headers}, preload_content=False)
    response = connection.getresponse()
    received = {name.lower(): " ".join(value.split()) for name, value in response.headers.items()}
    body = b""
    if response.status < 300:
        for chunk in response.stream(_CHUNK, decode_content=False):
            body += chunk
            if len(body) > limits.max_bytes:
                raise _too_large(limits)
    return response.status, received, body


def _connect(target: Target, addresses: list[str], limits: Limits, deadline: float) -> HTTPConnection:
    """A connection to the first of the checked addresses that answers; TLS is checked against the host's name."""
    last: Exception = TimeoutError()
    for address in addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        patience = min(limits.connect_seconds, left)
        if target.scheme == "https":
            connection = HTTPSConnection(
                address,
                target.port,
                timeout=patience,
                ssl_context=_trust(),
                server_hostname=target.host,
            )
        else:
            connection = HTTPConnection(address, target.port, timeout=patience)
        try:
            connection.connect()
        except (OSError, urllib3.exceptions.HTTPError) as error:
            connection.close()
            last = error
            continue
        connection.sock.settimeout(max(0.001, deadline - time.monotonic()))
        return connection
    raise last


@functools.cache
def _trust() -> ssl.SSLContext:
    context = urllib3.util.create_urllib3_context()
    context.load_default_certs()
    return context


@contextlib.contextmanager
def _cut_off(sock: socket.socket, deadline: float) -> Iterator[threading.Event]:
    """Shut the socket when time is up: a timeout of its own starts anew with every byte that a slow site drips."""
    cut = threading.Event()

    def shut() -> None:
        cut.set()
        with contextlib.suppress(OSError):  # it may have ended by itself
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = threading.Timer(max(0, deadline - time.monotonic()), shut)
    timer.daemon = True
    timer.start()
    try:
        yield cut
    finally:
        timer.cancel()


def _judge(status: int, headers: dict[str, str], body: bytes, url: str, permanent_url: str, limits: Limits) -> Fetched:
    """The answer as the caller gets it. Raises FetchError for HTTP errors and bodies that cannot be unpacked."""
    if status >= 300 and status != 304:
        raise FetchError("http_status", _status_sentence(status), status=status, retry_after=_retry_after(headers))
    return Fetched(
        url=url,
        status=status,
        headers=headers,
        body=_unpack(body, headers.get("content-encoding", ""), limits),
        content_type=headers.get("content-type", ""),
        etag=headers.get("etag", ""),
        last_modified=headers.get("last-modified", ""),
        not_modified=status == 304,
        permanent_url=permanent_url,
    )


def _unpack(body: bytes, encoding: str, limits: Limits) -> bytes:
    """The body without its Content-Encoding. Raises FetchError where it is unknown, broken or grows beyond the cap."""
    names = [name for name in encoding.lower().replace(" ", "").split(",") if name not in ("", "identity")]
    if not body:
        return body
    if len(names) > _MOST_ENCODINGS or not set(names) <= {"gzip", "x-gzip", "deflate"}:
        raise FetchError("bad_encoding", f"The site answers in a packing that we did not ask for ({encoding}).")
    for name in reversed(names):
        raw_deflate = name == "deflate" and (body[0] & 0x0F != 8 or int.from_bytes(body[:2], "big") % 31)
        try:
            body = _inflate(body, -zlib.MAX_WBITS if raw_deflate else zlib.MAX_WBITS | 32, limits)
        except zlib.error as error:
            raise FetchError("bad_encoding", "The site's answer is packed, and damaged or cut short.") from error
    return body


def _inflate(body: bytes, window: int, limits: Limits) -> bytes:
    unpacked = b""
    while body:  # a gzip body may be several members in a row
        stream = zlib.decompressobj(window)
        unpacked += stream.decompress(body, limits.max_bytes + 1 - len(unpacked))
        if len(unpacked) > limits.max_bytes:
            raise _too_large(limits)
        if not stream.eof:
            raise zlib.error("cut short")
        body = stream.unused_data if stream.unused_data[:2] == b"\x1f\x8b" else b""
    return unpacked


def _failure(error: Exception, target: Target, deadline: float, limits: Limits) -> FetchError:
    refused = isinstance(error, urllib3.exceptions.NewConnectionError)  # which urllib3 counts among the timeouts
    timed_out = isinstance(error, (TimeoutError, urllib3.exceptions.TimeoutError)) and not refused
    if timed_out or time.monotonic() >= deadline:
        return _too_slow(target, limits)
    if isinstance(error, (ssl.SSLError, urllib3.exceptions.SSLError)):
        return FetchError(
            "unreachable", f"The certificate of {target.host} could not be trusted: its owner has to mend it."
        )
    return FetchError("unreachable", f"{target.host} could not be reached or broke off; it is tried again later.")


def _too_slow(target: Target, limits: Limits) -> FetchError:
    seconds = f"{limits.total_seconds:g}"
    return FetchError("timeout", f"{target.host} did not answer fully within {seconds} s; it is tried again later.")


def _too_large(limits: Limits) -> FetchError:
    return FetchError("too_large", f"The answer is larger than {limits.max_bytes / 1e6:g} MB, more than we read.")


def _status_sentence(status: int) -> str:
    known = {
        401: "The site asks for a login (401): use a public address.",
        403: "The site refuses us (403): ask its owner to let our reader in, or use another address.",
        404: "There is nothing at this address (404): check whether it has moved.",
        410: "The site says that this page is gone for good (410): remove the address.",
        429: "The site asks us to come less often (429).",
    }
    if status in known:
        return known[status]
    if status >= 500:
        return f"The site has an error of its own ({status}); it is tried again later."
    return f"The site answers with the error {status}: open the address in a browser to see what is wrong."


def _retry_after(headers: dict[str, str]) -> float | None:
    value = headers.get("retry-after", "")
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
