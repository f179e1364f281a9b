"""The columns of a table, made from the model's own fields, so that headings, help and rules cannot be stale."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from pledges.desk.exchange import cells

SPREADSHEET_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}


@dataclass(eq=False)
class Column:
    """One column: how its cells are read and written, and where its value lives on the row.

    `attribute` is a path as in Django's lookups; without it, the name. `label` and `about` (what is expected) are in
    the reader's language. A `readonly` column is exported, and passed over by an import.
    """

    name: str
    cell: cells.Text
    attribute: str = ""
    label: Any = ""
    about: Any = ""
    required: bool = False
    example: str = ""
    default: Any = None
    field: Any = None  # the model's field, where there is one
    readonly: bool = False

    def __post_init__(self) -> None:
        self.attribute = self.attribute or self.name
        self.label = self.label or self.name
        *self._path, self._last = self.attribute.split("__")

    @property
    def is_many(self) -> bool:
        """Whether it is saved after the row, since it is a relation to several others."""
        return isinstance(self.cell, cells.References)

    def exported(self, row: models.Model) -> str:
        """What an export writes into the cell."""
        value: Any = row
        try:
            for name in (*self._path, self._last):
                value = getattr(value, name)
                if value is None:
                    break
        except (ValueError, ObjectDoesNotExist):  # Django's answers for relations of a row that is not saved
            value = None
        return self.cell.write(value)

    def read(self, cell: object) -> Any:
        """The value in a cell. Raises ValueError with a sentence for whoever filled the table in."""
        if isinstance(cell, str) and cell.strip() in SPREADSHEET_ERRORS:
            raise ValueError(_("A formula gave %(error)s here: mend it in the spreadsheet.") % {"error": cell.strip()})
        value = self.cell.read(cell)
        if value is None or value in ("", []):
            if self.required:
                raise ValueError(_("Fill this in."))
            return value if self.default is None else self.default
        if self.field is not None and not self.field.is_relation:
            try:
                self.field.run_validators(value)
            except ValidationError as error:
                raise ValueError(" ".join(error.messages)) from None
        return value

    def put(self, row: models.Model, value: object) -> None:
        """Set the value on the row, or on what hangs on it; nothing is saved."""
        for name in self._path:
            row = getattr(row, name)
        setattr(row, self._last, value)


def column_of(model: type[models.Model], name: str, *, on: str = "", column: str = "", **more: Any) -> Column:
    """The column of a model's field. `on` is the attribute of the table's row that holds the model's instance."""
    field: Any = model._meta.get_field(name)
    default = None if not field.has_default() or callable(field.default) else field.default
    is_optional = (
        field.blank or isinstance(field, models.BooleanField) or (default is not None and not field.many_to_many)
    )
    derived = {"label": field.verbose_name, "about": field.help_text, "default": default, "required": not is_optional}
    attribute = f"{on}__{name}" if on else name
    return Column(column or name, _cell_of(field), attribute, field=field, **derived | more)


def _cell_of(field: Any) -> cells.Text:
    if field.many_to_many:
        return cells.References(field.related_model)
    if field.is_relation:
        return cells.Reference(field.related_model)
    if field.choices:
        return cells.Choice(field.choices)
    kinds = (
        (models.BooleanField, cells.YesNo),
        (models.DateField, cells.Day),
        (models.DecimalField, cells.Number),
        (models.IntegerField, cells.WholeNumber),
        (ArrayField, cells.Phrases),
    )
    return next((cell() for kind, cell in kinds if isinstance(field, kind)), cells.Text())
