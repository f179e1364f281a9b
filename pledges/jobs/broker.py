"""Messages to the workers."""

import logging

from celery import Task
from kombu.exceptions import OperationalError

from pledges.queries import pulse

log = logging.getLogger(__name__)
NO_BROKER = (*pulse.UNREACHABLE, OperationalError)


def enqueue(task: Task, *arguments: object) -> bool:
    """Send a message and return whether it was sent. A lost one does no harm: the rows keep the work, and beat
    enqueues the tasks every minute."""
    try:
        task.delay(*arguments)
    except NO_BROKER as error:
        log.warning("The broker cannot be reached: %s", error)
        return False
    return True
