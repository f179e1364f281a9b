"""Two workers at once: an event is noted once, and a delivery is claimed by one of them."""

import pytest
from django.db import transaction
from django.utils import timezone

from pledges.actions import deliveries, destinations
from pledges.models import Delivery, Destination
from pledges.queries.destination_events import EventFinder
from pledges.tests.support import factories
from pledges.tests.support.together import Other


def both(work) -> list:
    """What two sessions at once get of it."""
    workers = [Other(work) for _worker in range(2)]
    for worker in workers:
        worker.join()
        assert worker.error is None
    return [worker.answer for worker in workers]


@pytest.mark.django_db(transaction=True)
def test_two_workers_note_an_event_once_and_one_of_them_claims_it():
    now = timezone.now()
    destination = factories.DestinationFactory(events=["lead"], since=now)
    lead = factories.LeadFactory(score=0.9, raised_at=now)
    both(lambda: deliveries.note_new(destination=destination, finder=EventFinder(now=now)))
    delivery = Delivery.objects.get()
    assert delivery.key == str(lead.pk)
    other = factories.DeliveryFactory(noted_at=now)
    claimed = both(lambda: deliveries.claim(now=now))
    expected = {destination: [delivery], other.destination: [other]}
    assert claimed in ([expected, {}], [{}, expected])
    factories.DeliveryFactory(destination=destination, noted_at=now)
    assert deliveries.claim(now=now) == {}, "its destination is being sent to"
    assert deliveries.claim(now=now + deliveries.LEASE) != {}


@pytest.mark.django_db(transaction=True)
def test_whoever_turns_a_destination_off_and_whoever_records_an_answer_do_not_wait_for_each_other():
    now = timezone.now()
    failed = {"failure": "It is away.", "now": now}
    for act in (
        lambda row: deliveries.record_sent(delivery=row, now=now),
        lambda row: deliveries.record_failed(delivery=row, **failed),
        lambda row: deliveries.record_gone(delivery=row, **failed),
        lambda row: destinations.delete(destination=row.destination),
    ):
        delivery = factories.DeliveryFactory(noted_at=now)
        with transaction.atomic():
            row = Destination.objects.select_for_update().get(pk=delivery.destination_id)
            other = Other(lambda act=act, delivery=delivery: act(delivery))
            other.waits_for_us()
            row.active = False
            destinations.change(destination=row, fields={"active"}, now=now)
        other.join()
        assert other.error is None
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dead"}


@pytest.mark.django_db
def test_a_worker_notes_nothing_for_a_destination_that_was_turned_off_or_narrowed_meanwhile():
    now = timezone.now()
    factories.LeadFactory(score=0.9, raised_at=now)
    off, narrowed, weaker = factories.DestinationFactory.create_batch(3, events=["lead"], since=now)
    Destination.objects.filter(pk=off.pk).update(active=False)
    Destination.objects.filter(pk=narrowed.pk).update(events=["edition"])
    Destination.objects.filter(pk=weaker.pk).update(least_percent=95)
    finder = EventFinder(now=now)
    assert [deliveries.note_new(destination=row, finder=finder) for row in (off, narrowed, weaker)] == [0, 0, 0]


@pytest.mark.django_db
def test_what_the_old_address_answers_says_nothing_of_the_new_one():
    now = timezone.now()
    delivery = factories.DeliveryFactory(noted_at=now)
    for record in (deliveries.record_failed, deliveries.record_gone):
        [[claimed]] = deliveries.claim(now=now).values()
        destination = Destination.objects.get()
        destination.address = f"https://{record.__name__.replace('_', '-')}.example/"
        destinations.change(destination=destination, fields={"address"}, now=timezone.now())
        record(delivery=claimed, failure="It is gone.", now=now)
        destination.refresh_from_db(), delivery.refresh_from_db()
        assert (destination.active, destination.failing_since, destination.failure) == (True, None, "")
        assert (delivery.state, delivery.attempts, delivery.claimed_until) == ("waiting", 0, None)
    assert deliveries.claim(now=now) == {destination: [delivery]}, "it is tried at the new address"


@pytest.mark.django_db
def test_of_a_failing_destination_only_one_is_tried():
    now = timezone.now()
    failing = factories.DestinationFactory(failing_since=now, failure="It is away.")
    oldest, _other = factories.DeliveryFactory.create_batch(2, destination=failing, noted_at=now)
    assert deliveries.claim(now=now) == {failing: [oldest]}
