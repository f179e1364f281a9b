"""What waits for people at the desk: recent leads, drafts in review, what is due. Staff are told of it by e-mail,
destinations by webhook or message. Read-only; times are UTC.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, Min, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

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
DUE_REASONS = {
    REVIEW: _("nobody has looked at it for longer than its interval"),
    str(Timeliness.DUE_SOON): _("its deadline is near"),
    str(Timeliness.OVERDUE): _("its deadline has passed"),
}


@dataclass(frozen=True)
class Due:
    """A pledge that is due: its id, the reason ("review", "due_soon", "overdue"), and the first day for which it is.

    `public_at` is when what makes it due was published, which may be after that day: the pledge, or its deadline.
    """

    pledge: int
    reason: str
    day: date
    public_at: datetime


def recent_leads(*, least_percent: int, now: datetime) -> QuerySet[Lead]:
    """The open leads of the last week, at or above a score."""
    return Lead.objects.filter(
        state=Lead.State.OPEN, raised_at__gte=now - LOOKED_BACK, score__gte=least_percent / 100 - 1e-9
    )


def in_review(model: type[Draftable]) -> QuerySet:
    """The drafts of a model that wait for review and have no time set at which they are published."""
    rows = model._default_manager.filter(state=State.REVIEW, publish_at=None)
    return rows.select_related("pledge", "author").prefetch_related("pledge__wordings")


def reviews_by_kind(user: User) -> Iterator[QuerySet]:
    """The drafts in review that a person may publish, without those to which the person contributed: a query for each
    model."""
    for name, model in REVIEWED.items():
        if user.has_perm(f"pledges.publish_{name}"):
            yield in_review(model).exclude(contributors__person=user)


def reviews_for(user: User) -> Iterator[Draftable]:
    """As `reviews_by_kind`, the drafts themselves."""
    for rows in reviews_by_kind(user):
        yield from rows


def review_keys(rows: QuerySet, *, since: datetime | None = None) -> dict[str, int]:
    """The ids of drafts in review by their keys, submitted at `since` or later; nothing else of them is read."""
    if since:
        rows = rows.filter(submitted_at__gte=since)
    bare = rows.select_related(None).prefetch_related(None).only("submitted_at").order_by("submitted_at", "pk")
    return {review_key(item): item.pk for item in bare}


def review_key(item: Draftable) -> str:
    """The key of a draft that waits for review: submitted again, it has another."""
    since = item.submitted_at.isoformat(timespec="seconds") if item.submitted_at else ""
    return f"{item._meta.model_name} {item.pk} {since}"


def due_now(*, today: date) -> dict[str, Due]:
    """What is due, by its key: a review, or a deadline that is near or has passed of a pledge that is not settled.

    The key holds the day, so that the next time is another notice. The status is computed only for pledges with such a
    deadline.
    """
    due: dict[str, Due] = {}
    pledges = visibility.public_pledges().only("reviewed_on", "created_at", "review_interval_days").order_by()
    review_days = {pledge.pk: day for pledge in pledges if (day := pledge.review_due_on) <= today}
    published = visibility.public_wordings().filter(pledge__in=review_days).order_by().values_list("pledge")
    for pk, public_at in published.annotate(Min("edition__published_at")):
        due[f"{REVIEW} {pk} {review_days[pk]}"] = Due(pk, REVIEW, review_days[pk], public_at)
    later = visibility.public_wordings().filter(pledge=OuterRef("pledge"), number__gt=OuterRef("number"))
    near = visibility.public_wordings().filter(
        ~Exists(later), deadline__lte=today + timedelta(days=rules.DUE_SOON_DAYS)
    )
    deadlines: dict[int, tuple[date | None, datetime]] = {}
    wordings = visibility.public_wordings().filter(pledge__in=near.values("pledge")).order_by("number")
    for pk, deadline_day, precision, published_at in wordings.values_list(
        "pledge", "deadline", "deadline_precision", "edition__published_at"
    ):
        end = rules.deadline_end(deadline_day, precision)
        if pk not in deadlines or deadlines[pk][0] != end:  # a wording that keeps the deadline makes nothing due
            deadlines[pk] = end, published_at
    updates: dict[int, list[Update]] = defaultdict(list)
    rows = visibility.public_updates().filter(pledge__in=deadlines)
    for update in rows.only("pledge_id", "happened_on", "status", "corrects_id", "edition_id"):
        updates[update.pledge_id].append(update)
    for pk, (deadline, public_at) in deadlines.items():
        changes = [(update.happened_on, update.status) for update in visibility.in_order(updates[pk])]
        status, since = rules.standing(changes, today)
        why = rules.timeliness(status, since, deadline, today)
        if why in DEADLINES and deadline and status not in rules.SETTLED:
            days = -rules.DUE_SOON_DAYS if why == Timeliness.DUE_SOON else 1
            due[f"{why} {pk} {deadline}"] = Due(pk, str(why), deadline + timedelta(days=days), public_at)
    return due
