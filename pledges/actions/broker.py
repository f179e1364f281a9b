"""Messages to the workers."""

import logging

from celery import Task, current_app
from kombu.exceptions import OperationalError

from pledges.queries import pulse

log = logging.getLogger(__name__)
NO_BROKER = (*pulse.UNREACHABLE, OperationalError)
MOST_WAITING = 10_000  # in a queue to which strangers cause messages: 10 MB


def enqueue(task: Task, *arguments: object) -> bool:
    """Send a message and return whether it was sent. A lost one does no harm: the rows keep the work, and beat
    enqueues the tasks every minute."""
    try:
        task.delay(*arguments)
    except NO_BROKER as error:
        log.warning("The broker cannot be reached: %s", error)
        return False
    return True


def enqueue_for_stranger(name: str, *arguments: object) -> bool:
    """Send a message to the task `pledges.tasks.<name>`, unless `MOST_WAITING` wait; returns whether it was sent.

    For what must not be seen in the time that an answer takes. No row keeps this work, so the caller says what happens
    if the message is not sent.
    """
    try:
        sent: bool = current_app.send_within(f"pledges.tasks.{name}", arguments, most=MOST_WAITING)
    except NO_BROKER as error:
        log.warning("The broker cannot be reached: %s", error)
        return False
    if not sent:
        log.warning("The message to %s was not sent: %d wait for a worker.", name, MOST_WAITING)
    return sent
