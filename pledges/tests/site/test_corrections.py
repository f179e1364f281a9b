"""What counts is the latest by day; a mistake is mended in the open, with the old words beside the new."""

import html
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pledges.actions import leads, publishing
from pledges.domain import rules
from pledges.models import Edition, Retraction, Update
from pledges.queries import pulse
from pledges.queries.standings import standings
from pledges.tests.actions.test_retraction import retract
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
JULY, MAY, MARCH = date(2024, 7, 1), date(2024, 5, 1), date(2024, 3, 1)


@pytest.fixture
def page(client, address):
    def get(name, *args, language="en"):
        response = client.get(address(name, *args, language=language))
        assert response.status_code == 200
        return html.unescape(response.content.decode())

    return get


def now():
    """The table of standings in the newest edition."""
    return standings(Edition.objects.count(), timezone.localdate())


def correct(update, **changes):
    """A published correction of an update."""
    draft = publishing.start_correction(update=update, by=factories.ReporterFactory())
    for name, value in {"correction_note_en": "The day was wrong.", **changes}.items():
        setattr(draft, name, value)
    draft.save()
    publishing.publish(draft, by=factories.EditorFactory())
    return Update.objects.get(pk=draft.pk)


@pytest.fixture
def pledge(db):
    return factories.PublishedPledgeFactory(slug="harbour", wording__title_en="Mend the harbour")


@pytest.fixture
def kept(pledge):
    return factories.PublishedUpdateFactory(
        pledge=pledge, happened_on=JULY, status="kept", text_en="The harbour stands.", text_es="El puerto está en pie."
    )


def test_the_status_follows_the_day_and_not_the_publication(pledge, kept):
    factories.PublishedUpdateFactory(pledge=pledge, happened_on=MAY, status="in_progress", text_en="Work began.")
    (standing,) = now()
    assert (standing.status, standing.since, standing.latest) == ("kept", JULY, kept)
    assert [update.text_en for update in standing.updates] == ["Work began.", "The harbour stands."]


def test_of_two_updates_on_one_day_the_later_published_counts(pledge, kept):
    factories.PublishedUpdateFactory(pledge=pledge, happened_on=JULY, status="broken", failure_reason="withdrawn")
    assert now()[0].status == "broken"


def test_a_corrected_update_leaves_the_timeline_and_stands_in_the_log_with_its_old_words(page, pledge, kept):
    correction = correct(kept, happened_on=MAY, text_en="Half of the harbour stands.", status="in_progress")
    text = page("pledge", "harbour")
    assert "The harbour stands." not in text
    assert "<del>The</del> harbour stands." in text
    assert "Half of the harbour stands." in text
    assert f'id="u{kept.pk}"' not in text
    assert f'href="/en/corrections/?entry=c{correction.pk}"' in text
    assert "The day was wrong." in text
    log = page("corrections")
    assert f'id="c{correction.pk}"' in log
    assert "<del>The</del> harbour stands." in log
    assert "<ins>Half of the</ins> harbour stands." in log
    assert "The day was wrong." in log
    assert "Mend the harbour" in log
    assert f"corrects edition {kept.edition_id}" in log
    spanish = page("corrections", language="es")
    assert spanish.count("El puerto está en pie.") == 2  # in Spanish nothing was changed but the day
    assert "<del>" not in spanish
    assert '<span lang="en">The day was wrong.</span>' in spanish


def test_a_correction_moves_the_status_to_what_is_true(pledge, kept):
    correct(kept, status="stalled", failure_reason="lapsed")
    assert (now()[0].status, len(now()[0].updates)) == ("stalled", 1)


def test_a_correction_with_an_earlier_day_lets_what_came_between_count(pledge, kept):
    factories.PublishedUpdateFactory(pledge=pledge, happened_on=MAY, status="in_progress")
    correct(kept, happened_on=MARCH)
    assert [(update.happened_on, update.status) for update in now()[0].updates] == [
        (MARCH, "kept"),
        (MAY, "in_progress"),
    ]
    assert now()[0].status == "in_progress"


def test_mending_the_words_of_the_earlier_of_two_updates_of_a_day_does_not_make_it_the_later(pledge, kept):
    factories.PublishedUpdateFactory(pledge=pledge, happened_on=JULY, status="broken", failure_reason="withdrawn")
    correct(kept, text_en="The harbor stands.", correction_note_en="A slip of spelling.")
    assert now()[0].status == "broken"


def test_nor_when_both_were_published_in_one_edition(pledge):
    both = [
        factories.UpdateFactory(pledge=pledge, happened_on=JULY, status=status, text_en=status)
        for status in ("in_progress", "kept")
    ]
    publishing.publish(*both, by=factories.EditorFactory())
    assert now()[0].status == "kept"
    again = correct(correct(both[0], text_en="once"), text_en="twice")
    assert [update.pk for update in now()[0].updates] == [again.pk, both[1].pk]
    lead = factories.LeadFactory(pledge=pledge, suggested_status="", article__published_at=timezone.now())
    assert leads.accept_lead(lead=lead, by=factories.ReporterFactory()).status == "kept"


def test_a_correction_can_itself_be_corrected_and_both_stand_in_the_log(page, pledge, kept):
    first = correct(kept, text_en="Second words.")
    correct(first, text_en="Third words.", correction_note_en="Still wrong.")
    text = page("pledge", "harbour")
    assert "Third words." in text
    assert text.count("<del>Second</del> words.") == 1
    log = page("corrections")
    assert "<del>Second</del> words." in log
    assert "<ins>Third</ins> words." in log
    assert log.index("Still wrong.") < log.index("The day was wrong.")


def test_a_draft_correction_changes_nothing(page, pledge, kept):
    publishing.start_correction(update=kept, by=factories.ReporterFactory())
    assert now()[0].latest == kept
    assert "There have been none so far." in page("corrections")


def test_an_earlier_edition_still_says_what_it_said(pledge, kept):
    before = Edition.objects.count()
    correct(kept, status="stalled", failure_reason="lapsed")
    factories.PublishedPledgeFactory()
    (standing,) = standings(before, timezone.localdate())
    assert (standing.status, standing.latest) == ("kept", kept)
    assert standings(before - 1, timezone.localdate())[0].status == "not_rated"


def test_as_of_a_day_only_what_had_happened_by_then_counts(pledge, kept):
    assert standings(Edition.objects.count(), date(2024, 6, 30))[0].status == "not_rated"
    assert standings(Edition.objects.count(), JULY)[0].status == "kept"


def test_a_changed_wording_stands_in_the_log_with_the_old_one_and_why(page, pledge):
    draft = publishing.start_wording(pledge=pledge, by=factories.ReporterFactory())
    draft.title_en, draft.kept_en, draft.change_note_en = "Mend both harbours", "Both are mended.", "There are two."
    draft.deadline, draft.deadline_precision = JULY, "month"
    draft.save()
    publishing.publish(draft, by=factories.EditorFactory())
    text = page("pledge", "harbour")
    assert "Mend both harbours" in text
    assert "There are two." in text
    assert now()[0].timeliness == rules.Timeliness.OVERDUE
    log = page("corrections")
    for words in (
        "Mend <del>the</del> <del>harbour</del>",
        "Mend <ins>both</ins> <ins>harbours</ins>",
        "Both are mended.",
        "It is done.",
        "There are two.",
        "July 2024",
    ):
        assert words in log


def test_a_revised_figure_stands_in_the_log_with_the_old_one(page):
    old = factories.ObservationFactory(value=7063, indicator__name_en="Homicides")
    publishing.record_change(old.indicator, by=factories.EditorFactory())
    next_year = {"period": "2025", "starts_on": date(2025, 1, 1), "ends_on": date(2025, 12, 31)}
    factories.ObservationFactory(indicator=old.indicator, **next_year)
    publishing.record_change(old.indicator, by=factories.EditorFactory())
    assert "There have been none so far." in page("corrections")
    factories.ObservationFactory(indicator=old.indicator, value=7062, note_en="One was counted twice.")
    publishing.record_change(old.indicator, by=factories.EditorFactory())
    pulse.refresh()
    log = page("corrections")
    assert "Homicides, 2024" in log
    assert "<del>7,063 cases</del>" in log
    assert "<p>7,062 cases</p>" in log
    assert "One was counted twice." in log
    assert "revises the figure of edition 1" in log
    assert "Homicides, 2025" not in log
    assert publishing.verify() == []


def test_the_log_tells_of_each_correction_in_a_fixed_number_of_queries(client, address, pledge):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(address("corrections"))
        return len(queries)

    correct(factories.PublishedUpdateFactory(pledge=pledge))
    cost()
    publishing.record_change(factories.TopicFactory(), by=factories.EditorFactory())
    pulse.refresh()
    one = cost()
    for _ in range(4):
        correct(factories.PublishedUpdateFactory())
    pulse.refresh()
    assert cost() == one


@pytest.fixture
def long_log(pledge, kept, monkeypatch):
    """Five entries on pages of two, the oldest first: two corrections, a wording, a figure, a retraction."""
    monkeypatch.setattr("pledges.site.changes.editions.PAGE_SIZE", 2)
    first = correct(kept, text_en="Second words.")
    second = correct(first, text_en="Third words.")
    wording = publishing.start_wording(pledge=pledge, by=factories.ReporterFactory())
    wording.title_en, wording.change_note_en = "Mend both harbours", "There are two."
    wording.save()
    publishing.publish(wording, by=factories.EditorFactory())
    figures = [factories.ObservationFactory(value=7063)]
    publishing.record_change(figures[0].indicator, by=factories.EditorFactory())
    figures.append(factories.ObservationFactory(indicator=figures[0].indicator, value=7062))
    publishing.record_change(figures[0].indicator, by=factories.EditorFactory())
    retract(factories.PublishedPledgeFactory(slug="other"))
    return [f"c{first.pk}", f"c{second.pk}", f"w{wording.pk}", f"f{figures[1].pk}", f"r{Retraction.objects.get().pk}"]


def anchors(text):
    return re.findall(r'<article class="correction" id="(\w+)">', text)


def test_the_log_has_pages_the_newest_first_and_each_reads_only_what_it_shows(client, address, long_log):
    pages = [client.get(address("corrections") + f"?page={number}").content.decode() for number in (1, 2, 3)]
    assert [each for text in pages for each in anchors(text)] == long_log[::-1]
    assert 'href="/en/corrections/?page=2"' in pages[0]
    assert "Page 2 of 3" in pages[1]
    assert "There are two." in pages[1]
    assert "There are two." not in pages[0] + pages[2]
    for number, same in (("x", 0), ("-1", 0), ("9" * 30, 2)):  # as where the editions are listed
        assert anchors(client.get(address("corrections") + f"?page={number}").content.decode()) == anchors(pages[same])


def test_a_link_to_an_entry_leads_to_its_page_and_place(client, address, long_log):
    oldest, _second, third, _fourth, newest = long_log
    log = address("corrections")
    for anchor, place in ((newest, ""), (third, "?page=2"), (oldest, "?page=3")):
        response = client.get(f"{log}?entry={anchor}")
        assert (response.status_code, response["Location"]) == (302, f"{log}{place}#{anchor}")
        assert f'id="{anchor}"' in client.get(response["Location"]).content.decode()
    edition = Update.objects.get(pk=oldest[1:]).edition_id
    assert client.get(f"{log}?entry={oldest}&edition={edition}")["Location"] == f"{log}?edition={edition}#{oldest}"
    assert f'href="{log}?entry={newest}"' in client.get(address("pledge", "other")).content.decode()


@pytest.mark.parametrize("entry", ["c0", "x1", "", "%00", "c" + "9" * 40])
def test_a_link_to_an_entry_that_there_is_not_shows_the_newest(client, address, long_log, entry):
    response = client.get(address("corrections") + f"?entry={entry}")
    assert (response.status_code, anchors(response.content.decode())) == (200, long_log[:2:-1])


def test_a_correction_that_mends_the_evidence_shows_the_old_and_the_new(page, pledge, kept):
    old = kept.evidence.get()
    draft = publishing.start_correction(update=kept, by=factories.ReporterFactory())
    draft.correction_note_en = "The link was wrong."
    draft.save()
    draft.evidence.update(url="https://right.example/report", publisher="Right Paper")
    publishing.publish(draft, by=factories.EditorFactory())
    log = page("corrections")
    assert f'href="{old.url}"' in log
    assert 'href="https://right.example/report"' in log
    assert "Right Paper" in log
    shown, _fold, folded = page("pledge", "harbour").partition('<details class="corrected">')
    assert old.url not in shown
    assert old.url in folded


def test_a_later_reason_for_the_same_status_is_the_one_that_is_shown(page, pledge):
    stalled = {"status": "stalled", "pledge": pledge}
    factories.PublishedUpdateFactory(
        **stalled, happened_on=MARCH, failure_reason="blocked", reason_detail_en="By the harbour court."
    )
    factories.PublishedUpdateFactory(**stalled, happened_on=MAY, failure_reason="withdrawn", text_en="Given up.")
    text = page("pledge", "harbour")
    verdict, _mark, timeline = text.partition('id="happened"')
    assert "withdrawn" in verdict
    assert "By the harbour court." not in verdict
    assert "withdrawn" in timeline
    assert "By the harbour court." in timeline


def test_a_citation_shows_what_its_edition_said(client, page, pledge, kept):
    address = "/en/pledges/harbour/"
    assert f'href="?edition={kept.edition_id}"' in page("pledge", "harbour")
    correct(kept, text_en="Half of the harbour stands.", status="in_progress")
    cited = client.get(f"{address}?edition={kept.edition_id}").content.decode()
    assert "The harbour stands." in cited
    assert "Half of the harbour stands." not in cited
    assert f"as edition {kept.edition_id} left it" in cited
    assert f'href="{address}">As it is now</a>' in cited
    assert "left it" not in client.get(address).content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "99", "9" * 40])
def test_an_edition_that_never_was_cannot_be_cited(client, kept, number):
    assert client.get(f"/en/pledges/harbour/?edition={number}").status_code == 404
