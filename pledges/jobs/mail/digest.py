"""The digest: a daily e-mail to editors about sources that need their attention, and backups that fail."""

import logging
import smtplib
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pledges.actions import health
from pledges.jobs import source_health
from pledges.models import Newsroom, User
from pledges.queries import backups

log = logging.getLogger(__name__)
FIRST_HOUR = 7  # in the newsroom's time zone


@shared_task(name="pledges.tasks.tell_editors")
def tell_editors() -> None:
    """Every hour, from beat: store today's digest if a source or the backup needs attention, and send it.

    Without an e-mail server, or an editor with an address, the digest is only shown at the desk.
    """
    now = timezone.now()
    today = timezone.localtime(now)
    newsroom = Newsroom.get()
    if today.hour < FIRST_HOUR or newsroom.is_closed(today.date()):
        return
    with translation.override(newsroom.main_language):
        if text := "\n\n".join(filter(None, [backups.problem(now=now), _sources(now)])):
            health.keep_digest(day=today.date(), text=text)
        people = User.objects.filter(is_active=True, groups__name__in=["Editor", "Publisher"]).exclude(email="")
        editors = list(people.values_list("email", flat=True).distinct())
        if not settings.EMAIL_HOST or not editors:
            return
        try:
            health.send_digest(day=today.date(), now=now, send=lambda text: _send(text, editors))
        except (smtplib.SMTPException, OSError) as error:
            log.warning("The digest cannot be sent; it is tried again in an hour: %s", error)


def _sources(now: datetime) -> str:
    """The sources that need attention, with where they are at the desk; "" if there are none."""
    if not (lines := source_health.digest(now=now)):
        return ""
    link = f"{settings.SITE_URL}/admin/pledges/source/" if settings.SITE_URL else ""
    return "\n\n".join(filter(None, [_("These sources of the watch need a hand:"), lines, link]))


def _send(text: str, editors: list[str]) -> None:
    EmailMessage(_("The tracker needs a hand"), text, bcc=sorted(set(editors))).send()
