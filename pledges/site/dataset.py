"""The downloads of the whole tracker as a dataset of schema.org, by which search engines for data find them."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.models import Newsroom
from pledges.site.shared import json_ld, navigation
from pledges.site.shared.json_ld import Node
from pledges.site.shared.page_cache import PublicRequest, canonical_of, origin_of, standings_of


def graph(request: PublicRequest, newsroom: Newsroom) -> list[Node]:
    """The publisher and the dataset as of the current edition; nothing while no pledge is public."""
    standings = standings_of(request)
    if not standings:
        return []
    first = min((standing.pledge for standing in standings), key=lambda pledge: pledge.made_on)
    coverage = f"{json_ld.written_day(first.made_on, first.made_on_precision)}/{request.as_of.day.isoformat()}"
    publisher, address = json_ld.publisher_of(request, newsroom), canonical_of(request)
    published_at = request.pulse.published_at
    dataset: Node = {
        "@type": "Dataset",
        "@id": f"{address}#dataset",
        "url": address,
        "name": _("%(tracker)s: pledges") % {"tracker": newsroom.name},
        "description": _(
            "Every pledge that %(tracker)s follows, with who made it and when, its status, since when it has it, its"
            " deadline, and the day of the last change. Each status rests on dated evidence."
        )
        % {"tracker": newsroom.name},
        "inLanguage": list(newsroom.languages),
        "version": str(request.as_of.edition),
        "dateModified": timezone.localtime(published_at).isoformat() if published_at else "",
        "temporalCoverage": coverage,
        "isAccessibleForFree": True,
        "license": newsroom.data_licence_url or newsroom.data_licence,
        "creator": json_ld.reference(publisher),
        "publisher": json_ld.reference(publisher),
        "distribution": _distribution(request),
    }
    return [publisher, dataset]


def _distribution(request: PublicRequest) -> list[Node]:
    """Each offered download of all pledges, at an address that keeps to the edition."""
    edition = request.as_of.edition
    downloads = []
    for link in navigation.downloads():
        if link.args == navigation.EDITION:
            path = reverse(link.name, args=[edition])
        else:
            path = f"{link.address}?{urlencode({'edition': edition})}"
        downloads.append(
            {
                "@type": "DataDownload",
                "encodingFormat": link.media_type,
                "contentUrl": f"{origin_of(request)}{path}",
            }
        )
    return downloads
