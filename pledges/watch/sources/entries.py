"""The common result of all kinds of sources, and the cleaning of their texts."""

import hashlib
import html
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from urllib.parse import urlsplit

from pledges.domain.messages import UserFacingError
from pledges.watch.text import dates
from pledges.watch.text.language import declared, language_of, one_line
from pledges.watch.text.markup import mend_references, without_tags
from pledges.watch.text.paragraphs import whole_words
from pledges.watch.web.urls import canonical_url, fragment_of

MOST_ENTRIES = 1000
LONGEST_TITLE = 500
LONGEST_SUMMARY = 5000
LONGEST_PUBLISHER = 160
LONGEST_ID = 1000  # bytes
_LONGEST_HEADLINE = 120  # characters of the summary that stand in for a missing title
_LONGEST_RAW = 100_000
_ENOUGH_FOR_LANGUAGE = 600  # characters


class FeedError(UserFacingError):
    """The bytes are not in the expected format; `sentence` is for an editor."""


@dataclass(frozen=True)
class Entry:
    """One item of a source. Title and summary are plain text, `url` is canonical, `language` is "en", "es" or "".

    `publisher` is the outlet of an item from a search or an aggregator; "" if it is the source's own.
    """

    id: str
    url: str
    title: str
    summary: str
    published_at: datetime | None
    language: str
    publisher: str = ""


@dataclass(frozen=True)
class Feed:
    """A feed and its entries that have a usable link, in the feed's order."""

    title: str
    language: str
    entries: tuple[Entry, ...]


@dataclass
class Raw:
    """An item before cleaning: texts in HTML, the link absolute, the time in UTC or a date.

    `language` is the language tag that the item declares; `outlet` is (address, name) of the source that it names.
    """

    id: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    published_at: date | datetime | None = None
    language: str = ""
    outlet: tuple[str, str] = ("", "")


def entry(raw: Raw, *, language: str | None, host: str, now: datetime | None, zone: tzinfo = UTC) -> Entry | None:
    """The entry for an item, or None if it has no usable link.

    `language` is that of the whole source ("" for one that is not ours), or None if it declares none: then it is
    detected from the item. `host` is the source's own. For `zone` and `now` see `dates.published`.
    """
    link = canonical_url(raw.link)
    if not link:
        return None
    title, publisher = plain(raw.title), _outlet(raw.outlet, host)
    if publisher:
        title = title.removesuffix(f" - {publisher}")
    title = title[:LONGEST_TITLE]
    summary = plain(raw.summary)[:LONGEST_SUMMARY]
    title = title or _start_of(summary) or one_line(link)[:LONGEST_TITLE]
    if raw.language:
        entry_language = declared(raw.language)
    else:
        entry_language = language_of(f"{title}. {summary}"[:_ENOUGH_FOR_LANGUAGE]) if language is None else language
    when = dates.published(raw.published_at, zone=zone, now=now)
    return Entry(_id_of(raw), link, title, summary, when, entry_language, publisher)


def collect(
    raws: Sequence[Raw], *, language: str | None, url: str, now: datetime | None, zone: tzinfo = UTC
) -> tuple[Entry, ...]:
    """The entries of a source, without duplicates; at most `MOST_ENTRIES` items are read.

    Entries are identified by their id. If several with different addresses share an id, or if there is none, the
    address is the id. The fragment of an address counts only if several entries differ in nothing else.
    """
    host = host_of(url)
    with_fragment = []
    for raw in raws[:MOST_ENTRIES]:
        if item := entry(raw, language=language, host=host, now=now, zone=zone):
            with_fragment.append((item, _fragment_of(raw, item)))
    items = _with_needed_fragments(with_fragment)
    addresses: dict[str, set[str]] = defaultdict(set)
    for item in items:
        addresses[item.id].add(item.url)
    entries: dict[str, Entry] = {}
    for item in items:
        if not item.id or len(addresses[item.id]) > 1:
            item = replace(item, id=_short_id(item.url))
        entries.setdefault(item.id, item)
    return tuple(entries.values())


def _fragment_of(raw: Raw, item: Entry) -> str:
    """The fragment of the item's link, or else of an id that is an address of the same page."""
    for address in (raw.link, raw.id):
        if "#" in address and canonical_url(address) == item.url:
            return fragment_of(address)
    return ""


def _with_needed_fragments(pairs: list[tuple[Entry, str]]) -> list[Entry]:
    """The entries of (entry, fragment), with the fragment in the address if it distinguishes entries of one page, or is
    a route of a single-page application."""
    if not any(fragment for _item, fragment in pairs):
        return [item for item, _fragment in pairs]
    fragments_of = Counter(address for address, _fragment in {(item.url, fragment) for item, fragment in pairs})
    return [
        replace(item, url=f"{item.url}#{fragment}")
        if fragment and (fragments_of[item.url] > 1 or fragment.startswith(("/", "!")))
        else item
        for item, fragment in pairs
    ]


def _id_of(raw: Raw) -> str:
    """The item's own id, "" if it has none; a long one is hashed, because it is in a database index."""
    return _short_id(one_line(raw.id))


def _short_id(item_id: str) -> str:
    if len(item_id) <= LONGEST_ID and (item_id.isascii() or len(item_id.encode("utf-8", "replace")) <= LONGEST_ID):
        return item_id
    return f"sha256:{hashlib.sha256(item_id.encode('utf-8', 'replace')).hexdigest()}"


def _start_of(text: str) -> str:
    """The beginning of a text, cut at a word, as a title."""
    if len(text) <= _LONGEST_HEADLINE:
        return text
    start = text[:_LONGEST_HEADLINE]
    return (start.rpartition(" ")[0] or start).rstrip(" ,;:") + "…"


def plain(text: str) -> str:
    """The text of an HTML fragment, on one line. The parser has unescaped it once; titles are often escaped twice."""
    text = text[:_LONGEST_RAW]
    if "&#" in text:
        text = mend_references(text)
    if "<" in text:
        text = without_tags(text)
    if "&" in text:
        text = html.unescape(text)
    return one_line(whole_words(text))


def host_of(url: str) -> str:
    """The host of an address without "www."; "" if it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _outlet(outlet: tuple[str, str], host: str) -> str:
    """The name of the outlet that an item names as its source; "" if that is the feed itself."""
    address, name = outlet
    elsewhere = host_of(address)
    return plain(name)[:LONGEST_PUBLISHER] if elsewhere and elsewhere != host else ""
