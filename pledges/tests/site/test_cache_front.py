"""What is answered in front of all other middleware, under how many keys, and what readers get during an outage."""

import gzip
import os
import re
import signal
import threading
from contextlib import contextmanager

import pytest
from django.core.cache import cache, caches
from django.db import OperationalError, connection
from django.http import Http404, HttpResponse, QueryDict
from django.test import Client

from pledges.domain import process_cache
from pledges.queries import asof, pulse
from pledges.queries.outages import DatabaseAway
from pledges.queries.search import filters
from pledges.site.shared import front, limits, page_keys, page_store
from pledges.tests.site.test_cache import Broken, forget, publish_pledges

pytestmark = pytest.mark.django_db
AWAY = {"en": "The database of this tracker cannot be reached", "es": "no se puede acceder a la base de datos"}


@pytest.fixture
def only_memory(monkeypatch):
    """Whatever is not answered from memory fails."""

    @contextmanager
    def context():
        with monkeypatch.context() as patch:
            patch.setattr(front, "check_host", lambda _request: pytest.fail("not from memory"))
            yield

    return context


@pytest.fixture
def database_away():
    """Every query fails as if PostgreSQL were gone, and no pulse is left in the cache."""

    @contextmanager
    def context():
        def refuse(*_args):
            raise OperationalError("connection refused")

        cache.delete(pulse.KEY)
        with connection.execute_wrapper(refuse):
            yield
        pulse._in_process.clear()

    return context


def test_a_page_is_sent_from_memory_as_it_was_sent_first(client, address, only_memory, django_assert_num_queries):
    publish_pledges(1)
    for where in (address("home"), address("pledges") + "?q=new&sort=title", address("pledge_json", "p-0")):
        for headers in ({}, {"Accept-Encoding": "gzip"}):
            first = client.get(where, headers=headers)
            assert "default-src 'none'" in first["Content-Security-Policy"]
            with only_memory(), django_assert_num_queries(0):
                again = client.get(where, headers=headers)
                assert (again.status_code, again.content) == (200, first.content)
                assert again["X-Request-ID"] != first["X-Request-ID"]
                of_each = {"X-Request-ID": ""}
                assert dict(again.items()) | of_each == dict(first.items()) | of_each
                assert client.head(where, headers=headers)["Content-Length"] == first["Content-Length"]
                unchanged = client.get(where, headers=headers | {"If-None-Match": first["ETag"]})
                assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", first["ETag"])
                assert not {"Content-Length", "Content-Type"} & {*unchanged.headers}
                assert unchanged["Vary"] == first["Vary"]


def test_what_differs_between_visitors_is_not_mixed_up(client, address):
    publish_pledges(1)
    whole = client.get(address("pledges"))
    part = client.get(address("pledges"), headers={"HX-Request": "true"})
    assert b"<html" in whole.content
    assert b"<html" not in part.content
    assert part["ETag"] != whole["ETag"]
    for language in ("en", "es", "en"):
        answer = client.get("/sitemap.xml", headers={"Accept-Language": language})
        assert answer["Content-Language"] == language
    assert client.get("/", headers={"Accept-Language": "es"})["Location"] == "/es/"
    assert client.get("/", headers={"Accept-Language": "en"})["Location"] == "/en/"
    assert client.post(address("home")).status_code == 405


def test_https_is_still_required(client, address, settings):
    publish_pledges(1)
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 60
    for _ in range(2):
        assert client.get(address("home")).status_code == 301
        secure = client.get(address("home"), secure=True)
        assert secure.status_code == 200
        assert secure["X-Frame-Options"] == "DENY"


def test_the_api_counts_every_request(client, settings, address, monkeypatch):
    publish_pledges(1)
    monkeypatch.setattr(limits, "time", lambda: 60.0)  # the minute does not end meanwhile
    settings.API_REQUESTS_PER_MINUTE = 3
    assert [client.get("/api/v1/pledges").status_code for _ in range(5)] == [200] * 3 + [429] * 2


def test_who_works_at_the_desk_sees_a_publication_at_once_and_others_a_little_later(
    client, address, settings, django_capture_on_commit_callbacks
):
    settings.PULSE_SECONDS = 60
    publish_pledges(1)
    where = address("pledges")
    client.get(where)
    client.get(where)  # has now read the pulse into memory
    with django_capture_on_commit_callbacks(execute=True):
        publish_pledges(1, start=1)
    assert "p-1/" not in client.get(where).content.decode()
    client.cookies["desk"] = "1"
    assert "p-1/" in client.get(where).content.decode()
    client.cookies.clear()
    pulse._in_process.clear()  # as after PULSE_SECONDS
    assert "p-1/" in client.get(where).content.decode()


# --- keys -----------------------------------------------------------------------------------------------------------


LIST = page_keys.Rule(("q", *filters.FACETS, "since", "sort", "page", *asof.PARAMETERS))
PAGED = page_keys.Rule(("page", *asof.PARAMETERS))


@pytest.mark.parametrize(
    ("rule", "queries", "given"),
    [
        (LIST, ("", "page=x1", "page=1", "page=01", "page=-5", "page=0", "q=", "sort=&status=", "utm=7", "on="), []),
        (
            LIST,
            (
                "topic=a&status=kept&status=broken",
                "status=broken&status=kept&topic=a&topic=a",
                "status=kept&topic=a&status=broken",
            ),
            [("status", "broken"), ("status", "kept"), ("topic", "a")],
        ),
        (PAGED, ("", "page=x2", "page=٣", "page=1_0", "page=" + "x" * 9_000, "status=kept"), []),
        (PAGED, ("page=9", "page=x&page=9", "page=009"), [("page", "9")]),
        (PAGED, ("page=9999999", "page=" + "9" * 9_000), [("page", "999999")]),
    ],
)
def test_addresses_that_ask_for_the_same_are_one_key(rule, queries, given):
    for query in queries:
        assert rule.given(rule.canonical(QueryDict(query))) == given


def test_a_million_searches_fill_nothing(client, address, monkeypatch):
    publish_pledges(2)
    rule = page_keys.Rule(("q", "on"))
    names = {rule.key("http://x", "/", [("q", str(number))], False, "en").name for number in range(20_000)}
    assert len(names) <= page_keys.SLOTS
    monkeypatch.setattr(page_keys, "SLOTS", 3)
    stored = set()
    write = page_store.write
    monkeypatch.setattr(page_store, "write", lambda key, *values: stored.add(key.name) or write(key, *values))
    monkeypatch.setattr(front, "others", process_cache.LeastRecentlyUsed(entries=4, size=4_000_000))
    client.get(address("home"))
    for query in ("?q=word{}", "?q=new&page={}", "?on=2024-01-{:02}", "?q=new&on=2024-01-{:02}", "?utm={}"):
        for number in range(1, 6):
            client.get(address("pledges") + query.format(number), headers={"Host": "testserver"})
    assert len(stored) <= 2 + 2 * 3  # two pages without parameters, and the slots
    assert len(front.others) <= 4
    assert len(front.pages) == 1  # the home page is still there


def test_weeks_without_end_push_out_no_page(client, address):
    publish_pledges(1)
    client.get(address("home"))
    client.get("/en/week/2024-W05/")
    assert (len(front.pages), len(front.others)) == (1, 1)


def test_a_page_has_one_path(client, address):
    publish_pledges(1)
    assert client.get("/en/editions/1/").status_code == 200
    for path in ("/en/editions/01/", "/en/editions/0/", "/en/editions/001.json", f"/en/editions/{10**12}/"):
        assert client.get(path).status_code == 404
    assert client.get("/en/week/2024-w05/").status_code == client.get("/en/week/02024-W05/").status_code == 404


def test_pages_that_share_a_slot_are_not_taken_for_each_other(client, address, monkeypatch):
    publish_pledges(2)
    monkeypatch.setattr(page_keys, "SLOTS", 1)
    monkeypatch.setattr(front, "others", process_cache.LeastRecentlyUsed(entries=0, size=0))
    for word in ("alpha", "beta", "alpha", "beta", "beta"):
        assert f'value="{word}"' in client.get(address("pledges") + f"?q={word}").content.decode()


@pytest.mark.parametrize("host", ["testserver", "TestServer", "testserver.", "testserver:80", "TESTSERVER.:80"])
def test_a_host_is_written_in_one_way(client, address, host):
    publish_pledges(1)
    reference = client.get(address("home"))
    forget()
    odd = client.get(address("home"), headers={"Host": host})
    assert (odd.status_code, odd["ETag"]) == (200, reference["ETag"])
    assert b'href="http://testserver/en/"' in odd.content
    assert client.get(address("home")).content == odd.content


@pytest.mark.parametrize("host", ["testserver:81", "testserver:65535", "evil.example", "testserver:80:80", "a b", ""])
def test_other_hosts_and_ports_are_refused(client, address, host):
    for where in (address("home"), "/admin/", "/healthz"):
        assert client.get(where, headers={"Host": host}).status_code == 400
    assert client.post(address("alert"), headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("value", ['"abcdefgh\\000"', "\0abcdefgh", '"\\000"', '"\\1\\000 and \\"more\\""'])
def test_a_cookie_with_nul_is_none(client, address, settings, value):
    publish_pledges(1)
    names = (settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages")
    for where in (address("home"), "/", "/admin/", "/admin/login/", address("alert")):
        without = client.get(where)
        for name in names:
            assert client.get(where, HTTP_COOKIE=f"{name}={value}").status_code == without.status_code


def test_ports_are_those_of_the_site_the_server_and_the_settings(client, address, settings):
    publish_pledges(1)

    def status(port, **environ):
        return client.get(address("home"), headers={"Host": f"testserver:{port}"}, **environ).status_code

    assert status(8000, SERVER_PORT="8000") == 200
    assert status(9000, SERVER_PORT="8000") == 400
    settings.ALLOWED_HOSTS = ["testserver", "testserver:9000"]
    assert status(9000, SERVER_PORT="8000") == 200
    settings.SITE_URL = "https://testserver:8443"
    assert status(8443) == 200


# --- outages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("is_in_memory", [True, False])
def test_while_the_database_is_away_pages_are_the_last_known_with_a_line(
    client, address, database_away, language, is_in_memory
):
    publish_pledges(1)
    where = address("pledge", "p-0", language=language)
    before = client.get(where)
    if not is_in_memory:
        process_cache.reset()
    with database_away():
        away = client.get(where)
        packed = client.get(where, headers={"Accept-Encoding": "gzip", "If-None-Match": before["ETag"]})
    text = away.content.decode()
    assert away.status_code == 200
    assert AWAY[language] in text
    assert re.search(r"<time datetime=", text)
    assert AWAY[language] in gzip.decompress(packed.content).decode()
    assert "ETag" not in away
    assert away["Cache-Control"] == "no-store"
    assert int(away["Content-Length"]) == len(away.content)
    after = client.get(where)
    assert (after.content, after["ETag"]) == (before.content, before["ETag"])


def test_a_version_of_before_is_shown_where_the_newest_cannot_be_made(client, address, database_away):
    publish_pledges(1)
    client.get(address("pledges"))
    publish_pledges(1, start=1)
    with database_away():
        cache.set(pulse.KEY, pulse.Pulse(2, None, None, 0))  # the cache still knows the newest edition
        text = client.get(address("pledges")).content.decode()
    assert AWAY["en"] in text
    assert "p-0/" in text
    assert "p-1/" not in text


def test_downloads_and_embeds_go_on_too(client, address, database_away):
    publish_pledges(1)
    frame, data = address("pledge_embed", "p-0"), address("pledge_json", "p-0")
    before = client.get(data)
    client.get(frame)
    with database_away():
        assert AWAY["en"] in client.get(frame).content.decode()
        assert client.get(frame)["Content-Security-Policy"].find("frame-ancestors *") >= 0
        away = client.get(data)
    assert away.content == before.content
    assert away["Access-Control-Allow-Origin"] == "*"


def test_what_is_not_in_the_cache_is_a_503_of_our_own(client, address, database_away, editor):
    client.raise_request_exception = False
    publish_pledges(1)
    with database_away():
        for where in (address("home"), address("alert"), "/admin/", "/en/nothing-here/"):
            response = client.get(where)
            assert response.status_code == 503, where
            assert response["Retry-After"] == "30"
            assert response["Cache-Control"] == "no-store"
            text = response.content.decode()
            assert "cannot reach its database" in text
            assert "no puede acceder a su base de datos" in text
            assert re.findall(r"<script|\sstyle=", text) == []
        assert client.post(address("alert"), {"email": "a@example.org"}).status_code == 503
        problem = client.get("/api/v1/pledges")
        assert (problem.status_code, problem["Content-Type"]) == (503, "application/problem+json")
        assert client.get("/", headers={"Accept-Language": "es"})["Location"] == "/es/"


def test_a_database_that_was_not_there_is_not_tried_for_each_request(client, address, database_away, monkeypatch):
    publish_pledges(1)
    client.get(address("home"))
    tries, read = [], pulse.read
    monkeypatch.setattr(pulse, "read", lambda: tries.append(1) or read())
    with database_away():
        for _ in range(5):
            client.get(address("home"))
    assert len(tries) == 1


def test_what_another_process_made_later_is_shown_before_what_is_in_memory(client, address, database_away):
    publish_pledges(1)
    client.get(address("pledges"))
    [(key, (before, size))] = front.pages._values.items()
    publish_pledges(1, start=1)
    pulse.refresh()
    client.get(address("pledges"))
    front.pages.put(key, before, size)
    with database_away():
        assert "p-1/" in client.get(address("pledges")).content.decode()


@pytest.mark.parametrize("status", [301, 404, 410])
def test_a_page_that_is_gone_does_not_come_back_while_the_database_is_away(
    client, address, database_away, monkeypatch, settings, status
):
    client.raise_request_exception = False
    publish_pledges(1)
    client.get(address("pledge", "p-0"))

    def gone(*_args, **_options):
        if status == 404:
            raise Http404
        return HttpResponse(status=status)

    settings.RELEASE = "another"  # a new version of every page
    monkeypatch.setattr("pledges.site.pledges.detail.render", gone)
    assert client.get(address("pledge", "p-0")).status_code == status
    with database_away():
        assert client.get(address("pledge", "p-0")).status_code == 503


def test_without_database_and_cache_pages_are_in_memory(client, address, database_away, monkeypatch):
    client.raise_request_exception = False
    publish_pledges(1)
    client.get(address("home"))
    with database_away():
        monkeypatch.setattr(pulse, "cache", Broken())
        monkeypatch.setattr(page_store, "caches", {page_store.ALIAS: Broken()})
        assert AWAY["en"] in client.get(address("home")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_hangs_is_away_after_a_moment_and_one_thread_waits_for_it(client, address, monkeypatch):
    """One of PostgreSQL's processes is stopped, as all are when the whole server hangs."""
    publish_pledges(1)
    home, data = address("home"), address("pledge_json", "p-0")
    for where in (home, data, home):  # the last from memory
        client.get(where)
    servers, answers, is_stopped, read = [], [], threading.Event(), pulse.read
    monkeypatch.setattr(pulse, "ANSWER_SECONDS", 1)
    monkeypatch.setattr(pulse, "AWAY_SECONDS", 3600)

    def stopped():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            servers.extend(cursor.fetchone())
        os.kill(servers[0], signal.SIGSTOP)
        is_stopped.set()
        return read()

    def ask():
        answers.append(Client().get(home).content.decode())
        connection.close()

    cache.delete(pulse.KEY)
    monkeypatch.setattr(pulse, "read", stopped)
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        assert is_stopped.wait(60)
        assert AWAY["en"] not in client.get(home).content.decode()
        assert client.get("/healthz").status_code == 200
        assert answers == []
        thread.join(60)
        assert AWAY["en"] in answers[0]
        for where in (home, address("pledge_json", "p-0")):
            assert client.get(where).status_code == 200
        assert AWAY["en"] in client.get(home).content.decode()
    finally:
        os.kill(servers[0], signal.SIGCONT)


def test_a_connection_to_a_machine_that_is_gone_is_given_up():
    """As libpq says, which takes these for a Unix socket too and makes no use of them."""
    connection.ensure_connection()
    expected = {"connect_timeout": "5", "tcp_user_timeout": "10000", "keepalives_idle": "10"}
    assert expected.items() <= connection.connection.info.get_parameters().items()


def test_after_an_outage_one_thread_tries_and_the_others_do_not_wait(monkeypatch):
    monkeypatch.setattr(pulse._in_process, "away_until", 0.1)
    pulse._begin_try()
    with pytest.raises(DatabaseAway):
        pulse._begin_try()


def test_a_cache_that_takes_nothing_costs_no_second_reading(monkeypatch, django_assert_num_queries):
    with django_assert_num_queries(3):
        pulse.read()
    monkeypatch.setattr(pulse, "cache", Broken())
    monkeypatch.setattr(Broken, "get", lambda *_args: None, raising=False)
    with django_assert_num_queries(3):
        pulse.current()


def test_an_error_of_our_own_is_still_a_500(client, address, monkeypatch):
    client.raise_request_exception = False

    def wrong(*_args):
        raise OperationalError from type("Deadlock", (Exception,), {"sqlstate": "40P01"})()

    publish_pledges(1)
    client.get(address("home"))
    monkeypatch.setattr("pledges.site.home.standings_of", wrong)
    forget()
    assert client.get(address("home")).status_code == 500


# --- behind a CDN ---------------------------------------------------------------------------------------------------


def test_a_cdn_may_keep_what_is_the_same_for_all_where_the_operator_says_so(client, address, settings, editor):
    publish_pledges(1)
    home, data = address("home"), address("pledge_json", "p-0")
    assert client.get(home)["Cache-Control"] == "no-cache"
    forget()
    settings.CDN_SECONDS, settings.CDN_STALE_SECONDS = 10, 60
    expected = "public, max-age=0, s-maxage=10, stale-while-revalidate=60"
    for where in (home, home, data):
        assert client.get(where)["Cache-Control"] == expected
    assert client.get(home, headers={"If-None-Match": client.get(home)["ETag"]})["Cache-Control"] == expected
    # By the visitor's language, by htmx, with a form's token, counted, refused, at the desk.
    others = ["/sitemap.xml", address("pledges"), address("alert"), "/api/v1/pledges", f"{home}?on=x", "/admin/"]
    for where in others:
        assert "s-maxage" not in client.get(where).get("Cache-Control", ""), where


def test_every_layer_is_emptied_between_tests():
    """After those above, which have filled them."""
    assert caches[page_store.ALIAS]._cache.get_client().dbsize() == 0
    assert len(front.pages) == len(front.others) == 0
