"""The page "What changed", the same as JSON, and the feed of editions (of its entries' words: test_feeds.py)."""

import re
from datetime import date, timedelta
from pathlib import Path

import feedparser
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pledges.actions import closing, publishing
from pledges.actions import retraction as retraction_actions
from pledges.models import Edition, Series
from pledges.queries import pulse
from pledges.queries.changes import Kind
from pledges.site.changes import views as view
from pledges.tests.support import factories
from pledges.tests.support.emptied import empty_caches

pytestmark = pytest.mark.django_db
DECEMBER, MARCH, MAY = date(2023, 12, 6), date(2024, 3, 4), date(2024, 5, 1)


@pytest.fixture
def pledge():
    """Edition 1: a pledge of 6 December 2023, in progress since March 2024, stalled since May."""
    topic = factories.TopicFactory(slug="ports", name_en="Ports")
    mandate = factories.MandateFactory(slug="m", person="Ana Paz")
    row = factories.PledgeFactory(
        slug="harbour",
        mandate=mandate,
        made_on=DECEMBER,
        topics=[topic],
        wording__title_en="Mend the harbour",
        wording__deadline=date(2024, 4, 30),
        wording__deadline_precision="day",
    )
    writer = row.wordings.get().author
    begun = factories.UpdateFactory(pledge=row, author=writer, status="in_progress", happened_on=MARCH)
    stalled = factories.UpdateFactory(
        pledge=row, author=writer, status="stalled", happened_on=MAY, failure_reason="lapsed", text_en="Work stopped."
    )
    publishing.publish(row.wordings.get(), begun, stalled, by=factories.EditorFactory())
    return row


@pytest.fixture
def read(client, address):
    """`read("?from=2024-04-01")`: the page's text."""

    def find(query="", status=200, name="changes", language="en"):
        pulse.refresh()
        response = client.get(address(name, language=language) + query)
        assert response.status_code == status
        return response.content.decode()

    return find


@pytest.fixture
def data(client, address):
    def find(query="", status=200):
        pulse.refresh()
        response = client.get(address("changes_json") + query)
        assert response.status_code == status
        return response.json()

    return find


def words(text):
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", text.partition("<main")[2]).replace(" ”", "”").replace("“ ", "“").split())


def test_a_change_of_status_is_told_in_a_sentence_with_its_evidence(pledge, read, address):
    page = read("?since=2024-04-02&to=2024-06-01")
    assert "What changed from 2 April 2024 to 1 June 2024" in page
    told = words(page)
    assert "The pledge “Mend the harbour” is now stalled; it had been in progress since 4 March 2024." in told
    assert "1 May 2024: Work stopped." in told
    assert "Why: lapsed." in told
    assert re.search(r"The Daily Example reported on 1 July 2024: “ ?Work on it began on Monday. ?”", told)
    assert "The deadline of the pledge “Mend the harbour” passed on 30 April 2024; the pledge is stalled." in told
    assert f'href="{address("pledge", "harbour")}?on=2024-06-01"' in page
    assert page.index("Changed status</h2>") < page.index("Deadline passed</h2>")


def test_up_to_today_links_lead_to_the_pledge_as_it_is(pledge, read, address):
    assert f'href="{address("pledge", "harbour")}"' in read("?from=2024-04-01")


def test_a_pledge_made_in_between_is_new(pledge, read):
    told = words(read("?from=2023-12-01&to=2023-12-31"))
    assert "The pledge “Mend the harbour” was made by Ana Paz on 6 December 2023." in told
    assert "It is not yet rated." in told


def test_between_editions_it_is_what_was_said_whenever_it_happened(pledge, read, address):
    factories.PublishedUpdateFactory(pledge=pledge, status="kept", happened_on=MAY + timedelta(days=1))
    page = read("?from_edition=1&to_edition=2")
    assert "What edition 2 changed" in page
    assert "What changed between edition 0 and edition 2" in read("?from_edition=0")
    assert "is now kept; it had been stalled since 1 May 2024." in words(page)
    assert "is now kept" not in read("?from_edition=0&to_edition=1")
    factories.PublishedPledgeFactory()
    assert f'href="{address("pledge", "harbour")}?edition=2"' in read("?from_edition=1&to_edition=2")


def test_corrections_wordings_and_retractions_are_told_between_editions_only(pledge, read):
    draft = publishing.start_correction(update=pledge.updates.last(), by=factories.ReporterFactory())
    draft.text_en, draft.correction_note_en = "Work began slowly.", "A word was missing."
    draft.save()
    publishing.publish(draft, by=factories.EditorFactory())
    words_draft = publishing.start_wording(pledge=pledge, by=factories.ReporterFactory())
    words_draft.title_en, words_draft.change_note_en = "Mend both harbours", "There are two."
    words_draft.save()
    publishing.publish(words_draft, by=factories.EditorFactory())
    told = words(read("?from_edition=1&to_edition=3"))
    for sentence in (
        "was corrected. A word was missing.",
        "It says: “Work began slowly.”",
        "The wording of the pledge “Mend both harbours” was changed. There are two.",
        "It had been called “Mend the harbour”.",
    ):
        assert sentence in told
    assert "was corrected" not in read("?from=2023-01-01")
    retraction = retraction_actions.start_retraction(pledge=pledge, by=factories.EditorFactory())
    retraction.note_en = "It was said by somebody else."
    retraction.save()
    publishing.publish(retraction, by=factories.PublisherFactory())
    told = words(read("?from_edition=3&to_edition=4"))
    assert "was retracted: it counts nowhere any more. It was said by somebody else." in told
    assert "Mend" not in read("?from=2023-01-01").partition("<main")[2]


def test_figures_new_and_revised_are_told_between_editions(pledge, data, read):
    old = factories.ObservationFactory(value=7063, indicator__name_en="Homicides")
    publishing.record_change(old.indicator, by=factories.EditorFactory())
    factories.ObservationFactory(indicator=old.indicator, value=7062)
    publishing.record_change(old.indicator, by=factories.EditorFactory())
    (new,) = data("?from_edition=1&to_edition=2")["changes"]
    assert (new["kind"], new["sentence"]) == ("figures", "“Homicides” has one new figure.")
    (revised,) = data("?from_edition=2&to_edition=3")["changes"]
    assert revised["details"] == ["2024: 7,062 cases instead of 7,063 (Police)."]
    assert revised["figures"][0]["before"] == "7063"
    (both,) = data("?from_edition=1&to_edition=3")["changes"]
    assert both["figures"][0]["before"] is None
    assert "Homicides" not in read("?from=2023-01-01")


def test_figures_of_several_series_say_which_they_are_and_what_was_revised_comes_first(pledge, data):
    old = factories.ObservationFactory(series="open-data", value=10)
    publishing.record_change(old.indicator, by=factories.EditorFactory())
    span = {"starts_on": date(2023, 1, 1), "ends_on": date(2023, 12, 31), "period": "2023"}
    factories.ObservationFactory(indicator=old.indicator, series="police", value=9, **span)
    factories.ObservationFactory(indicator=old.indicator, series="open-data", value=11)
    publishing.record_change(old.indicator, by=factories.EditorFactory())
    Series.objects.filter(slug="open-data").update(name_en="Ministry, open data")
    (change,) = data("?from_edition=2")["changes"]
    assert change["details"][-2:] == [
        "2024 (Ministry, open data): 11 cases instead of 10 (Police).",
        "2023 (Police): 9 cases (Police).",
    ]


def test_mandates_that_begin_end_and_close_and_pledges_carried_on(pledge, data):
    later = factories.MandateFactory(slug="later", person="Eva Sol", starts_on=date(2025, 5, 24), ends_on=None)
    publishing.record_change(pledge.mandate, later, by=factories.EditorFactory())
    editor = factories.EditorFactory()
    closing.carry_pledge(pledge=pledge, mandate=pledge.mandate, into=later, reason="Not done.", by=editor)
    with connection.cursor() as cursor:  # all of a test is one transaction, whose time is that of its beginning
        before = "SELECT published_at - interval '1 millisecond' FROM pledges_edition WHERE number = 3"
        cursor.execute(f"UPDATE pledges_pledgecarriedevent SET pgh_created_at = ({before})")
    closing.close_mandate(mandate=pledge.mandate, by=factories.EditorFactory())
    found = data("?from=2025-05-01&to=2025-06-01")["changes"]
    assert [(one["kind"], one["mandate"], one["event"]) for one in found] == [
        ("mandate", "later", "began"),
        ("mandate", "m", "ended"),
    ]
    assert found[0]["details"] == ["One pledge that was made before is followed on in it."]
    said = data("?from_edition=2&to_edition=4")["changes"]
    assert [(one["kind"], one["mandate"], one["event"]) for one in said] == [
        ("mandate", "m", "closed"),
        ("carried", "later", None),
    ]
    assert said[1]["pledge"] == "harbour"
    entered = data("?from_edition=1&to_edition=2")["changes"]
    assert {(one["kind"], one["record"]["what"], one["record"]["new"]) for one in entered} == {
        ("record", "mandate", True)
    }


def change(pledge, **relations):
    """An edition of a pledge with other topics and the like."""
    # All of a test is one transaction, whose time is that of its beginning: what the database notes is moved.
    with connection.cursor() as cursor:
        for table in ("topic", "institution", "carried"):
            cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS noted_{table} (id int)")
            cursor.execute(f"INSERT INTO noted_{table} SELECT pgh_id FROM pledges_pledge{table}event")
        for name, rows in relations.items():
            getattr(pledge, name).set(rows)
        publishing.record_change(pledge, by=factories.EditorFactory())
        for table in ("topic", "institution", "carried"):
            cursor.execute(
                f"UPDATE pledges_pledge{table}event SET pgh_created_at ="
                " (SELECT published_at - interval '1 microsecond' FROM pledges_edition ORDER BY number DESC LIMIT 1)"
                f" WHERE pgh_id NOT IN (SELECT id FROM noted_{table})"
            )


def test_topics_institutions_and_mandates_that_a_pledge_came_under_are_told_between_editions(pledge, data, read):
    ports, safety = pledge.topics.get(), factories.TopicFactory(slug="safety", name_en="Public safety")
    court = factories.InstitutionFactory(slug="court", name_en="Court <1>")
    later = factories.MandateFactory(slug="later", person="Eva Sol", starts_on=date(2025, 5, 24), ends_on=None)
    change(pledge, topics=[ports, safety], institutions=[court])
    change(pledge, topics=[safety], carried_into=[later])
    change(pledge, topics=[ports, safety], carried_into=[])

    def told(first, last):
        found = data(f"?from_edition={first}&to_edition={last}")["changes"]
        return [(one["kind"], one["event"], *one["details"]) for one in found]

    added = ("labels", None, "Added to its topics: Public safety.", "Added to its institutions: Court <1>.")
    assert told(1, 2) == [added]
    assert told(2, 3) == [("carried", None), ("labels", None, "Taken from its topics: Ports.")]
    assert told(3, 4) == [("carried", "left"), ("labels", None, "Added to its topics: Ports.")]
    assert told(1, 4) == [added]  # what came and went in between is as it was
    assert "labels" not in {one[0] for one in told(0, 1)}  # what a new pledge stands under is no change
    (one,) = data("?from_edition=2&to_edition=3&kind=labels")["changes"]
    assert one["sentence"] == "The topics or institutions of the pledge “Mend the harbour” were changed."
    assert one["labels"] == [{"what": "topic", "slug": "ports", "name": "Ports", "added": False}]
    assert data("?from_edition=2&to_edition=3&topic=ports")["kinds"]["labels"] == 1
    assert "Added to its institutions: Court &lt;1&gt;." in read("?from_edition=1&to_edition=2")
    assert data("?from=2023-01-01")["kinds"].keys() <= {"status", "new", "overdue", "mandate"}


def test_it_is_narrowed_down_by_topic_mandate_and_kind(pledge, data, read):
    other = factories.PublishedPledgeFactory(slug="other", made_on=DECEMBER)
    factories.PublishedUpdateFactory(pledge=other, status="kept", happened_on=MAY)
    span = "?from=2024-04-01&to=2024-06-01"
    assert {one["pledge"] for one in data(span)["changes"]} == {"harbour", "other"}
    for limit in ("&topic=ports", "&mandate=m"):
        assert {one["pledge"] for one in data(span + limit)["changes"]} == {"harbour"}
    narrowed = data(span + "&topic=ports&kind=overdue")
    assert [one["kind"] for one in narrowed["changes"]] == ["overdue"]
    assert narrowed["kinds"] == {"status": 1, "overdue": 1}
    assert 'value="ports" selected' in read(span + "&topic=ports")
    assert data(span + "&topic=dinosaurs")["changes"] == []


def test_without_a_time_it_is_the_last_month(pledge, read):
    today = timezone.localdate()
    page = read()
    assert f'value="{(today - timedelta(days=29)).isoformat()}"' in page
    assert "What changed in the last 30 days" in page
    assert f'value="{today.isoformat()}"' in page
    assert "Nothing changed that fits this." in page
    assert "Mend the harbour</a> (1 May 2024)." in page


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ("?since=2024-04-02", "What changed since 2 April 2024"),
        ("?from=2024-04-01", "What changed since 2 April 2024"),  # the older form names the day before
        ("?since=2024-04-02&to=2024-04-02", "What changed on 2 April 2024"),
        ("?from=2024-04-01&to=2024-05-02", "What changed from 2 April 2024 to 2 May 2024"),
        ("?from=2024-04-01&to=2024-04-01", "What changed after 1 April 2024"),
        ("?since=2023-11-23", "What changed since the mandate of Ana Paz began on 23 November 2023"),
    ],
)
def test_the_heading_says_the_days_that_count(read, query, heading):
    factories.PublishedPledgeFactory(mandate__person="Ana Paz", mandate__ends_on=None)
    page = read(query)
    assert heading in page
    first = query.partition("since=")[2][:10] or "2024-04-02"
    assert f'name="since" max="{timezone.localdate()}" value="{first}"' in re.sub(r"\s+", " ", page)


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [
        ("?from=yesterday", "from", "Write the day as year, month and day"),
        ("?to=2024-02-30", "to", "Write the day as year, month and day"),
        ("?from=2024-06-01&to=2024-05-31", "to", "This day comes before the first"),
        ("?to=2999-01-01", "to", "This day lies ahead"),
        ("?from=2999-01-01", "from", "This day lies ahead"),
        ("?since=2024-13-01", "since", "Write the day as year, month and day"),
        ("?since=2999-01-01", "since", "This day lies ahead"),
        ("?since=2024-06-01&to=2024-05-31", "to", "This day comes before the first"),
        ("?since=2024-01-01&from=2024-01-01", "since", "Choose one first day"),
        ("?since=2024-01-01&to_edition=1", "from_edition", "Choose two days or two editions"),
        ("?from_edition=x", "from_edition", "There is no such edition: the newest is 1."),
        ("?from_edition=-1", "from_edition", "There is no such edition"),
        ("?to_edition=2", "to_edition", "There is no such edition"),
        ("?to_edition=" + "9" * 40, "to_edition", "There is no such edition"),
        ("?to_edition=%D9%A1", "to_edition", "There is no such edition"),
        ("?from_edition=1&to_edition=0", "to_edition", "This edition comes before the first"),
        ("?from=2024-01-01&to_edition=1", "from_edition", "Choose two days or two editions"),
    ],
)
def test_what_cannot_be_compared_is_said_at_its_field(pledge, read, data, query, field, says):
    page = read(query, status=422)
    wrong = r' aria-invalid="true" aria-describedby="wrong">\s*<p class="wrong"[^>]*>'
    at = "since" if field == "from" else field  # the older name of the same field
    assert re.search(rf'name="{at}"[^>]*{wrong}{says}', page)
    assert page.count("aria-invalid") == 1
    assert list(data(query, status=422)["errors"]) == [field]


@pytest.mark.parametrize(
    "query",
    ["?page=x", "?page=-1", "?kind=banana", "?topic=%00", "?from=0001-01-01", "?since=0001-01-01", "?to=0001-01-01"],
)
def test_other_odd_addresses_show_something(pledge, read, query):
    read(query)
    read(query, name="changes_json")


def test_before_anything_is_published_there_is_nothing_and_it_says_so(read, data):
    assert "Nothing changed that fits this." in read()
    assert "Nothing changed that fits this." in read("?from_edition=0&to_edition=0")
    assert data()["changes"] == []


def test_titles_cannot_carry_marks_into_the_page(read):
    row = factories.PublishedPledgeFactory(made_on=MARCH, wording__title_en="<b>100 %</b> of %(pledge)s")
    page = read("?from=2024-01-01")
    assert "&lt;b&gt;100 %&lt;/b&gt; of %(pledge)s" in page
    assert "<b>100" not in page
    assert row.slug in page


def test_the_json_says_all_that_the_page_says(pledge, data):
    found = data("?from=2024-04-01&to=2024-06-01")
    assert (found["from"], found["to"]) == ({"day": "2024-04-01", "edition": 1}, {"day": "2024-06-01", "edition": 1})
    assert (found["language"], found["count"], found["next"]) == ("en", 2, None)
    change = found["changes"][0]
    assert change["sentence"].startswith("The pledge “Mend the harbour” is now stalled;")
    assert (change["before"], change["after"], change["since"]) == ("in_progress", "stalled", "2024-05-01")
    assert change["url"] == "http://testserver/en/pledges/harbour/?on=2024-06-01"
    (update,) = change["updates"]
    assert (update["status"], update["text"]) == ("stalled", "Work stopped.")
    assert update["evidence"][0]["publisher"] == "The Daily Example"


def test_every_key_of_the_json_is_documented(pledge, data):
    told = (Path(settings.BASE_DIR) / "docs/data.md").read_text(encoding="utf-8")
    change = data("?from=2024-04-01&to=2024-06-01")["changes"][0]
    keys = [*data(), *change, *change["updates"][0], *change["updates"][0]["evidence"][0], *map(str, Kind)]
    assert [key for key in keys if f"`{key}`" not in told] == []


def test_many_changes_have_pages(pledge, read, data, monkeypatch):
    for _number in range(3):
        factories.PublishedPledgeFactory(made_on=MARCH)
    monkeypatch.setattr(view, "PAGE_SIZE", 2)
    monkeypatch.setattr(view, "JSON_SIZE", 2)
    span = "?from=2024-03-01&to=2024-04-01"
    page = read(span)
    assert page.count('<p class="when">') == 2
    assert "Page 1 of 2" in page
    first = data(span)
    assert (first["count"], len(first["changes"])) == (4, 2)
    second = data("?" + first["next"].partition("?")[2])
    assert (len(second["changes"]), second["next"]) == (2, None)
    assert not {one["pledge"] for one in first["changes"]} & {one["pledge"] for one in second["changes"]}


def test_the_feed_has_an_entry_for_each_edition(pledge, read):
    factories.PublishedUpdateFactory(pledge=pledge, status="kept", happened_on=MAY)
    found = feedparser.parse(read(name="changes_feed").encode())
    assert not found.bozo
    newest, first = found.entries
    assert (newest.title, first.title) == (
        "Edition 2: Kept: Mend the harbour (1 May 2024)",
        "Edition 1: New pledge: Mend the harbour",
    )
    assert newest.link == "http://testserver/en/editions/2/"
    assert first.summary.index("New pledge: Mend the harbour") < first.summary.index("Stalled: Mend the harbour")
    assert newest.id == "http://testserver/en/editions/2/"
    assert newest.author


def test_each_costs_the_same_however_many_pledges_there_are(pledge, client, address):
    pages = [address("changes") + "?from=2024-01-01", address("changes") + "?from_edition=1&to_edition={last}"]
    pages += [address("changes_json") + "?from_edition=0", address("changes_feed")]

    def costs():
        pulse.refresh()
        found = []
        for where in pages:
            where = where.format(last=Edition.objects.count())
            client.get(where)
            empty_caches()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(where).status_code == 200
            found.append(len(queries))
        return found

    def more(count):
        for _number in range(count):
            row = factories.PublishedPledgeFactory(made_on=MARCH)
            draft = factories.PublishedUpdateFactory(pledge=row, status="kept", happened_on=MAY)
            correction = publishing.start_correction(update=draft, by=factories.ReporterFactory())
            correction.correction_note_en = "A slip."
            correction.save()
            publishing.publish(correction, by=factories.EditorFactory())

    more(1)
    few = costs()
    more(4)
    assert costs() == few


def test_a_page_is_kept_for_its_edition_and_the_next_turns_it(pledge, client, address):
    where = address("changes") + "?from=2024-04-01"
    etag = client.get(where)["ETag"]
    assert client.get(where, headers={"If-None-Match": etag}).status_code == 304
    factories.PublishedUpdateFactory(pledge=pledge, status="kept", happened_on=MAY)
    pulse.refresh()
    assert "is now kept" in client.get(where, headers={"If-None-Match": etag}).content.decode()
