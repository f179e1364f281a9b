"""Files of tables: read whatever a spreadsheet wrote, write CSV, XLSX and JSON, and make the template."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import IO

import openpyxl
import tablib
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from pledges.desk.exchange import cells
from pledges.desk.exchange.resource import Table
from pledges.domain.languages import LANGUAGES
from pledges.domain.spreadsheets import harmless, natural, text_of
from pledges.domain.text import fold, visible
from pledges.watch.figures import tables

LARGEST = 15_000_000  # bytes
MOST_ROWS = 10_000
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_LONGEST_CELL = 32_767  # Excel's own limit


class BadFile(Exception):
    """The file as a whole cannot be read; `sentences` say what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = list(sentences)


@dataclass(frozen=True)
class Sheet:
    """A file's rows under the headings that the table knows; `numbers` are the rows' as a spreadsheet counts."""

    table: Table
    dataset: tablib.Dataset


def read(kind: type[Table], body: bytes, *, by) -> Sheet:
    """A file for an import by a user. Raises BadFile with every reason why it cannot be one."""
    if len(body) > LARGEST:
        raise BadFile(_("The file is larger than 15 MB, more than we read at once: import it in parts."))
    rows = _rows(kind, body)
    if len(rows) < 2:
        raise BadFile(_("There is no row below the headings."))
    if len(rows) - 1 > MOST_ROWS:
        raise BadFile(_("The file has more than %(most)s rows: import it in parts.") % {"most": f"{MOST_ROWS:,}"})
    (_number, first), *rows = rows
    headings = [_heading(cell) for cell in first]
    while headings and not headings[-1]:
        headings.pop()
    table = kind(by=by, columns=[fold(heading).replace(" ", "_") for heading in headings])
    names = _named(table, headings)
    is_json = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    dataset = tablib.Dataset(headers=names)
    table.numbers = []
    for number, row in rows:
        values = [*row[: len(names)], *[None] * (len(names) - len(row))]
        if any(_heading(cell) for cell in row[len(names) :]):
            raise BadFile(_("Row %(number)s has more cells than there are headings.") % {"number": number})
        for name, value in zip(names, values, strict=True):
            _check_cell(number, name, value)
        if not is_json:
            values = [natural(value) if isinstance(value, str) else value for value in values]
        if any(_heading(value) for value in values):
            dataset.append(values)
            table.numbers.append(number)
    if not table.numbers:
        raise BadFile(_("There is no row below the headings."))
    return Sheet(table, dataset)


def _rows(kind: type[Table], body: bytes) -> list[tuple[int, list]]:
    start = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise BadFile(_("The file is empty."))
    if not start.startswith((b"PK", b"{", b"[", b"<", b"%PDF", b"\xd0\xcf")) and not any(
        mark in start for mark in (b",", b";", b"\t", b"|")
    ):
        raise BadFile(_("This is no table: choose a file saved as CSV, XLSX or JSON."))
    try:
        table = tables.read_in_child(body, preferred=(kind.name, kind.title()))
    except tables.SeriesError as error:
        raise BadFile(_("The file cannot be read."), str(error.sentence)) from error
    if table.incomplete:
        raise BadFile(
            _("Something in the file cannot be seen or read. Mend it, or take it out."),
            *(str(note) for note in table.notes),
        )
    return table.rows


def _check_cell(number: int, column: str, value: object) -> None:
    """A cell that says nothing here is not an empty one, which would empty its field. Raises BadFile."""
    where = {"number": number, "column": column}
    if isinstance(value, tables.Uncalculated):
        words = _(
            "Row %(number)s, column “%(column)s”: the cell holds a formula without its result. Open the file in a "
            "spreadsheet program and save it there."
        )
        raise BadFile(words % where)
    if isinstance(value, list | dict):
        words = _("Row %(number)s, column “%(column)s”: this is a list or an object. Write it as one text.")
        raise BadFile(words % where)


def _heading(cell: object) -> str:
    return " ".join(text_of(cell).split()) if cell is not None else ""


def _named(table: Table, headings: list[str]) -> list[str]:
    """The columns' names for a file's headings, which may be the names or the labels in either language."""
    known = aliases(table)
    names, unknown, twice = [], [], []
    for number, heading in enumerate(headings, start=1):
        name = known.get(fold(heading)) or known.get(fold(heading).replace(" ", "_"))
        if not heading:
            unknown.append(_("column %(number)s, which has no heading") % {"number": number})
        elif name is None:
            unknown.append(f"“{heading[:60]}”")
        elif name in names:
            twice.append(f"“{heading[:60]}”")
        names.append(name or "")
    needed = {name for name in table.key if table.fields[name].blank is None}
    needed |= {column.column_name for column in table.columns if column.required and column.blank is None}
    missing = [name for name in table.fields if name in needed and name not in names]
    wrong = []
    if unknown:
        words = _("These columns are not known: %(names)s. Mend the headings or take the columns out.")
        wrong.append(words % {"names": ", ".join(unknown)})
    if twice:
        wrong.append(_("These columns stand there twice: %(names)s.") % {"names": ", ".join(twice)})
    if missing:
        words = _("These columns are missing: %(names)s. The template has them all.")
        wrong.append(words % {"names": ", ".join(missing)})
    if wrong:
        raise BadFile(*wrong)
    return names


def aliases(table: Table) -> dict[str, str]:
    """What each column may be called, folded: its name, and its label in English and Spanish where that is its own."""
    found: dict[str, str] = {}
    doubtful = set()
    for code in LANGUAGES:
        with override(code):
            for column in table.columns:
                label = fold(str(column.label))
                if found.setdefault(label, column.column_name) != column.column_name:
                    doubtful.add(label)
    found = {label: name for label, name in found.items() if label not in doubtful}
    return found | {fold(name): name for name in table.fields}


def export(table: Table, form: str, out: IO[bytes]) -> int:
    """Write all rows of a table into a binary file, one after the other, and tell how many they were.

    CSV is UTF-8 with a mark, as Excel wants it.
    """
    return _write([column.column_name for column in table.columns], table.rows(), form, out, title=table.name)


def _write(headings: list[str], rows: Iterable[list[str]], form: str, out: IO[bytes], *, title: str) -> int:
    count = 0
    if form == "json":
        out.write(b"[")
        for count, row in enumerate(rows, start=1):
            line = json.dumps(dict(zip(headings, row, strict=True)), ensure_ascii=False)
            out.write(f"{',' if count > 1 else ''}\n{line}".encode())
        out.write(b"\n]\n")
    elif form == "csv":
        out.write(b"\xef\xbb\xbf")
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(headings)
        for row in rows:
            writer.writerow(_shown(row))
            count += 1
        text.detach()
    else:
        book = openpyxl.Workbook(write_only=True)
        count = _add_sheet(book, title, headings, map(_shown, rows))
        book.save(out)
    return count


def _shown(row: list[str]) -> list[str]:
    """The cells for a spreadsheet: rows from before may hold what is invisible, or line ends that are no others'."""
    return [harmless(visible(cell)) for cell in row]


def _add_sheet(book: openpyxl.Workbook, title: str, headings: list[str], rows: Iterable[list[str]]) -> int:
    page = book.create_sheet(title[:31])
    page.freeze_panes = "A2"
    bold, top, number = Font(bold=True), Alignment(vertical="top"), 0
    for number, row in enumerate(chain([headings], rows)):
        written = []
        for text in row:
            cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST_CELL])
            cell.data_type = "s"  # a text, whatever it begins with
            cell.alignment = top
            if not number:
                cell.font = bold
            written.append(cell)
        page.append(written)
    return number


def template(kind: type[Table], form: str) -> bytes:
    """An empty table with its headings and an example; as XLSX with a sheet that tells what each column expects."""
    table = kind()
    columns = [column for column in table.columns if not column.readonly]
    example = [column.example for column in columns]
    headings = [column.column_name for column in columns]
    out = io.BytesIO()
    if form == "csv":
        _write(headings, [example], "csv", out, title=table.name)
        return out.getvalue()
    book = openpyxl.Workbook(write_only=True)
    _add_sheet(book, table.name, headings, [[harmless(text) for text in example]])
    about = [_("Column"), _("Name"), _("Needed"), _("What is expected"), _("Choices"), _("Example")]
    _add_sheet(book, _("Columns"), about, explained(table))
    book.save(out)
    return out.getvalue()


def explained(table: Table) -> list[tuple[str, str, str, str, str, str]]:
    """Each column's name, label, whether it is needed, what is expected, its choices, an example."""
    rows = []
    for column in table.columns:
        if column.readonly:
            continue
        needed = column.required or (column.column_name in table.key and column.blank is None)
        options = getattr(column.widget, "options", [])
        choices = "; ".join(f"{value}: {label}" for value, label in options)
        about = " ".join(filter(None, [str(column.about), kind_of(column)]))
        needs = _("yes") if needed else _("no")
        rows.append((column.column_name, str(column.label), needs, about, choices, column.example))
    return rows


def kind_of(column) -> str:
    """How a cell of the column is written."""
    widget = column.widget
    if isinstance(widget, cells.References):
        words = _("Addresses of %(rows)s, with ; between them.")
        return words % {"rows": widget.model._meta.verbose_name_plural}
    if isinstance(widget, cells.Reference):
        return _("The address of a row: %(kind)s.") % {"kind": widget.model._meta.verbose_name}
    if isinstance(widget, cells.Day):
        return _("A day: 2024-01-31 or 31/01/2024.")
    if isinstance(widget, cells.YesNo):
        return _("yes or no.")
    if isinstance(widget, cells.FigureCell):
        return _("A number, without thousands separators.")
    if isinstance(widget, cells.Phrases):
        return _("Phrases with ; between them.")
    return ""
