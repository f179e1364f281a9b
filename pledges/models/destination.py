"""Destinations: other systems (webhooks) and chat services (messages) that are told of events, and the deliveries."""

import pghistory
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.domain.destinations import BAD_WEBHOOK_ADDRESS, MESSAGE_ID, SECRET, WEBHOOK_ADDRESS
from pledges.models.base import LANGUAGE_CHOICES, known_language
from pledges.models.messages import MessageField


class Event(models.TextChoices):
    """What destinations are told of. A ping is sent by hand, to test a destination."""

    EDITION = "edition", _("an edition is published")
    LEAD = "lead", _("a lead is raised")
    REVIEW = "review", _("a draft waits for review")
    DUE = "due", _("a pledge is due for another look")
    PING = "ping", _("test")


CHOSEN_EVENTS = [event for event in Event if event != Event.PING]


# Neither the address nor the secrets are in the history: it has the masked address, and when each was set.
@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=[
        *("kind", "name", "address_mask", "address_set_at", "secret_set_at", "previous_secret_until", "events"),
        *("least_percent", "group", "language", "active", "gone_at"),
    ],
    model_name="DestinationEvent",
)
class Destination(models.Model):
    """A webhook's address, or a chat service, with the events that it is told of. All times are UTC.

    `address` and the secrets are never shown again once they are stored. What happened before `since`, and editions up
    to `noted_edition`, are not sent.
    """

    waiting: int  # annotated by the desk's list
    dead: int

    FAILING = models.Q(active=True, failing_since__isnull=False) | models.Q(gone_at__isnull=False)

    class Kind(models.TextChoices):
        WEBHOOK = "webhook", _("Webhook")
        MESSAGE = "message", _("Message")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.WEBHOOK)
    name = models.CharField(_("name"), max_length=120, unique=True, help_text=_("What the desk calls it."))
    address = models.CharField(_("address"), max_length=1000)
    address_mask = models.CharField(_("address"), max_length=300, editable=False)
    address_set_at = models.DateTimeField(_("address set"), editable=False)
    secret = models.CharField(_("signing secret"), max_length=100, blank=True, editable=False)
    secret_set_at = models.DateTimeField(_("signing secret made"), null=True, blank=True, editable=False)
    previous_secret = models.CharField(_("previous signing secret"), max_length=100, blank=True, editable=False)
    previous_secret_until = models.DateTimeField(
        _("previous secret signs until"), null=True, blank=True, editable=False
    )
    events = ArrayField(
        models.CharField(max_length=8, choices=[(event.value, event.label) for event in CHOSEN_EVENTS]),
        verbose_name=_("sent when"),
    )
    least_percent = models.PositiveSmallIntegerField(
        _("leads from a score of"), default=70, help_text=_("From 50, the least that makes a lead, to 100.")
    )
    group = models.ForeignKey(
        Group,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only what concerns the group"),
        help_text=_(
            "Leads and what is due on pledges that one of its people follows; drafts that one of them may publish. "
            "Editions concern everybody."
        ),
    )
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGE_CHOICES, default="en")
    active = models.BooleanField(_("active"), default=True, help_text=_("Whether anything is sent to it."))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"), editable=False)
    since = models.DateTimeField(_("active since"), editable=False)
    noted_edition = models.PositiveIntegerField(_("sent until edition"), default=0, editable=False)
    # --- written when something is sent
    last_sent_at = models.DateTimeField(_("last sent"), null=True, blank=True, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)
    failure = MessageField(_("reason of the failure"), blank=True, editable=False)
    gone_at = models.DateTimeField(
        _("gone for good"), null=True, blank=True, editable=False, help_text=_("It said so itself (HTTP 410).")
    )

    class Meta:
        verbose_name = _("destination")
        verbose_name_plural = _("destinations")
        ordering = ["name"]
        constraints = [
            known_language("destination"),
            models.CheckConstraint(
                name="destination_kind_is_known", condition=models.Q(kind__in=["webhook", "message"])
            ),
            models.CheckConstraint(
                name="destination_webhook_has_tls",
                condition=models.Q(kind="message") | models.Q(address__regex=WEBHOOK_ADDRESS),
                violation_error_message=_(BAD_WEBHOOK_ADDRESS.template),
            ),
            models.CheckConstraint(
                name="destination_message_has_scheme",
                condition=models.Q(kind="webhook") | models.Q(address__regex=r"^[A-Za-z0-9+.-]+://\S+$"),
                violation_error_message=_("The address begins with the name of its service, such as slack://."),
            ),
            models.CheckConstraint(
                name="destination_webhook_has_secret",
                condition=models.Q(kind="webhook", secret__regex=SECRET, secret_set_at__isnull=False)
                | models.Q(kind="message", secret="", secret_set_at__isnull=True, previous_secret=""),
            ),
            models.CheckConstraint(
                name="destination_previous_secret_ends",
                condition=models.Q(previous_secret="", previous_secret_until__isnull=True)
                | models.Q(previous_secret__regex=SECRET, previous_secret_until__isnull=False),
            ),
            models.CheckConstraint(
                name="destination_events_are_known",
                condition=models.Q(events__contained_by=[event.value for event in CHOSEN_EVENTS], events__len__gt=0),
                violation_error_message=_("Choose at least one event."),
            ),
            models.CheckConstraint(
                name="destination_least_percent_sane",
                condition=models.Q(least_percent__gte=50, least_percent__lte=100),
                violation_error_message=_("Between 50 and 100."),
            ),
            models.CheckConstraint(
                name="destination_failing_says_why",
                condition=models.Q(failing_since__isnull=True, failure="")
                | (models.Q(failing_since__isnull=False) & ~models.Q(failure="")),
            ),
            models.CheckConstraint(
                name="destination_gone_is_not_active",
                condition=models.Q(gone_at__isnull=True) | models.Q(active=False),
                violation_error_message=_("This address said that it is gone for good: give it another address."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(
    pghistory.UpdateEvent("replay", condition=pghistory.Q(old__state="dead", new__state="waiting")),
    fields=["destination", "event", "key"],
    model_name="DeliveryEvent",
)
class Delivery(models.Model):
    """One event for one destination: the row is the queue. It is waiting until it is sent or given up (dead).

    `payload` is what was true when the event was noted. `message_id` is the same at every attempt, so that the receiver
    can tell that it has the message already. All times are UTC.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        DEAD = "dead", _("Given up")

    destination = models.ForeignKey(
        Destination, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("destination")
    )
    event = models.CharField(_("event"), max_length=8, choices=Event.choices)
    key = models.CharField(_("key"), max_length=100, help_text=_("What it is about, and since when."))
    message_id = models.CharField(_("message id"), max_length=44, unique=True)
    payload = models.JSONField(_("content"))
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.WAITING)
    noted_at = models.DateTimeField(_("noted"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    last_attempt_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    failure = MessageField(_("last error"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-noted_at", "-id"]
        default_permissions = ("view", "change")
        indexes = [
            models.Index(
                fields=["destination", "next_attempt_at"], condition=models.Q(state="waiting"), name="delivery_waiting"
            ),
            models.Index(fields=["state", "-noted_at", "-id"], name="delivery_list"),
            models.Index(fields=["sent_at"], condition=models.Q(state="sent"), name="delivery_sent"),
        ]
        constraints = [
            models.UniqueConstraint(name="delivery_once", fields=["destination", "event", "key"]),
            models.CheckConstraint(name="delivery_message_id", condition=models.Q(message_id__regex=MESSAGE_ID)),
            models.CheckConstraint(name="delivery_event_is_known", condition=models.Q(event__in=Event.values)),
            models.CheckConstraint(
                name="delivery_state_has_its_time",
                condition=models.Q(state="waiting", next_attempt_at__isnull=False, sent_at__isnull=True)
                | models.Q(
                    state="sent",
                    next_attempt_at__isnull=True,
                    claimed_until__isnull=True,
                    sent_at__isnull=False,
                    failure="",
                )
                | (
                    models.Q(
                        state="dead", next_attempt_at__isnull=True, claimed_until__isnull=True, sent_at__isnull=True
                    )
                    & ~models.Q(failure="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.destination}: {self.get_event_display()} · {self.message_id[:12]}"
