"""Deliveries: noted once for each destination and event, claimed by one worker, sent or given up. Times are UTC.

The retries follow Standard Webhooks: ten attempts over about three days, each later than the last, with jitter.
"""

import logging
import random
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from pledges.domain import destinations
from pledges.domain.messages import DeferredMessage
from pledges.models import Delivery, Destination, Event
from pledges.queries.destination_events import EventFinder, Found, Payload, ping_payload

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)  # longer than a worker keeps what it has claimed: only that of a killed one runs out
# After the first attempt, the second, …: ten attempts in all.
WAITS = [
    *(timedelta(minutes=minutes) for minutes in (1, 5, 30)),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
]
LONGEST_WAIT = timedelta(days=1)
JITTER = 0.2
MOST_A_DESTINATION = 20  # claimed at once
_LOCK = 5_309_202  # claims are taken one after the other: two at once would select the same rows


def note_new(*, destination: Destination, finder: EventFinder) -> int:
    """Note all events that the destination has not been told of; returns how many there were.

    A kind of event that fails is logged: it neither silences the others nor keeps the destination from being changed.
    """
    count = 0
    for event in destination.events:
        try:
            count += _note_kind(destination=destination.pk, event=Event(event), finder=finder)
        except Exception:
            log.exception("The %s events for destination %s could not be noted.", event, destination.pk)
    return count


@transaction.atomic
def _note_kind(*, destination: int, event: Event, finder: EventFinder) -> int:
    """Note the events of one kind for a destination (by id), unless it was turned off or given other events."""
    row = Destination.objects.select_for_update().filter(pk=destination, active=True).first()
    if row is None or event not in row.events:
        return 0
    found = finder.find(row, event)
    if event == Event.EDITION:
        return _note_editions(destination=row, events=list(found), now=finder.now)
    return _note(destination=row, events=found, now=finder.now)


def _note(*, destination: Destination, events: Iterable[Found], now: datetime) -> int:
    """Store events with their payloads, unless another worker has stored them; how many were given."""
    rows = [_delivery(destination, found.event, found.key, found.payload(), now) for found in events]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=100)
    return len(rows)


def _note_editions(*, destination: Destination, events: Sequence[Found], now: datetime) -> int:
    """As `_note`, for editions in their order; the destination remembers the last."""
    if events:
        _note(destination=destination, events=events, now=now)
        last = int(events[-1].key)
        rows = Destination.objects.filter(pk=destination.pk, noted_edition__lt=last)
        rows.update(noted_edition=last)
    return len(events)


def note_ping(*, destination: Destination, now: datetime) -> Delivery:
    """Store a test for a destination; each is another event."""
    payload = ping_payload(destination=destination, now=now)
    delivery = _delivery(destination, Event.PING, now.isoformat(), payload, now)
    delivery.save()
    return delivery


def _delivery(destination: Destination, event: str, key: str, payload: Payload, now: datetime) -> Delivery:
    return Delivery(
        destination=destination,
        event=event,
        key=key[:100],
        message_id=destinations.new_message_id(),
        payload=payload,
        noted_at=now,
        next_attempt_at=now,
    )


@transaction.atomic
def claim(*, now: datetime, among: Collection[int] | None = None) -> dict[Destination, list[Delivery]]:
    """Lease what is to be sent now, the oldest first: up to twenty for each active destination.

    Of a destination that fails it is only one, so that it is tried without being flooded; none while another worker
    has some of the same destination. `among` are ids of deliveries, to take no others.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            f"""
            SELECT id FROM (
                SELECT d.id, row_number() OVER (PARTITION BY d.destination_id ORDER BY d.noted_at, d.id) AS place,
                    CASE WHEN t.failing_since IS NULL THEN %(most)s ELSE 1 END AS most
                FROM {Delivery._meta.db_table} d
                JOIN {Destination._meta.db_table} t
                    ON t.id = d.destination_id AND (t.active OR d.event = 'ping')
                WHERE d.state = 'waiting' AND d.next_attempt_at <= %(now)s
                    {"" if among is None else "AND d.id = ANY(%(among)s)"}
                    AND NOT EXISTS (
                        SELECT 1 FROM {Delivery._meta.db_table} c
                        WHERE c.destination_id = d.destination_id AND c.claimed_until > %(now)s
                    )
            ) due WHERE place <= most
            """,
            {"now": now, "most": MOST_A_DESTINATION, "among": None if among is None else list(among)},
        )
        pks = [pk for (pk,) in cursor.fetchall()]
    rows = Delivery.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=pks, state="waiting")
    claimed: dict[Destination, list[Delivery]] = {}
    for delivery in rows.select_related("destination").order_by("noted_at", "pk"):
        claimed.setdefault(delivery.destination, []).append(delivery)
    locked = [delivery.pk for deliveries in claimed.values() for delivery in deliveries]
    Delivery.objects.filter(pk__in=locked).update(claimed_until=now + LEASE)
    return claimed


@transaction.atomic
def record_sent(*, delivery: Delivery, now: datetime) -> None:
    """Store that the receiver has it: the destination works."""
    is_address_current = _lock_destination(delivery)
    changed = _waiting(delivery).update(
        state=Delivery.State.SENT,
        sent_at=now,
        last_attempt_at=now,
        attempts=delivery.attempts + 1,
        next_attempt_at=None,
        claimed_until=None,
        failure="",
    )
    if changed and is_address_current:
        rows = Destination.objects.filter(pk=delivery.destination_id)
        rows.update(last_sent_at=now, failing_since=None, failure="")


@transaction.atomic
def record_failed(
    *, delivery: Delivery, failure: DeferredMessage | str, now: datetime, retry_after: float | None = None
) -> None:
    """Store a failed attempt: it is tried again later, or given up after the last of `WAITS`. A test is not repeated.

    `retry_after` are seconds that the receiver asks for, up to a day: of all that waits for it nothing is tried before.
    What an address answered that was replaced meanwhile counts for nothing: it is tried at the new one.
    """
    if not _lock_destination(delivery):
        release(deliveries=[delivery])
        return
    attempts = delivery.attempts + 1
    values = {"attempts": attempts, "last_attempt_at": now, "claimed_until": None, "failure": failure}
    asked = timedelta(seconds=min(retry_after or 0.0, LONGEST_WAIT.total_seconds()))
    if attempts > len(WAITS) or delivery.event == Event.PING:
        values |= {"state": Delivery.State.DEAD, "next_attempt_at": None}
    else:
        wait = WAITS[attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)
        values["next_attempt_at"] = now + max(wait, asked)
    if _waiting(delivery).filter(attempts=delivery.attempts).update(**values):
        _fails(delivery.destination_id, failure, now)
        if asked:
            rows = Delivery.objects.filter(destination=delivery.destination_id, state=Delivery.State.WAITING)
            rows.filter(next_attempt_at__lt=now + asked).update(next_attempt_at=now + asked)


def release(*, deliveries: Iterable[Delivery]) -> None:
    """Give back what was claimed and not tried."""
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries], state="waiting").update(claimed_until=None)


@transaction.atomic
def record_gone(*, delivery: Delivery, failure: DeferredMessage | str, now: datetime) -> None:
    """Store that the receiver says it is gone for good (HTTP 410): nothing more is sent to it.

    That an address is gone which was replaced meanwhile says nothing of the new one, at which it is tried.
    """
    if not _lock_destination(delivery):
        release(deliveries=[delivery])
        return
    if _waiting(delivery).update(attempts=delivery.attempts + 1, last_attempt_at=now, claimed_until=None):
        _fails(delivery.destination_id, failure, now)
        Destination.objects.filter(pk=delivery.destination_id).update(active=False, gone_at=now)
        give_up(destination=delivery.destination_id, failure=failure)


def give_up(*, destination: int, failure: DeferredMessage | str) -> int:
    """Give up all that waits for a destination (by id): it can be replayed. Returns how many there were."""
    waiting = Delivery.objects.filter(destination=destination, state=Delivery.State.WAITING)
    return waiting.update(state=Delivery.State.DEAD, next_attempt_at=None, claimed_until=None, failure=failure)


def replay(*, deliveries: QuerySet[Delivery], now: datetime) -> int:
    """Let dead deliveries to active destinations be sent again, with the same ids; returns how many there were.

    A test is not repeated.
    """
    dead = Delivery.objects.filter(pk__in=deliveries.values("pk"), state="dead", destination__active=True)
    dead = dead.exclude(event=Event.PING)
    return dead.update(state="waiting", attempts=0, next_attempt_at=now)


def drop(*, now: datetime, keep: Collection[tuple[str, str]]) -> int:
    """Delete what was sent or given up WEBHOOK_KEEP_DAYS ago, but none of `keep`, as (event, key); returns how many."""
    before = now - timedelta(days=settings.WEBHOOK_KEEP_DAYS)
    rows = Delivery.objects.alias(given_up_at=Coalesce("last_attempt_at", "noted_at"))
    old = rows.filter(Q(state="sent", sent_at__lt=before) | Q(state="dead", given_up_at__lt=before))
    for event in {event for event, _key in keep}:
        old = old.exclude(event=event, key__in=[key for its_event, key in keep if its_event == event])
    return old.delete()[0]


def _lock_destination(delivery: Delivery) -> bool:
    """Lock the destination's row, before its deliveries as `actions.destinations` does: in another order two of them
    would wait for each other. Returns whether it still has the address to which the delivery was sent.
    """
    rows = Destination.objects.select_for_update().filter(pk=delivery.destination_id)
    return rows.values_list("address_set_at", flat=True).first() == delivery.destination.address_set_at


def _waiting(delivery: Delivery) -> QuerySet[Delivery]:
    """The row, unless another worker has sent it meanwhile, or it was given up."""
    return Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING)


def _fails(destination: int, failure: DeferredMessage | str, now: datetime) -> None:
    rows = Destination.objects.filter(pk=destination)
    rows.filter(failing_since=None).update(failing_since=now, failure=failure)
    rows.update(failure=failure)
