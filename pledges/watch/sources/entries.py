"""What every kind of source is turned into, and how its texts are cleaned: shared by all readers."""

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
_LONGEST_HEADLINE = 120  # characters of a text that has no title
_LONGEST_RAW = 100_000
_ENOUGH_FOR_LANGUAGE = 600  # characters


class FeedError(UserFacingError):
    """The bytes are not what this reader reads; `sentence` is for an editor."""


@dataclass(frozen=True)
class Entry:
    """One item of a source. Title and summary are plain text, `url` is canonical, `language` is "en", "es" or "".

    `publisher` is the outlet that an item of a search or an aggregator comes from; "" where it is the source's own.
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
    """A feed and those of its entries that lead somewhere, in the feed's order."""

    title: str
    language: str
    entries: tuple[Entry, ...]


@dataclass
class Raw:
    """An item as it stands in the source: HTML in its texts, its link resolved, its time in UTC or its day.

    `language` is the tag that the item declares; `outlet` is (address, name) of the source that it names.
    """

    id: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    published_at: date | datetime | None = None
    language: str = ""
    outlet: tuple[str, str] = ("", "")


def entry(raw: Raw, *, language: str | None, host: str, now: datetime | None, zone: tzinfo = UTC) -> Entry | None:
    """The entry in an item, or None where its link leads nowhere.

    `language` is what the whole source declares ("" for another language than ours), None where it declares nothing:
    then the item's words decide. `host` is the source's own. For `zone` and `now` see `dates.published`.
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
        tongue = declared(raw.language)
    else:
        tongue = language_of(f"{title}. {summary}"[:_ENOUGH_FOR_LANGUAGE]) if language is None else language
    when = dates.published(raw.published_at, zone=zone, now=now)
    return Entry(_id_of(raw), link, title, summary, when, tongue, publisher)


def collect(
    raws: Sequence[Raw], *, language: str | None, url: str, now: datetime | None, zone: tzinfo = UTC
) -> tuple[Entry, ...]:
    """The entries in a source's items, doubles left out, at most `MOST_ENTRIES` looked at.

    An entry is known by its id. Where several with addresses of their own share one, or where there is none, its
    address stands for it. Of an address, what follows "#" counts only where several entries differ in nothing else.
    """
    host = host_of(url)
    found = []
    for raw in raws[:MOST_ENTRIES]:
        if made := entry(raw, language=language, host=host, now=now, zone=zone):
            found.append((made, _fragment_of(raw, made)))
    distinct = _apart(found)
    addresses: dict[str, set[str]] = defaultdict(set)
    for one in distinct:
        addresses[one.id].add(one.url)
    entries: dict[str, Entry] = {}
    for one in distinct:
        if not one.id or len(addresses[one.id]) > 1:
            one = replace(one, id=_short_id(one.url))
        entries.setdefault(one.id, one)
    return tuple(entries.values())


def _fragment_of(raw: Raw, made: Entry) -> str:
    """What follows "#" in the item's link, or else in an id that is the same page's address."""
    for address in (raw.link, raw.id):
        if "#" in address and canonical_url(address) == made.url:
            return fragment_of(address)
    return ""


def _apart(found: list[tuple[Entry, str]]) -> list[Entry]:
    """The entries, each with its fragment where that tells it from another, or is a page's own address in a script."""
    if not any(fragment for _made, fragment in found):
        return [made for made, _fragment in found]
    several = Counter(address for address, _fragment in {(made.url, fragment) for made, fragment in found})
    return [
        replace(made, url=f"{made.url}#{fragment}")
        if fragment and (several[made.url] > 1 or fragment.startswith(("/", "!")))
        else made
        for made, fragment in found
    ]


def _id_of(raw: Raw) -> str:
    """The item's own id, "" where it has none; a long one by its hash, since an index holds it."""
    return _short_id(one_line(raw.id))


def _short_id(found: str) -> str:
    if len(found) <= LONGEST_ID and (found.isascii() or len(found.encode("utf-8", "replace")) <= LONGEST_ID):
        return found
    return f"sha256:{hashlib.sha256(found.encode('utf-8', 'replace')).hexdigest()}"


def _start_of(text: str) -> str:
    """The beginning of a text, cut at a word: what has no title is known by it."""
    if len(text) <= _LONGEST_HEADLINE:
        return text
    start = text[:_LONGEST_HEADLINE]
    return (start.rpartition(" ")[0] or start).rstrip(" ,;:") + "…"


def plain(text: str) -> str:
    """Text without its HTML, on one line. It was unescaped once; titles are often escaped twice."""
    text = text[:_LONGEST_RAW]
    if "&#" in text:
        text = mend_references(text)
    if "<" in text:
        text = without_tags(text)
    if "&" in text:
        text = html.unescape(text)
    return one_line(whole_words(text))


def host_of(url: str) -> str:
    """The host of an address without "www.", or ""."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _outlet(outlet: tuple[str, str], host: str) -> str:
    """The name of the outlet that an item names as its source, unless that is the feed itself."""
    address, name = outlet
    elsewhere = host_of(address)
    return plain(name)[:LONGEST_PUBLISHER] if elsewhere and elsewhere != host else ""
