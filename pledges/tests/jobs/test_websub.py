"""WebSub: feeds name the hub, and the hub is told which feeds an edition changed, once for each."""

import json
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs

import feedparser
import pytest
from django.core.cache import cache
from django.utils import timezone

from pledges.jobs import websub
from pledges.models import Newsroom
from pledges.tests.actions.test_pledge_corrections import correct
from pledges.tests.support import factories
from pledges.tests.support.receiver import Receiver

pytestmark = pytest.mark.django_db
SITE = "https://pledges.example"


@pytest.fixture
def hub(settings):
    receiver = Receiver()
    settings.SITE_URL, settings.ALLOWED_HOSTS = SITE, ["*"]
    settings.WEBSUB_HUB, settings.WATCH_ALLOWED_ORIGINS = f"{receiver.origin}/hub", [receiver.origin]
    cache.clear()
    yield receiver
    if receiver.thread.is_alive():
        receiver.close()


def told(hub):
    """The topics of what the hub has received, which is forgotten then."""
    forms = [parse_qs(body.decode()) for _path, _headers, body in hub.posts]
    hub.posts.clear()
    assert all(form["hub.mode"] == ["publish"] and form["hub.topic"] == form["hub.url"] for form in forms)
    return sorted(form["hub.url"][0].removeprefix(SITE) for form in forms)


def test_the_hub_is_told_once_of_each_feed_that_an_edition_changed(hub):
    harbour = factories.PublishedPledgeFactory(slug="harbour")
    factories.PublishedPledgeFactory(slug="road")
    websub.send_hub_pings()
    assert hub.posts[0][0] == "/hub"
    assert hub.posts[0][1]["content-type"] == "application/x-www-form-urlencoded"
    assert len(told(hub)) == 16
    websub.send_hub_pings()
    assert told(hub) == []
    factories.PublishedUpdateFactory(pledge=harbour)
    websub.send_hub_pings()
    topics = told(hub)
    english = ["/en/changes/feed.json", "/en/changes/feed/", "/en/pledges/feed.json", "/en/pledges/feed/"]
    english += ["/en/pledges/harbour/feed.json", "/en/pledges/harbour/feed/"]
    assert [topic for topic in topics if topic.startswith("/en/")] == sorted(english)
    assert len(topics) == 12


def test_each_topic_is_a_feed_that_names_itself_and_the_hub(hub, client):
    harbour = factories.PublishedPledgeFactory(slug="harbor")
    correct(harbour, slug="harbour")
    websub.send_hub_pings()
    topics = told(hub)
    assert "/en/pledges/harbor/feed/" in topics  # subscribers know it by this address, which redirects
    hub_address = f"{hub.origin}/hub"
    for topic in (topic for topic in topics if "/harbor/" not in topic):
        for _time in ("made", "kept"):
            response = client.get(topic, headers={"host": "pledges.example"})
            links = f'<{hub_address}>; rel="hub", <{SITE}{topic}>; rel="self"'
            assert response["Link"].startswith(links)
        if topic.endswith(".json"):
            assert json.loads(response.content)["hubs"] == [{"type": "WebSub", "url": hub_address}]
        else:
            links = {link.rel: link.href for link in feedparser.parse(response.content).feed.links}
            assert (links["hub"], links["self"]) == (hub_address, SITE + topic)


def test_the_feed_of_a_search_names_no_hub_for_none_is_told_of_it(hub, client):
    factories.PublishedPledgeFactory()
    response = client.get("/en/pledges/feed/?q=government")
    assert "Link" not in response
    assert "hub" not in response.content.decode()


@pytest.mark.parametrize("status", [500, 429])
def test_while_the_hub_fails_it_is_tried_again_from_there(hub, status):
    factories.PublishedPledgeFactory(slug="harbour")
    hub.status = status
    websub.send_hub_pings()
    assert 0 < len(told(hub)) <= websub.AT_ONCE
    hub.status = 204
    websub.send_hub_pings()
    assert told(hub) == []  # not before a minute has passed
    cache.delete(websub.RESTS)
    websub.send_hub_pings()
    assert len(told(hub)) == 12
    websub.send_hub_pings()
    assert told(hub) == []


def test_a_topic_that_the_hub_refuses_holds_up_no_other(hub):
    factories.PublishedPledgeFactory()
    hub.status = 400
    websub.send_hub_pings()
    assert len(told(hub)) == 12
    websub.send_hub_pings()
    assert told(hub) == []


@pytest.fixture
def clock(monkeypatch):
    """`clock(2)` moves the tracker's time on by two hours."""
    hours = []
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(hours=sum(hours)))
    return hours.append


def test_a_hub_that_is_away_and_a_lost_cache_do_no_harm(hub, settings, clock):
    factories.PublishedPledgeFactory()
    websub.send_hub_pings()
    told(hub)
    cache.clear()
    websub.send_hub_pings()
    assert len(told(hub)) == 12  # what the last hour published, once more
    factories.PublishedPledgeFactory(slug="harbour")
    cache.clear()
    hub.close()
    websub.send_hub_pings()
    clock(2)
    cache.delete(websub.RESTS)
    again = Receiver()
    settings.WEBSUB_HUB, settings.WATCH_ALLOWED_ORIGINS = f"{again.origin}/hub", [again.origin]
    websub.send_hub_pings()
    topics = told(again)
    again.close()
    assert "/en/pledges/harbour/feed/" in topics
    assert len(topics) == 16


def test_what_is_published_after_an_hour_of_nothing_is_told_whenever_the_hub_can_be_reached(hub, clock):
    factories.PublishedPledgeFactory()
    clock(2)
    websub.send_hub_pings()
    assert told(hub) == []
    factories.PublishedPledgeFactory(slug="harbour")
    clock(2)  # nobody ran for two hours
    websub.send_hub_pings()
    assert "/en/pledges/harbour/feed/" in told(hub)


def test_while_one_run_tells_the_hub_no_other_does(hub):
    factories.PublishedPledgeFactory()
    cache.add(websub.RUNS, True, websub.RUN)
    websub.send_hub_pings()
    assert told(hub) == []
    cache.delete(websub.RUNS)
    for _run in range(2):
        websub.send_hub_pings()
    assert len(told(hub)) == 12


def test_the_feeds_of_an_edition_are_all_told_before_those_of_the_next(hub, monkeypatch):
    factories.PublishedPledgeFactory(slug="road")
    topics = []
    for slug in ("harbour", "bridge"):
        # One batch for each run: the time is over after it.
        seconds = iter(range(0, 1000, websub.WORKING - 1))
        monkeypatch.setattr(websub, "time", SimpleNamespace(monotonic=seconds.__next__))
        websub.send_hub_pings()
        topics += told(hub)
        factories.PublishedPledgeFactory(slug=slug)
    monkeypatch.undo()
    websub.send_hub_pings()
    topics += told(hub)
    assert len(topics) == len(set(topics)) == 12
    assert "/es/promesas/road/feed.json" in topics
    websub.send_hub_pings()
    assert len(told(hub)) == 16  # both editions that came meanwhile


def test_in_one_language_the_feeds_of_that_one(hub):
    Newsroom.objects.update_or_create(
        pk=1, defaults={"name_en": "Desk", "name_es": "Mesa", "language": "es", "one_language": True}
    )
    factories.PublishedPledgeFactory()
    websub.send_hub_pings()
    assert {topic[:4] for topic in told(hub)} == {"/es/"}


def test_without_a_hub_nothing_is_sent_or_named(hub, settings, client):
    settings.WEBSUB_HUB = ""
    factories.PublishedPledgeFactory()
    websub.send_hub_pings()
    assert told(hub) == []
    response = client.get("/en/changes/feed.json")
    assert "hubs" not in json.loads(response.content)
    assert "Link" not in response
