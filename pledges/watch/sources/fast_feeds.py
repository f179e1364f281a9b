"""The fast road through a feed: lxml over well-formed RSS, RDF and Atom. Where it is not sure, it says so.

It follows what feedparser makes of the same elements, in the same order, so that both roads give equal items (a test
holds this). Whatever would need more of feedparser's knowledge than stands here is left to feedparser.
"""

import contextlib
import io
import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from urllib.parse import urljoin
from xml.sax.saxutils import escape

import feedparser
import lxml.etree

from pledges.watch.sources.entries import MOST_ENTRIES, Raw
from pledges.watch.text.dates import day_or_time

_ATOM = "http://www.w3.org/2005/Atom"
_ATOM_03 = "http://purl.org/atom/ns#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RSS_10 = "http://purl.org/rss/1.0/"
_PLAIN_SPACES = frozenset({"", _ATOM, _ATOM_03, _RSS_10, "http://my.netscape.com/rdf/simple/0.9/"})
# What feedparser calls the namespaces whose elements are read here, whatever the document does (its table is private).
_SPACES = {
    **dict.fromkeys(
        (
            *("", "http://backend.userland.com/rss", "http://blogs.law.harvard.edu/tech/rss", _RSS_10),
            *("http://my.netscape.com/rdf/simple/0.9/", "http://purl.org/rss/1.0/modules/rss091#", _ATOM_03),
            *("http://example.com/newformat#", "http://example.com/necho", "http://purl.org/echo/"),
            *("uri/of/echo/namespace#", "http://purl.org/pie/", _ATOM.lower()),
        ),
        "",
    ),
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    **dict.fromkeys(
        ("http://www.itunes.com/dtds/podcast-1.0.dtd", "http://example.com/dtds/podcast-1.0.dtd"), "itunes:"
    ),
    **dict.fromkeys(("http://search.yahoo.com/mrss", "http://search.yahoo.com/mrss/"), "media:"),
    "http://www.w3.org/1999/xhtml": "xhtml:",
}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_DATES = {
    **dict.fromkeys(("published", "issued", "pubdate", "dcterms:issued"), "published"),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc:date", "dcterms:modified"), "updated"),
}
_SUMMARIES = frozenset({"description", "summary", "dc:description", "media:description", "itunes:summary"})
_TITLES = frozenset({"title", "dc:title", "media:title"})
_OTHERS = frozenset({"content", "content:encoded", "language", "dc:language", "feedburner:origlink", "source"})
_READ = frozenset({"link", "guid", "id", *_TITLES, *_SUMMARIES, *_OTHERS, *_DATES})
_MEDIA = frozenset({"media:content", "media:group"})
# Elements without a namespace that mean something to feedparser beside those read here.
_MEANING = frozenset(
    {
        *("abstract", "encoded", "body", "fullitem", "created", "image", "textinput", "item", "entry", "info", "svg"),
        *("math", "newlocation", "base", "content_encoded", "dc_date", "dc_title", "dc_language", "dc_description"),
        *("published_parsed", "updated_parsed", "title_detail", "feedburner_origlink", "media_title", "date"),
        *("media_description", "xhtml_body", "channel", "feed", "rss"),
    }
)
# In a namespace that it does not know, feedparser goes by the prefix.
_OWN_PREFIXES = frozenset({"dc", "dcterms", "media", "itunes", "content", "feedburner", "xhtml"})
_TYPES = {"", "text", "html", "text/html", "text/plain", "plain"}
# Elements that hold text and no HTML in Atom unless they say so, as RFC 4287 has it and feedparser by its names.
_TEXTS = frozenset({*_TITLES, "summary", "content"})
_HTML_TYPES = {"html", "text/html", "xhtml", "application/xhtml+xml"}
_ABSOLUTE = re.compile(r"https?://\w[^\s\[\]]*")
_EXTRA_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)/*")
_RFC_822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),\s+)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) "
    r"(?:(GMT|UTC|UT|Z)|([+-])(\d\d)(\d\d))"
)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:(Z)|([+-])(\d\d):(\d\d))")
_AN_HOUR = re.compile(r"(?<![\d:+-])(?:0?[1-9]|[12]\d):\d\d")
_MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_C1 = {
    code: character
    for code in range(128, 160)
    if (character := bytes([code]).decode("windows-1252", "replace")) != "\ufffd"
}


class Unsure(Exception):
    """This feed is for the tolerant road."""


def parse(text: str, *, url: str) -> tuple[str, str | None, list[Raw]]:
    """(title, language tag or None where none is declared, items) of a feed. Raises Unsure."""
    # A parser holds what it has read until it is gone, and is not for two threads: a new one each time costs 10 µs.
    parser = lxml.etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, load_dtd=False
    )
    try:
        root = lxml.etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except (lxml.etree.LxmlError, ValueError, UnicodeError):
        raise Unsure from None
    channel, nodes = _outline(root)
    if not nodes or sum(1 for _ in root.iter("{*}item", "{*}entry")) != len(nodes):
        raise Unsure
    base = url
    if _XML_BASE in root.attrib:
        base = _joined(url, root.attrib[_XML_BASE])
        if not base.startswith(("http:", "https:")):
            raise Unsure
    tongue = _language(root, "")
    title, language = _head(root, channel)
    inherited = _language(channel, tongue) if channel is not root else tongue
    if channel is not root and channel.getparent() is nodes[0].getparent():
        inherited = tongue  # RDF: the items stand beside the channel
    atom = str(root.tag).startswith(f"{{{_ATOM}}}")
    return title, language, [_item(node, base, inherited, atom) for node in nodes[:MOST_ENTRIES]]


def _outline(root: lxml.etree._Element) -> tuple[lxml.etree._Element, list[lxml.etree._Element]]:
    """What holds the feed's title, and its items."""
    name = lxml.etree.QName(root)
    space = name.namespace or ""
    if name.localname == "feed" and space in (_ATOM, _ATOM_03):
        return root, root.findall(f"{{{space}}}entry")
    if name.localname == "rss" and not space:
        channels = root.findall("channel")
        if len(channels) == 1 and len(root) == 1:
            return channels[0], channels[0].findall("item")
    if name.localname == "RDF" and space == _RDF and len(root):
        space = lxml.etree.QName(root[0]).namespace or ""
        channels = root.findall(f"{{{space}}}channel")
        if space in _PLAIN_SPACES and len(channels) == 1:
            return channels[0], root.findall(f"{{{space}}}item")
    raise Unsure


def _head(root: lxml.etree._Element, channel: lxml.etree._Element) -> tuple[str, str | None]:
    """The feed's title and language tag."""
    title, language, titled = "", None, 0
    if lxml.etree.QName(root).localname != "RDF":
        language = (root.get(_XML_LANG) or root.get("lang") or "").replace("_", "-") or None
    if channel.keys() and ("href" in channel.attrib or "lastmod" in channel.attrib):
        raise Unsure
    for node in channel:
        name = _name(node)
        if name in ("item", "entry"):
            continue
        if name in ("title", "dc:title", "media:title"):
            titled += 1
            if titled > 1 or name != "title":
                raise Unsure
            title = _content(node)
        elif name in ("language", "dc:language"):
            language = _text(node)
    return title, language


def _item(node: lxml.etree._Element, base: str, tongue: str, atom: bool) -> Raw:
    raw, own_link = Raw(), None
    title, summary = _Title(atom), _Summary(atom)
    dates: dict[str, date | datetime | None] = {}
    language = ""
    for key in node.attrib:
        if key == f"{{{_RDF}}}about":
            raw.id = node.attrib[key]
        elif key not in (_XML_LANG, "lang"):
            raise Unsure
    tongue = _language(node, tongue)
    for child in node:
        name = _name(child)
        if name in _TITLES:
            title.add(child, name, _language(child, tongue), 1)
        elif name == "link":
            own_link = _link(child, base, own_link)
        elif name in ("guid", "id"):
            own_link = _identify(raw, child, base, own_link)
        elif name in _SUMMARIES:
            summary.add(child, name, 1)
        elif name in ("content", "content:encoded"):
            summary.add_content(child, name)
        elif name in _DATES:
            dates[_DATES[name]] = time_of(_text(child))
        elif name in ("language", "dc:language"):
            language = _text(child)
        elif name == "feedburner:origlink":
            if child.keys():
                raise Unsure
            raw.link = _text(child)
        elif name == "source":
            title.settled = -1
            raw.outlet = (child.get("url", ""), _text(child))
        elif name in _MEDIA:
            _media(child, title, summary, _language(child, tongue), 2)
        elif _means_something(child, name) or (len(child) and any(map(_means_something, child.iterdescendants()))):
            raise Unsure
    raw.link = raw.link or own_link or ""
    raw.title, raw.summary = title.html(), summary.html()
    raw.published_at = dates.get("published") or dates.get("updated")
    raw.language = title.language or language
    return raw


class _Title:
    """The title as it grows: one that stands higher replaces a deeper one, and settles what follows."""

    def __init__(self, atom: bool) -> None:
        self.text = self.language = ""
        self.depth: int | None = None
        self.settled = -1
        self.atom = atom
        self.detail = ("", False)

    def add(self, node: lxml.etree._Element, name: str, language: str, depth: int) -> None:
        """Another title, `depth` levels below the item."""
        text = _content(node)
        if -1 < self.settled <= depth:
            return
        self.language = language
        self.detail = (text, self.atom and _is_text(node, name))
        if self.depth is None or depth <= self.depth:
            self.text, self.depth = text, depth
        if text and name != "media:title":
            self.settled = depth

    def html(self) -> str:
        """The title, as HTML."""
        return as_html(self.text) if self.detail == (self.text, True) else self.text


class _Summary:
    """The summary as it grows: a second one is taken for the content, and the first content for a missing summary."""

    def __init__(self, atom: bool) -> None:
        self.text: str | None = None
        self.depth: int | None = None
        self.contents: list[tuple[str, bool]] = []
        self.atom = atom
        self.detail: tuple[str, bool] | None = None

    def add(self, node: lxml.etree._Element, name: str, depth: int) -> None:
        """A summary or description, `depth` levels below the item."""
        found = (_content(node), self.atom and _is_text(node, name))
        if self.text is not None and not self.contents:
            self.contents.append(found)
        else:
            self.detail = found
            if self.depth is None or depth <= self.depth:
                self.text, self.depth = found[0], depth

    def add_content(self, node: lxml.etree._Element, name: str) -> None:
        """The whole content."""
        self.contents.append((_content(node), self.atom and _is_text(node, name)))
        if self.text is None:
            self.text = self.contents[-1][0]

    def html(self) -> str:
        """The summary, or else the content, as HTML."""
        text = self.text or (self.contents[0][0] if self.contents else "")
        detail = self.detail or (self.contents[0] if self.contents else None)
        return as_html(text) if detail == (text, True) else text


def _is_text(node: lxml.etree._Element, name: str) -> bool:
    """Whether an element of an Atom feed holds text and no HTML."""
    kind = node.get("type", "").lower()
    return kind in ("text", "text/plain", "plain") or (not kind and name in _TEXTS)


def as_html(text: str) -> str:
    """Text that is no HTML, as HTML. Entities in it stay: too many feeds escape twice."""
    return text.replace("<", "&lt;")


def _media(node: lxml.etree._Element, title: _Title, summary: _Summary, tongue: str, depth: int) -> None:
    """What a picture or film says of itself counts where the item says nothing."""
    for child in node:
        name = _name(child)
        if name == "media:title":
            title.add(child, name, _language(child, tongue), depth)
        elif name == "media:description":
            summary.add(child, name, depth)
        elif name in _MEDIA:
            _media(child, title, summary, _language(child, tongue), depth + 1)
        elif _means_something(child, name) or (len(child) and any(map(_means_something, child.iterdescendants()))):
            raise Unsure


def _name(node: lxml.etree._Element) -> str:
    """The element's name in lower case, with feedparser's prefix of its namespace; "?" before one not known to it."""
    return _named(str(node.tag))


@lru_cache(maxsize=1000)
def _named(tag: str) -> str:
    space, _brace, local = tag.rpartition("}")
    prefix = _SPACES.get(space[1:].lower())
    if prefix is None and "backend.userland.com/rss" in space.lower():
        raise Unsure
    return f"?{local.lower()}" if prefix is None else prefix + local.lower()


def _means_something(node: lxml.etree._Element, name: str = "") -> bool:
    """Whether an element that is not read here would change what feedparser makes of the item."""
    name = name or _name(node)
    if name.startswith("?"):
        prefix, local = (node.prefix or "").lower(), name[1:]
        return prefix in _OWN_PREFIXES or (not prefix and (local in _MEANING or local in _READ))
    return name in _READ or name in _MEANING or name == "xhtml:body"


def _language(node: lxml.etree._Element, inherited: str) -> str:
    if not node.keys():
        return inherited
    if (_XML_BASE in node.attrib and node.getparent() is not None) or "base" in node.attrib:
        raise Unsure
    own = node.get(_XML_LANG, node.get("lang"))
    return inherited if own is None else own.replace("_", "-")


def _text(node: lxml.etree._Element) -> str:
    """The element's text. Raises Unsure where there is markup in it."""
    if len(node):
        raise Unsure
    text = (node.text or "").strip()
    return text if text.isascii() else _mended(text)


def _content(node: lxml.etree._Element) -> str:
    """The text of an element that may hold escaped HTML."""
    if node.keys():
        mode, kind = node.get("mode", "escaped"), node.get("type", "").lower()
        if mode != "escaped" or kind not in _TYPES:
            raise Unsure
    return _text(node)


def _mended(text: str) -> str:
    """UTF-8 that was taken for Latin-1 and encoded again, and windows-1252's signs among the control characters."""
    with contextlib.suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_C1)


def _link(node: lxml.etree._Element, base: str, before: str | None) -> str | None:
    """The item's link once this element was read."""
    href = node.get("url", node.get("uri")) or node.get("href")
    if href is None:
        link = _text(node)
        if "&" in link and ";" in link:
            raise Unsure
        return _resolved(link, base) if link else ""
    alternate = node.get("rel", "alternate").lower() == "alternate"
    return _resolved(href, base) if alternate and node.get("type", "html").lower() in _HTML_TYPES else before


def _identify(raw: Raw, node: lxml.etree._Element, base: str, link: str | None) -> str | None:
    """Note the item's id; it stands for the link, unless there is one or it says that it is none."""
    is_link = next((value for key, value in node.items() if key.lower() == "ispermalink"), "true") == "true"
    raw.id = _text(node)
    if is_link and raw.id:
        raw.id = _resolved(raw.id, base)
    return raw.id if is_link and link is None else link


def _resolved(address: str, base: str) -> str:
    return address if _ABSOLUTE.fullmatch(address) and address[-1] not in "?#" else _joined(base, address)


def _joined(base: str, address: str) -> str:
    """As feedparser joins them: slashes too many are dropped, and what is no address gives ""."""
    try:
        return urljoin(base, _EXTRA_SLASHES.sub(r"\1", address))
    except ValueError:
        return ""


def time_of(text: str) -> date | datetime | None:
    """A date's time in UTC, or its day: the two usual spellings here, all others as feedparser reads them."""
    try:
        if match := _RFC_822.fullmatch(text):
            day, month, year, *clock, utc, sign, hours, minutes = match.groups()
            when = [int(year), _MONTHS[month.lower()], int(day), *map(int, clock)]
        elif match := _ISO.fullmatch(text):
            *numbers, utc, sign, hours, minutes = match.groups()
            when = list(map(int, numbers))
        else:
            return _parsed(text)
        zone = UTC
        if not utc:
            ahead = timedelta(hours=int(hours), minutes=int(minutes))
            zone = timezone(-ahead if sign == "-" else ahead)
        return day_or_time(datetime(*when).replace(tzinfo=zone))  # type: ignore[arg-type]  # numbers: no zone
    except (KeyError, ValueError, OverflowError):
        return _parsed(text)


def _parsed(text: str) -> date | datetime | None:
    """As feedparser reads a date: it gives UTC, and midnight for a bare day. None for what no calendar has."""
    stamp = _stamp(text)
    try:
        when = datetime(*stamp[:6]).replace(tzinfo=UTC) if stamp else None  # type: ignore[arg-type]  # numbers: no zone
    except (ValueError, OverflowError):
        return None
    if when is None or _AN_HOUR.search(text):  # 19:00 EST is a time, though it is midnight in UTC
        return when
    return day_or_time(when)


@lru_cache(maxsize=1000)
def _stamp(text: str) -> tuple[int, ...] | None:
    """The date as feedparser reads it. The reader of dates alone is private, so that this is a feed of one date."""
    if not text:
        return None
    feed = f"<rss><channel><item><pubDate>{escape(text)}</pubDate></item></channel></rss>".encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8"}
    entries = feedparser.parse(io.BytesIO(feed), response_headers=headers, sanitize_html=False).entries
    return entries[0].get("published_parsed") if entries else None
