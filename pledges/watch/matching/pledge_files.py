"""Pledges in a JSON file, as the matcher's input: `manage.py evaluate --pledges` and `bench.fit` need no database."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pledges.domain.country_names import names_of
from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import Status
from pledges.watch.matching.profile import Profile

_BY_LANGUAGE = ("title", "statement", "also_called", "criteria")  # fields with a language at their end: title_en


class BadPledges(ValueError):
    """The file holds no such pledges; the message says what is wrong, and with which pledge."""


def read(path: Path) -> list[Profile]:
    """The profiles of the pledges in a file: a JSON list of objects (see `profile_of`). Raises BadPledges."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadPledges(f"{path} cannot be read: {error}.") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadPledges(f"{path} is not JSON: {error}.") from error
    if not isinstance(rows, list) or not rows:
        raise BadPledges(f"{path} must hold a JSON list of at least one pledge.")
    profiles = []
    for number, row in enumerate(rows, 1):
        try:
            profiles.append(profile_of(row))
        except ValueError as error:
            name = row.get("slug") if isinstance(row, dict) else None
            raise BadPledges(f"{path}: pledge {number}{f' ({name})' if name else ''}: {error}.") from error
    counts = Counter(profile.pledge for profile in profiles)
    if twice := sorted(str(slug) for slug, count in counts.items() if count > 1):
        raise BadPledges(f"{path}: the slug {', '.join(twice)} is there more than once.")
    return profiles


def profile_of(row: object) -> Profile:
    """A pledge's profile, as `pledges.jobs.profiles` makes it from the database. Raises ValueError.

    A row has `slug`, `person`, `country` (two letters), and in at least one language `title_en` and `statement_en`. It
    may have `also_called_en` and `institutions` (lists of names), `criteria_en` (by status), `deadline` (a day) and
    `history`, the changes of its status as [day, status]. Other fields are ignored.
    """
    if not isinstance(row, dict):
        raise ValueError("it is not an object")
    for name in row:
        field, _, language = str(name).rpartition("_")
        if field in _BY_LANGUAGE and len(language) == 2 and language not in LANGUAGES:
            raise ValueError(f"“{name}” is in another language; those that are read are {', '.join(LANGUAGES)}")
    written = [code for code in LANGUAGES if row.get(f"title_{code}") and row.get(f"statement_{code}")]
    if not written:
        raise ValueError("“title_en” and “statement_en” are missing, or those in another language")
    slug, person, country = (_text(row, name, needed=True) for name in ("slug", "person", "country"))
    countries = names_of(country)
    if not all(countries):
        raise ValueError(f"“country” is {country!r}, and should be a code such as MX")
    names = (person, person.split()[-1], *countries, *_texts(row, "institutions"))
    criteria = {code: _criteria(row, f"criteria_{code}") for code in LANGUAGES}
    parts = {
        code: (_text(row, f"title_{code}"), _text(row, f"statement_{code}"), criteria[code].get(Status.KEPT, ""))
        for code in LANGUAGES
    }
    return Profile(
        pledge=slug,
        texts={code: "\n".join(own).rstrip() for code, own in parts.items()},
        aliases={code: _texts(row, f"also_called_{code}") for code in LANGUAGES},
        context=tuple(dict.fromkeys(names)),
        criteria=criteria,
        history=_history(row),
        deadline=_deadline(row),
    )


def _text(row: Mapping[str, Any], name: str, *, needed: bool = False) -> str:
    value = row.get(name) or ""
    if not isinstance(value, str):
        raise ValueError(f"“{name}” is not a text")
    if needed and not value.strip():
        raise ValueError(f"“{name}” is missing")
    return value


def _texts(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = row.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"“{name}” is not a list of texts")
    return tuple(values)


def _criteria(row: Mapping[str, Any], name: str) -> dict[str, str]:
    values = row.get(name) or {}
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise ValueError(f"“{name}” is not an object of texts by status")
    return {_status(status, name): value for status, value in values.items() if value}


def _history(row: Mapping[str, Any]) -> tuple[tuple[date, str], ...]:
    changes = row.get("history") or []
    if not isinstance(changes, list) or not all(isinstance(change, list) and len(change) == 2 for change in changes):
        raise ValueError("“history” is not a list of [day, status]")
    try:
        days = [date.fromisoformat(day) for day, _status_since in changes]
    except (TypeError, ValueError):
        raise ValueError("“history” has a day that is not like 2024-03-01") from None
    statuses = [_status(status, "history") for _day, status in changes]
    return tuple(sorted(zip(days, statuses, strict=True), key=lambda change: change[0]))


def _deadline(row: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(row["deadline"]) if row.get("deadline") else None
    except (TypeError, ValueError):
        raise ValueError("“deadline” is not a day like 2024-03-01") from None


def _status(value: object, name: str) -> str:
    try:
        return Status(str(value))
    except ValueError:
        known = ", ".join(sorted(Status))
        raise ValueError(f"“{name}” names {value!r}, which is no status; they are {known}") from None
