"""What is due: pledges to be reviewed, outdated figures, mandates that are over, documents with open candidates.

`today` is an argument everywhere: a day in the newsroom's calendar.
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

from pledges.domain.rules import DUE_SOON_DAYS, SETTLED, Precision
from pledges.models import Candidate, Indicator, Intake, Mandate, Pledge
from pledges.queries import visibility

UNCHECKED_DAYS = 180
OUTDATED_GAPS = 2  # times the usual time from one figure to the next
OUTDATED_MARGIN = timedelta(days=30)  # offices publish late


def status_now(pledge: str, day: Subquery | None = None) -> Subquery:
    """The status of the pledge whose id is in the field `pledge`: that of its latest counting update, or null. With
    `day`, the status that it had at the end of that day.

    As in `visibility.in_order`, a correction is ordered by the edition of the update that it corrects.
    """
    first = Coalesce("corrects__corrects__edition_id", "corrects__edition_id", "edition_id")
    latest = visibility.counting_updates().filter(pledge=OuterRef(pledge)).annotate(first=first)
    latest = latest.filter(happened_on__lte=day) if day else latest
    latest = latest.order_by("-happened_on", "-first", "-pk")
    return Subquery(latest.values("status")[:1])


def is_public() -> Exists:
    """For a query of pledges: whether the pledge is public."""
    return Exists(visibility.public_pledges().filter(pk=OuterRef("pk")))


def for_review(pledges: QuerySet[Pledge], *, today: date) -> QuerySet[Pledge]:
    """Public pledges whose last review is older than their review interval (see `Pledge.review_due_on`)."""
    since = Coalesce(F("reviewed_on"), TruncDate("created_at"))
    due = ExpressionWrapper(since + F("review_interval_days"), output_field=DateField())
    return pledges.filter(is_public()).alias(due=due).filter(due__lte=today)


def _last_checked() -> Greatest:
    """The day of a pledge's last review or published update, whichever is later; null if there is neither."""
    published = visibility.public_updates().filter(pledge=OuterRef("pk")).order_by("-edition__published_at")
    return Greatest(F("reviewed_on"), Subquery(published.values(day=TruncDate("edition__published_at"))[:1]))


def _deadline_end() -> Subquery:
    """The last day in time by the current wording (see `rules.deadline_end`), or null."""
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
    latest = visibility.public_wordings().filter(pledge=OuterRef("pk")).order_by("-number")
    return Subquery(latest.values(end=end)[:1], output_field=DateField())


def deadline_due(pledges: QuerySet[Pledge], *, today: date) -> QuerySet[Pledge]:
    """Public pledges, neither kept nor broken, whose deadline is within 90 days or has passed, and that nobody has
    checked since that began: since the 90th day before the deadline, or since the deadline."""
    before = ExpressionWrapper(F("end") - Value(DUE_SOON_DAYS), output_field=DateField())
    rows = pledges.filter(is_public()).alias(
        end=_deadline_end(), checked=_last_checked(), standing=Coalesce(status_now("pk"), Value(""))
    )
    rows = rows.filter(end__lte=today + timedelta(days=DUE_SOON_DAYS)).exclude(standing__in=SETTLED)
    return rows.filter(
        Q(checked=None) | Q(end__lt=today, checked__lte=F("end")) | Q(end__gte=today, checked__lt=before)
    )


def unchecked(pledges: QuerySet[Pledge], *, today: date) -> QuerySet[Pledge]:
    """Public pledges without a review or a published update for more than 180 days, whatever their interval."""
    since = Coalesce(_last_checked(), TruncDate("created_at"))
    return pledges.filter(is_public()).alias(since=since).filter(since__lt=today - timedelta(days=UNCHECKED_DAYS))


def is_outdated(ends: Collection[date], *, today: date) -> bool:
    """Whether figures whose periods end on these days are outdated.

    They are when the newest is older than twice the median gap between them plus 30 days. A single figure has no gap
    and counts as yearly.
    """
    days = sorted(set(ends))
    if not days:
        return False
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    usual = timedelta(days=median(gaps) if gaps else 365)
    return today - days[-1] > OUTDATED_GAPS * usual + OUTDATED_MARGIN


def outdated(indicators: QuerySet[Indicator], *, today: date) -> QuerySet[Indicator]:
    """The indicators with outdated figures (see `is_outdated`); figures that wait for publication count."""
    with_figures = Indicator.objects.order_by().filter(observations__isnull=False)
    ends = with_figures.annotate(ends=ArrayAgg("observations__ends_on", distinct=True)).values_list("pk", "ends")
    return indicators.filter(pk__in=[pk for pk, days in ends if is_outdated(days, today=today)])


def over(mandates: QuerySet[Mandate], *, today: date) -> QuerySet[Mandate]:
    """The mandates whose term is over and that the newsroom has not closed yet."""
    return mandates.filter(ends_on__lt=today, closed_on=None)


def undecided(documents: QuerySet[Intake]) -> QuerySet[Intake]:
    """The documents with a candidate that is still open."""
    return documents.filter(Exists(Candidate.objects.filter(intake=OuterRef("pk"), state=Candidate.State.OPEN)))
