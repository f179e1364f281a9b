"""Retraction: a pledge that should not have been published is taken off the record, publicly and for good."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.actions.errors import Refused
from pledges.models import Lead, Pledge, Retraction, State, User
from pledges.queries import visibility


def refuse_retracted(pledge: int) -> None:
    """Raise `Refused` if the pledge with this id was retracted: nothing more is published of it."""
    if visibility.is_retracted(pledge):
        raise Refused(_("This pledge was retracted: nothing more is published of it."))


@transaction.atomic
def start_retraction(*, pledge: Pledge, by: User) -> Retraction:
    """A draft that retracts a published pledge; an existing draft is reused.

    It is published by `publish`, and final: a pledge retracted by mistake has to be entered again. Raises `Refused` if
    the pledge is not public, or was retracted already.
    """
    Pledge.objects.select_for_update().get(pk=pledge.pk)
    if not pledge.wordings.filter(state=State.PUBLISHED).exists():
        raise Refused(_("Only a published pledge can be retracted; readers never saw this one."))
    refuse_retracted(pledge.pk)
    draft, _created = Retraction.objects.get_or_create(pledge=pledge, defaults={"author": by})
    return draft


def close_leads(*, pledges: Collection[int], by: User) -> int:
    """Dismiss the open and snoozed leads of these pledges (ids), which were retracted; returns how many."""
    if not pledges:
        return 0
    return Lead.objects.filter(pledge__in=pledges, state__in=[Lead.State.OPEN, Lead.State.SNOOZED]).update(
        state=Lead.State.DISMISSED,
        dismiss_reason=Lead.DismissReason.OTHER,
        dismiss_note=_("The pledge was retracted."),
        snoozed_until=None,
        decided_by=by,
        decided_at=timezone.now(),
    )
