"""What an edition published, in the reader's words.

An item of an edition carries the title under which it was sealed, in the tracker's first language and for machines.
Here it gets the words of the row that it names.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, When, Window
from django.db.models.functions import RowNumber
from django.utils import translation
from django.utils.text import capfirst

from pledges.domain.dates import written
from pledges.domain.rules import Status
from pledges.models import STATUS_LABELS, Edition, EditionItem, Indicator, Observation, Series, Text, Update, Wording
from pledges.queries import visibility
from pledges.queries.indicators import number, period
from pledges.queries.sealed_content import KINDS

FIRST = ("retraction", "wording", "update", "pledge", "observation")  # then what is no pledge's own


@dataclass(frozen=True)
class ItemText:
    """An item, what kind of thing it is, its name and what is said of it; the indicator that it belongs to, if any."""

    item: EditionItem
    kind: str
    name: Text | str
    detail: Text | str = ""
    indicator: Indicator | None = None


def leading(editions: Iterable[Edition], most: int) -> dict[int, list[EditionItem]]:
    """The `most` items of each edition that tell best what it was about, by its number, in one query; each with the
    number of all of them as its `of`."""
    # A pledge is published with its first wording: one of the two is enough.
    rows = EditionItem.objects.filter(edition__in=list(editions)).exclude(kind="pledge", action="published")
    rank = Case(*(When(kind=kind, then=place) for place, kind in enumerate(FIRST)), default=len(FIRST))
    place = Window(RowNumber(), partition_by=F("edition"), order_by=[rank, F("pk")])
    found: dict[int, list[EditionItem]] = defaultdict(list)
    of = Window(Count("pk"), partition_by=F("edition"))
    for item in rows.annotate(place=place, of=of).filter(place__lte=most).order_by("edition", "place"):
        found[item.edition_id].append(item)
    return found


def told(items: Iterable[EditionItem]) -> list[ItemText]:
    """The items in words of the active language, in their order. As many queries as there are kinds, and one more."""
    items = list(items)
    keys = defaultdict(set)
    for item in items:
        keys[item.kind].add(item.key)
    rows = {(kind, str(row.pk)): row for kind, found in keys.items() for row in _rows(KINDS[kind], found)}
    titles = defaultdict(list)
    wordings = visibility.public_wordings().filter(pledge__in={item.pledge_id for item in items if item.pledge_id})
    for wording in wordings.order_by("edition"):
        titles[wording.pledge_id].append(wording)
    return [_told(item, rows.get((item.kind, item.key)), titles[item.pledge_id]) for item in items]


def _rows(model: type[models.Model], keys: set[str]) -> models.QuerySet:
    belongs = ["indicator"] if model in (Observation, Series) else []
    return model._default_manager.filter(pk__in=keys).select_related(*belongs)


def _told(item: EditionItem, row: models.Model | None, wordings: list[Wording]) -> ItemText:
    kind = capfirst(KINDS[item.kind]._meta.verbose_name)
    if item.pledge_id and (said := [wording for wording in wordings if wording.edition_id <= item.edition_id]):
        detail = ""
        if isinstance(row, Update):
            day = written(row.happened_on, row.happened_precision)
            detail = f"{day} · {STATUS_LABELS[Status(row.status)]}"
        return ItemText(item, kind, said[-1].title, detail)
    match row:
        case Observation():
            return ItemText(item, kind, row.indicator.name, f"{period(row)}: {number(row.value)}", row.indicator)
        case Series():
            return ItemText(item, kind, row.indicator.name, row.name, row.indicator)
        case Indicator():
            return ItemText(item, kind, _name(item, row), indicator=row)
    return ItemText(item, kind, _name(item, row))


def _name(item: EditionItem, row: models.Model | None) -> Text | str:
    """What the row is called now, if it is still called what was sealed; else that."""
    with translation.override(settings.LANGUAGE_CODE):
        same = row is not None and str(row)[:300] == item.title
    if same:
        name = getattr(row, "name", None) or getattr(row, "title", None) or str(row)
        return name if isinstance(name, Text) else str(row)
    sealed = Text(item.title)
    sealed.lang = settings.LANGUAGE_CODE
    return sealed
