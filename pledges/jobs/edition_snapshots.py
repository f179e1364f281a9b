"""Making the snapshots of editions: of new ones soon after publication, of earlier ones when somebody asks."""

import logging

from celery import shared_task
from django.core.cache import cache

from pledges.actions import edition_snapshots
from pledges.jobs import web
from pledges.models import Edition
from pledges.queries import edition_snapshots as stored_snapshots
from pledges.queries import pulse
from pledges.queries.sealed_rows import NotSealed

log = logging.getLogger(__name__)
ASKED_AGAIN = 60  # seconds after which another message is sent for the same edition
IMPOSSIBLE_FOR = 86_400  # seconds for which an edition that cannot be rebuilt is not tried again


@shared_task(name="pledges.tasks.make_snapshots")
def make_snapshots() -> None:
    """Every minute, from beat: make the snapshots of editions published since the newest that has one."""
    for edition in stored_snapshots.due():
        _make(edition)


@shared_task(name="pledges.tasks.make_snapshot")
def make_snapshot(number: int) -> None:
    """Make the snapshot of an edition that somebody has asked for."""
    for edition in Edition.objects.filter(number=number):
        _make(edition)


def request_snapshot(number: int) -> bool:
    """Have a worker make the snapshot of an edition, and return whether it may come: False if it was found a short time
    ago that it cannot be made. However many ask, there is one message a minute."""
    try:
        if cache.get(f"snapshot.impossible.{number}"):
            return False
        if cache.add(f"snapshot.asked.{number}", True, ASKED_AGAIN):
            web.enqueue(make_snapshot, number)
    except pulse.UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)
    return True


def _make(edition: Edition) -> None:
    try:
        if edition_snapshots.make(edition):
            log.info("The snapshot of edition %s was made.", edition.number)
            pulse.refresh()
    except NotSealed as error:
        log.error("No snapshot of edition %s can be made: %s.", edition.number, error)  # it says all
        try:
            cache.set(f"snapshot.impossible.{edition.number}", True, IMPOSSIBLE_FOR)
        except pulse.UNREACHABLE as unreachable:
            log.warning("The cache cannot be reached: %s", unreachable)
