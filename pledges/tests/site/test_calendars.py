"""Deadlines as iCalendar: of all pledges, of any search of them, and of one; events with permanent ids."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from pledges.actions import publishing
from pledges.queries import pulse
from pledges.tests.actions.test_retraction import retract
from pledges.tests.support import factories
from pledges.tests.support.emptied import empty_caches

pytestmark = pytest.mark.django_db
YEARS = timezone.localdate().year + 2


@pytest.fixture
def mandate():
    return factories.MandateFactory(
        slug="vega", person="Ana Vega", office_en="Mayor", elected_on=date(2023, 10, 15), starts_on=date(2023, 11, 23)
    )


@pytest.fixture
def harbour(mandate):
    return factories.PublishedPledgeFactory(
        slug="harbour",
        mandate=mandate,
        topics=[factories.TopicFactory(slug="ports", name_en="Ports, docks")],
        wording__title_en="Mend the harbour; both quays",
        wording__title_es="Reparar el puerto",
        wording__deadline=date(YEARS, 3, 1),
        wording__deadline_precision="year",
    )


def due(day):
    """The arguments of a factory for a deadline on a day."""
    return {"wording__deadline": day, "wording__deadline_precision": "day"}


@pytest.fixture
def read(client, address):
    """`read("pledges_calendar", query="?topic=ports")`: the calendar, and its events by the first part of their ids."""

    def get(name="pledges_calendar", *args, query="", language="en", status=200):
        empty_caches()
        pulse.refresh()
        response = client.get(address(name, *args, language=language) + query)
        assert response.status_code == status
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
        calendar = Calendar.from_ical(response.content)
        assert not calendar.errors
        return calendar, {event["UID"].partition("@")[0]: event for event in calendar.events}

    return get


def test_a_deadline_is_an_event_on_its_last_day(harbour, read):
    update = factories.PublishedUpdateFactory(pledge=harbour, status="in_progress", happened_on=date(2024, 7, 1))
    calendar, events = read()
    event = events[f"deadline-{harbour.pk}-en"]
    assert event["DTSTART"].dt == date(YEARS, 12, 31)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["SUMMARY"] == "Deadline: Mend the harbour; both quays"
    assert event["URL"] == "http://testserver/en/pledges/harbour/"
    lines = event["DESCRIPTION"].split("\n")
    assert lines[:2] == [f"Deadline: {YEARS}.", "Status: In progress since 1 July 2024."]
    number = update.edition_id
    assert lines[-1] == f"As edition {number} has it: http://testserver/en/pledges/harbour/?edition={number}"
    assert event["SEQUENCE"] == number
    assert event["LAST-MODIFIED"].dt == update.edition.published_at.replace(microsecond=0)
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")
    assert event["CATEGORIES"].cats == ["Ports, docks"]
    assert event.subcomponents == []  # no alarm
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] != ""
    assert (calendar["VERSION"], calendar["REFRESH-INTERVAL"].dt) == ("2.0", timedelta(hours=12))
    assert b"X-PUBLISHED-TTL:PT12H" in calendar.to_ical()
    assert calendar["SOURCE"] == "http://testserver/en/pledges.ics"


def test_whatever_an_event_shows_its_change_has_a_new_sequence(harbour, mandate, read):
    by = factories.EditorFactory()
    topic = harbour.topics.get()
    first = harbour.wordings.get().edition_id

    def changed():
        yield topic, {"name_en": "Harbours"}, lambda event: event["CATEGORIES"].cats == ["Harbours"]
        yield mandate, {"office_en": "Prefect"}, lambda event: "by Ana Vega (Prefect)" in event["DESCRIPTION"]
        harbour.topics.add(factories.TopicFactory(name_en="Roads"))
        yield harbour, {}, lambda event: event["CATEGORIES"].cats == ["Harbours", "Roads"]

    for row, fields, is_shown in changed():
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        edition = publishing.record_change(row, by=by)
        for name in (["pledges_calendar"], ["pledge_calendar", "harbour"]):
            event = read(*name)[1][f"deadline-{harbour.pk}-en"]
            assert is_shown(event)
            assert event["SEQUENCE"] == edition.number
            assert event["LAST-MODIFIED"].dt == edition.published_at.replace(microsecond=0)
    assert read(query=f"?edition={first}")[1][f"deadline-{harbour.pk}-en"]["SEQUENCE"] == first


def test_the_days_of_its_mandate_are_events_too(harbour, mandate, read):
    mandate.ends_on = date(2027, 5, 24)
    mandate.save()
    edition = publishing.record_change(mandate, by=factories.EditorFactory())
    _calendar, events = read("pledge_calendar", "harbour")
    days = {name: (event["DTSTART"].dt, str(event["SUMMARY"])) for name, event in events.items()}
    assert days[f"elected-{mandate.pk}-en"] == (date(2023, 10, 15), "Election of Ana Vega (Mayor)")
    assert days[f"begins-{mandate.pk}-en"] == (date(2023, 11, 23), "The mandate of Ana Vega begins (Mayor)")
    assert days[f"ends-{mandate.pk}-en"] == (date(2027, 5, 24), "The mandate of Ana Vega ends (Mayor)")
    assert events[f"ends-{mandate.pk}-en"]["SEQUENCE"] == edition.number
    assert len(days) == 4


def test_it_takes_the_parameters_of_the_list_and_refuses_what_no_pledge_has(harbour, read, client, address):
    other = factories.PublishedPledgeFactory(**due(date(YEARS, 1, 1)))
    whole, of_topic, by_word = read()[1], read(query="?topic=ports")[1], read(query="?q=quays")[1]
    assert f"deadline-{other.pk}-en" in whole
    for found in (of_topic, by_word):
        assert [name for name in found if name.startswith("deadline")] == [f"deadline-{harbour.pk}-en"]
    assert read(query="?topic=ports")[0]["NAME"].endswith(r"Ports\, docks")  # as it stands in the file
    assert f"deadline-{other.pk}-en" not in read(query="?edition=1")[1]
    response = client.get(address("pledges_calendar") + "?status=finished")
    assert (response.status_code, list(response.json()["errors"])) == (422, ["status"])
    assert client.get(address("pledges_calendar") + "?edition=99").status_code == 404


def test_in_spanish(harbour, read):
    _calendar, events = read("pledge_calendar", "harbour", language="es")
    event = events[f"deadline-{harbour.pk}-es"]
    assert "Reparar el puerto" in event["SUMMARY"]
    assert event["URL"] == "http://testserver/es/promesas/harbour/"


def test_what_is_retracted_or_has_no_deadline_any_more_is_cancelled_until_then(harbour, read):
    uid = f"deadline-{harbour.pk}-en"
    draft = publishing.start_wording(pledge=harbour, by=factories.ReporterFactory())
    draft.deadline, draft.deadline_precision, draft.change_note_en = None, "", "None was set."
    draft.save()
    edition = publishing.publish(draft, by=factories.EditorFactory())
    event = read()[1][uid]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", edition.number)
    road, past = (
        factories.PublishedPledgeFactory(slug=slug, **due(day))
        for slug, day in (("road", date(YEARS, 1, 1)), ("past", timezone.localdate() - timedelta(days=1)))
    )
    assert read()[1][f"deadline-{past.pk}-en"]["STATUS"] == "CONFIRMED"
    retracted = retract(road)
    retract(past)
    events = read()[1]
    event = events[f"deadline-{road.pk}-en"]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", retracted.number)
    assert "It was said by somebody else." in event["DESCRIPTION"]
    assert f"deadline-{past.pk}-en" not in events
    assert read("pledge_calendar", "road", status=410)[1].keys() == {f"deadline-{road.pk}-en"}
    assert read("pledge_calendar", "past", status=410)[1] == {}
    # As of a day on which the deadline still lay ahead, this one says so too.
    before = f"?on={timezone.localdate() - timedelta(days=2)}"
    for name, status in ((["pledges_calendar"], 200), (["pledge_calendar", "past"], 410)):
        event = read(*name, query=before, status=status)[1][f"deadline-{past.pk}-en"]
        assert event["STATUS"] == "CANCELLED"


def test_drafts_and_the_days_of_the_desk_are_not_in_it(harbour, read):
    factories.PledgeFactory(wording__title_en="Secret", **due(date(YEARS, 1, 1)))
    harbour.review_interval_days = 17
    harbour.save()
    calendar, events = read()
    assert "Secret" not in calendar.to_ical().decode()
    assert harbour.review_due_on not in {event["DTSTART"].dt for event in events.values()}


def test_it_is_kept_until_the_next_edition_for_every_origin(harbour, client, address, django_assert_num_queries):
    for where in (address("pledges_calendar"), address("pledge_calendar", "harbour")):
        first = client.get(where)
        assert first["Access-Control-Allow-Origin"] == "*"
        with django_assert_num_queries(0):
            assert client.get(where).content == first.content
            assert client.get(where, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_it_costs_no_more_with_many_pledges_and_takes_the_last_day_of_the_calendar(harbour, client, address):
    def cost():
        empty_caches()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("pledges_calendar") + "?q=government").status_code == 200
        return len(queries)

    def more():
        factories.PublishedPledgeFactory(**due(date.max))
        retract(factories.PublishedPledgeFactory(**due(date(YEARS, 1, 1))))

    more()
    few = cost()
    more()
    more()
    assert cost() == few


def test_the_list_the_pledge_and_the_page_of_data_link_to_it(harbour, client, address):
    listed = client.get(address("pledges") + "?topic=ports").content.decode()
    assert f'href="{address("pledges_calendar")}?topic=ports"' in listed
    assert f'href="webcal://testserver{address("pledges_calendar")}?topic=ports"' in listed
    assert address("pledge_calendar", "harbour") in client.get(address("pledge", "harbour")).content.decode()
    assert address("pledges_calendar") in client.get(address("data")).content.decode()
    assert client.get(address("pledge_calendar", "never-was")).status_code == 404
