"""What destinations are told: new events are noted, and what is due is sent, every minute.

The rows are the queue. Each destination has a thread of its own, which stops at its first failure: one that is slow or
dead delays no other, and a worker that is killed leaves rows whose lease ends.
"""

import logging
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeAlias

from celery import shared_task
from django.utils import timezone

from pledges.actions import broker, deliveries, destinations
from pledges.domain.destinations import NotSent
from pledges.domain.messages import deferred_message
from pledges.jobs import webhooks
from pledges.jobs.messages import chat, sending
from pledges.models import Delivery, Destination
from pledges.queries.destination_events import EventFinder

log = logging.getLogger(__name__)
Sender = Callable[[Destination, Sequence[Delivery]], None]
Outcomes: TypeAlias = "SimpleQueue[tuple[list[Delivery], NotSent | None]]"
# How each kind is sent, and how its address is checked before it is stored, which gives the address as it is stored.
# Both raise NotSent, whose sentence holds neither address nor secret, and ask nothing of the database: senders run in
# threads.
SENDERS: dict[str, Sender] = {Destination.Kind.WEBHOOK: webhooks.send, Destination.Kind.MESSAGE: sending.send}
CHECKS: dict[str, Callable[[str], str]] = {
    Destination.Kind.WEBHOOK: webhooks.check,
    Destination.Kind.MESSAGE: sending.check,
}
# The kinds to which deliveries of one event are sent together; to the others each is sent by itself.
TOGETHER: frozenset[str] = frozenset({Destination.Kind.MESSAGE})
# The kinds that the web's processes do not send themselves, a test included: Apprise stays out of them.
BY_WORKERS: frozenset[str] = frozenset({Destination.Kind.MESSAGE})
LONGEST_WAIT = chat.WHOLE_SECONDS + 5.0  # that somebody at the desk waits for a worker, longer than it may take
THREADS = 32
LONGEST_SECONDS = 60.0  # that a thread goes on sending to one destination; the rest is left for the next minute


@shared_task(name="pledges.tasks.send_deliveries")
def send_deliveries() -> None:
    """Every minute, from beat: note what happened, and send what is due."""
    now = timezone.now()
    finder = EventFinder(now=now)
    for destination in Destination.objects.filter(active=True):
        deliveries.note_new(destination=destination, finder=finder)
    send_claimed()


@shared_task(name="pledges.tasks.drop_deliveries")
def drop_deliveries() -> None:
    """Every night, from beat: delete old deliveries, and secrets that sign no longer."""
    now = timezone.now()
    deliveries.drop(now=now, keep=EventFinder(now=now).current_keys())
    destinations.forget_previous_secrets(now=now)


@shared_task(name="pledges.tasks.send_test")
def send_test(pk: int) -> None:
    """Send one delivery, by its id, for which somebody waits at the desk."""
    send_claimed(among=[pk])


def send_and_wait(delivery: Delivery) -> bool:
    """Send a test, and read its row again: it was tried, unless something else is being sent to its destination.

    Messages are sent by a worker, which has loaded what it takes; it is waited for, for at most `LONGEST_WAIT` seconds.
    Returns False if the workers cannot be reached.
    """
    if delivery.destination.kind not in BY_WORKERS:
        send_claimed(among=[delivery.pk])
        delivery.refresh_from_db()
        return True
    end = time.monotonic() + LONGEST_WAIT
    sent = broker.enqueue(send_test, delivery.pk)
    delivery.refresh_from_db()
    while sent and not delivery.attempts and time.monotonic() < end:
        time.sleep(0.2)
        delivery.refresh_from_db()
    return sent


def send_claimed(*, among: Collection[int] | None = None) -> None:
    """Claim what is due (of the deliveries with these ids, if given) and send it; returns when all were tried."""
    claimed = deliveries.claim(now=timezone.now(), among=among)
    if not claimed:
        return
    outcomes: Outcomes = SimpleQueue()
    with ThreadPoolExecutor(min(THREADS, len(claimed)), thread_name_prefix="destination") as threads:
        for destination, waiting in claimed.items():
            threads.submit(_send_in_order, destination, waiting, outcomes)
        running = len(claimed)
        while running:
            tried, error = outcomes.get()
            for delivery in tried:
                try:
                    _record(delivery, error)
                except Exception:  # what came of the others is recorded all the same
                    log.exception("What came of delivery %s could not be recorded.", delivery.pk)
            running -= not tried
    deliveries.release(deliveries=[delivery for waiting in claimed.values() for delivery in waiting])


def _batches(destination: Destination, waiting: list[Delivery]) -> list[list[Delivery]]:
    if destination.kind not in TOGETHER:
        return [[delivery] for delivery in waiting]
    by_event: dict[str, list[Delivery]] = {}
    for delivery in waiting:
        by_event.setdefault(delivery.event, []).append(delivery)
    return list(by_event.values())


def _send_in_order(destination: Destination, waiting: list[Delivery], outcomes: Outcomes) -> None:
    """Send until a sending fails, and put each outcome; one without deliveries says that there are no more."""
    end = time.monotonic() + LONGEST_SECONDS
    try:
        for batch in _batches(destination, waiting):
            if time.monotonic() > end:
                return
            error = _try(destination, batch)
            outcomes.put((batch, error))
            if error:
                return
    finally:
        outcomes.put(([], None))


def _try(destination: Destination, batch: list[Delivery]) -> NotSent | None:
    try:
        SENDERS[destination.kind](destination, batch)
    except NotSent as error:
        return error
    except Exception as error:  # its words may hold the address, so only its kind is stored and logged
        name = type(error).__name__
        log.error("Delivery %s could not be sent: %s", batch[0].pk, name)
        return NotSent(deferred_message("The tracker itself failed on it, please report this: %(error)s", error=name))
    return None


def _record(delivery: Delivery, error: NotSent | None) -> None:
    now = timezone.now()
    if error is None:
        deliveries.record_sent(delivery=delivery, now=now)
    elif error.gone:
        deliveries.record_gone(delivery=delivery, failure=error.sentence, now=now)
    else:
        deliveries.record_failed(delivery=delivery, failure=error.sentence, retry_after=error.retry_after, now=now)
