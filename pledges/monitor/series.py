"""Figures out of files: CSV, JSON and XLSX, from an address or uploaded, as periods and values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from pledges.monitor import numbers, periods, tables
from pledges.monitor.language import fold
from pledges.monitor.tables import SeriesError, Table, worksheets
from pledges.sentences import Sentence, say

__all__ = ["Figure", "SeriesError", "read", "worksheets"]

_HEADER_WITHIN = 40
_LARGEST_VALUE = Decimal(10) ** 12  # what an observation can hold
_PLACES = Decimal("0.0001")
_LONGEST_PERIOD = 20


@dataclass(frozen=True)
class Figure:
    """A value for a period: as written (up to 20 signs), with its first and last day; rounded to four decimals."""

    period: str
    starts_on: date
    ends_on: date
    value: Decimal


def read(
    body: bytes, *, content_type: str = "", url: str = "", path: str = "", period_column: str, value_column: str
) -> tuple[Figure, ...]:
    """The figures in a file, in its order. Raises SeriesError.

    `path` is a worksheet's name, or the keys that lead to the rows in JSON, with dots between them. A column is given
    by its heading, by its letters as in a spreadsheet ("B") or by its number from 1. Rows without a value are left out;
    a period that stands twice with one value is one figure, with two it is an error.
    """
    table = tables.read(body, content_type=content_type, url=url, path=path)
    start, period_at, value_at = _columns(table, period_column, value_column)
    cells = []
    for number, row in table.rows[start:]:
        period = row[period_at] if period_at < len(row) else None
        value = row[value_at] if value_at < len(row) else None
        if numbers.is_given(value):
            cells.append((number, period, value))
    if start == 0:  # columns given by letter: what stands above the figures is their heading
        while cells and len(cells) > 1 and _looks_like_heading(cells[0]):
            cells.pop(0)
    if not cells:
        raise SeriesError(say("Column %(column)s holds no values.", column=_named(value_column, value_at)))
    spans = _spans(cells, _named(period_column, period_at))
    values = _values(cells, _named(value_column, value_at), table.decimal)
    return _figures(cells, spans, values)


def _columns(table: Table, period: str, value: str) -> tuple[int, int, int]:
    """(number of the first row below the headings, column of the period, column of the value)."""
    wanted = (_heading(period), _heading(value))
    best: tuple[int, list] | None = None
    told: list = next((row for _number, row in table.rows if sum(map(numbers.is_given, row)) > 1), [])
    for place, (_number, row) in enumerate(table.rows[:_HEADER_WITHIN]):
        headings = [_heading(cell) for cell in row]
        hits = [name in headings for name in wanted]
        if all(hits):
            return place + 1, headings.index(wanted[0]), headings.index(wanted[1])
        if any(hits) and best is None:
            best = place, headings
            told = row
    places = [_place(period), _place(value)]
    if best is not None:
        place, headings = best
        found = [headings.index(name) if name in headings else at for name, at in zip(wanted, places, strict=True)]
        if None not in found:
            return place + 1, *found
    elif None not in places:
        return 0, *places
    known = ", ".join(f"“{str(cell)[:40]}”" for cell in told[:12] if numbers.is_given(cell))
    missing = value if best and wanted[0] in best[1] else period
    if not known:
        raise SeriesError(say("There is no column “%(name)s”; there are none with a heading.", name=missing))
    raise SeriesError(say("There is no column “%(name)s”; there are %(names)s.", name=missing, names=known))


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


def _named(column: str, place: int) -> Sentence | str:
    if _place(column) is None:
        return f"“{column}”"
    return say("%(column)s (number %(number)s)", column=column.strip(), number=place + 1)


def _looks_like_heading(cell: tuple[int, object, object]) -> bool:
    _number, period, value = cell
    return (numbers.number(value, ".") is None and numbers.number(value, ",") is None) or not _is_period(period)


def _is_period(cell: object) -> bool:
    return isinstance(cell, date) or periods.span(_label(cell)) is not None or periods.is_slashed(_label(cell))


def _label(cell: object) -> str:
    if isinstance(cell, (float, Decimal)) and cell == int(cell):
        cell = int(cell)  # a year in a spreadsheet is 2024.0
    return " ".join(str(cell).split()) if cell is not None else ""


def _spans(cells: list[tuple[int, object, object]], column: Sentence | str) -> list[tuple[str, periods.Span]]:
    """Each row's period as (label, span). Raises SeriesError."""
    texts = [_label(period) for _number, period, _value in cells if not isinstance(period, date)]
    odd = [text for text in texts if periods.is_slashed(text)]
    read_slashed = periods.slashed(odd) if odd else {}
    spans: list[tuple[str, periods.Span] | None] = []
    days: list[date] = []
    for number, period, _value in cells:
        text = _label(period)
        if isinstance(period, date):
            day = period.date() if isinstance(period, datetime) else period
        elif periods.is_slashed(text):
            if not read_slashed:
                said = say(
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
                spans.append((text[:_LONGEST_PERIOD], span))
                continue
            day = span[0]
        spans.append(None)
        days.append(day)
    found = iter(periods.spans_of_days(days))
    return [span or next(found) for span in spans]


def _no_period(row: int, column: Sentence | str, text: str) -> Sentence:
    if text:
        return say(
            "Row %(row)s, column %(column)s: “%(text)s” is no period. Write for instance 2024, 2024-05 or 2024-Q3.",
            row=row,
            column=column,
            text=text[:40],
        )
    return say(
        "Row %(row)s, column %(column)s: the period is missing. Write for instance 2024, 2024-05 or 2024-Q3.",
        row=row,
        column=column,
    )


def _values(cells: list[tuple[int, object, object]], column: Sentence | str, usual: str) -> list[Decimal]:
    """Each row's value. Raises SeriesError."""
    texts = [value for _number, _period, value in cells if isinstance(value, str)]
    try:
        sign = numbers.decimal_sign(texts, usual=usual)
    except numbers.Ambiguous as error:
        row = next(number for number, _period, value in cells if value == error.args[0])
        said = say(
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
            said = say(
                "Row %(row)s, column %(column)s: “%(text)s” is no number.", row=row, column=column, text=str(cell)[:40]
            )
            raise SeriesError(said)
        if abs(value) >= _LARGEST_VALUE:
            said = say(
                "Row %(row)s, column %(column)s: “%(text)s” is too large: give thousands or millions.",
                row=row,
                column=column,
                text=str(cell)[:40],
            )
            raise SeriesError(said)
        values.append(value.quantize(_PLACES, ROUND_HALF_EVEN))
    return values


def _figures(
    cells: Iterable[tuple[int, object, object]], spans: list[tuple[str, periods.Span]], values: list[Decimal]
) -> tuple[Figure, ...]:
    figures: dict[periods.Span, tuple[int, Figure]] = {}
    for (row, _period, _value), (label, span), value in zip(cells, spans, values, strict=True):
        before = figures.get(span)
        if before and before[1].value != value:
            said = say(
                "The period %(period)s stands in rows %(first)s and %(second)s with different values: "
                "a series has one figure for a period, so choose another column or file.",
                period=label,
                first=before[0],
                second=row,
            )
            raise SeriesError(said)
        figures.setdefault(span, (row, Figure(label, *span, value)))
    return tuple(figure for _row, figure in figures.values())
