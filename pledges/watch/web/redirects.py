"""Redirects: the Location and Refresh headers, and a page's immediate meta refresh."""

import re
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from pledges.watch.sources.metatags import meta_tags, refresh_of
from pledges.watch.web.charsets import decode
from pledges.watch.web.responses import Fetched

IMMEDIATE = 1  # seconds: a page that is shown for longer is content
_STATUSES = frozenset({301, 302, 303, 307, 308})
_LOOKED_AT = 200_000  # bytes of a page
_ASCII = "".join(map(chr, range(0x7F)))
_NOT_HTML = re.compile(r"<(?:rss|feed|rdf:rdf|urlset|sitemapindex)\b", re.IGNORECASE)
_SCHEME = re.compile(r"(https?):/*", re.IGNORECASE)


def location_of(status: int, headers: dict[str, str]) -> str:
    """The address in a redirect's Location, not yet resolved against the request's; "" if it is not a redirect."""
    return _header_address(headers.get("location", "")) if status in _STATUSES else ""


def refresh_in(body: bytes, content_type: str = "", headers: dict[str, str] | None = None) -> tuple[int, str]:
    """(seconds, address as written) of the refresh of an HTML page; (-1, "") if it has none.

    Only HTML counts, since a feed may quote pages. A page that reloads itself is not a redirect.
    """
    if content_type and "html" not in content_type.lower():
        return -1, ""
    values = [_header_address((headers or {}).get("refresh", ""))]
    start = body[:_LOOKED_AT]
    if b"refresh" in start.replace(b"\0", b"").lower():  # without the zeros of UTF-16
        text = decode(start, content_type, page=True)
        if not _NOT_HTML.search(text[:1000]):
            values += [
                tag.get("content", "")
                for tag in meta_tags(text)
                if tag.get("http-equiv", "").strip().lower() == "refresh"
            ]
    return next((refresh for refresh in map(refresh_of, values) if refresh[1]), (-1, ""))


def immediate_refresh(fetched: Fetched) -> str:
    """The absolute address to which a page redirects at once; "" if it does not."""
    seconds, address = refresh_in(fetched.body, fetched.content_type, fetched.headers)
    if not address or not 0 <= seconds <= IMMEDIATE:
        return ""
    try:
        destination = joined(fetched.url, address)
    except ValueError:
        return ""
    return "" if destination == urldefrag(fetched.url).url else destination


def joined(here: str, address: str) -> str:
    """The absolute address of a link, resolved against `here` as browsers do, without a fragment. Raises ValueError.

    Backslashes count as slashes, tabs and line breaks are dropped, and a scheme needs no two slashes. The SSRF guard
    checks the result, and the result is what is fetched.
    """
    address = re.sub(r"[\t\r\n]", "", address).strip("".join(map(chr, range(33))))
    path = re.split("[?#]", address, maxsplit=1)[0]
    rest = address[len(path) :]
    path = path.replace("\\", "/")
    scheme = _SCHEME.match(path)
    if scheme and (scheme.group().endswith("//") or scheme.group(1).lower() != urlsplit(here).scheme):
        path = f"{scheme.group(1)}://{path[scheme.end() :]}"
    elif path.startswith("//"):
        path = "//" + path.lstrip("/")
    return str(urldefrag(urljoin(here, path + rest.replace("\\", "%5C"))).url)


def _header_address(value: str) -> str:
    """The address in a header. Its bytes (Latin-1 in `value`) are UTF-8, or else are percent-encoded unchanged."""
    raw = value.encode("latin-1")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return quote(raw, safe=_ASCII)
