"""Tables out of files: CSV, JSON and XLSX as rows of cells, whatever their delimiter, charset and packing."""

import csv
import io
import json
import re
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from pledges.monitor.charsets import decode
from pledges.monitor.entries import FeedError
from pledges.monitor.language import fold
from pledges.sentences import Sentence, say

MOST_ROWS = 100_000
MOST_CELLS = 1_000_000
_LARGEST_UNPACKED = 60_000_000
_MOST_PARTS = 2000
_DELIMITERS = (",", ";", "\t", "|")


class SeriesError(FeedError):
    """The file holds no figures that can be read; `sentence` is for an editor, with row and column."""


@dataclass(frozen=True)
class Table:
    """Rows as (number as a spreadsheet counts, cells). `decimal` is the usual decimal sign of such a file, or ""."""

    rows: list[tuple[int, list]]
    decimal: str = ""


def read(body: bytes, *, content_type: str = "", url: str = "", path: str = "") -> Table:
    """The rows of a file of any of the three kinds. Raises SeriesError."""
    if not body.strip():
        raise SeriesError(say("The file is empty."))
    if body.startswith(b"PK\x03\x04"):
        return Table(_xlsx_rows(body, path))
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        raise SeriesError(say("This is an old Excel file (.xls): save it as .xlsx or CSV."))
    if body.startswith((b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8")):
        raise SeriesError(say("This is not a table: give the address of a CSV, JSON or XLSX file."))
    text = decode(body, content_type)
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<")):
        raise SeriesError(say("This is a web page, not a file of figures: look on it for a link to CSV, JSON or XLSX."))
    if start[:1] in ("{", "["):
        return Table(_json_rows(text, path))
    return _csv_table(text)


def worksheets(body: bytes) -> tuple[str, ...]:
    """The names of an XLSX file's worksheets; none for other files. Raises SeriesError for a damaged one."""
    if not body.startswith(b"PK\x03\x04"):
        return ()
    book = _workbook(body)
    try:
        return tuple(book.sheetnames)
    finally:
        book.close()


def _csv_table(text: str) -> Table:
    text = text.lstrip("\ufeff").replace("\0", "")
    if match := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):  # as Excel marks it
        delimiter, text = match.group(1), text[match.end() :]
    else:
        delimiter = _sniffed(text)
    rows, cells = [], 0
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for row in islice(reader, MOST_ROWS + 1):
            rows.append((reader.line_num, row))
            cells += len(row)
            _check_size(len(rows), cells)
    except csv.Error as error:
        said = say("The CSV file is damaged in line %(line)s: %(error)s.", line=reader.line_num, error=str(error))
        raise SeriesError(said) from None
    if max((len(row) for _number, row in rows), default=0) < 2:
        raise SeriesError(say("This is no table with a column for the period and one for the value."))
    return Table(rows, "," if delimiter == ";" else ".")


def _sniffed(text: str) -> str:
    """The delimiter that cuts the most lines into equally many parts."""
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:40]
    best, score = ",", 0
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            continue
        wide = [width for width in widths if width > 1]
        usual = max(set(wide), key=wide.count, default=0)
        if wide.count(usual) * 10 + min(usual, 9) > score and usual:
            best, score = delimiter, wide.count(usual) * 10 + min(usual, 9)
    return best


def _json_rows(text: str, path: str) -> list[tuple[int, list]]:
    try:
        data = json.loads(text, parse_float=Decimal, parse_int=_whole)
    except (ValueError, RecursionError):
        raise SeriesError(say("The JSON file is damaged or cut short.")) from None
    for key in filter(None, path.split(".")):
        if isinstance(data, list) and key.isdecimal() and int(key) < len(data):
            data = data[int(key)]
        elif isinstance(data, dict) and key in data:
            data = data[key]
        else:
            raise SeriesError(say("There is no “%(key)s” in the JSON file%(known)s.", key=key, known=_keys_of(data)))
    if isinstance(data, dict) and not path:
        lists = [key for key, value in data.items() if isinstance(value, list) and value]
        if len(lists) == 1:
            data = data[lists[0]]
    if isinstance(data, dict):
        if data and all(isinstance(value, (str, int, float, Decimal, type(None))) for value in data.values()):
            return [(0, ["key", "value"]), *((n, list(pair)) for n, pair in enumerate(data.items(), start=1))]
        raise SeriesError(say("Say where in the JSON file the rows are%(known)s.", known=_keys_of(data)))
    if not isinstance(data, list) or not data:
        raise SeriesError(say("There are no rows at this place in the JSON file."))
    _check_size(len(data), len(data))
    if all(isinstance(row, list) for row in data):
        _check_size(len(data), sum(map(len, data)))
        return list(enumerate(data, start=1))
    rows = [_flat(row) for row in data if isinstance(row, dict)]
    headings = list(dict.fromkeys(key for row in rows for key in row))
    if not headings:
        raise SeriesError(say("The rows at this place in the JSON file have no columns."))
    _check_size(len(rows), len(rows) * len(headings))
    return [(0, headings), *((n, [row.get(key) for key in headings]) for n, row in enumerate(rows, start=1))]


def _whole(digits: str) -> int:
    return int(digits) if len(digits) < 40 else 10**40  # too large to hold is said later, with its row


def _flat(row: dict, above: str = "", depth: int = 0) -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in row.items():
        if isinstance(value, dict) and depth < 4:
            flat |= _flat(value, f"{above}{key}.", depth + 1)
        elif not isinstance(value, (dict, list)):
            flat[f"{above}{key}"] = value
    return flat


def _keys_of(data: object) -> Sentence | str:
    """The end of a sentence that says what there is instead."""
    if isinstance(data, dict):
        return say("; there are %(names)s", names=", ".join(f"“{str(key)[:40]}”" for key in list(data)[:8]))
    return say("; there is a list of %(count)s, counted from 0", count=len(data)) if isinstance(data, list) else ""


def _xlsx_rows(body: bytes, sheet: str) -> list[tuple[int, list]]:
    book = _workbook(body)
    try:
        names = {fold(name.strip()): name for name in book.sheetnames}
        if sheet and fold(sheet.strip()) not in names:
            known = ", ".join(f"“{name}”" for name in book.sheetnames[:8])
            said = say("There is no worksheet “%(name)s” in the file; there are %(names)s.", name=sheet, names=known)
            raise SeriesError(said)
        page = book[names[fold(sheet.strip())]] if sheet else book.worksheets[0]
        page.reset_dimensions()  # what the file says of its size is not to be trusted
        rows, cells = [], 0
        for number, row in enumerate(page.iter_rows(values_only=True), start=1):
            cells += max(1, len(row))
            _check_size(number, cells)
            if any(cell is not None for cell in row):
                rows.append((number, list(row)))
        return rows
    except SeriesError:
        raise
    except Exception:  # openpyxl raises what it happens to stumble over
        raise SeriesError(say("The worksheet is damaged and cannot be read: open it and save it anew.")) from None
    finally:
        book.close()


def _workbook(body: bytes):
    import openpyxl  # a tenth of a second and 15 MB, for the few sources that need it

    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts = packed.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
                raise SeriesError(
                    say("The XLSX file is larger than 60 MB when unpacked: save the one worksheet as CSV.")
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and _declares(packed.read(part)):
                    raise SeriesError(
                        say("The XLSX file declares XML entities, which no spreadsheet does: it is not read.")
                    )
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
    except SeriesError:
        raise
    except Exception:  # as above
        raise SeriesError(say("This is not an XLSX file, or it is damaged: open it and save it anew.")) from None
    if not book.worksheets:
        raise SeriesError(say("The XLSX file has no worksheet with cells."))
    return book


def _declares(part: bytes) -> bool:
    return any(mark.encode(charset) in part for mark in ("<!DOCTYPE", "<!ENTITY") for charset in ("utf-8", "utf-16-le"))


def _check_size(rows: int, cells: int) -> None:
    if rows > MOST_ROWS or cells > MOST_CELLS:
        said = say(
            "The table has more than %(rows)s rows or %(cells)s cells, more than we read.",
            rows=MOST_ROWS,
            cells=MOST_CELLS,
        )
        raise SeriesError(said)
