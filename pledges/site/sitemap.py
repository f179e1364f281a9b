"""The sitemaps: every current page in each written language, with the time of the edition that last changed it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from pledges.models import EditionItem, Newsroom
from pledges.queries import indicators, visibility
from pledges.queries.standings import standings
from pledges.site.shared import navigation

MOST = 5_000  # addresses in one file; each is listed with its alternates
FORMS = {"alert"}  # pages without content to find


class Row(NamedTuple):
    """A page by the name and arguments of its URL; `changed` is a time in UTC, or None."""

    name: str
    args: tuple = ()
    changed: datetime | None = None


class Pages(Sitemap):
    """A Django sitemap of rows."""

    i18n = True
    limit = MOST

    def __init__(self, rows: Iterable[Row], languages: Iterable[str]) -> None:
        self.rows = list(rows)
        self.languages = list(languages)
        self.alternates = len(self.languages) > 1

    def items(self) -> list[Row]:
        return self.rows

    def location(self, row: Row) -> str:
        return reverse(row.name, args=row.args)

    def lastmod(self, row: Row) -> datetime | None:
        return row.changed


def maps(edition: int, day: date) -> dict[str, type[Sitemap] | Sitemap]:
    """The sitemaps by section, of what is public in `edition` (the current one) on `day`; empty ones are left out."""
    editions = visibility.public_editions().filter(number__lte=edition).values_list("number", "published_at")
    newest = max((published for _number, published in editions), default=None)
    items = EditionItem.objects.filter(pledge__isnull=False, edition__lte=edition)
    changed = dict(items.values_list("pledge").annotate(last=Max("edition__published_at")))
    fixed = ["home", *(link.name for link in (*navigation.MASTHEAD, *navigation.FOOT))]
    sections = {
        "pages": [Row(name, changed=newest) for name in fixed if name not in FORMS],
        "pledges": [Row("pledge", (row.pledge.slug,), changed.get(row.pledge.pk)) for row in standings(edition, day)],
        "mandates": [Row("mandate", (row.slug,), newest) for row in visibility.mandates_until(day)],
        "indicators": [Row("indicator", (row.slug,), newest) for row in indicators.public(edition)],
        "editions": [Row("edition", (number,), published) for number, published in editions],
    }
    languages = Newsroom.get().languages
    return {section: Pages(rows, languages) for section, rows in sections.items() if rows}
