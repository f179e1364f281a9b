"""What an import makes of a file: the outcome of each row, and of the whole."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from pledges.domain.rules import digest
from pledges.models import Edition
from pledges.watch.figures.tables import listed

LISTED = 200  # rows (or runs of rows) that a cause lists
NAMED = 3  # rows that it names


@dataclass(frozen=True)
class CellChange:
    """A cell that would change: both values as an export would write them."""

    column: str
    before: str
    after: str


@dataclass
class RowOutcome:
    """What becomes of one row. `number` is the spreadsheet's, `name` the row's key.

    `kind` is new, changed, unchanged or error; `problems` are (column, sentence), the column "" for the whole row.
    """

    number: int
    name: str
    kind: str = "error"
    changes: tuple[CellChange, ...] = ()
    problems: list[tuple[str, str]] = field(default_factory=list)

    def refuse(self, error: ValidationError) -> None:
        """Take the sentences of an error."""
        self.kind = "error"
        for column, sentences in error.update_error_dict({}).items():
            for sentence in ValidationError(sentences).messages:
                self.problems.append(("" if column == NON_FIELD_ERRORS else column, sentence))


@dataclass(eq=False)
class PendingRow:
    """A row to be written: the columns that change, and the rows that it refers to, by the name of the relation."""

    row: Any
    changed: set[str]
    related: dict[str, list[Any]]
    outcome: RowOutcome


@dataclass(frozen=True)
class Cause:
    """A problem that several rows may have: its column ("" for the whole row), the sentence, and the rows."""

    column: str
    sentence: str
    rows: list[RowOutcome]

    @property
    def numbers(self) -> str:
        """The numbers of the rows as the spreadsheet has them: 2–7, 9."""
        return listed((row.number for row in self.rows), most=LISTED)

    @property
    def names(self) -> str:
        """The names of the first rows."""
        names = [row.name[:60] for row in self.rows if row.name]
        return ", ".join([*names[:NAMED], *(["…"] if len(names) > NAMED else [])])


@dataclass
class ImportResult:
    """The outcomes of all rows, and the edition that was made, if any; `public` counts the rows that readers see."""

    rows: list[RowOutcome] = field(default_factory=list)
    edition: Edition | None = None
    public: int = 0
    cut: bool = False  # whether the database refused so many rows that the rest was not tried

    @property
    def is_refused(self) -> bool:
        """Whether nothing is written, since a row has an error."""
        return any(row.kind == "error" for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each kind."""
        return {kind: sum(row.kind == kind for row in self.rows) for kind in ("new", "changed", "unchanged", "error")}

    @property
    def causes(self) -> list[Cause]:
        """What is wrong, each cause once with the rows that it concerns, in the order of the first row of each."""
        rows: dict[tuple[str, str], list[RowOutcome]] = defaultdict(list)
        for row in self.rows:
            for problem in dict.fromkeys(row.problems):
                rows[problem].append(row)
        return [Cause(*problem, concerned) for problem, concerned in rows.items()]

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all that would be done: a confirmation holds for exactly this."""
        return digest(
            [[row.number, row.kind, [[*vars(change).values()] for change in row.changes]] for row in self.rows]
        )
