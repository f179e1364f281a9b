"""What search engines are told: which pages there are, in each language, and when each last changed."""

import xml.etree.ElementTree as ET
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from protego import Protego

from pledges.actions import publishing, retraction
from pledges.queries import pulse
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
SPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def read(client):
    """The XML at an address, or at the path of one."""

    def get(where):
        response = client.get(where.removeprefix("http://testserver"))
        assert response.status_code == 200
        assert response["Content-Type"] == "application/xml"
        return ET.fromstring(response.content)

    return get


def locations(tree):
    return [each.text for each in tree.findall(".//s:loc", SPACES)]


def all_pages(read):
    return {
        url.find("s:loc", SPACES).text: url
        for section in locations(read("/sitemap.xml"))
        for url in read(section).findall("s:url", SPACES)
    }


def test_it_names_every_page_in_both_languages_each_with_the_other(client, read, address):
    factories.PublishedPledgeFactory(slug="harbour")
    factories.PledgeFactory(slug="secret-draft")
    pages = all_pages(read)
    for language, other in (("en", "es"), ("es", "en")):
        for name in [("home",), ("pledges",), ("pledge", "harbour"), ("mandates",), ("methodology",), ("edition", 1)]:
            url = pages[f"http://testserver{address(*name, language=language)}"]
            alternates = {link.get("hreflang"): link.get("href") for link in url.findall("x:link", SPACES)}
            assert alternates[other] == f"http://testserver{address(*name, language=other)}"
    for where in pages:
        parts = urlsplit(where)
        assert parts.query == ""  # none of another day or edition, and no search
        assert "secret" not in parts.path
        assert client.get(parts.path).status_code == 200


def test_the_robots_file_leads_to_it(client, settings):
    assert list(Protego.parse(client.get("/robots.txt").content.decode()).sitemaps) == ["http://testserver/sitemap.xml"]
    settings.SITE_URL = "https://pledges.example.org"
    rules = Protego.parse(client.get("/robots.txt").content.decode())
    assert list(rules.sitemaps) == ["https://pledges.example.org/sitemap.xml"]
    assert rules.can_fetch("https://pledges.example.org/sitemap-pledges.xml", "Somebot")


def test_a_page_changes_with_the_edition_that_names_it(read, address, monkeypatch):
    now = timezone.now()

    def days_ago(days):
        monkeypatch.setattr("django.utils.timezone.now", lambda: now - timedelta(days=days))

    days_ago(9)
    first = factories.PublishedPledgeFactory()
    days_ago(6)
    second = factories.PublishedPledgeFactory()
    days_ago(3)
    factories.PublishedUpdateFactory(pledge=first)
    days_ago(0)
    pulse.refresh()
    pages = all_pages(read)
    for name, days in ((("pledge", first.slug), 3), (("pledge", second.slug), 6), (("home",), 3), (("edition", 1), 9)):
        changed = pages[f"http://testserver{address(*name)}"].find("s:lastmod", SPACES).text
        assert changed == f"{timezone.localtime(now - timedelta(days=days)):%Y-%m-%d}", name


def test_what_was_retracted_is_no_longer_named(read, address):
    pledge = factories.PublishedPledgeFactory(slug="harbour")
    assert any("harbour" in where for where in all_pages(read))
    draft = retraction.start_retraction(pledge=pledge, by=factories.EditorFactory())
    draft.note_en = draft.note_es = "Said by somebody else."
    draft.save()
    publishing.publish(draft, by=factories.PublisherFactory())
    pulse.refresh()
    assert not any("harbour" in where for where in all_pages(read))


def test_many_pages_come_in_several_files(client, read, monkeypatch):
    for _ in range(3):
        factories.PublishedPledgeFactory()
    monkeypatch.setattr("pledges.site.sitemap.Pages.limit", 4)
    files = [where for where in locations(read("/sitemap.xml")) if "sitemap-pledges" in where]
    assert len(files) == 2
    assert [len(locations(read(where))) for where in files] == [4, 2]


def test_the_second_reading_costs_nothing_and_the_next_edition_is_seen(client, read, django_assert_num_queries):
    factories.PublishedPledgeFactory()
    where = "/sitemap-pledges.xml"
    tag = client.get(where)["ETag"]
    with django_assert_num_queries(0):
        assert client.get(where, headers={"If-None-Match": tag}).status_code == 304
    factories.PublishedPledgeFactory()
    pulse.refresh()
    assert len(locations(read(where))) == 4


@pytest.mark.parametrize("where", ["/sitemap-nothing.xml", "/sitemap-pages.xml?p=9", "/sitemap-pages.xml?p=x"])
def test_what_is_not_there_is_a_404(client, where):
    assert client.get(where).status_code == 404


def test_before_the_first_edition_it_names_what_there_is(read, address):
    assert f"http://testserver{address('home')}" in all_pages(read)
