"""Preservation of published evidence: captured, its sentence located, its link checked. All times are UTC.

A failed fetch does not mean that the page has disappeared. A link is dead only if its site answered that the page is
not there (404, 410) at two checks on different days, or if the site was unreachable or broken at three or more checks
over at least seven days on which the watch reached other sites. When it answers again, it is alive.
"""

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from pledges.domain.messages import DeferredMessage, deferred_message
from pledges.models import Capture, Evidence, Preservation, Source, Update
from pledges.queries import pulse

LEASE = timedelta(minutes=6)  # longer than a task may run: only the lease of a worker that was killed runs out
WEEK = timedelta(days=7)
AWAY_LOOKS = 3
# Waits after the first failed checks; then weekly. The third is later than seven days after the first.
RETRY_AFTER = (timedelta(hours=20), timedelta(days=6, hours=20))
ARCHIVE_LOCK = 5_309_211
ARCHIVE_ATTEMPTS = 6
ARCHIVE_FIRST_WAIT, ARCHIVE_LONGEST_WAIT = timedelta(minutes=30), timedelta(days=2)
DROPPED_HEADERS = frozenset({"set-cookie", "set-cookie2"})  # of the visit, not of the page


@dataclass(frozen=True)
class Look:
    """The result of checking a link.

    `verdict` is "alive" (a good answer), "gone" (404 or 410), "away" (unreachable, or a server error) or "unsure"
    (refused, too large, disallowed by robots.txt: nothing is known about the page). `failure` says why.
    """

    verdict: str
    failure: DeferredMessage | str = ""


def keep_evidence_of(*, updates: Iterable[Update], now: datetime) -> None:
    """Queue each piece of evidence of these updates for preservation. Call it in the transaction of publication."""
    pieces = Evidence.objects.filter(update__in=updates, preservation=None)
    Preservation.objects.bulk_create(
        [Preservation(evidence=piece, capture_id=piece.capture_id, due_at=now) for piece in pieces],
        ignore_conflicts=True,
    )


@transaction.atomic
def claim_evidence(*, now: datetime, not_hosts: Iterable[str] = ()) -> Preservation | None:
    """Lease the row whose check has been due the longest, of a host that is not in `not_hosts`; None if none is due."""
    due = Preservation.objects.filter(due_at__lte=now).filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
    for host in not_hosts:
        due = due.exclude(
            Q(evidence__url__istartswith=f"http://{host}/") | Q(evidence__url__istartswith=f"https://{host}/")
        )
    row = (
        due.select_for_update(of=("self",), skip_locked=True)
        .select_related("evidence__update", "capture")
        .order_by("due_at", "pk")
        .first()
    )
    if row:
        row.claimed_until = now + LEASE
        row.save(update_fields=["claimed_until"])
    return row


def store_capture(
    *, url: str, body: bytes, content_type: str, headers: dict[str, str], status: int, now: datetime
) -> Capture:
    """Store a capture of an address; the same bytes are stored once."""
    capture, _created = Capture.objects.get_or_create(
        url=url,
        sha256=hashlib.sha256(body).hexdigest(),
        defaults={
            "captured_at": now,
            "status": status,
            "headers": {name: value for name, value in headers.items() if name.lower() not in DROPPED_HEADERS},
            "content_type": content_type[:200],
            "body": gzip.compress(body, mtime=0),
            "size": len(body),
        },
    )
    return capture


@transaction.atomic
def record_look(
    *,
    preservation: Preservation,
    look: Look,
    now: datetime,
    capture: Capture | None = None,
    sentence_at: int | None = None,
) -> None:
    """Store the result of checking a link, with the capture and the position of the sentence in it, if known.

    None leaves `capture` and `sentence_at` as they were: a capture stays, whatever becomes of the link.
    """
    row = Preservation.objects.select_for_update().get(pk=preservation.pk)
    before = _shown(row)
    if capture is not None:
        row.capture = capture
    if sentence_at is not None:
        row.sentence_at = sentence_at
    row.claimed_until = None
    if look.verdict == "unsure":  # as if nobody had checked, except for what the desk shows
        row.failure = row.failure if row.dead_since else look.failure
        row.checked_at, row.due_at = now, now + WEEK
    else:
        _judge(row, look, now)
    _note_change(row, before, now)
    row.save()


def _judge(row: Preservation, look: Look, now: datetime) -> None:
    row.checked_at = now
    if look.verdict == "alive":
        row.attempts, row.failure = 0, ""
        row.failing_since = row.gone_since = row.dead_since = None
        row.due_at = now + WEEK
        return
    if look.verdict == "away" and not _we_reach_others(row, now):
        # Our own connection is as likely the reason: this check says nothing.
        row.failure = row.failure or look.failure
        row.due_at = now + RETRY_AFTER[0]
        return
    row.failure = look.failure or deferred_message("No reason was given.")
    row.failing_since = row.failing_since or now
    row.attempts = min(row.attempts + 1, 30_000)
    if look.verdict == "gone":
        row.gone_since = row.gone_since or now
        dead, since = row.gone_since.date() < now.date(), row.gone_since
    else:
        dead, since = row.attempts >= AWAY_LOOKS and now - row.failing_since >= WEEK, row.failing_since
    if dead:
        row.dead_since = row.dead_since or since
    steps = RETRY_AFTER if look.verdict == "away" else (timedelta(hours=26),)
    row.due_at = now + (steps[row.attempts - 1] if row.attempts <= len(steps) else WEEK)


def _we_reach_others(row: Preservation, now: datetime) -> bool:
    """Whether the watch reached any other site within a day: if not, the fault may be our own connection."""
    day_ago = now - timedelta(days=1)
    if Source.objects.filter(sample=False, last_success_at__gte=day_ago).exists():
        return True
    return Preservation.objects.filter(failure="", checked_at__gte=day_ago).exclude(pk=row.pk).exists()


def release_evidence(*, preservation: Preservation, failure: DeferredMessage | str, now: datetime) -> None:
    """End the lease of a row whose check failed for a reason of our own; it is due again the next day."""
    Preservation.objects.filter(pk=preservation.pk).update(
        claimed_until=None, due_at=now + timedelta(days=1), failure=failure
    )


# --- the public archive ---------------------------------------------------------------------------------------------


@transaction.atomic
def claim_archiving(*, now: datetime) -> Preservation | None:
    """Lease the next piece of evidence for the public archive; None if none is due or another is being archived.

    A page that the archive has begun comes first. The archive gets one request at a time, whatever the number of
    workers: an advisory lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ARCHIVE_LOCK])
        if not cursor.fetchone()[0]:
            return None
    waiting = Preservation.objects.filter(archive_url="", failing_since=None, checked_at__isnull=False)
    if settings.SAMPLE_NEWSWIRE:  # the archive cannot read it
        waiting = waiting.exclude(evidence__url__startswith=settings.SAMPLE_NEWSWIRE)
    begun = waiting.exclude(archive_job="").order_by("archive_due_at").select_related("evidence").first()
    if begun and begun.archive_due_at and begun.archive_due_at > now:
        return None
    row = begun or (
        waiting.filter(archive_attempts__lt=ARCHIVE_ATTEMPTS)
        .filter(Q(archive_due_at=None) | Q(archive_due_at__lte=now))
        .select_related("evidence")
        .order_by("archive_due_at", "pk")
        .first()
    )
    if row:  # if this worker is killed, the next one tries after this time
        row.archive_due_at = now + timedelta(minutes=5)
        row.save(update_fields=["archive_due_at"])
    return row


def record_archive_job(*, preservation: Preservation, job: str, now: datetime) -> None:
    """Store that the archive has begun on the address, as `job`."""
    Preservation.objects.filter(pk=preservation.pk).update(
        archive_job=job[:100], archive_due_at=now + timedelta(minutes=1), archive_failure=""
    )


@transaction.atomic
def record_archived(*, preservation: Preservation, url: str, at: datetime, now: datetime) -> None:
    """Store the address of the archived page, and when it was archived (`at`)."""
    row = Preservation.objects.select_for_update().get(pk=preservation.pk)
    before = _shown(row)
    row.archive_url, row.archived_at, row.archive_failure, row.archive_job = url[:1200], at, "", ""
    _note_change(row, before, now)
    row.save()


@transaction.atomic
def record_archive_failure(
    *,
    preservation: Preservation,
    reason: DeferredMessage | str,
    now: datetime,
    retry_after: float | None = None,
    for_all: bool = False,
) -> None:
    """Store why the archive did not take a page, with exponential backoff; after `ARCHIVE_ATTEMPTS` it is given up.

    With `for_all` (the archive limits our requests, or is broken) all other pages wait as well. The wait is at least
    `retry_after` seconds.
    """
    row = Preservation.objects.select_for_update().get(pk=preservation.pk)
    wait = min(ARCHIVE_FIRST_WAIT * 2 ** min(row.archive_attempts, 10), ARCHIVE_LONGEST_WAIT)
    wait = max(wait, timedelta(seconds=min(retry_after or 0, 7 * 86_400)))
    row.archive_failure = reason or deferred_message("No reason was given.")
    row.archive_job, row.archive_due_at = "", now + wait
    if not for_all:  # a failure of this page, not of the archive
        row.archive_attempts += 1
    row.save(update_fields=["archive_failure", "archive_job", "archive_due_at", "archive_attempts"])
    if for_all:
        Preservation.objects.filter(archive_url="", archive_job="").filter(
            Q(archive_due_at=None) | Q(archive_due_at__lt=now + wait)
        ).update(archive_due_at=now + wait)


# --- what readers see -----------------------------------------------------------------------------------------------


def _shown(row: Preservation) -> tuple[object, ...]:
    return row.dead_since, row.capture_id, row.sentence_found, row.archive_url


def _note_change(row: Preservation, before: tuple[object, ...], now: datetime) -> None:
    """Invalidate cached public pages if what they show of this evidence has changed."""
    if _shown(row) != before:
        row.changed_at = now
        transaction.on_commit(pulse.refresh)
