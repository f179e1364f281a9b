"""The text of a Word document (DOCX, DOCM, DOTX): what Word shows with all tracked changes accepted.

The body is read in the order of its XML. Content controls, insertions, text boxes and nested tables are part of it;
deletions, hidden text, comments and field codes are not. Notes come at the end, headers and footers are left out.
"""

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import Self

from lxml import etree

MOST_UNPACKED = 100_000_000  # bytes, all parts together
MOST_PARTS = 5_000
MOST_MARKUP = 8_000_000  # elements, end tags and attributes of one part; each takes about a hundred bytes when parsed

_WORD = (  # transitional and strict
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DRAWING = (
    "http://schemas.openxmlformats.org/drawingml/2006/main",
    "http://purl.oclc.org/ooxml/drawingml/main",
)
_MATH = (
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)
_RELATIONS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}",
)
# Extensions that are read here; a producer's own namespace has a fallback beside it.
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
_BETWEEN_WORDS = frozenset({"tab", "ptab", "br", "cr"})
_OFF = frozenset({"0", "false", "off", "none"})
_MOST_ANCESTORS = 50  # of a style
# Fonts of symbols have their characters in the private area from F000 on.
_SYMBOLS = {
    0xF0A3: "≤", 0xF0B0: "°", 0xF0B1: "±", 0xF0B3: "≥", 0xF0B4: "×", 0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "‣",
    0xF0AE: "→", 0xF0E0: "→", 0xF0F0: "→", 0xF0FC: "✓", 0xF0FE: "☑", 0xF0A8: "☐", 0xF06F: "☐", 0xF0FB: "✗",
}  # fmt: skip


class NotWordError(Exception):
    """The package is sound, but what it holds is no Word document."""


class TooLargeError(Exception):
    """The package unpacks to more than a document can be."""


class Package:
    """A ZIP file of named parts, and which part is related to which. Raises TooLargeError, and zipfile's exceptions."""

    def __init__(self, body: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(body))
        infos = self._zip.infolist()
        if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
            raise TooLargeError
        self._infos = {info.filename.replace("\\", "/").lower(): info for info in infos}
        total = 0
        for info in infos:  # what a package says of its sizes may be a lie
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
        """What a part holds, or None where there is no such part."""
        info = self._infos.get(name.lower())
        return self._zip.read(info) if info else None

    def tree_of(self, name: str) -> etree._Element | None:
        """The root of an XML part, or None where there is no such part. Raises lxml's exceptions, and TooLargeError."""
        xml = self.bytes_of(name)
        return None if xml is None else _parsed(xml)

    def related(self, name: str = "") -> Iterator[tuple[str, str, str]]:
        """(id, kind, part) of what a part is related to within the package; "" is the package itself."""
        folder, base = posixpath.split(name)
        root = self.tree_of(posixpath.join(folder, "_rels", f"{base}.rels"))
        for one in [] if root is None else root:
            if isinstance(one.tag, str) and one.get("TargetMode", "Internal") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, one.get("Target", "")))
                yield one.get("Id", ""), one.get("Type", "").rpartition("/")[2], target.lstrip("/")


def lines(body: bytes, embedded: Callable[[bytes], str]) -> Iterator[str]:
    """The lines of a document: a paragraph each, or a row of a table with " | " between its cells.

    `embedded` reads a whole file that the document shows in its place (an `altChunk`). Raises NotWordError,
    TooLargeError, and the exceptions of zipfile and lxml for what is damaged.
    """
    with Package(body) as package:
        main = next((part for _id, kind, part in package.related() if kind == "officeDocument"), "word/document.xml")
        root = package.tree_of(main)
        if root is None or _name(root) != "document":
            raise NotWordError
        related = list(package.related(main))
        parts = {kind: part for _id, kind, part in reversed(related)}

        @cache
        def file_of(relation: str) -> str:
            found = next((part for one, _kind, part in related if one == relation), "")
            content = package.bytes_of(found)
            return embedded(content) if content else ""

        styles = _Styles(package.tree_of(parts["styles"]) if "styles" in parts else None)
        story = _Story(styles, file_of)
        yield from story.read(root)
        for kind in ("footnote", "endnote"):
            if not (wanted := story.notes[kind]):
                continue
            notes = package.tree_of(parts[f"{kind}s"]) if f"{kind}s" in parts else None
            by_id = {_value(note, "id"): note for note in ([] if notes is None else notes)}
            for number in dict.fromkeys(wanted):
                if number in by_id:
                    yield from _Story(styles, file_of).read(by_id[number])


def _parsed(xml: bytes) -> etree._Element:
    if xml.count(b"<") + xml.count(b"=") > MOST_MARKUP:
        raise TooLargeError
    # Without `huge_tree` the parser refuses more than 256 levels.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    root = etree.fromstring(xml, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise etree.LxmlError("the format has no document type declarations")
    return root


def _name(element: etree._Element) -> str:
    """The name of an element of WordprocessingML, "" for all others."""
    return _name_of(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=1_000)
def _name_of(tag: str) -> str:
    namespace, _, name = tag[1:].partition("}")
    return name if namespace in _WORD else ""


def _is(element: etree._Element, namespaces: Iterable[str], name: str) -> bool:
    return isinstance(element.tag, str) and element.tag in {f"{{{space}}}{name}" for space in namespaces}


def _child(element: etree._Element | None, *path: str) -> etree._Element | None:
    for name in path:
        element = None if element is None else next((one for one in element if _name(one) == name), None)
    return element


def _value(element: etree._Element | None, name: str = "val") -> str | None:
    if element is None:
        return None
    return next((value for space in _WORD if (value := element.get(f"{{{space}}}{name}")) is not None), None)


def _switched(element: etree._Element | None) -> bool | None:
    """Whether a property is on, or None where it is not given."""
    return None if element is None else (_value(element) or "1").lower() not in _OFF


def _shown(parent: etree._Element) -> Iterator[etree._Element]:
    """The children that Word shows, of alternatives the one that is understood."""
    for child in parent:
        if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] in _NOT_SHOWN:
            continue
        if child.tag == f"{_COMPATIBILITY}AlternateContent":
            yield from _chosen(child)
        else:
            yield child


def _chosen(alternatives: etree._Element) -> list[etree._Element]:
    for one in alternatives:
        if one.tag == f"{_COMPATIBILITY}Choice":
            needs = [one.nsmap.get(prefix) or "" for prefix in one.get("Requires", "").split()]
            if all(space.startswith(_UNDERSTOOD) for space in needs):
                return [one]
    return [one for one in alternatives if one.tag == f"{_COMPATIBILITY}Fallback"]


class _Styles:
    """What the styles say of text that does not say it of itself."""

    def __init__(self, root: etree._Element | None) -> None:
        found = [] if root is None else [one for one in root if _name(one) == "style"]
        self._hiding: dict[str | None, bool | None] = {}
        self._by_id = {_value(one, "styleId"): one for one in found}
        self._usual = next(
            (
                _value(one, "styleId")
                for one in found
                if _value(one, "type") == "paragraph" and (_value(one, "default") or "0") not in _OFF
            ),
            None,
        )

    def _chain(self, style: str | None) -> Iterator[etree._Element]:
        for _ in range(_MOST_ANCESTORS):
            if (one := self._by_id.get(style)) is None:
                return
            yield one
            style = _value(_child(one, "basedOn"))

    def hidden(self, properties: etree._Element | None, paragraph: etree._Element | None) -> bool:
        """Whether a run with such properties, in such a paragraph, is hidden text."""
        direct = _switched(_child(properties, "vanish"))
        if direct is not None:
            return direct
        for style in (_value(_child(properties, "rStyle")), self._of(paragraph)):
            if (said := self._hides(style)) is not None:
                return said
        return False

    def _hides(self, style: str | None) -> bool | None:
        if style not in self._hiding:
            said = (_switched(_child(one, "rPr", "vanish")) for one in self._chain(style))
            self._hiding[style] = next((one for one in said if one is not None), None)
        return self._hiding[style]

    def _of(self, paragraph: etree._Element | None) -> str | None:
        return _value(_child(paragraph, "pStyle")) or self._usual

    def is_item(self, paragraph: etree._Element | None) -> bool:
        """Whether a paragraph is an item of a list. A numbered heading is a heading."""
        chain = list(self._chain(self._of(paragraph)))
        names = [(_value(_child(one, "name")) or "").lower() for one in chain]
        if any(name.startswith("heading") for name in names):
            return False
        for properties in (paragraph, *(_child(one, "pPr") for one in chain)):
            if (numbering := _child(properties, "numPr")) is not None:
                return _value(_child(numbering, "numId")) != "0"
        return bool(names) and names[0].startswith("list")


class _Story:
    """One run of text: the body, or a note. `notes` are the ids of the notes it refers to, by kind."""

    def __init__(self, styles: _Styles, file_of: Callable[[str], str]) -> None:
        self.notes: dict[str, list[str | None]] = {"footnote": [], "endnote": []}
        self._styles = styles
        self._file_of = file_of
        self._open = ""  # of a paragraph whose mark is deleted or hidden: the next one goes on with it
        self._codes: list[bool] = []  # of each field that we are in: whether its code goes on, or its result has begun
        self._fields: set[etree._Element] = set()

    def read(self, root: etree._Element) -> list[str]:
        # Only fields that end are fields: one without an end would hide all that follows.
        begun: list[etree._Element] = []
        for mark in root.iter(*(f"{{{space}}}fldChar" for space in _WORD)):
            if _value(mark, "fldCharType") == "begin":
                begun.append(mark)
            elif _value(mark, "fldCharType") == "end" and begun:
                self._fields |= {begun.pop(), mark}
        return self._blocks(root)

    def _blocks(self, parent: etree._Element) -> list[str]:
        return [*self._within(parent), *self._rest()]

    def _rest(self) -> Iterator[str]:
        rest, self._open = " ".join(self._open.split()), ""
        if rest:
            yield rest

    def _within(self, parent: etree._Element) -> Iterator[str]:
        for child in _shown(parent):
            name = _name(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield from self._rest()
                yield from self._table(child)
            elif name == "altChunk":
                relation = next((value for space in _RELATIONS if (value := child.get(f"{space}id"))), "")
                yield from self._file_of(relation).splitlines()
            else:
                yield from self._within(child)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[str]:
        properties = _child(paragraph, "pPr")
        mark = _child(properties, "rPr")
        begun, self._open = self._open, ""
        pieces: list[str] = []
        boxes: list[str] = []
        self._inline(paragraph, properties, pieces, boxes)
        text = begun + "".join(pieces)
        deleted = _child(mark, "del") is not None or _child(mark, "moveFrom") is not None
        if deleted or _switched(_child(mark, "vanish")):
            self._open = text
        elif text := " ".join(text.split()):
            yield f"- {text}" if self._styles.is_item(properties) else text
        yield from boxes

    def _inline(
        self,
        parent: etree._Element,
        properties: etree._Element | None,
        pieces: list[str],
        boxes: list[str],
        *,
        hidden: bool = False,
    ) -> None:
        for child in _shown(parent):
            name = _name(child)
            if name == "fldChar":
                self._field(child)
            elif name == "r":
                unseen = hidden or self._styles.hidden(_child(child, "rPr"), properties)
                self._inline(child, properties, pieces, boxes, hidden=unseen)
            elif hidden or any(self._codes):
                self._inline(child, properties, pieces, boxes, hidden=hidden)
            elif name == "t" or _is(child, _MATH, "t"):
                pieces.append(child.text or "")
            elif name in _BETWEEN_WORDS:
                pieces.append(" ")
            elif name == "noBreakHyphen":
                pieces.append("-")
            elif name == "sym":
                pieces.append(_symbol(child))
            elif name in ("footnoteReference", "endnoteReference"):
                self.notes[name.removesuffix("Reference")].append(_value(child, "id"))
            elif name == "txbxContent":
                boxes.extend(self._box(child))
            elif _is(child, _DRAWING, "p"):
                boxes.append(" ".join("".join(child.itertext(*(f"{{{one}}}t" for one in _DRAWING))).split()))
            else:
                self._inline(child, properties, pieces, boxes, hidden=hidden)

    def _box(self, content: etree._Element) -> list[str]:
        codes, self._codes = self._codes, []
        lines_of_box = self._blocks(content)
        self._codes = codes
        return lines_of_box

    def _field(self, mark: etree._Element) -> None:
        kind = _value(mark, "fldCharType")
        if kind == "separate" and self._codes:
            self._codes[-1] = False
        elif kind == "begin" and mark in self._fields:
            self._codes.append(True)
        elif kind == "end" and mark in self._fields and self._codes:
            self._codes.pop()

    def _table(self, table: etree._Element) -> Iterator[str]:
        for at, row in enumerate(_inside(table, "tr")):
            properties = _child(row, "trPr")
            if _child(properties, "del") is not None or _switched(_child(properties, "hidden")):
                continue
            shown = [self._blocks(cell) for cell in _inside(row, "tc") if not _is_merged(cell, first_row=at == 0)]
            cells = [cell for cell in shown if cell]
            if len(cells) > 1 and all(len(cell) == 1 for cell in cells):
                yield " | ".join(cell[0].removeprefix("- ") for cell in cells)
            else:
                yield from (line for cell in cells for line in cell)


def _inside(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, those in content controls and the like too."""
    for child in _shown(parent):
        if _name(child) == name:
            yield child
        else:
            yield from _inside(child, name)


def _is_merged(cell: etree._Element, *, first_row: bool) -> bool:
    """Whether a cell is not shown: it is deleted, or lies under the one above or beside it."""
    properties = _child(cell, "tcPr")
    above, beside = _child(properties, "vMerge"), _child(properties, "hMerge")
    under = above is not None and not first_row and (_value(above) or "continue") == "continue"
    return (
        under
        or (beside is not None and (_value(beside) or "continue") == "continue")
        or _child(properties, "cellDel") is not None
    )


def _symbol(element: etree._Element) -> str:
    try:
        code = int(_value(element, "char") or "", 16)
    except ValueError:
        return ""
    if 0xE000 <= code <= 0xF8FF:
        font = (_value(element, "font") or "").lower()
        usual = chr(code - 0xF000) if font == "symbol" and 0xF020 <= code <= 0xF03F else "•"
        return _SYMBOLS.get(code, usual)
    return chr(code) if 32 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
