"""Words and figures of a text, however its language writes the figures.

"9.216", "9,216" and "9 216" are the word "9216"; "1,5" and "1.5" are "1.5". One separator before exactly three digits
groups thousands, since figures in the news are rarely given to the thousandth; after a leading zero it is decimal.
"""

import re
from collections.abc import Iterator

from pledges.domain.text import folded

# A space groups thousands too: plain, no-break, thin or narrow no-break.
_SPACES = " \u00a0\u2009\u202f"
_GROUPED = rf"[1-9]\d{{0,2}}(?P<by>[.,'’{_SPACES}])\d{{3}}(?:(?P=by)\d{{3}})*(?:[.,]\d{{1,3}})?"
_PLAIN = r"\d{4,}[.,]\d{1,3}|\d{1,3}[.,]\d+"
# Not a part of something longer: the date 3.5.2024 and the version 1.2.3 are several words.
FIGURE = re.compile(rf"(?<![^\W_])(?<!\d[.,])(?:{_GROUPED}|{_PLAIN})(?![.,]?\d)(?![^\W_])")
WORD = re.compile(rf"{FIGURE.pattern}|[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text as written; a figure with its separators is one word."""
    return [match.group() for match in WORD.finditer(text)]


def searched_word(word: str) -> str:
    """A word as the search compares it: folded, and a figure with neither thousands separators nor a decimal comma."""
    if not word[0].isdecimal() or not FIGURE.fullmatch(word):
        return folded(word)
    whole, fraction = parts(word)
    return f"{''.join(whole)}.{fraction}" if fraction else "".join(whole)


def parts(figure: str) -> tuple[list[str], str]:
    """The thousands groups of a figure and its decimals: (["9", "216"], "5") for "9,216.5"."""
    grouped = re.fullmatch(_GROUPED, figure)
    if not grouped:
        whole, _mark, fraction = figure.replace(",", ".").partition(".")
        return [whole], fraction
    *groups, last = figure.split(grouped["by"])
    last, _mark, fraction = last.replace(",", ".").partition(".")
    return [*groups, last], fraction


def as_stored(word: str) -> Iterator[list[str]]:
    """The ways in which PostgreSQL's own parser splits a figure, each as words one after the other.

    For what is searched by vectors that the database makes of texts as they are. A word that is not a figure is itself.
    """
    if not _is_figure(word):
        yield [word]
        return
    digits, groups, fraction = _split(word)
    tail = [fraction] if fraction else []
    yield [".".join([digits, *tail])]
    if fraction:
        yield [digits, fraction]
    if len(groups) > 1:
        yield [".".join(groups), *tail]
        yield [*groups[:-1], ".".join([groups[-1], *tail])]


def as_written(word: str) -> Iterator[str]:
    """A figure with the separators of either language and without; a word that is not a figure is itself."""
    if not _is_figure(word):
        yield word
        return
    _digits, groups, fraction = _split(word)
    for by, mark in ((",", "."), (".", ","), (" ", ","), ("", "."), ("", ",")):
        yield by.join(groups) + (f"{mark}{fraction}" if fraction else "")


def _is_figure(word: str) -> bool:
    return word.isdecimal() or bool(FIGURE.fullmatch(word))


def _split(figure: str) -> tuple[str, list[str], str]:
    """The digits before the decimal mark, the same in groups of thousands, and the decimals."""
    whole, fraction = ([figure], "") if figure.isdecimal() else parts(figure)
    digits = "".join(whole)
    if digits.startswith("0"):
        return digits, [digits], fraction
    return digits, [digits[max(0, end - 3) : end] for end in range(len(digits), 0, -3)][::-1], fraction
