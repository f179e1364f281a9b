"""The feed of a pledge: whoever follows it learns of each update, correction, new wording and retraction."""

import re
from datetime import date

import feedparser
import pytest

from pledges.actions import publishing
from pledges.queries import pulse
from pledges.tests.actions.test_retraction import retract
from pledges.tests.site.test_corrections import correct
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge():
    return factories.PublishedPledgeFactory(
        slug="harbour", wording__title_en="Mend the harbour", wording__title_es="Reparar el puerto"
    )


@pytest.fixture
def kept(pledge):
    return factories.PublishedUpdateFactory(
        pledge=pledge, happened_on=date(2024, 7, 1), status="kept", text_en="It <stands> & shines.\x0b"
    )


@pytest.fixture
def feed(client, address):
    def get(status=200, language="en"):
        response = client.get(address("pledge_feed", "harbour", language=language))
        assert response.status_code == status
        assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
        found = feedparser.parse(response.content)
        assert not found.bozo
        return found

    return get


def test_each_act_is_an_entry_that_leads_to_its_own_edition(kept, feed):
    newest, first = feed().entries
    assert newest.title == "Kept: Mend the harbour (1 July 2024)"
    assert "1 July 2024: It &lt;stands&gt; &amp; shines." in newest.summary
    assert "https://daily.example/evidence/" in newest.summary
    assert newest.link == f"http://testserver/en/pledges/harbour/?edition=2#u{kept.pk}"
    assert first.title == "New pledge: Mend the harbour"
    assert newest.id != first.id


def test_corrections_and_new_wordings_are_entries_too(kept, feed, pledge):
    correct(kept, text_en="Half of it stands.")
    draft = publishing.start_wording(pledge=pledge, by=factories.ReporterFactory())
    draft.title_en, draft.change_note_en = "Mend two harbours", "The quay counts, too."
    draft.save()
    publishing.publish(draft, by=factories.EditorFactory())
    wording, correction, first = feed().entries  # what was corrected is there as its correction
    assert wording.title == "New wording (no. 2): Mend two harbours"
    assert "The quay counts, too." in wording.summary
    assert correction.title == "Corrected: Mend the harbour (Kept, 1 July 2024)"
    assert "The day was wrong." in correction.summary
    assert first.title == "New pledge: Mend the harbour"


def test_each_entry_has_a_title_of_its_own_that_says_what_it_is(kept, feed, pledge):
    for words in ("A crane came.", "A crane fell.", "The quay is long " * 9):
        factories.PublishedUpdateFactory(pledge=pledge, status="kept", happened_on=date(2024, 8, 1), text_en=words)
    last = factories.PublishedUpdateFactory(
        pledge=pledge, status="kept", happened_on=date(2024, 9, 1), happened_precision="month", text_en="It was seen."
    )
    titles = [entry.title for entry in feed().entries]
    assert titles == [
        "Update on “Mend the harbour” (September 2024): It was seen.",
        "Update on “Mend the harbour” (1 August 2024): The quay is long The quay is long The quay is long…",
        "Update on “Mend the harbour” (1 August 2024): A crane fell.",
        "Update on “Mend the harbour” (1 August 2024): A crane came.",
        "Kept: Mend the harbour (1 July 2024)",
        "New pledge: Mend the harbour",
    ]
    correct(last, text_en="It was seen twice.")
    pulse.refresh()
    assert feed().entries[0].title == "Corrected: Mend the harbour (Kept, September 2024)"


def test_in_the_readers_language(kept, feed):
    assert "Reparar el puerto" in feed(language="es").feed.title


def test_what_is_a_draft_is_not_in_it(kept, feed, pledge):
    factories.UpdateFactory(pledge=pledge, text_en="SECRET")
    assert "SECRET" not in str(feed())


def test_the_page_tells_programs_where_it_is(kept, client, address):
    text = client.get(address("pledge", "harbour")).content.decode()
    (link,) = re.findall(r'<link rel="alternate" type="application/atom\+xml"[^>]*>', text)
    assert 'href="http://testserver/en/pledges/harbour/feed/"' in link


def test_once_retracted_it_says_so_for_the_last_time(kept, feed, pledge):
    retract(pledge)
    newest = feed(status=410).entries[0]
    assert newest.title == "Retracted: Mend the harbour"
    assert "It was said by somebody else." in newest.summary
