"""The public API at /api/v1 over HTTP: what clients send, and what they get."""

from datetime import date

import pytest

from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledges():
    """Edition 1 and 4 publish a pledge, 2 and 3 an update of the first."""
    ports = factories.TopicFactory(slug="ports")
    mended = factories.PublishedPledgeFactory(slug="harbour", topics=[ports], wording__title_en="Mend the harbour")
    factories.PublishedUpdateFactory(pledge=mended, happened_on=date(2024, 3, 1), status="in_progress")
    factories.PublishedUpdateFactory(pledge=mended, happened_on=date(2024, 7, 1), status="kept", text_en="It stands.")
    other = factories.PublishedPledgeFactory(slug="lighthouse", wording__title_en="Paint the lighthouse")
    return mended, other


@pytest.fixture
def read(client):
    """`read("pledges?limit=1")`: the answer, whose status is checked."""

    def get(where, status=200, **headers):
        response = client.get(f"/api/v1/{where}", headers=headers)
        assert response.status_code == status, response.content
        return response

    return get


def test_pledges_as_the_list_has_them(pledges, read):
    answer = read("pledges")
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert [row["slug"] for row in answer.json()["results"]] == ["harbour", "lighthouse"]
