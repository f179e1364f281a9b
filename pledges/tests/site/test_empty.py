"""A tracker in which nothing is published: every page opens, says so, and speaks of no country's data."""

import re

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from pledges.queries import standings
from pledges.site.shared import summaries
from pledges.site.urls import urlpatterns
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
OF_THE_FIRST_DATA_SET = re.compile(r"ecuador|noboa|guayaquil|barcaza|barge|prison|cárcel", re.IGNORECASE)


def pages(language: str) -> list[str]:
    """The addresses of the pages that need no pledge, mandate or edition."""
    found = []
    with translation.override(language):
        for pattern in urlpatterns:
            try:
                found.append(reverse(pattern.name))
            except NoReverseMatch:
                continue
    return found


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_page_opens_and_speaks_of_no_other_newsrooms_data(client, language):
    addresses = pages(language)
    assert len(addresses) > 15
    for address in addresses:
        answer = client.get(address, follow=True)
        assert answer.status_code in (200, 204, 404), address
        if address == reverse("home"):
            assert answer.status_code == 200
        if answer["Content-Type"] == "image/png":
            continue
        text = re.sub(r"<[^>]+>", " ", answer.content.decode())
        assert not OF_THE_FIRST_DATA_SET.search(text), address


def test_the_front_page_says_what_will_be_here_and_where_the_newsroom_begins(client):
    html = client.get("/en/").content.decode()
    assert "No pledges are published yet." in html
    assert "What will be here" in html
    assert 'href="/admin/"' in html
    assert 'placeholder="for instance' not in html
    assert "<table" not in html


def test_examples_in_search_boxes_are_topics_that_a_search_finds(client):
    topic = factories.TopicFactory(name_en="Public water", name_es="Agua")
    other = factories.TopicFactory(name_en="", name_es="Salud")
    long = factories.TopicFactory(name_en="Infrastructure and public works", name_es="Obras")
    for number in range(3):
        factories.PublishedPledgeFactory(topics=[topic, other, long] if number else [topic])
    for page in ("/en/", "/en/pledges/"):
        assert 'placeholder="for instance: public water"' in client.get(page).content.decode()
    with translation.override("es"):
        rows = standings.standings_uncached(3, timezone.localdate())
        assert summaries.searched_for(rows) == "agua, salud, obras"
    assert "3 pledges" in client.get("/en/pledges/?q=public+water").content.decode()


def test_pledges_without_updates_are_the_newest_and_called_not_yet_rated(client):
    pledge = factories.PublishedPledgeFactory()
    html = client.get("/en/").content.decode()
    assert "is not yet rated." in html
    assert "is not kept" not in html
    assert "The newest pledges" in html
    assert f"/en/pledges/{pledge.slug}/" in html
