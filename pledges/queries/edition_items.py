"""The items of editions in the active language.

An item stores the title under which it was sealed, in the tracker's first language. Readers see the name of the row
that the item refers to instead.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, When, Window
from django.db.models.functions import RowNumber
from django.utils import translation
from django.utils.text import capfirst

from pledges.domain.dates import written
from pledges.domain.rules import Status
from pledges.models import (
    STATUS_LABELS,
    Edition,
    EditionItem,
    Indicator,
    Observation,
    Series,
    Text,
    Update,
    Withdrawal,
    Wording,
)
from pledges.queries import visibility
from pledges.queries.indicators import number, period
from pledges.queries.sealed_content import KINDS

# A pledge is published with its first wording, and corrected by a correction: their items tell what its own would.
TOLD_BY_ANOTHER = {"kind": "pledge", "action__in": [EditionItem.Action.PUBLISHED, EditionItem.Action.CORRECTED]}
# Kinds by importance; the others follow.
FIRST = ("retraction", "withdrawal", "wording", "update", "pledgecorrection", "pledge", "observation")


@dataclass(frozen=True)
class ItemText:
    """An item in words: its kind, its name, a detail, and the indicator that it belongs to, if any."""

    item: EditionItem
    kind: str
    name: Text | str
    detail: Text | str = ""
    indicator: Indicator | None = None


def leading(editions: Iterable[Edition], most: int) -> dict[int, tuple[list[EditionItem], int]]:
    """By an edition's number, its `most` most important items and the number of all its items; in one query."""
    rows = EditionItem.objects.filter(edition__in=list(editions)).exclude(**TOLD_BY_ANOTHER)
    place = Window(RowNumber(), partition_by=F("edition"), order_by=[_rank(), F("kind"), F("pk")])
    items: dict[int, list[EditionItem]] = defaultdict(list)
    totals: dict[int, int] = {}
    total = Window(Count("pk"), partition_by=F("edition"))
    for item in rows.annotate(place=place, total=total).filter(place__lte=most).order_by("edition_id", "place"):
        items[item.edition_id].append(item)
        totals[item.edition_id] = item.total
    return {number: (items[number], totals[number]) for number in items}


def by_importance(items: models.QuerySet[EditionItem]) -> models.QuerySet[EditionItem]:
    """The items of one edition, the most important kind first."""
    return items.order_by(_rank(), "kind", "pk")


def _rank() -> Case:
    return Case(*(When(kind=kind, then=place) for place, kind in enumerate(FIRST)), default=len(FIRST))


def in_words(items: Iterable[EditionItem]) -> list[ItemText]:
    """The items in the active language, in their order, in one query for each kind and one more."""
    items = list(items)
    keys = defaultdict(set)
    for item in items:
        keys[item.kind].add(item.key)
    rows = {(kind, str(row.pk)): row for kind in keys for row in _rows(KINDS[kind], keys[kind])}
    wordings_by_pledge: dict[int | None, list[Wording]] = defaultdict(list)
    wordings = visibility.public_wordings().filter(pledge__in={item.pledge_id for item in items if item.pledge_id})
    for wording in wordings.order_by("edition_id", "number"):
        wordings_by_pledge[wording.pledge_id].append(wording)
    return [_in_words(item, rows.get((item.kind, item.key)), wordings_by_pledge[item.pledge_id]) for item in items]


def _rows(model: type[models.Model], keys: set[str]) -> models.QuerySet[Any]:
    related = ["indicator"] if model in (Observation, Series) else ["update__pledge"] if model is Withdrawal else []
    return model._default_manager.filter(pk__in=keys).select_related(*related)


def _in_words(item: EditionItem, row: models.Model | None, wordings: list[Wording]) -> ItemText:
    kind = capfirst(str(KINDS[item.kind]._meta.verbose_name))
    until_then = [wording for wording in wordings if (wording.edition_id or 0) <= item.edition_id]
    if item.pledge_id and until_then:
        detail = ""
        update = row.update if isinstance(row, Withdrawal) else row
        if isinstance(update, Update):
            day = written(update.happened_on, update.happened_precision)
            detail = f"{day} · {STATUS_LABELS[Status(update.status)]}"
        return ItemText(item, kind, until_then[-1].title, detail)
    match row:
        case Observation():
            return ItemText(item, kind, row.indicator.name, f"{period(row)}: {number(row.value)}", row.indicator)
        case Series():
            return ItemText(item, kind, row.indicator.name, row.name, row.indicator)
        case Indicator():
            return ItemText(item, kind, _name(item, row), indicator=row)
    return ItemText(item, kind, _name(item, row))


def _name(item: EditionItem, row: models.Model | None) -> Text | str:
    """The row's present name if it still has the name that was sealed, otherwise the sealed one."""
    with translation.override(settings.LANGUAGE_CODE):
        same = row is not None and str(row)[:300] == item.title
        then = getattr(row, "name", None) or getattr(row, "title", None)
    if same:
        name = getattr(row, "name", None) or getattr(row, "title", None) or str(row)
        return name if isinstance(name, Text) else str(row)
    sealed = Text(item.title)
    sealed.lang = getattr(then, "lang", "") or settings.LANGUAGE_CODE  # a text in one language was sealed in that
    return sealed
