"""Parses numbers as people write them; the whole column shows whether comma or point is the decimal separator."""

import re
from decimal import Decimal, InvalidOperation

_SIGNS = ["", "-", "--", "–", "—", ".", "..", "...", "…"]
_WORDS = "na n/a n.a. nd n.d. s/d s.d. null none nan #n/a x".split()
NOT_GIVEN = frozenset([*_SIGNS, *_WORDS, "no disponible", "not available"])
_LONGEST = 60  # characters: no number is longer
_PERCENT = re.compile(r"%|\bper ?cent(?:age)?s?\b|\bpor ?ciento\b|\bporcentajes?\b|\bpct\b", re.IGNORECASE)
_UNITS = re.compile(rf"\b(?:usd|eur|us)\b\$?|{_PERCENT.pattern}|[$€£‰°*†]|\((?:p|e|r|sd)\)$", re.IGNORECASE)
_SPACES = re.compile("[\\s\u00a0\u202f\u2009'’_]")
_SHAPE = re.compile(r"[+-]?\d+(?:[.,]\d+)*")


class Ambiguous(ValueError):
    """The column does not show whether comma or point is its decimal separator; `args` hold the ambiguous numbers."""


def is_given(value: object) -> bool:
    """Whether a cell has a value, and not one of the usual signs for a missing one."""
    return value is not None and not (isinstance(value, str) and value.strip().casefold() in NOT_GIVEN)


def decimal_sign(texts: list[str], *, usual: str = "") -> str:
    """The decimal separator of these numbers: "." or ",".

    It follows from the numbers; if none of them is clear (1.234), it is `usual`. Raises Ambiguous if they contradict
    each other, or if none is clear and `usual` is "".
    """
    shown: dict[str, str] = {}  # an example by separator
    unclear = ""
    for text in texts:
        bare = _bare(text[:_LONGEST])
        commas, points = bare.count(","), bare.count(".")
        if commas and points:
            sign = "," if bare.rindex(",") > bare.rindex(".") else "."
        elif commas + points > 1:
            sign = "." if commas else ","  # a mark that is repeated separates thousands
        elif commas + points == 1:
            mark = "," if commas else "."
            before, after = bare.lstrip("+-").split(mark)
            if len(after) == 3 and 1 <= len(before) <= 3 and before[0] != "0":
                unclear = unclear or text
                continue
            sign = mark
        else:
            continue
        shown.setdefault(sign, text)
    if len(shown) > 1:
        raise Ambiguous(*shown.values())
    if shown:
        return next(iter(shown))
    if unclear and not usual:
        raise Ambiguous(unclear)
    return usual or "."


def is_percent(text: str) -> bool:
    """Whether a number is written as a percentage."""
    return bool(_PERCENT.search(text))


def number(value: object, sign: str) -> Decimal | None:
    """The number in a cell, with the decimal separator `sign`; None if it is not a number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float, Decimal)):
        decimal = Decimal(str(value))
        return decimal if decimal.is_finite() else None
    if len(str(value)) > _LONGEST:
        return None
    bare = _bare(str(value))
    thousands = "," if sign == "." else "."
    if not _SHAPE.fullmatch(bare):
        try:
            return Decimal(bare.replace(sign, ".")) if re.fullmatch(r"[+-]?\d+[.,]?\d*e[+-]?\d{1,2}", bare) else None
        except InvalidOperation:
            return None
    whole, _sign, decimals = bare.partition(sign)
    if thousands in decimals or sign in decimals:
        return None
    groups = whole.lstrip("+-").split(thousands)
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:])):
        return None
    return Decimal(whole.replace(thousands, "") + (f".{decimals}" if decimals else ""))


def _bare(text: str) -> str:
    """The number without currency, percent sign and spaces; (5) is -5, as in accounting."""
    bare = _SPACES.sub("", _UNITS.sub("", text.strip())).replace("−", "-").casefold()
    return f"-{bare[1:-1]}" if re.fullmatch(r"\([\d.,]+\)", bare) else bare
