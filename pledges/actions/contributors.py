"""Two pairs of eyes: everybody who wrote in a draft is stored as a contributor, and no contributor publishes it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from pledges.models import Contributor, Draftable, Newsroom, Pledge, State, User, Wording


def sign(*, item: Draftable, by: User) -> None:
    """Record `by` as a contributor to a draft, which the caller has locked (a trigger keeps the contributors).

    This ends its schedule: whoever set the time has not seen these words.
    """
    item.edited_by, item.publish_at, item.scheduled_by = by, None, None
    item.save(update_fields=["edited_by", "publish_at", "scheduled_by", "updated_at"])


def sign_first_wordings(*, rows: Iterable[Model], by: User) -> None:
    """Record `by` as a contributor to the first wordings of those of these rows that are unpublished pledges.

    A pledge's own fields become public with its first wording, so whoever changed them may not publish it alone.
    """
    pledges = [row.pk for row in rows if isinstance(row, Pledge)]
    public = Wording.objects.filter(pledge__in=pledges, state=State.PUBLISHED).values("pledge")
    first_wordings = Wording.objects.filter(pledge__in=pledges).exclude(pledge__in=public)
    for wording in first_wordings.select_for_update(of=("self",)).order_by("pk"):
        sign(item=wording, by=by)


def sign_for_those_before(*, wordings: Iterable[Wording]) -> None:
    """Record, for the new first wordings of pledges, the contributors of earlier drafts.

    When a first draft is discarded its contributors are deleted with it, but what they wrote in the pledge's own fields
    stays.
    """
    wording_of = {wording.pledge_id: wording.pk for wording in wordings}
    drafts = Wording.pgh_event_model.objects.filter(pledge__in=wording_of)
    changes = Pledge.pgh_event_model.objects.filter(pgh_obj__in=wording_of)
    writers = {
        *drafts.values_list("pledge", "author"),
        *drafts.values_list("pledge", "edited_by"),
        *changes.values_list("pgh_obj", "pgh_context__metadata__user"),
    }
    people = set(User.objects.filter(pk__in={person for _pledge, person in writers}).values_list("pk", flat=True))
    Contributor.objects.bulk_create(
        [Contributor(wording_id=wording_of[pledge], person_id=pk) for pledge, pk in writers if pk in people],
        ignore_conflicts=True,
    )


def two_person_rule(item: Draftable, *, by: User) -> list[str]:
    """The reason why `by`, as a contributor, may not publish the item; empty if `by` is none or the rule is off."""
    if not Newsroom.get().two_person_rule:
        return []
    if by.pk not in (item.author_id, item.edited_by_id) and not item.contributors.filter(person=by).exists():
        return []
    return [_("You wrote in this, so somebody else has to publish it (two pairs of eyes).")]


@dataclass(frozen=True)
class Publishers:
    """Those with the permission to publish: who may publish an item, and who may not because they wrote in it."""

    may: list[User]
    wrote: list[User]


def publishers(item: Draftable) -> Publishers:
    """Who may publish the item, and who may not because of two pairs of eyes; each sorted by name."""
    people = sorted(_with_permission(item), key=lambda user: user.public_name.casefold())
    if not Newsroom.get().two_person_rule:
        return Publishers(people, [])
    wrote = set(item.contributors.values_list("person", flat=True))
    return Publishers(
        [user for user in people if user.pk not in wrote],
        [user for user in people if user.pk in wrote],
    )


def _with_permission(item: Draftable) -> QuerySet[User]:
    people = User.objects.with_perm(f"pledges.publish_{item._meta.model_name}")
    return people.filter(is_staff=True).only("username", "byline")
