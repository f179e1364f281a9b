"""The fast feed parser: lxml for well-formed RSS, RDF and Atom. It raises Unsure for anything else.

It interprets elements as feedparser does, in the same order, so that both parsers give equal items (a test checks
this). Whatever needs more of feedparser's rules is left to feedparser.
"""

import contextlib
import re
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urljoin

import lxml.etree

from pledges.watch.sources import feed_dates
from pledges.watch.sources.entries import MOST_ENTRIES, Raw

_ATOM = "http://www.w3.org/2005/Atom"
_ATOM_03 = "http://purl.org/atom/ns#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RSS_10 = "http://purl.org/rss/1.0/"
_PLAIN_SPACES = frozenset({"", _ATOM, _ATOM_03, _RSS_10, "http://my.netscape.com/rdf/simple/0.9/"})
# feedparser's prefixes for the namespaces that are read here, whatever prefix the document uses (its table is private).
_PREFIXES = {
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
# Further elements without a namespace that mean something to feedparser.
_SIGNIFICANT = frozenset(
    {
        *("abstract", "encoded", "body", "fullitem", "created", "image", "textinput", "item", "entry", "info", "svg"),
        *("math", "newlocation", "base", "content_encoded", "dc_date", "dc_title", "dc_language", "dc_description"),
        *("published_parsed", "updated_parsed", "title_detail", "feedburner_origlink", "media_title", "date"),
        *("media_description", "xhtml_body", "channel", "feed", "rss"),
    }
)
# For an unknown namespace, feedparser uses the document's prefix.
_OWN_PREFIXES = frozenset({"dc", "dcterms", "media", "itunes", "content", "feedburner", "xhtml"})
_TYPES = {"", "text", "html", "text/html", "text/plain", "plain"}
# Elements of Atom that hold plain text unless declared otherwise (RFC 4287), by feedparser's names.
_TEXTS = frozenset({*_TITLES, "summary", "content"})
_HTML_TYPES = {"html", "text/html", "xhtml", "application/xhtml+xml"}
_ABSOLUTE = re.compile(r"https?://\w[^\s\[\]]*")
_EXTRA_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)/*")
_C1 = {
    code: character
    for code in range(128, 160)
    if (character := bytes([code]).decode("windows-1252", "replace")) != "\ufffd"
}


class Unsure(Exception):
    """This feed has to be parsed by feedparser."""


def parse(text: str, *, url: str) -> tuple[str, str | None, list[Raw]]:
    """(title, language tag or None if none is declared, items) of a feed. Raises Unsure."""
    # A parser keeps what it has read in memory and is not thread-safe; a new one each time costs 10 µs.
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
    root_language = _language(root, "")
    title, language = _head(root, channel)
    inherited = _language(channel, root_language) if channel is not root else root_language
    if channel is not root and channel.getparent() is nodes[0].getparent():
        inherited = root_language  # RDF: the items are siblings of the channel
    atom = str(root.tag).startswith(f"{{{_ATOM}}}")
    return title, language, [_item(node, base, inherited, atom) for node in nodes[:MOST_ENTRIES]]


def _outline(root: lxml.etree._Element) -> tuple[lxml.etree._Element, list[lxml.etree._Element]]:
    """The element with the feed's title, and the items."""
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
    title, language, titles = "", None, 0
    if lxml.etree.QName(root).localname != "RDF":
        language = (root.get(_XML_LANG) or root.get("lang") or "").replace("_", "-") or None
    if channel.keys() and ("href" in channel.attrib or "lastmod" in channel.attrib):
        raise Unsure
    for node in channel:
        name = _name(node)
        if name in ("item", "entry"):
            continue
        if name in ("title", "dc:title", "media:title"):
            titles += 1
            if titles > 1 or name != "title":
                raise Unsure
            title = _content(node)
        elif name in ("language", "dc:language"):
            language = _text(node)
    return title, language


def _item(node: lxml.etree._Element, base: str, item_language: str, atom: bool) -> Raw:
    raw, own_link = Raw(), None
    title, summary = _Title(atom), _Summary(atom)
    dates: dict[str, date | datetime | None] = {}
    language = ""
    for key in node.attrib:
        if key == f"{{{_RDF}}}about":
            raw.id = node.attrib[key]
        elif key not in (_XML_LANG, "lang"):
            raise Unsure
    item_language = _language(node, item_language)
    for child in node:
        name = _name(child)
        if name in _TITLES:
            title.add(child, name, _language(child, item_language), 1)
        elif name == "link":
            own_link = _link(child, base, own_link)
        elif name in ("guid", "id"):
            own_link = _identify(raw, child, base, own_link)
        elif name in _SUMMARIES:
            summary.add(child, name, 1)
        elif name in ("content", "content:encoded"):
            summary.add_content(child, name)
        elif name in _DATES:
            dates[_DATES[name]] = feed_dates.parse(_text(child))
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
            _media(child, title, summary, _language(child, item_language), 2)
        else:
            _require_insignificant(child, name)
    raw.link = raw.link or own_link or ""
    raw.title, raw.summary = title.html(), summary.html()
    raw.published_at = dates.get("published") or dates.get("updated")
    raw.language = title.language or language
    return raw


class _Title:
    """Collects the title: one at a higher level replaces a deeper one, and settles the title against later ones."""

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
        return as_html(self.text) if self.detail == (self.text, True) else self.text


class _Summary:
    """Collects the summary: a second one counts as the content, and the first content as a missing summary."""

    def __init__(self, atom: bool) -> None:
        self.text: str | None = None
        self.depth: int | None = None
        self.contents: list[tuple[str, bool]] = []
        self.atom = atom
        self.detail: tuple[str, bool] | None = None

    def add(self, node: lxml.etree._Element, name: str, depth: int) -> None:
        """A summary or description, `depth` levels below the item."""
        detail = (_content(node), self.atom and _is_text(node, name))
        if self.text is not None and not self.contents:
            self.contents.append(detail)
        else:
            self.detail = detail
            if self.depth is None or depth <= self.depth:
                self.text, self.depth = detail[0], depth

    def add_content(self, node: lxml.etree._Element, name: str) -> None:
        """The full content."""
        self.contents.append((_content(node), self.atom and _is_text(node, name)))
        if self.text is None:
            self.text = self.contents[-1][0]

    def html(self) -> str:
        """The summary, or else the content, as HTML."""
        text = self.text or (self.contents[0][0] if self.contents else "")
        detail = self.detail or (self.contents[0] if self.contents else None)
        return as_html(text) if detail == (text, True) else text


def _is_text(node: lxml.etree._Element, name: str) -> bool:
    """Whether an element of an Atom feed holds plain text."""
    kind = node.get("type", "").lower()
    return kind in ("text", "text/plain", "plain") or (not kind and name in _TEXTS)


def as_html(text: str) -> str:
    """Plain text as HTML. Entities in it are kept, because too many feeds escape twice."""
    return text.replace("<", "&lt;")


def _media(node: lxml.etree._Element, title: _Title, summary: _Summary, language: str, depth: int) -> None:
    """The title and description of an image or video, which count if the item has none."""
    for child in node:
        name = _name(child)
        if name == "media:title":
            title.add(child, name, _language(child, language), depth)
        elif name == "media:description":
            summary.add(child, name, depth)
        elif name in _MEDIA:
            _media(child, title, summary, _language(child, language), depth + 1)
        else:
            _require_insignificant(child, name)


def _name(node: lxml.etree._Element) -> str:
    """The element's name in lower case, with feedparser's prefix for its namespace, or "?" for an unknown one."""
    return _prefixed_name(str(node.tag))


@lru_cache(maxsize=1000)
def _prefixed_name(tag: str) -> str:
    space, _brace, local = tag.rpartition("}")
    prefix = _PREFIXES.get(space[1:].lower())
    if prefix is None and "backend.userland.com/rss" in space.lower():
        raise Unsure
    return f"?{local.lower()}" if prefix is None else prefix + local.lower()


def _require_insignificant(node: lxml.etree._Element, name: str) -> None:
    """Raises Unsure if an element that is not read here, or a descendant, would change feedparser's result."""
    if _is_significant(node, name) or (len(node) and any(map(_is_significant, node.iterdescendants()))):
        raise Unsure


def _is_significant(node: lxml.etree._Element, name: str = "") -> bool:
    """Whether an element that is not read here would change feedparser's result for the item."""
    name = name or _name(node)
    if name.startswith("?"):
        prefix, local = (node.prefix or "").lower(), name[1:]
        return prefix in _OWN_PREFIXES or (not prefix and (local in _SIGNIFICANT or local in _READ))
    return name in _READ or name in _SIGNIFICANT or name == "xhtml:body"


def _language(node: lxml.etree._Element, inherited: str) -> str:
    if not node.keys():
        return inherited
    if (_XML_BASE in node.attrib and node.getparent() is not None) or "base" in node.attrib:
        raise Unsure
    own = node.get(_XML_LANG, node.get("lang"))
    return inherited if own is None else own.replace("_", "-")


def _text(node: lxml.etree._Element) -> str:
    """The element's text. Raises Unsure if it has child elements."""
    if len(node):
        raise Unsure
    text = (node.text or "").strip()
    return text if text.isascii() else _repaired(text)


def _content(node: lxml.etree._Element) -> str:
    """The text of an element that may hold escaped HTML."""
    if node.keys():
        mode, kind = node.get("mode", "escaped"), node.get("type", "").lower()
        if mode != "escaped" or kind not in _TYPES:
            raise Unsure
    return _text(node)


def _repaired(text: str) -> str:
    """Repair UTF-8 that was read as Latin-1 and encoded again, and control characters that are windows-1252."""
    with contextlib.suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_C1)


def _link(node: lxml.etree._Element, base: str, before: str | None) -> str | None:
    """The item's link after this element; `before` is the link so far."""
    href = node.get("url", node.get("uri")) or node.get("href")
    if href is None:
        link = _text(node)
        if "&" in link and ";" in link:
            raise Unsure
        return _resolved(link, base) if link else ""
    alternate = node.get("rel", "alternate").lower() == "alternate"
    return _resolved(href, base) if alternate and node.get("type", "html").lower() in _HTML_TYPES else before


def _identify(raw: Raw, node: lxml.etree._Element, base: str, link: str | None) -> str | None:
    """Set the item's id, and return the link: the id, unless there is a link already or the id is declared not one."""
    is_link = next((value for key, value in node.items() if key.lower() == "ispermalink"), "true") == "true"
    raw.id = _text(node)
    if is_link and raw.id:
        raw.id = _resolved(raw.id, base)
    return raw.id if is_link and link is None else link


def _resolved(address: str, base: str) -> str:
    return address if _ABSOLUTE.fullmatch(address) and address[-1] not in "?#" else _joined(base, address)


def _joined(base: str, address: str) -> str:
    """Resolve an address as feedparser does: extra slashes are dropped, and an invalid address gives ""."""
    try:
        return urljoin(base, _EXTRA_SLASHES.sub(r"\1", address))
    except ValueError:
        return ""
