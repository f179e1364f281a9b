"""A page costs a fixed number of queries, then none; the next request sees a publication; no cache is needed."""

from dataclasses import replace
from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pledges.actions import publishing, readings
from pledges.domain import process_cache
from pledges.models import Mandate, Source
from pledges.queries import pulse
from pledges.site.shared import page_store
from pledges.tests.support import factories
from pledges.tests.support.emptied import empty_caches

pytestmark = pytest.mark.django_db
ETAG_PAGES = [("home",), ("pledges",), ("mandates",), ("methodology",), ("corrections",), ("editions",), ("edition", 1)]
ETAG_PAGES += [("watch",), ("contact",)]


def forget():
    """As a process that has just started, with an empty cache."""
    for alias in settings.CACHES:
        caches[alias].clear()
    process_cache.reset()


def publish_pledges(count, start=0):
    mandate, document = factories.MandateFactory(), factories.SourceDocumentFactory()
    topics = [factories.TopicFactory(), factories.TopicFactory()]
    editor, reporter = factories.EditorFactory(), factories.ReporterFactory()
    wordings, updates = [], []
    for number in range(start, start + count):
        pledge = factories.PledgeFactory(
            slug=f"p-{number}", mandate=mandate, source_document=document, topics=topics, wording__author=reporter
        )
        pledge.institutions.add(factories.InstitutionFactory())
        wordings.append(pledge.wordings.get())
        updates += [
            factories.UpdateFactory(pledge=pledge, author=reporter, status="in_progress"),
            factories.UpdateFactory(pledge=pledge, author=reporter, status="kept"),
        ]
    edition = publishing.publish(*wordings, *updates, by=editor)
    with connection.cursor() as cursor:  # autovacuum has seen these tables empty: by its figures they have one row
        for table in ("pledge", "wording", "update", "evidence", "edition", "pledge_topics", "pledge_institutions"):
            cursor.execute(f"ANALYZE pledges_{table}")
    return edition


def test_a_hundred_pledges_cost_as_many_queries_as_one(client, address):
    publish_pledges(1)
    pages = [address("home"), address("mandates"), address("pledge", "p-0")]
    pages += [address("pledges") + query for query in ("", "?status=kept&sort=title", "?q=pledge")]

    def costs():
        found = {}
        for where in pages:
            client.get(where)  # what a process reads once, such as templates
            forget()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(where).status_code == 200
            found[where] = len(queries)
        return found

    one = costs()
    publish_pledges(99, start=1)
    assert costs() == one
    assert max(one.values()) <= 26


def test_values_that_nobody_reads_make_no_page_of_their_own(client, address, monkeypatch):
    publish_pledges(1)
    forget()
    kept, write = [], page_store.write
    monkeypatch.setattr(page_store, "write", lambda key, *values: kept.append(key) or write(key, *values))
    same = [("pledges", ("?q=", "?q=x1&q=", "?q=x2&q=")), ("home", ("?mandate=", "?mandate=x1&mandate="))]
    same += [("pledges", ("?status=kept", "?status=kept&status=kept")), ("changes", ("?topic=", "?topic=a&topic="))]
    same += [("pledges", ("?since=7", "?since=x1&since=7&since="))]
    for number, (name, queries) in enumerate(same, start=1):
        assert len({client.get(address(name) + query)["ETag"] for query in queries}) == 1
        assert len(kept) == number
    client.get(address("pledges") + "?status=kept&status=broken")
    assert len(kept) == len(same) + 1


@pytest.mark.parametrize("name", [*ETAG_PAGES, ("pledge", "p-0")], ids=str)
def test_the_second_request_asks_the_database_nothing(client, address, name, django_assert_num_queries):
    publish_pledges(3)
    first = client.get(address(*name))
    with django_assert_num_queries(0):
        second = client.get(address(*name))
    assert second.content == first.content
    assert second["ETag"] == first["ETag"]
    assert second["Content-Type"] == first["Content-Type"]


@pytest.mark.parametrize("name", ETAG_PAGES, ids=str)
def test_what_has_not_changed_is_a_304_without_a_query(client, address, name, django_assert_num_queries):
    publish_pledges(1)
    tag = client.get(address(*name))["ETag"]
    with django_assert_num_queries(0):
        again = client.get(address(*name), headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert client.get(address(*name), headers={"If-None-Match": '"other"'}).status_code == 200
    spanish = client.get(address(*name, language="es"), headers={"If-None-Match": tag})
    assert spanish.status_code == 200
    assert spanish["ETag"] != tag


def test_an_error_is_never_a_304(client, address):
    publish_pledges(1)
    wrong = client.get(address("pledges") + "?status=banana")
    assert wrong.status_code == 422
    assert "ETag" not in wrong


def test_a_publication_is_seen_by_the_next_request(client, address, django_capture_on_commit_callbacks):
    publish_pledges(1)
    pages = [address("home"), address("pledges"), address("pledge", "p-0"), address("editions")]
    before = {where: client.get(where) for where in pages}
    with django_capture_on_commit_callbacks(execute=True):
        factories.PublishedUpdateFactory(
            pledge__slug="p-new",
            pledge__mandate=Mandate.objects.get(),
            happened_on=timezone.localdate(),
            status="broken",
            failure_reason="withdrawn",
            text_en="It was called off.",
        )
    for where in pages:
        after = client.get(where, headers={"If-None-Match": before[where]["ETag"]})
        assert after.status_code == 200, where
        assert after["ETag"] != before[where]["ETag"]
    assert "It was called off." in client.get(address("home")).content.decode()
    assert client.get(address("pledge", "p-new")).status_code == 200


def test_what_is_not_yet_committed_is_not_shown(client, address, django_capture_on_commit_callbacks):
    publish_pledges(1)
    client.get(address("pledges"))
    with django_capture_on_commit_callbacks(execute=False):
        publish_pledges(1, start=1)
    assert "p-1/" not in client.get(address("pledges")).content.decode()


def test_a_pulse_read_before_a_publication_does_not_overwrite_the_newer_one(monkeypatch):
    publish_pledges(1)
    empty_caches()
    real = pulse.read

    def slow():
        old = real()
        publish_pledges(1, start=1)
        monkeypatch.setattr(pulse, "read", real)
        pulse.refresh()
        return old

    monkeypatch.setattr(pulse, "read", slow)
    assert pulse.current().edition == 1
    assert pulse.current().edition == 2


def test_a_refresh_never_hides_an_edition_that_was_committed_meanwhile(monkeypatch):
    publish_pledges(1)
    real = pulse.read

    def slow():
        old = real()
        monkeypatch.setattr(pulse, "read", real)
        publish_pledges(1, start=1)
        pulse.refresh()
        return old

    monkeypatch.setattr(pulse, "read", slow)
    assert pulse.refresh().edition == 2
    assert pulse.current().edition == 2


def test_other_peoples_addresses_leave_no_trace_on_a_page(client, address):
    publish_pledges(1)
    first = client.get(address("home") + "?from=INTRUDER&q=INTRUDER").content
    assert b"INTRUDER" not in first
    assert b"INTRUDER" not in client.get(address("home")).content
    first = client.get(address("pledges") + "?utm=INTRUDER&sort=title").content.decode()
    assert "INTRUDER" not in first
    assert f'{address("pledges", language="es")}?sort=title"' in first


def test_the_last_of_two_values_counts_whoever_asked_first(client, address):
    publish_pledges(1)
    for query in ("?q=aaa&q=bbb", "?q=bbb&q=aaa"):
        text = client.get(address("pledges") + query).content.decode()
        assert f'value="{query[-3:]}"' in text


def test_the_same_number_of_another_time_is_another_page(client, address, monkeypatch):
    publish_pledges(1)
    first = client.get(address("home"))["ETag"]
    beat = pulse.read()  # as after a backup was restored and something else published
    monkeypatch.setattr(pulse, "current", lambda: replace(beat, published_at=beat.published_at + timedelta(hours=1)))
    assert client.get(address("home"))["ETag"] != first


def test_a_new_day_is_a_new_page(client, address, monkeypatch):
    publish_pledges(1)
    first = client.get(address("home"))["ETag"]
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_args: tomorrow)
    assert client.get(address("home"))["ETag"] != first


def test_a_reading_of_the_news_shows_on_pages_within_ten_minutes(client, address):
    publish_pledges(1)
    source = factories.SourceFactory()
    assert "the news has not been checked yet" in client.get(address("home")).content.decode()
    readings.record_readings(readings=[readings.Reading(source)], now=timezone.now())
    pulse.refresh()
    assert "news last checked" in client.get(address("home")).content.decode()
    Source.objects.update(last_success_at=timezone.now() + timedelta(minutes=11))
    downloads = ("pledges_csv", "pledges_json", "changes_json", "changes_feed", "pledges_json_feed", "pledges_calendar")
    tags = {name: client.get(address(name))["ETag"] for name in ("home", *downloads)}
    pulse.refresh()
    assert {name for name, tag in tags.items() if client.get(address(name))["ETag"] != tag} == {"home"}


def test_a_watch_that_stands_still_does_not_say_that_it_read_nothing(client, address):
    publish_pledges(1)
    days_ago = timezone.now() - timedelta(days=3)
    for ago in (0, 5, 40):
        factories.SourceFactory(last_success_at=days_ago - timedelta(hours=ago))
    text = client.get(address("home")).content.decode()
    assert ", 2 sources" in text


class Broken:
    """A cache whose server is gone."""

    def __getattr__(self, _name):
        def fail(*_args, **_kwargs):
            raise redis.exceptions.ConnectionError("refused")

        return fail


@pytest.fixture
def broken_cache(monkeypatch):
    monkeypatch.setattr(pulse, "cache", Broken())
    monkeypatch.setattr(page_store, "caches", {page_store.ALIAS: Broken()})


@pytest.mark.parametrize("name", [*ETAG_PAGES, ("pledge", "p-0"), ("edition_json", 1)], ids=str)
def test_without_a_cache_pages_are_served_all_the_same(client, address, broken_cache, name):
    publish_pledges(1)
    for _ in range(2):
        response = client.get(address(*name))
        assert response.status_code == 200
    assert client.get(address(*name), headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_without_a_cache_a_publication_is_made_and_seen(
    client, address, broken_cache, django_capture_on_commit_callbacks
):
    publish_pledges(1)
    client.get(address("pledges"))
    with django_capture_on_commit_callbacks(execute=True):
        publish_pledges(1, start=1)
    assert "p-1/" in client.get(address("pledges")).content.decode()


# --- the edition line -----------------------------------------------------------------------------------------------


@pytest.fixture
def line(client, address):
    def get(query, **headers):
        return client.get(address("edition_line") + query, headers={"HX-Request": "true"} | headers)

    return get


def test_the_edition_line_announces_what_is_newer_than_the_open_page(line):
    publish_pledges(1)
    assert "has just been published" not in line("?seen=1").content.decode()
    publish_pledges(1, start=1)
    pulse.refresh()
    where = {"HX-Current-URL": "http://testserver/en/pledges/?q=x"}
    answer = line("?seen=1", **where)
    assert answer.status_code == 286  # htmx stops asking, so that nothing is announced twice
    text = answer.content.decode()
    assert "Edition 2 has just been published." in text
    assert 'href="/en/pledges/?q=x"' in text
    cited = line("?seen=1", **{"HX-Current-URL": "http://testserver/en/pledges/p-0/?edition=1"}).content.decode()
    assert 'href="/en/pledges/p-0/"' in cited  # an open citation would lead to itself
    assert "has just been published" not in line("?seen=2").content.decode()
    assert line("?seen=2")["Cache-Control"] == "no-cache"


def test_an_open_page_is_told_from_memory_that_there_is_nothing_newer(line, django_assert_num_queries):
    publish_pledges(1)
    first = line("?seen=1")
    with django_assert_num_queries(0):
        again = line("?seen=1", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    publish_pledges(1, start=1)
    pulse.refresh()
    assert line("?seen=1", **{"If-None-Match": first["ETag"]}).status_code == 286


@pytest.mark.parametrize("seen", ["", "x", "-1", "%00", "²", "٣", "1.0", "9" * 5_000, "99999999999999999999"])
def test_the_edition_line_makes_something_of_any_number(line, seen):
    publish_pledges(1)
    response = line(f"?seen={seen}")
    assert response.status_code == 200
    assert "has just been published" not in response.content.decode()


@pytest.mark.parametrize(
    "where", ["http://testserver//evil.example/x", "https://evil.example/x", "javascript:alert(1)", "%%%"]
)
def test_the_edition_line_never_leads_elsewhere(line, where):
    publish_pledges(1)
    text = line("?seen=0", **{"HX-Current-URL": where}).content.decode()
    assert "has just been published" in text
    assert text.count('href="/en/"') == 1
    assert "evil" not in text
    assert "javascript" not in text


def test_the_edition_line_followed_by_a_person_leads_to_the_front_page(client, address):
    response = client.get(address("edition_line", language="es"))
    assert (response.status_code, response["Location"]) == (302, "/es/")
    assert client.post(address("edition_line")).status_code == 405


def test_before_anything_is_published_pages_say_so(client, address):
    for name in [("home",), ("pledges",), ("mandates",), ("methodology",), ("corrections",), ("editions",)]:
        response = client.get(address(*name))
        assert response.status_code == 200
        assert "Nothing is published yet" in response.content.decode()
    assert "No pledges are published yet." in client.get(address("home")).content.decode()
