"""Deferred messages: a template and its values, stored untranslated and translated when somebody reads them.

A worker writes what went wrong into a row, and an editor reads it a day later in another language. Nothing here needs
settings or a database: without them, as in the child process that reads documents
(watch/extraction/document_reader.py), messages are in English.
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext

LONGEST_VALUE = 600  # characters: a value may quote untrusted text
_GROUPED_FROM = 10_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_STORED = '{"say": '

Value: TypeAlias = "str | int | float | DeferredMessage"


@dataclass(frozen=True, slots=True)
class DeferredMessage:
    """A template with %(names)s and their values, made by `deferred_message`; str() translates it."""

    template: str
    values: tuple[tuple[str, Value], ...] = ()

    def __str__(self) -> str:
        """In the active language, with localized numbers; in English where there is no translation."""
        return self._filled(gettext, _local) if settings.configured else self.english

    @property
    def english(self) -> str:
        """In English, whatever language is active: for logs and for machines."""
        return self._filled(str, _plain)

    def _filled(self, translated: Callable[[str], str], number: Callable[[int | float], str]) -> str:
        values = {}
        for name, value in self.values:
            if isinstance(value, DeferredMessage):
                value = value._filled(translated, number)
            values[name] = value if isinstance(value, str) else number(value)
        for template in (translated(self.template), self.template):
            # A wrong translation, or a row written by another release, must not break a page.
            with suppress(KeyError, TypeError, ValueError):
                return template % values
        return self.template


def deferred_message(template: str, /, **values: Value) -> DeferredMessage:
    """A deferred message: the template, which `make messages` collects, and the values of its %(names)s.

    Text values are put on one line, cut at `LONGEST_VALUE`, and stripped of what PostgreSQL cannot store (NUL, lone
    surrogates). A percent sign in a template is written %%. Raises TypeError for values of any other type.
    """
    if not isinstance(template, str) or not template:
        raise TypeError("A sentence needs a template.")
    return DeferredMessage(template, tuple(sorted((name, _value(value)) for name, value in values.items())))


def to_text(sentence: DeferredMessage | str) -> str:
    """Serialize a message for a text column; plain text, including "", stays as it is."""
    if isinstance(sentence, str):
        return sentence
    return json.dumps(_as_data(sentence), ensure_ascii=False)


def from_text(text: str) -> DeferredMessage | str:
    """The inverse of `to_text`. Any other text is returned as it is: the oldest rows hold plain English."""
    if not text.startswith(_STORED):
        return text
    try:
        return _from_data(json.loads(text))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return text


class UserFacingError(Exception):
    """An error with a `sentence` to show to people. str() is the sentence in English, for logs."""

    def __init__(self, sentence: DeferredMessage | str):
        super().__init__(getattr(sentence, "english", sentence))
        self.sentence = sentence


def _value(value: Value) -> Value:
    if isinstance(value, str):
        line = " ".join(_CONTROL.sub(" ", value).encode("utf-8", "replace").decode().split())
        return line if len(line) <= LONGEST_VALUE else f"{line[: LONGEST_VALUE - 1]}…"
    if isinstance(value, bool) or not isinstance(value, int | float | DeferredMessage):
        raise TypeError(f"A sentence cannot hold a {type(value).__name__}: give text, a number or a sentence.")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _as_data(sentence: DeferredMessage) -> dict[str, Any]:
    values = {name: _as_data(value) if isinstance(value, DeferredMessage) else value for name, value in sentence.values}
    return {"say": sentence.template, "with": values}


def _from_data(data: dict[str, Any]) -> DeferredMessage:
    values = {name: _from_data(value) if isinstance(value, dict) else value for name, value in data["with"].items()}
    template = data["say"]
    return deferred_message(template, **values)


def _plain(number: int | float) -> str:
    return f"{number:,}" if abs(number) >= _GROUPED_FROM else str(number)


def _local(number: int | float) -> str:
    return str(number_format(number, force_grouping=abs(number) >= _GROUPED_FROM))
