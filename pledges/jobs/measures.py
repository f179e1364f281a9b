"""Figures about work and content for the metrics, read from the database when a scraper asks: one query a table."""

from django.db.models import Count, Q
from django.utils import timezone

from pledges.actions import leases
from pledges.models import Article, Delivery, Edition, Lead, Source
from pledges.queries import backups

Figures = dict[str, dict[str, float]]


def read() -> Figures:
    """The figures by the name of their metric, then by their label ("" where it has none): counts, and times in seconds
    since 1970 (UTC) or seconds until now. What does not exist (no edition yet) is left out."""
    now = timezone.now()
    sources = Source.objects.filter(active=True).aggregate(
        active=Count("pk"),
        due=Count("pk", filter=Q(next_due_at=None) | Q(next_due_at__lte=now)),
        failing=Count("pk", filter=Q(failing_since__isnull=False)),
    )
    due = leases.waiting_since(Source, now=now)
    edition = Edition.objects.order_by("-number").values("number", "published_at").first()
    figures: Figures = {
        "sources": {state: float(count) for state, count in sources.items()},
        "source_oldest_due_seconds": {"": (now - due).total_seconds() if due else 0.0},
        "articles_unread": {"": float(Article.objects.filter(state=Article.State.NEW).count())},
        "leads": _by_state(Lead),
        "deliveries": _by_state(Delivery),
    }
    if edition:
        figures["edition_number"] = {"": float(edition["number"])}
        figures["edition_published_timestamp_seconds"] = {"": edition["published_at"].timestamp()}
    backup = backups.last_backup(now=now)
    if backup and backup.made_at:
        figures["backup_made_timestamp_seconds"] = {"": backup.made_at.timestamp()}
    return figures


def _by_state(model: type[Lead] | type[Delivery]) -> dict[str, float]:
    counts = dict(model.objects.order_by().values_list("state").annotate(Count("pk")))
    return {state: float(counts.get(state, 0)) for state in model.State.values}
