"""What strangers do at the login, done after the answer: the time that it takes would tell which accounts there are.

No row keeps this work. While the broker is away, the web process writes the record itself, which shows in its time, and
sends no link (pledges/accounts/). What is in a broker that is lost is not done.
"""

import logging
from collections.abc import Collection
from smtplib import SMTPException
from urllib.parse import urljoin

import pghistory
from celery import Task, shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from pledges.actions import people
from pledges.models import Act, User

log = logging.getLogger(__name__)


# Not RecordedTask: these tasks do what a request has caused, and the record says so (`by` is the request's context).
@shared_task(name="pledges.tasks.note_attempt", base=Task)
def note_attempt(person: int, act: str, address: str, by: dict[str, object]) -> None:
    """Put an attempt to log in on an account's record; nothing if no account has this key."""
    with pghistory.context(**by):
        for account in User.objects.filter(pk=person):
            people.note_attempt(person=account, act=Act(act), address=address)


@shared_task(name="pledges.tasks.send_reset_links", base=Task)
def send_reset_links(accounts: Collection[int], address: str, site: str, by: dict[str, object]) -> None:
    """Mail the links of the page "Forgotten password" to these accounts, in their languages, and put that on record.

    `site` is the origin of the page. Failures of the mail server are logged, not raised.
    """
    with pghistory.context(**by):
        for person in User.objects.filter(pk__in=accounts, is_active=True).exclude(email=""):
            key = people.make_password_link(person=person, act=Act.ASKED, address=address)
            with translation.override(person.language):
                link = urljoin(site, reverse("account_reset_password_from_key", args=key))
                text = render_to_string("account/email/forgotten_password.txt", {"person": person, "link": link})
                subject = _("A new password for the pledge tracker")
            try:
                send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [person.email])
            except (SMTPException, OSError) as error:
                log.error("The link to set the password of account %s was not sent: %s", person.pk, error)
