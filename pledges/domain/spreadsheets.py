"""Cells of spreadsheets: their values as text, and protection against formula injection."""

import re
from datetime import date, datetime
from decimal import Decimal

from pledges.domain.text import INVISIBLE, LINE_ENDS, visible

# The signs that begin a formula, and the variants that East Asian spreadsheets treat alike.
_SIGNS = r"=+\-@\u2212\u207a\u207b\u207c\u208a\u208b\u208c\ufb29\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20"
# Characters after which a spreadsheet with other settings may begin a new cell.
_SEPARATORS = ",;\t\n\r|\u3001\ufe50\ufe54\uff0c\uff1b\uff5c" + LINE_ENDS
# Characters that a spreadsheet may drop from the beginning of a cell.
_SKIPPED = rf"\s'\"`´‘’“”\u02bc\u2032\uff02\uff07{_SEPARATORS}{INVISIBLE}"
_FORMULA = re.compile(rf"(?<![{_SKIPPED}])([{_SKIPPED}]*+)([{_SIGNS}])")
_UNSAFE_START = re.compile("'*[\t\r|]")  # some programs drop these, or take them for a command
_HARMLESS_NUMBER = re.compile(r"[+\-\u2212]?\d+([.,]\d+)?")


class Percent(Decimal):
    """A number that its cell shows with a percent sign: 5.2 where the file stores 0.052."""


def harmless(text: str) -> str:
    """Escape the text so that no spreadsheet reads a part of it as a formula; `natural` undoes it.

    An apostrophe is put before each sign that could begin a formula: at the start of the text or after a separator.
    """
    if _HARMLESS_NUMBER.fullmatch(text):
        return text
    text = _FORMULA.sub(lambda match: f"{match[1]}'{match[2]}" if _may_begin(match) else match[0], text)
    return f"'{text}" if _UNSAFE_START.match(text) else text


def natural(text: str) -> str:
    """The text without the apostrophes that `harmless` put into it."""
    if text.startswith("'") and _UNSAFE_START.match(text):
        text = text[1:]
    return _FORMULA.sub(
        lambda match: match[1][:-1] + match[2] if match[1].endswith("'") and _may_begin(match) else match[0], text
    )


def _may_begin(match: re.Match[str]) -> bool:
    """Whether a cell may begin at the sign, judged by the characters before it."""
    return match.start() == 0 or any(sign in _SEPARATORS for sign in match[1])


def text_of(value: object) -> str:
    """A cell's value as text: numbers, dates and booleans as a person would write them, no invisible characters."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.min.time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}{'%' if isinstance(value, Percent) else ''}"
    return visible(str(value)).replace("\r\n", "\n").replace("\r", "\n").strip()
