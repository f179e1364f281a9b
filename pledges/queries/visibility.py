"""Who may see and edit what. Every view takes its rows from here, so that a hidden row is a 404 everywhere."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.db.models import OuterRef, QuerySet

from pledges.models import (
    Draftable,
    Edition,
    Mandate,
    Observation,
    Pledge,
    PledgeCorrection,
    Preservation,
    Retraction,
    State,
    Update,
    User,
    Wording,
)
from pledges.queries.published import PublicUpdate

AnUpdate = TypeVar("AnUpdate", Update, PublicUpdate)


def public_wordings() -> QuerySet[Wording]:
    """The published wordings."""
    return Wording.objects.filter(state=State.PUBLISHED)


def public_updates() -> QuerySet[Update]:
    """The published updates, including corrected ones, which the log of corrections shows."""
    return Update.objects.filter(state=State.PUBLISHED)


def counting_updates() -> QuerySet[Update]:
    """The published updates that count for a status: those without a published correction."""
    return public_updates().exclude(correction__state=State.PUBLISHED)


def kept_evidence(published: Iterable[Update] | Iterable[PublicUpdate]) -> dict[int, Preservation]:
    """The preservation of the evidence of these published updates, by the evidence's id."""
    rows = Preservation.objects.filter(evidence__update__in=[update.pk for update in published])
    return {row.evidence_id: row for row in rows.select_related("capture").defer("capture__body", "capture__headers")}


def in_order(published: Iterable[AnUpdate]) -> list[AnUpdate]:
    """The updates that count, of all published updates of one pledge, oldest first.

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

    return sorted((update for update in rows.values() if update.pk not in corrected), key=key)


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


def mandates_until(day: date) -> QuerySet[Mandate]:
    """The mandates that had begun by `day`, the newest first."""
    # Several offices may change hands on one day, so the slug decides.
    return Mandate.objects.filter(starts_on__lte=day).order_by("-starts_on", "slug")


def elections_until(day: date) -> list[date]:
    """The days on which mandates were won, up to `day`, without duplicates, the newest first."""
    won = Mandate.objects.filter(elected_on__lte=day).order_by("-elected_on")
    return [day for day in won.values_list("elected_on", flat=True).distinct() if day]


def replaced_figures() -> QuerySet[Observation]:
    """A subquery for figures: the figures of earlier editions for the same period, the latest edition first."""
    same = {name: OuterRef(name) for name in ("indicator", "series", "starts_on", "ends_on")}
    return Observation.objects.filter(edition__lt=OuterRef("edition"), **same).order_by("-edition")


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
