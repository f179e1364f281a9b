"""What the items of an edition say, for the edition's page: the texts of its feed entries, and values before and after.

All of it is as of the edition. Where an item was corrected or taken back later, or its pledge retracted, it says so.
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
from pledges.queries import edition_items, published_events, visibility
from pledges.queries.change_text import describe
from pledges.queries.changes import Change, Kind, Moment
from pledges.queries.changes_between import between
from pledges.queries.standings import standings_with_keys
from pledges.site.changes.views import HtmlWriter

# The changes of what is no row of a pledge's own: these have no event.
KINDS = frozenset({Kind.RECORD, Kind.LABELS, Kind.CARRIED, Kind.MANDATE, Kind.FIGURES})


@dataclass(frozen=True)
class ItemContent:
    """What an item says, as HTML; the path of the page where it stands as of its edition, or ""; and the numbers of the
    later editions that corrected it or took it back, and that retracted its pledge, or None."""

    html: SafeString
    path: str = ""
    replaced_in: int | None = None
    retracted_in: int | None = None


def contents(edition: Edition, items: Iterable[EditionItem]) -> dict[int, ItemContent]:
    """The contents of those items of an edition of which there is more to say than their names, by the item's id. The
    number of queries does not depend on the number of items, and only where pledges of the edition stood is worked
    out."""
    items, day = list(items), timezone.localdate(edition.published_at)
    pledges = {item.pledge_id for item in items if item.pledge_id}
    events = published_events.of_items(items, standings_with_keys(pledges, edition=edition.number, day=day))
    has_others = any(item.pk not in events and not _is_told_by_another(item) for item in items)
    texts = _changes(edition, day) if has_others else {}
    replaced, retracted = _replaced(items), _retracted(edition, pledges)
    found = {}
    for item in items:
        row, event = (item.kind, item.key), events.get(item.pk)
        retracted_in = retracted.get(item.pledge_id or 0)
        if event:
            found[item.pk] = ItemContent(event.summary, event.path, replaced.get(row), retracted_in)
        elif row in texts or retracted_in:
            text = format_html_join("", "<p>{}</p>", ((line,) for line in texts.get(row, ())))
            found[item.pk] = ItemContent(text, retracted_in=retracted_in)
    return found


def _is_told_by_another(item: EditionItem) -> bool:
    told = edition_items.TOLD_BY_ANOTHER
    return item.kind == told["kind"] and item.action in told["action__in"]


def _changes(edition: Edition, day: date) -> dict[tuple[str, str], list[str]]:
    """What the edition changed of what is no row of a pledge, in sentences, by the item's kind and key."""
    # The same day on both sides: what happens with the days, such as a deadline that passes, is nobody's edition.
    named = edition.items.filter(pledge__isnull=False).values_list("pledge", flat=True)
    changes = between(Moment(edition.number - 1, day), Moment(edition.number, day), pledges=set(named))
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


def _retracted(edition: Edition, pledges: Iterable[int]) -> dict[int, int]:
    """The edition after this one that retracted a pledge, by the pledge's id."""
    later = visibility.public_retractions().filter(pledge__in=pledges, edition__gt=edition.number)
    return dict(later.values_list("pledge", "edition"))
