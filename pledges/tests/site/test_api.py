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


def test_plain(pledges, read):
    answer = read("pledges")
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    print(answer.content.decode())
    for where in [
        "pledges/harbour",
        "updates",
        "evidence",
        "mandates",
        "indicators",
        "editions",
        "editions/1",
        "changes",
        "changes?from_edition=0",
        "search?q=harbour",
    ]:
        print(where, read(where).content.decode()[:300])
    for where, st in [
        ("pledges?on=x", 422),
        ("pledges?edition=99", 404),
        ("pledges?edition=x", 422),
        ("pledges?foo=1", 422),
        ("pledges/moon", 404),
        ("nope", 404),
        ("pledges?status=zz&limit=0", 422),
        ("pledges?topic=zz", 422),
    ]:
        a = read(where, st)
        print(where, a.content.decode(), a["Content-Type"])
    assert 0
