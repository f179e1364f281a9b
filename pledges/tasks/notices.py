"""Notices to staff, each person's in one message: at once every two minutes, or once a day."""

import logging
import smtplib
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from pledges import actions, notices
from pledges.models import User

log = logging.getLogger(__name__)


@shared_task(name="pledges.tasks.send_notices")
def send_notices() -> None:
    """Every two minutes, from beat: note what there is to tell to whom, and send what is ripe.

    Without an e-mail server nothing is noted either: nobody wants the mail of months on the day it is set up.
    """
    if not settings.EMAIL_HOST:
        return
    now = timezone.now()
    people = list(notices.people())
    asked = any(notices.wanted(user, notices.Kind.DUE) for user in people)
    due = list(notices.due_now(today=timezone.localdate(now))) if asked else []
    for user in people:
        actions.note_notices(user=user, keys=notices.keys_for(user, now=now, due=due), now=now)
        _send_to(user, now)


def _send_to(user: User, now: datetime) -> None:
    claimed = actions.claim_notices(user=user, now=now, ripe=lambda notice: notices.ripe(notice, user, now=now))
    if not claimed:
        return
    with translation.override(user.language):
        sections = notices.sections(user, claimed, now=now)
        if sections:
            try:
                _message(user, sections).send()
            except (smtplib.SMTPException, OSError) as error:
                log.warning("The notices to %s cannot be sent, they are tried again: %s", user.pk, error)
                actions.record_unsent(notices=claimed, now=now)
                return
    actions.record_sent(notices=claimed, now=now)


def _message(user: User, sections: list[notices.Section]) -> EmailMultiAlternatives:
    """The message in the active language, as plain text and as simple HTML."""
    count = sum(len(section.lines) + section.more for section in sections)
    subject = ngettext("The desk: %(count)s thing for you", "The desk: %(count)s things for you", count)
    settings_page = notices.address(reverse("admin:pledges_notice_changelist"))
    context = {
        "sections": [
            (section.heading, [(line.words, notices.address(line.path)) for line in section.lines], section.more)
            for section in sections
        ],
        "settings_page": settings_page,
    }
    message = EmailMultiAlternatives(subject % {"count": count}, render_to_string("notices/mail.txt", context))
    message.to = [user.email]
    message.attach_alternative(render_to_string("notices/mail.html", context), "text/html")
    if settings_page:
        message.extra_headers["List-Unsubscribe"] = f"<{settings_page}>"
    return message
