"""Sources: beat says "look" every minute; workers claim what is due, read many at once and store what is new.

A worker goes on claiming until nothing is due, with up to `AT_ONCE` answers under way, and writes `BATCH` sources in
one transaction. Claims are made only as there is room, so that each is worked on at once.
"""

import logging
import math
import time
from collections import deque

from celery import shared_task
from django.utils import timezone

from pledges.actions import address_lookups, leads, leases
from pledges.actions import readings as reading_actions
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
AT_A_STRETCH = 10  # answers that are read before the connections are looked after again
MOST_MESSAGES = 4  # at a time: each brings a worker that goes on until nothing is due
SLOW = frozenset({Source.Kind.SITEMAP, Source.Kind.PAGE})
SECONDS = 60.0  # how long one task goes on claiming; the next takes over


@shared_task(name="pledges.tasks.poll")
def poll() -> None:
    """Every minute, from beat: say "look" to as many workers as there is work for."""
    now = timezone.now()
    leads.wake_leads(today=timezone.localdate(now))
    sources, articles = leases.waiting(now=now)
    for lookup in address_lookups.lost_lookups(now=now):
        web.enqueue(find_source, lookup)
    for _message in range(min(math.ceil(sources / BATCH), MOST_MESSAGES)):
        web.enqueue(read_sources)
    for _message in range(min(math.ceil(articles / BATCH), MOST_MESSAGES)):
        web.enqueue(read_articles)
    pulse.note_poll(now)


@shared_task(name="pledges.tasks.read_sources")
def read_sources() -> None:
    """Read what is due until nothing is, or until it is the next task's turn."""
    web.looking(Source)
    end = time.monotonic() + SECONDS
    more = True
    with web.FetchBatch() as on_the_way:
        arrived: deque[tuple[leases.Claim, client.Fetched | Exception]] = deque()
        slow: list[tuple[leases.Claim, client.Fetched | Exception]] = []
        done: list[reading_actions.Reading] = []
        written = time.monotonic()
        while more or len(on_the_way) or arrived:
            while more and len(on_the_way) + len(arrived) + len(slow) <= AT_ONCE - BATCH:
                claims = leases.claim_due_sources(now=timezone.now(), limit=BATCH) if time.monotonic() < end else []
                more = bool(claims)
                for claim in claims:
                    on_the_way.add(claim)
            arrived.extend(on_the_way.wait(0 if arrived else 0.2))
            for _one in range(min(AT_A_STRETCH, len(arrived))):
                claim, got = arrived.popleft()
                if claim.row.kind in SLOW and len(on_the_way):
                    slow.append((claim, got))  # it takes its time, and must not hold up what is on its way
                else:
                    done.append(_reading(claim.row, got))
            if not len(on_the_way):
                arrived.extend(slow)
                slow.clear()
            idle = not len(on_the_way) and not arrived
            if len(done) >= BATCH or (done and (idle or time.monotonic() - written > 1)):
                _write(done, on_the_way)
                done, written = [], time.monotonic()
    web.enqueue_when_host_free(Source, read_sources)


@shared_task(name="pledges.tasks.read_source")
def read_source(source_id: int) -> None:
    """Read one source now, whether it is due or not; nothing where it is not watched or its host is busy."""
    with web.FetchBatch() as on_the_way:
        for claim in leases.claim_source(pk=source_id, now=timezone.now()):
            on_the_way.add(claim)
        while len(on_the_way):
            if over := on_the_way.wait():
                _write([_reading(claim.row, got) for claim, got in over], on_the_way)


def _reading(source: Source, got: client.Fetched | Exception) -> reading_actions.Reading:
    """What an answer means for a source; a fault of ours is noted at this one and spoils no other."""
    try:
        if isinstance(got, Exception):
            raise got
        etag, last_modified = got.etag, got.last_modified
        entries, left_out = (), ""
        if got.not_modified:
            left_out = source.left_out
            etag, last_modified = etag or source.etag, last_modified or source.last_modified
        else:
            entries = source_kinds.read(source, got, now=timezone.now())
            if source_kinds.waits_for_another_look(source):
                etag = last_modified = ""  # else the answer would be "not modified", which decides nothing
        return reading_actions.Reading(
            source,
            tuple(entries),
            etag=etag,
            last_modified=last_modified,
            moved_to=got.permanent_url,
            left_out=left_out,
        )
    except (client.FetchError, feeds.FeedError) as error:
        gone = getattr(error, "status", None) == 410
        retry_after = getattr(error, "retry_after", None)
        reading = reading_actions.Reading(source, failure=error.sentence, gone=gone, retry_after=retry_after)
        if not source.failing_since:  # once a spell, not once a minute: the admin shows the rest
            log.info("Source %s fails: %s", source.name, error)
        return reading
    except Exception as error:  # ours, not theirs: without a mark it would be tried for ever and nobody be told
        log.exception("Source %s cannot be read", source.name)
        return reading_actions.Reading(source, failure=web.internal_error_message(error))


def _write(readings: list[reading_actions.Reading], on_the_way: web.FetchBatch) -> None:
    found = reading_actions.record_readings(readings=readings, now=timezone.now())
    on_the_way.free()
    if found:
        log.info("%d new articles from %d sources", len(found), len(readings))
        web.enqueue(read_articles, found)
