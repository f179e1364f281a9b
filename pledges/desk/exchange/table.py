"""What all tables share: their columns, who may take them along or bring them in, and the rules that rows must obey.

`importing` checks and writes the rows of a file with them; a table is made anew for each file.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from pledges.desk.exchange import bulk_write
from pledges.desk.exchange.columns import Column, column_of
from pledges.desk.exchange.results import PendingRow
from pledges.models import User
from pledges.queries.sealed_content import FIELDS

Key = tuple[Any, ...]
Row = Any  # an instance of the table's model, on which `prepare` hangs what other columns read


def broken_rules(row: models.Model) -> Iterator[tuple[str, str]]:
    """The rules of the row's own `clean` that it breaks, as (field, sentence)."""
    try:
        row.clean()
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            yield from ((name, message) for message in messages)


class Table:
    """One kind of row as a table."""

    model: type[models.Model]
    name = ""
    label: Any = ""  # what the rows are called, where it is not what the model says
    key: tuple[str, ...] = ()  # the columns that tell a row from all others
    names: tuple[str, ...] = ()  # the fields that are columns
    examples: dict[str, str] = {}  # for the template, by column
    order: tuple[str, ...] = ("pk",)
    needs: tuple[str, ...] = ()  # permissions for an import beside adding and changing the model
    signed: tuple[str, ...] = ()  # fields that are written with every change, whatever its columns
    within: tuple[type[models.Model], ...] = ()  # models whose rows are in columns of this table
    viewed_with: type[models.Model] | None = None  # the model whose viewers may export, where it is another
    listed_with: type[models.Model] | None = None  # the model whose list at the desk shows the rows, likewise
    importable = True

    def __init__(self, *, by: User | None = None, headings: Iterable[str] = ()) -> None:
        """`by` is who imports; `headings` are the file's, for tables whose columns follow from it."""
        self.by: Any = by
        self.headings = tuple(headings)
        self.columns = self.make_columns()
        self.by_name = {column.name: column for column in self.columns}
        self.known: dict[Key, Row] = {}

    def make_columns(self) -> list[Column]:
        return [self.column(name) for name in self.names]

    def column(self, name: str, **more: Any) -> Column:
        """The column of a field of the model."""
        return column_of(self.model, name, example=self.examples.get(name, ""), **more)

    @classmethod
    def title(cls) -> str:
        return str(cls.label or cls.model._meta.verbose_name_plural)

    @classmethod
    def may_export(cls, user: Any) -> bool:
        """Who may see the rows may take them along."""
        return user.has_perm(f"pledges.view_{(cls.viewed_with or cls.model)._meta.model_name}")

    @classmethod
    def may_import(cls, user: Any) -> bool:
        name = cls.model._meta.model_name
        needed = (f"add_{name}", f"change_{name}", *cls.needs)
        return cls.importable and user.has_perms([f"pledges.{permission}" for permission in needed])

    # --- reading
    def get_queryset(self) -> models.QuerySet[Any]:
        """All rows, with what the columns read."""
        related = [column.name for column in self.columns if column.field is not None and column.field.many_to_one]
        many = [column.name for column in self.columns if column.is_many]
        rows = self.model._default_manager.order_by(*self.order).prefetch_related(*many)
        return rows.select_related(*related) if related else rows

    def prepare(self, row: Row) -> Row:
        """The row, with what its columns read beside its own fields."""
        return row

    def before_export(self) -> None:
        """Read what the rows need of each other."""

    def exported(self) -> Iterator[list[str]]:
        """The cells of every row, read some at a time: a table may be larger than the memory."""
        self.before_export()
        for row in self.get_queryset().iterator(chunk_size=1000):
            ready = self.prepare(row)
            yield [column.exported(ready) for column in self.columns]

    def find(self, keys: list[Key]) -> dict[Key, Row]:
        """The rows that have these keys, in a fixed number of queries."""
        (name,) = self.key
        rows = self.get_queryset().filter(**{f"{name}__in": [key[0] for key in keys]})
        return {(getattr(row, name),): self.prepare(row) for row in rows}

    def lock(self) -> None:
        """Lock the known rows, and what hangs on them, until the transaction ends."""
        keys: dict[type[models.Model], list[int]] = defaultdict(list)
        for known in self.known.values():
            for row in self.parts(known):
                if row.pk:
                    keys[type(row)].append(row.pk)
        for model, pks in keys.items():
            rows = model._default_manager.select_for_update(no_key=True, of=("self",)).filter(pk__in=pks)
            list(rows.order_by("pk").values_list("pk"))

    # --- the rules
    def problems(self, row: Row, changed: set[str]) -> Iterator[tuple[str, str]]:
        """The rules that a new or changed row breaks, as (column, sentence). `changed` are the columns that change."""
        yield from ()

    def is_public(self, row: Row) -> bool:
        """Whether readers see the row. What pledges refer to is public at once, as at the desk."""
        return True

    @cached_property
    def public_columns(self) -> set[str]:
        """The columns whose change readers see: all that an edition seals of this kind of row."""
        if self.model not in FIELDS:
            return set()
        return self.by_name.keys() & {*FIELDS[self.model], *(column.name for column in self.columns if column.is_many)}

    # --- writing
    def start(self, key: Key) -> Row:
        """A new row, not saved."""
        return self.prepare(self.model())

    def parts(self, row: Row) -> list[models.Model]:
        """The database's rows of which the row is made."""
        return [row]

    def accept(self, row: Row) -> None:
        """Take note that the row is right and will be written."""

    def save(self, batch: list[PendingRow]) -> None:
        """Save the rows, then what refers to several others."""
        old = [pending for pending in batch if pending.row.pk is not None]
        self.create([pending.row for pending in batch if pending.row.pk is None])
        changed = {name for pending in old for name in pending.changed}
        bulk_write.update([pending.row for pending in old], {*(self._own_columns & changed), *self.signed})
        bulk_write.link(self.model, batch)

    def create(self, rows: list[Row]) -> None:
        self.model._default_manager.bulk_create(rows)

    @cached_property
    def _own_columns(self) -> set[str]:
        """The columns that are fields of the row itself."""
        own = [column for column in self.columns if column.field is not None and not column.is_many]
        return {column.name for column in own if column.name == column.attribute}

    def finish(self) -> None:
        """What else follows from an import that is written."""
