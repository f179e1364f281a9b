"""The newsroom's data licence: on the page about its data, and in every download."""

import csv
import io
import json
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from pledges.actions import publishing
from pledges.models import Newsroom
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
NAME, URL = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"


@pytest.fixture
def pledge():
    """One pledge of a mandate with an update, and a figure of an indicator that it speaks of."""
    mandate = factories.MandateFactory(slug="first", starts_on=date(2024, 1, 1))
    pledge = factories.PublishedPledgeFactory(slug="harbour", mandate=mandate)
    factories.PublishedUpdateFactory(pledge=pledge, happened_on=date(2024, 3, 1))
    indicator = factories.IndicatorFactory(slug="jobs")
    for year in (2022, 2023, 2024):
        days = {"starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31)}
        factories.ObservationFactory(indicator=indicator, period=str(year), value=year, **days)
    publishing.record_change(indicator, by=factories.EditorFactory())
    return pledge


@pytest.fixture
def licensed(pledge):
    row = Newsroom.get()
    row.data_licence, row.data_licence_url = NAME, URL
    row.save()
    return publishing.record_change(row, by=factories.EditorFactory())


DOWNLOADS = [
    ("pledge_json", "harbour"),
    ("pledge_csv", "harbour"),
    ("pledge_card", "harbour"),
    ("pledges_card",),
    ("mandate_card", "first"),
    ("pledge_feed", "harbour"),
    ("pledge_calendar", "harbour"),
    ("mandate_progress_csv", "first"),
    ("mandate_progress_json", "first"),
    ("indicator_csv", "jobs"),
    ("indicator_json", "jobs"),
    ("indicator_png", "jobs"),
    ("changes_json",),
    ("changes_feed",),
    ("pledges_feed",),
    ("edition_json", 1),
    ("week_text", "2024-W10"),
]


@pytest.mark.parametrize("where", DOWNLOADS, ids=lambda where: where[0])
def test_every_download_names_the_licence(client, address, licensed, where):
    for _time in ("made", "kept in the cache"):
        response = client.get(address(*where))
        assert (response.status_code, response["Link"]) == (200, f'<{URL}>; rel="license"')
        if not response["Content-Type"].startswith("image/"):  # which have no place for it
            assert f"{NAME} {URL}" in response.content.decode()


def test_json_and_csv_have_it_where_programs_look(client, address, licensed):
    read = lambda *where: client.get(address(*where)).content.decode("utf-8-sig")  # noqa: E731
    assert json.loads(read("pledge_json", "harbour"))["licence"] == f"{NAME} {URL}"
    assert json.loads(read("changes_json"))["licence"] == f"{NAME} {URL}"
    assert json.loads(read("indicator_json", "jobs"))["usermeta"] == {"licence": f"{NAME} {URL}"}
    for where in [("pledge_csv", "harbour"), ("indicator_csv", "jobs"), ("mandate_progress_csv", "first")]:
        rows = list(csv.DictReader(io.StringIO(read(*where), newline="")))
        assert rows and {row["licence"] for row in rows} == {f"{NAME} {URL}"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_about_the_data_links_it(client, address, licensed, language):
    text = client.get(address("data", language=language)).content.decode()
    assert f'<a rel="license" href="{URL}">{NAME}</a>' in text


def test_a_newsroom_that_named_none_says_so_and_claims_nothing(client, address, pledge):
    assert "has named no licence" in client.get(address("data")).content.decode()
    for where in DOWNLOADS:
        assert "Link" not in client.get(address(*where))
    assert json.loads(client.get(address("pledge_json", "harbour")).content)["licence"] == ""
    assert "licence" not in json.loads(client.get(address("edition_json", 1)).content)


def test_naming_it_is_sealed_by_an_edition_and_changes_no_older_one(client, address, pledge):
    before = client.get(address("edition_json", 1)).content
    row = Newsroom.get()
    row.data_licence = NAME
    row.save()
    edition = publishing.record_change(row, by=factories.EditorFactory())
    [item] = json.loads(client.get(address("edition_json", edition.number)).content)["sealed"]["items"]
    assert item["kind"] == "newsroom"
    assert json.loads(client.get(address("edition_json", 1)).content)["sealed"] == json.loads(before)["sealed"]


def test_an_address_without_a_name_is_refused(db):
    row = Newsroom.get()
    row.data_licence_url = URL
    with pytest.raises(ValidationError, match="Name the licence"):
        row.full_clean()
    with pytest.raises(IntegrityError, match="newsroom_licence_is_named"), transaction.atomic():
        row.save()


def test_what_is_typed_cannot_break_a_header_or_a_page(client, address, pledge):
    row = Newsroom.get()
    row.data_licence, row.data_licence_url = '=1+1 <b>"x"', 'https://example.org/á">,<x>; rel="next"'
    row.save()
    publishing.record_change(row, by=factories.EditorFactory())
    assert client.get(address("pledge_csv", "harbour"))["Link"] == (
        '<https://example.org/%C3%A1%22%3E,%3Cx%3E;%20rel=%22next%22>; rel="license"'
    )
    page = client.get(address("data")).content.decode()
    assert '<b>"x' not in page and "<x>" not in page
    rows = csv.DictReader(io.StringIO(client.get(address("pledge_csv", "harbour")).content.decode("utf-8-sig")))
    assert next(rows)["licence"].startswith("'=1+1")
