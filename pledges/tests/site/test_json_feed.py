"""JSON Feed 1.1 beside Atom: the same entries, with the same ids, words and addresses."""

import json
from datetime import date

import feedparser
import pytest
from django.utils.dateparse import parse_datetime

from pledges.models import Newsroom
from pledges.tests.actions.test_retraction import retract
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
FEEDS = [
    ("pledges_feed", "pledges_json_feed"),
    ("pledge_feed", "pledge_json_feed"),
    ("changes_feed", "changes_json_feed"),
]


@pytest.fixture
def harbour():
    pledge = factories.PublishedPledgeFactory(slug="harbour", topics=[factories.TopicFactory(name_en="Ports")])
    factories.PublishedUpdateFactory(pledge=pledge, happened_on=date(2024, 7, 1), text_en="It stands <here> & now.")
    return pledge


@pytest.fixture
def read(client, address):
    def get(name, language="en", status=200, query=""):
        arguments = ["harbour"] if name.startswith("pledge_") else []
        answer = client.get(address(name, *arguments, language=language) + query)
        assert answer.status_code == status
        return answer

    return get


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("atom", "as_json"), FEEDS)
def test_it_has_the_entries_of_the_atom_feed(harbour, read, atom, as_json, language):
    other = feedparser.parse(read(atom, language).content)
    answer = read(as_json, language)
    assert answer["Content-Type"] == "application/feed+json"
    found = json.loads(answer.content)
    assert (found["version"], found["language"]) == ("https://jsonfeed.org/version/1.1", language)
    assert (found["title"], found["home_page_url"]) == (other.feed.title, other.feed.link)
    assert found["feed_url"] == f"http://testserver{answer.wsgi_request.path}"
    entries = [(item["id"], item["url"], item["title"]) for item in found["items"]]
    assert entries == [(entry.id, entry.link, entry.title) for entry in other.entries]
    assert all(parse_datetime(item["date_published"]).tzinfo and item["content_html"] for item in found["items"])


def test_topics_and_the_mandate_are_tags(harbour, read):
    item = json.loads(read("pledge_json_feed").content)["items"][0]
    assert item["tags"] == ["Ports", str(harbour.mandate)]
    assert "&lt;here&gt; &amp; now." in item["content_html"]


def test_a_search_is_followed_and_an_unknown_value_refused(harbour, read):
    assert json.loads(read("pledges_json_feed", query="?q=nothing-of-the-kind").content)["items"] == []
    read("pledges_json_feed", query="?status=finished", status=422)


def test_the_feed_of_a_retracted_pledge_ends_with_the_retraction(harbour, read):
    retract(harbour)
    found = json.loads(read("pledge_json_feed", status=410).content)
    assert found["items"][0]["title"].startswith("Retracted: ")


def test_an_old_address_leads_to_the_present_one(harbour, client, address):
    row = factories.PublishedPledgeFactory(slug="quay")
    assert client.get(address("pledge_json_feed", row.slug)).status_code == 200
    assert client.get(address("pledge_json_feed", "never-was")).status_code == 404


def test_without_entries_and_licence(db, read):
    Newsroom.objects.update(data_licence="")
    found = json.loads(read("changes_json_feed").content)
    assert found["items"] == []
    assert "_rights" not in found
