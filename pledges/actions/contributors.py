"""Two pairs of eyes: everybody who put words into a draft is remembered, and none of them publishes it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from pledges.models import Contributor, Newsroom, Pledge, Retraction, State, Update, User, Wording


def sign(*, item: Wording | Update | Retraction, by: User) -> None:
    """Note that `by` has put words into a draft, which the caller has locked; the database keeps everybody who did.

    The time at which it was to go out is taken back: whoever set it has not seen these words.
    """
    item.edited_by, item.publish_at, item.scheduled_by = by, None, None
    item.save(update_fields=["edited_by", "publish_at", "scheduled_by", "updated_at"])


def sign_first_wordings(*, rows: Iterable[Model], by: User) -> None:
    """Note that `by` has changed these rows, as far as they are pledges that are not public yet.

    A pledge's own fields become public with its first wording, so whoever changed them does not publish it alone.
    """
    pledges = [row.pk for row in rows if isinstance(row, Pledge)]
    public = Wording.objects.filter(pledge__in=pledges, state=State.PUBLISHED).values("pledge")
    first = Wording.objects.filter(pledge__in=pledges).exclude(pledge__in=public)
    for wording in first.select_for_update(of=("self",)).order_by("pk"):
        sign(item=wording, by=by)


def sign_for_those_before(*, wordings: Iterable[Wording]) -> None:
    """Note in wordings just begun, of pledges that had none, who has worked on those pledges before.

    Their first draft was discarded, and with it the note of who put words into it; the pledges' own fields stayed.
    """
    begun = {wording.pledge_id: wording.pk for wording in wordings}
    drafts = Wording.pgh_event_model.objects.filter(pledge__in=begun)
    changes = Pledge.pgh_event_model.objects.filter(pgh_obj__in=begun)
    found = {
        *drafts.values_list("pledge", "author"),
        *drafts.values_list("pledge", "edited_by"),
        *changes.values_list("pgh_obj", "pgh_context__metadata__user"),
    }
    people = set(User.objects.filter(pk__in={person for _pledge, person in found}).values_list("pk", flat=True))
    Contributor.objects.bulk_create(
        [Contributor(wording_id=begun[pledge], person_id=person) for pledge, person in found if person in people],
        ignore_conflicts=True,
    )


def two_person_rule(item: Wording | Update | Retraction, *, by: User) -> list[str]:
    """Why `by` does not publish this, being one of those who wrote it; empty if that is no reason."""
    if not Newsroom.get().two_person_rule:
        return []
    if by.pk not in (item.author_id, item.edited_by_id) and not item.contributors.filter(person=by).exists():
        return []
    return [_("You wrote in this, so somebody else has to publish it (two pairs of eyes).")]


@dataclass(frozen=True)
class Publishers:
    """Of those who have the right to publish something: who may publish this, and who wrote in it and may not."""

    may: list[User]
    wrote: list[User]


def publishers(item: Wording | Update | Retraction) -> Publishers:
    """Who of the newsroom may publish the item, and who may not because of two pairs of eyes, by their names."""
    people = sorted(_with_right(item), key=lambda user: user.public_name.casefold())
    if not Newsroom.get().two_person_rule:
        return Publishers(people, [])
    wrote = set(item.contributors.values_list("person", flat=True))
    return Publishers(
        [user for user in people if user.pk not in wrote],
        [user for user in people if user.pk in wrote],
    )


def _with_right(item: Wording | Update | Retraction) -> QuerySet[User]:
    people = User.objects.with_perm(f"pledges.publish_{item._meta.model_name}")
    return people.filter(is_staff=True).only("username", "byline")
