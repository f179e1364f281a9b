"""The order in which rows are held, so that no two people wait for each other: PostgreSQL would end one of the two.

Pledges, then their leads, then a draft, then its evidence; the lock on editions last of all (see `make_edition`).
"""

from collections.abc import Iterable

from pledges.models import Evidence, Lead, Pledge, Retraction, Update, Wording


def hold(model: type[Wording | Update | Retraction], pk: int) -> Wording | Update | Retraction | None:
    """The draft as it is now, held until the transaction ends, with all that comes before it; None if it is gone."""
    rows = model.objects.filter(pk=pk)
    lock_pledges(set(rows.values_list("pledge", flat=True)))
    if model is Update:
        list(Lead.objects.select_for_update().filter(update=pk).order_by("pk").values_list("pk"))
    return rows.select_for_update(of=("self",)).first()


def lock_pledges(pledge_ids: set[int]) -> None:
    """Hold these pledges until the transaction ends; whoever saves a pledge holds its row, too."""
    list(Pledge.objects.select_for_update(no_key=True).filter(pk__in=pledge_ids).order_by("pk").values_list("pk"))


def hold_evidence(updates: Iterable[Update]) -> None:
    """Hold the evidence of these updates, which are held themselves, until the transaction ends.

    A plain DELETE takes a piece and then waits for its update, which is being published; and the publication, when it
    ends, would wait for that piece, of which it has written (see `keep_evidence_of`).
    """
    pieces = Evidence.objects.select_for_update(no_key=True).filter(update__in=updates)
    list(pieces.order_by("pk").values_list("pk"))
