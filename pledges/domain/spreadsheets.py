"""Texts and numbers in the cells of spreadsheets: what a cell says, and how no cell becomes a formula."""

import re
from datetime import date, datetime
from decimal import Decimal

from pledges.domain.text import INVISIBLE, LINE_ENDS, visible

# With what a formula begins: the signs, and the forms of them that spreadsheets of East Asia take for the same.
_SIGNS = r"=+\-@\u2212\u207a\u207b\u207c\u208a\u208b\u208c\ufb29\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20"
# Where a spreadsheet with other settings may begin another cell.
_SEPARATORS = ",;\t\n\r|\u3001\ufe50\ufe54\uff0c\uff1b\uff5c" + LINE_ENDS
# What a spreadsheet may drop from a cell's beginning.
_SKIPPED = rf"\s'\"`´‘’“”\u02bc\u2032\uff02\uff07{_SEPARATORS}{INVISIBLE}"
_FORMULA = re.compile(rf"(?<![{_SKIPPED}])([{_SKIPPED}]*+)([{_SIGNS}])")
_BEGINS = re.compile("'*[\t\r|]")  # some programs drop these, or take them for a command
_HARMLESS_NUMBER = re.compile(r"[+\-\u2212]?\d+([.,]\d+)?")


class Percent(Decimal):
    """A number that its cell shows with a percent sign: 5.2 where the file holds 0.052."""


def harmless(text: str) -> str:
    """The text so that no spreadsheet takes a part of it for a formula; `natural` undoes it.

    An apostrophe goes before each sign with which a formula could begin: at the text's start, or after a separator.
    """
    if _HARMLESS_NUMBER.fullmatch(text):
        return text
    text = _FORMULA.sub(lambda found: f"{found[1]}'{found[2]}" if _may_begin(found) else found[0], text)
    return f"'{text}" if _BEGINS.match(text) else text


def natural(text: str) -> str:
    """The text without the apostrophes that `harmless` put into it."""
    if text.startswith("'") and _BEGINS.match(text):
        text = text[1:]
    return _FORMULA.sub(
        lambda found: found[1][:-1] + found[2] if found[1].endswith("'") and _may_begin(found) else found[0], text
    )


def _may_begin(found: re.Match[str]) -> bool:
    """Whether a cell may begin in what stands before the sign."""
    return found.start() == 0 or any(sign in _SEPARATORS for sign in found[1])


def text_of(value: object) -> str:
    """A cell as text: a spreadsheet's numbers, days and truths as a person would write them, nothing invisible."""
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
