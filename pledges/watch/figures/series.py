"""Figures out of files: CSV, JSON and XLSX, from an address or uploaded, as periods and values."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import reduce
from typing import Any, NamedTuple

from pledges.domain.messages import DeferredMessage, deferred_message
from pledges.domain.spreadsheets import Percent
from pledges.domain.text import fold
from pledges.watch.figures import numbers, periods, tables
from pledges.watch.figures.tables import Scaled, SeriesError, Table, Uncalculated, listed

__all__ = ["Figure", "Reading", "SeriesError", "read", "read_in_child", "reading"]

_HEADER_WITHIN = 40
_LARGEST_VALUE = Decimal(10) ** 12  # what an observation can hold
_PLACES = Decimal("0.0001")
_LONGEST_PERIOD = 20
_LONGEST_TITLES = 2000  # characters
_SERIALS = range(18_264, 73_051)  # 1950 to 2099, as spreadsheets count days


@dataclass(frozen=True)
class Figure:
    """A value for a period: as written (up to 20 signs), with its first and last day; rounded to four decimals."""

    period: str
    starts_on: date
    ends_on: date
    value: Decimal


@dataclass(frozen=True)
class Reading:
    """The figures in a file, in its order; `notes` say what was left out and what was read in another way than it is
    stored; `percent` is whether values carry a percent sign."""

    figures: tuple[Figure, ...]
    notes: tuple[DeferredMessage, ...] = ()
    percent: bool = False

    @property
    def notice(self) -> DeferredMessage | str:
        """All notes in one; "" where there are none."""
        return _joined(self.notes) if self.notes else ""


class Cell(NamedTuple):
    """The two cells of a row: its number, its period, its value."""

    row: int
    period: object
    value: object


def read(body: bytes, **kwargs: Any) -> tuple[Figure, ...]:
    """The figures alone: see `reading`."""
    return reading(body, **kwargs).figures


def read_in_child(body: bytes, **kwargs: Any) -> Reading:
    """The same as `reading`, in a child process with limits."""
    found: Reading = tables.in_child(reading, body, **kwargs)
    return found


def reading(
    body: bytes,
    *,
    content_type: str = "",
    url: str = "",
    path: str = "",
    period_column: str,
    value_column: str,
    units: tuple[str, ...] = (),
) -> Reading:
    """What a file holds. Raises SeriesError.

    `units` are the names of the unit that the figures should have, where it is known.
    `path` is a worksheet's name, or the keys that lead to the rows in JSON, with dots between them. A column is given
    by its heading, by its letters as in a spreadsheet ("B") or by its number from 1. Rows without a value are left out;
    a period that stands twice with one value is one figure, with two it is an error.
    """
    table = tables.read(body, content_type=content_type, url=url, path=path)
    start, period_at, value_at = _columns(table, period_column, value_column)
    cells, empty = [], []
    for number, row in table.rows[start:]:
        period = row[period_at] if period_at < len(row) else None
        value = row[value_at] if value_at < len(row) else None
        if isinstance(period, date):
            period = _period_shown(period, table.periods.get((number, period_at), ""))
        if numbers.is_given(value):
            cells.append(Cell(number, period, value))
        elif numbers.is_given(period):
            empty.append(number)
    above = [number for number, row in table.rows[:start] if sum(map(numbers.is_given, row))][:-1]
    while len(cells) > 1 and _is_heading(cells[0]):
        above.append(cells.pop(0).row)
    if not cells:
        raise _missing(
            deferred_message("Column %(column)s holds no values.", column=_named(value_column, value_at)), table
        )
    names = _named(period_column, period_at), _named(value_column, value_at)
    for cell in cells:
        if formula := next((each for each in cell if isinstance(each, Uncalculated)), None):
            raise SeriesError(_uncalculated(formula))
    cells = _from_serials(cells, table)
    titles = " ".join(str(cell) for number, row in table.rows if number < cells[0].row for cell in row if cell)
    spans, told = _spans(cells, names[0], titles[:_LONGEST_TITLES])
    values = _values(cells, names[1], table.decimal)
    figures, again = _figures(cells, spans, values)
    notes = [*table.notes, *told, *_scaled(cells)]
    if above:
        notes.append(
            deferred_message("Left out, since they stand above the figures: rows %(rows)s.", rows=listed(above))
        )
    if empty:
        notes.append(deferred_message("Left out, since they hold no value: rows %(rows)s.", rows=listed(empty)))
    if again:
        notes.append(deferred_message("Left out, since they repeat an earlier row: rows %(rows)s.", rows=listed(again)))
    percents = [cell.row for cell in cells if _is_percent(cell.value)]
    if percents and len(percents) < len(cells):
        notes.append(deferred_message("A percent sign stands in some rows only: %(rows)s.", rows=listed(percents)))
    if percents and units and not any(map(numbers.is_percent, units)):
        notes.append(
            deferred_message("The file gives percentages; the unit of the indicator is “%(unit)s”.", unit=units[0])
        )
    return Reading(figures, tuple(notes), bool(percents))


def _columns(table: Table, period: str, value: str) -> tuple[int, int, int]:
    """(number of the first row below the headings, column of the period, column of the value)."""
    wanted = (_heading(period), _heading(value))
    places = [_place(period), _place(value)]
    numbered = [name.isdecimal() and place is not None for name, place in zip(wanted, places, strict=True)]
    best: tuple[int, list[str]] | None = None
    told: Sequence[object] = next((row for _number, row in table.rows if sum(map(numbers.is_given, row)) > 1), [])
    for place, (_number, row) in enumerate(table.rows[:_HEADER_WITHIN]):
        headings = [_heading(cell) for cell in row]
        hits = [name in headings for name in wanted]
        if all(hits) and not all(numbered):
            return place + 1, headings.index(wanted[0]), headings.index(wanted[1])
        # A number alone is no heading: a figure may have the same digits.
        if best is None and any(hit and not number for hit, number in zip(hits, numbered, strict=True)):
            best = place, headings
            told = row
    if best is not None:
        place, headings = best
        columns = [headings.index(name) if name in headings else at for name, at in zip(wanted, places, strict=True)]
        first_row = place + 1
    else:
        columns, first_row = places, 0
    if columns[0] is not None and columns[1] is not None:
        return first_row, columns[0], columns[1]
    known = ", ".join(f"“{str(cell)[:40]}”" for cell in told[:12] if numbers.is_given(cell))
    missing = value if best and wanted[0] in best[1] else period
    if not known:
        raise _missing(
            deferred_message("There is no column “%(name)s”; there are none with a heading.", name=missing), table
        )
    raise _missing(
        deferred_message("There is no column “%(name)s”; there are %(names)s.", name=missing, names=known), table
    )


def _missing(said: DeferredMessage, table: Table) -> SeriesError:
    """What is not there, and what was left out, where it may be."""
    return SeriesError(_joined((said, *table.notes)))


def _joined(sentences: tuple[DeferredMessage, ...]) -> DeferredMessage:
    return reduce(lambda before, after: deferred_message("%(before)s %(after)s", before=before, after=after), sentences)


def _heading(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(fold(str(cell)).split()) if cell is not None else ""


def _place(column: str) -> int | None:
    """The place, from 0, that letters or a number stand for."""
    column = column.strip()
    if re.fullmatch(r"[A-Z]{1,2}", column):
        place = 0
        for letter in column:
            place = place * 26 + ord(letter) - 64
        return place - 1
    return int(column) - 1 if re.fullmatch(r"[1-9]\d{0,2}", column) else None


def _named(column: str, place: int) -> DeferredMessage | str:
    if _place(column) is None:
        return f"“{column}”"
    return deferred_message("%(column)s (number %(number)s)", column=column.strip(), number=place + 1)


def _is_percent(value: object) -> bool:
    return isinstance(value, Percent) or (isinstance(value, str) and numbers.is_percent(value))


def _is_heading(cell: Cell) -> bool:
    """Whether the first row is a heading, and no figure that cannot be read: two words, or a word above a year."""
    if isinstance(cell.value, Uncalculated) or _is_period(cell.period):
        return False
    values = [number for sign in ".," if (number := numbers.number(cell.value, sign)) is not None]
    if not values:
        return True
    return not re.search(r"\d", _label(cell.period)) and 1800 <= values[0] <= 2200 and values[0] == int(values[0])


def _is_period(cell: object) -> bool:
    text = _label(cell)
    return isinstance(cell, date) or bool(periods.span(text)) or periods.is_slashed(text) or periods.is_fiscal(text)


def _period_shown(period: date, shown: str) -> date | str:
    """A day as its cell shows it: without a day of the month it is a year, or the first day of a month."""
    if len(shown) == 4:
        return shown
    return _Month(period.year, period.month, 1) if shown else period


class _Month(date):
    """The first day of a month, of a cell that shows only month and year."""


def _uncalculated(formula: Uncalculated) -> DeferredMessage:
    return deferred_message(
        "Cell %(cell)s holds a formula without its result: open the file in a spreadsheet program and save it there.",
        cell=formula.cell,
    )


def _from_serials(cells: list[Cell], table: Table) -> list[Cell]:
    """The cells with days for numbers of days, where a spreadsheet's column of periods holds nothing else."""
    serials = [cell.period for cell in cells if isinstance(cell.period, int | float)]
    if table.epoch is None or len(serials) < len(cells) or not all(serial in _SERIALS for serial in serials):
        return cells
    days = [table.epoch + timedelta(days=int(serial)) for serial in serials]
    return [Cell(cell.row, day, cell.value) for cell, day in zip(cells, days, strict=True)]


def _scaled(cells: list[Cell]) -> list[DeferredMessage]:
    """What the number formats of the values make of them, each with an example."""
    notes = []
    if percent := next(((cell.row, cell.value) for cell in cells if isinstance(cell.value, Percent)), None):
        row, shown = percent
        said = deferred_message(
            "Percentages are read as the spreadsheet shows them: %(value)s %% in row %(row)s.",
            value=f"{shown.normalize():f}",
            row=row,
        )
        notes.append(said)
    if scaled := next(((cell.row, cell.value) for cell in cells if isinstance(cell.value, Scaled)), None):
        row, multiplied = scaled
        said = deferred_message(
            "Values are read in the thousands or millions that the spreadsheet shows: %(value)s in row %(row)s.",
            value=f"{multiplied.normalize():f}",
            row=row,
        )
        notes.append(said)
    return notes


def _label(cell: object) -> str:
    if isinstance(cell, float | Decimal) and abs(float(cell)) < float(_LARGEST_VALUE):
        if cell == int(cell):
            cell = int(cell)  # a year in a spreadsheet is 2024.0
        elif isinstance(cell, float):
            cell = f"{cell:.2f}"  # October is 2024.10 there, and is stored as 2024.1
    return " ".join(str(cell).split()) if cell is not None else ""


def _spans(
    cells: list[Cell], column: DeferredMessage | str, titles: str
) -> tuple[list[tuple[str, periods.Span]], list[DeferredMessage]]:
    """Each row's period as (label, span), and what is to be told of them. Raises SeriesError."""
    texts = [_label(period) for _number, period, _value in cells if not isinstance(period, date)]
    fiscal, notes = _fiscal(cells, texts, column, titles)
    odd = [text for text in texts if periods.is_slashed(text)]
    read_slashed = periods.slashed(odd) if odd else {}
    spans: list[tuple[str, periods.Span] | None] = []
    days: list[date] = []
    for number, period, _value in cells:
        text = _label(period)
        if text in fiscal:
            spans.append((periods.label(fiscal[text], text, most=_LONGEST_PERIOD), fiscal[text]))
            continue
        if isinstance(period, date):
            day = period.date() if isinstance(period, datetime) else period
        elif periods.is_slashed(text):
            if not read_slashed:
                said = deferred_message(
                    "Row %(row)s, column %(column)s: “%(text)s” could be read in two ways. Write days as 2024-12-31.",
                    row=number,
                    column=column,
                    text=text,
                )
                raise SeriesError(said)
            day = read_slashed[text]
        else:
            span = periods.span(text)
            if span is None:
                raise SeriesError(_no_period(number, column, text))
            if span[0] != span[1]:
                spans.append((periods.label(span, text, most=_LONGEST_PERIOD), span))
                continue
            day = span[0]
        spans.append(None)
        days.append(day)
    found = (_shown_span(*pair) for pair in zip(days, periods.spans_of_days(days), strict=True))
    return [span or next(found) for span in spans], notes


def _shown_span(day: date, found: tuple[str, periods.Span]) -> tuple[str, periods.Span]:
    """A single day is its month where its cell shows no more than that."""
    if isinstance(day, _Month) and found[1] == (day, day):
        return f"{day:%Y-%m}", periods.span(f"{day:%Y-%m}") or found[1]
    return found


def _fiscal(
    cells: list[Cell], texts: list[str], column: DeferredMessage | str, titles: str
) -> tuple[dict[str, periods.Span], list[DeferredMessage]]:
    """The fiscal years among the periods, and how they are read. Raises SeriesError where one could be a month."""
    found = periods.fiscal(texts, near=titles)
    if found is None:
        cell = next(cell for cell in cells if periods.fiscal([_label(cell.period)]) is None)
        said = deferred_message(
            "Row %(row)s, column %(column)s: “%(text)s” could be a month or a fiscal year. Write 2009/2010 for the "
            "year, 2009M10 for the month.",
            row=cell.row,
            column=column,
            text=_label(cell.period),
        )
        raise SeriesError(said)
    if not found:
        return {}, []
    text, (first, last) = next(iter(found.items()))
    said = deferred_message(
        "Fiscal years: “%(text)s” is read as %(first)s to %(last)s. If it begins in another month, say so in the "
        "heading, as in “April to March”.",
        text=text,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return found, [said]


def _no_period(row: int, column: DeferredMessage | str, text: str) -> DeferredMessage:
    if text:
        return deferred_message(
            "Row %(row)s, column %(column)s: “%(text)s” is no period. Write for instance 2024, 2024-05 or 2024-Q3.",
            row=row,
            column=column,
            text=text[:40],
        )
    return deferred_message(
        "Row %(row)s, column %(column)s: the period is missing. Write for instance 2024, 2024-05 or 2024-Q3.",
        row=row,
        column=column,
    )


def _values(cells: list[Cell], column: DeferredMessage | str, usual: str) -> list[Decimal]:
    """Each row's value. Raises SeriesError."""
    texts = [value for _number, _period, value in cells if isinstance(value, str)]
    try:
        sign = numbers.decimal_sign(texts, usual=usual)
    except numbers.Ambiguous as error:
        row = next(number for number, _period, value in cells if value == error.args[0])
        said = deferred_message(
            "Row %(row)s, column %(column)s: %(texts)s do not show whether a comma or a point divides the decimals.",
            row=row,
            column=column,
            texts=", ".join(f"“{text[:40]}”" for text in error.args),
        )
        raise SeriesError(said) from None
    values = []
    for row, _period, cell in cells:
        try:
            value = numbers.number(cell, sign)
        except (InvalidOperation, ValueError):
            value = None
        if value is None:
            said = deferred_message(
                "Row %(row)s, column %(column)s: “%(text)s” is no number.", row=row, column=column, text=str(cell)[:40]
            )
            raise SeriesError(said)
        if abs(value) >= _LARGEST_VALUE:
            said = deferred_message(
                "Row %(row)s, column %(column)s: “%(text)s” is too large: give thousands or millions.",
                row=row,
                column=column,
                text=str(cell)[:40],
            )
            raise SeriesError(said)
        values.append(value.quantize(_PLACES, ROUND_HALF_EVEN))
    return values


def _figures(
    cells: Iterable[Cell], spans: list[tuple[str, periods.Span]], values: list[Decimal]
) -> tuple[tuple[Figure, ...], list[int]]:
    """The figures, and the rows that repeat one. Raises SeriesError."""
    figures: dict[periods.Span, tuple[int, Figure]] = {}
    again = []
    for (row, _period, _value), (label, span), value in zip(cells, spans, values, strict=True):
        before = figures.get(span)
        if before and before[1].value != value:
            said = deferred_message(
                "The period %(period)s stands in rows %(first)s and %(second)s with different values: "
                "a series has one figure for a period, so choose another column or file.",
                period=label,
                first=before[0],
                second=row,
            )
            raise SeriesError(said)
        if before:
            again.append(row)
        figures.setdefault(span, (row, Figure(label, *span, value)))
    return tuple(figure for _row, figure in figures.values()), again
