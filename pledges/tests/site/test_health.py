"""Two pages for machines: /healthz says that the process lives, /readyz whether the tracker does its work."""

import os
import threading

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from pledges.domain import process_cache
from pledges.jobs import queues, readiness
from pledges.queries import beat_tick, pulse
from tracker import __version__, celery

PROXY = {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}


@pytest.fixture
def at_work():
    """Beat and the workers have just been at work."""
    beat_tick.note(timezone.now())
    pulse.note_poll(timezone.now())


def test_a_process_that_answers_lives_and_asks_nobody_else(client, monkeypatch):
    """Without the mark `django_db` every query fails."""
    for name in ("get", "set", "add"):
        monkeypatch.setattr(cache, name, lambda *_args: pytest.fail("asked the cache"))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "version": __version__})
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_through_the_proxy_strangers_learn_only_whether_all_is_well(client, at_work):
    process_cache.reset()
    answer = client.get("/readyz", **PROXY)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer["Cache-Control"].startswith("max-age=0")
    assert client.get("/readyz").json()["beat"] == "ok"


@pytest.mark.django_db
def test_strangers_cannot_make_the_checks_run_at_each_request(client, at_work, django_assert_num_queries, monkeypatch):
    process_cache.reset()
    monkeypatch.setattr("pledges.site.health.time.monotonic", lambda: 1000.0)
    client.get("/readyz", **PROXY)
    with django_assert_num_queries(0):
        client.get("/readyz", **PROXY)


def test_while_one_thread_checks_strangers_wait_for_nothing(client, monkeypatch):
    process_cache.reset()
    began, goes_on = threading.Event(), threading.Event()
    monkeypatch.setattr("pledges.site.health.time.monotonic", lambda: 1000.0)

    def check():
        began.set()
        goes_on.wait(60)
        return {"status": "ok"}

    monkeypatch.setattr(readiness, "read", check)
    for before, after in (("failing", 1005.0), ("ok", 1010.0)):  # the first time, and once there is an answer
        thread = threading.Thread(target=Client().get, args=("/readyz",), kwargs=PROXY)
        thread.start()
        assert began.wait(60)
        assert client.get("/readyz", **PROXY).json() == {"status": before}
        goes_on.set()
        thread.join(60)
        assert client.get("/readyz", **PROXY).json() == {"status": "ok"}
        began.clear()
        goes_on.clear()
        monkeypatch.setattr("pledges.site.health.time.monotonic", lambda now=after: now)


def test_a_process_forked_while_somebody_asks_checks_for_itself():
    with readiness._lock:
        child = os.fork()
        if not child:
            os._exit(0 if readiness._lock.acquire(blocking=False) and not readiness._running else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_the_queues_are_read_by_a_connection_that_waits_for_a_short_time_only(servers, monkeypatch):
    monkeypatch.setattr(celery.app, "connection_for_read", lambda: pytest.fail("would wait for a broker that hangs"))
    assert queues.waiting().keys() == {*settings.WATCH_QUEUES, *settings.PUBLISHING_QUEUES}


@pytest.mark.django_db
def test_beat_that_sends_nothing_is_told_from_a_worker_that_does_not_poll(client, at_work):
    cache.delete(beat_tick.KEY)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert (answer.json()["beat"], answer.json()["watch"]) == ("late: sent nothing in the last day", "ok")
    celery.note_tick()  # as beat does after each message
    assert client.get("/readyz").json()["beat"] == "ok"


@pytest.mark.django_db
def test_messages_that_wait_have_an_age(client, at_work, monkeypatch):
    celery.app.send_task("pledges.tasks.tell_editors", queue="mail")
    monkeypatch.setattr(queues.time, "time", lambda real=queues.time.time: real() + 90)
    mail = client.get("/readyz").json()["queues"]["mail"]
    with celery.app.connection_for_write() as connection:
        connection.default_channel.queue_purge("mail")
    assert mail["messages"] == 1
    assert 90 <= mail["oldest_seconds"] < 150


@pytest.mark.threads
@pytest.mark.django_db(transaction=True)
def test_what_hangs_holds_up_neither_the_page_nor_the_other_checks(client, at_work, monkeypatch):
    goes_on, began = threading.Event(), []

    def hang():
        began.append(1)
        goes_on.wait(60)

    monkeypatch.setattr(readiness, "SECONDS", 0.3)
    monkeypatch.setattr(pulse, "last_poll", hang)
    answers = [client.get("/readyz").json() for _again in range(2)]
    goes_on.set()
    assert len(began) == 1, "one thread hangs, however often somebody asks"
    for answer in answers:
        assert answer["status"] == "failing"
        assert answer["cache"].startswith("does not answer within")
        assert (answer["beat"], answer["watch"]) == ("unknown", "unknown")
    readiness._running["cache"].join(60)
