"""Finds the columns of period and value in a table, by heading, letter or number; and says which columns there are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from pledges.domain.messages import DeferredMessage, deferred_message
from pledges.domain.text import fold
from pledges.watch.figures import numbers, periods, tables
from pledges.watch.figures.tables import SeriesError, Table

_HEADER_WITHIN = 40  # rows from the top in which the headings are searched
_SAMPLES = 3
_MOST_OFFERED = 200


@dataclass(frozen=True)
class OfferedColumn:
    """A column to choose: its heading (or its letters), its first cells, and whether they look like periods or values.

    `name` is what `find_columns` takes.
    """

    name: str
    samples: tuple[str, ...]
    is_period: bool
    is_value: bool


def offered_in_child(body: bytes, *, path: str = "") -> list[OfferedColumn]:
    """The columns of a file, read in a child process with limits. Raises SeriesError."""
    return offered(tables.read_in_child(body, path=path))


def offered(table: Table) -> list[OfferedColumn]:
    """The columns of a table below its headings: the widest of the first rows that has more than one word in it."""
    wide = [sum(map(numbers.is_given, row)) for _number, row in table.rows[:_HEADER_WITHIN]]
    if not wide:
        return []
    start = wide.index(max(wide))
    headings, below = table.rows[start][1], [row for _number, row in table.rows[start + 1 :]]
    names = [_heading(cell) for cell in headings]
    columns = []
    for place in range(min(max(map(len, [headings, *below])), _MOST_OFFERED)):
        cells = [row[place] for row in below if place < len(row) and numbers.is_given(row[place])][:_SAMPLES]
        heading = " ".join(str(headings[place]).split()) if place < len(names) and names[place] else ""
        is_unique = heading and names.count(names[place]) == 1 and not heading.isdecimal() and len(heading) <= 100
        if not cells and not heading:
            continue
        columns.append(
            OfferedColumn(
                heading if is_unique else _letters(place),
                tuple(" ".join(str(cell).split())[:30] for cell in cells),
                bool(cells) and all(isinstance(cell, date) or bool(periods.span(_shown(cell))) for cell in cells),
                bool(cells) and all(_is_number(cell) for cell in cells),
            )
        )
    return columns


def find_texts(table: Table, start: int, names: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """The cells of some columns as text, by the number of the row. `start` is the first row below the headings.

    Raises SeriesError for a column that there is not.
    """
    headings = [_heading(cell) for cell in table.rows[start - 1][1]] if start else []
    places: list[int] = []
    for name in names:
        place = headings.index(_heading(name)) if _heading(name) in headings else _place(name)
        if place is None:
            raise SeriesError(deferred_message("There is no column “%(name)s”.", name=name))
        places.append(place)
    return {
        number: tuple(
            " ".join(str(row[place]).split()) if place < len(row) and numbers.is_given(row[place]) else ""
            for place in places
        )
        for number, row in table.rows[start:]
    }


def _shown(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _is_number(cell: object) -> bool:
    try:
        return any(numbers.number(cell, sign) is not None for sign in ".,")
    except (ArithmeticError, ValueError):
        return False


def _letters(place: int) -> str:
    """A column's letters as in a spreadsheet: A for 0, AA for 26."""
    return f"{chr(64 + place // 26) if place > 25 else ''}{chr(65 + place % 26)}"


def find_columns(table: Table, period: str, value: str) -> tuple[int, int, int]:
    """(index of the first row below the headings, column of the period, column of the value). Raises SeriesError."""
    wanted = (_heading(period), _heading(value))
    places = [_place(period), _place(value)]
    numbered = [name.isdecimal() and place is not None for name, place in zip(wanted, places, strict=True)]
    best: tuple[int, list[str]] | None = None
    headings_row: Sequence[object] = next(
        (row for _number, row in table.rows if sum(map(numbers.is_given, row)) > 1), []
    )
    for place, (_number, row) in enumerate(table.rows[:_HEADER_WITHIN]):
        headings = [_heading(cell) for cell in row]
        hits = [name in headings for name in wanted]
        if all(hits) and not all(numbered):
            return place + 1, headings.index(wanted[0]), headings.index(wanted[1])
        # A number alone does not identify the headings: a figure may have the same digits.
        if best is None and any(hit and not number for hit, number in zip(hits, numbered, strict=True)):
            best = place, headings
            headings_row = row
    if best is not None:
        place, headings = best
        columns = [headings.index(name) if name in headings else at for name, at in zip(wanted, places, strict=True)]
        first_row = place + 1
    else:
        columns, first_row = places, 0
    if columns[0] is not None and columns[1] is not None:
        return first_row, columns[0], columns[1]
    known = ", ".join(f"“{str(cell)[:40]}”" for cell in headings_row[:12] if numbers.is_given(cell))
    absent = value if best and wanted[0] in best[1] else period
    if not known:
        raise missing_error(
            deferred_message("There is no column “%(name)s”; there are none with a heading.", name=absent), table
        )
    raise missing_error(
        deferred_message("There is no column “%(name)s”; there are %(names)s.", name=absent, names=known), table
    )


def missing_error(message: DeferredMessage, table: Table) -> SeriesError:
    """The error for something that is missing, with the notes on what was left out: it may be there."""
    return SeriesError(joined((message, *table.notes)))


def joined(sentences: tuple[DeferredMessage, ...]) -> DeferredMessage:
    """Several sentences as one message."""
    return reduce(lambda before, after: deferred_message("%(before)s %(after)s", before=before, after=after), sentences)


def _heading(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(fold(str(cell)).split()) if cell is not None else ""


def _place(column: str) -> int | None:
    """The position, from 0, of a column given by letters or by its number; None for a heading."""
    column = column.strip()
    if re.fullmatch(r"[A-Z]{1,2}", column):
        place = 0
        for letter in column:
            place = place * 26 + ord(letter) - 64
        return place - 1
    return int(column) - 1 if re.fullmatch(r"[1-9]\d{0,2}", column) else None


def displayed_name(column: str, place: int) -> DeferredMessage | str:
    """A column's name for messages: its heading, or its letters with its number."""
    if _place(column) is None:
        return f"“{column}”"
    return deferred_message("%(column)s (number %(number)s)", column=column.strip(), number=place + 1)
