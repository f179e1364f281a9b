"""The public site of a newsroom that writes one language, and texts of which one language is missing."""

import csv
import io
import re
import xml.etree.ElementTree as ET

import pytest

from pledges.actions import publishing
from pledges.domain.languages import LANGUAGES
from pledges.models import Newsroom
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db

SPANISH = {"title": "Agua para todos", "statement": "Habrá agua.", "kept": "Hay agua.", "broken": "No hay agua."}
PAGES = [("home",), ("pledges",), ("pledge", "water"), ("mandates",), ("mandate", "silva"), ("indicator", "deaths")]
PAGES += [("indicators",), ("changes",), ("editions",), ("edition", 1), ("corrections",), ("this_week",), ("alert",)]
FILES = [("changes_feed",), ("pledge_feed", "water"), ("pledge_json", "water"), ("pledge_csv", "water")]
FILES += [("pledge_card", "water"), ("indicator_csv", "deaths"), ("changes_json",), ("pledge_embed", "water")]


def newsroom(**fields) -> Newsroom:
    """The newsroom, changed as at the desk: by an edition."""
    row = factories.NewsroomFactory()
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    publishing.record_change(row, by=factories.EditorFactory())
    return row


@pytest.fixture
def in_spanish():
    """A published pledge and all that it refers to, with no word of English."""
    wording = {
        f"wording__{name}_{code}": text if code == "es" else "" for name, text in SPANISH.items() for code in LANGUAGES
    }
    pledge = factories.PublishedPledgeFactory(
        slug="water",
        mandate=factories.MandateFactory(slug="silva", office_en="", office_es="Presidencia"),
        source_document=factories.SourceDocumentFactory(title_en="", title_es="Mensaje"),
        topics=[factories.TopicFactory(slug="agua", name_en="", name_es="Agua")],
        **wording,
    )
    factories.PublishedUpdateFactory(pledge=pledge, text_en="", text_es="Comenzó la obra.")
    indicator = factories.IndicatorFactory(slug="deaths", name_en="", name_es="Muertes", unit_en="", unit_es="casos")
    indicator.pledges.add(pledge)
    factories.ObservationFactory(indicator=indicator)
    publishing.record_change(indicator, by=factories.EditorFactory())
    return pledge


@pytest.fixture
def only_spanish(in_spanish):
    return newsroom(name_en="", name_es="La Vigilia", language="es", one_language=True)


def test_two_languages_are_linked_and_the_main_one_is_for_who_asks_for_neither(client, in_spanish):
    newsroom(language="es")
    assert client.get("/")["Location"] == "/es/"
    assert client.get("/", headers={"Accept-Language": "de, *"})["Location"] == "/es/"
    assert client.get("/", headers={"Accept-Language": "en-GB"})["Location"] == "/en/"
    assert client.get("/promesas/")["Location"] == "/es/promesas/"
    assert 'hreflang="es"' in client.get("/en/").content.decode()


def test_one_language_is_that_of_every_bare_address(client, only_spanish):
    for header in ("en-GB", "de", "es"):
        assert client.get("/", headers={"Accept-Language": header})["Location"] == "/es/"


@pytest.mark.parametrize("name", PAGES, ids=str)
def test_one_language_has_no_switch_and_its_pages_are_the_canonical_ones(client, only_spanish, address, name):
    home = f"http://testserver{address(*name, language='es')}"
    text = client.get(home).content.decode()
    assert 'class="language"' not in text
    assert re.findall(r'hreflang="(\w+)" href="http://testserver', text) == ["es"]
    assert f'rel="canonical" href="{home}"' in text
    other = client.get(address(*name, language="en"))  # an old link
    assert other.status_code == 200
    assert f'rel="canonical" href="{home}"' in other.content.decode()
    assert "La Vigilia" in other.content.decode()


def test_one_language_is_that_of_the_sitemap(client, only_spanish, address):
    pages = client.get("/sitemap-pledges.xml").content.decode()
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    found = [each.text for each in ET.fromstring(pages).findall(".//s:loc", spaces)]
    assert found == [f"http://testserver{address('pledge', 'water', language='es')}"]
    assert "alternate" not in pages


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES + FILES, ids=str)
def test_what_is_written_in_one_language_is_shown_in_both(client, in_spanish, address, name, language):
    response = client.get(address(*name, language=language))
    assert response.status_code == 200
    if name == ("pledge", "water"):
        mark = ' lang="es"' if language == "en" else ""
        for text in ("Agua", "Mensaje", "Presidencia"):
            assert (f"<span{mark}>{text}</span>" if mark else text) in response.content.decode()


def test_downloads_leave_the_missing_language_empty(client, in_spanish, address):
    data = client.get(address("pledge_json", "water")).json()
    assert (data["title_en"], data["title_es"]) == ("", "Agua para todos")
    (row,) = csv.DictReader(io.StringIO(client.get(address("indicator_csv", "deaths")).content.decode("utf-8-sig")))
    assert (row["unit_en"], row["unit_es"]) == ("", "casos")


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_finds_what_is_written_in_the_other_language(client, in_spanish, address, language):
    text = client.get(address("pledges", language=language) + "?q=agua").content.decode()
    assert "/water/" in text


def test_topics_are_sorted_by_what_readers_see(client, address):
    names = [("Water", ""), ("", "Agua"), ("Mines", "Zinc")]
    topics = [factories.TopicFactory(name_en=english, name_es=spanish) for english, spanish in names]
    factories.PublishedPledgeFactory(topics=topics)
    for language, order in (("en", ["Agua", "Mines", "Water"]), ("es", ["Agua", "Water", "Zinc"])):
        facets = client.get(address("pledges", language=language)).context["results"].facets
        (facet,) = [each for each in facets if each.name == "topic"]
        assert [str(choice.label) for choice in facet.choices] == order


def test_all_editions_still_verify(in_spanish, only_spanish):
    assert publishing.verify() == []
