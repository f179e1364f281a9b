"""Work that is overdue, for /readyz and the desk. Times are UTC.

The rows say what is due. A queue in which something was done lately is at work, however much waits in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.actions import leases, scheduling
from pledges.jobs.mail import reader_alerts
from pledges.models import Alert, Article, Source
from pledges.queries import pulse

# How long nothing may be done. Beat looks for publications every minute; a task of the watch may run for five minutes,
# and the queue "jobs" comes after feeds.
PUBLICATION, READING, MAIL, JOBS = (timedelta(minutes=minutes) for minutes in (3, 10, 15, 30))

LABELS = {
    "publication": gettext_lazy("scheduled publications"),
    "mail": gettext_lazy("alerts and notices by e-mail"),
    "sources": gettext_lazy("watched sources to be read"),
    "articles": gettext_lazy("articles to be read"),
    "jobs": gettext_lazy("evidence to be kept, and other work in the background"),
}


@dataclass(frozen=True)
class Late:
    """A kind of work, one of LABELS, that was due and of which nothing was done since `since`."""

    kind: str
    since: datetime

    @property
    def sentence(self) -> str:
        """For the desk, in the active language and the newsroom's time zone."""
        words = {"what": LABELS[self.kind], "when": date_format(localtime(self.since), "DATETIME_FORMAT")}
        return _("Nothing was done since %(when)s of this: %(what)s. Tell whoever runs the tracker.") % words


def late(*, now: datetime) -> Iterator[Late]:
    """The kinds of work that are late, the most urgent first. Raises redis errors and OSError without redis."""
    due = scheduling.publication_due_since(now=now)
    if due and now - due > PUBLICATION:
        yield Late("publication", due)
    else:
        yield from _idle("publication", READING, now)

    if _alerts_wait(now):
        yield Late("mail", now - MAIL)
    else:
        yield from _idle("mail", MAIL, now)

    last_read = Source.objects.aggregate(last=Max("last_attempt_at"))["last"]
    yield from _waiting("sources", leases.waiting_since(Source, now=now), last_read, now)
    yield from _waiting("articles", leases.waiting_since(Article, now=now), pulse.last_done("pages"), now)
    yield from _idle("jobs", JOBS, now)


def _waiting(kind: str, due: datetime | None, done: datetime | None, now: datetime) -> Iterator[Late]:
    since = max(filter(None, (due, done)), default=now)
    if due and now - since > READING:
        yield Late(kind, since)


def _idle(queue: str, patience: timedelta, now: datetime) -> Iterator[Late]:
    """For a queue into which beat puts a message every few minutes."""
    done = pulse.last_done(queue)
    if done is None:  # no worker has run yet, or the cache was lost: count from now on
        pulse.note_done(queue, now)
    elif now - done > patience:
        yield Late(queue, done)


def _alerts_wait(now: datetime) -> bool:
    """Whether alerts are overdue and no mail was sent since. Alerts that their mail server refused do not count."""
    limit = now - MAIL
    if not reader_alerts.mail_works() or Alert.objects.filter(mailed_at__gt=limit).exists():
        return False
    due = Alert.objects.filter(reader_alerts.due(now=limit), failures=0, bounced_at=None)
    return due.exclude(link_asked_at__gt=limit).exists()
