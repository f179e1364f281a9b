"""Row locks, always taken in one order, so that no two transactions deadlock.

First pledges, then their leads, then a draft, then its evidence; the lock on editions last (see `make_edition`).
"""

from collections.abc import Iterable

from pledges.models import Draftable, Evidence, Lead, Pledge, Update


def lock_draft(model: type[Draftable], pk: int) -> Draftable | None:
    """Lock a draft, with the rows that come before it in the order, and return its current row; None if it is gone."""
    rows = model.objects.filter(pk=pk)
    lock_pledges(set(rows.values_list("pledge", flat=True)))
    if model is Update:
        list(Lead.objects.select_for_update().filter(update=pk).order_by("pk").values_list("pk"))
    return rows.select_for_update(of=("self",)).first()


def lock_pledges(pledge_ids: set[int]) -> None:
    """Lock these pledges until the transaction ends. Saving a pledge takes the same lock."""
    list(Pledge.objects.select_for_update(no_key=True).filter(pk__in=pledge_ids).order_by("pk").values_list("pk"))


def lock_evidence(updates: Iterable[Update]) -> None:
    """Lock the evidence of these updates, which the caller has locked, until the transaction ends.

    Without it a concurrent DELETE would lock a piece of evidence and block on its update (in a trigger), while the
    publication, which has written a row that refers to that piece (see `keep_evidence_of`), blocks on the piece.
    """
    pieces = Evidence.objects.select_for_update(no_key=True).filter(update__in=updates)
    list(pieces.order_by("pk").values_list("pk"))
