"""Parses results of GDELT's DOC 2.0 API (https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/): ArtList as JSON."""

import re
from datetime import UTC, datetime
from typing import Any

from pledges.domain.languages import ENGLISH_NAMES
from pledges.domain.messages import DeferredMessage, deferred_message
from pledges.watch.sources import jsonfeed
from pledges.watch.sources.entries import Entry, FeedError, Raw, collect
from pledges.watch.web.charsets import decode

_LONE_BACKSLASH = re.compile(r'(\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))|\\')
_LANGUAGES = {name.lower(): code for code, name in ENGLISH_NAMES.items()}
# (words of an error, message for an editor). GDELT reports errors as a line of text with status 200.
_ERRORS = (
    (
        "limit requests",
        deferred_message("GDELT asks for fewer requests: it is asked again later. Read this search less often."),
    ),
    (
        "too short",
        deferred_message("GDELT finds a word of this search too short: use longer words, or put them into one phrase."),
    ),
    ("too long", deferred_message("GDELT finds this search too long: leave some of its words out.")),
    ("too common", deferred_message("GDELT finds the words of this search too common: add one that is rarer.")),
    (
        "parenthes",
        deferred_message("GDELT does not understand the brackets: they may only stand around words joined by OR."),
    ),
    (
        "illegal character",
        deferred_message("GDELT does not take a sign in this search: leave only letters, digits and quotes."),
    ),
    (
        "timespan",
        deferred_message("GDELT does not understand the time span of this search: write for instance timespan=3d."),
    ),
    (
        "invalid mode",
        deferred_message("GDELT has to be asked for a list of articles: write mode=artlist in the address."),
    ),
    ("keyword", deferred_message("GDELT refuses a word of this search.")),
)


def parse(body: bytes, *, url: str, content_type: str = "", now: datetime | None = None) -> tuple[Entry, ...]:
    """The articles of an ArtList in JSON. Raises FeedError.

    `published_at` is when GDELT first saw the article, in UTC; `publisher` is its site.
    """
    text = decode(body, content_type).strip()
    if not text.startswith("{"):
        raise FeedError(_error_message(text))
    # GDELT's JSON has unescaped backslashes and line breaks inside strings.
    text = re.sub(r"[\x00-\x1f]", " ", text)
    try:
        data = jsonfeed.load(text)
    except FeedError:
        data = jsonfeed.load(_LONE_BACKSLASH.sub(lambda match: match.group(1) or r"\\", text))
    articles = data.get("articles", [] if not data else None) if isinstance(data, dict) else None
    if not isinstance(articles, list):
        raise FeedError(
            deferred_message(
                "GDELT answers without a list of articles: the address needs mode=artlist and format=json."
            )
        )
    raws = [_raw(article) for article in articles if isinstance(article, dict) and isinstance(article.get("url"), str)]
    return collect(raws, language=None, url=url, now=now)


def _raw(article: dict[str, Any]) -> Raw:
    link, domain = article["url"].strip(), str(article.get("domain") or "").strip()
    title = str(article.get("title") or "")
    # Its titles are tokenized, with a space before each punctuation mark.
    title = re.sub(r"(?<!\s)\s+([,.;:!?%)\]])", r"\1", title)
    language = str(article.get("language") or "").casefold()
    return Raw(
        link=link,
        title=title,
        published_at=_time(article.get("seendate")),
        language=_LANGUAGES.get(language, language[:20]),
        outlet=(f"https://{domain}/", domain) if domain else ("", ""),
    )


def _time(value: object) -> datetime | None:
    try:
        return datetime.strptime(str(value), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _error_message(text: str) -> DeferredMessage:
    if not text:
        return deferred_message("GDELT answers with nothing at all; it is asked again later.")
    if text.startswith("<"):
        return deferred_message(
            "GDELT answers with a page instead of data: the address needs format=json, or it is out of order."
        )
    folded = text.casefold()
    for words, message in _ERRORS:
        if words in folded:
            return message
    return deferred_message("GDELT refuses this search: %(words)s", words=" ".join(text.split())[:200])
