"""Files of tables: read what a spreadsheet program saved; write CSV, XLSX and JSON; make the template."""

import csv
import io
import json
from collections.abc import Iterable
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from pledges.desk.exchange.importing import Sheet
from pledges.desk.exchange.table import Table
from pledges.desk.shared.forms import text_and_language
from pledges.domain.languages import LANGUAGES
from pledges.domain.lazy import lazy
from pledges.domain.spreadsheets import harmless, natural, text_of
from pledges.domain.text import fold, visible
from pledges.models import User
from pledges.models.bilingual import needed_texts
from pledges.watch.figures import tables

if TYPE_CHECKING:
    import openpyxl
    import openpyxl.styles
else:
    openpyxl = lazy("openpyxl")

LARGEST = 15_000_000  # bytes
MOST_ROWS = 10_000
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_BLANK = b"\xef\xbb\xbf \t\r\n"  # a byte order mark and white space, which may stand before the text
_LONGEST_CELL = 32_767  # Excel's own limit


class BadFile(Exception):
    """The file as a whole cannot be read; `sentences` say what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = list(sentences)


def read(kind: type[Table], body: bytes, *, by: User) -> Sheet:
    """A file for an import by a user. Raises BadFile with every reason why it cannot be one."""
    if len(body) > LARGEST:
        raise BadFile(_("The file is larger than 15 MB, more than we read at once: import it in parts."))
    rows = _rows(kind, body)
    if len(rows) < 2:
        raise BadFile(_("There is no row below the headings."))
    if len(rows) - 1 > MOST_ROWS:
        raise BadFile(_("The file has more than %(most)s rows: import it in parts.") % {"most": f"{MOST_ROWS:,}"})
    (_number, first), *rows = rows
    headings = [_words(cell) for cell in first]
    while headings and not headings[-1]:
        headings.pop()
    table = kind(by=by, headings=[fold(heading).replace(" ", "_") for heading in headings])
    names = _column_names(table, headings)
    is_json = body.lstrip(_BLANK)[:1] in (b"{", b"[")
    sheet = Sheet(table, names, [])
    for number, row in rows:
        cells: list[Any] = [*row[: len(names)], *[None] * (len(names) - len(row))]
        if any(_words(cell) for cell in row[len(names) :]):
            raise BadFile(_("Row %(number)s has more cells than there are headings.") % {"number": number})
        for name, cell in zip(names, cells, strict=True):
            _check_cell(number, name, cell)
        if not is_json:
            cells = [natural(cell) if isinstance(cell, str) else cell for cell in cells]
        if any(_words(cell) for cell in cells):
            sheet.rows.append((number, cells))
    if not sheet.rows:
        raise BadFile(_("There is no row below the headings."))
    return sheet


def _rows(kind: type[Table], body: bytes) -> list[tuple[int, list[Any]]]:
    start = body[:2000].lstrip(_BLANK)
    if not start:
        raise BadFile(_("The file is empty."))
    is_other = start.startswith((b"PK", b"{", b"[", b"<", b"%PDF", b"\xd0\xcf"))
    if not is_other and not any(mark in start for mark in (b",", b";", b"\t", b"|")):
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


def _check_cell(number: int, column: str, cell: object) -> None:
    """Raise BadFile for a cell whose value is unknown: read as an empty one, it would empty its field."""
    words = ""
    if isinstance(cell, tables.Uncalculated):
        words = _(
            "Row %(number)s, column “%(column)s”: the cell holds a formula without its result. Open the file in a "
            "spreadsheet program and save it there."
        )
    elif isinstance(cell, list | dict):
        words = _("Row %(number)s, column “%(column)s”: this is a list or an object. Write it as one text.")
    if words:
        raise BadFile(words % {"number": number, "column": column})


def _words(cell: object) -> str:
    return " ".join(text_of(cell).split())


def _column_names(table: Table, headings: list[str]) -> list[str]:
    """The columns' names for a file's headings, which may be the names or the labels in either language."""
    known = _names_by_heading(table)
    names: list[str] = []
    unknown, twice = [], []
    for number, heading in enumerate(headings, start=1):
        name = known.get(fold(heading)) or known.get(fold(heading).replace(" ", "_"))
        if not heading:
            unknown.append(_("column %(number)s, which has no heading") % {"number": number})
        elif name is None:
            unknown.append(f"“{heading[:60]}”")
        elif name in names:
            twice.append(f"“{heading[:60]}”")
        names.append(name or "")
    needed = [
        column.name
        for column in table.columns
        if column.default is None and (column.required or column.name in table.key)
    ]
    missing = [name for name in needed if name not in names]
    sentences = {
        _("These columns are not known: %(names)s. Mend the headings or take the columns out."): unknown,
        _("These columns stand there twice: %(names)s."): twice,
        _("These columns are missing: %(names)s. The template has them all."): missing,
    }
    wrong = [words % {"names": ", ".join(columns)} for words, columns in sentences.items() if columns]
    if wrong:
        raise BadFile(*wrong)
    return names


def _names_by_heading(table: Table) -> dict[str, str]:
    """The columns by what each may be headed, folded: its name, and its labels unless another column has the same."""
    names: dict[str, str] = {}
    ambiguous = set()
    for code in LANGUAGES:
        with override(code):
            for column in table.columns:
                label = fold(str(column.label))
                if names.setdefault(label, column.name) != column.name:
                    ambiguous.add(label)
    unique = {label: name for label, name in names.items() if label not in ambiguous}
    return unique | {fold(name): name for name in table.by_name}


def export(table: Table, form: str, out: IO[bytes]) -> int:
    """Write all rows of a table into a binary file, one after the other, and return how many they were.

    CSV is UTF-8 with a byte order mark, as Excel wants it.
    """
    return _write(list(table.by_name), table.exported(), form, out, title=table.name)


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
            writer.writerow(_safe(row))
            count += 1
        text.detach()
    else:
        book = openpyxl.Workbook(write_only=True)
        count = _add_sheet(book, title, headings, map(_safe, rows))
        book.save(out)
    return count


def _safe(row: list[str]) -> list[str]:
    """The cells for a spreadsheet, without formulas and without what is invisible, which older rows may hold."""
    return [harmless(visible(cell)) for cell in row]


def _add_sheet(book: "openpyxl.Workbook", title: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> int:
    """Add a worksheet, and return the number of its rows."""
    page: Any = book.create_sheet(title[:31])
    page.freeze_panes = "A2"
    styles, illegal = openpyxl.styles, openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE
    bold, top, number = styles.Font(bold=True), styles.Alignment(vertical="top"), 0
    for number, row in enumerate(chain([headings], rows)):
        written = []
        for text in row:
            cell: Any = openpyxl.cell.WriteOnlyCell(page, illegal.sub("", text)[:_LONGEST_CELL])
            cell.data_type = "s"  # a text, whatever it begins with
            cell.alignment = top
            if not number:
                cell.font = bold
            written.append(cell)
        page.append(written)
    return number


def template(kind: type[Table], form: str) -> bytes:
    """An empty table with its headings and an example; as XLSX, with a sheet about what each column expects."""
    table = kind()
    columns = [column for column in table.columns if not column.readonly]
    headings, example = [column.name for column in columns], [column.example for column in columns]
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
        is_needed = column.required or (column.name in table.key and column.default is None)
        choices = "; ".join(f"{value}: {label}" for value, label in getattr(column.cell, "choices", ()))
        about = " ".join(filter(None, [str(column.about), str(column.cell.about)]))
        needed = _("yes") if is_needed else _("no")
        if text_and_language(column.name)[0] in needed_texts(table.model):
            needed = _("in one language")
        rows.append((column.name, str(column.label), needed, about, choices, column.example))
    return rows
