"""Looking at a pasted address is a job: the desk stores the request, a worker looks, the page shows how far it is."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pledges import jobs
from pledges.actions import address_lookups
from pledges.domain.messages import deferred_message
from pledges.jobs import source_finder
from pledges.models import AddressLookup
from pledges.tests.support import factories
from pledges.tests.support.watched import atom, entry
from pledges.watch import discovery, isolation
from pledges.watch.web import client as web_client

pytestmark = pytest.mark.django_db
FIND, ADD = (reverse(f"admin:pledges_source_{name}") for name in ("find", "add"))
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
def lookup(editor):
    """A lookup that waits."""
    return AddressLookup.objects.create(address="https://a.example/", asked_by=editor, asked_at=timezone.now())


def page_of(row) -> str:
    return f"{FIND}?lookup={row.pk}"


def test_the_request_waits_for_a_worker_and_then_shows_what_it_found(web, client, editor, told):
    web.serve("/f", atom(entry(web, "one")))
    response = client.post(FIND, {"address": f"{web.origin}/f"})
    row = AddressLookup.objects.get()
    assert (response.status_code, response.url, told) == (302, page_of(row), [("find_source", row.pk)])
    assert (row.asked_by, row.found, web.requests) == (editor, None, [])  # the web process has asked nobody

    html = client.get(response.url).content.decode()
    assert "Waiting for a worker" in html
    assert f'hx-get="{page_of(row)}"' in html
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in html
    assert f'<a href="{page_of(row)}">Look again whether it is done</a>' in html

    jobs.find_source(row.pk)
    response = client.get(response.url)
    html = response.content.decode()
    assert [find.url for find, *_rest in response.context["finds"]] == [f"{web.origin}/f"]
    assert "Title of one" in html
    assert 'http-equiv="refresh"' not in html
    assert "hx-get" not in html.partition('id="found"')[2]
    assert f'value="{web.origin}/f"' in html  # the field keeps the address


def test_the_page_asks_for_its_part_alone(web, client, lookup):
    answer = client.get(page_of(lookup), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in answer
    assert 'id="found"' in answer
    assert 'hx-swap-oob="true"' in answer


def test_progress_is_told_in_the_readers_language(client, lookup, monkeypatch):
    told = []
    monkeypatch.setattr(
        source_finder.web,
        "get",
        lambda *_a, **_k: (_ for _ in ()).throw(web_client.FetchError("x", deferred_message("Away."))),
    )
    monkeypatch.setattr(address_lookups, "note_lookup_progress", lambda *, lookup, line: told.append(line))
    jobs.find_source(lookup.pk)
    assert str(told[0]) == "a.example is asked for the address…"
    AddressLookup.objects.update(progress=told[0], found=None, done_at=None)
    assert "a.example is asked for the address…" in client.get(page_of(lookup)).content.decode()


def test_what_was_found_comes_back_as_it_was(db):
    when = timezone.now()
    find = source_finder.Find(
        "feed", "https://a.example/f", "A", "en", 2, (("One", when), ("Two", None)), "", deferred_message("No.")
    )
    probed = source_finder.Probed("https://a.example/", "A", (find,), deferred_message("%(count)s faults.", count=3))
    assert source_finder.from_data(source_finder.as_data(probed)) == probed


def test_without_the_queue_the_address_waits_and_the_page_says_so(client, editor, monkeypatch):
    def away(_pk):
        raise OSError("Connection refused")

    monkeypatch.setattr(jobs.find_source, "delay", away)
    response = client.post(FIND, {"address": "https://a.example/"}, follow=True)
    html = response.content.decode()
    assert "The workers cannot be reached now" in html
    assert "Waiting for a worker" in html
    assert AddressLookup.objects.get().found is None


def test_a_lost_message_is_sent_again_by_the_next_poll(lookup, told):
    jobs.poll()
    assert ("find_source", lookup.pk) not in told  # its own message is still on the way
    AddressLookup.objects.update(asked_at=timezone.now() - timedelta(minutes=1))
    jobs.poll()
    assert ("find_source", lookup.pk) in told


def test_two_workers_look_once(lookup, monkeypatch):
    looked = []

    def probe(address, *, tell):
        looked.append(address)
        jobs.find_source(lookup.pk)  # the same message again, meanwhile
        return source_finder.Probed(address, "", ())

    monkeypatch.setattr(source_finder, "probe", probe)
    jobs.find_source(lookup.pk)
    jobs.find_source(lookup.pk)
    assert looked == ["https://a.example/"]


def test_an_address_that_kills_its_workers_ends_with_the_reason(client, lookup):
    for _worker in range(3):
        assert address_lookups.claim_lookup(pk=lookup.pk, now=timezone.now())
        AddressLookup.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    jobs.find_source(lookup.pk)
    assert "failed on it more than once" in client.get(page_of(lookup)).content.decode()


def test_a_fault_of_ours_is_told_and_nobody_waits_for_ever(client, lookup, monkeypatch):
    monkeypatch.setattr(source_finder, "probe", lambda *_args, **_more: 1 / 0)
    jobs.find_source(lookup.pk)
    assert "The tracker itself failed on it" in client.get(page_of(lookup)).content.decode()


@pytest.mark.parametrize("error", [isolation.TimedOut, isolation.Crashed])
def test_a_page_that_cannot_be_parsed_in_time_says_so(web, client, lookup, monkeypatch, error):
    def call(*_args, **_more):
        raise error(deferred_message("It cannot be read."))

    web.serve("/", b"<html><body><p>x</p></body></html>", **HTML)
    AddressLookup.objects.update(address=web.origin)
    monkeypatch.setattr(isolation, "call", call)
    jobs.find_source(lookup.pk)
    assert "It cannot be read." in client.get(page_of(lookup)).content.decode()


def test_only_the_page_itself_is_lost_where_that_alone_takes_too_long(web, client, lookup, monkeypatch):
    plain = isolation.call

    def call(function, *args, **more):
        if function is not discovery.discover and function is not discovery.check:
            raise isolation.TimedOut(deferred_message("It cannot be read."))
        return plain(function, *args, **more)

    web.serve("/", b'<html><head><link rel="alternate" type="application/rss+xml" href="/f"></head><body>', **HTML)
    web.serve("/f", atom(entry(web, "one")))
    AddressLookup.objects.update(address=web.origin)
    monkeypatch.setattr(isolation, "call", call)
    jobs.find_source(lookup.pk)
    response = client.get(page_of(lookup))
    finds = [find for find, *_rest in response.context["finds"]]
    assert [(find.kind, str(find.problem)) for find in finds] == [("feed", ""), ("page", "It cannot be read.")]


def test_fifty_thousand_attributes_are_no_trouble(web, client, lookup):
    attributes = " ".join(f"a{at}=1" for at in range(50_000))
    body = f"<html><body><p {attributes}>{'News of the day, told at some length. ' * 10}</p></body></html>"
    web.serve("/", body.encode(), **HTML)
    AddressLookup.objects.update(address=web.origin)
    jobs.find_source(lookup.pk)
    response = client.get(page_of(lookup))
    assert [find.kind for find, *_rest in response.context["finds"]] == ["page"]


def test_who_may_not_add_sources_sees_no_finds(client, lookup):
    for person in (factories.ReporterFactory(), factories.UserFactory()):
        other = Client()
        other.force_login(person)
        assert other.get(page_of(lookup)).status_code == 403
    assert Client().get(page_of(lookup)).status_code == 302  # to the login
    colleague = Client()
    colleague.force_login(factories.EditorFactory())
    assert colleague.get(page_of(lookup)).status_code == 200


@pytest.mark.parametrize("number", ["999999", "x", "", "-1", "1" * 30, "²"])
def test_a_lookup_that_is_not_there_leads_back_to_the_field(client, editor, number):
    response = client.get(FIND, {"lookup": number}, follow=True)
    assert response.redirect_chain == [(ADD, 302)]
    assert "paste the address again" in response.content.decode()


def test_lookups_are_kept_for_a_day(client, lookup):
    jobs.drop_lookups()
    assert AddressLookup.objects.exists()
    AddressLookup.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    jobs.drop_lookups()
    assert not AddressLookup.objects.exists()
    jobs.find_source(lookup.pk)  # a late message finds nothing to do


@pytest.mark.parametrize("names", [["found"], ["done_at"], ["found", "done_at", "claimed_until"]])
def test_the_database_holds_that_what_is_done_says_what_was_found(lookup, names):
    now = timezone.now()
    fields = {"found": {}, "done_at": now, "claimed_until": now}
    with pytest.raises(IntegrityError, match="lookup_done_says_what"), transaction.atomic():
        AddressLookup.objects.filter(pk=lookup.pk).update(**{name: fields[name] for name in names})


def test_the_pledge_of_a_search_is_kept_with_it(client, editor):
    pledge = factories.PublishedPledgeFactory()
    client.post(FIND, {"address": "https://a.example/", "pledge": pledge.pk})
    client.post(FIND, {"address": "https://a.example/", "pledge": pledge.pk + 1000})
    assert [row.pledge for row in AddressLookup.objects.order_by("pk")] == [pledge, None]
