"""The OpenAPI document: what ninja makes of the operations and schemas, with an example of each answer."""

import functools
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pledges.site.api import problems
from pledges.site.api.operations import api

PREFIX = "api/v1/"
Document = dict[str, Any]
OTHERS = {
    "304": {
        "description": "Not Modified: since the answer with the ETag of If-None-Match nothing was published, no "
        "evidence was archived or found gone, and no new day began"
    },
    "414": {"description": "URI Too Long: the web server takes addresses of up to 4,094 bytes"},
}


@functools.cache
def document() -> Document:
    """The document, without the server's address. Nobody may change it."""
    made: Document = dict(api.get_openapi_schema(path_prefix=PREFIX))
    made["servers"] = [{"url": "/"}]
    made["components"]["schemas"] = {name: _tidied(schema) for name, schema in made["components"]["schemas"].items()}
    for path in made["paths"].values():
        for operation in path.values():
            _complete(operation, made["components"]["schemas"])
    return made


def query_parameters(path: str) -> list[str]:
    """The names of the query parameters of the operation at a path, such as pledges/{slug}."""
    operation = document()["paths"][f"/{PREFIX}{path}"]["get"]
    return [each["name"] for each in operation["parameters"] if each["in"] == "query"]


def example_of(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    """An example of a value: the first of its own, or one made of the examples of its parts."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], schemas)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [example_of(schema["items"], schemas)]
    return {name: example_of(part, schemas) for name, part in schema.get("properties", {}).items()}


def _tidied(schema: Any) -> Any:
    """A schema without the titles and defaults that are only Python's names and None."""
    if isinstance(schema, list):
        return [_tidied(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    empty = {"title"} if isinstance(schema.get("title"), str) else set()
    empty |= {"default"} if schema.get("default", 0) is None else set()
    return {name: _tidied(each) for name, each in schema.items() if name not in empty}


def _complete(operation: Document, schemas: Mapping[str, Any]) -> None:
    """Add the examples, the media type of problems, and the answer to an ETag."""
    operation["operationId"] = operation["operationId"].rpartition("operations_")[2]
    operation["parameters"].sort(key=lambda parameter: parameter["in"] != "path")
    for parameter in operation["parameters"]:
        parameter["schema"] = _tidied(parameter["schema"])
        if examples := parameter.pop("examples", []):  # OpenAPI has another form for several
            parameter["example"] = examples[0]
    for status, response in operation["responses"].items():
        [(media_type, content)] = response["content"].items()
        if status != HTTPStatus.OK:
            media_type = problems.CONTENT_TYPE
        response["content"] = {media_type: {**content, "example": example_of(content["schema"], schemas)}}
    operation["responses"] = {
        **OTHERS,
        **{str(int(status)): response for status, response in operation["responses"].items()},
    }
