"""Who sees what. Everything that reads rows for somebody asks here, so that a hidden row is a 404 everywhere."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.db.models import OuterRef, QuerySet

from pledges.models import Edition, Mandate, Observation, Pledge, Preservation, Retraction, State, Update, User, Wording
from pledges.queries.published import PublicUpdate

AnUpdate = TypeVar("AnUpdate", Update, PublicUpdate)


def public_wordings() -> QuerySet[Wording]:
    """Wordings that readers see."""
    return Wording.objects.filter(state=State.PUBLISHED)


def public_updates() -> QuerySet[Update]:
    """Updates that readers see, corrected ones included: they stand in the corrections log."""
    return Update.objects.filter(state=State.PUBLISHED)


def counting_updates() -> QuerySet[Update]:
    """Public updates that count for a pledge's status: those that no published correction replaces."""
    return public_updates().exclude(correction__state=State.PUBLISHED)


def kept_evidence(published: Iterable[Update] | Iterable[PublicUpdate]) -> dict[int, Preservation]:
    """By the evidence's id, what the watch knows of how well the evidence of these published updates is kept."""
    rows = Preservation.objects.filter(evidence__update__in=[update.pk for update in published])
    return {row.evidence_id: row for row in rows.select_related("capture").defer("capture__body", "capture__headers")}


def in_order(published: Iterable[AnUpdate]) -> list[AnUpdate]:
    """Of all published updates of one pledge those that count, in the order in which they do.

    That is by day, and within a day as they were first published: a correction has the place of what it corrects, so
    that mending a slip of spelling does not move a status.
    """
    rows = {update.pk: update for update in published}
    corrected = {update.corrects_id for update in rows.values()}

    def place(update: AnUpdate) -> tuple[date, int, int]:
        first = update
        while first.corrects_id in rows:
            first = rows[first.corrects_id]
        return update.happened_on, first.edition_id, first.pk

    return sorted((update for update in rows.values() if update.pk not in corrected), key=place)


def public_pledges() -> QuerySet[Pledge]:
    """Pledges of which a wording is published and that were not retracted."""
    public = Pledge.objects.filter(wordings__state=State.PUBLISHED).distinct()
    return public.exclude(retraction__in=public_retractions())


def public_retractions() -> QuerySet[Retraction]:
    """Retractions that readers see: their pledges count nowhere."""
    return Retraction.objects.filter(state=State.PUBLISHED)


def is_retracted(pledge: int) -> bool:
    """Whether the pledge with this id was retracted."""
    return public_retractions().filter(pledge=pledge).exists()


def public_editions() -> QuerySet[Edition]:
    """Every edition is public."""
    return Edition.objects.all()


def editions_until(number: int, day: date) -> QuerySet[Edition]:
    """The editions up to this number that had been published by the end of `day` in the newsroom's calendar, the newest
    first."""
    return public_editions().filter(number__lte=number, published_at__date__lte=day).order_by("-number")


def mandates_until(day: date) -> QuerySet[Mandate]:
    """The mandates that had begun by `day`, the newest first."""
    return Mandate.objects.filter(starts_on__lte=day).order_by("-starts_on")


def elections_until(day: date) -> list[date]:
    """The days on which mandates were won, up to `day`, each once, the newest first."""
    days = Mandate.objects.filter(elected_on__lte=day).order_by("-elected_on")
    return list(days.values_list("elected_on", flat=True).distinct())


def replaced_figures() -> QuerySet[Observation]:
    """For a subquery on figures: what a figure revises, of the same period in earlier editions, the last first."""
    same = {name: OuterRef(name) for name in ("indicator", "series", "starts_on", "ends_on")}
    return Observation.objects.filter(edition__lt=OuterRef("edition"), **same).order_by("-edition")


def may_edit(user: User, item: Wording | Update | Retraction) -> bool:
    """Whether `user` may change this piece of writing: one's own draft, or any unpublished one for who publishes."""
    if item.is_published:
        return False
    if user.has_perm(f"pledges.publish_{item._meta.model_name}"):
        return True
    return item.author_id == user.pk and item.state == State.DRAFT


def may_publish(user: User, item: Wording | Update | Retraction) -> bool:
    """Whether `user` has the right to publish this kind of item (the two pairs of eyes are asked in actions)."""
    return user.has_perm(f"pledges.publish_{item._meta.model_name}")
