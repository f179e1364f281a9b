"""Folding of text for comparison, and removal of invisible characters.

Invisible characters are those that PostgreSQL or XML cannot store, and those that make one text look like another.
"""

import re
import unicodedata
from functools import lru_cache

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)
)
# Control characters except tab, CR and LF; bidirectional controls; characters without width that join nothing (soft
# hyphens, zero-width spaces, byte-order marks, fillers, tags); surrogates.
_REMOVED = (
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff"
    "\U000e01f0-\U000e0fff\ud800-\udfff" + _NONCHARACTERS
)
LINE_ENDS = "\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_JOINERS = "\u200c\u200d"
_SELECTORS = "\ufe00-\ufe0f\u180b-\u180d\u180f\U000e0100-\U000e01ef"

INVISIBLE = _REMOVED + _JOINERS + _SELECTORS  # for a character class of a regular expression
_SUSPECT = re.compile(f"[{INVISIBLE}{LINE_ENDS}]|\r(?!\n)")
_LINE_END = re.compile(f"[{LINE_ENDS}]|\r(?!\n)")
_REMOVE = re.compile(f"[{_REMOVED}]+")
_JOINING = re.compile(f"[{_JOINERS}{_SELECTORS}]+")
_SELECTOR = re.compile(f"[{_SELECTORS}]")
_SURROGATE = re.compile("[\ud800-\udfff]")

_LETTERS = {"Lo", "Mn", "Mc"}  # Arabic and Indic scripts spell with joiners; Latin, Greek and Cyrillic do not
_SYMBOLS = {"So", "Sk"}

_COMBINING = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)


def fold(text: str) -> str:
    """Lower case without accents ("Cárcel" and "CARCEL" become "carcel"; ñ becomes n)."""
    if text.isascii():
        return text.lower()
    return _COMBINING.sub("", unicodedata.normalize("NFKD", text.casefold()))


folded = lru_cache(maxsize=100_000)(fold)  # for single words, which recur often


def visible(text: str) -> str:
    """The text without invisible characters, its line breaks as \\n or \\r\\n.

    Joiners and variation selectors stay where a script or an emoji needs them, one of each. Surrogate pairs become
    the character that they encode.
    """
    if (text.isascii() and text.isprintable()) or not _SUSPECT.search(text):
        return text
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    text = _REMOVE.sub("", _LINE_END.sub("\n", text))
    return _JOINING.sub(_needed, text)


def _needed(match: re.Match[str]) -> str:
    """The part of a run of joiners and variation selectors that the characters around it need."""
    start, end = match.span()
    before, after = match.string[max(start - 1, 0) : start], match.string[end : end + 1]
    kind = unicodedata.category(before) if before else ""
    kept = ""
    if selector := _SELECTOR.match(match[0]):
        keycap = before in tuple("0123456789#*") and after == "\u20e3"
        shaped = not before.isascii() and kind in _SYMBOLS | {"Lo", "Sm", "Po", "Pd"}
        kept = selector[0] if keycap or shaped else ""
    joiner = next((sign for sign in match[0] if sign in _JOINERS), "")
    in_emoji = kind in _SYMBOLS and after and unicodedata.category(after) in _SYMBOLS
    return kept + (joiner if kind in _LETTERS or in_emoji else "")
