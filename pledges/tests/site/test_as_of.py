"""As of: each dated page as of a day (what was true then) and as of an edition (what this tracker said then)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledges.actions import publishing
from pledges.actions import retraction as retraction_actions
from pledges.models import Pledge
from pledges.queries import standings
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
DATED = [
    ("home",),
    ("pledges",),
    ("pledge", "ports"),
    ("mandates",),
    ("mandate", "m"),
    ("compare",),
    ("corrections",),
    ("editions",),
]
UNDATED = [("methodology",), ("edition", 1), ("edition_json", 1)]


@pytest.fixture
def ports():
    """A pledge of 6 December 2023: begun in March 2024, stalled in February 2025, kept in May 2026 (edition 2)."""
    mandate = factories.MandateFactory(slug="m", starts_on=date(2023, 11, 23), ends_on=date(2025, 5, 24))
    pledge = factories.PledgeFactory(slug="ports", mandate=mandate, made_on=date(2023, 12, 6))
    writer = pledge.wordings.get().author
    first = [
        factories.UpdateFactory(pledge=pledge, author=writer, status=status, happened_on=day, **more)
        for status, day, more in [
            ("in_progress", date(2024, 3, 1), {}),
            ("stalled", date(2025, 2, 1), {"failure_reason": "lapsed"}),
        ]
    ]
    publishing.publish(pledge.wordings.get(), *first, by=factories.EditorFactory())
    last = factories.UpdateFactory(pledge=pledge, author=writer, status="kept", happened_on=date(2026, 5, 1))
    publishing.publish(last, by=factories.EditorFactory())
    return pledge


@pytest.fixture
def read(client, address):
    """`read("pledge", "ports", query="?on=2024-06-01")`: the page's text."""

    def find(name, *args, query="", status=200, language="en"):
        response = client.get(address(name, *args, language=language) + query)
        assert response.status_code == status
        return response.content.decode()

    return find


def verdict(text):
    return text.partition('<p class="verdict">')[2].partition("</p>")[0]


def test_a_pledge_as_of_a_day_shows_what_was_true_then(ports, read):
    then = read("pledge", "ports", query="?on=2024-06-01")
    assert "In progress" in verdict(then)
    assert "This is where things stood on 1 June 2024, by what we say now." in then
    assert "1 May 2026" not in then
    assert "Kept" in verdict(read("pledge", "ports"))
    assert "Así estaban las cosas" in read("pledge", "ports", query="?on=2024-06-01", language="es")


def test_as_of_an_edition_it_shows_what_was_said_then(ports, read):
    cited = read("pledge", "ports", query="?edition=1")
    assert "Stalled" in verdict(cited)
    assert "This is the page as edition 1 left it" in cited


def test_both_together_are_what_an_edition_said_of_a_day(ports, read):
    both = read("pledge", "ports", query="?on=2024-06-01&edition=1")
    assert "In progress" in verdict(both)
    assert "This is what edition 1 said of 1 June 2024." in both


def test_the_way_back_keeps_what_else_the_address_asks_for(ports, read, address):
    text = read("pledges", query="?status=stalled&on=2025-03-01")
    back = text.partition('class="back" href="')[2].partition('"')[0]
    assert back == address("pledges") + "?status=stalled"
    assert "noindex" in text


def test_its_links_stay_at_that_time(ports, read, address):
    text = read("pledges", query="?on=2025-03-01")
    assert f'href="{address("pledge", "ports")}?on=2025-03-01"' in text
    assert f'href="{address("mandates")}?on=2025-03-01"' in text
    assert '<input type="hidden" name="on" value="2025-03-01">' in text
    assert "hreflang" in text
    assert "/es/promesas/?on=2025-03-01" in text


@pytest.mark.parametrize("name", DATED, ids=str)
@pytest.mark.parametrize("query", ["?on=2024-06-01", "?edition=1", "?on=2024-06-01&edition=1", "?on=&edition="])
def test_every_dated_page_can_be_asked_for_a_time(ports, read, name, query):
    text = read(*name, query=query)
    assert ('class="as-of"' in text) == (query != "?on=&edition=")
    assert 'class="as-of-form"' in text


@pytest.mark.parametrize("name", UNDATED, ids=str)
def test_what_has_no_time_of_its_own_does_not_pretend_to(ports, read, name):
    text = read(*name, query="?on=2024-06-01")
    assert 'class="as-of"' not in text
    assert "as-of-form" not in text


def test_before_it_was_made_a_pledge_is_not_there(ports, read, client, address):
    assert address("pledge", "ports") not in read("pledges", query="?on=2023-12-05")
    assert address("pledge", "ports") in read("pledges", query="?on=2023-12-06")
    assert client.get(address("pledge", "ports") + "?on=2023-12-05").status_code == 404
    read("mandate", "m", query="?on=1999-01-01")
    read("home", query="?on=1999-01-01")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?on=yesterday", "Write the day as year, month and day"),
        ("?on=2024-02-30", "Write the day as year, month and day"),
        ("?on=20240601", "Write the day as year, month and day"),
        ("?on=2999-01-01", "This day lies ahead"),
    ],
)
def test_a_day_that_cannot_be_shown_says_what_to_do(ports, read, query, says):
    text = read("pledges", query=query + "&status=kept", status=422)
    assert says in text
    assert 'aria-invalid="true"' in text
    assert '<input type="hidden" name="status" value="kept">' in text


@pytest.mark.parametrize("number", ["3", "0", "-1", "x", "9" * 30, "١"])
def test_an_edition_that_never_was_is_not_found(ports, read, number):
    read("home", query=f"?edition={number}", status=404)


def test_an_edition_says_nothing_of_days_after_it_was_replaced(ports, read, settings):
    first = standings.visibility.public_editions().get(number=1)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # only the owner can move an edition in time
        at = datetime(2026, 4, 1, 12, tzinfo=ZoneInfo(settings.TIME_ZONE))
        cursor.execute("UPDATE pledges_edition SET published_at = %s WHERE number = 1", [at])
        cursor.execute("UPDATE pledges_edition SET published_at = %s WHERE number = 2", [at.replace(month=5)])
        cursor.execute("SET session_replication_role = origin")
    assert first.number == 1
    assert "says nothing of later days" in read("home", query="?edition=1&on=2026-06-01", status=422)
    read("home", query="?edition=1&on=2026-05-01")
    assert "<h2>" in read("editions", query="?on=2026-04-15")
    assert "Edition 2</a></h2>" not in read("editions", query="?on=2026-04-15")


def test_a_retracted_pledge_counts_until_the_edition_that_retracted_it(ports, read, client, address):
    assert Pledge.objects.count() == 1
    retraction = retraction_actions.start_retraction(pledge=ports, by=factories.EditorFactory())
    retraction.note_en = "It was never made."
    retraction.save()
    publishing.publish(retraction, by=factories.PublisherFactory())
    assert client.get(address("pledge", "ports")).status_code == 410
    assert "Kept" in verdict(read("pledge", "ports", query="?edition=2"))


def test_another_day_or_edition_costs_no_reading_of_all_pledges_again(ports, client, address):
    client.get(address("pledges"))
    with CaptureQueriesContext(connection) as queries:
        client.get(address("pledges") + "?on=2024-06-01")
        client.get(address("pledges") + "?edition=1")
    assert not [query for query in queries if "pledges_evidence" in query["sql"]]
