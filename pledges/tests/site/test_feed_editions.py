"""Each entry of the feed of editions leads to a page that shows what the entry tells, with old and new values."""

import html
import json

import feedparser
import pytest
from django.db import connection

from pledges.actions import publishing
from pledges.models import Edition, Newsroom, Pledge, Series
from pledges.tests.actions.test_pledge_corrections import correct as correct_pledge
from pledges.tests.actions.test_retraction import retract
from pledges.tests.actions.test_withdrawal import correct, withdraw
from pledges.tests.support import factories
from pledges.tests.support.emptied import empty_caches

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(client, address):
    """The feed's entries from the newest, each with the words of the page that it leads to."""

    def get(language="en"):
        empty_caches()
        found = feedparser.parse(client.get(address("changes_feed", language=language)).content)
        for entry in found.entries:
            response = client.get(entry.link.removeprefix("http://testserver"))
            assert response.status_code == 200
            entry.page = " ".join(html.unescape(response.content.decode()).split())
            assert "Nothing changed" not in entry.page
        return found.entries

    return get


def change(row, **fields):
    """An edition of a row with other values."""
    # All of a test is one transaction, whose time is that of its beginning: what the database notes is moved.
    events = f"pledges_{row._meta.model_name}event"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(MAX(pgh_id), 0) FROM {events}")
        (last,) = cursor.fetchone()
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        edition = publishing.record_change(row, by=factories.EditorFactory())
        cursor.execute(
            f"UPDATE {events} SET pgh_created_at = %s - interval '1 microsecond' WHERE pgh_id > %s",
            [edition.published_at, last],
        )
    return edition


ROWS = {
    "newsroom": (lambda: factories.NewsroomFactory(), {"about_en": "Another text."}, "Another text."),
    "mandate": (lambda: factories.MandateFactory(person="Eva Sol"), {"office_en": "Mayor of Quito"}, "Mayor of Quito"),
    "topic": (lambda: factories.TopicFactory(name_en="Harbours"), {"name_en": "Ports <1>"}, "Ports <1>"),
    "institution": (lambda: factories.InstitutionFactory(name_en="Court"), {"acronym": "CC"}, "CC"),
    "document": (lambda: factories.SourceDocumentFactory(title_en="Speech"), {"title_en": "A speech"}, "A speech"),
    "indicator": (lambda: factories.IndicatorFactory(name_en="Homicides"), {"unit_en": "cases a year"}, "cases a year"),
    "pledge": (lambda: factories.PublishedPledgeFactory(), {"headline": True}, "yes"),
}


@pytest.mark.parametrize("kind", ROWS)
def test_an_edition_of_any_row_leads_to_what_it_changed(entries, kind):
    make, fields, value = ROWS[kind]
    row = make()
    if kind != "pledge":
        publishing.record_change(row, by=factories.EditorFactory())
    ((name, _value),) = fields.items()
    before = getattr(row, name)
    change(row, **fields)
    newest, first = entries()[:2]
    words = f"“{value}” instead of “{'no' if before is False else before}”." if before else f"“{value}”; there was"
    if kind == "pledge":
        words = "“yes” instead of “no”."
    assert words in newest.page
    assert str(row._meta.verbose_name)[1:] in newest.title
    if kind != "pledge":
        assert "New here: " in first.page


def test_in_spanish_too_and_as_json(entries, client, address):
    topic = factories.TopicFactory(slug="ports", name_en="Harbours", name_es="Muelles")
    publishing.record_change(topic, by=factories.EditorFactory())
    change(topic, name_es="Puertos")
    assert "Puertos" in entries("es")[0].page and "Muelles" in entries("es")[0].page
    address = address("changes_json") + "?from_edition=1&to_edition=2&topic=ports"
    (told,) = json.loads(client.get(address).content)["changes"]
    assert (told["kind"], told["sentence"]) == ("record", "Topic “Harbours”: what is said of it was changed.")
    assert told["record"] == {
        "what": "topic",
        "key": str(topic.pk),
        "name": "Harbours",
        "new": False,
        "fields": [{"field": "name_es", "before": "Muelles", "after": "Puertos"}],
    }


def test_what_an_edition_said_stays_when_a_later_one_says_something_else(entries):
    topic = factories.TopicFactory(name_en="One")
    publishing.record_change(topic, by=factories.EditorFactory())
    change(topic, name_en="Two")
    change(topic, name_en="Three")
    third, second, _first = entries()
    assert "“Three” instead of “Two”." in third.page
    assert "“Two” instead of “One”." in second.page


def test_what_came_and_went_in_between_is_no_change_and_without_a_history_it_is_said(entries, client, address):
    topic = factories.TopicFactory(name_en="One")
    publishing.record_change(topic, by=factories.EditorFactory())
    change(topic, name_en="Two")
    change(topic, name_en="One")
    assert "Nothing changed" in client.get(address("changes") + "?from_edition=1&to_edition=3").content.decode()
    publishing.record_change(topic, by=factories.EditorFactory())
    assert "published again, with the same words." in entries()[0].page
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pledges_topicevent")
    assert "Topic “One”: what is said of it was changed." in entries()[1].page


def test_figures_series_and_mandates_that_are_closed_are_told_once(entries):
    indicator = factories.IndicatorFactory(name_en="Homicides")
    factories.ObservationFactory(indicator=indicator, edition=None)
    publishing.record_change(indicator, by=factories.EditorFactory())
    factories.ObservationFactory(indicator=indicator, edition=None, series="other", value=7)
    publishing.record_change(indicator, by=factories.EditorFactory())
    newest = entries()[0]
    assert "“Homicides” has one new figure." in newest.page
    assert "what is said of it was changed" not in newest.page


def published(row):
    """The number of the edition that publishes a change of a row."""
    return publishing.record_change(row, by=factories.EditorFactory()).number


def each_kind():
    """By kind of item: the edition that has one, and words that its page has to show."""
    harbour = factories.PublishedPledgeFactory(
        slug="harbour", wording__title_en="Mend the harbour", wording__statement_en="The whole quay."
    )
    road = factories.PublishedPledgeFactory(slug="road", wording__title_en="Mend the road")
    update = factories.PublishedUpdateFactory(pledge=harbour, text_en="Work <began>.", status="in_progress")
    plain = factories.PublishedUpdateFactory(pledge=harbour, text_en="A crane came.", status="in_progress")
    mistaken = factories.PublishedUpdateFactory(pledge=road, text_en="The road was mended.")
    draft = publishing.start_wording(pledge=harbour, by=factories.ReporterFactory())
    draft.change_note_en, draft.statement_en = "The quay counts.", "Both quays."
    draft.save()
    wording = publishing.publish(draft, by=factories.EditorFactory())
    corrected = correct(update, text_en="Half of it began.")
    withdrawn = withdraw(mistaken)
    moved = correct_pledge(harbour, slug="quay")
    retracted = retract(road)
    indicator = factories.IndicatorFactory(name_en="Homicides")
    factories.ObservationFactory(indicator=indicator, edition=None, value=7063, series="women")
    figures = published(indicator)
    series = Series.objects.get(indicator=indicator)
    renamed = change(series, name_en="Of women only")
    return {
        "wording": (harbour.wordings.get(number=1).edition_id, ["Mend the harbour", "The whole quay."]),
        "update": (update.edition_id, ["In progress", "Work &lt;began&gt;.", update.evidence.get().url]),
        "update without a change": (plain.edition_id, ["A crane came."]),
        "new wording": (wording.number, ["The quay counts.", "Both quays."]),
        "correction": (corrected.edition_id, ["Half of it began.", "A slip."]),
        "withdrawal": (withdrawn.number, ["It was another pier.", "<del>The road was mended.</del>"]),
        "correction of a pledge": (moved.number, ["We had mistyped it.", "<del>/en/pledges/harbour/</del>"]),
        "retraction": (retracted.number, ["Mend the road", "It was said by somebody else."]),
        "indicator, series, observation": (figures, ["Homicides", "“Homicides” has one new figure.", "2024: 7,063"]),
        "series": (renamed.number, ["Of women only"]),
        "mandate": (published(factories.MandateFactory(person="Eva Sol")), ["New here: Mandate", "Eva Sol"]),
        "topic": (published(factories.TopicFactory(name_en="Harbours")), ["New here: Topic “Harbours”"]),
        "institution": (published(factories.InstitutionFactory(name_en="Court")), ["New here: Institution “Court”"]),
        "document": (published(factories.SourceDocumentFactory(title_en="Speech")), ["“Speech”"]),
        "newsroom": (published(factories.NewsroomFactory(name_en="The desk")), ["Newsroom “The desk”"]),
    }


def test_an_entry_of_each_kind_of_item_leads_to_what_it_says(client, address):
    expected = each_kind()
    empty_caches()
    by_link = {entry.link: entry for entry in feedparser.parse(client.get(address("changes_feed")).content).entries}
    shown = {}
    for kind, (number, words) in expected.items():
        page = client.get(address("edition", number)).content.decode()
        assert f"http://testserver{address('edition', number)}" in by_link
        shown[kind] = [text for text in words if html.unescape(text) not in html.unescape(page)]
    assert {kind: missing for kind, missing in shown.items() if missing} == {}
    first = client.get(address("edition", expected["update"][0])).content.decode()
    correction = expected["correction"][0]
    assert f'later, in <a href="{address("edition", correction)}">edition {correction}</a>' in " ".join(first.split())

    # The entries of pledges lead to where they stand on the pledge's page as of their edition.
    entries = feedparser.parse(client.get(address("pledges_feed")).content).entries
    entries += feedparser.parse(client.get(address("pledge_feed", "road")).content).entries
    assert len(entries) == 9
    for entry in entries:
        target, _mark, anchor = entry.link.removeprefix("http://testserver").partition("#")
        response = client.get(target, follow=True)
        page = response.content.decode()
        assert response.status_code == (410 if entry.title.startswith("Retracted") else 200)
        assert not anchor or f'id="{anchor}"' in page, entry.title
        if entry.title.startswith("Update on"):
            assert "A crane came." in page


def test_every_edition_of_the_first_data_set_and_of_what_the_desk_does_then_leads_somewhere(
    first_edition, entries, client
):
    newsroom, pledge = Newsroom.get(), Pledge.objects.get(slug="prison-barges")
    change(newsroom, contact_email="desk@news.example")
    for row in (pledge.mandate, pledge.source_document, pledge.topics.first(), pledge.institutions.first(), pledge):
        if row is not None:
            publishing.record_change(row, by=factories.EditorFactory())
    found = entries()
    assert len(found) == Edition.objects.count()
    assert "desk@news.example" in next(entry for entry in found if entry.link.endswith("/editions/2/")).page
