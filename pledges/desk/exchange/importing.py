"""The import of a file: every row is checked, then all of them are written, or none. A dry run takes the same way."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext as _

from pledges.actions import publishing
from pledges.desk.exchange.results import CellChange, ImportResult, PendingRow, RowOutcome
from pledges.desk.exchange.table import Key, Row, Table
from pledges.domain.spreadsheets import text_of

BATCH = 500
MOST_REFUSED = 100  # rows that the database refuses before the rest is left untried: finding each costs some queries
log = logging.getLogger(__name__)

Cells = dict[str, object]


@dataclass(frozen=True)
class Sheet:
    """A file's rows, as (number as a spreadsheet counts, cells), under the names of the table's columns."""

    table: Table
    headings: list[str]
    rows: list[tuple[int, list[object]]]

    def __iter__(self) -> Iterator[tuple[int, Cells]]:
        for number, cells in self.rows:
            yield number, dict(zip(self.headings, cells, strict=True))


def import_sheet(sheet: Sheet, *, dry_run: bool = False) -> ImportResult:
    """Write all rows, with one edition for those that readers see; nothing on a dry run or when a row has an error.

    Raises `errors.Refused` when the edition cannot be made.
    """
    with transaction.atomic():
        result = _Import(sheet.table).run(sheet, dry_run)
        if dry_run or result.is_refused:
            transaction.set_rollback(True)
    return result


class _Import:
    def __init__(self, table: Table) -> None:
        self.table = table
        self.result = ImportResult()
        self.numbers: dict[Key, int] = {}  # of the file's rows
        self.public: list[Row] = []
        self.batch: list[PendingRow] = []
        self.refused = 0  # by the database

    def run(self, sheet: Sheet, dry_run: bool) -> ImportResult:
        table, result = self.table, self.result
        keys = [_key(table, cells) for _number, cells in sheet]
        right_keys = list(dict.fromkeys(key for key in keys if not isinstance(key, ValidationError)))
        table.known = table.find(right_keys)
        if not dry_run:  # nobody else saves these rows until this is done; what was saved just now is read anew
            table.lock()
            table.known = table.find(right_keys)
        for (number, cells), key in zip(sheet, keys, strict=True):
            name = " · ".join(str(cells.get(column) or "") for column in table.key)[:120]
            outcome = RowOutcome(number, name)
            result.rows.append(outcome)
            self._import_row(outcome, key, cells)
            if len(self.batch) >= BATCH:
                self._flush()
        self._flush()
        result.cut = self.refused >= MOST_REFUSED
        result.public = len(self.public)
        if not dry_run and not result.is_refused:
            if self.public:
                rows = sorted(self.public, key=lambda row: row.pk)
                result.edition = publishing.record_change(*rows, by=table.by)
            table.finish()
        return result

    def _import_row(self, outcome: RowOutcome, key: Key | ValidationError, cells: Cells) -> None:
        try:
            if isinstance(key, ValidationError):
                raise key
            if key in self.numbers:
                words = _("Row %(number)s of the file is the same one. Keep one of the two.")
                raise ValidationError({self.table.key[0]: [words % {"number": self.numbers[key]}]})
            self.numbers[key] = outcome.number
            self._check_and_queue(outcome, key, cells)
        except ValidationError as error:
            outcome.refuse(error)
        except Exception:
            log.exception("row %s of %s cannot be imported", outcome.number, self.table.name)
            words = _("This row cannot be imported. Tell whoever runs this server: its log says why.")
            outcome.refuse(ValidationError(words))

    def _check_and_queue(self, outcome: RowOutcome, key: Key, cells: Cells) -> None:
        table = self.table
        row, is_new = table.known.get(key), False
        if row is None:
            row, is_new = table.start(key), True
            table.known[key] = row
        changes, related = _fill(table, row, cells, is_new)
        if not is_new and not changes:
            outcome.kind = "unchanged"
            return
        changed = {change.column for change in changes}
        errors: dict[str, list[str]] = {}
        for name, sentence in table.problems(row, changed):
            errors.setdefault(name or NON_FIELD_ERRORS, []).append(sentence)
        if errors:
            raise ValidationError(errors)
        outcome.kind, outcome.changes = "new" if is_new else "changed", tuple(changes)
        table.accept(row)
        self.batch.append(PendingRow(row, changed, related, outcome))
        if table.is_public(row) and table.public_columns & changed:
            self.public.append(row)

    def _flush(self) -> None:
        batch, self.batch = self.batch, []
        if batch and self.refused < MOST_REFUSED:
            self._write(batch)

    def _write(self, batch: list[PendingRow]) -> None:
        """Write a batch. When the database refuses it, look for the rows to blame by halves: each gets its sentence."""
        new = [part for pending in batch for part in self.table.parts(pending.row) if part.pk is None]
        try:
            with transaction.atomic():
                self.table.save(batch)
            return
        except (DatabaseError, ValidationError) as error:
            refusal = error
        for part in new:
            part.pk, part._state.adding = None, True
        if self.refused >= MOST_REFUSED:
            return
        if len(batch) > 1:
            self._write(batch[: len(batch) // 2])
            self._write(batch[len(batch) // 2 :])
            return
        self.refused += 1
        (pending,) = batch
        pending.outcome.refuse(_explained(self.table, pending.row, refusal))


def _key(table: Table, cells: Cells) -> Key | ValidationError:
    """The key in a row of the file, or what is wrong with it by column."""
    errors, key = {}, []
    for name in table.key:
        try:
            value = table.by_name[name].read(cells.get(name))
            key.append(value.pk if isinstance(value, models.Model) else value)
        except ValueError as error:
            errors[name] = [str(error)]
    return ValidationError(errors) if errors else tuple(key)


def _fill(table: Table, row: Row, cells: Cells, is_new: bool) -> tuple[list[CellChange], dict[str, list[Row]]]:
    """Put the file's values on the row: the cells that change, and the rows that it refers to, by relation.

    Raises ValidationError with what is wrong by column.
    """
    changes: list[CellChange] = []
    related: dict[str, list[Row]] = {}
    errors: dict[str, list[str]] = {}
    for column in table.columns:
        if column.readonly:
            continue
        if column.name not in cells:
            if is_new and column.default is not None:
                column.put(row, column.default)
            continue
        try:
            value = column.read(cells[column.name])
        except ValueError as error:
            errors[column.name] = [str(error)]
            continue
        before, after = "" if is_new else column.exported(row), column.cell.write(value)
        if not is_new and text_of(before) == after:  # what was typed before may hold what a cell loses
            continue
        if after or not is_new:
            changes.append(CellChange(column.name, before, after))
        if column.is_many:
            related[column.attribute] = value
        else:
            column.put(row, value)
    if errors:
        raise ValidationError(errors)
    return changes, related


def _explained(table: Table, row: Row, error: DatabaseError | ValidationError) -> ValidationError:
    """What the database refuses as a sentence, at its column where a constraint tells it."""
    if isinstance(error, ValidationError):
        return error
    cause = error.__cause__
    diagnostics = cause.diag if isinstance(cause, psycopg.Error) else None
    for part in table.parts(row):
        for constraint in part._meta.constraints:
            if diagnostics is not None and constraint.name == diagnostics.constraint_name:
                columns = [name for name in _fields_of(constraint) if name in table.by_name] or [NON_FIELD_ERRORS]
                return ValidationError({columns[0]: [str(constraint.get_violation_error_message())]})
    if diagnostics is not None and isinstance(cause, psycopg.IntegrityError | psycopg.errors.RaiseException):
        message = diagnostics.message_primary
        return ValidationError(_("The database refuses this row: %(message)s") % {"message": message})
    return ValidationError(_("The database cannot hold this row: %(message)s") % {"message": str(error)[:200]})


def _fields_of(constraint: models.BaseConstraint) -> list[str]:
    if isinstance(constraint, models.UniqueConstraint):
        return list(constraint.fields)
    names: list[str] = []

    def collect(condition: object) -> None:
        for child in getattr(condition, "children", ()):
            if isinstance(child, tuple):
                names.append(child[0].split("__")[0])
            else:
                collect(child)

    collect(getattr(constraint, "condition", None))
    return list(dict.fromkeys(names))
