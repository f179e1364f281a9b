"""Chat services as destinations at the desk: the form says what an address looks like, and nobody sees one again."""

import pytest
from django.urls import reverse
from kombu.exceptions import OperationalError

from pledges import jobs
from pledges.jobs.messages import chat
from pledges.models import Destination
from pledges.tests.support import chat_services as services
from pledges.tests.support import factories
from pledges.tests.support.chat_services import chat_services

pytestmark = pytest.mark.django_db
ADD = reverse("admin:pledges_destination_add")
LIST = reverse("admin:pledges_destination_changelist")


@pytest.fixture(autouse=True)
def publisher(client, settings):
    settings.MATTERMOST_ORIGINS = ["https://chat.example.org"]
    settings.EMAIL_HOST = "mail.example"
    client.force_login(factories.PublisherFactory())


@pytest.fixture(autouse=True)
def worker(monkeypatch):
    """A worker that takes each message at once."""
    monkeypatch.setattr(jobs.send_test, "delay", jobs.send_test)


def form(**changes) -> dict:
    values = {"kind": "message", "name": "Politics", "address": services.SLACK, "active": "on"}
    return values | {"events": ["lead"], "least_percent": "80", "language": "es"} | changes


def page(name: str, row: Destination) -> str:
    return reverse(f"admin:pledges_destination_{name}", args=[row.pk])


def test_a_chat_service_is_added_tested_and_its_address_is_never_shown(client, monkeypatch):
    answer = client.post(ADD, form(address=f" {services.SLACK}/ "), follow=True)
    row = Destination.objects.get()
    assert (row.address, row.address_mask, row.secret) == (services.SLACK, "https://hooks.slack.com/…", "")
    with chat_services(monkeypatch) as received:
        tested = client.post(page("test", row), follow=True)
    assert "The test was received." in tested.content.decode()
    assert received.addresses == [services.SLACK]
    pages = [answer, tested, *map(client.get, (LIST, page("change", row), page("history", row)))]
    assert not any("SlackSecret" in shown.content.decode() for shown in pages)
    assert "Leave this empty to keep the stored address: https://hooks.slack.com/…" in pages[3].content.decode()


def test_a_test_that_fails_says_why(client, monkeypatch):
    client.post(ADD, form(address=services.TELEGRAM))
    row = Destination.objects.get()
    reason = b'{"ok": false, "description": "Forbidden: bot was kicked from the supergroup chat"}'
    with chat_services(monkeypatch, reason, 403):
        answer = client.post(page("test", row), follow=True).content.decode()
    assert "The test was not received. Telegram refused the message: Forbidden: bot was kicked from the" in answer
    assert "Failing since" in client.get(LIST).content.decode() and "TelegramSecret" not in answer


def test_a_test_that_no_worker_takes_follows_later(client, monkeypatch):
    client.post(ADD, form())
    monkeypatch.setattr(jobs.send_test, "delay", lambda _pk: None)
    monkeypatch.setattr(jobs.destinations, "LONGEST_WAIT", 0.0)
    answer = client.post(page("test", Destination.objects.get()), follow=True).content.decode()
    assert "The test was not answered yet: look at its deliveries in a minute." in answer


def test_a_test_says_that_no_worker_can_be_reached(client, monkeypatch):
    def away(_pk):
        raise OperationalError

    client.post(ADD, form())
    monkeypatch.setattr(jobs.send_test, "delay", away)
    answer = client.post(page("test", Destination.objects.get()), follow=True).content.decode()
    assert "The workers cannot be reached now: the test waits" in answer
    assert jobs.destinations.LONGEST_WAIT > chat.WHOLE_SECONDS, "a slow answer is waited for"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("json://localhost", "A right one looks like https://hooks.slack.com/services/"),
        (f"{services.SLACK}?verify=no", "An address of Slack looks like"),
        ("https://other.example.org/hooks/mattermostsecret", "its operator has to name it"),
        ("mailto://desk@example.org,b@example.org", "One mailbox is written like"),
        ("https://hooks.example/webhook", "This is no address of Slack"),
    ],
)
def test_another_address_is_refused_at_the_form(client, address, message):
    answer = client.post(ADD, form(address=address)).content.decode()
    assert message in answer and not Destination.objects.exists()


def test_the_form_says_where_to_get_an_address_and_what_is_allowed(client, settings):
    text = client.get(ADD).content.decode()
    assert "tgram://123456789:ABC…/-1001234567890" in text and "https://chat.example.org/hooks/…" in text
    settings.MATTERMOST_ORIGINS, settings.EMAIL_HOST = [], ""
    text = client.get(ADD).content.decode()
    assert "No server is allowed here yet" in text and "This tracker sends no e-mail" in text
