"""What is due, as plain rules: pledges to be looked at again, figures that have grown old, mandates that are over,
documents with candidates to decide.

Days are those of the newsroom's own calendar; `today` is an argument everywhere.
"""

from collections.abc import Collection
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, TruncDate

from pledges.domain.rules import DUE_SOON_DAYS, Precision, Status
from pledges.models import Candidate, Indicator, Intake, Mandate, Pledge
from pledges.queries import visibility

UNCHECKED_DAYS = 180
OUTDATED_GAPS = 2  # times the usual time from one figure to the next
OUTDATED_MARGIN = timedelta(days=30)  # for the office that publishes them
SETTLED = (Status.KEPT, Status.BROKEN)


def status_now(pledge: str) -> Subquery:
    """The status of the pledge whose id is in the field `pledge`: that of its latest update that counts, or null.

    As `access.in_order` has it, a correction has its place by the edition of what it corrects.
    """
    first = Coalesce("corrects__corrects__edition_id", "corrects__edition_id", "edition_id")
    latest = visibility.counting_updates().filter(pledge=OuterRef(pledge)).annotate(first=first)
    latest = latest.order_by("-happened_on", "-first", "-pk")
    return Subquery(latest.values("status")[:1])


def is_public() -> Exists:
    """Whether a pledge (the row at hand) is public."""
    return Exists(visibility.public_pledges().filter(pk=OuterRef("pk")))


def for_review(pledges: QuerySet[Pledge], *, today: date) -> QuerySet[Pledge]:
    """The public pledges that no person has looked at for longer than their interval (see `Pledge.review_due_on`)."""
    since = Coalesce(F("reviewed_on"), TruncDate("created_at"))
    due = ExpressionWrapper(since + F("review_interval_days"), output_field=DateField())
    return pledges.filter(is_public()).alias(due=due).filter(due__lte=today)


def _looked_at() -> Greatest:
    """The day on which a person last looked at a pledge: a review, or an update that was published; null for never."""
    published = visibility.public_updates().filter(pledge=OuterRef("pk")).order_by("-edition__published_at")
    return Greatest(F("reviewed_on"), Subquery(published.values(day=TruncDate("edition__published_at"))[:1]))


def _deadline_end() -> Subquery:
    """The last day in time of the wording that holds (see `rules.deadline_end`), or null."""
    end = Case(
        When(
            deadline_precision=Precision.MONTH,
            then=Func(
                F("deadline"),
                template="(date_trunc('month', %(expressions)s::timestamp) + '1 month'::interval)::date - 1",
            ),
        ),
        When(
            deadline_precision=Precision.YEAR,
            then=Func(
                F("deadline"),
                template="(date_trunc('year', %(expressions)s::timestamp) + '1 year'::interval)::date - 1",
            ),
        ),
        default=F("deadline"),
        output_field=DateField(),
    )
    holding = visibility.public_wordings().filter(pledge=OuterRef("pk")).order_by("-number")
    return Subquery(holding.values(end=end)[:1], output_field=DateField())


def deadline_due(pledges: QuerySet[Pledge], *, today: date) -> QuerySet[Pledge]:
    """Public pledges that are not settled, with a deadline that comes within 90 days or has passed, and at which nobody
    has looked since: since the 90 days began, or since it passed."""
    before = ExpressionWrapper(F("end") - Value(DUE_SOON_DAYS), output_field=DateField())
    rows = pledges.filter(is_public()).alias(
        end=_deadline_end(), looked=_looked_at(), standing=Coalesce(status_now("pk"), Value(""))
    )
    rows = rows.filter(end__lte=today + timedelta(days=DUE_SOON_DAYS)).exclude(standing__in=SETTLED)
    return rows.filter(Q(looked=None) | Q(end__lt=today, looked__lte=F("end")) | Q(end__gte=today, looked__lt=before))


def unchecked(pledges: QuerySet[Pledge], *, today: date) -> QuerySet[Pledge]:
    """Public pledges without a review or a published update for more than 180 days, whatever their interval."""
    since = Coalesce(_looked_at(), TruncDate("created_at"))
    return pledges.filter(is_public()).alias(since=since).filter(since__lt=today - timedelta(days=UNCHECKED_DAYS))


def is_outdated(ends: Collection[date], *, today: date) -> bool:
    """Whether figures, by the last days of their periods, have grown old.

    They have when the newest is older than twice their usual gap (the median) and a month. Of one figure nothing is
    known to be usual, so it counts as a yearly one.
    """
    days = sorted(set(ends))
    if not days:
        return False
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    usual = timedelta(days=median(gaps) if gaps else 365)
    return today - days[-1] > OUTDATED_GAPS * usual + OUTDATED_MARGIN


def outdated(indicators: QuerySet[Indicator], *, today: date) -> QuerySet[Indicator]:
    """The indicators whose figures have grown old, those included that wait for publication (see `is_outdated`)."""
    known = Indicator.objects.order_by().filter(observations__isnull=False)
    ends = known.annotate(ends=ArrayAgg("observations__ends_on", distinct=True)).values_list("pk", "ends")
    return indicators.filter(pk__in=[pk for pk, days in ends if is_outdated(days, today=today)])


def over(mandates: QuerySet[Mandate], *, today: date) -> QuerySet[Mandate]:
    """The mandates that are over, and in which the newsroom has not yet given each pledge its last decision."""
    return mandates.filter(ends_on__lt=today, closed_on=None)


def undecided(documents: QuerySet[Intake]) -> QuerySet[Intake]:
    """The documents in which a candidate waits for a decision."""
    return documents.filter(Exists(Candidate.objects.filter(intake=OuterRef("pk"), state=Candidate.State.OPEN)))
