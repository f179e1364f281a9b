"""What becomes of the rows of a file: of each one its fate, of all of them the counts and what is confirmed."""

from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.utils.translation import gettext as _
from import_export.results import Result, RowResult

from pledges.desk.exchange.columns import CellChange
from pledges.domain.rules import digest


class RowOutcome(RowResult):
    """What becomes of one row: `number` is the spreadsheet's, `problems` are (column, sentence)."""

    number = 0
    name = ""
    changes: tuple[CellChange, ...] = ()

    def add_instance_info(self, instance: models.Model) -> None:
        """Nothing: the key says which row it is, without a query."""

    @property
    def kind(self) -> str:
        """new, changed, unchanged or error."""
        kinds = {self.IMPORT_TYPE_NEW: "new", self.IMPORT_TYPE_UPDATE: "changed", self.IMPORT_TYPE_SKIP: "unchanged"}
        return kinds.get(self.import_type, "error")

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Every error, with the column that it is in ("" for the row as a whole)."""
        found = []
        if self.validation_error:
            for column, sentences in self.validation_error.message_dict.items():
                found += [("" if column == NON_FIELD_ERRORS else column, sentence) for sentence in sentences]
        if self.errors:
            found.append(("", _("This row cannot be imported. Tell whoever runs this server: its log says why.")))
        return found


@dataclass(eq=False)
class Waiting:
    """A row that is to be written: the columns with news, and the rows that it refers to, by field."""

    row: models.Model
    changed: set[str]
    many: dict[str, list]
    fate: RowOutcome | None = None


class ImportResult(Result):
    """The fates of all rows, and the edition that was made, if any; `public` counts the rows that readers see."""

    edition = None
    public = 0
    cut = False  # whether the database refused so many rows that the rest was not tried

    def has_validation_errors(self) -> bool:
        """Also what only the database found, when a batch was written."""
        return any(row.kind == "error" for row in self.rows)

    @property
    def is_refused(self) -> bool:
        """Whether nothing is written, since something is wrong."""
        return self.has_errors() or self.has_validation_errors()

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have which fate."""
        found = dict.fromkeys(("new", "changed", "unchanged", "error"), 0)
        for row in self.rows:
            found[row.kind] += 1
        return found

    @property
    def fingerprint(self) -> str:
        """SHA-256 over what would be done: whoever confirms confirms exactly this."""
        return digest(
            [[row.number, row.kind, [[*vars(change).values()] for change in row.changes]] for row in self.rows]
        )
