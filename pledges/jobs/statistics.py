"""The work of the watch in numbers, for readers. Times are UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.functional import Promise

from pledges.models import Article, Lead, Source

MONTH, YEAR = 30, 365


@dataclass(frozen=True)
class Period:
    """The last `days` days: the articles found, read and not readable; the leads that the watch raised in these days,
    and how many of them editors have accepted and dismissed so far."""

    days: int
    found: int
    read: int
    unreadable: int
    raised: int
    accepted: int
    dismissed: int

    @property
    def decided(self) -> int:
        """How many of the leads are accepted or dismissed."""
        return self.accepted + self.dismissed

    @property
    def share(self) -> int | None:
        """The percentage of the decided leads that were accepted; None if none was decided."""
        return round(100 * self.accepted / self.decided) if self.decided else None


def period(days: int, *, now: datetime) -> Period:
    """The last `days` days before `now`, in two queries. Leads raised by a person are left out."""
    since = now - timedelta(days=days)
    articles = Article.objects.filter(found_at__gte=since).aggregate(
        found=Count("pk"),
        read=Count("pk", filter=Q(state=Article.State.READ)),
        unreadable=Count("pk", filter=Q(state=Article.State.FAILED)),
    )
    leads = Lead.objects.filter(raised_at__gte=since, raised_by=None).aggregate(
        raised=Count("pk"),
        accepted=Count("pk", filter=Q(state=Lead.State.ACCEPTED)),
        dismissed=Count("pk", filter=Q(state=Lead.State.DISMISSED)),
    )
    return Period(days, **articles, **leads)


def dismissals(days: int, *, now: datetime) -> list[tuple[str | Promise, int]]:
    """Why editors dismissed leads of the last `days` days, as (label of the reason, count), the most frequent first."""
    leads = Lead.objects.filter(raised_at__gte=now - timedelta(days=days), raised_by=None, state=Lead.State.DISMISSED)
    counts = leads.order_by().values_list("dismiss_reason").annotate(n=Count("pk")).order_by("-n", "dismiss_reason")
    return [(Lead.DismissReason(reason).label, n) for reason, n in counts]


def brought(sources: list[Source], *, now: datetime) -> dict[int, int]:
    """The number of articles found in the last 30 days, by the id of their source."""
    recent = Article.objects.filter(source__in=sources, found_at__gte=now - timedelta(days=MONTH))
    return dict(recent.order_by().values_list("source").annotate(n=Count("pk")))
