"""Structured data for search engines and other programs: schema.org as JSON-LD, in a script element that never runs."""

import json
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from pledges.domain.rules import Precision
from pledges.models import Newsroom
from pledges.site.shared.page_cache import origin_of

Node = dict[str, Any]
CONTEXT = "https://schema.org"
# As in Django's json_script: no text can end the element, or begin another one in it.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_FORMATS = {Precision.YEAR: "%Y", Precision.MONTH: "%Y-%m"}


def script(*nodes: Node) -> SafeString:
    """The nodes as one graph in a script element; empty values are left out."""
    content = json.dumps({"@context": CONTEXT, "@graph": [compact(node) for node in nodes]}, ensure_ascii=False)
    return mark_safe(f'<script type="application/ld+json">{content.translate(_ESCAPES)}</script>')


def compact(node: Node) -> Node:
    """A node without its empty values, also in the nodes inside of it."""
    kept: Node = {}
    for name, value in node.items():
        inner = compact(value) if isinstance(value, dict) else value
        inner = (
            [compact(each) if isinstance(each, dict) else each for each in inner] if isinstance(inner, list) else inner
        )
        if inner not in ("", None, [], {}):
            kept[name] = inner
    return kept


def publisher_of(request: HttpRequest, newsroom: Newsroom) -> Node:
    """The newsroom as publisher; other nodes refer to it by `reference`."""
    origin = origin_of(request)
    logo = f"{origin}{reverse('logo', args=[newsroom.logo_id])}" if newsroom.logo_id else ""
    return {
        "@type": "NewsMediaOrganization",
        "@id": f"{origin}/#newsroom",
        "name": str(newsroom.name),
        "description": str(newsroom.about),
        "url": f"{origin}{reverse('home')}",
        "email": newsroom.contact_email,
        "logo": logo,
        "publishingPrinciples": f"{origin}{reverse('methodology')}",
        "correctionsPolicy": f"{origin}{reverse('corrections')}",
    }


def reference(node: Node) -> Node:
    """A node by its id, for where it stands in full elsewhere in the graph."""
    return {"@id": node["@id"]}


def written_day(day: date | None, precision: str = Precision.DAY) -> str:
    """A date in ISO 8601, as exactly as it is known; "" for None."""
    return day.strftime(_FORMATS.get(Precision(precision), "%Y-%m-%d")) if day else ""
