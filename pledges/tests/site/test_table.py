"""The list of pledges and any search of it as CSV, JSON and JSON Lines, always of one edition and day."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pledges.site.pledges.data import SUMMARY
from pledges.tests.actions.test_retraction import retract
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "data.md"


@pytest.fixture
def pledges():
    ports = factories.TopicFactory(slug="ports")
    mended = factories.PublishedPledgeFactory(slug="harbour", topics=[ports], wording__title_en="Mend the harbour")
    factories.PublishedUpdateFactory(pledge=mended, happened_on=date(2024, 3, 1), status="in_progress")
    factories.PublishedUpdateFactory(pledge=mended, happened_on=date(2024, 7, 1), status="kept", text_en="It stands.")
    other = factories.PublishedPledgeFactory(slug="lighthouse", wording__title_en="=HYPERLINK a lighthouse")
    return mended, other


@pytest.fixture
def read(client, address):
    def get(query="", name="pledges_json", status=200):
        response = client.get(address(name) + query)
        assert response.status_code == status
        return response

    return get


def rows(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_a_row_for_each_pledge_in_the_order_of_the_list(pledges, read):
    found = read().json()
    assert [row["slug"] for row in found["pledges"]] == ["harbour", "lighthouse"]
    harbour = found["pledges"][0]
    assert list(harbour) == SUMMARY
    assert (harbour["status"], harbour["since"], harbour["updates"], harbour["evidence"]) == (
        "kept",
        "2024-07-01",
        2,
        2,
    )
    assert (harbour["topics"], harbour["latest_en"]) == (["ports"], "It stands.")
    assert (found["count"], found["edition"], harbour["edition"]) == (2, 4, 4)


def test_csv_and_json_lines_have_the_same_rows(pledges, read):
    found = read().json()["pledges"]
    lines = read(name="pledges_jsonl")
    assert lines["Content-Type"] == "application/jsonl; charset=utf-8"
    assert [json.loads(line) for line in lines.content.decode().splitlines()] == found
    table = read(name="pledges_csv")
    assert table["Content-Type"] == "text/csv; charset=utf-8"
    assert [row["slug"] for row in rows(table)] == ["harbour", "lighthouse"]
    assert rows(table)[0]["topics"] == "ports"
    assert rows(table)[1]["title_en"] == "'=HYPERLINK a lighthouse", "no spreadsheet takes it for a formula"
    assert list(rows(table)[0]) == SUMMARY


def test_a_search_gives_what_the_list_shows(pledges, read):
    assert [row["slug"] for row in read("?q=harbour").json()["pledges"]] == ["harbour"]
    assert [row["slug"] for row in read("?status=kept&topic=ports").json()["pledges"]] == ["harbour"]
    assert [row["slug"] for row in rows(read("?sort=title", "pledges_csv"))] == ["lighthouse", "harbour"]
    assert read("?status=kept&page=7").json()["count"] == 1, "there are no pages"


def test_as_of_an_edition_and_of_a_day_for_ever(pledges, client, read):
    then = read("?edition=2").json()
    assert [(row["slug"], row["status"]) for row in then["pledges"]] == [("harbour", "in_progress")]
    assert (then["edition"], then["pledges"][0]["edition"]) == (2, 2)
    on_a_day = read("?on=2024-05-01").json()
    assert (on_a_day["as_of"], on_a_day["pledges"][0]["status"]) == ("2024-05-01", "in_progress")
    for code in ("en", "es"):
        page = urlsplit(then["pledges"][0][f"url_{code}"])
        assert client.get(f"{page.path}?{page.query}").status_code == 200
        assert page.query == "edition=2"


def test_a_retracted_pledge_is_not_in_it_any_more(pledges, read):
    retract(pledges[1])
    assert [row["slug"] for row in read().json()["pledges"]] == ["harbour"]


@pytest.mark.parametrize("name", ["pledges_csv", "pledges_json", "pledges_jsonl"])
@pytest.mark.parametrize(
    ("query", "field"),
    [("?status=finished", "status"), ("?topic=moon", "topic"), ("?on=tomorrow", "on"),
     ("?since=2999-01-01", "since"), ("?sort=size", "sort")],
)  # fmt: skip
def test_what_is_not_there_is_answered_with_what_to_do(pledges, read, name, query, field):
    answer = read(query, name, status=422)
    assert answer["Content-Type"] == "application/json"
    assert list(answer.json()["errors"]) == [field]


def test_an_edition_that_is_not_there_yet(pledges, read):
    read("?edition=99", status=404)


def test_without_pledges_it_is_an_empty_table(db, read):
    assert read().json()["pledges"] == []
    assert rows(read(name="pledges_csv")) == []


def test_programs_in_other_pages_may_read_it_and_ask_again_for_nothing(pledges, client, address, read):
    answer = read()
    assert answer["Access-Control-Allow-Origin"] == "*"
    again = client.get(address("pledges_json"), headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, "*")


def test_the_list_and_its_head_lead_to_it(pledges, client, address):
    page = client.get(address("pledges") + "?status=kept&edition=4&page=1").content.decode()
    for name in ("pledges_csv", "pledges_json", "pledges_jsonl"):
        assert f'href="{address(name)}?status=kept&amp;edition=4"' in page
    assert 'type="text/csv"' in page.partition("</head>")[0]


def test_a_hundred_pledges_cost_as_many_queries_as_one(pledges, read, django_assert_max_num_queries):
    read("?q=x")  # standings are read once in a process
    with django_assert_max_num_queries(6):
        read("?q=harbour")


def test_the_document_names_every_column():
    text = DOCUMENT.read_text(encoding="utf-8")
    part = text.partition("## The whole table")[2].partition("\n## ")[0]
    assert [name for name in SUMMARY if f"`{name}`" not in part] == []
