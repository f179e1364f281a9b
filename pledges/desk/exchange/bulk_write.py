"""How an import writes: many rows with one statement, and what the database refuses as a sentence at its row."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import psycopg
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, IntegrityError, models, transaction
from django.utils.translation import gettext as _

from pledges.desk.exchange.columns import Column
from pledges.desk.exchange.results import Waiting

BATCH = 500
MOST_REFUSED = 100  # rows that the database refuses before the rest is left untried: finding each costs some queries


class Writing:
    """The part of a table that writes its rows, a batch at a time."""

    model: type[models.Model]
    fields: dict[str, Column]
    waiting: list[Waiting]
    refused: int
    signed: tuple[str, ...] = ()  # fields that are written with every change, whatever its columns

    @cached_property
    def own(self) -> set[str]:
        """The columns that are fields of the row itself."""
        columns = [column for column in self.fields.values() if column.field is not None and not column.is_many]
        return {column.column_name for column in columns if column.column_name == column.attribute}

    def flush(self) -> None:
        """Write what waits. Of a batch that the database refuses, the rows that are to blame get their sentence."""
        batch, self.waiting = self.waiting, []
        if batch and self.refused < MOST_REFUSED:
            self._write(batch)

    def _write(self, batch: list[Waiting]) -> None:
        error = self._written(batch)
        if error is None or self.refused >= MOST_REFUSED:
            return
        if len(batch) > 1:
            middle = len(batch) // 2
            self._write(batch[:middle])
            self._write(batch[middle:])
            return
        self.refused += 1
        (one,) = batch
        one.fate.import_type = one.fate.IMPORT_TYPE_INVALID
        one.fate.validation_error = self._refusal(one.row, error)

    def _written(self, batch: list[Waiting]) -> DatabaseError | ValidationError | None:
        new = [row for one in batch for row in self.written(one.row) if row.pk is None]
        try:
            with transaction.atomic():
                self.keep(batch)
        except (DatabaseError, ValidationError) as error:
            for row in new:
                row.pk, row._state.adding = None, True
            return error
        return None

    def keep(self, batch: list[Waiting]) -> None:
        """Save the rows, then what refers to several others."""
        old = [one for one in batch if one.row.pk is not None]
        self.create([one.row for one in batch if one.row.pk is None])
        changed = {name for one in old for name in one.changed}
        update([one.row for one in old], {*(self.own & changed), *self.signed})
        self._link(batch)

    def create(self, rows: list[models.Model]) -> None:
        """Insert new rows."""
        self.model._default_manager.bulk_create(rows)

    def _link(self, batch: list[Waiting]) -> None:
        for name in sorted({name for one in batch for name in one.many}):
            field = self.model._meta.get_field(name)
            through = field.remote_field.through
            own, other = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
            linked = [one for one in batch if name in one.many]
            wanted = {(one.row.pk, each.pk) for one in linked for each in one.many[name]}
            links = through._default_manager.filter(**{f"{own}__in": [one.row.pk for one in linked]})
            there = {(row, each): pk for pk, row, each in links.values_list("pk", own, other)}
            through._default_manager.filter(pk__in=[there[pair] for pair in there.keys() - wanted]).delete()
            new = [through(**{own: row, other: each}) for row, each in sorted(wanted - there.keys())]
            through._default_manager.bulk_create(new)

    def written(self, row: models.Model) -> list[models.Model]:
        """The rows that were being saved, for the database's refusals."""
        return [row]

    def _refusal(self, instance: models.Model, error: DatabaseError | ValidationError) -> ValidationError:
        if isinstance(error, ValidationError):
            return error
        cause = error.__cause__
        name = cause.diag.constraint_name if isinstance(cause, psycopg.Error) else ""
        for row in self.written(instance):
            for rule in row._meta.constraints:
                if rule.name == name:
                    columns = [c for c in _names_in(rule) if c in self.fields] or [NON_FIELD_ERRORS]
                    return ValidationError({columns[0]: [str(rule.get_violation_error_message())]})
        if isinstance(error, IntegrityError) or isinstance(cause, psycopg.errors.RaiseException):
            message = cause.diag.message_primary
            return ValidationError(_("The database refuses this row: %(message)s") % {"message": message})
        return ValidationError(_("The database cannot hold this row: %(message)s") % {"message": str(error)[:200]})


def update(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write these fields of rows of one model that stand there already, and when they were changed, with one statement.

    It is an insert that becomes an update of each row: Django's `bulk_update` makes a long CASE for each field, and
    takes forty times as long. What was not read of a row is not written either.
    """
    if not rows:
        return
    options = rows[0]._meta
    changed = {*names, *(field.name for field in options.concrete_fields if getattr(field, "auto_now", False))}
    if not changed:
        return
    for row in rows:
        vars(row).update(dict.fromkeys(row.get_deferred_fields()))
    type(rows[0])._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["pk"], update_fields=sorted(changed)
    )


def _names_in(rule: models.BaseConstraint) -> list[str]:
    """The fields that a constraint speaks of."""
    if isinstance(rule, models.UniqueConstraint):
        return list(rule.fields)
    names: list[str] = []

    def look(condition: object) -> None:
        for child in getattr(condition, "children", ()):
            if isinstance(child, tuple):
                names.append(child[0].split("__")[0])
            else:
                look(child)

    look(getattr(rule, "condition", None))
    return list(dict.fromkeys(names))
