"""The OpenAPI document, the answers that it describes, and the reference page that is made from it."""

import html
import json
import re
from pathlib import Path

import pytest
from django.test import Client

from pledges.site.api import answers, openapi, requests
from pledges.site.api import operations as api_operations

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "data.md"
# By the operation's id: what answers it, and its arguments.
ANSWERS = {
    "list_pledges": (answers.pledges,),
    "get_pledge": (answers.pledge, "new-prisons"),
    "search": (answers.search,),
    "list_updates": (answers.updates,),
    "list_evidence": (answers.evidence,),
    "list_mandates": (answers.mandates,),
    "get_mandate": (answers.mandate, "noboa-2023"),
    "list_indicators": (answers.indicators,),
    "get_indicator": (answers.indicator, "homicides-per-year"),
    "list_editions": (answers.editions,),
    "get_edition": (answers.edition, 1),
    "list_changes": (answers.changes,),
}
QUERIES = {"search": {"q": "prison"}, "list_changes": {"since": "2023-12-01"}}


def operations():
    """Each operation with its path."""
    return [(path, methods["get"]) for path, methods in openapi.document()["paths"].items()]


def parts(value):
    """Every object in a document."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(each)


def test_the_document_is_one_of_openapi_3_1_and_leads_nowhere_else(client):
    response = client.get("/api/v1/openapi.json")
    document = response.json()
    assert (document["openapi"], document["info"]["version"]) == ("3.1.0", "1")
    assert document["servers"] == [{"url": "http://testserver"}]
    names = {each["$ref"].removeprefix("#/components/schemas/") for each in parts(document) if "$ref" in each}
    assert names <= set(document["components"]["schemas"])
    assert {path.removeprefix("/api/v1/") for path in document["paths"]} == {
        *("pledges", "pledges/{slug}", "search", "updates", "evidence", "mandates", "mandates/{slug}"),
        *("indicators", "indicators/{slug}", "editions", "editions/{number}", "changes"),
    }


def test_every_operation_parameter_and_key_is_described_with_an_example():
    document = openapi.document()
    assert {operation["operationId"] for _path, operation in operations()} == set(ANSWERS)
    for path, operation in operations():
        assert operation["summary"] and operation["description"]
        for status, response in operation["responses"].items():
            content = response.get("content", {})
            assert list(content) == ([] if status in openapi.OTHERS else ["application/json"] if status == "200" else [
                "application/problem+json"
            ])  # fmt: skip
            assert all(each["example"] for each in content.values())
        for parameter in operation["parameters"]:
            assert parameter["description"], (path, parameter["name"])
            assert "example" in parameter or parameter["name"] == "cursor"
        assert {"edition", "on"} <= {each["name"] for each in operation["parameters"]}
    for name, schema in document["components"]["schemas"].items():
        for key, each in schema.get("properties", {}).items():
            assert each.get("description") or "$ref" in each, (name, key)


def test_the_examples_are_what_the_schemas_say():
    for _path, operation in operations():
        view = getattr(api_operations, operation["operationId"])._ninja_operation
        example = operation["responses"]["200"]["content"]["application/json"]["example"]
        view.response_models[200].model_validate({"response": example}, strict=False)


def test_nothing_that_an_answer_says_is_lost_on_its_way(first_edition, client):
    for path, operation in operations():
        function, *arguments = ANSWERS[operation["operationId"]]
        query = QUERIES.get(operation["operationId"], {})
        where = path.replace("{slug}", str(*arguments)).replace("{number}", str(*arguments))
        said = function(requests.of_values(origin="http://testserver", **query), *arguments)
        answer = client.get(where, query).json()
        if said.get("next"):
            assert answer.pop("next").endswith(said.pop("next"))
        assert answer == json.loads(json.dumps(said))
        assert said.get("results", [1]), f"{path} has something to compare"


def test_the_reference_page_has_all_of_it_in_both_languages(first_edition, client, address):
    for language in ("en", "es"):
        page = html.unescape(client.get(address("api", language=language)).content.decode())
        offers = client.get(address("data", language=language)).content.decode()
        assert f'href="{address("api", language=language)}"' in offers
        for path, operation in operations():
            assert f"GET {path}" in page
            for parameter in operation["parameters"]:
                assert f"<code>{parameter['name']}</code>" in page
    links = re.findall(r'href="http://testserver(/api/[^"]*)"', page)
    assert len(links) == 8
    assert {client.get(where).status_code for where in links} == {200}


def test_the_guides_commands_lead_somewhere(first_edition):
    client = Client()
    commands = re.findall(r"^    curl .*?https://pledges\.example\.org(/api/v1/[^\s\"]*)", DOCUMENT.read_text(), re.M)
    assert len(commands) >= 8
    for where in commands:
        assert client.get(where).status_code in (200, 301), where
