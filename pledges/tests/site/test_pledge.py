"""The page of one pledge: where it stands and why, by which criteria, with every change of its words in its place."""

import gzip
import html
import re
from datetime import date
from pathlib import Path

import pytest

from pledges.actions import publishing
from pledges.tests.site.test_corrections import correct
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, address):
    def get(query="", slug="harbour", language="en"):
        response = client.get(address("pledge", slug, language=language) + query)
        assert response.status_code == 200
        return html.unescape(response.content.decode())

    return get


@pytest.fixture
def pledge():
    return factories.PublishedPledgeFactory(
        slug="harbour", wording__title_en="Mend the harbour", wording__title_es="Reparar el puerto"
    )


def publish(pledge, day, **values):
    return factories.PublishedUpdateFactory(pledge=pledge, happened_on=day, **values)


def reword(pledge, **values):
    draft = publishing.start_wording(pledge=pledge, by=factories.ReporterFactory())
    for name, value in {"change_note_en": "It had left the quay out.", **values}.items():
        setattr(draft, name, value)
    draft.save()
    return publishing.publish(draft, by=factories.EditorFactory())


def section(text, name):
    return text.partition(f'id="{name}"')[2].partition("</section>")[0]


def test_it_is_read_from_the_status_to_the_promise_its_measure_and_what_happened(pledge, page):
    publish(pledge, date(2024, 7, 1))
    text = page()
    order = ["verdict", 'id="said"', 'id="criteria"', 'id="happened"', 'id="wording"', 'id="use"']
    places = [text.index(part) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "status, words",
    [
        ("broken", "Why it was not kept:"),
        ("stalled", "Why it stalled:"),
        ("partly_kept", "Why it fell short:"),
    ],
)
def test_why_it_failed_is_said_with_whom_it_was_blocked_by(pledge, page, status, words):
    publish(pledge, date(2024, 7, 1), status=status, failure_reason="blocked", reason_detail_en="By the court.")
    assert f"<b>{words}</b> blocked. By the court.</p>" in page()


def test_its_criteria_say_since_when_they_stand_and_which_of_them_holds(pledge, page):
    publish(pledge, date(2024, 7, 1), status="kept")
    criteria = section(page(), "criteria")
    assert "Published in edition 1, on" in criteria
    assert "the same ever since" in criteria
    (now,) = re.findall(r'<tr class="now">.*?</tr>', criteria, re.DOTALL)
    assert "Kept" in now
    assert "where it stands" in now


def test_each_update_names_the_edition_that_told_it(pledge, page):
    update = publish(pledge, date(2024, 7, 1))
    entry = page().partition(f'id="u{update.pk}"')[2].partition("</li>")[0]
    assert 'href="/en/editions/2/">edition 2</a>' in entry


def test_a_correction_stands_in_its_place_with_the_old_words_folded_beside_it(pledge, page):
    update = publish(pledge, date(2024, 7, 1), text_en="The harbour stands.", evidence__title="Old headline")
    again = correct(update, text_en="Half of it stands.")
    last = correct(again, text_en="A third of it stands.", correction_note_en="It was a third.")
    entry = page().partition(f'id="u{last.pk}"')[2].partition("</li>")[0]
    shown, first, second = entry.split('<details class="corrected">')
    assert "A third of it stands." in shown
    assert "Half" not in shown
    assert "It was a third." in first.partition("</summary>")[0]
    assert "<del>Half</del> of it stands." in first.partition("</summary>")[2]
    assert "The day was wrong." in second
    assert "<del>The</del> <del>harbour</del> stands." in second
    assert "Old headline" in second
    before = page("?edition=2")
    assert "The harbour stands." in before
    assert "corrected" not in section(before, "happened")


def test_a_wording_that_was_never_changed_says_so(pledge, page):
    assert "They were never changed." in section(page(), "wording")


def test_the_history_of_its_wording_shows_what_changed_when_and_why(pledge, page):
    reword(pledge, title_en="Mend the whole harbour", kept_en="It is done, the quay too.")
    reword(pledge, statement_es="El gobierno lo hará todo.", change_note_en="A slip in Spanish.")
    text = page()
    third, second, first = section(text, "wording").split("<li>")[1:]
    assert "In this language nothing was changed." in third
    assert "Edition 2" in second
    assert "It had left the quay out." in second
    assert "Mend the <ins>whole </ins>harbour" in second
    assert "It is done<ins>, the quay too</ins>." in second
    assert "first published" in first
    assert "“Mend the harbour”" in first
    assert "As they were changed in edition 2" in section(text, "criteria")
    assert "whole" not in page("?edition=1")


def test_a_draft_of_a_wording_is_in_no_history(pledge, page):
    publishing.start_wording(pledge=pledge, by=factories.ReporterFactory())
    assert "They were never changed." in section(page(), "wording")


def test_related_pledges_begin_with_those_that_share_most(page, pledge):
    topic, other = factories.TopicFactory(), factories.TopicFactory()
    pledge.topics.set([topic, other])
    factories.PublishedPledgeFactory(slug="a-little", wording__title_en="Shares a little", topics=[topic])
    factories.PublishedPledgeFactory(slug="b-much", wording__title_en="Shares much", topics=[topic, other])
    factories.PublishedPledgeFactory(slug="c-nothing", wording__title_en="Shares nothing")
    related = section(page(), "related")
    assert related.index("Shares much") < related.index("Shares a little")
    assert "Shares nothing" not in related


def test_the_page_is_light(pledge, page):
    for month in range(1, 13):
        publish(pledge, date(2024, month, 1), text_en="Something happened that takes a sentence or two to tell. " * 3)
    static = Path(__file__).resolve().parents[3] / "static"
    files = [(static / name).read_bytes() for name in ("css/base.css", "css/pledge.css", "site.js")]
    font = len((static / "fonts/source-serif-4.woff2").read_bytes())
    assert sum(len(gzip.compress(part)) for part in [page().encode(), *files]) + font < 60_000
