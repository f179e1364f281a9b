"""The end of a mandate: what became of each of its pledges, and which still wait for a last decision."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from pledges.domain.rules import Status, standing
from pledges.models import Mandate, Pledge, State, Update
from pledges.queries import visibility

# With one of these a pledge has its verdict; with any other, somebody has to look once more.
SETTLED = (Status.KEPT, Status.PARTLY_KEPT, Status.BROKEN)


@dataclass(frozen=True)
class LastDecision:
    """A pledge at the end of a mandate: its status, and what decides it.

    `decision` is "settled" (kept, partly kept, broken), "told" (an update of the last day or later is published),
    "carried" (it is followed in a later mandate, `into`), "left" (a person has looked since the last day and left it as
    it stands) or "" while it waits. `draft` is an update of the last day or later that is still being written.
    """

    pledge: Pledge
    status: str
    decision: str
    into: Mandate | None = None
    draft: Update | None = None


def last_decisions(mandate: Mandate, today: date) -> list[LastDecision]:
    """Every public pledge made in the mandate or carried into it, as it stands on `today` (the newsroom's), in a fixed
    number of queries: first those that wait, then by status and address. The mandate needs its last day.
    """
    updates = Update.objects.select_related("corrects").order_by("pk")
    pledges = (
        visibility.public_pledges()
        .filter(Q(mandate=mandate) | Q(carried_into=mandate))
        .distinct()
        .defer("search_en", "search_es")
        .select_related("mandate")
        .prefetch_related("wordings", "carried_into", Prefetch("updates", updates))
    )
    order = list(Status)
    found = [_decision(pledge, mandate, today) for pledge in pledges]
    return sorted(found, key=lambda one: (bool(one.decision), order.index(one.status), one.pledge.slug))


def _decision(pledge: Pledge, mandate: Mandate, today: date) -> LastDecision:
    written = list(pledge.updates.all())
    published = visibility.in_order(update for update in written if update.is_published)
    status, _since = standing([(update.happened_on, update.status) for update in published], today)
    since_the_end = [update for update in written if update.happened_on >= mandate.ends_on]
    later = [other for other in pledge.carried_into.all() if other.starts_on > mandate.starts_on]
    into = max(later, key=lambda other: other.starts_on, default=None)
    if status in SETTLED:
        decision = "settled"
    elif any(update.is_published for update in since_the_end):
        decision = "told"
    elif into:
        decision = "carried"
    elif pledge.reviewed_on and pledge.reviewed_on >= mandate.ends_on:
        decision = "left"
    else:
        decision = ""
    draft = next((update for update in since_the_end if update.state != State.PUBLISHED), None)
    return LastDecision(pledge, status, decision, into, draft)


def undecided(decisions: list[LastDecision]) -> list[LastDecision]:
    """Those that still wait."""
    return [one for one in decisions if not one.decision]
