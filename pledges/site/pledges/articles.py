"""The updates of a pledge as news articles of schema.org: what happened, when it was published, and the evidence."""

from collections.abc import Iterable

from django.utils.translation import get_language

from pledges.queries.published import PublicEvidence
from pledges.queries.published_events import Event
from pledges.queries.standings import Standing
from pledges.site.pledges.context import TimelineEntry
from pledges.site.shared import json_ld
from pledges.site.shared.json_ld import Node

MOST = 30  # of a pledge: the newest


def graph(
    standing: Standing, timeline: Iterable[TimelineEntry], *, address: str, publisher: Node, picture: str
) -> list[Node]:
    """The publisher, the page at `address`, the pledge, and the newest updates that count, in the active language."""
    page: Node = {
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": str(standing.wording.title),
        "inLanguage": get_language(),
        "publisher": json_ld.reference(publisher),
        "mainEntity": {"@id": f"{address}#pledge"},
    }
    pledge = _pledge(standing, address)
    entries = [entry for entry in timeline if entry.withdrawal is None][:MOST]
    return [publisher, page, pledge, *(_article(entry, standing, page, publisher, picture) for entry in entries)]


def _pledge(standing: Standing, address: str) -> Node:
    pledge, document = standing.pledge, standing.pledge.source_document
    return {
        "@type": "CreativeWork",
        "@id": f"{address}#pledge",
        "name": str(standing.wording.title),
        "abstract": str(standing.wording.statement),
        "dateCreated": json_ld.written_day(pledge.made_on, pledge.made_on_precision),
        "creator": {"@type": "Person", "name": pledge.mandate.person, "jobTitle": str(pledge.mandate.office)},
        "isBasedOn": {
            "@type": "CreativeWork",
            "name": str(document.title),
            "url": document.url,
            "datePublished": json_ld.written_day(document.published_on),
            "publisher": {"@type": "Organization", "name": document.publisher},
        },
    }


def _article(entry: TimelineEntry, standing: Standing, page: Node, publisher: Node, picture: str) -> Node:
    """An update; if it was corrected it was first published with the oldest text."""
    update = entry.update
    first = entry.corrections[-1][1] if entry.corrections else update
    address = f"{page['url']}#u{update.pk}"
    return {
        "@type": "NewsArticle",
        "@id": address,
        "url": address,
        "headline": Event(update, standing).title,
        "description": str(update.text),
        "image": picture,
        "datePublished": first.edition.published_at.isoformat(),
        "dateModified": update.edition.published_at.isoformat(),
        "inLanguage": get_language(),
        "author": json_ld.reference(publisher),
        "publisher": json_ld.reference(publisher),
        "about": {"@id": f"{page['url']}#pledge"},
        "isPartOf": json_ld.reference(page),
        "citation": [_evidence(piece) for piece in update.evidence],
    }


def _evidence(piece: PublicEvidence) -> Node:
    return {
        "@type": "CreativeWork",
        "name": piece.title,
        "url": piece.url,
        "datePublished": json_ld.written_day(piece.published_on),
        "inLanguage": piece.language,
        "publisher": {"@type": "Organization", "name": piece.publisher},
    }
