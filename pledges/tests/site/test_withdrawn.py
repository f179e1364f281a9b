"""What readers see of a withdrawn update: that there was one, why it is gone, and its old words, struck."""

import csv
import html
import io
import json
import re
from datetime import date

import feedparser
import pytest
from django.utils import timezone

from pledges.jobs.mail import reader_alerts
from pledges.models import Edition
from pledges.queries.change_text import describe
from pledges.queries.changes import Kind, Moment
from pledges.queries.changes_between import between
from pledges.tests.actions.test_withdrawal import correct, withdraw
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
NOTE = "It was another pier."


@pytest.fixture
def harbour():
    return factories.PublishedPledgeFactory(slug="harbour", wording__title_en="Mend the harbour")


@pytest.fixture
def road():
    return factories.PublishedPledgeFactory(slug="road", wording__title_en="Mend the road")


@pytest.fixture
def kept(harbour):
    return factories.PublishedUpdateFactory(
        pledge=harbour, happened_on=date(2024, 3, 1), status="kept", text_en="The tarmac is laid."
    )


@pytest.fixture
def read(client, address):
    def get(name, *args, query="", language="en"):
        response = client.get(address(name, *args, language=language) + query)
        assert response.status_code == 200
        return re.sub(r"\s+", " ", html.unescape(response.content.decode()))

    return get


def test_the_timeline_says_that_it_was_withdrawn_why_and_what_it_said(read, kept):
    edition = withdraw(kept)
    text = read("pledge", "harbour")
    assert f"An update of this day was withdrawn in edition {edition.number}" in text
    assert NOTE in text
    assert "<del>The tarmac is laid.</del>" in text
    assert "Not yet rated" in text
    assert f"?entry=u{kept.withdrawal.pk}" in text
    assert "The tarmac is laid." not in read("pledges") + read("pledge_embed", "harbour")
    assert f'<span lang="en">{NOTE}</span>' in read("pledge", "harbour", language="es")


def test_a_citation_of_an_older_edition_shows_it_as_it_was(read, kept):
    edition = withdraw(kept)
    text = read("pledge", "harbour", query=f"?edition={edition.number - 1}")
    assert "The tarmac is laid." in text
    assert NOTE not in text and "withdrawn" not in text and "<del>" not in text
    counted = read("pledges", query=f"?edition={edition.number - 1}&status=kept")
    assert "Mend the harbour" in counted


def test_a_moved_one_leads_to_the_other_pledge(read, road, kept, address):
    withdraw(kept, to=road)
    moved = road.updates.get()
    assert f"{address('pledge', 'road')}#u{moved.pk}" in read("pledge", "harbour")
    there = read("pledge", "road")
    assert "The tarmac is laid." in there and "<del>" not in there
    assert "Mend the road" in read("corrections")


def test_the_log_has_what_it_said_and_why(read, road, kept, address):
    edition = withdraw(kept, to=road)
    log = read("corrections")
    assert "<del>The tarmac is laid.</del>" in log and NOTE in log
    assert f'id="u{kept.withdrawal.pk}"' in log
    assert f'href="{address("pledge", "road")}#u{road.updates.get().pk}"' in log
    assert "Withdrawal" in read("edition", edition.number)
    assert "There have been none so far." in read("corrections", query=f"?edition={edition.number - 1}")


def test_what_changed_says_so_and_why(kept, road):
    today, before = timezone.localdate(), Edition.objects.count()
    corrected = correct(kept, text_en="The asphalt is laid.")
    edition = withdraw(corrected, to=road)
    changes = between(Moment(before, today), Moment(edition.number, today))
    by_kind = {change.kind: change for change in changes if change.standing.pledge.slug == "harbour"}
    assert set(by_kind) == {Kind.STATUS, Kind.WITHDRAWN}
    assert (by_kind[Kind.STATUS].before, by_kind[Kind.STATUS].after) == ("kept", "not_rated")
    text = describe(by_kind[Kind.WITHDRAWN]).text
    assert text == (
        "What was said of 1 March 2024 about the pledge “Mend the harbour” was withdrawn: it counts no more. "
        f"{NOTE} It is told at the pledge “Mend the road” instead. It said: “The tarmac is laid.”"
    )
    newest = edition.number
    days = between(Moment(newest, date(2024, 1, 1)), Moment(newest, today))
    assert [change.standing.pledge.slug for change in days if change.kind == Kind.STATUS] == ["road"]
    assert not [change for change in days if change.kind == Kind.WITHDRAWN]


def test_published_and_withdrawn_in_between_is_no_change(harbour):
    today, before = timezone.localdate(), Edition.objects.count()
    withdraw(factories.PublishedUpdateFactory(pledge=harbour))
    assert between(Moment(before, today), Moment(before + 2, today)) == []


def test_feeds_tell_it_in_place_of_the_update(client, address, road, kept):
    edition = withdraw(kept, to=road)
    entries = feedparser.parse(client.get(address("pledge_feed", "harbour")).content).entries
    assert [entry.title for entry in entries] == [
        "Withdrawn: an update of Mend the harbour",
        "New pledge: Mend the harbour",
    ]
    assert NOTE in entries[0].summary and "The tarmac is laid." in entries[0].summary
    assert entries[0].link.endswith(f"?edition={edition.number}#u{kept.pk}")
    search = feedparser.parse(client.get(address("pledges_feed") + "?status=kept").content).entries
    assert "Withdrawn: an update of Mend the harbour" in [entry.title for entry in search]
    editions = feedparser.parse(client.get(address("changes_feed")).content).entries
    assert "Withdrawn: an update of Mend the harbour" in editions[0].title


def test_the_data_say_by_which_edition_and_why(client, address, road, kept):
    edition = withdraw(kept, to=road)
    rows = json.loads(client.get(address("pledge_json", "harbour")).content)["updates"]
    assert (rows[0]["withdrawn_in"], rows[0]["withdrawal_note_en"], rows[0]["moved_to"]) == (
        *(edition.number, NOTE),
        "road",
    )
    older = address("pledge_json", "harbour") + f"?edition={edition.number - 1}"
    assert json.loads(client.get(older).content)["updates"][0]["withdrawn_in"] is None
    table = client.get(address("pledge_csv", "harbour")).content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(table, newline=""))
    assert (row["withdrawn_in"], row["moved_to"], row["status"]) == (str(edition.number), "road", "kept")


def test_alerts_say_it_to_who_follows_the_pledge_or_a_search_that_it_leaves(kept):
    before = Edition.objects.count()
    edition = withdraw(kept)
    changes = reader_alerts.Changes(before, edition.number, timezone.localdate())
    for kind, query in (("pledge", "harbour"), ("search", "status=kept"), ("search", "q=tarmac")):
        [section] = reader_alerts.sections(changes.matching(kind, query), until=edition.number)
        lines = [line.words for line in section.lines]
        assert lines[:2] == ["Kept → Not yet rated", f"The update of 1 March 2024 was withdrawn: {NOTE}"]


def test_a_page_costs_no_more_queries_with_many_withdrawals(
    client, address, harbour, road, django_assert_max_num_queries
):
    for day in range(1, 9):
        withdraw(factories.PublishedUpdateFactory(pledge=harbour, happened_on=date(2024, 3, day)), to=road)
    client.get(address("pledge", "road"))
    with django_assert_max_num_queries(16):
        client.get(address("pledge", "harbour"))
    with django_assert_max_num_queries(16):
        client.get(address("corrections"))
