"""Sending notices to staff, one message for each person: every two minutes, or once a day."""

import logging
import smtplib
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pledges.actions import notices
from pledges.jobs.mail import staff_notices
from pledges.jobs.mail.letter import letter
from pledges.models import User

log = logging.getLogger(__name__)


@shared_task(name="pledges.tasks.send_notices")
def send_notices() -> None:
    """Every two minutes, from beat: store new notices, and send those that are due to be sent.

    Without an e-mail server nothing is stored either: on the day it is set up nobody wants the mail of months.
    """
    if not settings.EMAIL_HOST:
        return
    now = timezone.now()
    people = list(staff_notices.people())
    any_due = any(staff_notices.wanted(user, staff_notices.Kind.DUE) for user in people)
    due = list(staff_notices.due_now(today=timezone.localdate(now))) if any_due else []
    for user in people:
        notices.note_notices(user=user, keys=staff_notices.keys_for(user, now=now, due=due), now=now)
        _send_to(user, now)


def _send_to(user: User, now: datetime) -> None:
    claimed = notices.claim_notices(user=user, now=now, ripe=lambda notice: staff_notices.ripe(notice, user, now=now))
    if not claimed:
        return
    with translation.override(user.language):
        sections = staff_notices.sections(user, claimed, now=now)
        if sections:
            try:
                _message(user, sections).send()
            except (smtplib.SMTPException, OSError) as error:
                log.warning("The notices to %s cannot be sent; they are tried again: %s", user.pk, error)
                notices.record_unsent(notices=claimed, now=now)
                return
    notices.record_sent(notices=claimed, now=now)


def _message(user: User, sections: list[staff_notices.Section]) -> EmailMultiAlternatives:
    """The message in the active language."""
    count = sum(len(section.lines) + section.more for section in sections)
    subject = ngettext("The desk: %(count)s thing for you", "The desk: %(count)s things for you", count)
    settings_page = reverse("admin:pledges_notice_changelist")
    footer = _("You asked for these notices at the desk, and can change or end them there.")
    closing = [staff_notices.Line(footer, ""), staff_notices.Line(_("Your notices"), settings_page)]
    return letter(
        to=user.email, subject=subject % {"count": count}, sections=sections, closing=closing, end=settings_page
    )
