"""What an edition published, in the reader's words.

An item of an edition carries the title under which it was sealed, in the tracker's first language and for machines.
Here it gets the words of the row that it names.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.text import capfirst

from pledges import access
from pledges.contents import KINDS
from pledges.dates import written
from pledges.indicators import number, period
from pledges.models import STATUS_LABELS, EditionItem, Indicator, Observation, Series, Text, Update, Wording
from pledges.rules import Status

# What a list of editions names first, and what it does not name: a pledge is told by its words.
FIRST = ["retraction", "wording", "update", "observation"]
UNNAMED = ["pledge"]


@dataclass(frozen=True)
class Told:
    """An item, what kind of thing it is, its name and what is said of it; the indicator that it belongs to, if any."""

    item: EditionItem
    kind: str
    name: Text | str
    detail: Text | str = ""
    indicator: Indicator | None = None


def leading(items: Iterable[EditionItem], most: int) -> list[EditionItem]:
    """The `most` items of an edition that tell best what it was about."""
    ranked = [item for item in items if item.kind not in UNNAMED] or list(items)
    return sorted(ranked, key=lambda item: (_rank(item), item.pk))[:most]


def told(items: Iterable[EditionItem]) -> list[Told]:
    """The items in words of the active language, in their order. As many queries as there are kinds, and one more."""
    items = list(items)
    keys = defaultdict(set)
    for item in items:
        keys[item.kind].add(item.key)
    rows = {(kind, str(row.pk)): row for kind, found in keys.items() for row in _rows(KINDS[kind], found)}
    titles = defaultdict(list)
    wordings = access.public_wordings().filter(pledge__in={item.pledge_id for item in items if item.pledge_id})
    for wording in wordings.order_by("edition"):
        titles[wording.pledge_id].append(wording)
    return [_told(item, rows.get((item.kind, item.key)), titles[item.pledge_id]) for item in items]


def _rank(item: EditionItem) -> int:
    return FIRST.index(item.kind) if item.kind in FIRST else len(FIRST)


def _rows(model: type[models.Model], keys: set[str]) -> models.QuerySet:
    belongs = ["indicator"] if model in (Observation, Series) else []
    return model._default_manager.filter(pk__in=keys).select_related(*belongs)


def _told(item: EditionItem, row: models.Model | None, wordings: list[Wording]) -> Told:
    kind = capfirst(KINDS[item.kind]._meta.verbose_name)
    if item.pledge_id and (said := [wording for wording in wordings if wording.edition_id <= item.edition_id]):
        detail = ""
        if isinstance(row, Update):
            day = written(row.happened_on, row.happened_precision)
            detail = f"{day} · {STATUS_LABELS[Status(row.status)]}"
        return Told(item, kind, said[-1].title, detail)
    match row:
        case Observation():
            return Told(item, kind, row.indicator.name, f"{period(row)}: {number(row.value)}", row.indicator)
        case Series():
            return Told(item, kind, row.indicator.name, row.name, row.indicator)
        case Indicator():
            return Told(item, kind, _name(item, row), indicator=row)
    return Told(item, kind, _name(item, row))


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
