"""Parses JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) into entries."""

import json
from datetime import UTC, datetime, tzinfo
from urllib.parse import urljoin

from pledges.domain.messages import deferred_message
from pledges.watch.sources.entries import LONGEST_TITLE, MOST_ENTRIES, Feed, FeedError, Raw, collect, plain
from pledges.watch.text import dates
from pledges.watch.text.language import declared


def parse(text: str, *, url: str, now: datetime | None = None, zone: tzinfo = UTC) -> Feed:
    """The feed in a JSON text read from `url`. Raises FeedError. Entries and times are as `feeds.parse` gives them."""
    data = load(text)
    feed: dict[str, object] = data if isinstance(data, dict) else {}
    items = feed.get("items")
    if not isinstance(items, list) or (not items and "jsonfeed.org/version" not in _string(feed.get("version"))):
        raise FeedError(
            deferred_message(
                "This is JSON, but no JSON Feed: it has no list called items. Look for the site's RSS address, "
                "or add it as figures if it holds some."
            )
        )
    tag = feed.get("language")
    tag = tag if isinstance(tag, str) else None
    raws = [_raw(item, url) for item in items[:MOST_ENTRIES] if isinstance(item, dict)]
    entries = collect(raws, language=None if tag is None else declared(tag), url=url, now=now, zone=zone)
    return Feed(plain(_string(feed.get("title")))[:LONGEST_TITLE], declared(tag), entries)


def load(text: str) -> object:
    """Parse a JSON text. Raises FeedError."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message = deferred_message(
            "This begins like JSON, but is damaged or cut short (line %(line)s, column %(column)s).",
            line=error.lineno,
            column=error.colno,
        )
        raise FeedError(message) from None
    except (ValueError, RecursionError):
        raise FeedError(deferred_message("This begins like JSON, but is damaged or cut short.")) from None


def _raw(item: dict[str, object], url: str) -> Raw:
    link = _string(item.get("url")) or _string(item.get("external_url"))
    text = _string(item.get("content_text")).replace("<", "&lt;")  # plain text
    summary = _string(item.get("summary")) or _string(item.get("content_html")) or text
    return Raw(
        id=_string(item.get("id")).strip(),
        link=_joined(url, link.strip()),
        title=_string(item.get("title")),
        summary=summary,
        published_at=dates.parse(item.get("date_published")) or dates.parse(item.get("date_modified")),
        language=_string(item.get("language")),
    )


def _string(value: object) -> str:
    """A string, or a number as text (version 1.0 allowed numeric ids); "" for anything else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30 else ""


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return ""
