"""Reading sources: take leases on what is due, fetch it, parse it, store what is new.

Beat enqueues the tasks every minute. A worker goes on until nothing is due, with up to `AT_ONCE` requests open, and
stores `BATCH` sources in one transaction. It takes leases only as it has room, so that each is fetched at once.
"""

import logging
import math
import time
from collections import deque
from collections.abc import Iterator

from celery import shared_task
from django.utils import timezone

from pledges.actions import address_lookups, broker, clock, leads, leases
from pledges.actions.readings import Reading, record_readings
from pledges.jobs import source_kinds, web
from pledges.jobs.reading import read_articles
from pledges.jobs.source_finder import find_source
from pledges.models import Source
from pledges.queries import pulse
from pledges.watch.sources import feeds
from pledges.watch.web import client

log = logging.getLogger(__name__)
BATCH = 50
AT_ONCE = 250
MOST_PARSED = 10  # answers parsed before the open connections are served again
MOST_MESSAGES = 4  # sent at a time: each starts a worker that goes on until nothing is due
SLOW = frozenset({Source.Kind.SITEMAP, Source.Kind.PAGE})  # slow to parse
SECONDS = 60.0  # for which one task takes leases; the next task takes over


@shared_task(name="pledges.tasks.poll")
def poll() -> None:
    """Every minute, from beat: enqueue as many tasks as there is work for."""
    now = timezone.now()
    clock.end_impossible_waits(now=now)
    leads.wake_leads(today=timezone.localdate(now))
    sources, articles = leases.waiting(now=now)
    for lookup in address_lookups.lost_lookups(now=now):
        broker.enqueue(find_source, lookup)
    for _message in range(min(math.ceil(sources / BATCH), MOST_MESSAGES)):
        broker.enqueue(read_sources)
    for _message in range(min(math.ceil(articles / BATCH), MOST_MESSAGES)):
        broker.enqueue(read_articles)
    pulse.note_poll(now)


@shared_task(name="pledges.tasks.read_sources")
def read_sources() -> None:
    """Read sources until none is due, or until it is the next task's turn."""
    web.allow_next_message(Source)
    readings: list[Reading] = []
    stored_at = time.monotonic()
    with web.FetchBatch() as batch:
        for answers in _lease_and_fetch(batch):
            readings += [_parse(lease.row, answer) for lease, answer in answers]
            if len(readings) >= BATCH or (readings and time.monotonic() - stored_at > 1):
                _store(readings, batch)
                readings, stored_at = [], time.monotonic()
        if readings:
            _store(readings, batch)
    web.enqueue_when_host_free(Source, read_sources)


@shared_task(name="pledges.tasks.read_source")
def read_source(source_id: int) -> None:
    """Read one source now, due or not; does nothing if it is not active or its host is busy."""
    with web.FetchBatch() as batch:
        for lease in leases.claim_source(pk=source_id, now=timezone.now()):
            batch.add(lease)
        while batch:
            if answers := batch.wait():
                _store([_parse(lease.row, answer) for lease, answer in answers], batch)


def _lease_and_fetch(batch: web.FetchBatch) -> Iterator[list[tuple[leases.Lease, web.Answer]]]:
    """Take leases and fetch, until nothing is due or the time is up; yields answers to parse, a few at a time.

    Often there are none. The connections are served between two yields, so the caller should not take long.
    """
    end = time.monotonic() + SECONDS
    more_due = True
    arrived: deque[tuple[leases.Lease, web.Answer]] = deque()
    slow: list[tuple[leases.Lease, web.Answer]] = []
    while more_due or batch or arrived:
        while more_due and len(batch) + len(arrived) + len(slow) <= AT_ONCE - BATCH:
            leased = leases.claim_due_sources(now=timezone.now(), limit=BATCH) if time.monotonic() < end else []
            more_due = bool(leased)
            for lease in leased:
                batch.add(lease)
        arrived.extend(batch.wait(0 if arrived else 0.2))
        ready: list[tuple[leases.Lease, web.Answer]] = []
        for _number in range(min(MOST_PARSED, len(arrived))):
            lease, answer = arrived.popleft()
            if lease.row.kind in SLOW and batch:
                slow.append((lease, answer))  # later: parsing it must not delay the open connections
            else:
                ready.append((lease, answer))
        yield ready
        if not batch:
            arrived.extend(slow)
            slow.clear()


def _parse(source: Source, answer: web.Answer) -> Reading:
    """The reading that an answer gives. A fault of our own is noted at this source and stops no other."""
    try:
        if isinstance(answer, Exception):
            raise answer
        if answer.not_modified:
            return Reading(
                source,
                etag=answer.etag or source.etag,
                last_modified=answer.last_modified or source.last_modified,
                moved_to=answer.permanent_url,
                left_out=source.left_out,
            )
        entries = source_kinds.read(source, answer, now=timezone.now())
        # Validators would bring "not modified", which does not settle a doubt.
        validators = not source_kinds.is_in_doubt(source)
        return Reading(
            source,
            entries,
            etag=answer.etag if validators else "",
            last_modified=answer.last_modified if validators else "",
            moved_to=answer.permanent_url,
        )
    except (client.FetchError, feeds.FeedError) as error:
        if not source.failing_since:  # once, not every minute: the desk shows the rest
            log.info("Source %s fails: %s", source.name, error)
        gone = getattr(error, "status", None) == 410
        retry_after = getattr(error, "retry_after", None)
        return Reading(source, failure=error.sentence, gone=gone, retry_after=retry_after)
    except Exception as error:  # unless the failure is stored, the source is tried for ever and nobody learns of it
        log.exception("Source %s cannot be read", source.name)
        return Reading(source, failure=web.internal_error_message(error))


def _store(readings: list[Reading], batch: web.FetchBatch) -> None:
    new_articles = record_readings(readings=readings, now=timezone.now())
    batch.free()
    if new_articles:
        log.info("%d new articles from %d sources", len(new_articles), len(readings))
        broker.enqueue(read_articles, new_articles)
