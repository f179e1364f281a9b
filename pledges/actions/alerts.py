"""Readers' alerts: asked for, confirmed, ended; and told, each by one worker at a time, without losing what is to tell.

An alert is claimed for some minutes and then told. Only who still holds the claim writes what was told, at once after
the mail server has taken the mail: a worker that dies costs time, and a second mail only if it dies in that instant.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from pledges.models import Alert, Edition, Newsroom

CLAIM = timedelta(minutes=5)
MOST_AT_ONCE = 50  # so that all of a claim are told well before it ends
CONFIRM_WITHIN = timedelta(days=3)
MOST_WAITING = 3  # links to an address that were not followed yet: nobody floods somebody else's mailbox
MOST_FAILURES = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=15), timedelta(days=1)
KEPT_AFTER_CLOSING = timedelta(days=90)  # a tracker that is opened again within that time goes on telling


@transaction.atomic
def ask_for_alert(*, email: str, language: str, kind: str, query: str, now: datetime) -> None:
    """Note that somebody asked for an alert: a mail with the link that confirms it goes out soon.

    Who has it already gets the link again; while `MOST_WAITING` links to the address were not followed, no other is
    sent. Whoever asked cannot tell which. `now` is UTC.
    """
    email = email.lower()
    same = {"email": email, "language": language, "kind": kind, "query": query}
    others = Alert.objects.filter(email=email, confirmed_at=None, created_at__gt=now - CONFIRM_WITHIN)
    if others.exclude(**same).count() >= MOST_WAITING:
        return
    Alert.objects.bulk_create([Alert(**same, created_at=now)], ignore_conflicts=True)
    Alert.objects.filter(**same).update(link_asked_at=now)


@transaction.atomic
def confirm_alert(*, token: str, now: datetime, today: date) -> Alert | None:
    """Let an alert hold from now on: what is published later is told. One that holds already stays as it is.

    None when no alert has this token, or when it was asked for more than three days ago. `today` is the newsroom's.
    """
    alert = Alert.objects.select_for_update().filter(token=token).first()
    if alert is None or (alert.confirmed_at is None and alert.created_at <= now - CONFIRM_WITHIN):
        return None
    if alert.confirmed_at is None:
        alert.confirmed_at, alert.told_on = now, today
        alert.told_edition = Edition.objects.aggregate(last=Max("number"))["last"] or 0
        alert.save(update_fields=["confirmed_at", "told_on", "told_edition"])
    return alert


def end_alert(*, token: str) -> bool:
    """Delete an alert, and with it all that is known of its reader; whether there was one."""
    deleted, _each = Alert.objects.filter(token=token).delete()
    return bool(deleted)


@transaction.atomic
def claim_alerts(*, due: Q, now: datetime) -> list[Alert]:
    """Some alerts of those that are `due`, claimed for five minutes: nobody else gets them meanwhile."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    rows = Alert.objects.select_for_update(skip_locked=True).filter(
        due, free, bounced_at=None, failures__lt=MOST_FAILURES
    )
    claimed = list(rows.order_by("told_edition", "pk")[:MOST_AT_ONCE])
    until = now + CLAIM
    Alert.objects.filter(pk__in=[alert.pk for alert in claimed]).update(claimed_until=until)
    for alert in claimed:
        alert.claimed_until = until
    return claimed


def holds_alert(*, alert: Alert, now: datetime) -> bool:
    """Whether the claim is still ours: not when it took too long, nor when the reader has ended the alert meanwhile."""
    until = alert.claimed_until
    return until is not None and until > now and Alert.objects.filter(pk=alert.pk, claimed_until=until).exists()


def record_alert_link_sent(*, alert: Alert, now: datetime) -> None:
    """Note that the link is out, unless it was asked for once more."""
    _ours(alert).filter(link_asked_at=alert.link_asked_at).update(link_asked_at=None)
    _ours(alert).update(mailed_at=now, claimed_until=None, failures=0)


def record_alerts_told(
    *, alerts: Collection[Alert], edition: int, today: date, mailed_at: datetime | None, closed: bool
) -> None:
    """Note what the readers of these alerts, of one claim, know now: all until an edition, and that the tracker closed.

    `mailed_at` is None when there was nothing to tell them.
    """
    if not alerts:
        return
    told = {"told_edition": edition, "told_on": today, "claimed_until": None}
    told |= {"mailed_at": mailed_at, "failures": 0} if mailed_at else {}
    told |= {"closing_told_on": today} if closed else {}
    claims = {alert.claimed_until for alert in alerts}
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts], claimed_until__in=claims).update(**told)


def record_alert_refused(*, alert: Alert, for_good: bool, now: datetime) -> None:
    """Note that the mail server refused a mail to this address: it is tried again later and later, or never again."""
    failures = alert.failures + 1
    wait = min(FIRST_WAIT * 2**failures, LONGEST_WAIT)
    _ours(alert).update(failures=failures, claimed_until=now + wait, bounced_at=now if for_good else None)


def release_alerts(*, alerts: Collection[Alert]) -> None:
    """Give back what was claimed and not told, since the mail server does not answer: no fault of the addresses."""
    claims = {alert.claimed_until for alert in alerts}
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts], claimed_until__in=claims).update(claimed_until=None)


def drop_alerts(*, now: datetime, today: date) -> int:
    """Delete what nobody waits for: links not followed in three days, addresses that take no mail or refused ten in a
    row, and readers who were told ninety days ago that the tracker is closed. How many."""
    gone = Q(confirmed_at=None, created_at__lte=now - CONFIRM_WITHIN)
    gone |= Q(bounced_at__isnull=False) | Q(failures__gte=MOST_FAILURES)
    if Newsroom.get().is_closed(today):
        gone |= Q(closing_told_on__lte=today - KEPT_AFTER_CLOSING)
    deleted, _each = Alert.objects.filter(gone).delete()
    return deleted


def _ours(alert: Alert) -> QuerySet[Alert]:
    return Alert.objects.filter(pk=alert.pk, claimed_until=alert.claimed_until)
