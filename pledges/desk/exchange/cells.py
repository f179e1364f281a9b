"""What a cell of a table says, and how a value is written into one. `clean` raises ValueError with a sentence."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override
from import_export.widgets import Widget

from pledges.domain.languages import LANGUAGES
from pledges.domain.spreadsheets import text_of
from pledges.domain.text import fold

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})([T ]00:00(:00(\.0+)?)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_YES = {"yes", "y", "true", "1", "si", "s", "verdadero", "x"}
_NO = {"", "no", "n", "false", "0", "falso"}


class Words(Widget):
    """Any text."""

    def clean(self, value, row=None, **kwargs) -> str:
        """The text, without spaces around it."""
        return text_of(value)

    def render(self, value, obj=None, **kwargs) -> str:
        """The text as it is."""
        return "" if value is None else str(value)


class Day(Widget):
    """A day: a spreadsheet's own, 2024-01-31 or 31/01/2024 (the day first, whatever the country)."""

    def clean(self, value, row=None, **kwargs) -> date | None:
        """The day, or None for an empty cell."""
        text = text_of(value)
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

    def render(self, value, obj=None, **kwargs) -> str:
        """ISO 8601; a time in UTC as well."""
        return value.isoformat() if value else ""


class YesNo(Widget):
    """Yes or no, in either language."""

    def clean(self, value, row=None, **kwargs) -> bool:
        """An empty cell is a no."""
        text = fold(text_of(value))
        if text not in _YES | _NO:
            raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": text[:40]})
        return text in _YES

    def render(self, value, obj=None, **kwargs) -> str:
        """“yes” or “no”."""
        return "yes" if value else "no"


class Whole(Widget):
    """A whole number."""

    def clean(self, value, row=None, **kwargs) -> int | None:
        """The number, or None for an empty cell."""
        text = text_of(value)
        if text and not (text.isdecimal() and len(text) < 10):
            raise ValueError(_("“%(text)s” is not a whole number.") % {"text": text[:40]})
        return int(text) if text else None


class FigureCell(Widget):
    """A number with a decimal point or comma."""

    def clean(self, value, row=None, **kwargs) -> Decimal | None:
        """The number, or None for an empty cell; 5.2 % is 5.2. “1,234” could be two numbers, so it is refused."""
        if isinstance(value, float):
            value = Decimal(repr(value))
        text = text_of(value).replace("\u00a0", "").replace("−", "-").removesuffix("%").rstrip()
        if not text:
            return None
        try:
            if re.fullmatch(r"[+-]?\d+,\d{3}", text):
                raise InvalidOperation
            return Decimal(text.replace(",", ".", 1))
        except InvalidOperation:
            words = _("“%(text)s” is not a number. Write it without thousands separators: 1234 or 12.5.")
            raise ValueError(words % {"text": text[:40]}) from None

    def render(self, value, obj=None, **kwargs) -> str:
        """With a point, without zeros at the end."""
        return "" if value is None else f"{value.normalize():f}"


class OneOf(Widget):
    """One of a field's choices: its value, or its word in either language."""

    def __init__(self, options: Iterable[tuple[str, object]]) -> None:
        self.options = [(value, label) for value, label in options if value != ""]
        self.known = {}
        for code in reversed(LANGUAGES):
            with override(code):
                self.known |= {fold(str(label)): value for value, label in self.options}
        self.known |= {fold(value): value for value, _label in self.options}

    def clean(self, value, row=None, **kwargs) -> str:
        """The choice's value; "" for an empty cell."""
        text = text_of(value)
        if text and fold(text) not in self.known:
            known = ", ".join(value for value, _label in self.options)
            raise ValueError(_("“%(text)s” is none of: %(known)s.") % {"text": text[:40], "known": known})
        return self.known[fold(text)] if text else ""

    def render(self, value, obj=None, **kwargs) -> str:
        """The value, which is the same in all languages."""
        return value or ""


class Reference(Widget):
    """A row of another table by its slug (or another `key`). The rows are read once for a whole import."""

    def __init__(self, model: type[models.Model], key: str = "slug") -> None:
        self.model, self.key = model, key
        self._days = [  # rules compare them with those of the row that refers to this one
            field.name
            for field in model._meta.concrete_fields
            if field.get_internal_type() == "DateField" or field.name.endswith("_precision")
        ]
        self._rows: dict[str, models.Model] | None = None

    def forget(self) -> None:
        """Read the rows anew, before another import."""
        self._rows = None

    def find(self, text: str) -> models.Model:
        """The row. Raises ValueError when there is none."""
        if self._rows is None:
            rows = self.model._default_manager.only(self.key, *self._days)
            self._rows = {getattr(row, self.key): row for row in rows}
        if text not in self._rows:
            words = _("There is no %(kind)s “%(text)s” here. Import or add it first.")
            raise ValueError(words % {"kind": self.model._meta.verbose_name, "text": text[:80]})
        return self._rows[text]

    def clean(self, value, row=None, **kwargs) -> models.Model | None:
        """The row, or None for an empty cell."""
        text = text_of(value)
        return self.find(text) if text else None

    def render(self, value, obj=None, **kwargs) -> str:
        """Its key."""
        return getattr(value, self.key) if value else ""


class References(Reference):
    """Several rows of another table by their slugs, with ; between them."""

    def clean(self, value, row=None, **kwargs) -> list[models.Model]:
        """The rows, each once, in the order of their keys."""
        found = {part.strip(): self.find(part.strip()) for part in re.split("[;,|\n]", text_of(value)) if part.strip()}
        return [found[key] for key in sorted(found)]

    def render(self, value, obj=None, **kwargs) -> str:
        """The keys in their order."""
        rows = value if isinstance(value, list) else value.all() if value is not None else []
        return "; ".join(sorted(getattr(each, self.key) for each in rows))


class Phrases(Widget):
    """Words and short phrases with ; between them."""

    def clean(self, value, row=None, **kwargs) -> list[str]:
        """The phrases in their order, each once."""
        parts = [" ".join(part.split()) for part in re.split("[;\n]", text_of(value))]
        for part in parts:
            if len(part) > 80:
                raise ValueError(_("“%(text)s…” is longer than 80 characters.") % {"text": part[:40]})
        return list(dict.fromkeys(filter(None, parts)))

    def render(self, value, obj=None, **kwargs) -> str:
        """The phrases in their order."""
        return "; ".join(value or [])
