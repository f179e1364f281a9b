"""What was set to be published at a time goes out."""

import logging

from celery import shared_task
from django.db import DatabaseError
from django.utils import timezone

from pledges.actions import scheduling

log = logging.getLogger(__name__)


@shared_task(name="pledges.tasks.publish_scheduled")
def publish_scheduled() -> None:
    """Publish all whose time has come, each by itself: one that fails keeps no other waiting, and is tried again."""
    now = timezone.now()
    for kind, pk in scheduling.due_for_publication(now=now):
        try:
            edition = scheduling.publish_if_due(kind=kind, pk=pk, now=now)
        except DatabaseError:
            log.exception("The %s %s was not published at its time; it is tried again in a minute.", kind, pk)
        else:
            if edition:
                log.info("The %s %s was published at its time, in edition %s.", kind, pk, edition.number)
