"""Withdrawal: a published update that should not count is taken back publicly, or moved to the pledge it belongs to."""

from django.db import transaction
from django.utils.translation import gettext as _

from pledges.actions import contributors
from pledges.actions.errors import Refused
from pledges.actions.locks import lock_pledges
from pledges.actions.retraction import refuse_retracted
from pledges.models import Draftable, Pledge, State, Update, User, Withdrawal
from pledges.queries import visibility

COPIED = (
    *("happened_on", "happened_precision", "status", "failure_reason"),
    *("reason_detail_en", "reason_detail_es", "text_en", "text_es"),
)


@transaction.atomic
def start_withdrawal(*, update: Update, by: User, to: Pledge | None = None) -> Withdrawal:
    """A draft that withdraws a published update; an existing draft is reused.

    With `to` it also has a draft update of that pledge, with a copy of the text, day, status and evidence: both are
    published by `publish` in one edition, and are final. Raises `Refused` if the update is not published, was
    corrected or withdrawn already, or cannot move to that pledge.
    """
    lock_pledges({update.pledge_id, *([to.pk] if to else [])})
    update = Update.objects.select_for_update(of=("self",)).get(pk=update.pk)
    if not update.is_published:
        raise Refused(_("Only a published update can be withdrawn; a draft can be discarded."))
    refuse_retracted(update.pledge_id)
    if Update.objects.filter(corrects=update, state=State.PUBLISHED).exists():
        raise Refused(_("This was corrected already: withdraw the correction, and with it what it corrected."))
    draft, _created = Withdrawal.objects.get_or_create(
        update=update, defaults={"pledge_id": update.pledge_id, "author": by}
    )
    if draft.is_published:
        raise Refused(_("This update was withdrawn already."))
    if to is not None:
        _move(draft, to, by)
    return draft


def _move(draft: Withdrawal, to: Pledge, by: User) -> None:
    if draft.moved_to:
        if draft.moved_to.pledge_id == to.pk:
            return
        text = _("A move to “%(pledge)s” is being written: discard it before you move the update elsewhere.")
        raise Refused(text % {"pledge": draft.moved_to.pledge})
    if draft.state != State.DRAFT:
        raise Refused(_("The withdrawal of this update waits for review: have it sent back first."))
    if to.pk == draft.pledge_id:
        raise Refused(_("The update is at this pledge already: choose another."))
    if not visibility.public_pledges().filter(pk=to.pk).exists():
        raise Refused(_("Readers do not see that pledge: choose a public one, or publish it first."))
    update = draft.update
    moved = Update.objects.create(pledge=to, author=by, **{name: getattr(update, name) for name in COPIED})
    for piece in update.evidence.all():
        piece.pk, piece.update = None, moved
        piece.save(force_insert=True)
    draft.moved_to = moved
    draft.save(update_fields=["moved_to", "updated_at"])
    if draft.author_id != by.pk:
        contributors.sign(item=draft, by=by)


def with_moved(
    items: tuple[Draftable, ...],
) -> list[Draftable]:
    """The items in the order of publication, with the updates that are published by their withdrawal elsewhere."""
    found = [item.pk for item in items if isinstance(item, Withdrawal)]
    given = {item.pk for item in items if isinstance(item, Update)}
    moved = Update.objects.filter(moved_by__in=found).exclude(pk__in=given).select_related("pledge")
    return sorted([*items, *moved], key=lambda item: 2 * isinstance(item, Withdrawal) + isinstance(item, Update))


def withdrawal_problems(item: Withdrawal) -> list[str]:
    """Why the withdrawal cannot be published, apart from what any draft needs and from the moved update's problems."""
    if Update.objects.filter(corrects=item.update_id, state=State.PUBLISHED).exists():
        return [_("This update has been corrected since: discard this draft, and withdraw the correction.")]
    return []


def moved_problem() -> str:
    """Why a moved update is not published alone."""
    return _("This is published with the withdrawal of the update that it repeats: review and publish that.")


def update_problems(item: Update) -> list[str]:
    """Why a withdrawal hinders the publication of this update."""
    problems = []
    if visibility.public_withdrawals().filter(update=item.corrects_id).exists():
        problems.append(_("The update that this corrects was withdrawn: discard this draft."))
    if Withdrawal.objects.filter(moved_to=item.pk).exists():
        problems.append(moved_problem())
    return problems


def refuse_withdrawn(update: Update) -> None:
    """Raise `Refused` if the update was withdrawn: it is not corrected any more."""
    if visibility.public_withdrawals().filter(update=update).exists():
        raise Refused(_("This update was withdrawn: it cannot be corrected any more."))


def refuse_moved(update: Update) -> None:
    """Raise `Refused` if the draft belongs to a withdrawal: it is discarded with that."""
    if Withdrawal.objects.filter(moved_to=update).exists():
        raise Refused(_("This belongs to the withdrawal of an update at another pledge: discard that draft instead."))
