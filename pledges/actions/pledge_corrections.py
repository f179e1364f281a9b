"""Corrections of a public pledge's address, mandate and day. They are published by `publishing.publish`."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from pledges.actions.errors import Refused
from pledges.actions.retraction import refuse_retracted
from pledges.models import Alert, EditionItem, Pledge, PledgeCorrection, State, User
from pledges.models.pledge_correction import IDENTITY


@transaction.atomic
def start_pledge_correction(*, pledge: Pledge, by: User) -> PledgeCorrection:
    """A draft that corrects a public pledge's address, mandate or day, with the present values; an existing draft is
    reused.

    Raises `Refused` if the pledge is not public (then it can simply be changed), or was retracted.
    """
    pledge = Pledge.objects.select_for_update(no_key=True).get(pk=pledge.pk)
    if not pledge.wordings.filter(state=State.PUBLISHED).exists():
        raise Refused(_("This pledge is not public yet: change it on its own page."))
    refuse_retracted(pledge.pk)
    if draft := pledge.corrections.exclude(state=State.PUBLISHED).first():
        return draft
    values = {name: getattr(pledge, name) for name in IDENTITY}
    before = {f"was_{name}": value for name, value in values.items()}
    return PledgeCorrection.objects.create(pledge=pledge, author=by, **values, **before)


def corrected_pledge(correction: PledgeCorrection) -> tuple[str, Pledge]:
    """The pledge as an edition with this correction seals it, as an (action, row) pair; it is not to be saved.

    The database writes these values when the correction is published (see the model).
    """
    pledge = Pledge.objects.select_related("source_document").get(pk=correction.pledge_id)
    for name in IDENTITY:
        setattr(pledge, name, getattr(correction, name))
    return EditionItem.Action.CORRECTED, pledge


def move_alerts(corrections: Iterable[PledgeCorrection]) -> None:
    """Move the readers' alerts of a pledge whose address was corrected to the new one."""
    for correction in corrections:
        alerts = Alert.objects.filter(kind=Alert.Kind.PLEDGE, query=correction.was_slug)
        alerts.update(query=correction.slug)
