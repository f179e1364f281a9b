"""Evidence that stays: published links are looked at and captured, and handed to a public archive where one is set."""

import gzip
import logging
import time
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import urllib3
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from pledges.actions import preservation, watch
from pledges.jobs import web
from pledges.models import Capture, Preservation
from pledges.watch import isolation
from pledges.watch.sources import quote_location
from pledges.watch.web import client
from pledges.watch.web import wayback as web_wayback

log = logging.getLogger(__name__)
SECONDS = 120.0  # of claiming in one turn; the rest waits in its rows for the next
GONE = frozenset({404, 410})
AWAY = frozenset({"unreachable", "timeout", "robots_away"})


@shared_task(name="pledges.tasks.keep_evidence")
def keep_evidence() -> None:
    """Every few minutes, from beat: look at the links that are due, one a host, and keep what they show."""
    end = time.monotonic() + SECONDS
    hosts: set[str] = set()
    while time.monotonic() < end and (row := preservation.claim_evidence(now=timezone.now(), not_hosts=hosts)):
        hosts.add(urlsplit(row.evidence.url).netloc.lower())
        try:
            _look(row)
        except Exception as error:  # ours, not theirs: without a mark it would be tried for ever and nobody be told
            log.exception("Evidence %s cannot be kept", row.evidence.url)
            preservation.release_evidence(
                preservation=row, failure=web.internal_error_message(error), now=timezone.now()
            )


def _look(row: Preservation) -> None:
    url, now = row.evidence.url, timezone.now()
    try:
        # The first look is the editor's, who has just published this page as evidence; those that follow are our own.
        got = web.get_with_leave(url) if row.checked_at else web.get(url)
    except client.FetchError as error:
        # What a lead brought along was captured when it was read: the sentence is looked for in that.
        at = _located(row, row.capture) if row.capture and row.sentence_at is None else None
        look = preservation.Look(_verdict(error), error.sentence)
        preservation.record_look(preservation=row, look=look, now=timezone.now(), sentence_at=at)
        return
    kept, at = row.capture, row.sentence_at
    if kept and at is None:
        at = _located(row, kept)
    if not kept or (at == -1 and not row.evidence.capture_id):
        # Nothing is kept yet, or a page without the sentence: a consent notice, an article that was still being made.
        found = _sentence_at(row, got.body, url=got.url, content_type=got.content_type)
        if not kept or (found is not None and found >= 0):
            kept, at = _store(url, got, now), found
    preservation.record_look(
        preservation=row, look=preservation.Look("alive"), now=timezone.now(), capture=kept, sentence_at=at
    )


def _store(url: str, got: client.Fetched, now: datetime) -> Capture:
    return preservation.store_capture(
        url=url, body=got.body, content_type=got.content_type, headers=got.headers, status=got.status, now=now
    )


def _located(row: Preservation, capture: Capture) -> int | None:
    body = gzip.decompress(capture.body)
    return _sentence_at(row, body, url=capture.url, content_type=capture.content_type)


def _sentence_at(row: Preservation, body: bytes, *, url: str, content_type: str) -> int | None:
    """As `locating.locate_in`; None as well where the page takes too long or too much memory to read."""
    try:
        return isolation.call(quote_location.locate_in, row.evidence.sentence, body, url=url, content_type=content_type)
    except isolation.IsolationError as error:
        log.info("The sentence cannot be looked for in %s: %s", url, error)
        return None


def _verdict(error: client.FetchError) -> str:
    if error.status in GONE and error.reason == "http_status":
        return "gone"
    if error.reason in AWAY or (error.reason == "http_status" and (error.status or 0) >= 500):
        return "away"
    return "unsure"


@shared_task(name="pledges.tasks.archive_evidence")
def archive_evidence() -> None:
    """Every two minutes, from beat, where WAYBACK is on: one step with the public archive, for one page at a time."""
    if not settings.WAYBACK:
        return
    now = timezone.now()
    row = preservation.claim_archiving(now=now)
    if row is None:
        return
    wayback = web_wayback.Archive(_ask_archive, keys=settings.WAYBACK_KEYS, home=settings.WAYBACK_HOME)
    try:
        if not row.archive_job:
            job = wayback.save(row.evidence.url)
            preservation.record_archive_job(preservation=row, job=job, now=now)
        elif saved := wayback.saved(row.archive_job):
            preservation.record_archived(preservation=row, url=saved.url, at=saved.at, now=now)
    except web_wayback.ArchiveError as error:
        log.info("Not archived: %s: %s", row.evidence.url, error)
        preservation.record_archive_failure(
            preservation=row, reason=error.sentence, now=now, retry_after=error.retry_after, for_all=error.for_all
        )


def _ask_archive(method: str, address: str, headers: dict[str, str], fields: dict[str, str]) -> web_wayback.Answer:
    headers = headers | {"User-Agent": settings.WATCH_USER_AGENT}
    with urllib3.PoolManager(timeout=urllib3.Timeout(connect=10, read=60), retries=False) as pool:
        try:
            if method == "POST":
                got = pool.request(method, address, headers=headers, fields=fields, encode_multipart=False)
            else:
                got = pool.request(method, address, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise OSError(str(error)) from error
        return web_wayback.Answer(got.status, {name.lower(): value for name, value in got.headers.items()}, got.data)


@shared_task(name="pledges.tasks.drop_unused")
def drop_unused() -> None:
    """Every night, from beat: drop the texts of old articles that concerned no pledge."""
    if settings.KEEP_UNUSED_DAYS <= 0:
        return
    before = timezone.now() - timedelta(days=settings.KEEP_UNUSED_DAYS)
    total = 0
    while dropped := watch.drop_unused_texts(before=before):
        total += dropped
    if total:
        log.info("The texts of %d articles that concerned no pledge were dropped", total)
