"""The article in a page: its title, text, language, time and publisher, without what surrounds it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from urllib.parse import urljoin, urlsplit

import lxml.etree
import lxml.html
import trafilatura

from pledges.monitor import dates
from pledges.monitor.addresses import canonical_url
from pledges.monitor.language import declared, language_of, one_line, sentences
from pledges.sentences import SaidError, say

__all__ = ["ArticleError", "Page", "extract", "sentences"]

_SHORTEST = 80  # characters: below it is a notice, a login or an empty frame
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_JSON_TIME = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_TIMES = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//article//time/@datetime",
)
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


class ArticleError(SaidError):
    """There is no article in the page; `sentence` is for an editor."""


def extract(body: bytes, *, url: str, content_type: str = "", now: datetime | None = None, zone: tzinfo = UTC) -> Page:
    """The article in an HTML page read from `url`. Raises ArticleError.

    A time without a zone is taken for UTC; a bare day is noon in `zone`. Of the dates that the page gives, the first
    plausible one counts (see `dates.published`; `now` is the present unless given). The text's own words decide its
    language; where they do not, the page's lang does. The page's canonical address is believed only about its own site.
    """
    tree = tree_of(body, content_type)
    document = trafilatura.bare_extraction(tree, url=url, with_metadata=True, include_comments=False)
    text = (document.text or "").strip() if document else ""
    if len(text) < _SHORTEST:
        said = say("No article text was found: the page may need a login, or JavaScript to show itself.")
        raise ArticleError(said)
    return Page(
        title=one_line(document.title or "") or sentences(text)[0],
        text=text,
        language=language_of(text) or declared(tree.get("lang")),
        published_at=_published_at(tree, document.date, zone=zone, now=now or datetime.now(UTC)),
        publisher=one_line(document.sitename or "") or _site(url),
        url=_canonical(tree, url),
    )


def tree_of(body: bytes, content_type: str = "") -> lxml.html.HtmlElement:
    """The parsed page. Raises ArticleError where the bytes are none."""
    if b"\0" in body[:1024] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        said = say("This is not a web page but a file of another kind: give the address of an article.")
        raise ArticleError(said)
    tree = _tree(_decode(body, content_type))
    if tree is None:
        raise ArticleError(say("This is not a web page: give the address of an article."))
    return tree


def _decode(body: bytes, content_type: str) -> str:
    """The page's text. What decodes as UTF-8 is UTF-8, whatever header or page may claim; then they are asked."""
    claimed = re.search(r"charset\s*=\s*[\"']?([\w-]+)", content_type, re.IGNORECASE)
    written = _META_CHARSET.search(body[:4096])
    utf16 = ["utf-16"] if body.startswith((b"\xff\xfe", b"\xfe\xff")) else []
    claims = [claimed.group(1)] if claimed else []
    claims += [written.group(1).decode("ascii")] if written else []
    for charset in [*utf16, "utf-8-sig", *claims]:
        try:
            return body.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("windows-1252", errors="replace")


def _tree(text: str) -> lxml.html.HtmlElement | None:
    """The parsed page, or None where there is no markup in it."""
    if not re.search(r"<(html|head|body|article|main|div|p|title)\b", text[:100_000], re.IGNORECASE):
        return None
    try:  # as bytes: lxml refuses a str that begins with an XML declaration
        return lxml.html.document_fromstring(
            text.encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
    except (lxml.etree.LxmlError, ValueError):
        return None


def _published_at(tree: lxml.html.HtmlElement, day: str | None, *, zone: tzinfo, now: datetime) -> datetime | None:
    stamps = [stamp for path in _TIMES for stamp in tree.xpath(path)[:1]]
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        stamps += _JSON_TIME.findall(script)[:1]
    for stamp in [*stamps, day or ""]:
        if when := dates.published(dates.parse(stamp), zone=zone, now=now):
            return when
    return None


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
