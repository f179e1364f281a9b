"""What the items of an edition say, for the edition's page: the texts of its feed entries, and values before and after.

All of it is as of the edition. Only where an item was corrected or taken back later, it says so.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from pledges.models import Edition, EditionItem
from pledges.queries import published_events, visibility
from pledges.queries.change_text import describe
from pledges.queries.changes import Change, Kind, Moment, between
from pledges.queries.standings import standings_uncached
from pledges.site.changes.views import HtmlWriter

# The changes of what is no row of a pledge's own: these have no event.
KINDS = frozenset({Kind.RECORD, Kind.LABELS, Kind.CARRIED, Kind.MANDATE, Kind.FIGURES})


@dataclass(frozen=True)
class ItemContent:
    """What an item says, as HTML; the path of the page where it stands as of its edition, or ""; and the number of the
    later edition that corrected it or took it back, or None."""

    html: SafeString
    path: str = ""
    replaced_in: int | None = None


def contents(edition: Edition, items: Iterable[EditionItem]) -> dict[int, ItemContent]:
    """The contents of the items of an edition that say more than their names, by the item's id. The number of queries
    does not depend on the number of items."""
    items, day = list(items), timezone.localdate(edition.published_at)
    events = published_events.of_items(items, standings_uncached(edition.number, day))
    texts, replaced = _changes(edition, day), _replaced(items)
    found = {}
    for item in items:
        row, event = (item.kind, item.key), events.get(item.pk)
        if event:
            found[item.pk] = ItemContent(event.summary, event.path, replaced.get(row))
        elif row in texts:
            found[item.pk] = ItemContent(format_html_join("", "<p>{}</p>", ((line,) for line in texts[row])))
    return found


def _changes(edition: Edition, day: date) -> dict[tuple[str, str], list[str]]:
    """What the edition changed of what is no row of a pledge, in sentences, by the item's kind and key."""
    # The same day on both sides: what happens with the days, such as a deadline that passes, is nobody's edition.
    changes = between(Moment(edition.number - 1, day), Moment(edition.number, day))
    writer = HtmlWriter(f"?edition={edition.number}")
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for change in changes:
        if change.kind in KINDS:
            text = describe(change, writer)
            texts[_item_of(change)] += [text.sentence, *text.rest]
    return texts


def _item_of(change: Change) -> tuple[str, str]:
    """The kind and key of the item that a change is of."""
    if change.record:
        return change.record.item.kind, change.record.item.key
    if change.now:
        return "pledge", str(change.now.pledge.pk)
    if change.mandate:
        return "mandate", str(change.mandate.pk)
    assert change.indicator, "what is neither a record, a pledge nor a mandate has figures"
    return "indicator", str(change.indicator.pk)


def _replaced(items: Iterable[EditionItem]) -> dict[tuple[str, str], int]:
    """The later edition that corrected or withdrew an update, by the item's kind and key; in two queries."""
    keys = [item.key for item in items if item.kind == "update"]
    corrected = visibility.public_updates().filter(corrects__in=keys).annotate(replaced=F("corrects"))
    withdrawn = visibility.public_withdrawals().filter(update__in=keys).annotate(replaced=F("update"))
    pairs = [pair for rows in (corrected, withdrawn) for pair in rows.values_list("replaced", "edition")]
    return {("update", str(pk)): edition for pk, edition in pairs}
