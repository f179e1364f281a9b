"""Readers' alerts: requested, confirmed, ended, and mailed by one worker at a time.

A worker leases an alert for some minutes, mails it, and records what it mailed at once after the mail server has taken
the message, if it still has the lease. A worker that dies costs time, and a second mail only if it dies just then.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from pledges.models import Alert, Edition, Newsroom

LEASE = timedelta(minutes=5)
MOST_AT_ONCE = 50  # so that all of them are mailed well before the lease ends
CONFIRM_WITHIN = timedelta(days=3)
MOST_WAITING = 3  # unconfirmed alerts of one address: nobody can flood somebody else's mailbox
MOST_FAILURES = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=15), timedelta(days=1)
KEPT_AFTER_CLOSING = timedelta(days=90)  # a tracker that is reopened within that time goes on mailing


@transaction.atomic
def ask_for_alert(*, email: str, language: str, kind: str, query: str, now: datetime) -> None:
    """Store a request for an alert: a mail with the link that confirms it goes out soon. `now` is UTC.

    If the address has this alert already, the link is sent again. While `MOST_WAITING` other links to the address were
    not followed, none is sent. The caller cannot tell these cases apart, so an address's alerts stay private.
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
    """Confirm an alert: what is published from now on is mailed. A confirmed one stays as it is.

    None if no alert has this token, or if the unconfirmed request is more than three days old. `today` is a day of the
    newsroom's calendar.
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
    """Delete an alert, and with it all that is known of its reader. False if no alert has this token."""
    deleted, _by_model = Alert.objects.filter(token=token).delete()
    return bool(deleted)


@transaction.atomic
def claim_alerts(*, due: Q, now: datetime) -> list[Alert]:
    """Lease up to `MOST_AT_ONCE` of the alerts that match `due`, for five minutes."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    rows = Alert.objects.select_for_update(skip_locked=True).filter(
        due, free, bounced_at=None, failures__lt=MOST_FAILURES
    )
    leased = list(rows.order_by("told_edition", "pk")[:MOST_AT_ONCE])
    until = now + LEASE
    Alert.objects.filter(pk__in=[alert.pk for alert in leased]).update(claimed_until=until)
    for alert in leased:
        alert.claimed_until = until
    return leased


def holds_alert(*, alert: Alert, now: datetime) -> bool:
    """Whether the worker still has the lease: not if it took too long, or if the reader has ended the alert."""
    until = alert.claimed_until
    return until is not None and until > now and Alert.objects.filter(pk=alert.pk, claimed_until=until).exists()


def record_alert_link_sent(*, alert: Alert, now: datetime) -> None:
    """Record that the link was mailed; a request made since then is kept."""
    _leased([alert]).filter(link_asked_at=alert.link_asked_at).update(link_asked_at=None)
    _leased([alert]).update(mailed_at=now, claimed_until=None, failures=0)


def record_alerts_told(
    *, alerts: Collection[Alert], edition: int, today: date, mailed_at: datetime | None, closed: bool
) -> None:
    """Record, for alerts leased together, that all up to this edition was mailed, and the closing too if `closed`.

    `mailed_at` is None if there was nothing to mail.
    """
    if not alerts:
        return
    fields: dict[str, object] = {"told_edition": edition, "told_on": today, "claimed_until": None}
    if mailed_at:
        fields |= {"mailed_at": mailed_at, "failures": 0}
    if closed:
        fields["closing_told_on"] = today
    _leased(alerts).update(**fields)


def record_alert_refused(*, alert: Alert, for_good: bool, now: datetime) -> None:
    """Record that the mail server refused a mail to this address: retried with backoff, or never if `for_good`."""
    failures = alert.failures + 1
    wait = min(FIRST_WAIT * 2**failures, LONGEST_WAIT)
    _leased([alert]).update(failures=failures, claimed_until=now + wait, bounced_at=now if for_good else None)


def release_alerts(*, alerts: Collection[Alert]) -> None:
    """End the lease of alerts that were not mailed because the mail server does not answer, which is no failure of
    their addresses."""
    _leased(alerts).update(claimed_until=None)


def drop_alerts(*, now: datetime, today: date) -> int:
    """Delete alerts that nobody waits for; returns how many rows.

    These are links not followed within three days, addresses that take no mail or refused ten in a row, and readers
    who were told of the tracker's closing ninety days ago.
    """
    unused = Q(confirmed_at=None, created_at__lte=now - CONFIRM_WITHIN)
    unused |= Q(bounced_at__isnull=False) | Q(failures__gte=MOST_FAILURES)
    if Newsroom.get().is_closed(today):
        unused |= Q(closing_told_on__lte=today - KEPT_AFTER_CLOSING)
    deleted, _by_model = Alert.objects.filter(unused).delete()
    return deleted


def _leased(alerts: Collection[Alert]) -> QuerySet[Alert]:
    """The rows of these alerts, of one lease, that are still under it."""
    leases = {alert.claimed_until for alert in alerts}
    return Alert.objects.filter(pk__in=[alert.pk for alert in alerts], claimed_until__in=leases)
