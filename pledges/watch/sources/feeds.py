"""Parses RSS, RDF, Atom and JSON Feed, also malformed ones, into entries."""

import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from pledges.domain.lazy import lazy
from pledges.domain.messages import DeferredMessage, deferred_message
from pledges.watch import isolation
from pledges.watch.sources import fast_feeds, feed_dates, jsonfeed
from pledges.watch.sources.entries import LONGEST_TITLE, MOST_ENTRIES, Entry, Feed, FeedError, Raw, collect, plain
from pledges.watch.text.language import declared
from pledges.watch.web.charsets import decode, readable_xml

if TYPE_CHECKING:
    import feedparser
else:
    feedparser = lazy("feedparser")

__all__ = ["Entry", "Feed", "FeedError", "parse"]

_SECONDS = 5.0  # for feedparser: other feeds wait in the meantime
_LONGEST_TOLERATED = 2_000_000  # characters: feedparser takes seconds for them, and what is cut off is old
# feedparser's XML parser takes quadratic time in the number of attributes of a tag; tags of feeds have few.
_ATTRIBUTE = r"""\s++[^\s=<>"'/]++\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+')"""
_TOO_MANY = re.compile(rf"(<[\w:.-]++(?:{_ATTRIBUTE}){{50}})(?:{_ATTRIBUTE})++")


def parse(body: bytes, *, url: str, content_type: str = "", now: datetime | None = None, zone: tzinfo = UTC) -> Feed:
    """The feed in `body`, read from `url` (relative links are resolved against it). Raises FeedError.

    Times are aware and in UTC; one without a zone is UTC. A date without a time is noon in `zone`. A missing or
    implausible date gives None (see `dates.published`). Entries without an http(s) link and duplicates (by id) are left
    out. If neither feed nor entry declares a language, it is detected from the entry.
    """
    if not body.strip():
        raise FeedError(deferred_message("The address answers with nothing at all: check that it is the feed's."))
    text = decode(body, content_type)
    if text.lstrip()[:1] in ("{", "["):
        return jsonfeed.parse(text, url=url, now=now, zone=zone)
    text = readable_xml(text)
    try:
        title, tag, raws = fast_feeds.parse(text, url=url)
    except fast_feeds.Unsure:
        title, tag, raws = _tolerant_in_child(text, url=url)
    language = declared(tag)
    entries = collect(raws, language=None if tag is None else language, url=url, now=now, zone=zone)
    return Feed(plain(title)[:LONGEST_TITLE], language, entries)


def _tolerant_in_child(text: str, *, url: str) -> tuple[str, str | None, list[Raw]]:
    """As `tolerant`, in a child process: feedparser takes ten seconds for a megabyte of nothing but tags."""
    try:
        parsed: tuple[str, str | None, list[Raw]] = isolation.call(
            tolerant, text[:_LONGEST_TOLERATED], url=url, seconds=_SECONDS
        )
        return parsed
    except isolation.IsolationError as error:
        raise FeedError(error.sentence) from error


def tolerant(text: str, *, url: str) -> tuple[str, str | None, list[Raw]]:
    """(title, language tag or None if none is declared, items), parsed by feedparser. Raises FeedError."""
    headers = {"content-location": url, "content-type": "application/xml; charset=utf-8"}
    text = _TOO_MANY.sub(r"\1", text[:_LONGEST_TOLERATED])
    try:
        parsed = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,  # `entries` removes all markup, for both parsers
            resolve_relative_uris=False,
        )
    except Exception:  # feedparser should accept anything, but malicious input can make it raise
        raise FeedError(_not_a_feed(text)) from None
    if not parsed.get("entries") and (not parsed.get("version") or parsed.get("bozo")):
        raise FeedError(_not_a_feed(text))
    language = parsed.feed.get("language", "") if "language" in parsed.feed else None
    atom = parsed.get("version") == "atom10"
    raws = [_raw(item, atom=atom) for item in parsed.entries[:MOST_ENTRIES]]
    return parsed.feed.get("title", ""), language, raws


def _raw(item: "feedparser.FeedParserDict", *, atom: bool) -> Raw:
    content = item.get("content") or [{}]
    title, summary = item.get("title") or "", item.get("summary") or content[0].get("value", "")
    if atom:
        title = _as_html(title, item.get("title_detail"))
        summary = _as_html(summary, item.get("summary_detail") or content[0])
    when = feed_dates.parse(item.get("published") or "")
    if when is None and "updated" in item:
        when = feed_dates.parse(item["updated"] or "")
    source = item.get("source")
    source = source if isinstance(source, dict) else {}
    return Raw(
        id=item.get("id") or "",
        link=item.get("feedburner_origlink") or item.get("link") or "",
        title=title,
        summary=summary,
        published_at=when,
        language=item.get("title_detail", {}).get("language") or item.get("language") or "",
        outlet=(dict.get(source, "href", "") or "", dict.get(source, "title", "") or ""),
    )


def _as_html(text: str, detail: Mapping[str, str] | None) -> str:
    """A text of an Atom feed as HTML; `detail` is feedparser's record of the last such element."""
    plain_text = detail and detail.get("value") == text and detail.get("type") == "text/plain"
    return fast_feeds.as_html(text) if plain_text else text


def _not_a_feed(text: str) -> DeferredMessage:
    """A message that says what the text is instead of a feed."""
    start = text.lstrip()[:2000].lower()
    if "<html" in start or "<body" in start or "<head" in start:
        return deferred_message(
            "This is an HTML page, not a feed: look on the page for a link named RSS, Atom or feed."
        )
    if start.startswith("<"):
        return deferred_message(
            "This is XML, but no feed that can be read: it may be damaged, or a sitemap; look for the RSS address."
        )
    return deferred_message("This is not a feed: check the address, it should answer with RSS or Atom.")
