"""What the watch did, in numbers for readers. Times are UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from pledges.models import Article, Lead, Source

MONTH, YEAR = 30, 365


@dataclass(frozen=True)
class Period:
    """The last so many days: the articles found, read, and not readable; the leads that the watch raised out of them,
    and how many of these people have accepted and dismissed until now."""

    days: int
    found: int
    read: int
    unreadable: int
    raised: int
    accepted: int
    dismissed: int

    @property
    def decided(self) -> int:
        """How many of the leads people have decided."""
        return self.accepted + self.dismissed

    @property
    def share(self) -> int | None:
        """Of 100 decided, how many were accepted; None where none was decided."""
        return round(100 * self.accepted / self.decided) if self.decided else None


def period(days: int, *, now: datetime) -> Period:
    """The last `days` days before `now`, in two queries. Leads that a person raised are not the watch's."""
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


def dismissals(days: int, *, now: datetime) -> list[tuple[object, int]]:
    """Why people dismissed leads of the watch of the last `days` days, as (reason in words, how many), most first."""
    found = Lead.objects.filter(raised_at__gte=now - timedelta(days=days), raised_by=None, state=Lead.State.DISMISSED)
    counts = found.order_by().values_list("dismiss_reason").annotate(n=Count("pk")).order_by("-n", "dismiss_reason")
    return [(Lead.DismissReason(reason).label, n) for reason, n in counts]


def brought(sources: list[Source], *, now: datetime) -> dict[int, int]:
    """By a source's id, how many articles it has brought in the last 30 days."""
    recent = Article.objects.filter(source__in=sources, found_at__gte=now - timedelta(days=MONTH))
    return dict(recent.order_by().values_list("source").annotate(n=Count("pk")))
