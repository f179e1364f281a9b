"""The text of a Word document (DOCX, DOCM, DOTX), as Word shows it with all tracked changes accepted.

The body is read in document order. Content controls, insertions, text boxes and nested tables are included; deletions,
hidden text, comments, field codes, headers and footers are not. Notes come at the end.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from lxml import etree

from pledges.watch.sources.word_package import (
    OFF,
    WORD,
    NotWordError,
    Package,
    child_of,
    is_on,
    name_of,
    shown,
    value_of,
)

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
_BETWEEN_WORDS = frozenset({"tab", "ptab", "br", "cr"})
_MOST_ANCESTORS = 50  # of a style
# Symbol fonts have their characters in the private use area from F000.
_SYMBOLS = {
    0xF0A3: "≤", 0xF0B0: "°", 0xF0B1: "±", 0xF0B3: "≥", 0xF0B4: "×", 0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "‣",
    0xF0AE: "→", 0xF0E0: "→", 0xF0F0: "→", 0xF0FC: "✓", 0xF0FE: "☑", 0xF0A8: "☐", 0xF06F: "☐", 0xF0FB: "✗",
}  # fmt: skip


def lines(body: bytes, embedded: Callable[[bytes], str]) -> Iterator[str]:
    """The lines of a document: paragraphs, and rows of tables with " | " between cells.

    `embedded` reads a file that is embedded in the document (an `altChunk`). Raises NotWordError, TooLargeError, and
    the exceptions of zipfile and lxml for damaged files.
    """
    with Package(body) as package:
        main = next((part for _id, kind, part in package.related() if kind == "officeDocument"), "word/document.xml")
        root = package.tree_of(main)
        if root is None or name_of(root) != "document":
            raise NotWordError
        related = list(package.related(main))
        parts = {kind: part for _id, kind, part in reversed(related)}

        @cache
        def file_of(relation: str) -> str:
            part = next((part for relation_id, _kind, part in related if relation_id == relation), "")
            content = package.bytes_of(part)
            return embedded(content) if content else ""

        styles = _Styles(package.tree_of(parts["styles"]) if "styles" in parts else None)
        story = _Story(styles, file_of)
        yield from story.read(root)
        for kind in ("footnote", "endnote"):
            if not (wanted := story.notes[kind]):
                continue
            notes = package.tree_of(parts[f"{kind}s"]) if f"{kind}s" in parts else None
            by_id = {value_of(note, "id"): note for note in ([] if notes is None else notes)}
            for number in dict.fromkeys(wanted):
                if number in by_id:
                    yield from _Story(styles, file_of).read(by_id[number])


def _is(element: etree._Element, namespaces: Iterable[str], name: str) -> bool:
    return isinstance(element.tag, str) and element.tag in {f"{{{space}}}{name}" for space in namespaces}


class _Styles:
    """The styles of a document, for properties that a paragraph or run does not set directly."""

    def __init__(self, root: etree._Element | None) -> None:
        styles = [] if root is None else [style for style in root if name_of(style) == "style"]
        self._hides_text: dict[str | None, bool | None] = {}
        self._by_id = {value_of(style, "styleId"): style for style in styles}
        self._default = next(
            (
                value_of(style, "styleId")
                for style in styles
                if value_of(style, "type") == "paragraph" and (value_of(style, "default") or "0") not in OFF
            ),
            None,
        )

    def _chain(self, style: str | None) -> Iterator[etree._Element]:
        """A style and those that it is based on."""
        for _ in range(_MOST_ANCESTORS):
            if (element := self._by_id.get(style)) is None:
                return
            yield element
            style = value_of(child_of(element, "basedOn"))

    def hidden(self, properties: etree._Element | None, paragraph: etree._Element | None) -> bool:
        """Whether a run with these properties, in a paragraph with those, is hidden text."""
        direct = is_on(child_of(properties, "vanish"))
        if direct is not None:
            return direct
        for style in (value_of(child_of(properties, "rStyle")), self._of(paragraph)):
            if (hides := self._hides(style)) is not None:
                return hides
        return False

    def _hides(self, style: str | None) -> bool | None:
        if style not in self._hides_text:
            values = (is_on(child_of(element, "rPr", "vanish")) for element in self._chain(style))
            self._hides_text[style] = next((value for value in values if value is not None), None)
        return self._hides_text[style]

    def _of(self, paragraph: etree._Element | None) -> str | None:
        return value_of(child_of(paragraph, "pStyle")) or self._default

    def is_item(self, paragraph: etree._Element | None) -> bool:
        """Whether a paragraph is an item of a list. A numbered heading is not."""
        chain = list(self._chain(self._of(paragraph)))
        names = [(value_of(child_of(style, "name")) or "").lower() for style in chain]
        if any(name.startswith("heading") for name in names):
            return False
        for properties in (paragraph, *(child_of(style, "pPr") for style in chain)):
            if (numbering := child_of(properties, "numPr")) is not None:
                return value_of(child_of(numbering, "numId")) != "0"
        return bool(names) and names[0].startswith("list")


class _Story:
    """A story in Word's terms: the body, or a note. `notes` holds the ids of the notes it refers to, by kind."""

    def __init__(self, styles: _Styles, file_of: Callable[[str], str]) -> None:
        self.notes: dict[str, list[str | None]] = {"footnote": [], "endnote": []}
        self._styles = styles
        self._file_of = file_of
        self._open = ""  # the text of a paragraph whose mark is deleted or hidden: the next one continues it
        self._codes: list[bool] = []  # for each open field, whether we are still in its code, before its result
        self._fields: set[etree._Element] = set()

    def read(self, root: etree._Element) -> list[str]:
        """The lines of the story."""
        # Only fields with an end count: one without would hide everything after it.
        open_fields: list[etree._Element] = []
        for mark in root.iter(*(f"{{{space}}}fldChar" for space in WORD)):
            if value_of(mark, "fldCharType") == "begin":
                open_fields.append(mark)
            elif value_of(mark, "fldCharType") == "end" and open_fields:
                self._fields |= {open_fields.pop(), mark}
        return self._blocks(root)

    def _blocks(self, parent: etree._Element) -> list[str]:
        return [*self._within(parent), *self._rest()]

    def _rest(self) -> Iterator[str]:
        rest, self._open = " ".join(self._open.split()), ""
        if rest:
            yield rest

    def _within(self, parent: etree._Element) -> Iterator[str]:
        for child in shown(parent):
            name = name_of(child)
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
        properties = child_of(paragraph, "pPr")
        mark = child_of(properties, "rPr")
        continued, self._open = self._open, ""
        pieces: list[str] = []
        boxes: list[str] = []
        self._inline(paragraph, properties, pieces, boxes)
        text = continued + "".join(pieces)
        deleted = child_of(mark, "del") is not None or child_of(mark, "moveFrom") is not None
        if deleted or is_on(child_of(mark, "vanish")):
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
        for child in shown(parent):
            name = name_of(child)
            if name == "fldChar":
                self._field(child)
            elif name == "r":
                run_hidden = hidden or self._styles.hidden(child_of(child, "rPr"), properties)
                self._inline(child, properties, pieces, boxes, hidden=run_hidden)
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
                self.notes[name.removesuffix("Reference")].append(value_of(child, "id"))
            elif name == "txbxContent":
                boxes.extend(self._box(child))
            elif _is(child, _DRAWING, "p"):
                boxes.append(" ".join("".join(child.itertext(*(f"{{{space}}}t" for space in _DRAWING))).split()))
            else:
                self._inline(child, properties, pieces, boxes, hidden=hidden)

    def _box(self, content: etree._Element) -> list[str]:
        codes, self._codes = self._codes, []
        lines_of_box = self._blocks(content)
        self._codes = codes
        return lines_of_box

    def _field(self, mark: etree._Element) -> None:
        kind = value_of(mark, "fldCharType")
        if kind == "separate" and self._codes:
            self._codes[-1] = False
        elif kind == "begin" and mark in self._fields:
            self._codes.append(True)
        elif kind == "end" and mark in self._fields and self._codes:
            self._codes.pop()

    def _table(self, table: etree._Element) -> Iterator[str]:
        for at, row in enumerate(_inside(table, "tr")):
            properties = child_of(row, "trPr")
            if child_of(properties, "del") is not None or is_on(child_of(properties, "hidden")):
                continue
            contents = [self._blocks(cell) for cell in _inside(row, "tc") if not _is_merged(cell, first_row=at == 0)]
            cells = [lines_of_cell for lines_of_cell in contents if lines_of_cell]
            if len(cells) > 1 and all(len(cell) == 1 for cell in cells):
                yield " | ".join(cell[0].removeprefix("- ") for cell in cells)
            else:
                yield from (line for cell in cells for line in cell)


def _inside(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, including those in content controls and the like."""
    for child in shown(parent):
        if name_of(child) == name:
            yield child
        else:
            yield from _inside(child, name)


def _is_merged(cell: etree._Element, *, first_row: bool) -> bool:
    """Whether a cell is not shown: it is deleted, or merged into the one above or beside it."""
    properties = child_of(cell, "tcPr")
    above, beside = child_of(properties, "vMerge"), child_of(properties, "hMerge")
    under = above is not None and not first_row and (value_of(above) or "continue") == "continue"
    return (
        under
        or (beside is not None and (value_of(beside) or "continue") == "continue")
        or child_of(properties, "cellDel") is not None
    )


def _symbol(element: etree._Element) -> str:
    try:
        code = int(value_of(element, "char") or "", 16)
    except ValueError:
        return ""
    if 0xE000 <= code <= 0xF8FF:
        font = (value_of(element, "font") or "").lower()
        usual = chr(code - 0xF000) if font == "symbol" and 0xF020 <= code <= 0xF03F else "•"
        return _SYMBOLS.get(code, usual)
    return chr(code) if 32 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
