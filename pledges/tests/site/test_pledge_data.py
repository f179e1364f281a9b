"""A pledge as JSON and CSV: all that its page says, in both languages, and nothing that is not public."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from pledges.actions import publishing
from pledges.models import Update
from pledges.site.pledges.data import COLUMNS
from pledges.tests.actions.test_retraction import retract
from pledges.tests.site.test_corrections import correct
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "pledge-data.md"


@pytest.fixture
def pledge():
    row = factories.PublishedPledgeFactory(slug="harbour", wording__title_en="Mend the harbour")
    factories.PublishedUpdateFactory(pledge=row, happened_on=date(2024, 3, 1), text_en="Work began.")
    return row


@pytest.fixture
def kept(pledge):
    return factories.PublishedUpdateFactory(
        pledge=pledge, happened_on=date(2024, 7, 1), status="kept", text_en="It stands.", text_es="Está en pie."
    )


@pytest.fixture
def read(client, address):
    def get(query="", status=200):
        response = client.get(address("pledge_json", "harbour") + query)
        assert response.status_code == status
        assert response["Content-Type"] == "application/json"
        return json.loads(response.content)

    return get


@pytest.fixture
def rows(client, address):
    def get(query=""):
        response = client.get(address("pledge_csv", "harbour") + query)
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))

    return get


def test_json_says_what_the_page_says(kept, read):
    found = read()
    assert (found["status"], found["since"], found["edition"]) == ("kept", "2024-07-01", 3)
    assert found["title_en"] == "Mend the harbour"
    assert [(u["text_en"], u["text_es"]) for u in found["updates"]][-1] == ("It stands.", "Está en pie.")
    assert found["updates"][0]["evidence"][0]["publisher"] == "The Daily Example"
    assert found["wordings"][0]["criteria"]["kept"] == {"en": "It is done.", "es": "Está hecho."}
    assert found["url_es"].startswith("http://testserver/es/")
    assert found["url_en"] == "http://testserver/en/pledges/harbour/?edition=3"
    assert found["retracted"] is None


def test_csv_has_a_row_for_each_piece_of_evidence(kept, rows, pledge):
    draft = factories.UpdateFactory(pledge=pledge, happened_on=date(2024, 8, 1), status="kept", text_en="Opened.")
    factories.EvidenceFactory(update=draft, publisher="Radio, “one”", sentence='He said:\n"Done"')
    publishing.publish(draft, by=factories.EditorFactory())
    found = rows()
    assert [row["text_en"] for row in found] == ["Work began.", "It stands.", "Opened.", "Opened."]
    assert found[-1]["publisher"] == "Radio, “one”"
    assert found[-1]["sentence"] == 'He said:\n"Done"'
    assert list(found[0]) == COLUMNS


def test_both_are_as_of_an_edition_or_a_day(kept, read, rows):
    assert read("?edition=2")["status"] == "in_progress"
    assert read("?on=2024-06-30")["as_of"] == "2024-06-30"
    assert len(rows("?edition=2")) == len(rows("?on=2024-06-30")) == 1


def test_what_was_corrected_stands_beside_its_correction(kept, read, rows):
    now = correct(kept, text_en="Half of it stands.")
    by_id = {update["update"]: update for update in read()["updates"]}
    assert by_id[kept.pk]["replaced_by"] == now.pk
    assert by_id[now.pk]["corrects"] == kept.pk
    assert by_id[now.pk]["correction_note_en"] == "The day was wrong."
    assert kept.pk in [int(row["update"]) for row in rows()]
    assert read("?edition=3")["updates"][-1]["replaced_by"] is None  # the edition before knew of no correction


def test_drafts_are_in_neither(kept, read, rows, pledge):
    factories.UpdateFactory(pledge=pledge, text_en="SECRET")
    draft = publishing.start_correction(update=kept, by=factories.ReporterFactory())
    Update.objects.filter(pk=draft.pk).update(text_en="SECRET")
    assert "SECRET" not in json.dumps(read()) + json.dumps(rows())
    assert read()["updates"][-1]["replaced_by"] is None


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(pledge, rows, sign):
    factories.PublishedUpdateFactory(
        pledge=pledge, happened_on=date(2024, 9, 1), text_en=f"{sign}HYPERLINK(1)", evidence__publisher="=1+1"
    )
    last = rows()[-1]
    assert last["publisher"] == "'=1+1"
    assert not last["text_en"].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_every_key_is_in_the_documentation(kept, read):
    text = DOCUMENT.read_text(encoding="utf-8")

    def keys(value):
        if isinstance(value, dict):
            for key, inside in value.items():
                yield key
                if key != "criteria":
                    yield from keys(inside)
        elif isinstance(value, list):
            for each in value:
                yield from keys(each)

    def told(key):
        return f"`{key}`" in text or f"`{key[:-3]}_…`" in text

    assert [key for key in {*keys(read()), *COLUMNS} if not told(key)] == []


def test_a_retracted_pledge_has_no_data_but_what_earlier_editions_said(kept, read, client, address, pledge):
    retract(pledge)
    gone = read(status=410)
    assert gone["retracted"]["note_en"] == "It was said by somebody else."
    assert "updates" not in gone
    table = client.get(address("pledge_csv", "harbour"))
    assert table.status_code == 410
    assert "retracted in edition 4" in table.content.decode()
    assert read("?edition=3")["retracted"]["edition"] == 4
