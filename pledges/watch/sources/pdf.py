"""The lines of a PDF page in reading order, column by column.

A PDF has positions of letters, but no lines or columns, and may draw the first line of every column before the second.
So lines are built from the positions of words (the gaps between columns are found as in an XY-cut). PDFium is not
thread-safe: a process reads one PDF at a time.
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

_MIN_GAP = 0.8  # between two columns, in line heights
_MOST_GAPS = 10  # tried, of those that rows have in common
_MIN_ROWS = 3  # of a column on each side of a gap
_MIN_WORDS = 2.5  # per line of running text, on average
_MIN_FILLED = 0.6  # of the column's width, by lines of running text on average
_FAR = 1.8  # times the median distance of rows: what is farther away does not belong to the columns
_PARAGRAPH_GAP = 1.4  # times the median distance of rows: a new paragraph
_LARGER = 1.15  # times the height of the letters above: another font size
_LINE_END_HYPHEN = "\x02"  # PDFium's character for a hyphen, soft or hard, at the end of a line


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box, on the page rotated so that it reads upright; y grows downwards.

    `at` is its position in the file.
    """

    left: float
    right: float
    top: float
    bottom: float
    at: int
    text: str

    @property
    def middle(self) -> float:
        """The vertical centre."""
        return (self.top + self.bottom) / 2


Row = list[Word]
Gap = tuple[float, float]


def lines(page: pypdfium2.PdfPage) -> list[Line]:
    """The lines of a page. Text in another direction, such as a note along the edge, is grouped separately."""
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
    near = min(boxes, key=lambda angle: min(abs(direction - angle), 360 - abs(direction - angle)))
    straight = min(abs(direction - near), 360 - abs(direction - near)) <= 5
    return near if straight else direction, Word(*boxes[near], start, letters)


def _box(text: raw.FPDF_TEXTPAGE, at: int) -> raw.FS_RECTF:
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, at, ctypes.byref(box))
    return box


def in_order(words: Iterable[Word]) -> list[Line]:
    """The lines made of these words, in reading order."""
    return list(_region(_rows(list(words))))


def _rows(words: list[Word]) -> list[Row]:
    """The words grouped into rows, from top to bottom; the words of a row from left to right."""
    rows: list[Row] = []
    for word in sorted(words, key=lambda word: (word.middle, word.left)):
        if rows and rows[-1][0].top < word.middle < rows[-1][0].bottom and word.top < rows[-1][0].middle:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word.left) for row in rows]


def _region(rows: list[Row]) -> Iterator[Line]:
    """The lines row by row; where rows share a gap between two columns, the left column before the right one."""
    heights = [word.bottom - word.top for row in rows for word in row]
    narrowest = _MIN_GAP * median(heights) if heights else 0
    far = _PARAGRAPH_GAP * median(_distances(rows)) if len(rows) > 2 else math.inf
    at, above = 0, None  # the row above, if there is one in this region
    while at < len(rows):
        end, gaps = _common_gaps(rows, at, narrowest)
        run = rows[at:end]
        split = next((split for gap in gaps[:_MOST_GAPS] if (split := _columns(run, gap))), None)
        before, columns, after = split or (run, [], [])
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


def _common_gaps(rows: list[Row], start: int, narrowest: float) -> tuple[int, list[Gap]]:
    """The end of the rows from `start` that have gaps in common, and these gaps, the widest first.

    One row and no gaps if it has none in common with the next.
    """
    common: list[Gap] = [(-math.inf, math.inf)]
    end, shared = start, []
    while end < len(rows):
        common = [(left, right) for left, right in _subtract(common, rows[end]) if right - left >= narrowest]
        inner = [gap for gap in common if math.isfinite(gap[0]) and math.isfinite(gap[1])]
        if end > start:  # a single row may be a line of one column, with the next column's line a little lower
            if not inner:
                break
            shared = inner
        end += 1
    return (end, sorted(shared, key=lambda gap: gap[0] - gap[1])) if shared else (start + 1, [])


def _subtract(gaps: list[Gap], row: Row) -> list[Gap]:
    """The gaps without the parts that the words of a row cover."""
    remaining: list[Gap] = []
    words = iter(row)
    word = next(words, None)
    for left, right in gaps:
        while word and word.right <= left:
            word = next(words, None)
        while word and word.left < right:
            if word.left > left:
                remaining.append((left, word.left))
            left = max(left, word.right)
            if word.right >= right:
                break
            word = next(words, None)
        if left < right:
            remaining.append((left, right))
    return remaining


def _columns(run: list[Row], gap: Gap) -> tuple[list[Row], list[list[Row]], list[Row]] | None:
    """The rows before, the two columns, and the rows after them; None if the gap does not divide columns of text."""
    middle = (gap[0] + gap[1]) / 2
    first, last = _edges(run, middle)
    inside = run[first:last]
    columns = [[part for row in inside if (part := _side(row, middle, left=left))] for left in (True, False)]
    if min(map(len, columns)) < _MIN_ROWS:
        return None
    tops, bottoms = [column[0][0].top for column in columns], [column[-1][0].bottom for column in columns]
    lowest = min(bottom - top for top, bottom in zip(tops, bottoms, strict=True))
    if min(bottoms) - max(tops) < lowest / 2:
        return None
    if not (_drawn_in_turn(inside, middle) or all(map(_is_running, columns))):
        return None
    return run[:first], columns, run[last:]


def _edges(run: list[Row], middle: float) -> tuple[int, int]:
    """Start and end of the run without one-sided rows far above or below the rest: a title, a page number."""
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
    """Whether there is a gap between two rows, or their font sizes differ."""
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
    words = sorted((word for row in rows for word in row), key=lambda word: word.at)
    sides = [word.left < middle for word in words]
    return len(list(groupby(sides))) <= 2


def _is_running(column: list[Row]) -> bool:
    """Whether a column is running text, not a column of a table, which is read row by row."""
    width = max(row[-1].right for row in column) - min(row[0].left for row in column)
    filled = sum(row[-1].right - row[0].left for row in column) / len(column)
    return sum(map(len, column)) >= _MIN_WORDS * len(column) and filled >= _MIN_FILLED * width


def _text(row: Row) -> str:
    return " ".join(word.text for word in row)


def _with_room(column: list[Line]) -> list[Line]:
    lengths = sorted(len(line.text) for line in column)
    room = lengths[int(len(lengths) * 0.9)]
    return [line if line.room else replace(line, room=room) for line in column]
