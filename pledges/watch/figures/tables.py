"""Reads tables from CSV, JSON and XLSX files as rows of cells, with any delimiter and charset.

Files are untrusted: `read_in_child` and `series.read_in_child` read them in a child process with limits of time and
memory.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby, islice
from typing import Any

from pledges.domain.messages import DeferredMessage, deferred_message
from pledges.watch import isolation
from pledges.watch.figures import numbers
from pledges.watch.figures import periods as figures_periods
from pledges.watch.sources.entries import FeedError
from pledges.watch.web.charsets import decode

MOST_ROWS = 100_000
MOST_CELLS = 1_000_000
_DELIMITERS = ("\t", ";", "|", ",")  # rarer in texts first: of two that fit equally, the first wins
_SNIFFED = 100_000  # characters
_SNIFFED_ROWS = 60
_SNIFFED_CELLS = 2000
_TEXT = 0.8  # the score of a text, where numbers and periods score 1
_MOST_LISTED = 20


class SeriesError(FeedError):
    """The file has no figures that can be read; `sentence` is for an editor, with row and column."""


class Scaled(Decimal):
    """A number that its cell shows in thousands or millions."""


@dataclass(frozen=True)
class Uncalculated:
    """A cell with a formula whose result is not in the file; `cell` is its name, such as B3."""

    cell: str

    def __str__(self) -> str:
        return self.cell


@dataclass(frozen=True)
class Table:
    """Rows as (number from 1, cells). `decimal` is the usual decimal separator of such a file, or "".

    `notes` say what was left out; `incomplete` is true if rows or columns were. `periods` holds what cells with dates
    show as year or month, by row number and column from 0; `epoch` is the day from which the spreadsheet counts days.
    """

    rows: list[tuple[int, list[Any]]]
    decimal: str = ""
    notes: tuple[DeferredMessage, ...] = ()
    incomplete: bool = False
    periods: dict[tuple[int, int], str] = field(default_factory=dict)
    epoch: date | None = None


def read_in_child(body: bytes, **kwargs: Any) -> Table:
    """As `read`, in a child process with limits."""
    table: Table = in_child(read, body, **kwargs)
    return table


def in_child(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function that reads a table in a child process. Raises what it raises, or SeriesError above the limits."""
    try:
        return isolation.call(function, *args, **kwargs)
    except isolation.IsolationError as error:
        message = deferred_message("%(reason)s Of a spreadsheet, save the one worksheet as CSV.", reason=error.sentence)
        raise SeriesError(message) from None


def read(
    body: bytes, *, content_type: str = "", url: str = "", path: str = "", preferred: tuple[str, ...] = ()
) -> Table:
    """The rows of a CSV, JSON or XLSX file. Raises SeriesError.

    `path` is the name of a worksheet, or the path to the rows in JSON; without it, the worksheets in `preferred` are
    tried.
    """
    if not body.strip():
        raise SeriesError(deferred_message("The file is empty."))
    if b"mimetypeapplication/vnd.oasis" in body[:100]:
        raise SeriesError(deferred_message("This is an OpenDocument file (.ods): save it as .xlsx or CSV."))
    if body.startswith(b"PK\x03\x04"):
        # Imported here because openpyxl takes a tenth of a second and 15 MB, and is rarely needed.
        from pledges.watch.figures import workbook

        return workbook.read(body, path, preferred=preferred)
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        raise SeriesError(deferred_message("This is an old Excel file (.xls): save it as .xlsx or CSV."))
    if body.startswith((b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8")):
        raise SeriesError(deferred_message("This is not a table: give the address of a CSV, JSON or XLSX file."))
    text = decode(body, content_type)
    start = text[:2000].lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<")):
        raise SeriesError(
            deferred_message("This is a web page, not a file of figures: look on it for a link to CSV, JSON or XLSX.")
        )
    if start[:1] in ("{", "["):
        return _json_table(text, path)
    return _csv_table(text)


def listed(rows: Iterable[int], most: int = _MOST_LISTED) -> str:
    """The numbers of rows, abbreviated: 3, 7–9, and "…" after `most` of these."""
    runs = [
        [number for _place, number in run]
        for _start, run in groupby(enumerate(sorted(set(rows))), key=lambda pair: pair[1] - pair[0])
    ]
    ranges = [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return ", ".join([*ranges[:most], *(["…"] if len(ranges) > most else [])])


def _csv_table(text: str) -> Table:
    text = text.lstrip("\ufeff").replace("\0", "")
    if match := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):  # Excel's marker
        delimiter, text = match.group(1), text[match.end() :]
    else:
        delimiter = _sniffed(text)
    rows = _csv_rows(text, delimiter)
    if max((len(row) for _number, row in rows), default=0) < 2:
        raise SeriesError(deferred_message("This is no table with a column for the period and one for the value."))
    return Table(rows, "," if delimiter == ";" else ".")


def _csv_rows(text: str, delimiter: str) -> list[tuple[int, list[Any]]]:
    """The rows of a CSV file. An unclosed or misplaced quotation mark must not swallow rows."""
    failure: tuple[int, str] | None = None
    for strict in (True, False):
        rows: list[tuple[int, list[Any]]] = []
        cells = 0
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
        try:
            for number, row in enumerate(islice(reader, MOST_ROWS + 1), start=1):
                rows.append((number, row))
                cells += len(row)
                check_size(number, cells)
        except csv.Error as error:
            failure = failure or (reader.line_num, str(error))
            continue
        if failure is None or not any("\n" in cell for _number, row in rows for cell in row):
            return rows
        break
    assert failure, "without one, the first iteration returned the rows"
    line, fault = failure
    message = deferred_message("The CSV file is damaged in line %(line)s: %(error)s.", line=line, error=fault)
    raise SeriesError(message) from None


def _sniffed(text: str) -> str:
    """The delimiter with the most rows of equal width and the most complete cells."""
    sample = text[:_SNIFFED]
    if len(text) > _SNIFFED:
        sample = sample[: sample.rfind("\n") + 1]
    best, score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
            rows = list(islice((row for row in reader if any(cell.strip() for cell in row)), _SNIFFED_ROWS))
        except csv.Error:
            continue
        wide = [len(row) for row in rows if len(row) > 1]
        if not wide:
            continue
        usual = max(set(wide), key=lambda width: (wide.count(width), width))
        cells = [cell for row in rows if len(row) == usual for cell in row][:_SNIFFED_CELLS]
        new_score = sum(_completeness(cell, delimiter) for cell in cells) / len(cells) * wide.count(usual) / len(rows)
        if new_score > score:
            best, score = delimiter, new_score
    return best


def _completeness(cell: str, delimiter: str) -> float:
    """How likely a cell was split correctly: 1 for a number or a period, less for a text, 0 for a text that begins in
    the middle of a sentence or contains another delimiter."""
    bare = cell.strip()
    if "\t" in bare:  # a number may have spaces, but no tab
        return 0
    if not numbers.is_given(bare) or numbers.number(bare, ",") is not None or numbers.number(bare, ".") is not None:
        return 1
    if figures_periods.span(bare) is not None or figures_periods.is_slashed(bare) or figures_periods.is_fiscal(bare):
        return 1
    if cell[:1] == " " and delimiter == ",":  # as between the words of a sentence
        return 0
    others = "".join(other for other in _DELIMITERS if other != delimiter)
    return 0 if re.search(rf"[{re.escape(others)}](?! |$)", bare) else _TEXT


def _json_table(text: str, path: str) -> Table:
    try:
        data = json.loads(text, parse_float=_decimal, parse_int=_whole)
    except (ValueError, RecursionError):
        raise SeriesError(deferred_message("The JSON file is damaged or cut short.")) from None
    for key in filter(None, path.split(".")):
        if isinstance(data, list) and key.isdecimal() and int(key) < len(data):
            data = data[int(key)]
        elif isinstance(data, dict) and key in data:
            data = data[key]
        else:
            raise SeriesError(
                deferred_message("There is no “%(key)s” in the JSON file%(known)s.", key=key, known=_keys_of(data))
            )
    if isinstance(data, dict) and not path:
        lists = [key for key, value in data.items() if isinstance(value, list) and value]
        if len(lists) == 1:
            data = data[lists[0]]
    if isinstance(data, dict):
        if data and all(isinstance(value, (str, int, float, Decimal, type(None))) for value in data.values()):
            pairs = [(n, list(pair)) for n, pair in enumerate(data.items(), start=1)]
            check_size(len(pairs), 2 * len(pairs))
            return Table([(0, ["key", "value"]), *pairs])
        raise SeriesError(deferred_message("Say where in the JSON file the rows are%(known)s.", known=_keys_of(data)))
    if not isinstance(data, list) or not data:
        raise SeriesError(deferred_message("There are no rows at this place in the JSON file."))
    check_size(len(data), len(data))
    if all(isinstance(row, list) for row in data):
        check_size(len(data), sum(map(len, data)))
        return Table(list(enumerate(data, start=1)))
    rows = [(n, _flat(row)) for n, row in enumerate(data, start=1) if isinstance(row, dict)]
    headings = list(dict.fromkeys(key for _number, row in rows for key in row))
    if not headings:
        raise SeriesError(deferred_message("The rows at this place in the JSON file have no columns."))
    check_size(len(rows), len(rows) * len(headings))
    other = {n for n, row in enumerate(data, start=1) if not isinstance(row, dict)}
    notes = (
        [deferred_message("Left out, since they are no objects: rows %(rows)s.", rows=listed(other))] if other else []
    )
    table = [(n, [row.get(key) for key in headings]) for n, row in rows]
    return Table([(0, headings), *table], notes=tuple(notes), incomplete=bool(other))


def _whole(digits: str) -> int:
    return int(digits) if len(digits) < 40 else 10**40  # too large to hold is said later, with its row


def _decimal(digits: str) -> Decimal:
    try:
        value = Decimal(digits)
    except InvalidOperation:  # an exponent without measure
        return Decimal(10**40)
    return value if abs(value.adjusted()) < 40 else Decimal(10**40 if value.adjusted() > 0 else 0)  # and so here


def _flat(row: dict[str, Any], above: str = "", depth: int = 0) -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in row.items():
        if isinstance(value, dict) and value and depth < 4:
            flat |= _flat(value, f"{above}{key}.", depth + 1)
        else:
            flat[f"{above}{key}"] = value
    return flat


def _keys_of(data: object) -> DeferredMessage | str:
    """The end of a sentence that says what there is instead."""
    if isinstance(data, dict):
        return deferred_message(
            "; there are %(names)s", names=", ".join(f"“{str(key)[:40]}”" for key in list(data)[:8])
        )
    return (
        deferred_message("; there is a list of %(count)s, counted from 0", count=len(data))
        if isinstance(data, list)
        else ""
    )


def check_size(rows: int, cells: int) -> None:
    """Raises SeriesError for a table above the limits."""
    if rows > MOST_ROWS or cells > MOST_CELLS:
        message = deferred_message(
            "The table has more than %(rows)s rows or %(cells)s cells, more than we read.",
            rows=MOST_ROWS,
            cells=MOST_CELLS,
        )
        raise SeriesError(message)
