"""Every mail about an account, to somebody who reads Spanish, is in Spanish: ours and those of django-allauth."""

from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse

from pledges.tests.support import factories, mail_worker, spanish

pytestmark = pytest.mark.django_db

PREFIXES = sorted(
    f"{part}/email/{file.name.removesuffix('_message.txt')}"
    for part in ("account", "mfa")
    for file in (Path(allauth.__file__).parent / "templates" / part / "email").glob("*_message.txt")
    if file.name != "base_message.txt"
)


@pytest.fixture
def ana(settings):
    settings.EMAIL_HOST, settings.ACCOUNT_EMAIL_NOTIFICATIONS = "mail.example", True
    return factories.EditorFactory(username="ana", email="ana@news.example", language="es")


def sent() -> list[str]:
    """The faults of all mails that went out."""
    assert mail.outbox
    return [fault for each in mail.outbox for fault in spanish.faults(f"{each.subject}.\n{each.body}")]


def test_an_invitation_and_a_changed_address(client, ana, django_capture_on_commit_callbacks):
    client.force_login(factories.PublisherFactory(username="pablo"))
    client.post(reverse("admin:pledges_user_invite", args=[ana.pk]))
    data = {"username": "ana", "byline": "", "email": "new@news.example", "language": "es", "is_active": "on"}
    data["groups"] = list(ana.groups.values_list("pk", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("admin:pledges_user_change", args=[ana.pk]), data)
    invitation, change = mail.outbox
    assert "Su nombre de usuario es ana" in invitation.body
    assert "pablo cambió la dirección" in change.body
    assert sent() == []


def test_a_forgotten_password(ana):
    mail_worker.forget()
    Client().post(reverse("account_reset_password"), {"email": "ana@news.example"})
    mail_worker.work()
    assert sent() == []


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_mail_that_allauth_can_send(ana, prefix):
    request = RequestFactory().get("/", headers={"User-Agent": "Firefox"})
    request.user = AnonymousUser()
    values = {"request": request, "code": "ABCD", "key": "k", "password_reset_url": "https://x", "username": "ana"}
    values |= {"email": "ana@news.example", "signup_url": "https://x", "deleted_email": "a@b.example"}
    values |= {"activate_url": "https://x", "from_email": "a@b.example", "to_email": "c@d.example"}
    with context.request_context(request):
        get_adapter().send_notification_mail(prefix, ana, values)
    assert sent() == []
