"""Evidence that stays: what is published is captured, its sentence located, its link looked at. All times are UTC.

A fetch that fails is not a page that disappeared. A link is dead only when its site said that the page is not there
(404, 410) at two looks on different days, or when the site could not be reached or was broken at three looks or more
over at least seven days on which the watch did reach others. When it answers again, it is alive.
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

CLAIM = timedelta(
    minutes=6
)  # longer than a task may run, so that a claim outlives its worker only when that was killed
WEEK = timedelta(days=7)
AWAY_LOOKS = 3
# Looks after the first failure; then weekly. The third failed look is later than seven days after the first.
AGAIN = (timedelta(hours=20), timedelta(days=6, hours=20))
ARCHIVE_LOCK = 5_309_211
ARCHIVE_ATTEMPTS = 6
ARCHIVE_FIRST_WAIT, ARCHIVE_LONGEST_WAIT = timedelta(minutes=30), timedelta(days=2)
UNKEPT_HEADERS = frozenset({"set-cookie", "set-cookie2"})  # of a visit, not of a page


@dataclass(frozen=True)
class Look:
    """What a look at a link found.

    `verdict` is "alive" (a good answer), "gone" (404 or 410), "away" (unreachable, or an error of its own) or
    "unsure" (refused, too large, kept from us by robots.txt: it says nothing about the page). `failure` says why.
    """

    verdict: str
    failure: DeferredMessage | str = ""


def keep_evidence_of(*, updates: Iterable[Update], now: datetime) -> None:
    """Have the watch keep each piece of evidence of what is being published; in that same transaction."""
    pieces = Evidence.objects.filter(update__in=updates, preservation=None)
    Preservation.objects.bulk_create(
        [Preservation(evidence=piece, capture_id=piece.capture_id, due_at=now) for piece in pieces],
        ignore_conflicts=True,
    )


@transaction.atomic
def claim_evidence(*, now: datetime, not_hosts: Iterable[str] = ()) -> Preservation | None:
    """Claim the row that has waited longest for a look, of a host that is not among `not_hosts`, if there is one."""
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
        row.claimed_until = now + CLAIM
        row.save(update_fields=["claimed_until"])
    return row


def store_capture(
    *, url: str, body: bytes, content_type: str, headers: dict[str, str], status: int, now: datetime
) -> Capture:
    """The capture of these bytes of this address; the same bytes are stored once."""
    kept, _created = Capture.objects.get_or_create(
        url=url,
        sha256=hashlib.sha256(body).hexdigest(),
        defaults={
            "captured_at": now,
            "status": status,
            "headers": {name: value for name, value in headers.items() if name.lower() not in UNKEPT_HEADERS},
            "content_type": content_type[:200],
            "body": gzip.compress(body, mtime=0),
            "size": len(body),
        },
    )
    return kept


@transaction.atomic
def record_look(
    *,
    preservation: Preservation,
    look: Look,
    now: datetime,
    capture: Capture | None = None,
    sentence_at: int | None = None,
) -> None:
    """Note what a look at a link found, with the capture that is kept and where the sentence stands in it, if known.

    `sentence_at` of None leaves it as it was. What was captured stays, whatever becomes of the link.
    """
    row = Preservation.objects.select_for_update().get(pk=preservation.pk)
    before = _shown(row)
    if capture is not None:
        row.capture = capture
    if sentence_at is not None:
        row.sentence_at = sentence_at
    row.claimed_until = None
    if look.verdict == "unsure":  # as if nobody had looked, but for what is shown at the desk
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
        # Our own connection is as likely the reason: this look says nothing.
        row.failure = row.failure or look.failure
        row.due_at = now + AGAIN[0]
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
    steps = AGAIN if look.verdict == "away" else (timedelta(hours=26),)
    row.due_at = now + (steps[row.attempts - 1] if row.attempts <= len(steps) else WEEK)


def _we_reach_others(row: Preservation, now: datetime) -> bool:
    """Whether the watch reached anybody else within a day: without that, a host that is away says nothing of itself."""
    day_ago = now - timedelta(days=1)
    if Source.objects.filter(sample=False, last_success_at__gte=day_ago).exists():
        return True
    return Preservation.objects.filter(failure="", checked_at__gte=day_ago).exclude(pk=row.pk).exists()


def release_evidence(*, preservation: Preservation, failure: DeferredMessage | str, now: datetime) -> None:
    """Put a row back whose look failed for a reason of our own; it is tried again the next day."""
    Preservation.objects.filter(pk=preservation.pk).update(
        claimed_until=None, due_at=now + timedelta(days=1), failure=failure
    )


# --- the public archive ---------------------------------------------------------------------------------------------


@transaction.atomic
def claim_archiving(*, now: datetime) -> Preservation | None:
    """Claim the one piece of evidence whose turn with the public archive it is; None while another has its turn.

    What the archive is at work on comes first. It is asked for one thing at a time, whatever the number of workers.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ARCHIVE_LOCK])
        if not cursor.fetchone()[0]:
            return None
    waiting = Preservation.objects.filter(archive_url="", failing_since=None, checked_at__isnull=False)
    own = settings.SAMPLE_NEWSWIRE
    if own:
        waiting = waiting.exclude(evidence__url__startswith=own)
    at_work = waiting.exclude(archive_job="").order_by("archive_due_at").select_related("evidence").first()
    if at_work and at_work.archive_due_at and at_work.archive_due_at > now:
        return None
    row = at_work or (
        waiting.filter(archive_attempts__lt=ARCHIVE_ATTEMPTS)
        .filter(Q(archive_due_at=None) | Q(archive_due_at__lte=now))
        .select_related("evidence")
        .order_by("archive_due_at", "pk")
        .first()
    )
    if row:  # if this worker is killed, the next one comes after this
        row.archive_due_at = now + timedelta(minutes=5)
        row.save(update_fields=["archive_due_at"])
    return row


def record_archive_job(*, preservation: Preservation, job: str, now: datetime) -> None:
    """Note that the archive has taken the address on, as `job`."""
    Preservation.objects.filter(pk=preservation.pk).update(
        archive_job=job[:100], archive_due_at=now + timedelta(minutes=1), archive_failure=""
    )


@transaction.atomic
def record_archived(*, preservation: Preservation, url: str, at: datetime, now: datetime) -> None:
    """Note where the archive has put the page, and when it took it (`at`)."""
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
    """Note why the archive did not take a page, and put it off: twice as long each time, then given up.

    With `for_all` (it asks us to come less often, or is broken), every other page waits as well, at least
    `retry_after` seconds.
    """
    row = Preservation.objects.select_for_update().get(pk=preservation.pk)
    wait = min(ARCHIVE_FIRST_WAIT * 2 ** min(row.archive_attempts, 10), ARCHIVE_LONGEST_WAIT)
    wait = max(wait, timedelta(seconds=min(retry_after or 0, 7 * 86_400)))
    row.archive_failure, row.archive_job, row.archive_due_at = (
        reason or deferred_message("No reason was given."),
        "",
        now + wait,
    )
    if not for_all:  # its own fault, not the hour's
        row.archive_attempts += 1
    row.save(update_fields=["archive_failure", "archive_job", "archive_due_at", "archive_attempts"])
    if for_all:
        Preservation.objects.filter(archive_url="", archive_job="").filter(
            Q(archive_due_at=None) | Q(archive_due_at__lt=now + wait)
        ).update(archive_due_at=now + wait)


# --- what readers see -----------------------------------------------------------------------------------------------


def _shown(row: Preservation) -> tuple:
    return row.dead_since, row.capture_id, row.sentence_found, row.archive_url


def _note_change(row: Preservation, before: tuple, now: datetime) -> None:
    """Make pages that readers see turn when what they say of this evidence is another now."""
    if _shown(row) != before:
        row.changed_at = now
        transaction.on_commit(pulse.refresh)
