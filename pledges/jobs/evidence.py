"""Preserving evidence: checking and capturing published links, and sending them to a public archive if one is set."""

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
SECONDS = 120.0  # for which one task takes leases; the next task does the rest
GONE = frozenset({404, 410})
AWAY = frozenset({"unreachable", "timeout", "robots_away"})


@shared_task(name="pledges.tasks.keep_evidence")
def keep_evidence() -> None:
    """Every few minutes, from beat: check the links that are due, one per host, and capture their pages."""
    end = time.monotonic() + SECONDS
    hosts: set[str] = set()
    while time.monotonic() < end and (row := preservation.claim_evidence(now=timezone.now(), not_hosts=hosts)):
        hosts.add(urlsplit(row.evidence.url).netloc.lower())
        try:
            _look(row)
        except Exception as error:  # unless the failure is stored, it is tried for ever and nobody learns of it
            log.exception("Evidence %s cannot be kept", row.evidence.url)
            preservation.release_evidence(
                preservation=row, failure=web.internal_error_message(error), now=timezone.now()
            )


def _look(row: Preservation) -> None:
    url, now = row.evidence.url, timezone.now()
    try:
        # The first check follows from an editor's act, publishing the page as evidence; only later ones ask robots.txt.
        answer = web.get_with_leave(url) if row.checked_at else web.get(url)
    except client.FetchError as error:
        # A lead brings the capture of when it was read: the sentence can be located in that.
        at = _locate(row, row.capture) if row.capture and row.sentence_at is None else None
        look = preservation.Look(_verdict(error), error.sentence)
        preservation.record_look(preservation=row, look=look, now=timezone.now(), sentence_at=at)
        return
    capture, at = row.capture, row.sentence_at
    if capture and at is None:
        at = _locate(row, capture)
    if not capture or (at == -1 and not row.evidence.capture_id):
        # There is no capture yet, or one without the sentence: of a consent notice, or of an article being written.
        at_now = _sentence_at(row, answer.body, url=answer.url, content_type=answer.content_type)
        if not capture or (at_now is not None and at_now >= 0):
            capture, at = _store(url, answer, now), at_now
    preservation.record_look(
        preservation=row, look=preservation.Look("alive"), now=timezone.now(), capture=capture, sentence_at=at
    )


def _store(url: str, answer: client.Fetched, now: datetime) -> Capture:
    return preservation.store_capture(
        url=url,
        body=answer.body,
        content_type=answer.content_type,
        headers=answer.headers,
        status=answer.status,
        now=now,
    )


def _locate(row: Preservation, capture: Capture) -> int | None:
    body = gzip.decompress(capture.body)
    return _sentence_at(row, body, url=capture.url, content_type=capture.content_type)


def _sentence_at(row: Preservation, body: bytes, *, url: str, content_type: str) -> int | None:
    """As `quote_location.locate_in`; None also if parsing the page takes too long or too much memory."""
    try:
        at: int | None = isolation.call(
            quote_location.locate_in, row.evidence.sentence, body, url=url, content_type=content_type
        )
    except isolation.IsolationError as error:
        log.info("The sentence cannot be located in %s: %s", url, error)
        return None
    return at


def _verdict(error: client.FetchError) -> str:
    if error.status in GONE and error.reason == "http_status":
        return "gone"
    if error.reason in AWAY or (error.reason == "http_status" and (error.status or 0) >= 500):
        return "away"
    return "unsure"


@shared_task(name="pledges.tasks.archive_evidence")
def archive_evidence() -> None:
    """Every two minutes, from beat, if WAYBACK is on: one request to the public archive, for one page at a time."""
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
                response = pool.request(method, address, headers=headers, fields=fields, encode_multipart=False)
            else:
                response = pool.request(method, address, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise OSError(str(error)) from error
        response_headers = {name.lower(): value for name, value in response.headers.items()}
        return web_wayback.Answer(response.status, response_headers, response.data)


@shared_task(name="pledges.tasks.drop_unused")
def drop_unused() -> None:
    """Every night, from beat: delete the texts of old articles that are about no pledge."""
    if settings.KEEP_UNUSED_DAYS <= 0:
        return
    before = timezone.now() - timedelta(days=settings.KEEP_UNUSED_DAYS)
    total = 0
    while dropped := watch.drop_unused_texts(before=before):
        total += dropped
    if total:
        log.info("Deleted the texts of %d articles that are about no pledge", total)
