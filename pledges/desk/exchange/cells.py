"""How one cell is read and written, a class for each kind of value.

`read` raises ValueError with a sentence for whoever filled the table in; `write` gives what an export puts there.
"""

import re
from bisect import bisect
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from pledges.domain.languages import LANGUAGES
from pledges.domain.spreadsheets import text_of
from pledges.domain.text import fold

MOST_NAMED = 20  # rows that a message names
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})([T ]00:00(:00(\.0+)?)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_YES = {"yes", "y", "true", "1", "si", "s", "verdadero", "x"}
_NO = {"", "no", "n", "false", "0", "falso"}


class Text:
    """Any text, without spaces around it."""

    about: Any = ""  # how to fill the cell in, in the reader's language

    def read(self, cell: object) -> Any:
        return text_of(cell)

    def write(self, value: Any) -> str:
        return "" if value is None else str(value)


class AsIs(Text):
    """Whatever a field holds, for tables that are only exported: lists with ; between, times in UTC as ISO 8601."""

    def write(self, value: Any) -> str:
        if isinstance(value, list | tuple):
            return "; ".join(map(str, value))
        if hasattr(value, "isoformat"):
            return str(value.isoformat())
        return text_of(value)


class Day(Text):
    """A date: a spreadsheet's own, 2024-01-31 or 31/01/2024 (the day first, whatever the country)."""

    about = gettext_lazy("A day: 2024-01-31 or 31/01/2024.")

    def read(self, cell: object) -> date | None:
        text = text_of(cell)
        if not text:
            return None
        try:
            if match := _ISO.fullmatch(text):
                return date(*map(int, match.group(1, 2, 3)))
            if match := _DAY_FIRST.fullmatch(text):
                return date(*map(int, match.group(3, 2, 1)))
        except ValueError:
            pass
        raise ValueError(_("“%(text)s” is not a day. Write it as 2024-01-31 or 31/01/2024.") % {"text": text[:40]})

    def write(self, value: date | None) -> str:
        return value.isoformat() if value else ""


class YesNo(Text):
    """Yes or no, in either language; an empty cell is a no."""

    about = gettext_lazy("yes or no.")

    def read(self, cell: object) -> bool:
        text = fold(text_of(cell))
        if text not in _YES | _NO:
            raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": text[:40]})
        return text in _YES

    def write(self, value: Any) -> str:
        return "yes" if value else "no"


class WholeNumber(Text):
    """A whole number of up to nine digits, or None for an empty cell."""

    def read(self, cell: object) -> int | None:
        text = text_of(cell)
        if text and not (text.isdecimal() and len(text) < 10):
            raise ValueError(_("“%(text)s” is not a whole number.") % {"text": text[:40]})
        return int(text) if text else None


class Number(Text):
    """A number with a decimal point or comma; 5.2 % is 5.2. “1,234” could be two numbers, so it is refused."""

    about = gettext_lazy("A number, without thousands separators.")

    def read(self, cell: object) -> Decimal | None:
        if isinstance(cell, float):
            cell = Decimal(repr(cell))
        text = text_of(cell).replace("\u00a0", "").replace("−", "-").removesuffix("%").rstrip()
        if not text:
            return None
        try:
            if re.fullmatch(r"[+-]?\d+,\d{3}", text):
                raise InvalidOperation
            return Decimal(text.replace(",", ".", 1))
        except InvalidOperation:
            words = _("“%(text)s” is not a number. Write it without thousands separators: 1234 or 12.5.")
            raise ValueError(words % {"text": text[:40]}) from None

    def write(self, value: Decimal | None) -> str:
        return "" if value is None else f"{value.normalize():f}"


class Choice(Text):
    """One of a field's choices: its value, or its label in either language. An export writes the value."""

    def __init__(self, choices: Iterable[tuple[str, object]]) -> None:
        self.choices = [(value, label) for value, label in choices if value != ""]
        self.values: dict[str, str] = {}
        for code in reversed(LANGUAGES):  # where two labels are the same, the first language's holds
            with override(code):
                self.values |= {fold(str(label)): value for value, label in self.choices}
        self.values |= {fold(value): value for value, _label in self.choices}

    def read(self, cell: object) -> str:
        text = text_of(cell)
        if text and fold(text) not in self.values:
            known = ", ".join(value for value, _label in self.choices)
            raise ValueError(_("“%(text)s” is none of: %(known)s.") % {"text": text[:40], "known": known})
        return self.values[fold(text)] if text else ""


class Reference(Text):
    """A row of another table by its slug, or by another `key`. The table is read once for a whole import."""

    def __init__(self, model: type[models.Model], key: str = "slug") -> None:
        self.model, self.key = model, key
        self.about = _("The address of a row: %(kind)s.") % {"kind": model._meta.verbose_name}
        self._rows: dict[str, models.Model] | None = None

    def find(self, text: str) -> models.Model:
        """The row. Raises ValueError when there is none."""
        if self._rows is None:
            # With its days: rules compare them with those of the row that refers to it.
            days = [
                field.name
                for field in self.model._meta.concrete_fields
                if field.get_internal_type() == "DateField" or field.name.endswith("_precision")
            ]
            rows = self.model._default_manager.only(self.key, *days)
            self._rows = {getattr(row, self.key): row for row in rows}
        if text not in self._rows:
            words = _("There is no %(kind)s “%(text)s” here. Import or add it first.")
            words %= {"kind": self.model._meta.verbose_name, "text": text[:80]}
            raise ValueError(f"{words} {self._known(text)}")
        return self._rows[text]

    def _known(self, text: str) -> str:
        """A sentence that says which rows there are: all, or those next to the text in the alphabet."""
        known = sorted(self._rows or {})
        if not known:
            return _("There is none yet.")
        start = max(0, min(bisect(known, text) - MOST_NAMED // 2, len(known) - MOST_NAMED))
        names = ", ".join(known[start : start + MOST_NAMED])
        if len(known) <= MOST_NAMED:
            return _("There are: %(names)s.") % {"names": names}
        return _("There are %(count)s, among them: %(names)s.") % {"count": len(known), "names": names}

    def read(self, cell: object) -> Any:
        text = text_of(cell)
        return self.find(text) if text else None

    def write(self, value: Any) -> str:
        return getattr(value, self.key) if value else ""


class References(Reference):
    """Several rows of another table by their keys with ; between them: each once, in the order of the keys."""

    def __init__(self, model: type[models.Model], key: str = "slug") -> None:
        super().__init__(model, key)
        self.about = _("Addresses of %(rows)s, with ; between them.") % {"rows": model._meta.verbose_name_plural}

    def read(self, cell: object) -> list[models.Model]:
        parts = [part.strip() for part in re.split("[;,|\n]", text_of(cell))]
        rows = {part: self.find(part) for part in parts if part}
        return [rows[key] for key in sorted(rows)]

    def write(self, value: Any) -> str:
        rows = value if isinstance(value, list) else value.all() if value is not None else []
        return "; ".join(sorted(getattr(row, self.key) for row in rows))


class Phrases(Text):
    """Words and short phrases with ; between them, each once."""

    about = gettext_lazy("Phrases with ; between them.")

    def read(self, cell: object) -> list[str]:
        phrases = [" ".join(part.split()) for part in re.split("[;\n]", text_of(cell))]
        for phrase in phrases:
            if len(phrase) > 80:
                raise ValueError(_("“%(text)s…” is longer than 80 characters.") % {"text": phrase[:40]})
        return list(dict.fromkeys(filter(None, phrases)))

    def write(self, value: list[str] | None) -> str:
        return "; ".join(value or [])
