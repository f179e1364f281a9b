"""Webhooks: signed as Standard Webhooks has it, sent once, tried again for three days, given up, replayed."""

import json
import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from pledges import jobs
from pledges.actions import deliveries, destinations, publishing
from pledges.models import Article, Delivery, Destination, User
from pledges.queries.desk_events import LOOKED_BACK
from pledges.queries.destination_events import EventFinder
from pledges.tests.support import factories
from pledges.tests.support.receiver import HANG, Receiver

pytestmark = pytest.mark.django_db
STATES = Delivery.State


@pytest.fixture
def receiver(settings):
    """A receiver that the SSRF guard lets through."""
    site = Receiver()
    settings.WATCH_ALLOWED_ORIGINS = [site.origin]
    settings.SITE_URL = "https://pledges.example"
    yield site
    site.close()


@pytest.fixture
def webhook(receiver):
    return factories.DestinationFactory(address=f"{receiver.origin}/hook")


@pytest.fixture
def clock(monkeypatch):
    """`clock(…)` moves the tracker's time on."""

    class Clock:
        now = timezone.now()

        def __call__(self, delta: timedelta) -> None:
            self.now += delta

    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


def sent_by_itself() -> None:
    """As beat has it, every minute."""
    jobs.send_deliveries()


# --- what is sent


def test_a_published_edition_is_posted_once_and_its_signature_is_verified(receiver, webhook):
    update = factories.PublishedUpdateFactory(status="kept", text_en="It was built.", text_es="Se construyó.")
    sent_by_itself()
    sent_by_itself()
    editions = [json.loads(body) for _path, _headers, body in receiver.posts]
    assert [content["data"]["edition"] for content in editions] == list(range(1, update.edition_id + 1))
    path, headers, body = receiver.posts[-1]
    content = Webhook(webhook.secret).verify(body, headers)
    delivery = webhook.deliveries.get(key=str(update.edition_id))
    assert (path, headers["webhook-id"], headers["content-type"]) == ("/hook", delivery.message_id, "application/json")
    assert (content["type"], content["version"]) == ("edition.published", 1)
    assert content == delivery.payload
    [change] = content["data"]["changes"]
    slug, number = update.pledge.slug, update.edition_id
    assert (change["kind"], change["before"], change["after"], change["pledge"]) == (
        "status",
        "not_rated",
        "kept",
        slug,
    )
    assert change["url"] == {
        "en": f"https://pledges.example/en/pledges/{slug}/?edition={number}",
        "es": f"https://pledges.example/es/promesas/{slug}/?edition={number}",
    }
    assert set(change["sentence"]) == {"en", "es"} and change["title"]["en"] in change["sentence"]["en"]
    [told] = change["updates"]
    assert told["text"] == {"en": "It was built.", "es": "Se construyó."}
    assert [piece["url"] for piece in told["evidence"]] == [piece.url for piece in update.evidence.all()]
    assert (delivery.state, delivery.attempts, delivery.failure) == (STATES.SENT, 1, "")


def test_each_kind_of_event_is_sent_once_to_whoever_asks_for_it(receiver, webhook, clock):
    leads_only = factories.DestinationFactory(address=f"{receiver.origin}/leads", events=["lead"], least_percent=90)
    pledge = factories.PublishedUpdateFactory(status="in_progress").pledge
    weak, strong = (factories.LeadFactory(score=score, raised_at=clock.now, pledge=pledge) for score in (0.8, 0.95))
    draft = factories.UpdateFactory(pledge=pledge)
    publishing.submit_for_review(item=draft, by=draft.author)
    clock(timedelta(days=pledge.review_interval_days + 1))
    type(weak).objects.update(raised_at=clock.now)
    for _minute in range(2):
        sent_by_itself()
    types = [json.loads(body)["type"] for path, _headers, body in receiver.posts if path == "/hook"]
    assert types.count("lead.raised") == 2 and types.count("review.waiting") == 1 and types.count("pledge.due") == 1
    by_type = {json.loads(body)["type"]: json.loads(body)["data"] for path, _h, body in receiver.posts}
    assert by_type["review.waiting"]["author"] == draft.author.public_name
    assert by_type["pledge.due"]["reason"] == "review" and by_type["pledge.due"]["status"] == "in_progress"
    assert by_type["lead.raised"]["desk_url"].endswith(f"/admin/pledges/lead/{strong.pk}/change/")
    assert [json.loads(body)["data"]["lead"] for path, _h, body in receiver.posts if path == "/leads"] == [strong.pk]
    assert set(leads_only.deliveries.values_list("event", flat=True)) == {"lead"}


def test_what_happened_before_it_was_added_is_not_sent(receiver, clock):
    factories.PublishedUpdateFactory()
    factories.LeadFactory(score=0.9, raised_at=clock.now - timedelta(hours=1))
    new = factories.DestinationFactory.build(
        address=f"{receiver.origin}/hook", added_by=None, secret="", secret_set_at=None
    )
    destinations.add(destination=new, by=factories.PublisherFactory(), now=clock.now)
    sent_by_itself()
    assert receiver.posts == []


def test_a_group_is_told_of_its_pledges_and_of_drafts_that_its_people_may_publish(receiver, clock):
    editor = factories.EditorFactory()
    group = editor.groups.get()
    mine, other = factories.LeadFactory(score=0.9, raised_at=clock.now), factories.LeadFactory(raised_at=clock.now)
    factories.EditorFactory().follows.add(mine.pledge)
    editor.follows.add(mine.pledge)
    factories.ReporterFactory().follows.add(other.pledge)
    by_reporter = factories.UpdateFactory(pledge=mine.pledge, author=factories.ReporterFactory())
    publishing.submit_for_review(item=by_reporter, by=by_reporter.author)
    webhook = factories.DestinationFactory(
        address=f"{receiver.origin}/hook", group=group, events=["lead", "review", "due"], since=clock.now
    )
    sent_by_itself()
    assert sorted(webhook.deliveries.values_list("event", flat=True)) == ["lead", "review"]
    assert webhook.deliveries.get(event="lead").key == str(mine.pk)


def test_a_pledge_that_is_due_already_when_it_is_published_is_sent(receiver, clock):
    today = timezone.localdate(clock.now)
    soon = {"wording__deadline": today + timedelta(days=30), "wording__deadline_precision": "day"}
    before = factories.PublishedPledgeFactory(**soon)
    clock(timedelta(minutes=1))
    webhook = factories.DestinationFactory(address=f"{receiver.origin}/hook", events=["due"], since=clock.now)
    clock(timedelta(minutes=1))
    after = factories.PublishedPledgeFactory(**soon)
    stale = factories.PublishedPledgeFactory(wording__deadline=None)
    long_ago = clock.now - timedelta(days=stale.review_interval_days + 9)
    type(stale).objects.filter(pk=stale.pk).update(created_at=long_ago)
    later = {"change_note_en": "Clearer.", "change_note_es": "Más claro.", "deadline_precision": "day"}
    for number, days, slugs in ((2, 30, {after.slug, stale.slug}), (3, 20, {after.slug, stale.slug, before.slug})):
        deadline = today + timedelta(days=days)
        wording = factories.WordingFactory(pledge=before, number=number, deadline=deadline, **later)
        publishing.publish(wording, by=factories.EditorFactory())
        sent_by_itself()
        sent = [delivery.payload["data"]["pledge"] for delivery in webhook.deliveries.all()]
        assert set(sent) == slugs and len(sent) == len(slugs), "not what was due before, unless its deadline is new"


def test_a_pledge_that_is_broken_is_not_due_for_its_deadline(webhook, clock):
    kept, broken, stalled = (
        factories.PublishedUpdateFactory(
            status=status,
            failure_reason="lapsed" if status != "kept" else "",
            pledge__wording__deadline=timezone.localdate(clock.now) - timedelta(days=9),
            pledge__wording__deadline_precision="day",
        ).pledge
        for status in ("kept", "broken", "stalled")
    )
    due = {entry.pledge for entry in EventFinder(now=clock.now).due.values()}
    assert stalled.pk in due and not due & {kept.pk, broken.pk}


def test_what_was_noted_is_not_read_again_every_minute(clock):
    draft = factories.UpdateFactory()
    hour_ago = clock.now - timedelta(hours=1)
    webhook = factories.DestinationFactory(events=["lead", "review"], since=hour_ago)
    publishing.submit_for_review(item=draft, by=draft.author)
    factories.LeadFactory(score=0.9, raised_at=clock.now)
    assert deliveries.note_new(destination=webhook, finder=EventFinder(now=clock.now)) == 2
    with CaptureQueriesContext(connection) as queries:
        assert deliveries.note_new(destination=webhook, finder=EventFinder(now=clock.now)) == 0
    asked = " ".join(query["sql"] for query in queries)
    assert not any(f'JOIN "{model._meta.db_table}"' in asked for model in (Article, User))


# --- when it cannot be sent


def test_a_failing_receiver_is_tried_for_three_days_then_given_up_then_replayed(receiver, webhook, clock):
    receiver.status = 500
    delivery = factories.DeliveryFactory(destination=webhook, noted_at=clock.now)
    began, ids = clock.now, set()
    while delivery.state == STATES.WAITING:
        sent_by_itself()
        delivery.refresh_from_db()
        if delivery.state == STATES.WAITING:
            before = delivery.next_attempt_at - timedelta(seconds=1)
            clock.now = before
            sent_by_itself()
            assert len(receiver.posts) == delivery.attempts, "nothing is sent before its time"
            clock.now = delivery.next_attempt_at
    ids = {headers["webhook-id"] for _path, headers, _body in receiver.posts}
    assert len(receiver.posts) == delivery.attempts == 10 and ids == {delivery.message_id}
    assert timedelta(days=2) < clock.now - began < timedelta(days=4)
    webhook.refresh_from_db()
    assert webhook.failing_since == began
    assert str(delivery.failure) == str(webhook.failure) == "The receiver answers with the error 500."

    receiver.status = 202
    assert deliveries.replay(deliveries=webhook.deliveries.all(), now=clock.now) == 1
    sent_by_itself()
    delivery.refresh_from_db(), webhook.refresh_from_db()
    assert delivery.state == STATES.SENT and receiver.posts[-1][1]["webhook-id"] == delivery.message_id
    assert (webhook.failing_since, webhook.failure, webhook.last_sent_at) == (None, "", clock.now)


def test_a_receiver_may_ask_for_more_time(receiver, webhook, clock):
    receiver.status, receiver.headers = 429, {"Retry-After": "7200"}
    delivery, other = factories.DeliveryFactory.create_batch(2, destination=webhook, noted_at=clock.now)
    sent_by_itself()
    for row in (delivery, other):
        row.refresh_from_db()
        assert row.next_attempt_at == clock.now + timedelta(hours=2)
    assert (delivery.attempts, other.attempts, len(receiver.posts)) == (1, 0, 1)


def test_a_redirect_is_not_followed_wherever_it_leads(receiver, webhook):
    inward = Receiver()
    try:
        for target in (f"{inward.origin}/admin", "http://169.254.169.254/latest/meta-data/", f"{receiver.origin}/else"):
            receiver.status, receiver.headers = 307, {"Location": target}
            delivery = factories.DeliveryFactory(destination=webhook)
            jobs.destinations.send_claimed(among=[delivery.pk])
            delivery.refresh_from_db()
            assert "redirects (307)" in str(delivery.failure) and delivery.attempts == 1
        assert inward.posts == [] and {path for path, _h, _b in receiver.posts} == {"/hook"}
    finally:
        inward.close()


@pytest.mark.parametrize(
    "address",
    ["https://127.0.0.1/", "https://10.0.0.7/", "https://[::1]/", "https://169.254.169.254/", "https://8.8.8.8:8443/"],
)
def test_private_addresses_and_unusual_ports_are_refused(address):
    delivery = factories.DeliveryFactory(destination__address=address)
    jobs.destinations.send_claimed()
    delivery.refresh_from_db()
    assert "This address is not allowed" in str(delivery.failure) and delivery.state == STATES.WAITING
    with pytest.raises(jobs.destinations.NotSent):
        jobs.destinations.CHECKS["webhook"](address)


def test_a_receiver_that_hangs_or_never_stops_talking_delays_no_other(receiver, webhook, settings):
    settings.WEBHOOK_SECONDS = 0.3
    hanging = Receiver()
    settings.WATCH_ALLOWED_ORIGINS.append(hanging.origin)
    receiver.answer = b"x" * 300_000  # more than is read
    hanging.status = HANG
    try:
        slow = factories.DeliveryFactory(destination__address=f"{hanging.origin}/")
        second = factories.DeliveryFactory(destination=slow.destination)
        good = factories.DeliveryFactory(destination=webhook)
        jobs.destinations.send_claimed()
    finally:
        hanging.close()
    for row in (slow, second, good):
        row.refresh_from_db()
    assert good.state == STATES.SENT
    assert slow.state == STATES.WAITING and "did not answer fully within" in str(slow.failure)
    assert (second.attempts, second.claimed_until) == (0, None), "after the first failure the rest is left for later"
    assert len(hanging.posts) == 1


@pytest.mark.parametrize("stalls", [False, True])
def test_what_was_accepted_is_not_sent_again_however_the_answer_ends(receiver, webhook, settings, stalls):
    settings.WEBHOOK_SECONDS = 0.3
    receiver.headers, receiver.answer, receiver.stalls = {"Content-Length": "300"}, b"half", stalls
    delivery = factories.DeliveryFactory(destination=webhook)
    jobs.destinations.send_claimed()
    receiver.status = 503
    refused = factories.DeliveryFactory(destination=webhook)
    jobs.destinations.send_claimed()
    delivery.refresh_from_db(), refused.refresh_from_db()
    assert (delivery.state, len(receiver.posts)) == (STATES.SENT, 2)
    assert str(refused.failure) == "The receiver answers with the error 503."


def test_an_outcome_that_cannot_be_recorded_loses_no_other(receiver, webhook, monkeypatch, caplog):
    record_sent = deliveries.record_sent
    first, second = factories.DeliveryFactory.create_batch(2, destination=webhook)

    def broken(*, delivery, now):
        if delivery == first:
            raise ValueError
        record_sent(delivery=delivery, now=now)

    monkeypatch.setattr(deliveries, "record_sent", broken)
    jobs.destinations.send_claimed()
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.state, first.claimed_until, second.state) == (STATES.WAITING, None, STATES.SENT)
    assert f"What came of delivery {first.pk} could not be recorded." in caplog.text


def test_a_receiver_that_is_gone_is_turned_off(receiver, webhook, clock):
    receiver.status = 410
    _first, second = factories.DeliveryFactory.create_batch(2, destination=webhook, noted_at=clock.now)
    sent_by_itself()
    sent_by_itself()
    webhook.refresh_from_db(), second.refresh_from_db()
    assert (webhook.active, webhook.gone_at) == (False, clock.now)
    assert second.state == STATES.DEAD and len(receiver.posts) == 1
    assert deliveries.replay(deliveries=webhook.deliveries.all(), now=clock.now) == 0, "first it needs a new address"


def test_an_error_of_our_own_is_stored_without_its_words(webhook, monkeypatch, caplog):
    def fail(destination, _deliveries):
        raise ValueError(f"cannot use {destination.address} with {destination.secret}")

    monkeypatch.setitem(jobs.destinations.SENDERS, "webhook", fail)
    delivery = factories.DeliveryFactory(destination=webhook)
    with caplog.at_level(logging.DEBUG):
        jobs.destinations.send_claimed()
    delivery.refresh_from_db()
    assert str(delivery.failure).endswith("please report this: ValueError")
    assert webhook.secret not in caplog.text and "/hook" not in caplog.text


# --- who sends it


def test_a_worker_that_is_killed_leaves_what_it_claimed_to_the_next_with_the_same_id(receiver, webhook, clock):
    delivery = factories.DeliveryFactory(destination=webhook, noted_at=clock.now)
    assert deliveries.claim(now=clock.now)  # and is killed, perhaps after it has posted
    sent_by_itself()
    assert receiver.posts == []
    clock(deliveries.LEASE + timedelta(seconds=1))
    sent_by_itself()
    assert [headers["webhook-id"] for _path, headers, _body in receiver.posts] == [delivery.message_id]


def test_an_event_is_not_lost_when_the_worker_is_killed_before_it_is_noted(receiver, webhook, monkeypatch):
    update = factories.PublishedUpdateFactory()

    def killed(*_args, **_kwargs):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(deliveries.Delivery.objects, "bulk_create", killed)
        with pytest.raises(SystemExit):
            sent_by_itself()
    webhook.refresh_from_db()
    assert webhook.noted_edition == 0
    sent_by_itself()
    webhook.refresh_from_db()
    assert webhook.noted_edition == update.edition_id == len(receiver.posts)


def test_an_error_in_one_kind_of_event_silences_no_other(receiver, webhook, monkeypatch, caplog):
    factories.PublishedUpdateFactory()
    factories.LeadFactory(score=0.9, raised_at=timezone.now())

    def broken(*_args, **_kwargs):
        raise ValueError("no such change")

    monkeypatch.setattr("pledges.queries.destination_events.edition_payload", broken)
    sent_by_itself()
    assert [json.loads(body)["type"] for _path, _h, body in receiver.posts] == ["lead.raised"]
    assert "The edition events for destination" in caplog.text
    webhook.least_percent = 90
    destinations.change(destination=webhook, fields={"least_percent"}, now=timezone.now())
    webhook.active = False
    destinations.change(destination=webhook, fields={"active"}, now=timezone.now())
    webhook.refresh_from_db()
    assert (webhook.least_percent, webhook.active) == (90, False), "it can be changed and turned off all the same"


# --- secrets


def test_while_a_secret_is_replaced_both_sign(receiver, webhook, clock):
    old = webhook.secret
    new = destinations.rotate_secret(destination=webhook, now=clock.now)
    factories.DeliveryFactory(destination=webhook, noted_at=clock.now)
    sent_by_itself()
    _path, headers, body = receiver.posts[-1]
    for secret in (old, new):
        Webhook(secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(body + b" ", headers)
    clock(destinations.OVERLAP)
    jobs.drop_deliveries()
    webhook.refresh_from_db()
    assert (webhook.previous_secret, webhook.previous_secret_until) == ("", None)


def test_a_secret_that_is_replaced_twice_in_a_day_does_not_end_that_of_the_receiver(webhook, clock):
    first = webhook.secret
    second = destinations.rotate_secret(destination=webhook, now=clock.now)
    end = clock.now + destinations.OVERLAP
    clock(timedelta(hours=1))
    third = destinations.rotate_secret(destination=webhook, now=clock.now)
    webhook.refresh_from_db()
    assert (webhook.secret, webhook.previous_secret, webhook.previous_secret_until) == (third, first, end)
    assert second not in (first, third)
    clock(destinations.OVERLAP)
    destinations.rotate_secret(destination=webhook, now=clock.now)
    webhook.refresh_from_db()
    assert (webhook.previous_secret, webhook.previous_secret_until) == (third, clock.now + destinations.OVERLAP)


# --- what is kept


def test_old_deliveries_are_deleted_but_not_of_what_still_waits(receiver, webhook, clock, settings):
    draft = factories.UpdateFactory()
    publishing.submit_for_review(item=draft, by=draft.author)
    type(draft).objects.filter(pk=draft.pk).update(submitted_at=clock.now)
    sent_by_itself()
    old = factories.DeliveryFactory(destination=webhook, noted_at=clock.now)
    sent_by_itself()
    given_up = {"state": "dead", "next_attempt_at": None, "failure": "It is away.", "noted_at": clock.now}
    clock(timedelta(days=settings.WEBHOOK_KEEP_DAYS + 1))
    lately = factories.DeliveryFactory(destination=webhook, last_attempt_at=clock.now, **given_up)
    jobs.drop_deliveries()
    assert Delivery.objects.filter(pk=lately.pk).exists(), "it was given up lately, however long ago it was noted"
    assert not Delivery.objects.filter(pk=old.pk).exists()
    assert webhook.deliveries.filter(event="review").exists()
    before = len(receiver.posts)
    sent_by_itself()
    assert all(json.loads(body)["type"] != "review.waiting" for _path, _h, body in receiver.posts[before:])
    assert timedelta(days=settings.WEBHOOK_KEEP_DAYS) > 2 * LOOKED_BACK - timedelta(days=1)


def test_what_waits_for_a_destination_that_is_turned_off_is_given_up(receiver, webhook, clock):
    delivery = factories.DeliveryFactory(destination=webhook, noted_at=clock.now)
    webhook.active = False
    destinations.change(destination=webhook, fields={"active"}, now=clock.now)
    sent_by_itself()
    delivery.refresh_from_db()
    assert delivery.state == STATES.DEAD and receiver.posts == []
    factories.PublishedUpdateFactory()
    Destination.objects.update(failing_since=clock.now, failure="It was away.")
    webhook.active = True
    destinations.change(destination=webhook, fields={"active"}, now=clock.now)
    webhook.refresh_from_db()
    assert (webhook.failing_since, webhook.failure) == (None, ""), "it starts with a clean record"
    sent_by_itself()
    assert receiver.posts == [], "what happened meanwhile is not sent"


def test_another_choice_of_events_begins_now(receiver, clock):
    webhook = factories.DestinationFactory(address=f"{receiver.origin}/hook", events=["edition"], since=clock.now)
    factories.LeadFactory(score=0.9, raised_at=clock.now)
    clock(timedelta(minutes=1))
    webhook.events = ["edition", "lead"]
    destinations.change(destination=webhook, fields={"events"}, now=clock.now)
    sent_by_itself()
    assert Destination.objects.get().deliveries.filter(event="lead").count() == 0
