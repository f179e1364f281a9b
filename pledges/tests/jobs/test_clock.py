"""The clock of the machine was a day ahead, and is set right: work goes on at once, and not after a day."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from pledges import jobs
from pledges.actions import backups, clock, deliveries, leases
from pledges.models import Article, Backup, Delivery, Host, Source
from pledges.tests.support import factories
from tracker.beat import Scheduler
from tracker.celery import app

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def sent(monkeypatch):
    """The names of the tasks of which messages are sent."""
    names = []
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda task, *_args, **_options: names.append(task.name))
    return names


@pytest.mark.django_db
def test_what_was_leased_or_put_off_while_the_clock_was_ahead_is_free_at_the_next_poll():
    now = timezone.now()
    read = factories.SourceFactory(url="https://one.example/feed", last_attempt_at=now + DAY, last_success_at=now + DAY)
    Source.objects.filter(pk=read.pk).update(next_due_at=now + DAY + 15 * MINUTE)
    leased = factories.SourceFactory(url="https://two.example/feed", claimed_until=now + DAY + 3 * MINUTE)
    article = factories.ArticleFactory(source=read, state=Article.State.NEW, claimed_until=now + DAY + 3 * MINUTE)
    Host.objects.create(name="two.example", next_request_at=now + DAY)
    delivery = factories.DeliveryFactory(noted_at=now, next_attempt_at=now + DAY)

    assert leases.waiting(now=now) == (0, 0)
    jobs.poll()
    assert leases.waiting(now=timezone.now()) == (2, 1)
    assert {lease.row for lease in leases.claim_due_sources(now=timezone.now())} == {read, leased}
    assert [lease.row for lease in leases.claim_unread_articles(now=timezone.now())] == [article]
    assert [row for rows in deliveries.claim(now=timezone.now()).values() for row in rows] == [delivery]
    assert not Source.objects.filter(last_success_at__gt=timezone.now()).exists(), "readers see it"


@pytest.mark.django_db
def test_every_kind_of_wait_ends():
    """Each field, by its name, that says until when a row is leased, or before when it is not tried."""
    names = re.compile("claimed_until|(next_|archive_)?due_at|next_[a-z]+_at")
    fields = {(m, f.name) for m in apps.get_models() for f in m._meta.concrete_fields if names.fullmatch(f.name)}
    assert len(fields) == 13
    assert fields <= {(model, name) for model, waits in clock.WAITS.items() for name in waits}


@pytest.mark.django_db
def test_leases_in_use_do_not_end():
    """Or what is being sent would be sent again."""
    now = timezone.now()
    factories.SourceFactory(last_attempt_at=now + DAY)
    delivery = factories.DeliveryFactory(noted_at=now, claimed_until=now + deliveries.LEASE)
    Backup.objects.create(day=now.date(), began_at=now, claimed_until=now + backups.LEASE)
    jobs.poll()
    assert deliveries.claim(now=timezone.now()) == {}
    assert not backups.claim(day=now.date(), now=timezone.now())
    delivery.refresh_from_db()
    assert delivery.claimed_until == now + deliveries.LEASE


@pytest.mark.django_db
def test_a_machine_whose_clock_stays_ahead_ends_the_waits_of_others_once_an_hour():
    now = timezone.now()
    source, waiting = factories.SourceFactory(), factories.DeliveryFactory(noted_at=now)

    def poll(at):
        Source.objects.filter(pk=source.pk).update(last_attempt_at=at + 11 * MINUTE)
        Delivery.objects.filter(pk=waiting.pk).update(next_attempt_at=at + 60 * MINUTE)
        clock.end_impossible_waits(now=at)
        waiting.refresh_from_db()
        return waiting.next_attempt_at == at

    assert [poll(now + minutes * MINUTE) for minutes in (0, 1, 59, 61, 62)] == [True, False, False, True, False]


@pytest.mark.django_db
def test_another_machine_whose_clock_is_minutes_ahead_ends_no_lease():
    now = timezone.now()
    source = factories.SourceFactory(last_attempt_at=now + 5 * MINUTE, claimed_until=now + 8 * MINUTE)
    jobs.poll()
    source.refresh_from_db()
    assert source.claimed_until == now + 8 * MINUTE


def test_beat_sends_again_when_the_clock_is_set_back(tmp_path, sent):
    schedule = {"poll": {"task": "pledges.tasks.poll", "schedule": 60.0}}
    scheduler = Scheduler(app=app, schedule_filename=str(tmp_path / "beat"), schedule=schedule)
    scheduler.update_from_dict(schedule)
    entry = scheduler.schedule["poll"]
    entry.last_run_at = entry.default_now() + DAY
    scheduler.populate_heap()

    assert scheduler.tick() <= 60, "it would wait for a day, five minutes at a time"
    entry.last_run_at = entry.default_now() - MINUTE
    scheduler._heap = None
    while scheduler.tick() == 0:
        pass
    assert "pledges.tasks.poll" in sent
    scheduler.close()
