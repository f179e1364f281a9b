"""The SSRF guard: the watch may connect only to public addresses of the web, not to this machine or its network.

Addresses of sources are typed by people, and redirects are untrusted. So each is checked when the connection is made,
and the connection goes to the very IP address that was checked (no DNS rebinding).
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import idna

from pledges.domain.messages import UserFacingError, deferred_message

WEB_PORTS = frozenset({80, 443})
DEFAULT_PORT = {"http": 80, "https": 443}

# Registered as public, but answered from inside: relay anycast, the metadata services of Oracle and Azure.
_INTERNAL = [ipaddress.ip_network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")]
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_SIX_TO_FOUR = ipaddress.ip_network("2002::/16")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_DOCUMENTATION = ipaddress.ip_network("3fff::/20")


class BadAddress(UserFacingError):
    """The address is malformed; `sentence` says why, as part of a sentence."""


class Blocked(UserFacingError):
    """The address is, or may be, internal; `sentence` says why, as part of a sentence."""


@dataclass(frozen=True)
class Target:
    """A parsed address: scheme, host, port, and path with query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The whole address, in ASCII."""
        return self.origin + self.path

    @property
    def authority(self) -> str:
        """The Host header: IPv6 in brackets, the port only if it is not the scheme's default."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORT[self.scheme] else f"{host}:{self.port}"


def take_apart(url: str) -> Target:
    """Parse an http(s) address. Raises BadAddress for anything that two parsers could read differently."""
    if any((ord(char) < 33 and char != " ") or ord(char) == 127 for char in url) or "\\" in url:
        raise BadAddress(deferred_message("the address holds a control character or a backslash"))
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadAddress(deferred_message("the address cannot be read: check it for typing mistakes")) from error
    if parts.scheme not in DEFAULT_PORT:
        raise BadAddress(deferred_message("the address must begin with http:// or https://"))
    if parts.username is not None or parts.password is not None:
        raise BadAddress(deferred_message("the address must not hold a user name or a password"))
    if not host or "%" in host or " " in host or port == 0:
        raise BadAddress(deferred_message("the address names no usable host"))
    try:
        host = (host.encode("idna") if host.isascii() else idna.encode(host, uts46=True)).decode("ascii").lower()
    except UnicodeError as error:
        raise BadAddress(deferred_message("the host's name is not a valid one")) from error
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?") if parts.query else ""
    return Target(parts.scheme, host, port or DEFAULT_PORT[parts.scheme], path + query)


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet; an IPv4 address embedded in an IPv6 address counts too."""
    ip = ipaddress.ip_address(address)
    if ip.version == 4:
        return ip.is_global and not ip.is_multicast and not any(ip in net for net in _INTERNAL)
    if ip.ipv4_mapped:
        return is_public(str(ip.ipv4_mapped))
    if ip in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    if ip in _SIX_TO_FOUR:
        return is_public(str(ip.sixtofour))
    # No news site is outside 2000::/3 (IPv4-compatible, translated, site-local or unassigned addresses).
    return ip in _GLOBAL_UNICAST and ip.is_global and ip not in _DOCUMENTATION


def resolve(target: Target, allow_origins: frozenset[str] = frozenset()) -> list[str]:
    """The IP addresses to connect to. Raises Blocked unless all are public, OSError if the name does not resolve.

    The name is resolved once, and the result is what is connected to, so it cannot change after the check.
    """
    allowed = target.origin in allow_origins
    if not allowed and target.port not in WEB_PORTS:
        raise Blocked(deferred_message("port %(port)s is not one of the web's (80, 443)", port=str(target.port)))
    answers = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not allowed:
        for address in addresses:
            if "%" in address or not is_public(address):
                raise Blocked(
                    deferred_message(
                        "%(host)s leads to %(address)s, which is not on the public internet",
                        host=target.host,
                        address=address,
                    )
                )
    return addresses
