"""Send readers' alerts: links to confirm, changes of editions and of weeks, and that the tracker was closed."""

import logging
import re
import smtplib
import time
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from celery import shared_task
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pledges.actions import alerts
from pledges.domain.dates import written
from pledges.domain.weeks import Week
from pledges.jobs.mail import reader_alerts
from pledges.jobs.mail.letter import letter
from pledges.jobs.mail.staff_notices import Line, Section
from pledges.models import Alert, Newsroom
from pledges.queries import weekly_report
from pledges.queries.standings import standings

log = logging.getLogger(__name__)
WORKING = 50  # seconds; the rest waits for beat's next minute, so that few of these tasks run at the same time
# RFC 3463: x.7 is about policy, for example that our server may not send there. The address itself may be right.
_POLICY = re.compile(rb"^5\.7\.")


@shared_task(name="pledges.tasks.send_alerts")
def send_alerts() -> None:
    """Every minute, from beat: send the alerts that are due, in batches."""
    if not reader_alerts.mail_works():
        return
    until, this = time.monotonic() + WORKING, None
    while time.monotonic() < until:
        now = timezone.now()
        claimed = alerts.claim_alerts(due=reader_alerts.due(now=now), now=now)
        if not claimed:
            return
        if this is None or this.edition != reader_alerts.last_edition():
            this = AlertBatch(now, reader_alerts.last_edition(), Newsroom.get())
        if not _send_batch(claimed, this):
            return


@shared_task(name="pledges.tasks.drop_alerts")
def drop_alerts() -> None:
    """Every hour, from beat: delete alerts that were not confirmed, are refused, or belong to a tracker long closed."""
    now = timezone.now()
    if dropped := alerts.drop_alerts(now=now, today=timezone.localdate(now)):
        log.info("%d alerts were deleted: not confirmed, refused by their mail servers, or long closed.", dropped)


@dataclass
class AlertBatch:
    """The contents of the mails of one round; what several alerts share is computed once."""

    now: datetime
    edition: int
    newsroom: Newsroom
    _changes: dict[int, reader_alerts.Changes] = field(default_factory=dict)
    _words: dict[tuple, str] = field(default_factory=dict)
    _weeks: dict[str, list[Section]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day in the newsroom's calendar."""
        return timezone.localdate(self.now)

    @property
    def closed(self) -> bool:
        """Whether the tracker is closed."""
        return self.newsroom.is_closed(self.today)

    def letter(self, alert: Alert) -> EmailMultiAlternatives | None:
        """The mail for an alert in the active language; None when there is nothing to report."""
        if alert.link_asked_at:
            return self._link(alert)
        if alert.kind == reader_alerts.Kind.WEEK and not self.closed:
            sections = self._week(alert.language)
            subject = f"{_('The week: what changed')}. {weekly_report.title(self._last_week, self._last_week.sunday)}"
        else:
            changes = self._since(alert.told_edition).matching(alert.kind, alert.query)
            sections = reader_alerts.sections(changes, until=self.edition)
            subject = reader_alerts.subject(changes, until=self.edition) if changes else ""
        if self.closed:
            day = {"day": written(self.newsroom.closed_on)}
            intro = [_("This tracker was closed on %(day)s. What it says is as of that day.") % day]
            intro += [self.newsroom.closing_note, _("This is the last mail of this alert.")]
            return self._write(alert, _("This tracker was closed"), intro=intro, sections=sections)
        return self._write(alert, subject, sections=sections) if sections else None

    def _since(self, edition: int) -> reader_alerts.Changes:
        return self._changes.setdefault(edition, reader_alerts.Changes(edition, self.edition, self.today))

    @property
    def _last_week(self) -> Week:
        return Week.of(self.today - timedelta(days=7))

    def _week(self, language: str) -> list[Section]:
        if language not in self._weeks:
            self._weeks[language] = reader_alerts.week_sections(self._last_week, today=self.today)
        return self._weeks[language]

    def _words_of(self, alert: Alert, *, typed: bool) -> str:
        key = alert.kind, alert.query, alert.language, typed
        if key not in self._words:
            public = standings(self.edition, self.today)
            self._words[key] = reader_alerts.words(reader_alerts.stored(alert, public), public, typed=typed)
        return self._words[key]

    def _write(self, alert: Alert, subject: str, *, intro=(), sections=()) -> EmailMultiAlternatives:
        end = reverse("alert_end", args=[alert.token])
        closing = [
            Line(_("You asked %(name)s for this:") % {"name": self.newsroom.name}, ""),
            Line(self._words_of(alert, typed=True), ""),
            Line(_("End this alert, and have your address deleted"), end),
        ]
        lines = [Line(words, "") for words in intro if words]
        message = letter(
            to=alert.email, subject=subject, intro=lines, sections=sections, closing=closing, end=end, one_click=True
        )
        # A mail that is sent twice has the same Message-ID, so mail programs recognise the second copy.
        host = urlsplit(settings.SITE_URL).hostname
        message.extra_headers["Message-ID"] = f"<alert.{alert.pk}.{self.edition}.{self.today:%Y%m%d}@{host}>"
        return message

    def _link(self, alert: Alert) -> EmailMultiAlternatives:
        """The mail with the link to confirm. The address may be a stranger's, so nothing that was typed is in it."""
        end = reverse("alert_end", args=[alert.token])
        name = {"name": self.newsroom.name}
        intro = [
            Line(_("Somebody, probably you, asked %(name)s to write to this address:") % name, ""),
            Line(self._words_of(alert, typed=False), ""),
            Line(_("To begin, open this page and press its button:"), reverse("alert_confirm", args=[alert.token])),
        ]
        no = _("If it was not you, do nothing: you get no such mail, and your address is deleted after three days.")
        closing = [Line(no, ""), Line(_("Delete it now"), end)]
        subject = _("%(name)s: confirm that you want mail") % name
        return letter(to=alert.email, subject=subject, intro=intro, closing=closing, end=end, one_click=True)


def _send_batch(claimed: list[Alert], this: AlertBatch) -> bool:
    """Send the mails of these alerts, one after the other. False when the mail server does not answer."""
    letters, silent = [], []
    for alert in claimed:
        with translation.override(alert.language):
            try:
                message = this.letter(alert)
            except Exception:  # the others are still sent; the lease of this one ends in five minutes
                log.exception("Alert %s cannot be told.", alert.pk)
                continue
        if message:
            letters.append((alert, message))
        else:
            silent.append(alert)
    alerts.record_alerts_told(alerts=silent, edition=this.edition, today=this.today, mailed_at=None, closed=False)
    if not letters:
        return True
    try:
        with mail.get_connection() as connection:
            for alert, message in letters:
                message.connection = connection
                _send(alert, message, this)
    except (smtplib.SMTPException, OSError) as error:
        log.warning("Alerts cannot be sent, they are tried again in a minute: %s", error)
        alerts.release_alerts(alerts=claimed)
        return False
    return True


def _send(alert: Alert, message: EmailMultiAlternatives, this: AlertBatch) -> None:
    """Send one mail if the lease still holds, and record it at once. Raises errors that are not about the address."""
    if not alerts.holds_alert(alert=alert, now=timezone.now()):
        return
    try:
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as error:
        log.warning("The mail of alert %s was refused: %s", alert.pk, type(error).__name__)
        alerts.record_alert_refused(alert=alert, for_good=_for_good(error), now=timezone.now())
        return
    now = timezone.now()
    if alert.link_asked_at:
        alerts.record_alert_link_sent(alert=alert, now=now)
    else:
        alerts.record_alerts_told(
            alerts=[alert], edition=this.edition, today=this.today, mailed_at=now, closed=this.closed
        )


def _for_good(error: Exception) -> bool:
    """Whether the mail server says that the address takes no mail (5xx), not that our server may not send there."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(500 <= code < 600 and not _POLICY.match(text) for code, text in error.recipients.values())
