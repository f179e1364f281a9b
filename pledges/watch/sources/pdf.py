"""The lines of a PDF's pages in reading order: column by column, where a page has columns.

A PDF says where letters stand and nothing of lines or columns, and may draw the first line of every column before the
second. So lines are made from the places of the words. PDFium is not safe for threads: a process reads one PDF at a
time.
"""

import ctypes
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

import pypdfium2
from pypdfium2 import raw

from pledges.watch.text.paragraphs import Line

_NARROWEST = 0.8  # times the height of a line, a gap between two columns
_MOST_GAPS = 10  # that are tried, of those that rows have in common
_LEAST_ROWS = 3  # of a column on each side of a gap
_LEAST_WORDS = 2.5  # in a line of running text, on average
_LEAST_FILLED = 0.6  # of its column's width, by a line of running text on average
_FAR = 1.8  # times the usual distance of two rows: what is farther away belongs to something else
_APART = 1.4  # the same, between two paragraphs
_LARGER = 1.15  # times the height of the letters beside them, those of a heading
_LINE_END_HYPHEN = "\x02"  # what PDFium makes of a hyphen, soft or hard, between two lines


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box, as it reads when the page is held upright: y grows downwards.

    `at` is its place in the file.
    """

    left: float
    right: float
    top: float
    bottom: float
    at: int
    text: str

    @property
    def middle(self) -> float:
        """Of its height."""
        return (self.top + self.bottom) / 2


Row = list[Word]
Gap = tuple[float, float]


def lines(page: pypdfium2.PdfPage) -> list[Line]:
    """The lines of a page. What is written in another direction, such as a note along the edge, comes by itself."""
    text = page.get_textpage()
    by_direction: dict[int, list[Word]] = {}
    for direction, word in _words(text.raw):
        by_direction.setdefault(direction, []).append(word)
    text.close()
    groups = sorted(by_direction.values(), key=len, reverse=True)
    return [line for words in groups for line in in_order(words)]


def _words(text: raw.FPDF_TEXTPAGE) -> Iterator[tuple[int, Word]]:
    """The words as (direction in degrees, word), in the file's order."""
    count = raw.FPDFText_CountChars(text)
    letters: list[str] = []
    start = 0
    for at in range(count + 1):
        code = raw.FPDFText_GetUnicode(text, at) if at < count else 32
        letter = chr(code) if code < 0x110000 else "\ufffd"
        if not (letter.isspace() or letter == "\0"):
            if not letters:
                start = at
            letters.append("-" if letter == _LINE_END_HYPHEN else letter)
            if letter != _LINE_END_HYPHEN:
                continue
        if letters:
            yield _word(text, start, start + len(letters) - 1, "".join(letters))
            letters = []


def _word(text: raw.FPDF_TEXTPAGE, start: int, end: int, letters: str) -> tuple[int, Word]:
    first, last = (_box(text, at) for at in (start, end))
    left, bottom, right, top = (
        min(first.left, last.left),
        min(first.bottom, last.bottom),
        max(first.right, last.right),
        max(first.top, last.top),
    )
    direction = round(math.degrees(raw.FPDFText_GetCharAngle(text, start))) % 360  # clockwise
    boxes = {
        0: (left, right, -top, -bottom),
        90: (-top, -bottom, -right, -left),
        180: (-right, -left, bottom, top),
        270: (bottom, top, left, right),
    }
    near = min(boxes, key=lambda one: min(abs(direction - one), 360 - abs(direction - one)))
    straight = min(abs(direction - near), 360 - abs(direction - near)) <= 5
    return near if straight else direction, Word(*boxes[near], start, letters)


def _box(text: raw.FPDF_TEXTPAGE, at: int) -> raw.FS_RECTF:
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, at, ctypes.byref(box))
    return box


def in_order(words: Iterable[Word]) -> list[Line]:
    """The lines that these words make, in reading order."""
    return list(_region(_rows(list(words))))


def _rows(words: list[Word]) -> list[Row]:
    """The words that stand beside each other, from the top down; those of a row from left to right."""
    rows: list[Row] = []
    for word in sorted(words, key=lambda one: (one.middle, one.left)):
        if rows and rows[-1][0].top < word.middle < rows[-1][0].bottom and word.top < rows[-1][0].middle:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _region(rows: list[Row]) -> Iterator[Line]:
    """Row after row; but where rows share a gap between two columns, the left column before the right one."""
    heights = [word.bottom - word.top for row in rows for word in row]
    narrowest = _NARROWEST * median(heights) if heights else 0
    far = _APART * median(_distances(rows)) if len(rows) > 2 else math.inf
    at, above = 0, None  # the row above, where there is one in this region
    while at < len(rows):
        end, gaps = _beside(rows, at, narrowest)
        run = rows[at:end]
        found = next((found for gap in gaps[:_MOST_GAPS] if (found := _columns(run, gap))), None)
        before, columns, after = found or (run, [], [])
        for row in before:
            yield Line(_text(row), starts=above is not None and _is_apart(above, row, far))
            above = row
        for number, column in enumerate(columns):
            first, *others = _with_room(list(_region(column)))
            yield replace(first, starts=number == 0 and above is not None)
            yield from others
        for row in after:
            yield Line(_text(row), starts=True)
        at, above = end, run[-1]


def _beside(rows: list[Row], start: int, narrowest: float) -> tuple[int, list[Gap]]:
    """Where the rows from `start` on end that have gaps in common, and these gaps, the widest first.

    One row alone, and no gap, where it has none in common with the next.
    """
    common: list[Gap] = [(-math.inf, math.inf)]
    end, shared = start, []
    while end < len(rows):
        common = [(left, right) for left, right in _less(common, rows[end]) if right - left >= narrowest]
        inner = [gap for gap in common if math.isfinite(gap[0]) and math.isfinite(gap[1])]
        if end > start:  # of a line of one column, and the line of the next a little lower, neither has a gap
            if not inner:
                break
            shared = inner
        end += 1
    return (end, sorted(shared, key=lambda gap: gap[0] - gap[1])) if shared else (start + 1, [])


def _less(gaps: list[Gap], row: Row) -> list[Gap]:
    """What the words of a row leave of gaps."""
    left_over: list[Gap] = []
    words = iter(row)
    word = next(words, None)
    for left, right in gaps:
        while word and word.right <= left:
            word = next(words, None)
        while word and word.left < right:
            if word.left > left:
                left_over.append((left, word.left))
            left = max(left, word.right)
            if word.right >= right:
                break
            word = next(words, None)
        if left < right:
            left_over.append((left, right))
    return left_over


def _columns(run: list[Row], gap: Gap) -> tuple[list[Row], list[list[Row]], list[Row]] | None:
    """The rows before, the two columns, and the rows after them; None where the gap divides no columns of text."""
    middle = (gap[0] + gap[1]) / 2
    first, last = _edges(run, middle)
    inside = run[first:last]
    columns = [[part for row in inside if (part := _side(row, middle, left=left))] for left in (True, False)]
    if min(map(len, columns)) < _LEAST_ROWS:
        return None
    tops, bottoms = [column[0][0].top for column in columns], [column[-1][0].bottom for column in columns]
    lowest = min(bottom - top for top, bottom in zip(tops, bottoms, strict=True))
    if min(bottoms) - max(tops) < lowest / 2:
        return None
    if not (_drawn_in_turn(inside, middle) or all(map(_is_running, columns))):
        return None
    return run[:first], columns, run[last:]


def _edges(run: list[Row], middle: float) -> tuple[int, int]:
    """The run without what stands on one side only and far above or below the rest: a title, a page number."""
    far = _FAR * median(_distances(run)) if len(run) > 2 else math.inf
    first, last = 0, len(run)
    for at, distance in enumerate(_distances(run), start=1):
        if not _has_both(run[at - 1], middle):
            first = at if distance > far else first
        else:
            break
    for at in range(len(run) - 1, first, -1):
        if _has_both(run[at], middle):
            break
        last = at if run[at][0].middle - run[at - 1][0].middle > far else last
    return first, last


def _is_apart(above: Row, below: Row, far: float) -> bool:
    sizes = sorted(median(word.bottom - word.top for word in row) for row in (above, below))
    return below[0].middle - above[0].middle > far or sizes[1] > _LARGER * sizes[0]


def _distances(run: list[Row]) -> list[float]:
    return [below[0].middle - above[0].middle for above, below in pairwise(run)]


def _has_both(row: Row, middle: float) -> bool:
    return row[0].left < middle < row[-1].left


def _side(row: Row, middle: float, *, left: bool) -> Row:
    return [word for word in row if (word.left < middle) == left]


def _drawn_in_turn(rows: list[Row], middle: float) -> bool:
    """Whether the file itself has one column after the other."""
    sides = [word.left < middle for word in sorted((word for row in rows for word in row), key=lambda one: one.at)]
    return len(list(groupby(sides))) <= 2


def _is_running(column: list[Row]) -> bool:
    """Whether a column is running text, and not one of a table, which is read row by row."""
    width = max(row[-1].right for row in column) - min(row[0].left for row in column)
    filled = sum(row[-1].right - row[0].left for row in column) / len(column)
    return sum(map(len, column)) >= _LEAST_WORDS * len(column) and filled >= _LEAST_FILLED * width


def _text(row: Row) -> str:
    return " ".join(word.text for word in row)


def _with_room(column: list[Line]) -> list[Line]:
    lengths = sorted(len(line.text) for line in column)
    room = lengths[int(len(lengths) * 0.9)]
    return [line if line.room else replace(line, room=room) for line in column]
