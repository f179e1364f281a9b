"""Sentences that are made before it is known who reads them, and are read in each reader's own language.

The watch says what went wrong in a worker, and an editor reads it out of a row a day later. So a sentence keeps what
is translated (its template) apart from what it is about (its values). Nothing here needs settings or a database: where
there are none, as in the process that reads documents (watch/extraction/document_reader.py), sentences are English.
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

LONGEST_VALUE = 600  # characters: a value may quote what came from anywhere
_GROUPED_FROM = 10_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_STORED = '{"say": '

Value: TypeAlias = "str | int | float | DeferredMessage"


@dataclass(frozen=True, slots=True)
class DeferredMessage:
    """A template with %(names)s and their values, made by `deferred_message`; str() is it in the active language."""

    template: str
    values: tuple[tuple[str, Value], ...] = ()

    def __str__(self) -> str:
        """In the active language, numbers as that writes them; English where it has no translation."""
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
            with suppress(KeyError, TypeError, ValueError):  # a wrong translation, a row of other code: no page fails
                return template % values
        return self.template


def deferred_message(template: str, /, **values: Value) -> DeferredMessage:
    """The sentence of a template, which `make messages` collects, and of what stands in for its %(names)s.

    A text among the values is put on one line, cut at `LONGEST_VALUE`, and rid of what PostgreSQL cannot hold (NUL,
    halves of characters). A percent sign in a template is written %%. Raises TypeError for any other value.
    """
    if not isinstance(template, str) or not template:
        raise TypeError("A sentence needs a template.")
    return DeferredMessage(template, tuple(sorted((name, _value(value)) for name, value in values.items())))


def to_text(sentence: DeferredMessage | str) -> str:
    """A sentence as a text column keeps it; plain text stays as it is, and "" says nothing."""
    if isinstance(sentence, str):
        return sentence
    return json.dumps(_as_data(sentence), ensure_ascii=False)


def from_text(text: str) -> DeferredMessage | str:
    """What `to_text` was given. Anything else reads as itself: rows that are older than this hold plain English."""
    if not text.startswith(_STORED):
        return text
    try:
        return _from_data(json.loads(text))
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return text


class UserFacingError(Exception):
    """Something went wrong, and `sentence` tells people what. str() is that in English, for logs."""

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
