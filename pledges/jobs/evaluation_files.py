"""A file of labelled texts, as JSON Lines, for `manage.py evaluate` (docs/watch-learning.md describes its fields)."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.dateparse import parse_date, parse_datetime

from pledges.domain import json_lines
from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import Status
from pledges.watch.matching.metrics import LABELS
from pledges.watch.text.language import declared

_PARTIAL = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2}))?")


@dataclass(frozen=True)
class Text:
    """One labelled text; `partial` if its date named only a year or month, and was read as the first day of that."""

    id: str
    title: str
    text: str
    language: str
    at: datetime
    partial: bool
    pledges: frozenset[str]
    optional: frozenset[str]
    suggested: dict[str, str] = field(default_factory=dict)
    also_ok: dict[str, frozenset[str]] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)


def read(path: Path, known: Collection[str]) -> list[Text]:
    """The texts of a file, in its order; `known` are the slugs of the pledges that they may name.

    Raises CommandError with the number of a line that cannot be used.
    """
    try:
        lines = json_lines.numbered(path)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}.") from error
    texts = []
    for number, line in lines:
        try:
            texts.append(_text(json.loads(line), known))
        except (json.JSONDecodeError, RecursionError) as error:
            raise CommandError(f"Line {number} is not JSON: {error}.") from error
        except ValueError as error:
            raise CommandError(f"Line {number}: {error}.") from error
    if not texts:
        raise CommandError(f"{path} holds no text.")
    return texts


def _text(row: object, known: Collection[str]) -> Text:
    """The text of a line. Raises ValueError, whose message says what is wrong."""
    if not isinstance(row, dict):
        raise ValueError("it is not an object")
    for name in ("id", "title", "date", "text", "pledges"):
        if row.get(name) is None:
            raise ValueError(f"“{name}” is missing")
    for name in ("title", "text"):
        if not isinstance(row[name], str):
            raise ValueError(f"“{name}” is not a text")
    pledges, optional = (_slugs(row.get(name) or [], name, known) for name in ("pledges", "optional_pledges"))
    suggested = {slug: _label(label, "suggested", LABELS) for slug, label in _labels(row, "suggested", known).items()}
    before = {slug: _label(label, "before", tuple(Status)) for slug, label in _labels(row, "before", known).items()}
    also_ok = {}
    for slug, labels in _labels(row, "also_ok", known).items():
        if not isinstance(labels, list):
            raise ValueError(f"“also_ok” holds {labels!r}, which is not a list of statuses")
        also_ok[slug] = frozenset(_label(label, "also_ok", LABELS) for label in labels)
    at, partial = _moment(row["date"])
    return Text(
        id=row["id"],
        title=row["title"],
        text=row["text"],
        language=_language(row.get("lang")),
        at=at,
        partial=partial,
        pledges=pledges,
        optional=optional - pledges,
        suggested=suggested,
        also_ok=also_ok,
        before=before,
    )


def _slugs(given: object, name: str, known: Collection[str]) -> frozenset[str]:
    if not isinstance(given, list) or not all(isinstance(slug, str) for slug in given):
        raise ValueError(f"“{name}” is not a list of pledges")
    if unknown := sorted(set(given) - set(known)):
        raise ValueError(f"“{name}” names {', '.join(unknown)}, and no pledge that is judged against is called so")
    return frozenset(given)


def _labels(row: dict[str, Any], name: str, known: Collection[str]) -> dict[str, Any]:
    given = row.get(name) or {}
    if not isinstance(given, dict):
        raise ValueError(f"“{name}” is not an object")
    _slugs(list(given), name, known)
    return given


def _label(given: object, name: str, allowed: tuple[str, ...]) -> str:
    if not isinstance(given, str) or given not in allowed:
        raise ValueError(f"“{name}” holds {given!r}, which is no status; they are {', '.join(sorted(allowed))}")
    return given


def _language(given: object) -> str:
    """The language that a text declares; "" without, so that it is detected. Raises ValueError for another one."""
    if not given:
        return ""
    language = declared(given) if isinstance(given, str) else ""
    if not language:
        raise ValueError(f"“lang” is {given!r}, and should be {' or '.join(LANGUAGES)}; without it, it is detected")
    return language


def _moment(given: object) -> tuple[datetime, bool]:
    """The time in a date, or in a date and time, UTC unless it has an offset; and whether the date is partial.

    A year or a month is read as its first day. Raises ValueError.
    """
    written = str(given)
    try:
        if partial := _PARTIAL.fullmatch(written):
            return datetime(int(partial["year"]), int(partial["month"] or 1), 1, tzinfo=UTC), True
        found: date | None = parse_datetime(written) or parse_date(written)
    except ValueError:
        found = None
    if found is None:
        raise ValueError(f"“date” is {given!r}, and should be like 2024-03-01, 2024-03 or 2024-03-01T12:00:00Z")
    if not isinstance(found, datetime):
        found = datetime(found.year, found.month, found.day)
    return found if found.tzinfo else found.replace(tzinfo=UTC), False
