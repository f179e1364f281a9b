"""Reads figures (values for periods) from CSV, JSON and XLSX files, fetched or uploaded."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any, NamedTuple

from pledges.domain.messages import DeferredMessage, deferred_message
from pledges.domain.spreadsheets import Percent
from pledges.watch.figures import numbers, periods, tables
from pledges.watch.figures.columns import displayed_name, find_columns, find_texts, joined, missing_error
from pledges.watch.figures.tables import Scaled, SeriesError, Table, Uncalculated, listed

__all__ = ["Figure", "Reading", "SeriesError", "read", "read_in_child", "reading"]

_LARGEST_VALUE = Decimal(10) ** 12  # the limit of an observation's database column
_PLACES = Decimal("0.0001")
_LONGEST_PERIOD = 20
_LONGEST_TITLES = 2000  # characters
_SERIALS = range(18_264, 73_051)  # serial numbers of spreadsheet dates from 1950 to 2099


@dataclass(frozen=True)
class Figure:
    """A value, rounded to four decimals, for a period: as written (up to 20 characters), with first and last day.

    `row` is the number of its row in the file.
    """

    period: str
    starts_on: date
    ends_on: date
    value: Decimal
    row: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Reading:
    """The figures in a file, in its order. `notes` say what was left out or interpreted; `percent` is true if values
    have a percent sign; `texts` are those of the text columns, in their order, by the figure's row."""

    figures: tuple[Figure, ...]
    notes: tuple[DeferredMessage, ...] = ()
    percent: bool = False
    texts: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def notice(self) -> DeferredMessage | str:
        """All notes as one message; "" if there are none."""
        return joined(self.notes) if self.notes else ""


class Cell(NamedTuple):
    """The cells of period and value in a row."""

    row: int
    period: object
    value: object


def read(body: bytes, **kwargs: Any) -> tuple[Figure, ...]:
    """Only the figures of `reading`."""
    return reading(body, **kwargs).figures


def read_in_child(body: bytes, **kwargs: Any) -> Reading:
    """As `reading`, in a child process with limits."""
    result: Reading = tables.in_child(reading, body, **kwargs)
    return result


def reading(
    body: bytes,
    *,
    content_type: str = "",
    url: str = "",
    path: str = "",
    period_column: str,
    value_column: str,
    text_columns: tuple[str, ...] = (),
    units: tuple[str, ...] = (),
) -> Reading:
    """The figures in a file. Raises SeriesError.

    `path` is a worksheet's name, or the keys that lead to the rows in JSON, with dots between them. A column is given
    by its heading, by its letters as in a spreadsheet ("B") or by its number from 1; `text_columns` hold words
    beside the figures. `units` are the names of the expected unit, if known. Rows without a value are left out; a
    period that occurs twice with the same value is one figure, with two values it is an error.
    """
    table = tables.read(body, content_type=content_type, url=url, path=path)
    start, period_at, value_at = find_columns(table, period_column, value_column)
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
        raise missing_error(
            deferred_message("Column %(column)s holds no values.", column=displayed_name(value_column, value_at)), table
        )
    names = displayed_name(period_column, period_at), displayed_name(value_column, value_at)
    for cell in cells:
        if formula := next((part for part in cell if isinstance(part, Uncalculated)), None):
            raise SeriesError(_uncalculated(formula))
    cells = _from_serials(cells, table)
    titles = " ".join(str(cell) for number, row in table.rows if number < cells[0].row for cell in row if cell)
    spans, period_notes = _spans(cells, names[0], titles[:_LONGEST_TITLES])
    values = _values(cells, names[1], table.decimal)
    figures, repeated = _figures(cells, spans, values)
    notes = [*table.notes, *period_notes, *_scaled(cells)]
    if above:
        notes.append(
            deferred_message("Left out, since they stand above the figures: rows %(rows)s.", rows=listed(above))
        )
    if empty:
        notes.append(deferred_message("Left out, since they hold no value: rows %(rows)s.", rows=listed(empty)))
    if repeated:
        notes.append(
            deferred_message("Left out, since they repeat an earlier row: rows %(rows)s.", rows=listed(repeated))
        )
    percents = [cell.row for cell in cells if _is_percent(cell.value)]
    if percents and len(percents) < len(cells):
        notes.append(deferred_message("A percent sign stands in some rows only: %(rows)s.", rows=listed(percents)))
    if percents and units and not any(map(numbers.is_percent, units)):
        notes.append(
            deferred_message("The file gives percentages; the unit of the indicator is “%(unit)s”.", unit=units[0])
        )
    texts = find_texts(table, start, text_columns) if text_columns else {}
    return Reading(
        figures, tuple(notes), bool(percents), {figure.row: texts[figure.row] for figure in figures if texts}
    )


def _is_percent(value: object) -> bool:
    return isinstance(value, Percent) or (isinstance(value, str) and numbers.is_percent(value))


def _is_heading(cell: Cell) -> bool:
    """Whether the first row is a heading, and not an unreadable figure: two words, or a word above a year."""
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
    """A date as its cell shows it: if not as a full date, it is a year, or the first day of a month."""
    if len(shown) == 4:
        return shown
    return _Month(period.year, period.month, 1) if shown else period


class _Month(date):
    """The first day of a month, for a cell that shows only month and year."""


def _uncalculated(formula: Uncalculated) -> DeferredMessage:
    return deferred_message(
        "Cell %(cell)s holds a formula without its result: open the file in a spreadsheet program and save it there.",
        cell=formula.cell,
    )


def _from_serials(cells: list[Cell], table: Table) -> list[Cell]:
    """The cells with dates instead of serial numbers, if a spreadsheet's period column has nothing else."""
    serials = [cell.period for cell in cells if isinstance(cell.period, int | float)]
    if table.epoch is None or len(serials) < len(cells) or not all(serial in _SERIALS for serial in serials):
        return cells
    days = [table.epoch + timedelta(days=int(serial)) for serial in serials]
    return [Cell(cell.row, day, cell.value) for cell, day in zip(cells, days, strict=True)]


def _scaled(cells: list[Cell]) -> list[DeferredMessage]:
    """Notes on values that are scaled by their number format, each with an example."""
    notes = []
    if percent := next(((cell.row, cell.value) for cell in cells if isinstance(cell.value, Percent)), None):
        row, shown = percent
        note = deferred_message(
            "Percentages are read as the spreadsheet shows them: %(value)s %% in row %(row)s.",
            value=f"{shown.normalize():f}",
            row=row,
        )
        notes.append(note)
    if scaled := next(((cell.row, cell.value) for cell in cells if isinstance(cell.value, Scaled)), None):
        row, multiplied = scaled
        note = deferred_message(
            "Values are read in the thousands or millions that the spreadsheet shows: %(value)s in row %(row)s.",
            value=f"{multiplied.normalize():f}",
            row=row,
        )
        notes.append(note)
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
    """Each row's period as (label, span), and notes on how they were interpreted. Raises SeriesError."""
    texts = [_label(period) for _number, period, _value in cells if not isinstance(period, date)]
    fiscal, notes = _fiscal(cells, texts, column, titles)
    ambiguous = [text for text in texts if periods.is_slashed(text)]
    slashed = periods.slashed(ambiguous) if ambiguous else {}
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
            if not slashed:
                message = deferred_message(
                    "Row %(row)s, column %(column)s: “%(text)s” could be read in two ways. Write days as 2024-12-31.",
                    row=number,
                    column=column,
                    text=text,
                )
                raise SeriesError(message)
            day = slashed[text]
        else:
            span = periods.span(text)
            if span is None:
                raise SeriesError(_not_a_period(number, column, text))
            if span[0] != span[1]:
                spans.append((periods.label(span, text, most=_LONGEST_PERIOD), span))
                continue
            day = span[0]
        spans.append(None)
        days.append(day)
    of_days = (_shown_span(*pair) for pair in zip(days, periods.spans_of_days(days), strict=True))
    return [span or next(of_days) for span in spans], notes


def _shown_span(day: date, labelled: tuple[str, periods.Span]) -> tuple[str, periods.Span]:
    """The (label, span) of a day: its month, if its cell shows no more than that."""
    if isinstance(day, _Month) and labelled[1] == (day, day):
        return f"{day:%Y-%m}", periods.span(f"{day:%Y-%m}") or labelled[1]
    return labelled


def _fiscal(
    cells: list[Cell], texts: list[str], column: DeferredMessage | str, titles: str
) -> tuple[dict[str, periods.Span], list[DeferredMessage]]:
    """The fiscal years among the periods, and a note on them. Raises SeriesError if one could be a month."""
    years = periods.fiscal(texts, near=titles)
    if years is None:
        cell = next(cell for cell in cells if periods.fiscal([_label(cell.period)]) is None)
        message = deferred_message(
            "Row %(row)s, column %(column)s: “%(text)s” could be a month or a fiscal year. Write 2009/2010 for the "
            "year, 2009M10 for the month.",
            row=cell.row,
            column=column,
            text=_label(cell.period),
        )
        raise SeriesError(message)
    if not years:
        return {}, []
    text, (first, last) = next(iter(years.items()))
    note = deferred_message(
        "Fiscal years: “%(text)s” is read as %(first)s to %(last)s. If it begins in another month, say so in the "
        "heading, as in “April to March”.",
        text=text,
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return years, [note]


def _not_a_period(row: int, column: DeferredMessage | str, text: str) -> DeferredMessage:
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
        message = deferred_message(
            "Row %(row)s, column %(column)s: %(texts)s do not show whether a comma or a point divides the decimals.",
            row=row,
            column=column,
            texts=", ".join(f"“{text[:40]}”" for text in error.args),
        )
        raise SeriesError(message) from None
    values = []
    for row, _period, cell in cells:
        try:
            value = numbers.number(cell, sign)
        except (InvalidOperation, ValueError):
            value = None
        if value is None:
            message = deferred_message(
                "Row %(row)s, column %(column)s: “%(text)s” is no number.", row=row, column=column, text=str(cell)[:40]
            )
            raise SeriesError(message)
        if abs(value) >= _LARGEST_VALUE:
            message = deferred_message(
                "Row %(row)s, column %(column)s: “%(text)s” is too large: give thousands or millions.",
                row=row,
                column=column,
                text=str(cell)[:40],
            )
            raise SeriesError(message)
        values.append(value.quantize(_PLACES, ROUND_HALF_EVEN))
    return values


def _figures(
    cells: Iterable[Cell], spans: list[tuple[str, periods.Span]], values: list[Decimal]
) -> tuple[tuple[Figure, ...], list[int]]:
    """The figures, and the numbers of rows that repeat one. Raises SeriesError."""
    figures: dict[periods.Span, tuple[int, Figure]] = {}
    repeated = []
    for (row, _period, _value), (label, span), value in zip(cells, spans, values, strict=True):
        earlier = figures.get(span)
        if earlier and earlier[1].value != value:
            message = deferred_message(
                "The period %(period)s stands in rows %(first)s and %(second)s with different values: "
                "a series has one figure for a period, so choose another column or file.",
                period=label,
                first=earlier[0],
                second=row,
            )
            raise SeriesError(message)
        if earlier:
            repeated.append(row)
        figures.setdefault(span, (row, Figure(label, *span, value, row)))
    return tuple(figure for _row, figure in figures.values()), repeated
