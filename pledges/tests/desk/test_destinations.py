"""Destinations at the desk: the secret is shown once, the address never again, what was given up is sent again."""

import logging

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from pledges.models import Delivery, Destination
from pledges.tests.support import factories
from pledges.tests.support.receiver import Receiver

pytestmark = pytest.mark.django_db
LIST = reverse("admin:pledges_destination_changelist")
ADD = reverse("admin:pledges_destination_add")
TOKEN = "token-5309"


@pytest.fixture
def publisher(client):
    person = factories.PublisherFactory(username="petra")
    client.force_login(person)
    return person


@pytest.fixture
def receiver(settings):
    site = Receiver()
    settings.WATCH_ALLOWED_ORIGINS = [site.origin]
    yield site
    site.close()


def page(name: str, row) -> str:
    return reverse(f"admin:pledges_{row._meta.model_name}_{name}", args=[row.pk])


def form(**changes) -> dict:
    values = {"kind": "webhook", "name": "CMS", "address": f"https://hooks.example/{TOKEN}", "active": "on"}
    return values | {"events": ["edition", "lead"], "least_percent": "80", "language": "en"} | changes


def everything_stored_of_changes() -> str:
    """All rows of the tables in which acts are recorded, as text."""
    texts = []
    with connection.cursor() as cursor:
        for table in ("pledges_destinationevent", "pledges_deliveryevent", "django_admin_log", "pghistory_context"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            texts.append(cursor.fetchone()[0] or "")
    return " ".join(texts)


def test_a_webhook_is_added_and_its_secret_is_shown_once(client, publisher, caplog):
    edition = factories.PublishedUpdateFactory().edition
    with caplog.at_level(logging.DEBUG):
        answer = client.post(ADD, form())
    webhook = Destination.objects.get()
    assert webhook.secret in answer.content.decode() and "no-store" in answer["Cache-Control"]
    assert (webhook.address_mask, webhook.least_percent) == ("https://hooks.example/…", 80)
    assert (webhook.added_by, webhook.noted_edition) == (publisher, edition.number)
    others = (LIST, page("change", webhook), page("history", webhook), page("delete", webhook))
    pages = [client.get(url).content.decode() for url in (*others, reverse("admin:pledges_record"))]
    pages += [client.get(f"{reverse('admin:pledges_record')}?format=csv").getvalue().decode()]
    for text in [*pages, everything_stored_of_changes(), caplog.text]:
        assert webhook.secret not in text and webhook.secret[6:] not in text and TOKEN not in text
    assert "https://hooks.example/…" in pages[1] and "an edition is published, a lead is raised" in pages[2]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"address": ""}, "Enter the address."),
        ({"address": "http://hooks.example/"}, "The address begins with https://"),
        ({"address": "https://10.0.0.7/hook"}, "This address is not allowed"),
        ({"events": []}, "This field is required."),
        ({"events": ["ping"]}, "Select a valid choice."),
        ({"least_percent": "49"}, "Between 50 and 100."),
    ],
)
def test_what_is_wrong_is_said_at_the_form(client, publisher, changes, message):
    answer = client.post(ADD, form(**changes))
    assert message in answer.content.decode() and not Destination.objects.exists()


def test_the_address_is_kept_unless_another_is_typed(client, publisher):
    gone = {"active": False, "gone_at": timezone.now(), "failing_since": timezone.now(), "failure": "Gone."}
    webhook = factories.DestinationFactory(address=f"https://hooks.example/{TOKEN}", **gone)
    text = client.get(page("change", webhook)).content.decode()
    assert TOKEN not in text and "keep the stored address: https://hooks.example/…" in text
    answer = client.post(page("change", webhook), form(name="Other name", address="", active="on"))
    assert "give it another address" in answer.content.decode()
    client.post(page("change", webhook), form(name="Other name", address="", active=""))
    webhook.refresh_from_db()
    assert (webhook.name, webhook.address) == ("Other name", f"https://hooks.example/{TOKEN}")
    client.post(page("change", webhook), form(address="https://new.example/hook", active="on"))
    webhook.refresh_from_db()
    assert (webhook.address_mask, webhook.active) == ("https://new.example/…", True)
    assert (webhook.gone_at, webhook.failing_since, webhook.failure) == (None, None, "")


def test_a_test_is_sent_at_once_and_the_page_says_how_it_went(client, publisher, receiver):
    webhook = factories.DestinationFactory(address=f"{receiver.origin}/hook")
    answer = client.post(page("test", webhook), follow=True)
    assert "The test was received." in answer.content.decode() and len(receiver.posts) == 1
    receiver.status = 503
    answer = client.post(page("test", webhook), follow=True)
    assert "The test was not received. The receiver answers with the error 503." in answer.content.decode()
    assert "Failing since" in client.get(LIST).content.decode()
    assert "Destinations that fail or are gone" in client.get(reverse("admin:index")).content.decode()
    assert [delivery.state for delivery in webhook.deliveries.order_by("pk")] == ["sent", "dead"]


def test_a_new_secret_is_shown_once_and_the_old_signs_for_a_day(client, publisher):
    webhook = factories.DestinationFactory()
    old = webhook.secret
    answer = client.post(page("secret", webhook))
    webhook.refresh_from_db()
    assert webhook.secret != old == webhook.previous_secret
    assert webhook.secret in answer.content.decode() and old not in answer.content.decode()
    assert "messages are signed with the earlier secret as well" in answer.content.decode()
    assert webhook.secret not in client.get(page("change", webhook)).content.decode()
    assert not {old, webhook.secret} & set(everything_stored_of_changes().split(","))
    assert client.get(page("secret", webhook)).status_code == 405


def test_what_was_given_up_is_sent_again_one_or_chosen_or_all(client, publisher, monkeypatch):
    monkeypatch.setattr("pledges.jobs.send_deliveries.delay", lambda: None)
    webhook = factories.DestinationFactory()
    given_up = {"state": "dead", "next_attempt_at": None, "attempts": 10, "failure": "The receiver is away."}
    one, two, three, four = factories.DeliveryFactory.create_batch(4, destination=webhook, **given_up)
    listed = reverse("admin:pledges_delivery_changelist")
    assert "The receiver is away." in client.get(f"{listed}?state__exact=dead").content.decode()
    assert "Send it again" in client.get(page("change", one)).content.decode()

    def waiting() -> set[int]:
        return set(Delivery.objects.filter(state="waiting", attempts=0).values_list("pk", flat=True))

    client.post(page("replay", one))
    assert waiting() == {one.pk}
    client.post(listed, {"action": "replay_selected", "_selected_action": [one.pk, two.pk]})
    assert waiting() == {one.pk, two.pk}
    answer = client.post(page("replay", webhook), follow=True)
    assert "2 deliveries are sent again" in answer.content.decode()
    assert waiting() == {one.pk, two.pk, three.pk, four.pk}
    assert "sent again" in client.get(page("history", webhook)).content.decode()
    answer = client.post(page("replay", webhook), follow=True)
    assert "Nothing is sent again" in answer.content.decode()


def test_turned_off_at_the_list_and_deleted_with_its_deliveries(client, publisher):
    delivery = factories.DeliveryFactory()
    webhook = delivery.destination
    client.post(LIST, {"action": "turn_off", "_selected_action": [webhook.pk]})
    webhook.refresh_from_db(), delivery.refresh_from_db()
    assert not webhook.active and delivery.state == "dead"
    client.post(page("delete", webhook), {"post": "yes"})
    assert not Destination.objects.exists() and not Delivery.objects.exists()
    labels = Destination.pgh_event_model.objects.values_list("pgh_label", flat=True)
    assert list(labels.order_by("pgh_id")) == ["insert", "update", "delete"]


def test_the_lists_ask_as_many_queries_for_many_as_for_few(client, publisher, django_assert_max_num_queries):
    factories.DeliveryFactory.create_batch(2)
    urls = (LIST, reverse("admin:pledges_delivery_changelist"))
    for url in urls:
        client.get(url)
    factories.DeliveryFactory.create_batch(20)
    for url in urls:
        with django_assert_max_num_queries(16), translation.override("es"):
            client.get(url)
