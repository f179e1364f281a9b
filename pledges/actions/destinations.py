"""Destinations: added, changed, turned on and off, and their signing secrets. Times are UTC."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from pledges.actions import deliveries
from pledges.actions.errors import Refused
from pledges.domain.destinations import masked_address, new_secret
from pledges.domain.messages import deferred_message
from pledges.models import Destination, Edition, Event, User
from pledges.queries.destination_events import EventFinder

OVERLAP = timedelta(hours=24)  # for which the previous secret signs as well
TURNED_OFF = deferred_message("The destination was turned off before this was sent.")
# What decides which events it gets: a change of it starts anew, so that no older events of the new choice are sent.
_CHOICE = {"events", "least_percent", "group"}


@transaction.atomic
def add(*, destination: Destination, by: User, now: datetime) -> str:
    """Store a new destination, and return its signing secret: the only time that it is shown. "" for messages."""
    destination.added_by, destination.added_at = by, now
    destination.since, destination.noted_edition = now, _last_edition()
    _set_address(destination, now)
    if destination.kind == Destination.Kind.WEBHOOK:
        destination.secret, destination.secret_set_at = new_secret(), now
    destination.save(force_insert=True)
    return destination.secret


@transaction.atomic
def change(*, destination: Destination, fields: Collection[str], now: datetime) -> None:
    """Store these changed fields. A new address starts with a clean record, and whoever is turned on gets what happens
    from now on, with a clean record. What waits for a destination that is turned off is given up.
    """
    before = Destination.objects.select_for_update().get(pk=destination.pk)
    changed = set(fields)
    if not changed:
        return
    if before.active and destination.active and changed & _CHOICE:  # what happened until now is of the choice before
        deliveries.note_new(destination=before, finder=EventFinder(now=now))
        before.refresh_from_db(fields=["noted_edition"])
    if "address" in changed:
        _set_address(destination, now)
        destination.gone_at, destination.failing_since, destination.failure = None, None, ""
        changed |= {"address_mask", "address_set_at", "gone_at", "failing_since", "failure"}
    turned_on = destination.active and not before.active
    if turned_on:
        destination.failing_since, destination.failure = None, ""
        changed |= {"failing_since", "failure"}
    if turned_on or changed & _CHOICE:
        destination.since, destination.noted_edition = now, before.noted_edition
        if turned_on or Event.EDITION not in before.events:
            destination.noted_edition = _last_edition()
        changed |= {"since", "noted_edition"}
    destination.save(update_fields=sorted(changed))
    if before.active and not destination.active:
        deliveries.give_up(destination=destination.pk, failure=TURNED_OFF)


@transaction.atomic
def delete(*, destination: Destination) -> None:
    """Delete a destination with its deliveries."""
    Destination.objects.select_for_update().filter(pk=destination.pk).first()  # locked before its deliveries
    destination.delete()


@transaction.atomic
def rotate_secret(*, destination: Destination, now: datetime) -> str:
    """Make a new signing secret and return it: the only time that it is shown. For a day both secrets sign.

    Made again within that day, it replaces the new one: the previous one, which the receiver has, signs until its end.
    Raises `Refused` for a message, which has none.
    """
    row = Destination.objects.select_for_update().get(pk=destination.pk)
    if row.kind != Destination.Kind.WEBHOOK:
        raise Refused(_("Only a webhook has a signing secret."))
    if row.previous_secret_until is None or row.previous_secret_until <= now:
        row.previous_secret, row.previous_secret_until = row.secret, now + OVERLAP
    row.secret, row.secret_set_at = new_secret(), now
    row.save(update_fields=["secret", "secret_set_at", "previous_secret", "previous_secret_until"])
    return row.secret


def forget_previous_secrets(*, now: datetime) -> int:
    """Delete the previous secrets that sign no longer; how many there were."""
    over = Destination.objects.filter(previous_secret_until__lte=now)
    return over.update(previous_secret="", previous_secret_until=None)


def _set_address(destination: Destination, now: datetime) -> None:
    destination.address_mask, destination.address_set_at = masked_address(destination.address), now


def _last_edition() -> int:
    last = Edition.objects.order_by("-number").first()
    return last.number if last else 0
