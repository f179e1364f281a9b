"""Making the snapshots of editions: of new ones soon after publication, of earlier ones when somebody asks."""

import logging
from time import monotonic

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.cache import cache

from pledges.actions import broker, edition_snapshots
from pledges.models import Edition
from pledges.queries import edition_snapshots as stored_snapshots
from pledges.queries import pulse
from pledges.queries.sealed_rows import NotSealed

log = logging.getLogger(__name__)
ASKED_AGAIN = 300  # seconds after which a message has expired, and another one is sent for the same edition
IMPOSSIBLE_FOR = 86_400  # seconds for which an edition that cannot be rebuilt is not tried again
PUT_OFF_FOR = 900  # seconds for which one that failed otherwise is not tried again


@shared_task(name="pledges.tasks.make_snapshots")
def make_snapshots() -> None:
    """Every minute, from beat: make the snapshots of editions published since the newest that has one."""
    for edition in stored_snapshots.due():
        if not (is_impossible(edition.number) or _noted("put_off", edition.number)):
            _make(edition)


@shared_task(name="pledges.tasks.make_snapshot", expires=ASKED_AGAIN)
def make_snapshot(number: int) -> None:
    """Make the snapshot of an edition that somebody has asked for."""
    for edition in Edition.objects.filter(number=number):
        _make(edition)


def is_impossible(number: int) -> bool:
    """Whether it was found in the last day that the snapshot of an edition cannot be made."""
    return _noted("impossible", number)


def is_requested(number: int) -> bool:
    """Whether a worker has been asked to make the snapshot of an edition, or has failed to, a short time ago."""
    return _noted("asked", number) or _noted("put_off", number)


def request_snapshot(number: int) -> None:
    """Have a worker make the snapshot of an edition; however many ask, by one message in `ASKED_AGAIN` seconds."""
    try:
        if not is_requested(number) and cache.add(_key("asked", number), True, ASKED_AGAIN):
            broker.enqueue(make_snapshot, number)
    except pulse.UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)


def _key(what: str, number: int) -> str:
    return f"snapshot.{what}.{number}"


def _noted(what: str, number: int) -> bool:
    """Whether that is noted of an edition; not while the cache cannot be reached."""
    try:
        return bool(cache.get(_key(what, number)))
    except pulse.UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)
        return False


def _note(what: str, number: int, seconds: int) -> None:
    try:
        cache.set(_key(what, number), True, seconds)
    except pulse.UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)


def _make(edition: Edition) -> None:
    """Make the snapshot of an edition; of a failure there are a line in the log and a note for the next time.
    Raises SoftTimeLimitExceeded."""
    started = monotonic()
    try:
        if edition_snapshots.make(edition):
            log.info("The snapshot of edition %s was made.", edition.number)
            pulse.refresh()
    except NotSealed as error:
        log.error("No snapshot of edition %s can be made: %s.", edition.number, error)  # it says all
        _note("impossible", edition.number, IMPOSSIBLE_FOR)
    except SoftTimeLimitExceeded:  # ends the task; the next one goes on with this edition, unless it alone is too much
        if monotonic() - started > settings.CELERY_TASK_SOFT_TIME_LIMIT / 2:
            _note("put_off", edition.number, PUT_OFF_FOR)
        raise
    except Exception:  # ends this edition only
        log.exception("The snapshot of edition %s could not be made.", edition.number)
        _note("put_off", edition.number, PUT_OFF_FOR)
