"""What all tables share: each row's fate on import, its errors by column, and one edition for all that becomes public.

The import itself is django-import-export's: a dry run and the real one take the same way, and the first is rolled back.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource

from pledges.actions import publishing
from pledges.desk.exchange import bulk_write
from pledges.desk.exchange.columns import CellChange, Column
from pledges.desk.exchange.results import ImportResult, RowOutcome, Waiting
from pledges.domain import spreadsheets
from pledges.models import User
from pledges.queries.sealed_content import FIELDS

Key = tuple
log = logging.getLogger(__name__)


def broken(row: models.Model) -> Iterator[tuple[str, str]]:
    """The rules of the row's own `clean` that it breaks, as (field, sentence)."""
    try:
        row.clean()
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            yield from ((name, message) for message in messages)


class Table(bulk_write.Writing, Resource):
    """One kind of row as a table. Subclasses say their model, key and columns, and what their rows must obey.

    `by` is who imports. `needs` are the permissions that an import needs on top of adding and changing the model.
    """

    model: type[models.Model]
    name = ""
    key: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    within: tuple[type[models.Model], ...] = ()  # models whose rows stand in columns of this table
    importable = True

    class Meta:
        instance_loader_class = BaseInstanceLoader
        skip_diff = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        use_bulk = True  # no savepoint a row: `flush` has one a batch
        store_row_values = False

    def __init__(self, *, by: User | None = None, columns: Iterable[str] = ()) -> None:
        """`columns` are the headings of a file about to be read, for tables whose columns follow from it."""
        super().__init__()
        self.by = by
        self.headings = tuple(columns)
        self.fields = {column.column_name: column for column in self.make_columns()}
        self.numbers: list[int] = []
        self.touched: list[models.Model] = []

    def make_columns(self) -> list[Column]:
        """The columns in their order."""
        raise NotImplementedError

    @cached_property
    def columns(self) -> list[Column]:
        """The columns in their order."""
        return list(self.fields.values())

    @classmethod
    def title(cls) -> str:
        """What the rows are called."""
        return str(cls.model._meta.verbose_name_plural)

    @classmethod
    def home(cls) -> type[models.Model]:
        """The model whose list at the desk shows the rows."""
        return cls.model

    @classmethod
    def may_export(cls, user: User) -> bool:
        """Who may see the rows may take them along."""
        return user.has_perm(f"pledges.view_{cls.model._meta.model_name}")

    @classmethod
    def may_import(cls, user: User) -> bool:
        """Who may add and change the rows, and has what else is needed."""
        name = cls.model._meta.model_name
        needed = (f"add_{name}", f"change_{name}", *cls.needs)
        return cls.importable and all(user.has_perm(f"pledges.{each}") for each in needed)

    # --- export
    def get_queryset(self) -> models.QuerySet:
        """All rows, with what the columns read."""
        related = [c.column_name for c in self.columns if c.field is not None and c.field.many_to_one]
        many = [c.column_name for c in self.columns if c.is_many]
        rows = self.model._default_manager.order_by(*self.order).prefetch_related(*many)
        return rows.select_related(*related) if related else rows

    order: tuple[str, ...] = ("pk",)

    def prepare(self, row: models.Model) -> models.Model:
        """Hang on the row what its columns read beside its own fields."""
        return row

    def before_export(self, queryset=None, **kwargs) -> None:
        """Read what the rows need of each other."""

    def rows(self) -> Iterator[list[str]]:
        """The cells of every row, read some at a time: a table may be larger than the memory."""
        self.before_export()
        for row in self.get_queryset().iterator(chunk_size=1000):
            ready = self.prepare(row)
            yield [column.shown(ready) for column in self.columns]

    # --- import: what is there already
    def find(self, keys: list[Key]) -> dict[Key, models.Model]:
        """The rows that have these keys, in a fixed number of queries."""
        names = [key[0] for key in keys]
        rows = self.get_queryset().filter(**{f"{self.key[0]}__in": names})
        return {(getattr(row, self.key[0]),): self.prepare(row) for row in rows}

    def start(self, key: Key) -> models.Model:
        """A new row, not saved."""
        return self.prepare(self.model())

    def key_of(self, row: dict) -> Key:
        """The key in a row of the file. Raises ValidationError by column."""
        wrong, key = {}, []
        for name in self.key:
            try:
                value = self.fields[name].read(row.get(name))
                key.append(value.pk if isinstance(value, models.Model) else value)
            except ValueError as error:
                wrong[name] = [str(error)]
        if wrong:
            raise ValidationError(wrong)
        return tuple(key)

    def before_import(self, dataset, **kwargs) -> None:
        """Find all rows at once."""
        keys = []
        for values in dataset:
            try:
                keys.append(self.key_of(dict(zip(dataset.headers, values, strict=True))))
            except ValidationError:
                continue  # said with its row
        keys = list(dict.fromkeys(keys))
        self.known, self.seen = self.find(keys), {}
        if not self.dry_run:  # nobody else saves them until this is done; what was saved just now is read anew
            self._lock()
            self.known = self.find(keys)
        self.touched, self.waiting, self.refused = [], [], 0

    def import_data(self, dataset, dry_run=False, **kwargs) -> ImportResult:
        """django-import-export's, all or nothing."""
        self.dry_run = dry_run
        return super().import_data(
            dataset, dry_run=dry_run, use_transactions=True, rollback_on_validation_errors=True, **kwargs
        )

    def _lock(self) -> None:
        there = defaultdict(list)
        for known in self.known.values():
            for row in self.written(known):
                if row.pk:
                    there[type(row)].append(row.pk)
        for model, keys in there.items():
            rows = model._default_manager.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys)
            list(rows.order_by("pk").values_list("pk"))

    def import_row(self, row, instance_loader, **kwargs) -> RowOutcome:
        """One row: its fate, with its number and name."""
        self.number = self.numbers[kwargs["row_number"] - 1] if self.numbers else kwargs["row_number"] + 1
        self.changes: list[CellChange] = []
        fate = super().import_row(row, instance_loader, **kwargs)
        fate.number = self.number
        for error in fate.errors:
            log.error("row %s of %s cannot be imported", self.number, self.name, exc_info=error.error)
        if self.waiting and self.waiting[-1].fate is None:
            self.waiting[-1].fate = fate
        if len(self.waiting) >= bulk_write.BATCH:
            self.flush()
        fate.name = " · ".join(str(row.get(name) or "") for name in self.key)[:120]
        fate.changes = tuple(self.changes) if fate.import_type != fate.IMPORT_TYPE_SKIP else ()
        return fate

    def get_instance(self, instance_loader, row: dict) -> models.Model | None:
        """The row that is there already. Raises ValidationError for a key that stands in the file twice."""
        key = self.key_of(row)
        if key in self.seen:
            words = _("Row %(number)s of the file is the same one. Keep one of the two.")
            raise ValidationError({self.key[0]: [words % {"number": self.seen[key]}]})
        self.seen[key] = self.number
        return self.known.get(key)

    def init_instance(self, row: dict | None = None) -> models.Model:
        """A new row."""
        key = self.key_of(row)
        self.known[key] = self.start(key)
        return self.known[key]

    def import_instance(self, instance: models.Model, row: dict, **kwargs) -> None:
        """Put the file's values on the row, and note which of them are news. Raises ValidationError by column."""
        wrong: dict[str, list[str]] = {}
        self.many: dict[str, list] = {}
        new = instance.pk is None
        for column in self.columns:
            name = column.column_name
            if column.readonly:
                continue
            if name not in row:
                if new and column.blank is not None:
                    column.put(instance, column.blank)
                continue
            try:
                value = column.read(row[name])
            except ValueError as error:
                wrong[name] = [str(error)]
                continue
            self._put(instance, column, value, new)
        if wrong:
            raise ValidationError(wrong)

    def _put(self, instance: models.Model, column: Column, value: object, new: bool) -> None:
        before = "" if new else column.shown(instance)
        after = column.widget.render(value)
        if not new and spreadsheets.text_of(before) == after:  # what was typed before may hold what a cell loses
            return
        if after or not new:
            self.changes.append(CellChange(column.column_name, before, after))
        if column.is_many:
            self.many[column.attribute] = value
        else:
            column.put(instance, value)

    def skip_row(self, instance, original, row, import_validation_errors=None) -> bool:
        """A row that says what is there already."""
        return not import_validation_errors and instance.pk is not None and not self.changes

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True) -> None:
        """Everything that is wrong with the row, by column."""
        wrong = {name: [*error.messages] for name, error in self._as_errors(import_validation_errors)}
        if not wrong:  # the rules speak of whole rows
            for name, sentence in self.problems(instance, {change.column for change in self.changes}):
                wrong.setdefault(name or NON_FIELD_ERRORS, []).append(sentence)
        if wrong:
            raise ValidationError(wrong)

    @staticmethod
    def _as_errors(errors: dict | None) -> Iterator[tuple[str, ValidationError]]:
        for name, found in (errors or {}).items():
            yield name, found if isinstance(found, ValidationError) else ValidationError(found)

    def problems(self, row: models.Model, changed: set[str]) -> Iterator[tuple[str, str]]:
        """The rules of the trade that the row breaks, as (column, sentence). `changed` are the columns with news."""
        yield from ()

    def save_instance(self, instance: models.Model, is_create: bool, row: dict, **kwargs) -> None:
        """Have the row wait for its batch: rows are written many at a time."""
        changed = {change.column for change in self.changes}
        self.waiting.append(Waiting(instance, changed, self.many))
        self.accepted(instance)
        if self.is_public(instance) and self.public_columns & changed:
            self.touched.append(instance)

    def accepted(self, row: models.Model) -> None:
        """The row will be written."""

    # --- what readers see of it
    @cached_property
    def public_columns(self) -> set[str]:
        """The columns whose change readers see: all that an edition seals of this kind of row."""
        if self.model not in FIELDS:
            return set()
        sealed = {*FIELDS[self.model], *(column.column_name for column in self.columns if column.is_many)}
        return {name for name in self.fields if name in sealed}

    def is_public(self, row: models.Model) -> bool:
        """Whether readers see the row. What pledges refer to is public at once, as at the desk."""
        return True

    def after_import(self, dataset, result: ImportResult, **kwargs) -> None:
        """One edition for the whole file, unless it was a dry run or something is wrong."""
        self.flush()
        result.cut = self.refused >= bulk_write.MOST_REFUSED
        result.public = len(self.touched)
        if kwargs["dry_run"] or result.is_refused:
            return
        if self.touched:
            rows = sorted(self.touched, key=lambda row: row.pk)
            result.edition = publishing.record_change(*rows, by=self.by)
        self.finish()

    def finish(self) -> None:
        """What else follows from an import that holds."""

    @classmethod
    def get_result_class(cls) -> type[ImportResult]:
        """Ours."""
        return ImportResult

    @classmethod
    def get_row_result_class(cls) -> type[RowOutcome]:
        """Ours."""
        return RowOutcome
