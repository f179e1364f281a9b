"""How wide a line of text in a card is, and how a text is made to fit: smaller, in more lines, and at last cut."""

import unicodedata
from collections.abc import Sequence

# Widths of characters in the bold font, in thousandths of its size; other characters are `USUAL` wide.
_WIDTHS = {278: " ,./\\Iij!l|", 333: "()[]-ft:;'`’‘", 389: "r*", 500: '"“”', 556: "aceJksvxyz0123456789$"}
_WIDTHS |= {667: "EPSVXY", 722: "ABCDHKNRU&", 778: "GOQw", 833: "M", 889: "m%", 944: "W", 975: "@", 1000: "…—"}
_WIDTH = {sign: width for width, signs in _WIDTHS.items() for sign in signs}
USUAL, WIDE = 611, 1000
LEADING = 1.16  # of a title: the distance between its lines, in font sizes


def width(text: str, size: int) -> float:
    """An estimate of the width of a line of bold text in pixels, sooner too wide than too narrow. In the regular font
    it is narrower."""
    return sum(_sign_width(sign) for sign in unicodedata.normalize("NFD", text)) * size / 1000


def _sign_width(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    if unicodedata.east_asian_width(sign) in "WF":
        return WIDE
    return _WIDTH.get(sign, 722 if sign.isupper() else USUAL)


def cut(text: str, size: int, room: float) -> str:
    """A line of at most `room` pixels; a longer one ends in "…"."""
    if width(text, size) <= room:
        return text
    text = text.rstrip(" …")
    while text and width(f"{text}…", size) > room:
        text = text[:-1].rstrip()
    return f"{text}…"


def wrapped(text: str, size: int, room: float) -> list[str]:
    """A text in lines of at most `room` pixels; a wider word is cut and ends in "…"."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines += [cut(word, size, room)]
    return [line for line in lines if line]


def clamped(text: str, size: int, room: float, most: int) -> list[str]:
    """A text in at most so many lines of at most `room` pixels; a longer one ends in "…"."""
    lines = wrapped(text, size, room)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], cut(f"{lines[most - 1]} …", size, room)] if most > 0 else []


def fitted(text: str, sizes: Sequence[tuple[int, int]], room: float) -> tuple[int, list[str]]:
    """The font size of a text in pixels, and its lines. `sizes` are font sizes with the number of lines that fit: the
    first in which the whole text fits is used, or else the last, in which it is cut."""
    for size, most in sizes:
        if len(lines := wrapped(text, size, room)) <= most:
            return size, lines
    size, most = sizes[-1]
    return size, clamped(text, size, room, most) or ["…"]


def on_one_line(text: str, sizes: Sequence[int], room: float) -> tuple[int, str]:
    """The font size of a line, the first of these in which it fits, and the line; at the last size it may be cut."""
    for size in sizes:
        if width(text, size) <= room:
            return size, text
    return sizes[-1], cut(text, sizes[-1], room)
