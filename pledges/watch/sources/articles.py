"""The article in a page: its title, text, language, time and publisher, without what surrounds it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from urllib.parse import urljoin, urlsplit

import lxml.html
import trafilatura

from pledges.domain.messages import UserFacingError, deferred_message
from pledges.watch.sources import page_tree
from pledges.watch.sources.walls import wall_in, wall_of
from pledges.watch.text import dates
from pledges.watch.text.language import declared, language_of, one_line, sentences
from pledges.watch.text.paragraphs import whole_words
from pledges.watch.web.charsets import decode
from pledges.watch.web.urls import canonical_url

__all__ = ["ArticleError", "Page", "extract", "sentences"]

LONGEST_TEXT = 200_000  # characters: no article is longer, and what is read after it takes time for each
_SHORTEST = 80  # characters: below it is a notice, a login or an empty frame
# With the line's end after it: what reads the article drops the hyphen and keeps the line's end.
_SOFT_HYPHEN = re.compile(r"(?:\u00ad|&shy;|&#0*173;|&#x0*ad;)(?:\s*(?:<br\s*/?>\s*)?(?=\w))?", re.IGNORECASE)
_MOST_ZEROS = 0.01  # of a text's characters: files that are no text hold many
_JSON_TIME = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_TIMES = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//article//time/@datetime",
)
_PART_OF_A_DATE = re.compile(r"\s*\d{4}(?:-\d\d)?\s*")
_FRONTS = ("www.", "m.", "amp.", "mobile.")


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
    """There is no article in the page; `sentence` is for an editor."""


def extract(
    body: bytes,
    *,
    url: str,
    content_type: str = "",
    now: datetime | None = None,
    zone: tzinfo = UTC,
    longest: int = LONGEST_TEXT,
) -> Page:
    """The article in an HTML page read from `url`; of its text at most `longest` characters. Raises ArticleError.

    A time without a zone is taken for UTC; a bare day is noon in `zone`. Of the dates that the page gives, the first
    plausible one counts (see `dates.published`; `now` is the present unless given). The text's own words decide its
    language; where they do not, the page's lang does. The page's canonical address is believed only about its own site.
    """
    tree = tree_of(body, content_type)
    now = now or datetime.now(UTC)
    published_at = _said_at(tree, zone=zone, now=now)
    document = _extracted(tree, url)
    text = whole_words(document.text or "").strip()[:longest] if document else ""
    if not document or len(text) < _SHORTEST:
        said = deferred_message("No article text was found: the page may need a login, or JavaScript to show itself.")
        raise ArticleError(wall_of(tree) or said)
    if wall := wall_in(f"{document.title or ''}\n{text}"):
        raise ArticleError(wall)
    return Page(
        title=whole_words(one_line(document.title or tree.findtext(".//title") or "")) or sentences(text)[0],
        text=text,
        language=language_of(text) or declared(tree.get("lang")),
        published_at=published_at or dates.published(dates.parse(document.date), zone=zone, now=now),
        publisher=one_line(document.sitename or "") or _site(url),
        url=_canonical(tree, url),
    )


def tree_of(body: bytes, content_type: str = "") -> lxml.html.HtmlElement:
    """The parsed page, within the bounds of `page_tree`. Raises ArticleError where the bytes are none, or too large."""
    text = decode(body, content_type, page=True)
    if text[:1024].count("\0") > _MOST_ZEROS * len(text[:1024]):
        said = deferred_message("This is not a web page but a file of another kind: give the address of an article.")
        raise ArticleError(said)
    try:
        tree = page_tree.parse(_SOFT_HYPHEN.sub("", text.replace("\0", "")))  # browsers too leave a stray NUL out
    except page_tree.TooLarge as error:
        raise ArticleError(error.sentence) from error
    if tree is None:
        raise ArticleError(deferred_message("This is not a web page: give the address of an article."))
    return tree


def _extracted(tree: lxml.html.HtmlElement, url: str) -> trafilatura.settings.Document | None:
    """What trafilatura finds in a page; without the metadata where these stop it, as an offset of 99 hours does."""
    found = trafilatura.bare_extraction(tree, url=url, with_metadata=True, include_comments=False)
    found = found or trafilatura.bare_extraction(tree, url=url, include_comments=False)
    return found if isinstance(found, trafilatura.settings.Document) else None  # a dictionary only where asked for


def _said_at(tree: lxml.html.HtmlElement, *, zone: tzinfo, now: datetime) -> datetime | None:
    """The first plausible date that the page gives as such; those that are none are taken out of the tree.

    What is left there, trafilatura guesses from, and it makes some day out of any part of a date.
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
    """The page's own canonical address when it speaks of the same site and not of its front page, else the given."""
    given = canonical_url(url) or url
    for link in tree.xpath("//link[@rel='canonical']/@href")[:1]:
        try:
            named = canonical_url(urljoin(url, link.strip()))
        except ValueError:
            return given
        here, there = _site(url), _site(named)
        same = bool(named) and (here == there or here.endswith("." + there) or there.endswith("." + here))
        front_page = urlsplit(named).path in ("", "/") and not urlsplit(named).query
        if same and "." in there and not (front_page and urlsplit(given).path not in ("", "/")):
            return named
    return given


def _site(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return next((host.removeprefix(front) for front in _FRONTS if host.startswith(front)), host)
