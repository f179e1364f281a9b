"""The sample newswire: a feed and pages written for demonstration, served only if SAMPLE_NEWSWIRE is set.

The watch reads it over HTTP like any other source, so the whole chain works on a machine without internet.
"""

import hashlib
import json
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import condition, require_safe

from pledges.domain.process_cache import kept

DATA = Path(__file__).resolve().parents[1] / "data" / "newswire.json"


def articles() -> dict[str, dict]:
    """The sample articles by their slug, with "published" as a datetime. Raises Http404 if none are served here."""
    if not settings.SAMPLE_NEWSWIRE:
        raise Http404("no sample newswire is served here")
    return _articles()


@kept()
def _articles() -> dict[str, dict]:
    rows = json.loads(DATA.read_text(encoding="utf-8"))
    return {row["slug"]: {**row, "published": datetime.fromisoformat(row["published_at"])} for row in rows}


@kept()
def _etag(address: str) -> str:
    return f'"{hashlib.sha256(DATA.read_bytes() + address.encode()).hexdigest()[:20]}"'


@require_safe
@condition(etag_func=lambda request: _etag(settings.SAMPLE_NEWSWIRE))
def feed(request: HttpRequest) -> HttpResponse:
    """The Atom feed of all sample articles."""
    atom = Atom1Feed(
        title="Sample newswire (written for demonstration)",
        link=settings.SAMPLE_NEWSWIRE + reverse("newswire"),
        description="",
        feed_url=settings.SAMPLE_NEWSWIRE + reverse("newswire_feed"),
        language="en",
    )
    for slug, row in articles().items():
        atom.add_item(
            title=row["title"],
            link=settings.SAMPLE_NEWSWIRE + reverse("newswire_article", args=[slug]),
            description=row["paragraphs"][0],
            pubdate=row["published"],
            updateddate=row["published"],
            unique_id=f"tag:sample-newswire.invalid,2026:{slug}",
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list of all sample articles, oldest first."""
    rows = sorted(articles().values(), key=lambda row: (row["published"], row["slug"]))
    return render(request, "newswire/index.html", {"articles": rows})


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One sample article, labelled as such."""
    row = articles().get(slug)
    if row is None:
        raise Http404("no sample article has this address")
    return render(request, "newswire/article.html", {"article": row})
