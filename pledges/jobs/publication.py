"""Publication at a set time."""

import logging

from celery import shared_task
from django.db import DatabaseError
from django.utils import timezone

from pledges.actions import scheduling

log = logging.getLogger(__name__)


@shared_task(name="pledges.tasks.publish_scheduled")
def publish_scheduled() -> None:
    """Every minute, from beat: publish the drafts whose time has come. One that fails is tried again."""
    now = timezone.now()
    for kind, pk in scheduling.due_for_publication(now=now):
        try:
            edition = scheduling.publish_if_due(kind=kind, pk=pk, now=now)
        except DatabaseError:
            log.exception("The %s %s could not be published at its time; it is tried again in a minute.", kind, pk)
        else:
            if edition:
                log.info("The %s %s was published at its time, in edition %s.", kind, pk, edition.number)
