"""The watch has manners: it asks robots.txt, spaces its requests, and believes what a site says of itself."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date
from kombu.exceptions import OperationalError

from pledges import jobs
from pledges.actions import leases
from pledges.models import Article, Host, Source
from pledges.tests.support import factories, watched
from pledges.tests.support.watched import atom, entry, page
from pledges.watch.web import robots
from tracker.celery import app as celery_app

pytestmark = pytest.mark.django_db
BODY = "A paragraph about nothing in particular, long enough to be taken for the text of an article. " * 4


@pytest.fixture
def sites(settings):
    """Makes sites on the loopback that the watch may read, each a host of its own."""
    made = []

    def make():
        made.append(watched.Web())
        settings.WATCH_ALLOWED_ORIGINS = [site.origin for site in made]
        return made[-1]

    settings.WATCH_HOST_DELAY_SECONDS = 0
    yield make
    for site in made:
        if site.thread.is_alive():
            site.close()


@pytest.fixture
def site(sites):
    return sites()


@pytest.fixture
def source(site):
    site.serve("/feed", atom(entry(site, "one")))
    return factories.SourceFactory(url=f"{site.origin}/feed")


def later(**time):
    """That much time goes by for all hosts and sources."""
    past = timezone.now() - timedelta(**time)
    Host.objects.filter(robots_read_at__isnull=False).update(robots_read_at=past)
    Host.objects.update(next_request_at=None)


def read(source):
    jobs.read_source.apply(args=[source.pk], throw=True)
    source.refresh_from_db()
    return source


def host_of(site):
    return Host.objects.get(pk=site.origin.removeprefix("http://"))


# --- robots.txt -------------------------------------------------------------------------------------------------------


def test_robots_txt_is_read_first_and_once_a_day(site, source):
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /private/\n")
    assert read(source).failure == ""
    read(source)
    assert (len(site.robots_requests), len(site.requests)) == (1, 2)
    assert site.robots_requests[0]["user-agent"].startswith(robots.AGENT)
    assert "Disallow: /private/" in host_of(site).robots
    later(hours=23)
    read(source)
    assert len(site.robots_requests) == 1
    later(hours=25)
    read(source)
    assert len(site.robots_requests) == 2


@pytest.mark.parametrize(
    "rules",
    [
        b"User-agent: *\nDisallow: /",
        b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /feed\r\n",
        b"User-agent: *\nAllow: /\n\nUser-agent: pledgetracker\nDisallow: /f*d$",
    ],
)
def test_what_robots_txt_forbids_is_not_read(site, source, rules):
    site.serve("/robots.txt", rules)
    assert "robots.txt asks" in str(read(source).failure)
    assert site.requests == []
    assert source.active


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, b""), (403, b""), (401, b""), (200, b""), (200, b"<html>No such page</html>"), (200, b"\x00\xff\xfe" * 99)],
)
def test_a_host_without_rules_allows_all(site, source, status, body):
    site.serve("/robots.txt", body, status=status)
    assert read(source).failure == ""
    assert Article.objects.count() == 1


@pytest.mark.parametrize("status", [500, 503, 429])
def test_while_a_host_cannot_say_nothing_is_read(site, source, status):
    site.serve("/robots.txt", b"", status=status)
    assert "robots.txt cannot be read" in str(read(source).failure)
    later(minutes=5)
    assert "robots.txt cannot be read" in str(read(source).failure)
    assert (len(site.robots_requests), site.requests) == (1, [])
    site.serve("/robots.txt", b"", status=404)
    later(minutes=20)
    assert read(source).failure == ""


def test_rules_that_are_too_large_are_no_leave(site, source):
    site.serve("/robots.txt", b"User-agent: *\nAllow: /\n" + b"# more\n" * 100_000)
    assert "larger than" in str(read(source).failure)
    assert site.requests == []


def test_pages_are_asked_for_by_the_same_rules(site, source, told):
    site.serve("/robots.txt", b"User-agent: *\nDisallow: /one\n")
    read(source)
    [article] = Article.objects.all()
    jobs.read_articles.apply(args=[[article.pk]], throw=True)
    article.refresh_from_db()
    assert (article.state, len(site.requests)) == ("failed", 1)
    assert "robots.txt" in str(article.failure)


# --- one at a time, and not too fast ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "seconds"),
    [(b"", 2), (b"User-agent: *\nCrawl-delay: 9", 9), (b"User-agent: *\nCrawl-delay: 86400", 60)],
)
def test_a_host_rests_between_two_requests(site, source, settings, rules, seconds):
    settings.WATCH_HOST_DELAY_SECONDS = 2
    site.serve("/robots.txt", rules)
    read(source)
    rest = (host_of(site).next_request_at - source.last_attempt_at).total_seconds()
    assert seconds - 1 < rest <= seconds + 1
    other = factories.SourceFactory(url=f"{site.origin}/other")
    jobs.read_sources()
    assert [path for path, _headers in site.requests] == ["/feed"]
    other.refresh_from_db()
    assert (other.last_attempt_at, other.claimed_until) == (None, None)  # put back, with nothing to wait out


def test_the_pages_of_one_host_come_one_at_a_time(site, source, settings):
    settings.WATCH_HOST_DELAY_SECONDS = 30
    site.serve("/feed", atom(entry(site, "one"), entry(site, "two")))
    for slug in ("one", "two"):
        site.serve(f"/{slug}", page(slug, BODY))
    read(source)
    for count in (1, 2):
        later(seconds=0)
        jobs.read_articles.apply(throw=True)
        assert Article.objects.filter(state=Article.State.READ).count() == count


def test_a_host_that_is_busy_is_left_alone_whole(site, source):
    site.serve("/feed", b"", status=503, **{"Retry-After": "600"})
    read(source)
    assert host_of(site).next_request_at > timezone.now() + timedelta(seconds=590)


@pytest.mark.parametrize("status", [429, 503])
def test_a_day_to_come_back_on_is_kept(site, source, status):
    when = timezone.now() + timedelta(hours=30)
    site.serve("/feed", b"", status=status, **{"Retry-After": http_date(when.timestamp())})
    assert abs(read(source).next_due_at - when) < timedelta(seconds=10)


# --- gone and moved ---------------------------------------------------------------------------------------------------


def test_a_source_that_says_it_is_gone_is_stopped(site, source):
    site.serve("/feed", b"", status=410)
    read(source)
    assert (source.active, source.failures) == (False, 1)
    assert source.gone_at == source.last_attempt_at
    read(source)
    assert len(site.requests) == 1


@pytest.mark.parametrize("status", [301, 308])
def test_a_source_that_has_moved_for_good_is_followed(site, source, status):
    old = source.url
    site.serve("/feed", b"", status=status, Location="/new")
    site.serve("/new", atom(entry(site, "one")), etag='"v1"')
    read(source)
    assert (source.url, source.moved_from) == (f"{site.origin}/new", old)
    assert source.moved_at == source.last_success_at
    read(source)
    assert [path for path, _headers in site.requests] == ["/feed", "/new", "/new"]
    assert site.answers[-1] == 304


def test_not_for_a_while_nor_to_nothing_nor_onto_another(site, source):
    old = source.url
    site.serve("/feed", b"", status=302, Location="/new")
    site.serve("/new", atom(entry(site, "one")))
    assert read(source).url == old
    site.serve("/feed", b"", status=301, Location="/nothing")
    assert read(source).url == old
    assert "(404)" in str(source.failure)
    site.serve("/feed", b"", status=301, Location="/new")
    factories.SourceFactory(url=f"{site.origin}/new")
    assert read(source).url == old
    assert source.failure == ""


def test_two_sources_do_not_move_to_one_address(sites):
    target = sites()
    target.serve("/new", atom(entry(target, "one")))
    for _ in range(2):
        site = sites()
        site.serve("/feed", b"", status=301, Location=f"{target.origin}/new")
        factories.SourceFactory(url=f"{site.origin}/feed")
    jobs.read_sources()
    assert Source.objects.filter(url=f"{target.origin}/new").count() == 1
    assert Source.objects.filter(failure="", last_success_at__isnull=False).count() == 2


# --- many at once -----------------------------------------------------------------------------------------------------


def test_what_is_due_is_read_in_few_statements_and_one_spoils_no_other(sites, monkeypatch):
    feeds = {}
    for number in range(12):
        site = sites()
        site.serve("/feed", atom(entry(site, "one"), entry(site, "two")))
        feeds[number] = site, factories.SourceFactory(name=str(number), url=f"{site.origin}/feed")
    feeds[1][0].serve("/feed", b"", status=500)
    feeds[2][0].serve("/feed", b"not a feed")
    feeds[3][0].close()
    Source.objects.filter(name="5").update(url="http://[::1/feed")
    feeds[6][0].serve("/robots.txt", b"\xff" * 1000)
    parse = jobs.polling.source_kinds.read

    def stumble(source, got, *, now):
        return 1 / 0 if source.name == "4" else parse(source, got, now=now)

    monkeypatch.setattr(jobs.polling.source_kinds, "read", stumble)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        jobs.read_sources()
    assert Article.objects.count() == 14
    failed = set(Source.objects.exclude(failure="").values_list("name", flat=True))
    assert failed == {"1", "2", "3", "4", "5"}
    assert not Source.objects.filter(last_attempt_at=None).exists()
    assert not Source.objects.filter(claimed_until__isnull=False).exists()
    assert len(queries) < 12 * 3  # not so many for each


def test_what_the_database_refuses_of_one_source_spoils_no_other(sites, monkeypatch):
    made = []
    for _ in range(3):
        site = sites()
        site.serve("/feed", atom(entry(site, "one")))
        made.append(factories.SourceFactory(url=f"{site.origin}/feed"))
    parse = jobs.polling.source_kinds.read

    def poison(source, got, *, now):
        entries = parse(source, got, now=now)
        if source == made[1]:
            object.__setattr__(entries[0], "title", "a NUL \0 that slipped through")
        return entries

    monkeypatch.setattr(jobs.polling.source_kinds, "read", poison)
    jobs.read_sources()
    assert set(Article.objects.values_list("source", flat=True)) == {made[0].pk, made[2].pk}
    made[1].refresh_from_db()
    assert "cannot be stored" in str(made[1].failure)


def test_an_address_that_an_editor_changes_meanwhile_is_not_written_over(site, source, monkeypatch):
    site.serve("/feed", atom(entry(site, "one")), etag='"old"')
    parse = jobs.polling.source_kinds.read

    def edit(row, got, *, now):
        Source.objects.filter(pk=row.pk).update(url="https://elsewhere.example/feed", etag="")
        return parse(row, got, now=now)

    monkeypatch.setattr(jobs.polling.source_kinds, "read", edit)
    read(source)
    assert (source.url, source.etag, source.last_success_at) == ("https://elsewhere.example/feed", "", None)


def test_a_source_is_read_the_less_often_the_less_it_publishes(site, source):
    now = timezone.now()
    Source.objects.update(usual_gap_minutes=240, last_item_at=now - timedelta(hours=4))
    read(source)
    assert source.current_minutes == round((240 + 0.2 * (240 - 240)) / 2)
    assert source.next_due_at - source.last_success_at == timedelta(minutes=120)
    assert source.last_item_at == source.last_success_at  # its item is dated back


def test_claims_of_a_killed_worker_are_free_again_in_three_minutes(site, source):
    now = timezone.now()
    assert len(leases.claim_due_sources(now=now)) == 1
    assert leases.claim_due_sources(now=now + timedelta(seconds=170)) == []
    assert len(leases.claim_due_sources(now=now + timedelta(seconds=180))) == 1


# --- messages ---------------------------------------------------------------------------------------------------------


def test_feeds_go_before_all_else_and_pages_after_and_what_strangers_ask_for_last():
    route = celery_app.amqp.router.route
    queues = [route({}, f"pledges.tasks.{name}")["queue"].name for name in ("poll", "read_sources", "keep_evidence")]
    queues += [route({}, f"pledges.tasks.{name}")["queue"].name for name in ("read_articles", "make_snapshot")]
    assert queues == ["feeds", "feeds", "jobs", "pages", "snapshots"] == sorted(queues)
    options = celery_app.conf.broker_transport_options
    assert options["queue_order_strategy"] == "sorted"


def test_what_cannot_be_said_to_the_workers_is_found_by_the_next_look(site, source, monkeypatch):
    def away(*_arguments):
        raise OperationalError("no broker")

    with monkeypatch.context() as patch:
        patch.setattr(jobs.read_articles, "delay", away)
        read(source)
    assert source.failure == ""
    site.serve("/one", page("one", BODY))
    later(seconds=0)
    jobs.read_articles.apply(throw=True)
    assert Article.objects.get().state == Article.State.READ
