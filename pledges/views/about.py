"""The pages that say how this tracker works."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pledges.models import Source
from pledges.rules import DUE_SOON_DAYS

from .shell import page


@page(dated=False)
def methodology(request: HttpRequest) -> HttpResponse:
    """How pledges are chosen, rated, published and corrected, from the code's own words."""
    return render(
        request,
        "pledges/methodology.html",
        {
            "due_soon_days": DUE_SOON_DAYS,
            "sources": Source.objects.order_by("-active", "name"),
        },
    )
