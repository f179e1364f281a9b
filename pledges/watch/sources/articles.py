"""Extracts the article from a web page: title, text, language, time and publisher, without navigation and the like."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import lxml.html

from pledges.domain.lazy import lazy
from pledges.domain.messages import UserFacingError, deferred_message
from pledges.watch.sources import page_tree
from pledges.watch.sources.walls import wall_in, wall_of
from pledges.watch.text import dates
from pledges.watch.text.language import declared, language_of, one_line, sentences
from pledges.watch.text.paragraphs import whole_words
from pledges.watch.web.charsets import decode
from pledges.watch.web.urls import canonical_url

if TYPE_CHECKING:
    from pledges.watch.sources import main_text
else:
    main_text = lazy("pledges.watch.sources.main_text")

__all__ = ["ArticleError", "Page", "extract", "sentences"]

LONGEST_TEXT = 200_000  # characters: no article is longer, and all later steps take time for each
# An article with its page around it has fewer elements than its characters divided by the first, and fewer characters
# of text and attributes than its own times the second. trafilatura takes 50 to 100 µs an element, 0.5 µs a character.
_CHARACTERS_AN_ELEMENT, _MARKUP = 12, 5
_SHORTEST = 80  # characters: anything shorter is a notice, a login form or an empty frame
# With the line break after it: trafilatura drops the hyphen but keeps the line break.
_SOFT_HYPHEN = re.compile(r"(?:\u00ad|&shy;|&#0*173;|&#x0*ad;)(?:\s*(?:<br\s*/?>\s*)?(?=\w))?", re.IGNORECASE)
_MOST_ZEROS = 0.01  # share of NUL characters: binary files have many
_JSON_TIME = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_TIMES = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//article//time/@datetime",
)
_PART_OF_A_DATE = re.compile(r"\s*\d{4}(?:-\d\d)?\s*")
_HOST_PREFIXES = ("www.", "m.", "amp.", "mobile.")


@dataclass(frozen=True)
class Page:
    """An article: `published_at` aware, in UTC; `language` "en", "es" or ""; each line of `text` is a paragraph."""

    title: str
    text: str
    language: str
    published_at: datetime | None
    publisher: str
    url: str


class ArticleError(UserFacingError):
    """The page has no article; `sentence` is for an editor."""


def extract(
    body: bytes,
    *,
    url: str,
    content_type: str = "",
    now: datetime | None = None,
    zone: tzinfo = UTC,
    longest: int = LONGEST_TEXT,
) -> Page:
    """The article in an HTML page read from `url`; at most `longest` characters of its text. Raises ArticleError.

    It is looked for in as much of the page as an article of that length may need, since that takes time for each
    element and each character.

    A time without a zone is UTC; a date without a time is noon in `zone`. The first plausible date of the page counts
    (see `dates.published`; `now` defaults to the present). The language is detected from the text, or else is that of
    the page's lang attribute. The page's canonical address is accepted only if it is on the same site.
    """
    tree = tree_of(body, content_type)
    now = now or datetime.now(UTC)
    published_at = _declared_time(tree, zone=zone, now=now)
    page_tree.cut(tree, elements=longest // _CHARACTERS_AN_ELEMENT, characters=longest * _MARKUP)
    about = main_text.metadata(tree, url)
    text = whole_words(main_text.text(tree, url)).strip()[:longest]
    if len(text) < _SHORTEST:
        no_text = deferred_message(
            "No article text was found: the page may need a login, or JavaScript to show itself."
        )
        raise ArticleError(wall_of(tree) or no_text)
    if wall := wall_in(f"{about.title or ''}\n{text}"):
        raise ArticleError(wall)
    return Page(
        title=whole_words(one_line(about.title or tree.findtext(".//title") or "")) or sentences(text)[0],
        text=text,
        language=language_of(text) or declared(tree.get("lang")),
        published_at=published_at or dates.published(dates.parse(about.date), zone=zone, now=now),
        publisher=one_line(about.sitename or "") or _site(url),
        url=_canonical(tree, url),
    )


def tree_of(body: bytes, content_type: str = "") -> lxml.html.HtmlElement:
    """The parsed page, within the limits of `page_tree`. Raises ArticleError if it is not HTML, or too large."""
    text = decode(body, content_type, page=True)
    if text[:1024].count("\0") > _MOST_ZEROS * len(text[:1024]):
        binary = deferred_message("This is not a web page but a file of another kind: give the address of an article.")
        raise ArticleError(binary)
    try:
        tree = page_tree.parse(_SOFT_HYPHEN.sub("", text.replace("\0", "")))  # browsers drop stray NULs too
    except page_tree.TooLarge as error:
        raise ArticleError(error.sentence) from error
    if tree is None:
        raise ArticleError(deferred_message("This is not a web page: give the address of an article."))
    return tree


def _declared_time(tree: lxml.html.HtmlElement, *, zone: tzinfo, now: datetime) -> datetime | None:
    """The first plausible time that the page declares; implausible ones are removed from the tree.

    Otherwise trafilatura would guess from them, and it makes a date out of any part of one.
    """
    for stamp in [stamp for path in _TIMES for stamp in tree.xpath(path)[:1]]:
        if when := dates.published(dates.parse(stamp), zone=zone, now=now):
            return when
        if _misleads(stamp):
            stamp.getparent().attrib.pop(stamp.attrname, None)
    for script in tree.xpath("//script[@type='application/ld+json']"):
        for stamp in _JSON_TIME.findall(script.text or "")[:1]:
            if when := dates.published(dates.parse(stamp), zone=zone, now=now):
                return when
            if _misleads(stamp):
                script.text = script.text.replace(stamp, "")
    return None


def _misleads(stamp: str) -> bool:
    return dates.parse(stamp) is not None or bool(_PART_OF_A_DATE.fullmatch(stamp))


def _canonical(tree: lxml.html.HtmlElement, url: str) -> str:
    """The page's canonical address, if it is on the same site and not its front page; else the given address."""
    given = canonical_url(url) or url
    for link in tree.xpath("//link[@rel='canonical']/@href")[:1]:
        try:
            canonical = canonical_url(urljoin(url, link.strip()))
        except ValueError:
            return given
        own_site, other_site = _site(url), _site(canonical)
        same_site = bool(canonical) and (
            own_site == other_site or own_site.endswith("." + other_site) or other_site.endswith("." + own_site)
        )
        front_page = urlsplit(canonical).path in ("", "/") and not urlsplit(canonical).query
        if same_site and "." in other_site and not (front_page and urlsplit(given).path not in ("", "/")):
            return canonical
    return given


def _site(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return next((host.removeprefix(prefix) for prefix in _HOST_PREFIXES if host.startswith(prefix)), host)
