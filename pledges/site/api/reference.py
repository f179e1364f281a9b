"""The reference of the API as a page of the site, made from the OpenAPI document."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from pledges.domain.lazy import lazy
from pledges.site.api import requests
from pledges.site.shared.page_cache import PublicRequest, origin_of, page

if TYPE_CHECKING:
    from pledges.site.api import openapi
else:
    openapi = lazy("pledges.site.api.openapi")

TYPES = {
    "string": gettext_lazy("text"),
    "integer": gettext_lazy("whole number"),
    "boolean": gettext_lazy("true or false"),
    "object": gettext_lazy("object"),
    "date": gettext_lazy("day"),
    "date-time": gettext_lazy("time"),
}
STATUSES = {
    301: gettext_lazy("The pledge has another address since a correction: Location has it."),
    404: gettext_lazy("Nothing public is at this address as of this edition, or there is no such edition."),
    405: gettext_lazy("The API can only be read: GET, HEAD, OPTIONS."),
    410: gettext_lazy("The pledge was retracted: the answer says in which edition and why."),
    422: gettext_lazy("A parameter does not exist, or its value cannot be."),
    429: gettext_lazy("Too many requests came from your network in this minute."),
}
Schema = Mapping[str, Any]
translated = gettext  # by another name: what follows is no string of this file


@dataclass(frozen=True)
class Row:
    """A parameter or a key of an answer, as the page describes it. `values` are those that it may have, if few."""

    name: str
    type: str
    description: str
    required: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """An operation, as the page describes it. `link` is an address that can be opened, or ""."""

    id: str
    path: str
    summary: str
    description: str
    parameters: list[Row]
    keys: list[Row]
    example: str
    request: str
    link: str


@page(dated=False)
def reference(request: PublicRequest) -> HttpResponse:
    """Every operation with its parameters, the keys of its answer, and an example."""
    document, origin = openapi.document(), origin_of(request)
    context = {
        "description": translated(document["info"]["description"]),
        "operations": [
            _operation(path, methods["get"], origin, document["components"]["schemas"])
            for path, methods in document["paths"].items()
        ],
        "statuses": STATUSES.items(),
        "most": settings.API_REQUESTS_PER_MINUTE,
        "usual_rows": requests.USUAL,
        "most_rows": requests.MOST,
    }
    return render(request, "pledges/api.html", context)


def _operation(path: str, operation: Schema, origin: str, schemas: Mapping[str, Schema]) -> Operation:
    [content] = operation["responses"]["200"]["content"].values()
    of_path = {each["name"]: each["example"] for each in operation["parameters"] if each["in"] == "path"}
    query = {
        each["name"]: each["example"] for each in operation["parameters"] if each["in"] != "path" and each["required"]
    }
    address = origin + path.format_map(of_path) + (f"?{urlencode(query)}" if query else "")
    return Operation(
        id=operation["operationId"],
        path=path,
        summary=translated(operation["summary"]),
        description=translated(operation["description"]),
        parameters=[_parameter(each, schemas) for each in operation["parameters"]],
        keys=list(_keys(content["schema"], schemas)),
        example=json.dumps(content["example"], ensure_ascii=False, indent=2),
        request=address,
        link="" if of_path else address,
    )


def _parameter(parameter: Schema, schemas: Mapping[str, Schema]) -> Row:
    schema = parameter["schema"]
    return Row(
        name=parameter["name"],
        type=_type(schema, schemas),
        description=translated(parameter["description"]),
        required=parameter["required"],
        values=_values(schema, schemas),
    )


def _keys(schema: Schema, schemas: Mapping[str, Schema], prefix: str = "") -> Iterator[Row]:
    """The keys of an object, and those of the objects in it behind a dot; "[]" follows the name of a list."""
    schema = _resolved(schema, schemas)
    for name, each in schema.get("properties", {}).items():
        part = _resolved(each, schemas)
        items = _resolved(part["items"], schemas) if part.get("type") == "array" else part
        full = f"{prefix}{name}{'[]' if part.get('type') == 'array' else ''}"
        description = each.get("description") or part["description"]  # the same is written once, at the schema
        yield Row(full, _type(each, schemas), translated(description), values=_values(each, schemas))
        yield from _keys(items, schemas, f"{full}.")


def _resolved(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """The schema itself, where it refers to another one or may be null as well."""
    if "anyOf" in schema:
        return _resolved(schema["anyOf"][0], schemas)
    return schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _type(schema: Schema, schemas: Mapping[str, Schema]) -> str:
    resolved = _resolved(schema, schemas)
    if resolved["type"] == "array":
        text = _("list: %(type)s") % {"type": _type(resolved["items"], schemas)}
    else:
        text = str(TYPES[resolved.get("format", resolved["type"])])
    return _("%(type)s or null") % {"type": text} if "anyOf" in schema else text


def _values(schema: Schema, schemas: Mapping[str, Schema]) -> tuple[str, ...]:
    resolved = _resolved(schema, schemas)
    resolved = _resolved(resolved["items"], schemas) if resolved["type"] == "array" else resolved
    return tuple(resolved.get("enum", [resolved["const"]] if "const" in resolved else []))
