"""Where an answer sends its visitors on to: the Location and Refresh headers, and a page's immediate meta refresh."""

import re
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from pledges.watch.sources.metatags import meta_tags, refresh_of
from pledges.watch.web.charsets import decode
from pledges.watch.web.responses import Fetched

IMMEDIATE = 1  # seconds: a page that shows itself for longer is a page to be read
_STATUSES = frozenset({301, 302, 303, 307, 308})
_LOOKED_AT = 200_000  # bytes of a page
_ASCII = "".join(map(chr, range(0x7F)))
_NOT_HTML = re.compile(r"<(?:rss|feed|rdf:rdf|urlset|sitemapindex)\b", re.IGNORECASE)
_SCHEME = re.compile(r"(https?):/*", re.IGNORECASE)


def location_of(status: int, headers: dict[str, str]) -> str:
    """The address in a redirect's Location, not yet joined to the one that was asked; "" where it is no redirect."""
    return _written(headers.get("location", "")) if status in _STATUSES else ""


def refresh_in(body: bytes, content_type: str = "", headers: dict[str, str] | None = None) -> tuple[int, str]:
    """(seconds, address as written) by which an HTML page sends its visitors on; (-1, "") where it does not.

    Only HTML is looked at: a feed may quote pages. A page that reloads itself sends nobody on.
    """
    if content_type and "html" not in content_type.lower():
        return -1, ""
    said = [_written((headers or {}).get("refresh", ""))]
    start = body[:_LOOKED_AT]
    if b"refresh" in start.replace(b"\0", b"").lower():  # without the zeros of UTF-16
        text = decode(start, content_type, page=True)
        if not _NOT_HTML.search(text[:1000]):
            said += [
                tag.get("content", "")
                for tag in meta_tags(text)
                if tag.get("http-equiv", "").strip().lower() == "refresh"
            ]
    return next((found for found in map(refresh_of, said) if found[1]), (-1, ""))


def immediate_refresh(got: Fetched) -> str:
    """The address to which a page sends its visitors at once, joined to its own; "" where it does not."""
    seconds, address = refresh_in(got.body, got.content_type, got.headers)
    if not address or not 0 <= seconds <= IMMEDIATE:
        return ""
    try:
        there = joined(got.url, address)
    except ValueError:
        return ""
    return "" if there == urldefrag(got.url).url else there


def joined(here: str, address: str) -> str:
    """The address that a browser goes to from `here`, without a fragment. Raises ValueError where there is none.

    Backslashes are slashes, tabs and line breaks are nothing, and a scheme needs no two slashes: the guard sees what
    comes out, and that is what is asked for.
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


def _written(value: str) -> str:
    """A header's address. Its bytes (Latin-1 in `value`) are UTF-8, or else go back to the site as they are."""
    raw = value.encode("latin-1")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return quote(raw, safe=_ASCII)
