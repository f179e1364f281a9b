"""One request on its way through libcurl: its state, libcurl's callbacks and options, and what a failure means."""

import functools
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import certifi
import pycurl

from pledges.domain.messages import deferred_message
from pledges.watch.web.responses import FetchError, Limits, Request, not_an_answer, too_large, too_slow
from pledges.watch.web.ssrf_guard import Target

_MOST_HEADER_BYTES = 100_000
_NOT_JOINED = frozenset({"location", "refresh"})  # the first one counts: a comma may be part of the address
_SLACK_SECONDS = 120
_UNTRUSTED = frozenset({pycurl.E_PEER_FAILED_VERIFICATION, pycurl.E_SSL_CONNECT_ERROR, pycurl.E_SSL_ISSUER_ERROR})
_NOT_HTTP = frozenset({pycurl.E_UNSUPPORTED_PROTOCOL, pycurl.E_FTP_WEIRD_SERVER_REPLY})
_E_TOO_LARGE = 100  # CURLE_TOO_LARGE (libcurl's own caps on headers), for which pycurl has no name


@dataclass(eq=False)
class Transfer:
    """The state of a request: where redirects have led it, and what has been received for the current hop."""

    request: Request
    limits: Limits
    deadline: float
    url: str  # of the current hop
    started: float = field(default_factory=time.monotonic)
    hops: int = 0
    permanent: bool = True
    target: Target = field(init=False)  # of the current hop, once its address is parsed
    addresses: tuple[str, ...] = ()  # the IP addresses that the SSRF guard has checked
    status: int = 0
    header_bytes: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    answered: bool = False  # whether the headers of the final answer are complete
    body: bytearray = field(default_factory=bytearray)
    stopped: str = ""  # why we aborted it: "skipped" (the body is not needed), "too_large", "headers", "blocked"

    def begin_hop(self) -> None:
        """Forget what was received for the previous hop."""
        self.status, self.header_bytes, self.stopped, self.answered = 0, 0, "", False
        self.headers, self.body = {}, bytearray()

    def on_header(self, line: bytes) -> int | None:
        """libcurl's callback for each header line; -1 aborts."""
        self.header_bytes += len(line)
        if self.header_bytes > _MOST_HEADER_BYTES:
            self.stopped = "headers"
            return -1
        if line.startswith(b"HTTP/"):  # again after each "100 Continue"
            self.headers = {}
            self.status = int(line.split(None, 2)[1])
            return None
        if not line.strip():
            self.answered = self.status >= 200
            return None
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            name = name.strip().lower()
            value = value.strip(" \t\r\n")  # only these: other white space may be bytes of UTF-8
            if name not in self.headers:
                self.headers[name] = value
            elif name not in _NOT_JOINED:
                self.headers[name] += f", {value}"
        return None

    def on_body(self, piece: bytes) -> int | None:
        """libcurl's callback for each piece of the body; -1 aborts."""
        if self.status >= 300:
            self.stopped = "skipped"
            return -1
        if len(self.body) + len(piece) > self.limits.max_bytes:
            if self.request.body is not None:  # posted: the status is all that is asked for
                self.stopped = "skipped"
                return -1
            self.stopped = "too_large"
            return -1
        self.body += piece
        return None

    def on_socket(self, _purpose: int, address: tuple[Any, ...]) -> socket.socket | int:
        """libcurl's callback that opens a socket: only to an address that the SSRF guard has checked."""
        family, kind, protocol, (ip, *_rest) = address
        ip = ip.decode() if isinstance(ip, bytes) else ip
        if ip not in self.addresses:
            self.stopped = "blocked"
            return pycurl.SOCKET_BAD
        return socket.socket(family, kind, protocol)

    def configure(self, curl: pycurl.Curl, headers: list[str], seconds_left: float) -> None:
        """Set libcurl's options for the current hop. Raises FetchError for an address that cannot be encoded."""
        target, conditions = self.target, []
        addresses = ",".join(f"[{ip}]" if ":" in ip else ip for ip in self.addresses)
        if self.request.etag:
            conditions.append(f"If-None-Match: {_one_line(self.request.etag)}")
        if self.request.last_modified:
            conditions.append(f"If-Modified-Since: {_one_line(self.request.last_modified)}")
        options = {
            pycurl.URL: f"{target.scheme}://{target.authority}{target.path}",
            pycurl.HTTPHEADER: [*headers, *conditions],
            pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
            pycurl.HTTPGET: 1,
            pycurl.PATH_AS_IS: 1,
            pycurl.FOLLOWLOCATION: 0,
            pycurl.PROXY: "",  # whatever the environment says: a proxy would resolve names itself
            pycurl.NOSIGNAL: 1,
            pycurl.FRESH_CONNECT: 1,
            pycurl.FORBID_REUSE: 1,
            pycurl.RESOLVE: [f"{target.host}:{target.port}:{addresses}"],
            pycurl.OPENSOCKETFUNCTION: self.on_socket,
            pycurl.HEADERFUNCTION: self.on_header,
            pycurl.WRITEFUNCTION: self.on_body,
            # A backstop: `Client` ends the transfer earlier, and does not count time spent elsewhere.
            pycurl.TIMEOUT_MS: int((seconds_left + _SLACK_SECONDS) * 1000),
            pycurl.CONNECTTIMEOUT_MS: max(1, int(min(seconds_left, self.limits.connect_seconds) * 1000)),
            pycurl.MAXFILESIZE: self.limits.max_bytes,
        }
        if (body := self.request.body) is not None:
            del options[pycurl.HTTPGET], options[pycurl.MAXFILESIZE]
            own = [f"{name}: {_one_line(value)}" for name, value in self.request.headers]
            user_agent = [header for header in headers if header.startswith("User-Agent:")]
            # Without "Expect: 100-continue", which libcurl sends with long bodies and not every server answers.
            options[pycurl.HTTPHEADER] = [*user_agent, "Connection: close", "Expect:", *own]
            options |= {pycurl.POST: 1, pycurl.POSTFIELDSIZE: len(body), pycurl.COPYPOSTFIELDS: body}
        if is_ip_address(target.host):
            del options[pycurl.RESOLVE]
        if target.scheme == "https":
            options |= {pycurl.SSL_VERIFYPEER: 1, pycurl.SSL_VERIFYHOST: 2, **_trust()}
        for option, value in options.items():
            try:
                curl.setopt(option, value)
            except UnicodeEncodeError as error:
                message = deferred_message("This address holds a character that none can hold.")
                raise FetchError("bad_address", message) from error

    def failure(self, code: int) -> FetchError:
        """The error for libcurl's result `code`."""
        host = self.target.host
        if self.stopped == "blocked":
            message = deferred_message(
                "This address is not allowed: %(host)s leads to an address that was not checked.", host=host
            )
            return FetchError("blocked", message)
        if self.stopped == "headers" or code == _E_TOO_LARGE:
            message = deferred_message(
                "The site sends more headers than we read (100 kB, 5,000 of them): ask its owner to mend that."
            )
            return FetchError("too_large", message)
        if self.stopped == "too_large" or code == pycurl.E_FILESIZE_EXCEEDED:
            return too_large(self.limits)
        if code == pycurl.E_OPERATION_TIMEDOUT or time.monotonic() >= self.deadline:
            return too_slow(host, self.limits)
        if code == pycurl.E_URL_MALFORMAT:
            return FetchError(
                "bad_address", deferred_message("This address cannot be read: check it for typing mistakes.")
            )
        if 100 <= self.status < 200:  # an interim answer, after which the server closed the connection
            return not_an_answer(self.status)
        if code in _UNTRUSTED:
            message = deferred_message(
                "The certificate of %(host)s could not be trusted: its owner has to mend it.", host=host
            )
            return FetchError("unreachable", message)
        if code in _NOT_HTTP:
            message = deferred_message(
                "%(host)s sends an answer that breaks the rules of HTTP: ask its owner to mend it.", host=host
            )
            return FetchError("unreachable", message)
        message = deferred_message("%(host)s could not be reached or broke off; it is tried again later.", host=host)
        return FetchError("unreachable", message)


def is_ip_address(host: str) -> bool:
    """Whether the host is an IP address in its usual form, so that there is no name to resolve."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@functools.cache
def _trust() -> dict[int, str]:
    """libcurl's options for the certificate authorities that this machine trusts."""
    paths = ssl.get_default_verify_paths()
    bundle = Path(paths.cafile or f"{paths.capath}/ca-certificates.crt")
    return {pycurl.CAINFO: str(bundle) if bundle.exists() else certifi.where()}


def _one_line(value: str) -> str:
    return "".join(char for char in value if char.isprintable() and ord(char) < 256)
