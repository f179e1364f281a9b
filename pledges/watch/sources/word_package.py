"""The ZIP package of a Word document, and helpers to read the elements of its XML parts."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from typing import Self

from lxml import etree

MOST_UNPACKED = 100_000_000  # bytes, all parts together
MOST_PARTS = 5_000
MOST_MARKUP = 8_000_000  # elements, end tags and attributes of one part; each takes about a hundred bytes when parsed

WORD = (  # transitional and strict
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Extensions that are understood here; for other namespaces the document has a fallback.
_UNDERSTOOD = (
    "http://schemas.microsoft.com/office/",
    "http://schemas.openxmlformats.org/",
    "http://purl.oclc.org/",
    "urn:schemas-microsoft-com:",
)

_NOT_SHOWN = frozenset(
    "del moveFrom delText instrText delInstrText conflictDel pPr rPr tblPr tblPrEx trPr tcPr sectPr sdtPr sdtEndPr "
    "customXmlPr smartTagPr fldData ffData rt rubyPr commentReference annotationRef footnoteRef endnoteRef separator "
    "continuationSeparator pgNum".split()
)
OFF = frozenset({"0", "false", "off", "none"})


class NotWordError(Exception):
    """The package is valid, but not a Word document."""


class TooLargeError(Exception):
    """The package decompresses to more than the limits allow."""


class Package:
    """A ZIP file of named parts and their relationships. Raises TooLargeError, and zipfile's exceptions."""

    def __init__(self, body: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(body))
        infos = self._zip.infolist()
        if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
            raise TooLargeError
        self._infos = {info.filename.replace("\\", "/").lower(): info for info in infos}
        total = 0
        for info in infos:  # the sizes that a package states may be wrong
            with self._zip.open(info) as stream:
                while piece := stream.read(65_536):
                    total += len(piece)
                    if total > MOST_UNPACKED:
                        raise TooLargeError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._zip.close()

    def bytes_of(self, name: str) -> bytes | None:
        """The content of a part, or None if there is no such part."""
        info = self._infos.get(name.lower())
        return self._zip.read(info) if info else None

    def tree_of(self, name: str) -> etree._Element | None:
        """The root of an XML part, or None if there is no such part. Raises lxml's exceptions, and TooLargeError."""
        xml = self.bytes_of(name)
        return None if xml is None else _parse(xml)

    def related(self, name: str = "") -> Iterator[tuple[str, str, str]]:
        """(id, kind, part) of each relationship of a part within the package; "" is the package itself."""
        folder, base = posixpath.split(name)
        root = self.tree_of(posixpath.join(folder, "_rels", f"{base}.rels"))
        for relation in [] if root is None else root:
            if isinstance(relation.tag, str) and relation.get("TargetMode", "Internal") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
                yield relation.get("Id", ""), relation.get("Type", "").rpartition("/")[2], target.lstrip("/")


def _parse(xml: bytes) -> etree._Element:
    if xml.count(b"<") + xml.count(b"=") > MOST_MARKUP:
        raise TooLargeError
    # Without `huge_tree` the parser rejects more than 256 levels.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    root = etree.fromstring(xml, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise etree.LxmlError("the format has no document type declarations")
    return root


def name_of(element: etree._Element) -> str:
    """The name of an element of WordprocessingML; "" for any other element."""
    return _local_name(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=1_000)
def _local_name(tag: str) -> str:
    namespace, _, name = tag[1:].partition("}")
    return name if namespace in WORD else ""


def child_of(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first descendant along a path of element names, or None."""
    for name in path:
        element = None if element is None else next((child for child in element if name_of(child) == name), None)
    return element


def value_of(element: etree._Element | None, name: str = "val") -> str | None:
    """An attribute of an element of WordprocessingML, or None."""
    if element is None:
        return None
    return next((value for space in WORD if (value := element.get(f"{{{space}}}{name}")) is not None), None)


def is_on(element: etree._Element | None) -> bool | None:
    """Whether a property is on, or None if it is missing."""
    return None if element is None else (value_of(element) or "1").lower() not in OFF


def shown(parent: etree._Element) -> Iterator[etree._Element]:
    """The children that Word shows; of alternatives, the one that is understood."""
    for child in parent:
        if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] in _NOT_SHOWN:
            continue
        if child.tag == f"{_COMPATIBILITY}AlternateContent":
            yield from _chosen(child)
        else:
            yield child


def _chosen(alternatives: etree._Element) -> list[etree._Element]:
    for choice in alternatives:
        if choice.tag == f"{_COMPATIBILITY}Choice":
            needs = [choice.nsmap.get(prefix) or "" for prefix in choice.get("Requires", "").split()]
            if all(space.startswith(_UNDERSTOOD) for space in needs):
                return [choice]
    return [fallback for fallback in alternatives if fallback.tag == f"{_COMPATIBILITY}Fallback"]
