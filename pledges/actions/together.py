"""Several drafts at once: submitted, published in one edition, sent back; each by the same rules as alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from pledges.actions import publishing
from pledges.actions.errors import Refused, RefusedItems
from pledges.actions.locks import lock_pledges
from pledges.models import Draftable, Edition, User

MOST = 200  # drafts in one act: the transaction holds the lock on editions, and a page has to be read


@dataclass(frozen=True)
class Decision:
    """A draft with the version (`updated_at`) that the person saw; `note` is what to change, if it is sent back."""

    item: Draftable
    seen: datetime | None
    note: str = ""


def submit(*, decisions: Sequence[Decision], by: User) -> dict[Draftable, list[str]]:
    """Submit drafts for review, each on its own; returns the reasons of those that could not be, by draft."""
    refused: dict[Draftable, list[str]] = {}
    for decision in decisions:
        try:
            publishing.submit_for_review(item=decision.item, by=by, seen=decision.seen)
        except Refused as error:
            refused[decision.item] = error.messages
    return refused


@transaction.atomic
def decide(*, publish: Sequence[Decision], send_back: Sequence[Decision] = (), by: User) -> Edition | None:
    """Publish drafts in one edition, and send others back: all of it or nothing.

    Returns None if none was to be published. Raises `RefusedItems` with the reasons of each draft that was saved since
    `by` saw it, cannot be published, or does not wait for review any more.
    """
    decisions = [*publish, *send_back]
    lock_pledges({decision.item.pledge_id for decision in decisions})
    reasons = dict(_changed(decisions, by=by)) or dict(_sent_back(send_back, by=by))
    if reasons:
        raise RefusedItems(reasons)
    return publishing.publish(*(decision.item for decision in publish), by=by) if publish else None


def _changed(decisions: Sequence[Decision], *, by: User) -> Iterator[tuple[Draftable, list[str]]]:
    """Lock the drafts; yields those that are gone, published, or were saved since, with the reason."""
    for model in {type(decision.item) for decision in decisions}:
        chosen = {decision.item.pk: decision for decision in decisions if type(decision.item) is model}
        rows = model.objects.select_for_update(of=("self",)).order_by("pk").in_bulk(chosen)
        for pk, decision in chosen.items():
            try:
                if pk not in rows:
                    raise Refused(_("Somebody has discarded this draft."))
                if rows[pk].is_published:
                    raise Refused(publishing.publication_problems(rows[pk], by=by))
                publishing.check_version(rows[pk], decision.seen)
            except Refused as error:
                yield decision.item, error.messages


def _sent_back(decisions: Sequence[Decision], *, by: User) -> Iterator[tuple[Draftable, list[str]]]:
    """Send the drafts back; yields those for which it is refused, with the reason."""
    for decision in decisions:
        try:
            publishing.send_back(item=decision.item, by=by, note=decision.note)
        except Refused as error:
            yield decision.item, error.messages
