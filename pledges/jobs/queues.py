"""The messages that wait in the broker, by queue."""

import json
import time
from dataclasses import dataclass

from celery import current_app
from django.conf import settings

from tracker.celery import SENT_AT


@dataclass(frozen=True)
class Queue:
    """How many messages wait, and for how many seconds the oldest has waited; None if nothing waits."""

    messages: int
    oldest_seconds: float | None


def waiting() -> dict[str, Queue]:
    """All queues by their names. Raises the errors of `broker.NO_BROKER`."""
    names = [*settings.WATCH_QUEUES, *settings.PUBLISHING_QUEUES]
    # That for sending, which a broker that hangs does not hold: workers wait by the one for reading.
    with current_app.connection_for_write() as connection:
        pipeline = connection.default_channel.client.pipeline(transaction=False)
        for name in names:
            pipeline.llen(name)
            pipeline.lindex(name, -1)  # messages are put in at the other end
        answers = pipeline.execute()
    return {
        name: Queue(messages, _age(oldest))
        for name, messages, oldest in zip(names, answers[::2], answers[1::2], strict=True)
    }


def _age(message: bytes | None) -> float | None:
    if message is None:
        return None
    sent_at = json.loads(message).get("headers", {}).get(SENT_AT)
    return max(time.time() - sent_at, 0.0) if sent_at else None
