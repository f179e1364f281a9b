"""The tools for assistants (Model Context Protocol) at /mcp: answers with their edition, their page and evidence."""

import ast
import asyncio
import functools
import json
import os
import re
import sys
from datetime import date
from functools import partial
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from jsonschema import Draft202012Validator
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from bench import rooms
from pledges.actions import publishing
from pledges.models import Preservation
from pledges.queries import pulse
from pledges.site.mcp import answers, tools
from pledges.site.mcp import arguments as schemas
from pledges.site.mcp.endpoint import MAX_BYTES
from pledges.site.shared import limits
from pledges.tests.actions.test_retraction import retract
from pledges.tests.support import factories
from tracker import embedded

pytestmark = pytest.mark.django_db
VERSION = "2025-06-18"  # of the protocol: assistants that begin with a handshake; the official client needs none
ENVELOPE = {"protocolVersion": "2026-07-28", "clientCapabilities": {}}  # of a version without a handshake
ARCHIVED = "https://web.archive.org/web/20240702000000/https://news.example.org/"


@pytest.fixture
def harbour():
    """Editions 1 to 3 are of the harbour, edition 4 is of the lighthouse."""
    ports = factories.TopicFactory(slug="ports")
    pledge = factories.PublishedPledgeFactory(slug="harbour", topics=[ports], wording__title_en="Mend the harbour")
    factories.PublishedUpdateFactory(pledge=pledge, happened_on=date(2024, 3, 1), status="in_progress")
    factories.PublishedUpdateFactory(
        pledge=pledge, happened_on=date(2024, 7, 1), status="kept", text_en="It stands.", text_es="Está en pie."
    )
    factories.PublishedPledgeFactory(slug="lighthouse", wording__title_en="Light the lighthouse")
    return pledge


@pytest.fixture
def evidence(harbour):
    """The evidence for what was last said of the harbour, with a copy in a public archive."""
    piece = harbour.updates.latest("happened_on").evidence.get()
    values = {"archive_url": ARCHIVED, "archived_at": timezone.now()}
    Preservation.objects.update_or_create(evidence=piece, defaults=values)
    return piece


@pytest.fixture
def later():
    """A mandate without pledges, by an edition of its own."""
    mandate = factories.MandateFactory(slug="later", starts_on=date(2025, 5, 24), ends_on=None)
    publishing.record_change(mandate, by=factories.EditorFactory())
    pulse.refresh()


@pytest.fixture
def post(client):
    """`post("tools/list")`: the response to a message, or to any other body."""

    def send(method="", params=None, *, body=None, **headers):
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
        headers = {"Accept": "application/json", "MCP-Protocol-Version": VERSION} | headers
        body = json.dumps(message) if body is None else body
        return client.post("/mcp", body, content_type="application/json", headers=headers)

    return send


@pytest.fixture
def result(post):
    """`result("read_pledge", slug="harbour")`: what a call of a tool gives."""

    def send(tool, **arguments):
        response = post("tools/call", {"name": tool, "arguments": arguments})
        assert response.status_code == 200
        return response.json()["result"]

    return send


@pytest.fixture
def call(result):
    """The structured answer of a tool."""

    def send(tool, **arguments):
        given = result(tool, **arguments)
        assert not given.get("isError"), given["content"]
        return given["structuredContent"]

    return send


@pytest.fixture
def error(result):
    """The text of a tool's error."""

    def send(tool, **arguments):
        given = result(tool, **arguments)
        assert given["isError"] and "structuredContent" not in given
        return given["content"][0]["text"]

    return send


# --- over both transports, with the official client -------------------------------------------------------------------


CALLS = {
    "search_pledges": {"q": "prison", "status": ["in_progress"], "on": "2026-01-01", "limit": 1},
    "read_pledge": {"slug": "new-prisons", "edition": 1},
    "what_changed": {"from_edition": 0, "limit": 3},
    "list_mandates": {},
    "list_filters": {},
    "current_edition": {},
}


async def call_each(server):
    """List the tools and call each. The client checks the answers against the tools' schemas."""
    async with Client(server) as client:
        listed = (await client.list_tools()).tools
        given = {name: await client.call_tool(name, arguments) for name, arguments in CALLS.items()}
        unknown = await client.call_tool("read_pledge", {"slug": "moon"})
    assert [tool.name for tool in listed] == list(CALLS)
    assert all(tool.annotations.read_only_hint and tool.output_schema and tool.description for tool in listed)
    assert [name for name, answer in given.items() if answer.is_error] == []
    assert unknown.is_error and "search_pledges" in unknown.content[0].text
    return given


def test_assistants_elsewhere_and_on_this_machine_list_and_call_the_tools(own_first_edition, live_server):
    database = embedded.database_url(embedded.OWNER_ROLE, connection.settings_dict["NAME"])
    local = StdioServerParameters(
        command=sys.executable,
        args=["manage.py", "mcp", "--site", "https://pledges.example.org/"],
        cwd=str(rooms.ROOT),
        env=os.environ | {"DATABASE_URL": database},
    )

    async def use_both():
        return await asyncio.gather(call_each(f"{live_server.url}/mcp"), call_each(stdio_client(local)))

    over_http, over_stdio = asyncio.run(use_both())
    assert [row["slug"] for row in over_http["search_pledges"].structured_content["results"]] == ["new-prisons"]
    english, spanish = (block.text for block in over_http["read_pledge"].content)
    assert f"{live_server.url}/en/pledges/new-prisons/?edition=1" in english
    assert f"{live_server.url}/es/promesas/new-prisons/?edition=1" in spanish
    assert over_stdio["current_edition"].structured_content["url_en"] == "https://pledges.example.org/en/?edition=1"


# --- what the tools answer --------------------------------------------------------------------------------------------


def test_a_search_says_where_pledges_stand_and_on_what_evidence(evidence, call):
    found = call("search_pledges", status=["kept"])
    assert (found["count"], found["edition"], found["next"]) == (1, 4, None)
    row = found["results"][0]
    assert (row["slug"], row["since"], row["latest_en"], row["latest_es"]) == (
        "harbour",
        "2024-07-01",
        "It stands.",
        "Está en pie.",
    )
    piece = row["latest_evidence"][0]
    assert (piece["url"], piece["publisher"]) == (evidence.url, evidence.publisher)
    assert piece["archive_url"] == ARCHIVED
    assert [row["slug"] for row in call("search_pledges", q="harbour")["results"]] == ["harbour"]


def test_a_short_text_says_the_same_in_each_language(evidence, result):
    english, spanish = (block["text"] for block in result("search_pledges", status=["kept"])["content"])
    for text in (english, spanish):
        assert evidence.url in text and ARCHIVED in text and evidence.publisher in text
    assert "Mend the harbour" in english and "http://testserver/en/pledges/harbour/?edition=4" in english
    assert "Está en pie." in spanish and "http://testserver/es/promesas/harbour/?edition=4" in spanish


def test_a_newsroom_of_one_language_gets_one_text(harbour, result):
    newsroom = factories.NewsroomFactory(language="es", one_language=True)
    factories.EditionFactory()
    assert newsroom.one_language
    assert len(result("current_edition")["content"]) == 1


def test_a_pledge_with_its_criteria_and_its_updates_the_latest_first(evidence, call):
    found = call("read_pledge", slug="harbour")
    assert (found["slug"], found["status"], found["retracted"]) == ("harbour", "kept", None)
    assert [update["status"] for update in found["updates"]] == ["kept", "in_progress"]
    assert found["updates"][0]["evidence"][0]["archive_url"] == ARCHIVED
    assert set(found["wordings"][0]["criteria"]) == {"kept", "partly_kept", "in_progress", "stalled", "broken"}


def test_as_of_a_day_and_as_of_an_edition(harbour, call):
    assert call("read_pledge", slug="harbour", on="2024-05-01")["status"] == "in_progress"
    assert call("read_pledge", slug="harbour", edition=1)["status"] == "not_rated"
    assert call("search_pledges", edition=3)["count"] == 1
    assert call("list_mandates", edition=3)["edition"] == 3


def test_what_changed_between_two_editions_and_two_days(evidence, call):
    published = call("what_changed", from_edition=2, to_edition=3)
    change = published["results"][0]
    assert (published["count"], change["kind"], change["before"], change["after"]) == (
        1,
        "status",
        "in_progress",
        "kept",
    )
    assert "harbour" in change["sentence_en"] and change["sentence_es"] != change["sentence_en"]
    assert change["updates"][0]["evidence"][0]["archive_url"] == ARCHIVED
    assert change["url_en"].endswith("/en/pledges/harbour/?edition=3")
    assert published["url_en"].endswith("/en/changes/?from_edition=2&to_edition=3")
    described = tools.TOOLS["what_changed"].gives["properties"]["url_en"]["description"]
    assert "between the same days or editions" in described
    happened = call("what_changed", since="2024-03-01", to="2024-06-30")
    assert [each["after"] for each in happened["results"]] == ["in_progress"]
    assert call("what_changed", since="2024-03-01", to="2024-06-30", topic="ports")["count"] == 1


def test_a_change_with_many_updates_has_the_latest(harbour, call, monkeypatch):
    monkeypatch.setattr(answers, "MOST_UPDATES", 1)
    change = call("what_changed", from_edition=0, to_edition=3)["results"][0]
    assert [update["status"] for update in change["updates"]] == ["kept"]
    assert change["more_updates"] == 1


def test_a_mandate_without_pledges_that_is_listed_may_be_asked_for(harbour, later, call):
    assert "later" in [row["slug"] for row in call("list_mandates")["results"]]
    assert call("search_pledges", mandate=["later"])["results"] == []
    assert call("what_changed", mandate="later")["results"] == []
    assert call("what_changed", mandate="later", since="2025-05-24")["kinds"] == {"mandate": 1}


def test_a_whole_number_may_be_written_as_any_json_number(harbour, call):
    found = call("search_pledges", limit=1.0, edition=4.0)
    assert (found["edition"], len(found["results"])) == (4, 1)


def test_what_there_is_to_search_by(harbour, call):
    filters = {each["name"]: each["values"] for each in call("list_filters")["filters"]}
    assert {value["value"]: value["pledges"] for value in filters["status"]} == {"kept": 1, "not_rated": 1}
    assert all(value["meaning_en"] and value["label_es"] for value in filters["status"])
    assert "ports" in [value["value"] for value in filters["topic"]]


def test_the_current_edition_to_cite_and_to_ask_later_what_changed(harbour, call):
    found = call("current_edition")
    assert found["newest"]["number"] == found["edition"] == 4
    assert re.fullmatch("[0-9a-f]{64}", found["newest"]["hash"])
    assert found["tally"] == {"kept": 1, "not_rated": 1}


def test_the_page_of_each_answer_opens(harbour, call, client):
    calls = {"search_pledges": {"q": "harbour", "status": ["kept"]}, "read_pledge": {"slug": "harbour"}}
    calls |= {name: {} for name in tools.TOOLS if name not in calls}
    for name, arguments in calls.items():
        found = call(name, **arguments)
        for code in ("en", "es"):
            page = urlsplit(found[f"url_{code}"])
            assert client.get(f"{page.path}?{page.query}").status_code == 200, name
            assert page.path.startswith(f"/{code}/")


def test_a_long_answer_comes_in_parts(harbour, call, error):
    first = call("search_pledges", limit=1, sort="title")
    second = call("search_pledges", limit=1, sort="title", cursor=first["next"])
    assert [each["results"][0]["slug"] for each in (first, second)] == ["lighthouse", "harbour"]
    assert (first["count"], second["next"]) == (2, None)
    factories.EditionFactory()  # what is published meanwhile moves nothing
    assert call("search_pledges", limit=1, sort="title", cursor=first["next"])["edition"] == 4
    updates = call("read_pledge", slug="harbour", limit=1)
    more = call("read_pledge", slug="harbour", limit=1, cursor=updates["next"])
    assert (updates["count"], more["updates"][0]["status"], more["next"]) == (2, "in_progress", None)
    assert "cursor" in error("search_pledges", cursor=first["next"])


def test_a_retracted_pledge_says_so(harbour, call, result):
    retract(harbour)
    given = result("read_pledge", slug="harbour")
    found = given["structuredContent"]
    assert (found["edition"], found["retracted"]["edition"]) == (5, 5)
    assert found["retracted"]["note_en"] == "It was said by somebody else." and "status" not in found
    assert "retracted" in given["content"][0]["text"] and "It was said by somebody else." in given["content"][0]["text"]
    earlier = call("read_pledge", slug="harbour", edition=3)
    assert (earlier["status"], earlier["retracted"]["edition"]) == ("kept", 5)
    assert [row["slug"] for row in call("search_pledges")["results"]] == ["lighthouse"]
    assert call("what_changed", from_edition=4)["results"][0]["kind"] == "retracted"


def test_before_anything_is_published(call):
    assert call("search_pledges")["results"] == []
    assert call("current_edition")["newest"] is None
    assert urlsplit(call("search_pledges", q="harbour")["url_en"]).query == "q=harbour"
    assert call("what_changed")["count"] == call("list_mandates")["count"] == 0


# --- errors that say what to do ---------------------------------------------------------------------------------------


# What is asked, and words of the answer. They are tried in one test, since what is published costs more than to ask.
WRONG = [
    ("read_pledge", {"slug": "moon"}, ("slug", "search_pledges")),
    ("read_pledge", {}, ("slug", "required")),
    ("search_pledges", {"status": ["finished"]}, ("status", "partly_kept", "not_rated")),
    ("search_pledges", {"topic": ["moon"]}, ("topic", "moon", "ports")),
    ("search_pledges", {"on": "tomorrow"}, ("on", "2024-06-01")),
    ("search_pledges", {"on": "2999-01-01"}, ("on", "lies ahead")),
    ("search_pledges", {"edition": 99}, ("edition", "the newest is 5")),
    ("search_pledges", {"edition": 0}, ("edition", "the newest is 5")),
    ("search_pledges", {"since": "2999-01-01"}, ("since", "YYYY-MM-DD", "90")),
    ("search_pledges", {"cursor": "x"}, ("cursor",)),
    ("search_pledges", {"limit": 1000}, ("limit", "50")),
    ("search_pledges", {"query": "harbour"}, ("query", "unexpected")),
    ("search_pledges", {"sort": "size"}, ("sort", "title")),
    ("search_pledges", {"limit": 2.5}, ("limit", "integer")),
    ("search_pledges", {"mandate": ["moon"]}, ("mandate", "moon", "later")),
    ("what_changed", {"mandate": "moon"}, ("mandate", "moon", "later")),
    ("what_changed", {"since": "2024-01-01", "to_edition": 3}, ("from_edition",)),
    ("what_changed", {"from_edition": 3, "to_edition": 2}, ("to_edition",)),
    ("what_changed", {"to_edition": 99}, ("to_edition", "the newest is 5")),
    ("what_changed", {"topic": "moon"}, ("topic", "ports")),
    ("what_changed", {"kind": "scandal"}, ("kind", "retracted")),
]


def test_wrong_arguments(harbour, later, error):
    answers = [(error(tool, **arguments), words) for tool, arguments, words in WRONG]
    assert [answer for answer in answers if not all(word in answer[0] for word in answer[1])] == []


def test_of_many_errors_only_the_first_are_made(monkeypatch):
    made = []

    def errors(schema, arguments):
        for error in Draft202012Validator(schema).iter_errors(arguments):
            made.append(error)
            yield error

    def validator(schema):
        return SimpleNamespace(iter_errors=partial(errors, schema))

    monkeypatch.setattr(schemas, "Draft202012Validator", validator)
    wrong = schemas.problems(tools.TOOLS["search_pledges"].takes, {"status": ["moon"] * 1000})
    assert (len(wrong), len(made)) == (schemas.MOST_PROBLEMS, schemas.MOST_EXAMINED)


def test_what_fails_here_shows_nothing_of_the_inside(error, monkeypatch, caplog):
    monkeypatch.setattr(answers.api, "mandates", lambda request: 1 / 0)
    assert error("list_mandates") == "The tracker cannot answer now. Try again later."
    assert "ZeroDivisionError" in caplog.text


def test_a_tool_that_there_is_not(post):
    problem = post("tools/call", {"name": "delete_pledge", "arguments": {}}).json()["error"]
    assert problem["code"] == -32602 and "search_pledges" in problem["message"]


def test_errors_are_in_the_language_that_is_asked_for(post):
    arguments = {"name": "search_pledges", "arguments": {"on": "2999-01-01"}}
    texts = [
        post("tools/call", arguments, **{"Accept-Language": code}).json()["result"]["content"][0]["text"]
        for code in ("en", "es")
    ]
    assert texts[0] != texts[1]


# --- the transport ----------------------------------------------------------------------------------------------------


def test_a_handshake_without_a_session(post):
    hello = {"protocolVersion": VERSION, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    response = post("initialize", hello)
    assert response.json()["result"]["protocolVersion"] == VERSION
    assert "edition" in response.json()["result"]["instructions"]
    assert "Mcp-Session-Id" not in response and not response.cookies
    assert post(body='{"jsonrpc": "2.0", "method": "notifications/initialized"}').status_code == 202
    assert len(post("tools/list").json()["result"]["tools"]) == len(tools.TOOLS)


@pytest.mark.parametrize("method", ["get", "delete", "put", "head"])
def test_only_post(client, method):
    response = getattr(client, method)("/mcp")
    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")


def test_programs_in_other_pages_may_call_it(client, post):
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    preflight = client.options("/mcp", headers=asked)
    assert (preflight.status_code, preflight["Access-Control-Allow-Headers"]) == (204, "*")
    for response in (preflight, post("ping", Origin="https://app.example"), client.get("/mcp")):
        assert response["Access-Control-Allow-Origin"] == "*"


def test_a_host_that_is_not_ours(post):
    assert post("ping", Host="evil.example").status_code == 400


@pytest.mark.parametrize("body", [" ", "{", "[]", "null", '{"jsonrpc": "1.0"}', "[" * 30_000, '{"id": 1' + "0" * 9_000])
@pytest.mark.parametrize("version", [VERSION, "2026-07-28", "1999-01-01"])
def test_what_is_no_message(post, body, version):
    response = post(body=body, **{"MCP-Protocol-Version": version})
    assert response.status_code == 400 and response.json()["error"]["code"] < 0


def test_what_is_sent_is_bounded(client, post, settings, monkeypatch):
    assert post(body=" " * (MAX_BYTES + 1)).status_code == 413
    assert client.post("/mcp", {"q": "a form"}).status_code == 415
    settings.API_REQUESTS_PER_MINUTE = 1
    monkeypatch.setattr(limits, "time", lambda: 1_764_500_055)  # a quarter of a minute after it began
    answers = [post("ping") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1]["Retry-After"] == "45"


def test_many_rows_cost_as_many_queries_as_two(harbour, call):
    def cost():
        """The number of queries of each call, and of its rows."""
        pulse.refresh()
        call("search_pledges")  # standings are read once in a process
        costs = []
        for name, arguments, rows in (
            ("search_pledges", {}, "results"),
            ("search_pledges", {"q": "light OR harbour"}, "results"),
            ("read_pledge", {"slug": "harbour"}, "updates"),
            ("what_changed", {"since": "2024-01-01"}, "results"),
            ("list_mandates", {}, "results"),
        ):
            with CaptureQueriesContext(connection) as queries:
                found = call(name, limit=50, **arguments)[rows]
            costs.append((len(queries), len(found)))
        return costs

    factories.PublishedUpdateFactory(pledge__slug="other", pledge__wording__title_en="A light")
    two = cost()
    for number in range(3):
        factories.PublishedUpdateFactory(pledge__slug=f"light-{number}", pledge__wording__title_en=f"Light {number}")
        factories.PublishedUpdateFactory(pledge=harbour, happened_on=date(2024, 7, 2 + number))
    for (few_queries, few), (many_queries, many) in zip(two, cost(), strict=True):
        assert few_queries == many_queries and 2 <= few < many


@pytest.mark.parametrize("value", ["\ud800", functools.reduce(lambda inner, _level: [inner], range(900), "")])
def test_arguments_that_are_hardly_json(post, value):
    call = {"name": "search_pledges", "arguments": {"q": value, "\ud800": value}}
    assert post("tools/call", call).status_code in (200, 400)
    envelope = {f"io.modelcontextprotocol/{name}": each for name, each in ENVELOPE.items()}
    newest = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": "search_pledges"}
    response = post("tools/call", call | {"_meta": envelope}, **newest)
    assert response.status_code == 200 and response.json()["result"]["isError"]


def test_processes_that_nobody_asks_stay_small():
    """Only what `endpoint` and the command import late imports the package."""
    late = {f"pledges/site/mcp/{name}.py" for name in ("server", "transport", "tools", "answers", "schemas", "words")}
    packages = ("mcp", "mcp_types", "pledges.site.mcp.server", "pledges.site.mcp.transport", "pledges.site.mcp.tools")
    files = [path for room in ("pledges", "tracker") for path in (rooms.ROOT / room).rglob("*.py")]
    early = {
        str(path.relative_to(rooms.ROOT))
        for path in files
        if "tests" not in path.parts and b"mcp" in path.read_bytes()
        for node in ast.parse(path.read_bytes()).body
        for name in names_imported(node)
        if name in packages or name.startswith(("mcp.", "mcp_types."))
    }
    assert early <= late


def names_imported(node):
    match node:
        case ast.Import():
            return [each.name for each in node.names]
        case ast.ImportFrom():
            return [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
    return []


def test_the_document_names_every_tool_and_argument():
    text = (rooms.ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    part = text.partition("## For assistants")[2].partition("\n## ")[0]
    names = {name for tool in tools.TOOLS.values() for name in tool.takes["properties"]} | set(tools.TOOLS)
    assert [name for name in sorted(names) if f"`{name}`" not in part] == []
