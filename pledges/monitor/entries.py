"""What every kind of source is turned into, and how its texts are cleaned: shared by all readers."""

import html
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from urllib.parse import urlsplit

import nh3

from pledges.monitor import dates
from pledges.monitor.addresses import canonical_url
from pledges.monitor.language import declared, language_of, one_line
from pledges.sentences import SaidError

MOST_ENTRIES = 1000
LONGEST_TITLE = 500
LONGEST_SUMMARY = 5000
LONGEST_PUBLISHER = 160
_LONGEST_RAW = 100_000
_ENOUGH_FOR_LANGUAGE = 600  # characters
_BLOCK = re.compile(r"<(?=/?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|blockquote|figcaption)\b)", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-zA-Z/!]")
_CLEANER = nh3.Cleaner(tags=set(), clean_content_tags={"script", "style"})


class FeedError(SaidError):
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
    if raw.language:
        tongue = declared(raw.language)
    else:
        tongue = language_of(f"{title}. {summary}"[:_ENOUGH_FOR_LANGUAGE]) if language is None else language
    when = dates.published(raw.published_at, zone=zone, now=now)
    return Entry((raw.id or link).replace("\0", ""), link, title or link, summary, when, tongue, publisher)


def collect(raws, *, language: str | None, url: str, now: datetime | None, zone: tzinfo = UTC) -> tuple[Entry, ...]:
    """The entries in a source's items, doubles (by id) left out, at most `MOST_ENTRIES` looked at."""
    host = host_of(url)
    entries: dict[str, Entry] = {}
    for raw in raws[:MOST_ENTRIES]:
        made = entry(raw, language=language, host=host, now=now, zone=zone)
        if made:
            entries.setdefault(made.id, made)
    return tuple(entries.values())


def plain(text: str) -> str:
    """Text without its HTML, on one line. It was unescaped once; titles are often escaped twice."""
    text = text[:_LONGEST_RAW]
    if _MARKUP.search(text):
        text = _CLEANER.clean(_BLOCK.sub(" <", text))
    if "&" in text:
        text = html.unescape(text)
    return one_line(text)


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
