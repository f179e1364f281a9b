"""RSS and Atom as the wild has them, in plain entries."""

import calendar
import html
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import feedparser
import nh3

from pledges.monitor.addresses import canonical_url
from pledges.monitor.language import declared, language_of

_MOST_ENTRIES = 1000
_LONGEST_TITLE = 500
_LONGEST_SUMMARY = 5000
_BLOCK = re.compile(r"<(?=/?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|blockquote|figcaption)\b)", re.IGNORECASE)
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One item of a feed; title and summary are plain text, `url` is canonical, `language` is "en", "es" or ""."""

    id: str
    url: str
    title: str
    summary: str
    published_at: datetime | None
    language: str


@dataclass(frozen=True)
class Feed:
    """A feed and those of its entries that lead somewhere, in the feed's order."""

    title: str
    language: str
    entries: tuple[Entry, ...]


class FeedError(Exception):
    """The bytes are no feed; str() is a sentence for an editor."""


def parse(body: bytes, *, url: str, content_type: str = "", now: datetime | None = None) -> Feed:
    """The feed in `body`, read from `url` (relative links are resolved against it). Raises FeedError.

    Times are aware and in UTC; one without a zone is taken for UTC. A missing or nonsensical date gives None, and so
    does, when `now` is given, one more than a day ahead of it. Entries without an http(s) link are left out, doubles
    (by id) too. Where neither feed nor entry declares a language, the entry's words decide.
    """
    if not body.strip():
        raise FeedError("The address answers with nothing at all: check that it is the feed's.")
    headers = {"content-location": url, "content-type": content_type or "application/xml"}
    parsed = feedparser.parse(io.BytesIO(body), response_headers=headers)
    if not parsed.entries and (not parsed.version or parsed.bozo):
        raise FeedError(_what_it_is(body))
    language = declared(parsed.feed.get("language"))
    entries: dict[str, Entry] = {}
    for raw in parsed.entries[:_MOST_ENTRIES]:
        entry = _entry(raw, language, "language" in parsed.feed, now)
        if entry:
            entries.setdefault(entry.id, entry)
    return Feed(_plain(parsed.feed.get("title", ""))[:_LONGEST_TITLE], language, tuple(entries.values()))


def _entry(raw: feedparser.FeedParserDict, feed_language: str, declares: bool, now: datetime | None) -> Entry | None:
    link = canonical_url(raw.get("feedburner_origlink") or raw.get("link") or "")
    if not link:
        return None
    title = _plain(raw.get("title", ""))[:_LONGEST_TITLE]
    content = raw.get("content") or [{}]
    summary = _plain(raw.get("summary") or content[0].get("value", ""))[:_LONGEST_SUMMARY]
    tag = raw.get("title_detail", {}).get("language") or raw.get("language")
    language = declared(tag) if tag else feed_language if declares else language_of(f"{title}. {summary}")
    return Entry((raw.get("id") or link).replace("\0", ""), link, title or link, summary, _time(raw, now), language)


def _time(raw: feedparser.FeedParserDict, now: datetime | None) -> datetime | None:
    stamp = raw.get("published_parsed") or ("updated_parsed" in raw and raw["updated_parsed"])
    if not stamp:
        return None
    try:
        when = datetime.fromtimestamp(calendar.timegm(stamp), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    if when < _OLDEST or (now is not None and when > now + timedelta(days=1)):
        return None
    return when


def _plain(text: str) -> str:
    """Text without its HTML, on one line. feedparser has unescaped it once; titles are often escaped twice."""
    if re.search(r"<[a-zA-Z/!]", text):
        text = nh3.clean(_BLOCK.sub(" <", text), tags=set(), clean_content_tags={"script", "style"})
    return " ".join(html.unescape(text).replace("\0", "").split())  # PostgreSQL holds no NUL


def _what_it_is(body: bytes) -> str:
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:2000].lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start or b"<body" in start:
        return "This is an HTML page, not a feed: look on the page for a link named RSS, Atom or feed."
    if start.startswith((b"{", b"[")):
        return "This is JSON, not an RSS or Atom feed: look for the site's RSS address."
    if start.startswith(b"<"):
        return "This is XML, but no feed that can be read: it may be damaged, or a sitemap; look for the RSS address."
    return "This is not a feed: check the address, it should answer with RSS or Atom."
