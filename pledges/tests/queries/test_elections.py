"""The day on which a mandate was won: entered at the desk, shown to readers, and what changed since it."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse

from pledges.actions import publishing
from pledges.models import Edition, Mandate
from pledges.queries.sealed_content import content
from pledges.tests.desk.exchange.test_desk import as_csv, errors, imported, rows_of, upload
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
FIRST, SECOND = date(2023, 10, 15), date(2025, 4, 13)


@pytest.fixture
def mandates():
    """Two of one president: a pledge of the first, carried into the second, was kept between election and oath."""
    first = factories.MandateFactory(slug="first", person="Ana Paz", elected_on=FIRST)
    second = factories.MandateFactory(
        slug="second", person="Ana Paz", elected_on=SECOND, starts_on=date(2025, 5, 24), ends_on=None
    )
    pledge = factories.PledgeFactory(slug="harbour", mandate=first, made_on=date(2023, 10, 1))  # by a candidate
    pledge.carried_into.add(second)
    publishing.publish(pledge.wordings.get(), by=factories.EditorFactory())
    factories.PublishedUpdateFactory(pledge=pledge, happened_on=date(2024, 3, 1))
    factories.PublishedUpdateFactory(pledge=pledge, happened_on=SECOND, status="kept")
    return first, second


@pytest.fixture
def read(client, address):
    def get(name, *args, query=""):
        response = client.get(address(name, *args) + query)
        assert response.status_code == 200
        return html.unescape(response.content.decode())

    return get


def link(text, words):
    """Where the link with these words leads, which has to be there once."""
    (found,) = re.findall(rf'<a href="([^"]*)"[^>]*>{words}</a>', text)
    return found


def test_a_mandate_says_when_it_was_won(mandates, read):
    assert "Elected on 13 April 2025." in read("mandate", "second")
    assert "Elected on 15 October 2023 ·" in read("mandates")
    factories.MandateFactory(slug="third", starts_on=date(2020, 1, 1))
    assert "Elected on" not in read("mandate", "third")


def test_what_changed_since_the_election_is_one_link_away(mandates, read, client):
    text = read("changes")
    since = link(text, "Since the election of 13 April 2025")
    assert since.startswith("/en/changes/?since=2025-04-13&to=")  # what happened on its day counts
    assert "is now kept" in (page := read("changes", query=since.partition("/changes/")[2]))
    assert "What changed since the election of 13 April 2025" in page
    assert "13 April 2025 – " in page and "12 April" not in page
    assert link(text, "Since the mandate of Ana Paz began on 24 May 2025").startswith("/en/changes/?since=2025-05-24&")
    between = link(text, "Between the elections of 15 October 2023 and 13 April 2025")
    assert between == "/en/changes/?since=2023-10-15&to=2025-04-12"
    assert "The mandate of" not in text
    assert link(read("home"), r"What changed since the election of 13 April 2025\?") == since


def test_the_list_has_what_changed_since_the_election(mandates, read):
    text = read("pledges")
    assert "since the election of 13 Apr 2025" in text
    assert "since the mandate of Ana Paz began on 24 May 2025" in text
    assert 'value="2025-04-13"' in text
    assert "harbour" in read("pledges", query="?since=2025-04-13")


def test_one_day_of_election_and_oath_is_one_choice(read):
    factories.PublishedPledgeFactory(mandate__elected_on=date(2023, 11, 23))
    text = read("pledges")
    assert text.count("since the election of 23 Nov 2023") == 1
    assert "since the mandate began" not in text


def test_as_of_a_day_before_it_nobody_knows_who_won(mandates, read, client, address):
    eve, day = f"?on={SECOND - timedelta(days=1)}", f"?on={SECOND}"
    assert "Elected on" not in read("mandate", "second", query=eve)
    assert "since the election of 15 Oct 2023" in read("pledges", query=eve)
    assert "13 Apr 2025" not in read("pledges", query=eve)
    assert "since the election of 13 Apr 2025" in read("pledges", query=day)
    data = client.get(address("pledge_json", "harbour")).json()
    assert data["made_by"]["elected_on"] == "2023-10-15"
    before = client.get(address("pledge_json", "harbour") + "?on=2023-10-14").json()
    assert before["made_by"]["elected_on"] is None


def test_where_things_stood_on_the_day_of_an_election_is_one_link_away(mandates, read):
    marks = read("mandate", "first").partition('id="landmarks"')[2].partition("</nav>")[0]
    assert link(marks, "Election day") == "?on=2025-04-13"
    assert marks.index("1 year") < marks.index("Election day") < marks.index("Last day")
    assert "Election day" not in read("mandate", "second").partition('id="landmarks"')[2].partition("</nav>")[0]


def test_an_election_to_come_is_offered_nowhere(read):
    ahead = date.today() + timedelta(days=30)
    factories.PublishedPledgeFactory(mandate__elected_on=ahead, mandate__starts_on=ahead, mandate__ends_on=None)
    for name in ("changes", "pledges", "home", "mandates"):
        assert not re.search("the election of|Elected on", read(name))


def test_without_recorded_elections_mandates_are_offered(read):
    factories.MandateFactory(person="Ana Paz")
    factories.MandateFactory(person="Eva Sol", starts_on=date(2025, 5, 24), ends_on=None)
    text = read("changes")
    assert "election" not in text.partition('id="often"')[2].partition("</nav>")[0]
    assert link(text, "Since the mandate of Eva Sol began on 24 May 2025").startswith("/en/changes/?since=2025-05-24&")
    earlier = link(text, "The mandate of Ana Paz that began on 23 November 2023")
    assert earlier == "/en/changes/?since=2023-11-23&to=2025-05-23"


# --- entering it ------------------------------------------------------------------------------------------------------


def test_nobody_is_elected_after_taking_office(app_role):
    row = factories.MandateFactory(elected_on=date(2023, 11, 23))
    with pytest.raises(IntegrityError, match="mandate_elected_by_its_first_day"):
        Mandate.objects.filter(pk=row.pk).update(elected_on=date(2023, 11, 24))


def test_editions_made_before_the_day_was_recorded_still_verify(client):
    """What is empty is left out of what an edition seals: see contents.py."""
    row = factories.MandateFactory()
    publishing.record_change(row, by=factories.EditorFactory())
    assert "elected_on" not in content(row)
    client.force_login(factories.EditorFactory())
    page = reverse("admin:pledges_mandate_change", args=[row.pk])
    names = ("person", "slug", "office_en", "office_es", "country", "starts_on", "ends_on", "note_en", "note_es")
    data = {name: getattr(row, name) for name in names}
    wrong = client.post(page, data | {"elected_on": "2023-11-24"})
    assert Edition.objects.count() == 1
    assert "The election cannot come after the first day in office." in wrong.content.decode()
    client.post(page, data | {"elected_on": "2023-10-15"})
    row.refresh_from_db()
    assert (row.elected_on, content(row)["elected_on"]) == (FIRST, FIRST)
    assert Edition.objects.count() == 2
    assert publishing.verify() == []
    (change, *_rest) = client.get(reverse("admin:pledges_record"), {"kind": "mandate"}).context["changes"]
    assert change.fields[0][0] == "elected on"


def test_a_spreadsheet_brings_it_and_takes_it_along(client):
    client.force_login(factories.EditorFactory())
    body = b"slug,person,office_en,office_es,country,elected_on,starts_on\na,Ana,P,P,EC,15/10/2023,2023-11-23\n"
    imported(client, "mandates", body)
    assert Mandate.objects.get().elected_on == FIRST
    (row,) = rows_of(client, "mandates")
    assert row["elected_on"] == "2023-10-15"
    ((_number, column, _sentence),) = errors(upload(client, "mandates", as_csv([row | {"elected_on": "2023-12-01"}])))
    assert column == "elected_on"
