"""Two workers at once: an event is noted once, and a delivery is claimed by one of them."""

import pytest
from django.utils import timezone

from pledges.actions import deliveries
from pledges.models import Delivery
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


@pytest.mark.django_db
def test_of_a_failing_destination_only_one_is_tried():
    now = timezone.now()
    failing = factories.DestinationFactory(failing_since=now, failure="It is away.")
    oldest, _other = factories.DeliveryFactory.create_batch(2, destination=failing, noted_at=now)
    assert deliveries.claim(now=now) == {failing: [oldest]}
