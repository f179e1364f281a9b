"""Work that is due and not done: what the health page and the desk say of a queue that does not move.

Rows say what is due. A queue that has moved meanwhile is at work, however much waits in it. Times are UTC.
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

# Publications are looked for every minute. A task of the watch may run for five minutes; its jobs come after feeds.
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
    """A kind of work, one of LABELS, of which nothing was done `since`, though it was due."""

    kind: str
    since: datetime

    @property
    def sentence(self) -> str:
        """For the desk, in the active language and the newsroom's time."""
        words = {"what": LABELS[self.kind], "when": date_format(localtime(self.since), "DATETIME_FORMAT")}
        return _("Nothing was done since %(when)s of this: %(what)s. Tell whoever runs the tracker.") % words


def late(*, now: datetime) -> Iterator[Late]:
    """What stands still, the most urgent first. Raises redis' and OS errors when the broker does not answer."""
    due = scheduling.publication_due_since(now=now)
    if due and now - due > PUBLICATION:
        yield Late("publication", due)
    else:
        yield from _idle("publication", READING, now)

    if _alerts_wait(now):
        yield Late("mail", now - MAIL)
    else:
        yield from _idle("mail", MAIL, now)

    read = Source.objects.aggregate(last=Max("last_attempt_at"))["last"]
    yield from _waiting("sources", leases.waiting_since(Source, now=now), read, now)
    yield from _waiting("articles", leases.waiting_since(Article, now=now), pulse.last_done("pages"), now)
    yield from _idle("jobs", JOBS, now)


def _waiting(kind: str, due: datetime | None, done: datetime | None, now: datetime) -> Iterator[Late]:
    since = max(filter(None, (due, done)), default=now)
    if due and now - since > READING:
        yield Late(kind, since)


def _idle(queue: str, patience: timedelta, now: datetime) -> Iterator[Late]:
    """A queue into which beat puts something every few minutes, so that it is never empty for long."""
    done = pulse.last_done(queue)
    if done is None:  # no worker has run yet, or the cache was lost: the time counts from now on
        pulse.note_done(queue, now)
    elif now - done > patience:
        yield Late(queue, done)


def _alerts_wait(now: datetime) -> bool:
    """Whether alerts were due some time ago, and no mail went out since. What an address refuses waits by itself."""
    ago = now - MAIL
    if not reader_alerts.mail_works() or Alert.objects.filter(mailed_at__gt=ago).exists():
        return False
    due = Alert.objects.filter(reader_alerts.due(now=ago), failures=0, bounced_at=None)
    return due.exclude(link_asked_at__gt=ago).exists()
