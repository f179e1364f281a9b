"""The end of a mandate: the outcome of each of its pledges, and which of them still need a last decision."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from pledges.domain.rules import Status, standing
from pledges.models import Mandate, Pledge, State, Update
from pledges.queries import visibility

# With one of these a pledge has its final rating; with any other, a person has to look at it once more.
SETTLED = (Status.KEPT, Status.PARTLY_KEPT, Status.BROKEN)


@dataclass(frozen=True)
class LastDecision:
    """A pledge at the end of a mandate: its status, and what counts as its last decision.

    `decision` is "settled" (kept, partly kept, broken), "told" (an update dated the last day or later is published),
    "carried" (it is followed in a later mandate, `into`), "left" (a person reviewed it since the last day and left its
    status as it is) or "" while there is none. `draft` is an unpublished update dated the last day or later.
    """

    pledge: Pledge
    status: Status
    decision: str
    into: Mandate | None = None
    draft: Update | None = None


def last_decisions(mandate: Mandate, today: date) -> list[LastDecision]:
    """The last decision about every public pledge made in the mandate or carried into it, as of `today` in the
    newsroom's calendar: first those without one, then by status and slug. The number of queries is fixed.

    Raises ValueError for a mandate without a last day.
    """
    if mandate.ends_on is None:
        raise ValueError(f"{mandate} has no last day")
    updates = visibility.with_withdrawal(Update.objects.select_related("corrects")).order_by("pk")
    pledges = (
        visibility.public_pledges()
        .filter(Q(mandate=mandate) | Q(carried_into=mandate))
        .distinct()
        .defer("search_en", "search_es")
        .select_related("mandate")
        .prefetch_related("wordings", "carried_into", Prefetch("updates", updates))
    )
    order = list(Status)
    decisions = [_decision(pledge, mandate, mandate.ends_on, today) for pledge in pledges]
    return sorted(decisions, key=lambda each: (bool(each.decision), order.index(each.status), each.pledge.slug))


def _decision(pledge: Pledge, mandate: Mandate, ends_on: date, today: date) -> LastDecision:
    written = list(pledge.updates.all())
    published = visibility.in_order(update for update in written if update.is_published)
    status, _since = standing([(update.happened_on, update.status) for update in published], today)
    since_the_end = [update for update in written if update.happened_on >= ends_on]
    later = [other for other in pledge.carried_into.all() if other.starts_on > mandate.starts_on]
    into = max(later, key=lambda other: (other.starts_on, other.slug), default=None)
    if status in SETTLED:
        decision = "settled"
    elif any(update.happened_on >= ends_on for update in published):
        decision = "told"
    elif into:
        decision = "carried"
    elif pledge.reviewed_on and pledge.reviewed_on >= ends_on:
        decision = "left"
    else:
        decision = ""
    draft = next((update for update in since_the_end if update.state != State.PUBLISHED), None)
    return LastDecision(pledge, Status(status), decision, into, draft)


def undecided(decisions: list[LastDecision]) -> list[LastDecision]:
    """Those without a last decision."""
    return [each for each in decisions if not each.decision]
