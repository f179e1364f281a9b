"""Work that is due and not done: the health page and the desk tell it, and leave alone what is at work."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from pledges import jobs
from pledges.actions import alerts, scheduling
from pledges.jobs import backlog
from pledges.models import Alert, Article, Host, Source, Update
from pledges.queries import beat_tick, pulse
from pledges.tests.support import factories
from tracker import __version__, background, run
from tracker.celery import app

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
KINDS = [*backlog.LABELS]
# Everything else is read or asked of strangers. What they do at the login is mail, with no text of theirs in it.
OF_THE_PUBLISHER = {
    jobs.publish_scheduled: "publication",
    jobs.send_alerts: "mail",
    jobs.send_notices: "mail",
    jobs.send_deliveries: "mail",
    jobs.send_test: "mail",
    jobs.send_reset_links: "mail",
    jobs.note_attempt: "mail",
    jobs.send_hub_pings: "mail",
    jobs.drop_alerts: "mail",
    jobs.drop_deliveries: "mail",
    jobs.tell_editors: "mail",
    jobs.make_backup: "mail",
}


@pytest.fixture
def now():
    """Workers have just been at work in every queue, and no message waits."""
    with app.connection_for_write() as connection:
        for name in app.amqp.queues:
            connection.default_channel.queue_purge(name)
    now = timezone.now()
    pulse.note_poll(now)
    beat_tick.note(now)
    for queue in (*settings.WATCH_QUEUES, *settings.PUBLISHING_QUEUES):
        pulse.note_done(queue, now)
    return now


def late(now) -> list[str]:
    return [each.kind for each in backlog.late(now=now)]


def due(at, **fields) -> Update:
    """An update that was to be published at a time that has passed."""
    update = factories.UpdateFactory(**fields)
    scheduling.schedule(item=update, by=factories.EditorFactory(), at=timezone.now() + HOUR)
    Update.objects.filter(pk=update.pk).update(publish_at=at)
    return update


# --- the health page --------------------------------------------------------------------------------------------------


def test_it_is_healthy_when_nothing_waits(client, now):
    factories.SourceFactory(next_due_at=now - MINUTE, last_attempt_at=now - HOUR)
    answer = client.get("/readyz")
    checks = dict.fromkeys(["status", "database", "broker", "cache", "beat", "watch", "backup", *KINDS], "ok")
    checks |= {"version": __version__, "encoder": "not used in the last day"}
    checks |= {"oldest_due_source": f"{now - MINUTE:%Y-%m-%d %H:%M:%S} UTC"}
    checks["queues"] = {name: {"messages": 0, "oldest_seconds": None} for name in app.amqp.queues}
    assert (answer.status_code, answer.json()) == (200, checks)


def test_it_says_which_queue_stands_still_and_since_when(client, now):
    at = now - 20 * MINUTE
    due(at)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    said = answer.json()
    assert said["status"] == "failing"
    assert said["publication"] == f"late: nothing done since {at:%Y-%m-%d %H:%M:%S} UTC"
    assert said["articles"] == said["watch"] == "ok"


def test_a_broker_that_lost_everything_is_no_queue_that_stands_still(client, now):
    cache.clear()
    pulse.note_poll(now)
    beat_tick.note(now)
    assert client.get("/readyz").status_code == 200


# --- publication ------------------------------------------------------------------------------------------------------


def test_a_publication_has_three_minutes(now):
    update = due(now - 2 * MINUTE)
    assert late(now) == []
    assert late(now + 2 * MINUTE) == ["publication"]
    jobs.publish_scheduled()
    update.refresh_from_db()
    assert (update.state, late(now + 2 * MINUTE)) == ("published", [])


def test_words_are_publications_too(now):
    wording = factories.WordingFactory()
    scheduling.schedule(item=wording, by=factories.EditorFactory(), at=now + HOUR)
    type(wording).objects.filter(pk=wording.pk).update(publish_at=now - 4 * MINUTE)
    assert late(now) == ["publication"]


# --- reading ----------------------------------------------------------------------------------------------------------


def test_sources_that_wait_while_none_is_read(now):
    factories.SourceFactory(next_due_at=now - HOUR, last_attempt_at=now - 2 * HOUR)
    assert late(now) == ["sources"]
    factories.SourceFactory(next_due_at=now + HOUR, last_attempt_at=now - MINUTE)
    assert late(now) == [], "others were read: the watch is at work"


@pytest.mark.parametrize("change", ["off", "claimed", "its host rests", "closed"])
def test_a_source_that_may_not_be_read_now_waits_for_nobody(now, change):
    source = factories.SourceFactory(
        url="https://press.example/feed", next_due_at=now - HOUR, last_attempt_at=now - 2 * HOUR
    )
    if change == "off":
        Source.objects.filter(pk=source.pk).update(active=False)
    elif change == "claimed":
        Source.objects.filter(pk=source.pk).update(claimed_until=now + MINUTE)
    elif change == "its host rests":
        Host.objects.create(name="press.example", next_request_at=now + MINUTE)
    else:
        factories.NewsroomFactory(closed_on=timezone.localdate() - timedelta(days=1))
    assert late(now) == []


def test_articles_that_wait_while_none_is_read(now):
    factories.ArticleFactory(found_at=now - HOUR, state=Article.State.NEW)
    assert late(now) == [], "pages were read a moment ago"
    pulse.note_done("pages", now - 11 * MINUTE)
    assert late(now) == ["articles"]
    Article.objects.update(state=Article.State.READ)
    assert late(now) == []


def test_an_article_that_was_just_found_has_time(now):
    pulse.note_done("pages", now - HOUR)
    factories.ArticleFactory(found_at=now - MINUTE, state=Article.State.NEW)
    assert late(now) == []


# --- mail, and what beat has done again and again ---------------------------------------------------------------------


def test_alerts_that_wait_while_no_mail_goes_out(now, settings):
    settings.EMAIL_HOST, settings.SITE_URL = "mail.example", "https://tracker.example"
    alerts.ask_for_alert(email="a@reader.example", language="en", kind="search", query="", now=now - HOUR)
    assert late(now) == ["mail"]
    Alert.objects.update(mailed_at=now - MINUTE)
    assert late(now) == []
    Alert.objects.update(mailed_at=None, failures=1)  # refused, and tried again later: that is the address's
    assert late(now) == []
    settings.EMAIL_HOST = ""
    Alert.objects.update(failures=0)
    assert late(now) == []


@pytest.mark.parametrize(("queue", "minutes"), [("publication", 10), ("mail", 15), ("jobs", 30)])
def test_a_queue_in_which_no_task_ends(now, queue, minutes):
    pulse.note_done(queue, now - minutes * MINUTE)
    assert late(now) == []
    pulse.note_done(queue, now - (minutes + 1) * MINUTE)
    assert late(now) == [queue]


@pytest.mark.parametrize("queue", ["publication", "mail", "jobs"])
def test_of_a_queue_of_which_nothing_is_known_the_time_counts_from_now_on(now, queue):
    cache.delete(f"done.{queue}")
    assert late(now) == []
    assert queue in late(now + 31 * MINUTE)


# --- the desk ---------------------------------------------------------------------------------------------------------


def test_the_desk_tells_it_on_its_first_page(client, editor, now):
    assert "Tell whoever runs" not in client.get(reverse("admin:index")).content.decode()
    due(now - 20 * MINUTE)
    said = client.get(reverse("admin:index")).content.decode()
    assert "scheduled publications. Tell whoever runs the tracker." in said


def test_the_desk_opens_without_a_broker(client, editor, monkeypatch):
    def away(*_arguments):
        raise ConnectionRefusedError("no")

    monkeypatch.setattr(pulse, "last_done", away)
    answer = client.get(reverse("admin:index"))
    assert answer.status_code == 200
    assert "The broker does not answer" in answer.content.decode()


# --- who does what ----------------------------------------------------------------------------------------------------


def test_what_has_to_go_out_on_time_shares_no_queue_with_what_strangers_send():
    route = app.amqp.router.route
    ours = [name for name in app.tasks if name.startswith("pledges.")]
    assert len(ours) > len(OF_THE_PUBLISHER)
    publishers = {task.name: queue for task, queue in OF_THE_PUBLISHER.items()}
    for name in ours:
        queue = route({}, name)["queue"].name
        if name in publishers:
            assert queue == publishers[name]
        else:
            assert queue in settings.WATCH_QUEUES, f"{name}: is it read by strangers? then list it here"


def test_a_task_that_nobody_has_given_a_route_is_the_watchs():
    assert app.amqp.router.route({}, "pledges.jobs.of_tomorrow")["queue"].name in settings.WATCH_QUEUES
    assert not set(settings.WATCH_QUEUES) & set(settings.PUBLISHING_QUEUES)


def test_every_queue_has_one_worker_in_make_run_and_in_compose():
    """A worker without queues would take from all."""
    assert background.worker_options("watch")["queues"] == settings.WATCH_QUEUES
    assert background.worker_options("publisher")["queues"] == settings.PUBLISHING_QUEUES
    compose = (settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8")
    assert re.findall(r"command: \[python, -m, tracker\.background, (\w+)\]", compose) == list(background.TASKS)
    assert "celery" not in compose
    in_make_run = [part.run.args for name, part in run.parts(8000).items() if name != "web"]
    assert in_make_run == [(name,) for name in background.TASKS]


def test_workers_listen_to_their_queues_alone():
    """With a second channel, Celery may end a worker whose broker was killed under a task (ADR 0062)."""
    assert not settings.CELERY_WORKER_ENABLE_REMOTE_CONTROL
    for name in ("watch", "publisher"):
        options = background.worker_options(name)
        assert options["without_gossip"] and options["without_mingle"] and options["without_heartbeat"]
