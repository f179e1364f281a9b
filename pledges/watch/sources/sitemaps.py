"""Parses news sitemaps, plain sitemaps and sitemap indexes (https://www.sitemaps.org/protocol.html), gzipped or not."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TypeVar
from urllib.parse import unquote, urljoin, urlsplit

import lxml.etree

from pledges.domain.messages import deferred_message
from pledges.watch.sources.entries import Entry, FeedError, Raw, collect
from pledges.watch.text import dates
from pledges.watch.text.markup import mend_ampersands
from pledges.watch.web.charsets import decode, readable_xml
from pledges.watch.web.decompression import Damaged, Oversized, unpack
from pledges.watch.web.urls import canonical_url

MOST_NEWS = 1000  # the limit of the protocol for a news sitemap
MOST_PLAIN = 200
MOST_CHILDREN = 50
_LARGEST = 20_000_000  # bytes, decompressed: some 100,000 pages
_ROOT = re.compile(r"(?:<[!?][^>]{0,1000}>\s*)*<(?:[\w.-]+:)?(urlset|sitemapindex)\b", re.IGNORECASE)
_DAY_IN_ADDRESS = re.compile(r"(20\d\d)[-_/]?(\d\d)(?:[-_/]?(\d\d))?")
_NOT_A_WORD = re.compile(r"\d+|(?=\w*\d)[0-9a-f]{6,}|[a-z]{0,2}\d+", re.IGNORECASE)

_Listed = TypeVar("_Listed")


@dataclass(frozen=True)
class Sitemap:
    """The pages of a sitemap as entries, and the addresses of further sitemaps; newest first."""

    entries: tuple[Entry, ...]
    children: tuple[str, ...]


def parse(body: bytes, *, url: str, content_type: str = "", now: datetime | None = None, zone: tzinfo = UTC) -> Sitemap:
    """The sitemap in `body`, read from `url`. Raises FeedError.

    An entry's title is news:title, or else is made from its address. Its time is that of news:publication_date only
    (see `feeds.parse`): `lastmod` is used only for sorting, because it changes with every template. At most `MOST_NEWS`
    entries of a news sitemap are returned, or the `MOST_PLAIN` last modified ones of a plain sitemap.
    """
    text = readable_xml(decode(_unpacked(body), content_type))
    if not text:
        raise FeedError(deferred_message("The address answers with nothing at all: check that it is the sitemap's."))
    root = _ROOT.match(text)
    if not root:
        if text.startswith("<"):
            raise FeedError(
                deferred_message("This is XML, but no sitemap: it should begin with urlset or sitemapindex.")
            )
        raise FeedError(deferred_message("This is not a sitemap: it should begin with urlset or sitemapindex."))
    raw = mend_ampersands(text).encode("utf-8", "replace")
    del text
    if root.group(1).lower() == "sitemapindex":
        children = [(_when(_child(node, "lastmod")), _address(node)) for node in _nodes(raw, "sitemap")]
        dated = [(when or _day_in(address), address) for when, address in children]
        newest = [canonical_url(_joined(url, address)) for _when_, address in _newest_first(dated)]
        return Sitemap((), tuple(dict.fromkeys(address for address in newest if address))[:MOST_CHILDREN])
    news, plain = [], []
    for node in _nodes(raw, "url"):
        address = _address(node)
        details = next((child for child in node if _local(child) == "news"), None)
        if details is None:
            plain.append((_when(_child(node, "lastmod")), address))
        else:
            stamp = _child(details, "publication_date")
            when = _when(stamp)
            published = dates.parse(stamp) or (when and when.date())  # the first day of a month
            publication = next((child for child in details if _local(child) == "publication"), details)
            news.append((when, (address, _child(details, "title"), _child(publication, "language"), published)))
    listed = (
        [
            Raw(
                link=_joined(url, address),
                title=title or title_of(address),
                language=language,
                published_at=published,
            )
            for _when_, (address, title, language, published) in _newest_first(news)[:MOST_NEWS]
            if address
        ]
        or [  # only for a site that does not mark its news
            Raw(link=_joined(url, address), title=title_of(address))
            for _when_, address in _newest_first(plain)[:MOST_PLAIN]
            if address
        ]
    )
    return Sitemap(collect(listed, language=None, url=url, now=now, zone=zone), ())


def title_of(url: str) -> str:
    """A title from an address: ".../2024/obras-del-puerto-avanzan-12345.html" gives "Obras del puerto avanzan"."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return ""
    best: list[str] = []
    for part in path.split("/"):
        part = re.sub(r"\.\w{2,5}$", "", part)
        words = [word for word in re.split(r"[-_+ ]+", part) if word and not _NOT_A_WORD.fullmatch(word)]
        if words and len(words) >= len(best):
            best = words
    text = " ".join(best)
    return text[:1].upper() + text[1:]


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return unpack(body, "gzip", _LARGEST)
    except Damaged:
        raise FeedError(deferred_message("The sitemap is packed with gzip, and damaged or cut short.")) from None
    except Oversized:
        raise FeedError(
            deferred_message("The sitemap is larger than 20 MB when unpacked, more than we read.")
        ) from None


def _nodes(body: bytes, name: str) -> Iterator[lxml.etree._Element]:
    """The elements called `name` under the root, one by one: the tree of a large sitemap takes ten times its size.

    A damaged sitemap is read as far as possible; a truncated one gives its complete elements.
    """
    before = None
    try:
        for _event, node in lxml.etree.iterparse(
            io.BytesIO(body),
            tag=f"{{*}}{name}",
            recover=True,
            resolve_entities=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
        ):
            parent = node.getparent()
            if parent is None or parent.getparent() is not None:
                continue
            if before is not None:
                yield before
                before.clear()
                while before.getprevious() is not None:
                    del parent[0]
            before = node
    except lxml.etree.LxmlError:
        return
    if before is not None and body.rstrip().endswith(
        b">"
    ):  # otherwise the last one was truncated, and closed by the parser
        yield before


def _local(node: lxml.etree._Element) -> str:
    """The element's local name; some sites use the prefix "news" without declaring it."""
    return node.tag.rpartition("}")[2].lower().removeprefix("news:") if isinstance(node.tag, str) else ""


def _child(node: lxml.etree._Element, name: str) -> str:
    """The text of the node's first child called `name` in the same namespace: images and videos have a `loc` and a
    `title` of their own."""
    space = _space(node)
    named = (child for child in node if _local(child) == name and (_space(child) == space or child.prefix is None))
    return next((" ".join("".join(child.itertext()).split()) for child in named), "")


def _address(node: lxml.etree._Element) -> str:
    """The address of a page or sitemap; some sites escape ampersands twice."""
    return _child(node, "loc").replace("&amp;", "&")


def _space(node: lxml.etree._Element) -> str:
    return str(node.tag).rpartition("}")[0]


def _when(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return _day_in(text) if re.fullmatch(r"\d{4}-\d\d", text) else None


def _day_in(address: str) -> datetime | None:
    """The day or month in an address such as sitemap-2024-11.xml."""
    if match := _DAY_IN_ADDRESS.search(address):
        year, month, day = match.groups()
        try:
            return datetime(int(year), int(month), int(day or 1), tzinfo=UTC)
        except ValueError:
            pass
    return None


def _newest_first(dated: list[tuple[datetime | None, _Listed]]) -> list[tuple[datetime | None, _Listed]]:
    """Sorted by time, newest first; items without a time come last, in their order."""
    with_time = [(when, listed) for when, listed in dated if when]
    with_time.sort(key=lambda pair: pair[0], reverse=True)
    return [*with_time, *(pair for pair in dated if not pair[0])]


def _joined(url: str, address: str) -> str:
    try:
        return urljoin(url, address)
    except ValueError:
        return ""
