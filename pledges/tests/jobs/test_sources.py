"""The watch reads feeds over real HTTP: once each, politely, and says why when it cannot."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from pledges import jobs
from pledges.actions import leads, leases, watch
from pledges.models import Article, Lead, Source
from pledges.queries import pulse
from pledges.tests.support import factories
from pledges.tests.support.watched import atom, entry, page
from pledges.watch.sources import feeds

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(web):
    return factories.SourceFactory(url=f"{web.origin}/feed", publisher="The Daily Example", language="en")


def read(source):
    """As a worker does when it is told to look; the source as it is afterwards."""
    jobs.read_source.apply(args=[source.pk], throw=True)
    source.refresh_from_db()
    return source


def test_the_first_reading_stores_each_entry_once(web, source, told):
    web.serve("/feed", atom(entry(web, "one"), entry(web, "two"), entry(web, "two")), etag='"v1"')
    read(source)
    assert sorted(article.title for article in Article.objects.all()) == ["Title of one", "Title of two"]
    article = Article.objects.get(title="Title of one")
    assert article.url == f"{web.origin}/one"
    assert article.summary == "Summary of one."
    assert article.publisher == "The Daily Example"
    assert article.published_at == datetime(2024, 7, 1, 15, tzinfo=UTC)
    assert article.state == Article.State.NEW
    assert sorted(told) == sorted(("read_article", pk) for pk in Article.objects.values_list("pk", flat=True))
    assert source.last_success_at is not None
    assert source.etag == '"v1"'
    assert timedelta(minutes=14) < source.next_due_at - timezone.now() <= timedelta(minutes=15)


def test_the_second_reading_asks_whether_anything_changed_and_a_304_changes_nothing(web, source):
    web.serve("/feed", atom(entry(web, "one")), etag='"v1"', last_modified="Mon, 01 Jul 2024 15:00:00 GMT")
    read(source)
    Article.objects.update(title="as it was")
    read(source)
    _path, headers = web.requests[-1]
    assert headers["if-none-match"] == '"v1"'
    assert headers["if-modified-since"] == "Mon, 01 Jul 2024 15:00:00 GMT"
    assert headers["user-agent"].startswith("PledgeTracker/")
    assert web.answers[-1] == 304
    assert [article.title for article in Article.objects.all()] == ["as it was"]
    assert (source.etag, source.failure) == ('"v1"', "")
    read(source)
    assert web.requests[-1][1]["if-none-match"] == '"v1"'


def test_a_feed_that_grew_gives_only_what_is_new(web, source, told):
    web.serve("/feed", atom(entry(web, "one")), etag='"v1"')
    read(source)
    told.clear()
    web.serve("/feed", atom(entry(web, "two"), entry(web, "one")), etag='"v2"')
    read(source)
    assert told == [("read_article", Article.objects.get(title="Title of two").pk)]
    assert source.etag == '"v2"'


def test_an_entry_in_two_feeds_is_one_article(web, source):
    web.serve("/feed", atom(entry(web, "one")))
    web.serve("/other", atom(entry(web, "one", id="tag:other,1", query="?utm_source=rss")))
    other = factories.SourceFactory(url=f"{web.origin}/other")
    read(source)
    read(other)
    assert Article.objects.count() == 1
    assert other.failure == ""


def test_a_task_that_runs_twice_stores_nothing_twice(web, source):
    web.serve("/feed", atom(entry(web, "one")))
    read(source)
    read(source)
    assert Article.objects.count() == 1


def test_a_source_that_was_switched_off_meanwhile_is_left_alone(web, source):
    Source.objects.update(active=False)
    read(source)
    assert web.requests == []


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (500, b"", "error of its own (500)"),
        (404, b"", "nothing at this address (404)"),
        (200, b"<html><body><h1>News</h1></body></html>", "HTML page, not a feed"),
        (200, b'{"items": []}', "JSON"),
        (200, b"", "nothing at all"),
        (200, b"\x00\x01\x02" * 100, "not a feed"),
        (200, b"<?xml version='1.0'?><urlset><url><loc>https://x</loc></url></urlset>", "no feed that can be read"),
    ],
)
def test_a_source_that_cannot_be_read_is_marked_with_the_reason(web, source, status, body, words):
    web.serve("/feed", body, status=status)
    read(source)
    assert words in str(source.failure)
    assert (source.failures, source.last_success_at, source.claimed_until) == (1, None, None)
    assert source.failing_since == source.last_attempt_at
    assert Article.objects.count() == 0


def test_nul_bytes_in_a_feed_do_not_stop_the_watch(web, source):
    body = (
        atom(entry(web, "one")).replace(b"Title of one", b"Title\x00 of &#0; one").replace(b"Summary", b"Sum\x00mary")
    )
    web.serve("/feed", body)
    read(source)
    assert source.failure == ""
    assert Article.objects.get().summary == "Summary of one."


def test_a_site_that_is_gone_is_a_failure_in_words(web, source):
    web.close()
    read(source)
    assert "could not be reached" in str(source.failure)


def test_addresses_inside_are_refused_unless_they_are_the_newswires(web, source, settings):
    web.serve("/feed", atom(entry(web, "one")))
    settings.SAMPLE_NEWSWIRE = ""
    read(source)
    assert "not allowed" in str(source.failure)
    assert web.requests == []


def test_the_wait_doubles_up_to_a_limit_and_a_success_clears_everything(web, source):
    waits = []
    for _ in range(8):
        web.serve("/feed", b"", status=503)
        read(source)
        waits.append((source.next_due_at - source.last_attempt_at).total_seconds() / 60)
    for wait, least in zip(waits, [15, 30, 60, 120, 240, 360, 360, 360], strict=True):
        assert least <= wait <= least * 1.2  # what failed together is not tried again together
    assert source.failures == 8
    assert source.failing_since < source.last_attempt_at
    web.serve("/feed", atom(entry(web, "one")))
    read(source)
    assert (source.failing_since, source.failure, source.failures) == (None, "", 0)
    assert source.next_due_at - source.last_attempt_at == timedelta(minutes=15)


@pytest.mark.parametrize(("asked", "minutes"), [("7200", 120), ("60", 15), ("99999999", 7 * 1440), ("soon", 15)])
def test_a_server_that_asks_for_time_gets_it(web, source, asked, minutes):
    web.serve("/feed", b"", status=429, **{"Retry-After": asked})
    read(source)
    wait = (source.next_due_at - source.last_attempt_at).total_seconds() / 60
    assert minutes <= wait <= max(minutes, 18)


def test_the_log_tells_of_a_failing_source_once_a_spell(web, source, caplog):
    web.serve("/feed", b"", status=503)
    with caplog.at_level("INFO", logger="pledges.jobs"):
        read(source)
        read(source)
    assert len([record for record in caplog.records if "fails" in record.message]) == 1


# --- who reads what -------------------------------------------------------------------------------------------------


def source_of(host, **fields):
    return factories.SourceFactory(url=f"https://{host}.example/feed", **fields)


def claimed(now, **options):
    return {claim.row.pk for claim in leases.claim_due_sources(now=now, **options)}


def test_only_active_sources_that_are_due_are_claimed():
    now = timezone.now()
    due = [source_of("a"), source_of("b", next_due_at=now)]
    source_of("c", active=False)
    source_of("d", next_due_at=now + timedelta(seconds=1))
    held = source_of("e", claimed_until=now + timedelta(seconds=1))
    assert claimed(now) == {source.pk for source in due}
    assert claimed(now) == set()
    assert held.pk in claimed(now + timedelta(seconds=2))
    held.refresh_from_db()
    assert now + timedelta(minutes=2) < held.claimed_until <= now + timedelta(minutes=3, seconds=2)


def test_of_the_sources_of_one_host_one_is_claimed_at_a_time():
    now = timezone.now()
    first, second = factories.SourceFactory(), factories.SourceFactory()
    assert claimed(now) == {first.pk}
    assert claimed(now) == set()
    leases.free_hosts(until={"daily.example": now + timedelta(seconds=1)})
    assert claimed(now) == set()
    assert claimed(now + timedelta(seconds=1)) == {second.pk}


def test_a_claim_whose_worker_died_is_free_again(told):
    source = factories.SourceFactory()
    now = timezone.now()
    assert claimed(now) == {source.pk}
    jobs.poll()
    assert told == []
    assert claimed(now + timedelta(minutes=3)) == {source.pk}


def test_an_article_whose_worker_died_is_read_later(web, told):
    article = factories.ArticleFactory(
        state=Article.State.NEW, text="", url=f"{web.origin}/one", claimed_until=timezone.now() + timedelta(minutes=6)
    )
    web.serve("/one", page("one"))
    Source.objects.update(active=False)
    jobs.poll()
    assert told == []
    Article.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    jobs.poll()
    assert told == [("read_article", None)]
    jobs.read_article.apply(args=[article.pk], throw=True)
    article.refresh_from_db()
    assert article.state == Article.State.READ
    told.clear()
    jobs.poll()
    assert told == []


def test_reading_now_makes_a_waiting_source_due():
    waiting = factories.SourceFactory(next_due_at=timezone.now() + timedelta(hours=5))
    off = factories.SourceFactory(active=False)
    assert watch.read_now(sources=[waiting, off]) == 1
    assert claimed(timezone.now()) == {waiting.pk}


def test_a_poll_wakes_the_leads_whose_day_has_come_and_is_noted(told):
    today = timezone.localdate()
    reporter = factories.ReporterFactory()
    sleeping = [factories.LeadFactory(), factories.LeadFactory()]
    for lead, days in zip(sleeping, (1, 2), strict=True):
        leads.snooze_lead(lead=lead, by=reporter, until=today + timedelta(days=days))
    Source.objects.update(active=False)
    jobs.poll()
    assert Lead.objects.filter(state="snoozed").count() == 2
    Lead.objects.filter(pk=sleeping[0].pk).update(snoozed_until=today)
    jobs.poll()
    sleeping[0].refresh_from_db()
    assert (sleeping[0].state, sleeping[0].decided_by, sleeping[0].snoozed_until) == ("open", None, None)
    assert Lead.objects.filter(state="snoozed").count() == 1
    assert timezone.now() - pulse.last_poll() < timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_of_two_pollers_at_once_only_one_gets_a_source():
    sources = [source_of(f"host{number}") for number in range(20)]
    now = timezone.now()
    start = threading.Barrier(4)
    got = []

    def claim():
        try:
            start.wait()
            for _ in range(5):
                got.extend(claimed(now, limit=3))
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    assert len(got) == len(set(got))
    got.extend(claimed(now))
    assert sorted(got) == [source.pk for source in sources]


def test_our_own_fault_marks_the_source_too_instead_of_trying_for_ever(web, source, monkeypatch):
    web.serve("/feed", atom(entry(web, "one")))
    monkeypatch.setattr(feeds, "parse", lambda *_args, **_kwargs: 1 / 0)
    read(source)
    assert source.failing_since is not None
    assert "The tracker itself failed" in str(source.failure)
    assert "ZeroDivisionError" in str(source.failure)
    assert source.claimed_until is None
