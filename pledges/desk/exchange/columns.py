"""The columns of a table: made from the model's own fields, so that headings, help and rules cannot be stale."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

from pledges.desk.exchange import cells

SPREADSHEET_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}


@dataclass(frozen=True)
class CellChange:
    """A cell that would change: both values as an export would write them."""

    column: str
    before: str
    after: str


class Column(Field):
    """One column: where its value lives on the row (`attribute`), how its cells are read and written (`widget`), what
    it is called (`label`, in the reader's language) and what is expected in it (`about`)."""

    def __init__(
        self,
        name: str,
        widget: Widget,
        *,
        attribute: str = "",
        label: object = "",
        about: object = "",
        required: bool = False,
        example: str = "",
        default: object = None,
        field: models.Field | None = None,
        readonly: bool = False,
    ) -> None:
        super().__init__(attribute=attribute or name, column_name=name, widget=widget, readonly=readonly)
        self.label, self.about, self.required, self.example = label or name, about, required, example
        self.blank, self.field = default, field

    def __deepcopy__(self, memo: dict) -> "Column":
        return self  # nothing in it changes

    @property
    def is_many(self) -> bool:
        """Whether it is saved after the row."""
        return isinstance(self.widget, cells.References) and not self.attribute.startswith("_")

    def shown(self, row: models.Model) -> str:
        """What an export writes into the cell."""
        return self.widget.render(self.get_value(row))

    def read(self, cell: object) -> object:
        """The value in a cell. Raises ValueError with a sentence for whoever filled the table in."""
        if isinstance(cell, str) and cell.strip() in SPREADSHEET_ERRORS:
            raise ValueError(_("A formula gave %(error)s here: mend it in the spreadsheet.") % {"error": cell.strip()})
        value = self.widget.clean(cell)
        empty = value is None or value in ("", [])
        if empty and self.required:
            raise ValueError(_("Fill this in."))
        if empty and self.blank is not None:
            return self.blank
        if not empty and self.field is not None and not self.field.is_relation:
            try:
                self.field.run_validators(value)
            except ValidationError as error:
                raise ValueError(" ".join(error.messages)) from None
        return value

    def put(self, row: models.Model, value: object) -> None:
        """Set the value on the row, or on what hangs on it; nothing is saved."""
        *path, last = self.attribute.split("__")
        for name in path:
            row = getattr(row, name)
        setattr(row, last, value)


def of_field(model: type[models.Model], name: str, *, at: str = "", column: str = "", **more) -> Column:
    """The column of a model's field. `at` is the attribute of the row on which an instance of the model hangs."""
    field = model._meta.get_field(name)
    more.setdefault("label", field.verbose_name)
    more.setdefault("about", field.help_text)
    if "default" not in more and field.has_default() and not callable(field.default):
        more["default"] = field.default
    many = field.many_to_many
    needed = not field.blank and (more.get("default") is None or many) and not isinstance(field, models.BooleanField)
    more.setdefault("required", needed)
    attribute = f"{at}__{name}" if at else name
    return Column(column or name, _widget(field), attribute=attribute, field=field, **more)


def _widget(field: models.Field) -> Widget:
    if field.many_to_many:
        return cells.References(field.related_model)
    if field.is_relation:
        return cells.Reference(field.related_model)
    if field.choices:
        return cells.OneOf(field.choices)
    if isinstance(field, models.BooleanField):
        return cells.YesNo()
    if isinstance(field, models.DateField):
        return cells.Day()
    if isinstance(field, models.DecimalField):
        return cells.FigureCell()
    if isinstance(field, models.IntegerField):
        return cells.Whole()
    if field.get_internal_type() == "ArrayField":
        return cells.Phrases()
    return cells.Words()
