"""What the database holds of destinations and deliveries, whatever SQL is run."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from pledges import models
from pledges.domain import destinations
from pledges.tests.support import factories


def refused(row, constraint, **changes):
    """Update a row so that this constraint must refuse it."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**changes)


@pytest.mark.django_db
def test_a_webhook_has_tls_a_secret_and_at_least_one_event(app_role):
    webhook = factories.DestinationFactory()
    for address in (
        *("http://hooks.example/in", "ftp://hooks.example/", "https://", "https://user:word@hooks.example/"),
        *("http://10.evil.example/", "http://127.0.0.1.evil.example/", "https://hooks.example/#part", "https://a b/"),
    ):
        refused(webhook, "destination_webhook_has_tls", address=address)
    for address in ("http://n8n:5678/hook", "http://127.0.0.1:9000", "http://[::1]:9000/", "https://hooks.example?a=b"):
        models.Destination.objects.filter(pk=webhook.pk).update(address=address)
    for secret in ("", "whsec_short", "secret"):
        refused(webhook, "destination_webhook_has_secret", secret=secret)
    refused(webhook, "destination_previous_secret_ends", previous_secret=destinations.new_secret())
    refused(webhook, "destination_events_are_known", events=[])
    refused(webhook, "destination_events_are_known", events=["edition", "ping"])
    for percent in (49, 101):
        refused(webhook, "destination_least_percent_sane", least_percent=percent)
    refused(webhook, "destination_kind_is_known", kind="pigeon")
    refused(webhook, "destination_language_is_known", language="fr")
    refused(webhook, "destination_failing_says_why", failing_since=timezone.now())
    refused(webhook, "destination_gone_is_not_active", gone_at=timezone.now())


@pytest.mark.django_db
def test_a_message_has_a_service_and_no_signing_secret(app_role):
    message = factories.DestinationFactory(kind="message", address="slack://a/b/c", secret="", secret_set_at=None)
    refused(message, "destination_webhook_has_secret", secret=destinations.new_secret())
    refused(message, "destination_message_has_scheme", address="hooks.example")


@pytest.mark.django_db
def test_a_delivery_is_noted_once_and_its_state_has_its_time(app_role):
    delivery = factories.DeliveryFactory()
    with pytest.raises(IntegrityError, match="delivery_once"), transaction.atomic():
        factories.DeliveryFactory(destination=delivery.destination, event=delivery.event, key=delivery.key)
    refused(delivery, "delivery_state_has_its_time", state="sent")
    refused(delivery, "delivery_state_has_its_time", next_attempt_at=None)
    refused(delivery, "delivery_state_has_its_time", state="dead", next_attempt_at=None)
    refused(delivery, "delivery_message_id", message_id="1")
    refused(delivery, "delivery_event_is_known", event="else")


@pytest.mark.django_db
def test_neither_addresses_nor_secrets_are_in_the_history():
    webhook = factories.DestinationFactory(address="https://hooks.example/token-5309")
    webhook.address, webhook.address_set_at = "https://hooks.example/token-201", timezone.now()
    webhook.save()
    webhook.delete()
    columns = {field.name for field in models.Destination.pgh_event_model._meta.get_fields()}
    assert not columns & {"address", "secret", "previous_secret"}
    events = list(models.Destination.pgh_event_model.objects.values())
    assert len(events) == 3
    assert "token-" not in str(events)
    assert "whsec_" not in str(events)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://hooks.example/services/T0/B0/secret", "https://hooks.example/…"),
        ("https://hooks.example:8443?token=a", "https://hooks.example:8443/…"),
        ("http://[::1]:9000/", "http://[::1]:9000/…"),
        ("slack://TokenA/TokenB/TokenC/#news", "slack://…"),
        ("mailto://user:word@mail.example", "mailto://…"),
        ("no address", "…"),
    ],
)
def test_what_is_shown_of_an_address_holds_no_secret(address, shown):
    assert destinations.masked_address(address) == shown
