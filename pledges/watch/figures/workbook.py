"""Reads XLSX workbooks as rows of cells as a spreadsheet shows them: without hidden cells, scaled by number formats.

openpyxl loads all styles and texts of a workbook into memory, so this runs in a child process (see `isolation`).
"""

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

import lxml.etree
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from pledges.domain.messages import deferred_message
from pledges.domain.spreadsheets import Percent
from pledges.domain.text import fold
from pledges.watch.figures.tables import Scaled, SeriesError, Table, Uncalculated, check_size, listed

LARGEST_UNPACKED = 60_000_000  # bytes, of all parts
LARGEST_PART = 10_000_000  # bytes, of a part without cells: Excel itself allows 64,000 styles
MOST_NODES = 500_000  # tags in such a part
_MOST_PARTS = 2000
_CELLS = re.compile(r"(?i)(?:.*/)?(?:worksheets/[^/]+|sharedStrings)\.xml")
_NOT_READ = re.compile(
    r"(?i)(?:.*/)?(?:pivot\w*|externalLinks|customXml|media|embeddings|activeX)/.*|.*(?<!\.xml)(?<!\.rels)"
)
_COLUMNS = 16_384
_LONGEST_TITLE = 40  # of a worksheet, in a message: Excel allows 31 characters
_MOST_SCALING = 10  # percent signs or commas of a number format
_DECLARATIONS = [mark.encode(charset) for mark in ("<!DOCTYPE", "<!ENTITY") for charset in ("utf-8", "utf-16-le")]
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')  # in a number format: texts, paddings, colours, conditions


def read(body: bytes, sheet: str = "", *, preferred: tuple[str, ...] = ()) -> Table:
    """The rows of the worksheet `sheet`, or else of the first in `preferred` that exists, or the first visible one.

    Raises SeriesError.
    """
    packed = _checked(body)
    reader = _opened(packed)
    book = reader.wb
    try:
        page = _chosen(book, sheet, preferred)
        parts = {listed_sheet.name: part.target for listed_sheet, part in reader.parser.find_sheets()}
        with zipfile.ZipFile(packed) as archive:
            content = archive.read(parts[page.title])
        return _table(book, page, content, reader.shared_strings, told=not sheet)
    except (SeriesError, MemoryError):
        raise
    except Exception:  # openpyxl may raise anything for a damaged file
        raise SeriesError(
            deferred_message("The worksheet is damaged and cannot be read: open it and save it anew.")
        ) from None
    finally:
        book.close()


def _checked(body: bytes) -> io.BytesIO:
    """The package rebuilt without compression, from parts whose size was checked during decompression.

    The sizes that a package states may be wrong, and openpyxl decompresses whole parts. Raises SeriesError.
    """
    checked, total = io.BytesIO(), 0
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed, zipfile.ZipFile(checked, "w") as plain:
            listed = [part for part in packed.infolist() if not _NOT_READ.fullmatch(part.filename)]
            if len(packed.infolist()) > _MOST_PARTS or sum(part.file_size for part in listed) > LARGEST_UNPACKED:
                raise _too_large()
            for name in {part.filename for part in packed.infolist()} - {part.filename for part in listed}:
                plain.writestr(name, b"")  # pictures, pivot tables and the like
            for name, part in {part.filename: part for part in listed}.items():
                most = LARGEST_UNPACKED if _CELLS.fullmatch(name) else LARGEST_PART
                content = _unpacked(packed, part, most=min(most, LARGEST_UNPACKED - total))
                total += len(content)
                if any(mark in content for mark in _DECLARATIONS):
                    raise SeriesError(
                        deferred_message(
                            "The XLSX file declares XML entities, which no spreadsheet does: it is not read."
                        )
                    )
                if most == LARGEST_PART and content.count(b"<") > MOST_NODES:
                    raise _too_complex()
                plain.writestr(name, content)
    except (SeriesError, MemoryError):
        raise
    except Exception:  # zipfile and zlib raise many exceptions for damaged files
        raise _no_workbook() from None
    checked.seek(0)
    return checked


def _unpacked(packed: zipfile.ZipFile, part: zipfile.ZipInfo, *, most: int) -> bytes:
    content = bytearray()
    with packed.open(part) as stream:
        while piece := stream.read(65_536):
            content += piece
            if len(content) > most:
                raise _too_complex() if most == LARGEST_PART else _too_large()
    return bytes(content)


def _too_large() -> SeriesError:
    return SeriesError(
        deferred_message("The XLSX file is larger than 60 MB when unpacked: save the one worksheet as CSV.")
    )


def _too_complex() -> SeriesError:
    return SeriesError(
        deferred_message(
            "The XLSX file holds far more styles or properties than a table needs: save the one worksheet as CSV."
        )
    )


def _no_workbook() -> SeriesError:
    return SeriesError(deferred_message("This is not an XLSX file, or it is damaged: open it and save it anew."))


def _opened(packed: io.BytesIO) -> ExcelReader:
    """The reader that `openpyxl.load_workbook` uses: the workbook alone does not give access to its parts and texts."""
    try:
        reader = ExcelReader(packed, read_only=True, data_only=True, keep_links=False)
        reader.read()
    except MemoryError:
        raise
    except Exception:  # as above
        raise _no_workbook() from None
    if not reader.wb.worksheets:
        raise SeriesError(deferred_message("The XLSX file has no worksheet with cells."))
    return reader


def _chosen(book: Workbook, sheet: str, preferred: tuple[str, ...]) -> ReadOnlyWorksheet:
    pages = {fold(page.title.strip()): page for page in book.worksheets}
    if sheet:
        if page := pages.get(fold(sheet.strip())):
            return page
        known = ", ".join(f"“{page.title[:_LONGEST_TITLE]}”" for page in book.worksheets[:8])
        raise SeriesError(
            deferred_message(
                "There is no worksheet “%(name)s” in the file; there are %(names)s.", name=sheet, names=known
            )
        )
    visible = [page for page in book.worksheets if page.sheet_state == "visible"]
    for name in preferred:
        if (page := pages.get(fold(name.strip()))) in visible:
            return page
    if not visible:
        raise SeriesError(
            deferred_message("All worksheets of the file are hidden: show the one that is meant, or name it.")
        )
    return visible[0]


def _table(book: Workbook, page: ReadOnlyWorksheet, content: bytes, texts: list[str], *, told: bool) -> Table:
    """The rows of a worksheet's XML. openpyxl's own reader takes four times as long, and ignores what is hidden.

    With `told`, a note names the hidden worksheets.
    """
    cell_of = _Cells(book, page, texts)
    rows: list[tuple[int, list[object]]] = []
    periods: dict[tuple[int, int], str] = {}
    cells, number, characters = 0, 0, 0
    concealed: set[int] = set()  # hidden columns, from 0
    hidden_rows, hidden_columns = [], set()
    for _event, node in lxml.etree.iterparse(
        io.BytesIO(content), tag=("{*}col", "{*}row"), resolve_entities=False, no_network=True, load_dtd=False
    ):
        if str(node.tag).endswith("}col"):
            if _is_hidden(node, "width"):
                concealed.update(range(int(node.attrib["min"]) - 1, min(int(node.attrib["max"]), _COLUMNS)))
            continue
        number = int(node.get("r") or number + 1)
        values: list[object] = []
        for cell in node.iterchildren("{*}c"):
            letters = (cell.get("r") or "").rstrip("0123456789")
            column = column_index_from_string(letters) - 1 if letters else len(values)
            value = cell_of(cell, f"{get_column_letter(column + 1)}{number}")
            if isinstance(value, str):  # many cells may share one long text
                characters += len(value)
                if characters > LARGEST_UNPACKED:
                    raise _too_large()
            if value is not None and column in concealed:
                hidden_columns.add(column)
                value = None
            if isinstance(value, date) and (shown := cell_of.period_shown(cell, value)):
                periods[number, column] = shown
            values.extend([None] * (column + 1 - len(values)))
            values[column] = value
        cells += max(1, len(values))
        check_size(len(rows), cells)
        if any(value is not None for value in values):
            check_size(number, cells)
            if _is_hidden(node, "ht"):
                hidden_rows.append(number)
            else:
                rows.append((number, values))
        node.clear()
        parent = node.getparent()
        while parent is not None and node.getprevious() is not None:
            del parent[0]
    notes = []
    if hidden_rows:
        rows_hidden = listed(hidden_rows)
        notes.append(
            deferred_message("Left out, since they are hidden in the spreadsheet: rows %(rows)s.", rows=rows_hidden)
        )
    if hidden_columns:
        letters = ", ".join(get_column_letter(column + 1) for column in sorted(hidden_columns)[:20])
        notes.append(
            deferred_message(
                "Left out, since they are hidden in the spreadsheet: columns %(columns)s.", columns=letters
            )
        )
    hidden_sheets = [other.title for other in book.worksheets if other.sheet_state != "visible"] if told else []
    if hidden_sheets:
        titles = ", ".join(f"“{title[:_LONGEST_TITLE]}”" for title in hidden_sheets[:8])
        notes.append(
            deferred_message("Not read, since they are hidden in the spreadsheet: worksheets %(names)s.", names=titles)
        )
    return Table(
        rows,
        notes=tuple(notes),
        incomplete=bool(hidden_rows or hidden_columns),
        periods=periods,
        epoch=book.epoch.date(),
    )


def _is_hidden(node: lxml.etree._Element, measure: str) -> bool:
    size = node.get(measure)
    return node.get("hidden") in ("1", "true") or (size is not None and float(size) == 0)


def _is_phonetic(parent: lxml.etree._Element | None) -> bool:
    """Whether the element holds the pronunciation of a text (a phonetic run), not the text."""
    return parent is not None and str(parent.tag).endswith("}rPh")


class _Cells:
    """The values of a worksheet's cells, scaled by their number formats."""

    def __init__(self, book: Workbook, page: ReadOnlyWorksheet, texts: list[str]) -> None:
        self.book, self.page, self.texts = book, page, texts
        self.formats: dict[str, tuple[str, bool, bool]] = {}

    def __call__(self, node: lxml.etree._Element, name: str) -> object:
        """The value of a `c` element (ECMA-376, part 1, 18.3.1.4); `name` is the cell's name, such as B3."""
        kind, parts = node.get("t", "n"), {str(part.tag).rpartition("}")[2]: part for part in node.iterchildren("{*}*")}
        if kind == "inlineStr":
            texts = parts["is"].iter("{*}t") if "is" in parts else ()
            return "".join(text.text or "" for text in texts if not _is_phonetic(text.getparent()))
        text = parts["v"].text if "v" in parts else None
        if not text:
            empty = kind == "str" and "v" in parts  # a formula's result may be an empty text
            return Uncalculated(name) if "f" in parts and not empty else None
        if kind == "n":
            return self._number(text, node.get("s", "0"))
        if kind == "s":
            return self.texts[int(text)]
        if kind == "b":
            return text == "1"
        if kind == "d":
            return from_ISO8601(text)  # type: ignore[no-untyped-call]  # its stub is untyped
        return text

    def _number(self, text: str, style: str) -> object:
        number_format, is_date, is_duration = self._format(style)
        value = int(text) if text.lstrip("-").isdecimal() else float(text)
        if is_date:
            try:
                return from_excel(value, self.book.epoch, timedelta=is_duration)
            except (OverflowError, ValueError):
                return "#VALUE!"
        percents, thousands = _scaling(number_format, value < 0)
        if not percents and not thousands:
            return value
        shown = Decimal(repr(value)).scaleb(2 * percents - 3 * thousands)
        return Percent(shown) if percents else Scaled(shown)

    def _format(self, style: str) -> tuple[str, bool, bool]:
        """A style's number format, and whether it shows a date or a duration."""
        if style not in self.formats:
            code = ReadOnlyCell(self.page, 1, 1, None, "n", int(style)).number_format
            is_date = is_date_format(code)
            self.formats[style] = code, is_date, is_date and is_timedelta_format(code)
        return self.formats[style]

    def period_shown(self, node: lxml.etree._Element, value: date | datetime) -> str:
        """The year or the month, if the format of a date shows no more than that; otherwise ""."""
        shown = set(_NOT_SHOWN.sub("", self._format(node.get("s", "0"))[0]).lower())
        if "y" not in shown or shown & set("dhs"):
            return ""
        return f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}"


@lru_cache(maxsize=1000)
def _scaling(number_format: str, negative: bool) -> tuple[int, int]:
    """The number of percent signs in a number format, and of commas that divide by a thousand."""
    sections = _NOT_SHOWN.sub("", number_format).split(";")
    section = sections[1] if negative and len(sections) > 1 else sections[0]
    commas = re.search(r"[0#?](,+)(?![0#?,])", section)
    counts = section.count("%"), len(commas.group(1)) if commas else 0
    return min(counts[0], _MOST_SCALING), min(counts[1], _MOST_SCALING)
