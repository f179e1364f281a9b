"""The pages about the tracker: methodology, watch, accessibility, contact and data."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from pledges.domain.rules import DUE_SOON_DAYS
from pledges.jobs import source_health, statistics
from pledges.models import FAILURE_LABELS, TIMELINESS_LABELS, Source, WatchQuality
from pledges.site import dataset, definitions
from pledges.site.shared import json_ld, navigation
from pledges.site.shared.page_cache import PublicRequest, newsroom_of, page

SOURCES_LISTED = 100


@page(dated=False)
def methodology(request: PublicRequest) -> HttpResponse:
    """How pledges are chosen, rated, published and corrected, with the definitions that the code uses."""
    return render(
        request,
        "pledges/methodology.html",
        {
            "statuses": definitions.STATUSES.items(),
            "failures": [(reason, FAILURE_LABELS[reason], text) for reason, text in definitions.FAILURES.items()],
            "timeliness": [(value, TIMELINESS_LABELS[value], text) for value, text in definitions.TIMELINESS.items()],
            "due_soon_days": DUE_SOON_DAYS,
        },
    )


@page("page", dated=False)
def watch(request: PublicRequest) -> HttpResponse:
    """The sources and their state, what became of their articles, and what the watch cannot see.

    The page may be up to ten minutes old, like everything that pages say about the watch."""
    now = timezone.now()
    sources = Paginator(Source.objects.filter(pledge=None).order_by("-active", "name", "pk"), SOURCES_LISTED)
    shown = sources.get_page(request.GET.get("page"))
    counts = statistics.brought(list(shown), now=now)
    return render(
        request,
        "pledges/watch.html",
        {
            "page": shown,
            "sources": [(row, source_health.of(row, now=now).state, counts.get(row.pk, 0)) for row in shown],
            "searches": Source.objects.filter(pledge__isnull=False, active=True).count(),
            "sample": Source.objects.filter(sample=True, active=True).exists(),
            "periods": [statistics.period(days, now=now) for days in (statistics.MONTH, statistics.YEAR)],
            "dismissals": statistics.dismissals(statistics.YEAR, now=now),
            "quality": WatchQuality.objects.filter(pledge=None).first(),
        },
    )


@page(dated=False)
def accessibility(request: PublicRequest) -> HttpResponse:
    """The accessibility standard, how it is tested, what falls short, and whom to tell."""
    return render(request, "pledges/accessibility.html")


@page(dated=False)
def contact(request: PublicRequest) -> HttpResponse:
    """How to reach the newsroom, and what to write so that a mistake is corrected quickly."""
    return render(request, "pledges/contact.html")


@page(dated=False)
def data(request: PublicRequest) -> HttpResponse:
    """The feeds, downloads and embeds, with their addresses."""
    kinds = [(kind, [link for link in links if link.address]) for kind, links in navigation.OFFERS]
    nodes = dataset.graph(request, newsroom_of(request))
    return render(
        request,
        "pledges/data.html",
        {
            "kinds": [(kind, links) for kind, links in kinds if links],
            "embeds": navigation.EMBEDS,
            "structured_data": json_ld.script(*nodes) if nodes else "",
        },
    )
