"""Who may see and edit what. Every view takes its rows from here, so that a hidden row is a 404 everywhere."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.db.models import F, Model, OuterRef, QuerySet

from pledges.models import (
    Draftable,
    Edition,
    EditionItem,
    Mandate,
    Observation,
    Pledge,
    PledgeCorrection,
    Preservation,
    Retraction,
    State,
    Update,
    User,
    Withdrawal,
    Wording,
)
from pledges.queries.published import PublicUpdate

if TYPE_CHECKING:
    from pledges.queries.standings import Standing

AnUpdate = TypeVar("AnUpdate", Update, PublicUpdate)


def public_wordings() -> QuerySet[Wording]:
    """The published wordings."""
    return Wording.objects.filter(state=State.PUBLISHED)


def public_updates() -> QuerySet[Update]:
    """The published updates, including corrected and withdrawn ones, which the log of corrections shows."""
    return with_withdrawal(Update.objects.filter(state=State.PUBLISHED))


def with_withdrawal(updates: QuerySet[Update]) -> QuerySet[Update]:
    """The updates with `withdrawn_in`: the number of the edition that withdrew each, or None; `in_order` needs it."""
    return updates.annotate(withdrawn_in=F("withdrawal__edition"))  # type: ignore[no-redef]  # for `in_order`


def counting_updates() -> QuerySet[Update]:
    """The published updates that count for a status: neither corrected nor withdrawn."""
    return public_updates().exclude(correction__state=State.PUBLISHED).exclude(withdrawal__state=State.PUBLISHED)


def public_withdrawals() -> QuerySet[Withdrawal]:
    """The published withdrawals of updates."""
    return Withdrawal.objects.filter(state=State.PUBLISHED)


def withdrawn_updates() -> set[int]:
    """The ids of all updates that were withdrawn, with those that they had corrected; a query for each correction in
    the longest chain."""
    found: set[int] = set()
    rows = set(public_withdrawals().values_list("update", flat=True))
    while rows:
        found |= rows
        earlier = Update.objects.filter(pk__in=rows, corrects__isnull=False).values_list("corrects", flat=True)
        rows = {pk for pk in earlier if pk}
    return found


def kept_evidence(published: Iterable[Update] | Iterable[PublicUpdate]) -> dict[int, Preservation]:
    """The preservation of the evidence of these published updates, by the evidence's id."""
    rows = Preservation.objects.filter(evidence__update__in=[update.pk for update in published])
    return {row.evidence_id: row for row in rows.select_related("capture").defer("capture__body", "capture__headers")}


def in_order(published: Iterable[AnUpdate], *, edition: int | None = None) -> list[AnUpdate]:
    """The updates that count, of all published updates of one pledge, oldest first.

    What a withdrawal takes back does not count: the update and those that it had corrected. With `edition` (and the
    updates of editions until then), only withdrawals until that edition are regarded.

    They are sorted by day, and within a day by first publication. A correction has the place of the update that it
    corrects, so that a corrected spelling mistake does not change a status.
    """
    rows = {update.pk: update for update in published}
    corrected = {update.corrects_id for update in rows.values()}

    def key(update: AnUpdate) -> tuple[date, int, int]:
        first = update
        while first.corrects_id in rows:
            first = rows[first.corrects_id]
        return update.happened_on, first.edition_id or 0, first.pk

    counting = (update for update in rows.values() if update.pk not in corrected and not is_withdrawn(update, edition))
    return sorted(counting, key=key)


def is_withdrawn(update: AnUpdate, edition: int | None = None) -> bool:
    """Whether the update was withdrawn, by an edition until `edition` if that is given."""
    return update.withdrawn_in is not None and (edition is None or update.withdrawn_in <= edition)


def public_pledges() -> QuerySet[Pledge]:
    """The pledges with a published wording that were not retracted."""
    public = Pledge.objects.filter(wordings__state=State.PUBLISHED).distinct()
    return public.exclude(retraction__in=public_retractions())


def public_retractions() -> QuerySet[Retraction]:
    """The published retractions. Their pledges are neither listed nor counted."""
    return Retraction.objects.filter(state=State.PUBLISHED)


def public_pledge_corrections() -> QuerySet[PledgeCorrection]:
    """The published corrections of pledges' addresses, mandates and days."""
    return PledgeCorrection.objects.filter(state=State.PUBLISHED)


def is_retracted(pledge: int) -> bool:
    """Whether the pledge with this id was retracted."""
    return public_retractions().filter(pledge=pledge).exists()


def public_editions() -> QuerySet[Edition]:
    """All editions: every edition is public."""
    return Edition.objects.all()


def editions_until(number: int, day: date) -> QuerySet[Edition]:
    """The editions up to this number that had been published by the end of `day` in the newsroom's calendar, the newest
    first."""
    return public_editions().filter(number__lte=number, published_at__date__lte=day).order_by("-number")


def published_keys(model: type[Model], edition: int) -> set[int]:
    """The ids of the rows of a model that this edition or an earlier one published."""
    items = EditionItem.objects.filter(kind=model._meta.model_name, edition__lte=edition)
    return {int(key) for key in items.values_list("key", flat=True)}


def published_mandates(edition: int, standings: "Iterable[Standing]") -> QuerySet[Mandate]:
    """The mandates that editions up to this one published, and those in which its pledges, `standings`, were made."""
    named = {standing.pledge.mandate.pk for standing in standings}
    return Mandate.objects.filter(pk__in=named | published_keys(Mandate, edition))


def mandates_until(day: date) -> QuerySet[Mandate]:
    """The mandates that had begun by `day`, the newest first."""
    # Several offices may change hands on one day, so the slug decides.
    return Mandate.objects.filter(starts_on__lte=day).order_by("-starts_on", "slug")


def replaced_figures() -> QuerySet[Observation]:
    """A subquery for figures: the figures of earlier editions for the same period, the latest edition first."""
    same = {name: OuterRef(name) for name in ("indicator", "series", "starts_on", "ends_on")}
    return Observation.objects.filter(edition__lt=OuterRef("edition"), **same).order_by("-edition_id")


def may_edit(user: User, item: Draftable) -> bool:
    """Whether `user` may edit this item: one's own draft, or any unpublished item with the permission to publish it."""
    if item.is_published:
        return False
    if user.has_perm(f"pledges.publish_{item._meta.model_name}"):
        return True
    return item.author_id == user.pk and item.state == State.DRAFT


def may_publish(user: User, item: Draftable) -> bool:
    """Whether `user` may publish this kind of item. The two-person rule is checked in actions."""
    return user.has_perm(f"pledges.publish_{item._meta.model_name}")
