"""Messages: what destinations are told in their chat or mailbox, in their language, many at once, and when it fails."""

import logging
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from pledges import jobs
from pledges.actions import deliveries, publishing
from pledges.domain.destinations import NotSent
from pledges.jobs.messages import sending
from pledges.models import Delivery, Destination, Lead
from pledges.tests.support import chat_services as services
from pledges.tests.support import factories
from pledges.tests.support.chat_services import chat_services

pytestmark = pytest.mark.django_db
DESK = "https://pledges.example/admin"


@pytest.fixture(autouse=True)
def tracker(settings):
    settings.SITE_URL = "https://pledges.example"
    settings.MATTERMOST_ORIGINS = ["https://chat.example.org"]
    settings.EMAIL_HOST = "mail.example"


@pytest.fixture
def prisons():
    """A public pledge in progress, and the destinations are added after that."""
    return factories.PublishedUpdateFactory(
        status="in_progress",
        pledge__wording__title_en="Build two prisons",
        pledge__wording__title_es="Construir dos cárceles",
    ).pledge


def destination(address=services.SLACK, **fields) -> Destination:
    """A chat service that is told of everything from now on."""
    edition = factories.models.Edition.objects.count()
    return factories.DestinationFactory(
        kind="message", address=address, secret="", secret_set_at=None, noted_edition=edition, **fields
    )


def lead(pledge, **fields) -> Lead:
    suggestion = {} if "suggestion" in fields else {"suggestion": "change", "suggested_status": "kept"}
    fields = {"score": 0.8, "sentence": "Both are open."} | suggestion | fields
    return factories.LeadFactory(pledge=pledge, raised_at=timezone.now(), **fields)


# --- what is said of each kind of event


def test_a_lead_is_told_with_its_sentence_and_the_status_before_and_after(monkeypatch, prisons):
    destination(events=["lead"], least_percent=75)
    told = lead(prisons, article__title="Doors open", article__publisher="El Faro")
    lead(prisons, score=0.7)
    with chat_services(monkeypatch) as received:
        jobs.send_deliveries()
        jobs.send_deliveries()
    [body] = received.bodies
    assert body["attachments"][0]["title"] == "1 new lead"
    assert body["attachments"][0]["text"].splitlines() == [
        "Build two prisons",
        "“Both are open.”",
        "Doors open (El Faro)",
        "In progress → Kept. Score: 80%",
        f"<{DESK}/pledges/lead/{told.pk}/change/|Decide on the lead>",
    ]


def test_a_lead_that_changes_nothing_says_so(monkeypatch, prisons):
    destination(events=["lead"])
    lead(prisons, suggestion="as_before", suggested_status="")
    lead(prisons, suggestion="", suggested_status="")
    with chat_services(monkeypatch) as received:
        jobs.send_deliveries()
    text = received.bodies[0]["attachments"][0]["text"]
    assert "In progress (as before)" in text and "In progress (nothing said about the status)" in text


def test_a_draft_waits_for_review_with_the_status_that_it_would_set(monkeypatch, prisons):
    destination(events=["review"])
    draft = factories.UpdateFactory(pledge=prisons, status="kept", text_en="What only the newsroom knows yet.")
    factories.EvidenceFactory(update=draft, sentence="The president opened both.")
    publishing.submit_for_review(item=draft, by=draft.author)
    with chat_services(monkeypatch) as received:
        jobs.send_deliveries()
    attachment = received.bodies[0]["attachments"][0]
    assert attachment["title"] == "1 draft waits for review"
    lines = attachment["text"].splitlines()
    assert lines[:2] == ["Build two prisons", f"Update by {draft.author.public_name}"]
    assert lines[-2:] == [
        "In progress → Kept",
        f"<{DESK}/pledges/update/{draft.pk}/change/|Review the draft>",
    ]
    assert any(line.startswith("“") for line in lines) and "newsroom knows" not in attachment["text"]


def test_nothing_of_a_pledge_that_was_never_published_goes_out(monkeypatch):
    destination(events=["lead", "review"])
    pledge = factories.PledgeFactory(slug="secret-plan", wording__title_en="Secret words", wording__title_es="Secreto")
    wording = pledge.wordings.get()
    publishing.submit_for_review(item=wording, by=wording.author)
    lead(pledge)
    with chat_services(monkeypatch) as received:
        jobs.send_deliveries()
    for delivery in Delivery.objects.all():
        data = delivery.payload["data"]
        assert (data["pledge"], data["title"], data["url"], data["deadline"]) == (None, None, None, None)
    stored = f"{list(Delivery.objects.values())} {received}"
    assert "secret-plan" not in stored and "Secret" not in stored.replace("SlackSecret", "")
    texts = [body["attachments"][0]["text"] for body in received.bodies]
    assert len(texts) == 2 and all(text.startswith("A pledge that is not published yet\n") for text in texts)


def test_a_pledge_that_is_due_says_why(monkeypatch, prisons):
    destination(events=["due"])
    later = timezone.now() + timedelta(days=prisons.review_interval_days + 1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with chat_services(monkeypatch) as received:
        jobs.send_deliveries()
    attachment = received.bodies[0]["attachments"][0]
    assert attachment["title"] == "1 pledge is due for another look"
    assert "Nobody has looked at it for longer than its interval.\nIn progress\n" in attachment["text"]
    assert f"<{DESK}/pledges/pledge/{prisons.pk}/change/|Look at the pledge>" in attachment["text"]


def test_an_edition_is_told_with_each_change_and_pages_of_the_site(monkeypatch, prisons):
    destination(events=["edition"])
    number = factories.PublishedUpdateFactory(pledge=prisons, status="kept").edition_id
    with chat_services(monkeypatch) as received:
        jobs.send_deliveries()
    attachment = received.bodies[0]["attachments"][0]
    assert attachment["title"] == f"Edition {number} was published"
    heading, sentence, change, page, _empty, edition = attachment["text"].splitlines()
    assert heading == "Build two prisons" and sentence.startswith("The pledge “Build two prisons” is now kept")
    assert change == "In progress → Kept"
    site = "https://pledges.example/en"
    assert page == f"<{site}/pledges/{prisons.slug}/?edition={number}|Read the pledge>"
    assert edition == f"<{site}/editions/{number}/|Edition {number}>"


def test_messages_are_in_the_destinations_language(monkeypatch, prisons):
    destination(events=["edition"], language="es")
    factories.PublishedUpdateFactory(pledge=prisons, status="kept")
    with chat_services(monkeypatch) as received:
        jobs.send_deliveries()
    text = received.bodies[0]["attachments"][0]["text"]
    assert text.startswith("Construir dos cárceles\n") and "En curso → Cumplida" in text
    assert "https://pledges.example/es/promesas/" in text


# --- many at once


def test_many_leads_of_a_minute_are_one_message_and_none_is_lost(monkeypatch, prisons):
    told = destination(events=["lead"])
    for at in range(12):
        lead(prisons, article__title=f"Story {at}", **({} if at == 11 else {"suggestion": "", "suggested_status": ""}))
    with chat_services(monkeypatch) as received:
        jobs.send_deliveries()
    [body] = received.bodies
    text = body["attachments"][0]["text"]
    assert body["attachments"][0]["title"] == "12 new leads" and text.count("Story ") == 5
    assert text.index("Story 11") < text.index("Story 0")  # what would change a status comes first
    assert text.endswith(f"<{DESK}/pledges/lead/|and 7 more at the desk>")
    assert set(told.deliveries.values_list("state", "attempts")) == {("sent", 1)} and told.deliveries.count() == 12


def test_each_kind_of_event_has_a_message_of_its_own(monkeypatch, prisons):
    destination()
    lead(prisons)
    factories.PublishedUpdateFactory(pledge=prisons, status="kept")
    factories.PublishedUpdateFactory(pledge=prisons, status="in_progress")
    with chat_services(monkeypatch) as received:
        jobs.send_deliveries()
    titles = [body["attachments"][0]["title"] for body in received.bodies]
    assert sorted(title.partition(" ")[0] for title in titles) == ["1", "Editions"]


# --- a mailbox


def test_a_mailbox_gets_the_same_by_the_trackers_own_mail_server(prisons):
    destination(services.EMAIL, events=["lead"])
    told = lead(prisons, article__title="<b>Doors</b>\nBcc: all@example.org")
    jobs.send_deliveries()
    [message] = mail.outbox
    assert message.to == ["desk@example.org"] and message.subject == "1 new lead"
    page = f"{DESK}/pledges/lead/{told.pk}/change/"
    assert "“Both are open.”" in message.body and "In progress → Kept" in message.body and page in message.body
    [(html, _kind)] = message.alternatives
    assert f'href="{page}"' in html and "&lt;b&gt;Doors&lt;/b&gt; Bcc: all@example.org" in html


# --- failures


def test_what_fails_is_kept_and_told_again_and_the_secret_is_nowhere(monkeypatch, caplog, prisons):
    caplog.set_level(logging.DEBUG)
    told = destination(events=["lead"])
    lead(prisons)
    with chat_services(monkeypatch, b"no_service", 404) as received:
        jobs.send_deliveries()
        jobs.send_deliveries()
    assert len(received) == 1
    [waiting] = Delivery.objects.all()
    told.refresh_from_db()
    sentence = "Slack does not know the address (404): it may have been deleted there. Make a new one, and enter it."
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    assert str(waiting.failure) == str(told.failure) == sentence and told.failing_since
    later = waiting.next_attempt_at
    monkeypatch.setattr(timezone, "now", lambda: later)
    with chat_services(monkeypatch) as received:
        jobs.send_deliveries()
    waiting.refresh_from_db()
    told.refresh_from_db()
    assert len(received) == 1 and waiting.state == "sent" and not told.failing_since
    stored = f"{list(Delivery.objects.values())} {caplog.text}"
    assert not any(secret in stored for secret in services.SECRETS)


def test_a_mail_server_that_is_away_is_a_failure_in_plain_words(settings, prisons):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    destination(services.EMAIL, events=["lead"])
    lead(prisons)
    jobs.send_deliveries()
    [waiting] = Delivery.objects.all()
    assert str(waiting.failure) == "The mail server did not take the message (ConnectionRefusedError)."


def test_a_mattermost_server_that_is_no_longer_allowed_gets_nothing(settings, monkeypatch, prisons):
    told = destination(services.MATTERMOST, events=["lead"])
    settings.MATTERMOST_ORIGINS = []
    lead(prisons)
    with chat_services(monkeypatch) as received:
        jobs.send_deliveries()
    told.refresh_from_db()
    assert received == [] and "MATTERMOST_ORIGINS" in str(told.failure)


def test_the_test_message_says_who_writes(monkeypatch, prisons):
    told = destination(services.TELEGRAM, name="Politics desk")
    ping = deliveries.note_ping(destination=told, now=timezone.now())
    with chat_services(monkeypatch) as received:
        sending.send(told, [ping])
    assert "<b>Test</b>" in received.bodies[0]["text"] and "Politics desk" in received.bodies[0]["text"]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("json://localhost", "This is no address of Slack"),
        ("mailto://desk@-example", "Enter a valid email address."),
        (f"{services.SLACK}?verify=no", "An address of Slack looks like"),
    ],
)
def test_an_address_is_checked_before_it_is_stored(address, sentence):
    with pytest.raises(NotSent, match=sentence):
        sending.check(address)


def test_a_mailbox_needs_a_mail_server(settings):
    assert sending.check("desk@example.org") == services.EMAIL
    settings.EMAIL_HOST = ""
    with pytest.raises(NotSent, match="EMAIL_URL"):
        sending.check(services.EMAIL)
