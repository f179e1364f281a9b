"""Source discovery: the kind of a pasted address, and the feeds and sitemaps that its site declares or may have."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from urllib.parse import urljoin, urlsplit

import lxml.html

from pledges.domain.messages import DeferredMessage
from pledges.watch.figures import tables
from pledges.watch.sources import articles, feeds, gdelt, page_watch, sitemaps, walls
from pledges.watch.web.charsets import decode
from pledges.watch.web.urls import canonical_url

FEED, SITEMAP, GDELT, DATA, PAGE = "feed", "sitemap", "gdelt", "data", "page"
_FEED_TYPES = re.compile(r"(application|text)/(rss|atom|rdf|feed)?\+?(xml|json)", re.IGNORECASE)
_MOST_DECLARED = 8
# Usual paths, likeliest first: WordPress, plain RSS, Atom, Hugo, Arc, Joomla, Drupal, Blogger, Ghost.
_USUAL_FEEDS = (
    "/feed",
    "/rss",
    "/rss.xml",
    "/atom.xml",
    "/feed.xml",
    "/index.xml",
    "/arc/outboundfeeds/rss/?outputType=xml",
    "/?format=feed",
    "/feeds/posts/default",
    "/feed.json",
)
_USUAL_SITEMAPS = (
    "/sitemap-news.xml",
    "/news-sitemap.xml",
    "/sitemap_news.xml",
    "/arc/outboundfeeds/news-sitemap/?outputType=xml",
    "/sitemap.xml",
)
_SITEMAP_LINE = re.compile(r"^[ \t]*+sitemap[ \t]*+:[ \t]*+(\S+)", re.IGNORECASE | re.MULTILINE)
_COMMENT_FEED = re.compile(r"comment|comentario", re.IGNORECASE)


@dataclass(frozen=True)
class SourceCandidate:
    """A possible source; `declared` is true if the site itself announces it."""

    kind: str
    url: str
    title: str = ""
    declared: bool = True


@dataclass(frozen=True)
class Discovery:
    """The kind of a response ("feed", "sitemap", "gdelt", "data", "page", or "" for none of these), and candidates.

    `problem` says, for a page, what may prevent reading it; "" otherwise.
    """

    kind: str
    title: str
    candidates: tuple[SourceCandidate, ...]
    problem: DeferredMessage | str = ""


def discover(body: bytes, *, url: str, content_type: str = "") -> Discovery:
    """The kind of the response of `url`, and the candidates for sources, likeliest first. Never raises.

    A feed, a sitemap, a search or a file of figures is its own only candidate. For a page they are the feeds that it
    declares, then the usual places of its site (with `declared` false: they have to be tried), and last the page
    itself, to be watched for change.
    """
    if is_gdelt(url):
        return _itself(GDELT, url, "GDELT")
    if feed := _feed(body, url, content_type):
        return _itself(FEED, url, feed.title)
    if _is_sitemap(body, url, content_type):
        return _itself(SITEMAP, url, site_of(url))
    try:
        tree = articles.tree_of(body, content_type)
    except articles.ArticleError:
        if _is_table(body, url, content_type):
            return _itself(DATA, url, _file_name(url))
        addresses = sitemaps_in(decode(body[:500_000], content_type), url=url)
        return Discovery("", "", tuple(SourceCandidate(SITEMAP, address) for address in addresses))
    title = page_watch.title(body, content_type)
    candidates = [*_declared(tree, url), *usual_places(url), SourceCandidate(PAGE, url, title)]
    unique = {candidate.url: candidate for candidate in reversed(candidates)}
    ordered = [candidate for candidate in candidates if unique.pop(candidate.url, None)]
    return Discovery(PAGE, title, tuple(ordered), walls.wall_of(tree) or "")


def usual_places(url: str) -> tuple[SourceCandidate, ...]:
    """The usual places for feeds and sitemaps on the site of an address, in the order to try them.

    The section of the address comes before the whole site, and robots.txt before the usual names of sitemaps.
    """
    origin, section = _origin(url), urlsplit(url).path.rstrip("/")
    places = []
    if section and section.count("/") <= 3 and "." not in section.rpartition("/")[2]:
        places.append(f"{section}/feed")
    feeds_ = [SourceCandidate(FEED, f"{origin}{place}", declared=False) for place in [*places, *_USUAL_FEEDS]]
    robots = SourceCandidate("robots", f"{origin}/robots.txt", declared=False)
    return *feeds_, robots, *(SourceCandidate(SITEMAP, f"{origin}{place}", declared=False) for place in _USUAL_SITEMAPS)


def sitemaps_in(robots: str, *, url: str) -> tuple[str, ...]:
    """The sitemaps in a robots.txt, at most five, news sitemaps first."""
    addresses = []
    for line in _SITEMAP_LINE.findall(robots):
        try:
            address = canonical_url(urljoin(url, line))
        except ValueError:
            continue
        if address and address not in addresses:
            addresses.append(address)
    return tuple(sorted(addresses, key=lambda address: not re.search(r"news|noticia", address, re.IGNORECASE))[:5])


def is_gdelt(url: str) -> bool:
    """Whether an address is a search with GDELT's DOC API."""
    parts = urlsplit(url)
    return (parts.hostname or "") == "api.gdeltproject.org" and parts.path.startswith("/api/v2/doc")


def site_of(url: str) -> str:
    """The host of an address without "www."."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def check(
    kind: str, body: bytes, *, url: str, content_type: str = "", now: datetime | None = None, zone: tzinfo = UTC
) -> tuple[str, tuple[feeds.Entry, ...]]:
    """(title, entries) of the response of a candidate. Raises FeedError if it is not of the expected kind."""
    if kind == SITEMAP:
        return site_of(url), sitemaps.parse(body, url=url, content_type=content_type, now=now, zone=zone).entries
    if kind == GDELT:
        return "GDELT", gdelt.parse(body, url=url, content_type=content_type, now=now)
    feed = feeds.parse(body, url=url, content_type=content_type, now=now, zone=zone)
    return feed.title or site_of(url), feed.entries


def _itself(kind: str, url: str, title: str) -> Discovery:
    return Discovery(kind, title, (SourceCandidate(kind, url, title or site_of(url)),))


def _feed(body: bytes, url: str, content_type: str) -> feeds.Feed | None:
    try:
        return feeds.parse(body, url=url, content_type=content_type)
    except feeds.FeedError:
        return None


def _is_sitemap(body: bytes, url: str, content_type: str) -> bool:
    try:
        sitemaps.parse(body, url=url, content_type=content_type)
    except feeds.FeedError:
        return False
    return True


def _is_table(body: bytes, url: str, content_type: str) -> bool:
    by_name = re.search(r"\.(csv|tsv|xlsx|json)$", urlsplit(url).path, re.IGNORECASE)
    by_type = re.search(r"csv|spreadsheet|excel|json|tab-separated", content_type, re.IGNORECASE)
    if not (by_name or by_type or body.startswith(b"PK\x03\x04")):
        return False
    if body.startswith(b"PK\x03\x04"):
        return b"xl/workbook.xml" in body  # it is opened only in a child process with limits
    if body.lstrip()[:1] in (b"{", b"["):
        return True  # an editor has to say where the rows are
    try:
        tables.read(body, content_type=content_type, url=url)
    except feeds.FeedError:
        return False
    return True


def _declared(tree: lxml.html.HtmlElement, url: str) -> list[SourceCandidate]:
    """The feeds that a page declares, comment feeds last."""
    base = next(iter(tree.xpath("//base/@href")), "")
    candidates = []
    for link in tree.xpath("//link[@href and @rel]"):
        relations = (link.get("rel") or "").casefold().split()
        is_feed_type = _FEED_TYPES.match((link.get("type") or "").strip())
        if not ("feed" in relations or ("alternate" in relations and is_feed_type)):
            continue
        address = _joined(_joined(url, base), link.get("href"))
        if address and "oembed" not in address and "wp-json" not in address:
            candidates.append(SourceCandidate(FEED, address, " ".join((link.get("title") or "").split())[:160]))
    candidates.sort(key=lambda feed: bool(_COMMENT_FEED.search(f"{feed.title} {urlsplit(feed.url).path}")))
    return candidates[:_MOST_DECLARED]


def _joined(base: str, address: str) -> str:
    try:
        return canonical_url(urljoin(base, address.strip()))
    except ValueError:
        return ""


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _file_name(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2] or site_of(url)
