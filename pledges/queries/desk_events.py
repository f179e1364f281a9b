"""What waits for people at the desk: recent leads, drafts in review, what is due. Staff are told of it by e-mail,
destinations by webhook or message. Read-only; times are UTC.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from pledges.domain import rules
from pledges.domain.rules import Timeliness
from pledges.models import Draftable, Lead, PledgeCorrection, State, Update, User, Withdrawal, Wording
from pledges.queries import visibility

LOOKED_BACK = timedelta(days=7)  # nobody is told of older leads, such as those of a pledge that one begins to follow
REVIEWED: dict[str, type[Draftable]] = {
    "update": Update,
    "wording": Wording,
    "pledgecorrection": PledgeCorrection,
    "withdrawal": Withdrawal,
}
DEADLINES = {Timeliness.DUE_SOON, Timeliness.OVERDUE}
REVIEW = "review"


@dataclass(frozen=True)
class Due:
    """A pledge that is due: its id, the reason ("review", "due_soon", "overdue"), and the first day for which it is."""

    pledge: int
    reason: str
    day: date


def recent_leads(*, least_percent: int, now: datetime) -> QuerySet[Lead]:
    """The open leads of the last week, at or above a score."""
    return Lead.objects.filter(
        state=Lead.State.OPEN, raised_at__gte=now - LOOKED_BACK, score__gte=least_percent / 100 - 1e-9
    )


def in_review(model: type[Draftable]) -> QuerySet:
    """The drafts of a model that wait for review and have no time set at which they are published."""
    rows = model._default_manager.filter(state=State.REVIEW, publish_at=None)
    return rows.select_related("pledge", "author").prefetch_related("pledge__wordings")


def reviews_for(user: User) -> Iterator[Draftable]:
    """The drafts in review that a person may publish, without those to which the person contributed."""
    for name, model in REVIEWED.items():
        if user.has_perm(f"pledges.publish_{name}"):
            yield from in_review(model).exclude(contributors__person=user)


def review_key(item: Draftable) -> str:
    """The key of a draft that waits for review: submitted again, it has another."""
    since = item.submitted_at.isoformat(timespec="seconds") if item.submitted_at else ""
    return f"{item._meta.model_name} {item.pk} {since}"


def due_now(*, today: date) -> dict[str, Due]:
    """What is due, by its key: a review, or a deadline that is near or has passed.

    The key holds the day, so that the next time is another notice. The status is computed only for pledges with such a
    deadline.
    """
    due: dict[str, Due] = {}
    for pledge in visibility.public_pledges().only("reviewed_on", "created_at", "review_interval_days").order_by():
        day = pledge.review_due_on
        if day <= today:
            due[f"{REVIEW} {pledge.pk} {day}"] = Due(pledge.pk, REVIEW, day)
    later = visibility.public_wordings().filter(pledge=OuterRef("pledge"), number__gt=OuterRef("number"))
    near = visibility.public_wordings().filter(
        ~Exists(later), deadline__lte=today + timedelta(days=rules.DUE_SOON_DAYS)
    )
    deadlines = {wording.pledge_id: wording.deadline_end for wording in near}
    updates: dict[int, list[Update]] = defaultdict(list)
    rows = visibility.public_updates().filter(pledge__in=deadlines)
    for update in rows.only("pledge_id", "happened_on", "status", "corrects_id", "edition_id"):
        updates[update.pledge_id].append(update)
    for pk, deadline in deadlines.items():
        changes = [(update.happened_on, update.status) for update in visibility.in_order(updates[pk])]
        why = rules.timeliness(*rules.standing(changes, today), deadline, today)
        if why in DEADLINES and deadline:
            days = -rules.DUE_SOON_DAYS if why == Timeliness.DUE_SOON else 1
            due[f"{why} {pk} {deadline}"] = Due(pk, str(why), deadline + timedelta(days=days))
    return due
