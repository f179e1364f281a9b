"""One event has one id and one wording in every feed that tells of it: of a search, of a pledge, of the editions."""

import html
import re
from datetime import date, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from django.utils import timezone

from pledges.actions import publishing
from pledges.models import Newsroom
from pledges.queries import pulse
from pledges.tests.actions.test_retraction import retract
from pledges.tests.site.test_corrections import correct
from pledges.tests.support import factories
from pledges.tests.support.emptied import empty_caches

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
FEEDS = [("pledges_feed",), ("pledge_feed", "harbour"), ("pledge_feed", "road"), ("changes_feed",)]


@pytest.fixture
def read(client, address):
    """`read("pledge_feed", "harbour", language="es")`: the feed as a reader of feeds has it."""

    def find(name, *args, language="en", raw=False, host="testserver"):
        empty_caches()
        pulse.refresh()
        content = client.get(address(name, *args, language=language), headers={"host": host}).content
        return content if raw else feedparser.parse(content)

    return find


@pytest.fixture
def harbour():
    """A pledge with one of each: news that turn its status and news that do not, a correction, new words."""
    pledge = factories.PublishedPledgeFactory(
        slug="harbour", wording__title_en="Mend the harbour", wording__title_es="Reparar el puerto"
    )
    kept = factories.PublishedUpdateFactory(pledge=pledge, status="kept", happened_on=date(2024, 7, 1))
    factories.PublishedUpdateFactory(pledge=pledge, status="kept", happened_on=date(2024, 8, 1))
    correct(kept, status="partly_kept", failure_reason="under_delivered")
    draft = publishing.start_wording(pledge=pledge, by=factories.ReporterFactory())
    draft.title_en, draft.title_es, draft.change_note_en = "Mend two harbours", "Reparar dos", "The quay counts."
    draft.save()
    publishing.publish(draft, by=factories.EditorFactory())
    return pledge


@pytest.fixture
def road():
    """A pledge that was retracted."""
    pledge = factories.PublishedPledgeFactory(slug="road", wording__title_en="Mend the road")
    retract(pledge)
    return pledge


def by_id(found):
    return {entry.id: (entry.title, entry.summary, entry.link, entry.updated) for entry in found.entries}


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_event_has_the_same_id_words_and_address_in_each(read, harbour, road, language):
    of_all = by_id(read("pledges_feed", language=language))
    of_one = by_id(read("pledge_feed", "harbour", language=language))
    assert len(of_one) == 4 and of_one.items() <= of_all.items()
    of_gone = by_id(read("pledge_feed", "road", language=language))
    assert len(of_gone) == 2 and len(of_gone.items() & of_all.items()) == 1  # the retraction; the rest counts nowhere
    told = {re.search(r"/(\d+)/$", entry.link)[1]: entry for entry in read("changes_feed", language=language).entries}
    for title, _summary, link, updated in {**of_all, **of_gone}.values():
        edition = told[re.search(r"edition=(\d+)", link)[1]]
        assert f"<p>{html.escape(title)}</p>" in edition.summary
        assert title in edition.title and edition.updated == updated


def test_its_words_are_those_of_its_edition_whatever_is_published_later(read, harbour):
    assert [entry.title for entry in read("pledge_feed", "harbour").entries] == [
        "New wording (no. 2): Mend two harbours",
        "Corrected: Mend the harbour (Partly kept, 1 July 2024)",
        "Update on “Mend the harbour” (1 August 2024): Work began.",
        "New pledge: Mend the harbour",
    ]
    before = by_id(read("pledge_feed", "harbour"))
    factories.PublishedUpdateFactory(
        pledge=harbour, status="stalled", failure_reason="lapsed", happened_on=date(2024, 7, 15)
    )
    assert before.items() < by_id(read("pledge_feed", "harbour")).items()


def test_ids_are_of_the_row_and_the_language_and_of_the_public_name_of_the_site(read, harbour, settings):
    first = harbour.wordings.get(number=1)
    assert f"tag:testserver,2026:en:wording:{first.pk}" in by_id(read("pledge_feed", "harbour"))
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://pledges.example", ["*"]
    found = read("pledge_feed", "harbour", host="10.0.0.1:8000")
    assert f"tag:pledges.example,2026:en:wording:{first.pk}" in by_id(found)
    assert {urlsplit(entry.link).netloc for entry in found.entries} == {"pledges.example"}
    assert found.feed.links[1].href == "https://pledges.example/en/pledges/harbour/feed/"
    ids = [
        entry.id for language in ("en", "es") for row in FEEDS[:2] for entry in read(*row, language=language).entries
    ]
    assert len(set(ids)) == 2 * 4  # each is in two feeds


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_is_valid_atom(read, harbour, road, language):
    odd = factories.PublishedPledgeFactory(wording__title_en="Bell \x07 & <b>whistle</b>", wording__title_es="")
    factories.PublishedUpdateFactory(
        pledge=odd, text_en="Line\x0bbreak.", text_es="", evidence__sentence="Vertical\x0btab."
    )
    for where in FEEDS:
        feed = ElementTree.fromstring(read(*where, language=language, raw=True))
        assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == language
        assert feed.find(f"{ATOM}author/{ATOM}name").text
        assert {link.attrib["rel"] for link in feed.findall(f"{ATOM}link")} == {"self", "alternate"}
        entries = feed.findall(f"{ATOM}entry")
        for element in (feed, *entries):
            for name in ("id", "title", "updated"):
                [one] = element.findall(f"{ATOM}{name}")
                assert one.text and one.text.strip(), (where, name)
            assert re.fullmatch(RFC_3339, element.find(f"{ATOM}updated").text)
            assert all(urlsplit(link.attrib["href"]).netloc for link in element.findall(f"{ATOM}link"))
            assert re.match(r"(tag:|https?://)", element.find(f"{ATOM}id").text)
        ids = [entry.find(f"{ATOM}id").text for entry in entries]
        assert len(ids) == len(set(ids)) > 1


def test_who_has_read_it_is_told_that_nothing_is_new(client, address, harbour):
    for where in [("pledges_feed",), ("pledge_feed", "harbour"), ("changes_feed",)]:
        first = client.get(address(*where))
        assert client.get(address(*where), headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_editions_name_figures_new_and_revised(read):
    old = factories.ObservationFactory(value=7063, indicator__name_en="Homicides")
    publishing.record_change(old.indicator, by=factories.EditorFactory())
    factories.ObservationFactory(indicator=old.indicator, value=7062)
    publishing.record_change(old.indicator, by=factories.EditorFactory())
    newest, first = read("changes_feed").entries
    assert newest.title == "Edition 2: Revised figure: Homicides, 2024"
    assert first.title == "Edition 1: Figure: Homicides, 2024"
    assert "<p>Indicator: Homicides</p>" in first.summary


def test_each_says_that_the_tracker_was_closed_as_the_same_entry(read, harbour, road):
    Newsroom.objects.update_or_create(
        pk=1,
        defaults={"name_en": "Desk", "name_es": "Mesa", "closed_on": timezone.localdate() - timedelta(days=1)},
    )
    for where in FEEDS:
        found = read(*where)
        assert "This tracker was closed on " in found.feed.subtitle
        assert [entry.title for entry in found.entries if entry.id == "tag:testserver,2026:en:closed"] != [], where
