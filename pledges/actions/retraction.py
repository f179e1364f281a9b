"""Retraction: a pledge that should never have been published is taken back, in the open and for good."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.actions.errors import Refused
from pledges.models import Lead, Pledge, Retraction, State, User
from pledges.queries import visibility


def refuse_retracted(pledge: int) -> None:
    """Raise `Refused` when the pledge with this id was retracted: nothing more is written about it."""
    if visibility.is_retracted(pledge):
        raise Refused(_("This pledge was retracted: nothing more is published of it."))


@transaction.atomic
def start_retraction(*, pledge: Pledge, by: User) -> Retraction:
    """A draft that takes back a published pledge; one that was begun is given again.

    Publishing it is `publish`, as of everything. It is final: a pledge retracted by mistake is entered anew.
    Raises `Refused` when the pledge is not public, or was retracted already.
    """
    Pledge.objects.select_for_update().get(pk=pledge.pk)
    if not pledge.wordings.filter(state=State.PUBLISHED).exists():
        raise Refused(_("Only a published pledge can be retracted; readers never saw this one."))
    refuse_retracted(pledge.pk)
    draft, _created = Retraction.objects.get_or_create(pledge=pledge, defaults={"author": by})
    return draft


def close_leads(*, pledges: Collection[int], by: User) -> int:
    """Dismiss what is open or snoozed about these pledges, because they were retracted; how many leads."""
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
