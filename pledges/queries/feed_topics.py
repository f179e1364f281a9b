"""The feeds by the names of their addresses, and which of them editions change: the topics of WebSub."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from pledges.models import EditionItem, Pledge, PledgeCorrection
from pledges.queries import visibility

# The names of the feeds' addresses, by kind.
ADDRESSES = {
    "atom": {"search": "pledges_feed", "pledge": "pledge_feed", "editions": "changes_feed"},
    "json": {"search": "pledges_json_feed", "pledge": "pledge_json_feed", "editions": "changes_json_feed"},
}
AGE = timedelta(hours=1)


def newest_edition() -> int:
    """The number of the newest edition, read from the database; 0 before the first."""
    return visibility.public_editions().values_list("number", flat=True).order_by("-number").first() or 0


def edition_before(age: timedelta = AGE) -> int:
    """The number of the last edition that was published longer than `age` ago; 0 if there is none."""
    before = visibility.public_editions().filter(published_at__lt=timezone.now() - age)
    return before.values_list("number", flat=True).order_by("-number").first() or 0


def changed_feeds(after: int, until: int, languages: Iterable[str]) -> list[str]:
    """The whole addresses of the feeds that the editions after `after` up to `until` changed: of the editions, of all
    pledges, and of each pledge of which they published something, under every address that it ever had.

    A feed of a search can have any parameters, so none is named. Raises ValueError without a SITE_URL.
    """
    if not settings.SITE_URL:
        raise ValueError("the addresses of feeds need SITE_URL")
    items = EditionItem.objects.filter(edition__gt=after, edition__lte=until, pledge__isnull=False)
    slugs = sorted(_slugs(set(items.values_list("pledge", flat=True))))
    addresses = []
    for language in languages:
        with translation.override(language):
            paths = [path for names in ADDRESSES.values() for path in _paths(names, slugs)]
        addresses += [settings.SITE_URL + path for path in paths]
    return addresses


def _paths(names: dict[str, str], slugs: Iterable[str]) -> Iterator[str]:
    yield reverse(names["editions"])
    yield reverse(names["search"])
    yield from (reverse(names["pledge"], args=[slug]) for slug in slugs)


def _slugs(pledges: set[int]) -> set[str]:
    present = Pledge.objects.filter(pk__in=pledges).values_list("slug", flat=True)
    former: Iterable[PledgeCorrection] = visibility.public_pledge_corrections().filter(pledge__in=pledges)
    return {*present, *(row.was_slug for row in former)}
