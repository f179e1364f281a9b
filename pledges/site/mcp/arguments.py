"""What the tools take: parts of JSON Schemas and what is wrong with arguments."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator

from pledges.domain.text import visible
from pledges.site.api.requests import LONGEST_CURSOR, LONGEST_SLUG

Schema = dict[str, Any]
MOST_PROBLEMS, LONGEST_PROBLEM = 5, 400  # of the errors in a call, and characters of each
MOST_EXAMINED = 50  # errors of which the first by their place are given
# The form of a day is checked where addresses are read, with an error in plain words.
DAY: Schema = {"type": "string", "maxLength": 40, "examples": ["2024-06-01"]}
SLUG: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_SLUG}
AS_OF: dict[str, Schema] = {
    "on": DAY | {"description": "As of this day (YYYY-MM-DD): what was true then, by what the edition says."},
    "edition": {
        "type": "integer",
        "description": "As of the edition with this number: what the tracker said then. Left out: the current one.",
    },
}
CURSOR: Schema = {
    "type": "string",
    "maxLength": LONGEST_CURSOR,
    "description": "For the next part of a long answer: its “next”, with the same other arguments.",
}


def takes(properties: Mapping[str, Schema], *required: str) -> Schema:
    """The schema of arguments. No others are allowed, so that a misspelt name is an error and not ignored."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def one_of(values: Iterable[str]) -> Schema:
    """The schema of an argument with one of these values."""
    return {"type": "string", "enum": [str(value) for value in values]}


def any_of(item: Schema, description: str) -> Schema:
    """The schema of an argument with several values, of which any may hold."""
    return {"type": "array", "maxItems": 20, "items": item, "description": description}


def cleaned(value: Any) -> Any:
    """The value without invisible characters in its texts, as forms of the site are cleaned. A whole number is an int:
    to JSON Schema 2.0 is an integer, too."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [cleaned(each) for each in value]
    if isinstance(value, dict):
        return {cleaned(name): cleaned(each) for name, each in value.items()}
    return value


def problems(schema: Schema, arguments: Mapping[str, Any]) -> list[str]:
    """What is wrong with the arguments, a line for each argument and what the schema says of it; [] if nothing is."""
    first = islice(Draft202012Validator(schema).iter_errors(dict(arguments)), MOST_EXAMINED)
    errors = sorted(first, key=lambda error: error.json_path)
    lines = [f"{'.'.join(map(str, error.path))}: {error.message}".removeprefix(": ") for error in errors]
    return [line[:LONGEST_PROBLEM] for line in lines[:MOST_PROBLEMS]]
