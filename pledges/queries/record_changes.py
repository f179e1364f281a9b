"""Changes of rows that are no update, wording or figure: the newsroom, mandates, topics, institutions, documents,
indicators, the names of series, and the other fields of pledges.

An edition seals a digest of each row (docs/adr/0004). The values before and after are in the history tables: the last
event before the edition was published, or where the digest can be made of the event alone, the event that has it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.models import (
    Edition,
    EditionItem,
    Indicator,
    Institution,
    Mandate,
    Newsroom,
    Pledge,
    Series,
    SourceDocument,
    Text,
    Topic,
)
from pledges.queries import edition_items
from pledges.queries.sealed_content import FIELDS, LATER, content_digest

if TYPE_CHECKING:
    from pledges.queries.change_text import TextWriter

MODELS: tuple[type[models.Model], ...] = (
    Newsroom,
    Mandate,
    Topic,
    Institution,
    SourceDocument,
    Pledge,
    Indicator,
    Series,
)
KINDS = {str(model._meta.model_name): model for model in MODELS}
# Their digest covers rows of other tables, which their events do not have.
RELATED: dict[type[models.Model], tuple[str, ...]] = {
    Pledge: ("mandate", "source_document"),
    Indicator: (),
    Series: (),
}


@dataclass(frozen=True)
class FieldChange:
    """A field with its values in words, before and after; "" for none."""

    name: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class RecordChange:
    """A row that editions published or changed, by its last item.

    `fields` are those whose values differ; none where the history does not have them. `same` is true if it has them and
    no field differs.
    """

    item: EditionItem
    row: models.Model | None
    kind: str
    name: Text | str
    is_new: bool
    fields: tuple[FieldChange, ...] = ()
    same: bool = False

    @property
    def has_relations(self) -> bool:
        """Whether it has related rows that an edition seals too, which `fields` do not have."""
        return isinstance(self.row, (Pledge, Indicator))

    @property
    def indicator(self) -> int | None:
        """The id of the indicator that it is, or whose series it names."""
        return self.row.pk if isinstance(self.row, Indicator) else getattr(self.row, "indicator_id", None)


def record_changes(start: int, editions: Mapping[int, Edition]) -> list[RecordChange]:
    """What `editions` changed since the edition `start`, in their order. At most four queries for each kind of row.

    A pledge's own items are left out where another item tells the same: its first wording, or its correction.
    """
    items = EditionItem.objects.filter(edition__in=editions, kind__in=KINDS)
    items = items.exclude(**edition_items.TOLD_BY_ANOTHER)
    last = {(item.kind, item.key): item for item in items.order_by("edition_id", "pk")}
    if not last:
        return []
    keys = {key for _kind, key in last}
    earlier = EditionItem.objects.filter(kind__in=KINDS, key__in=keys, edition__lte=start).select_related("edition")
    before = {(item.kind, item.key): item for item in earlier.order_by("edition_id", "pk")}
    texts = {(text.item.kind, text.item.key): text for text in edition_items.in_words(last.values())}
    changes = []
    for kind, model in KINDS.items():
        of_kind = {key: item for (each, key), item in last.items() if each == kind}
        if not of_kind:
            continue
        events, rows = recorded_states(model, of_kind), model._default_manager.in_bulk(of_kind)
        pairs = []
        for key, item in of_kind.items():
            old = before.get((kind, key))
            was = _state(model, events[key], old, old.edition) if old else None
            pairs.append((item, old, was, _state(model, events[key], item, editions[item.edition_id])))
        names = _names(model, [event for _item, _old, *both in pairs for event in both if event])
        for item, old, was, now in pairs:
            fields = tuple(_differences(model, was, now, names)) if was and now else ()
            text = texts[kind, item.key]
            row, same = rows.get(int(item.key)), bool(was and now and not fields)
            changes.append(RecordChange(item, row, text.kind, text.name, old is None, fields, same))
    return changes


def recorded_states(model: Any, keys: Iterable[str]) -> dict[str, list[Any]]:
    """The recorded states of rows by their keys, oldest first."""
    events: defaultdict[str, list[Any]] = defaultdict(list)
    rows = model.pgh_event_model.objects.filter(pgh_obj_id__in=keys).exclude(pgh_label="delete")
    for event in rows.order_by("pgh_id"):
        events[str(event.pgh_obj_id)].append(event)
    return events


def _state(model: type[models.Model], events: Sequence[Any], item: EditionItem, edition: Edition) -> Any:
    """The event of what an edition sealed; None if the history does not have it."""
    # The time of an event is that of the beginning of its transaction, which is the edition's.
    until = [event for event in reversed(events) if event.pgh_created_at <= edition.published_at]
    if model in RELATED:
        return next(iter(until), None)
    return next((event for event in until if content_digest(row_of(event, model)) == item.sha256), None)


def row_of(event: Any, model: type[models.Model]) -> models.Model:
    """The row as it was, not saved, with the fields that its history has."""
    names = [field.attname for field in model._meta.concrete_fields if hasattr(event, field.attname)]
    return model(**{name: getattr(event, name) for name in names})


def _fields(model: type[models.Model]) -> tuple[str, ...]:
    return (*FIELDS[model], *LATER.get(model, ()), *RELATED.get(model, ()))


def _names(model: type[models.Model], events: Sequence[Any]) -> dict[tuple[str, Any], str]:
    """The names of the rows that these events refer to, by the field and the row's id."""
    names: dict[tuple[str, Any], str] = {}
    for name in RELATED.get(model, ()) if events else ():
        field: Any = model._meta.get_field(name)
        rows = field.related_model._default_manager.in_bulk({getattr(event, field.attname) for event in events})
        names |= {(name, pk): str(row) for pk, row in rows.items()}
    return names


def _differences(
    model: type[models.Model], was: Any, now: Any, names: Mapping[tuple[str, Any], str]
) -> Iterator[FieldChange]:
    for name in _fields(model):
        field: Any = model._meta.get_field(name)
        before, after = getattr(was, field.attname), getattr(now, field.attname)
        if (before or "") != (after or ""):
            words = (names.get((name, value)) or _in_words(field, value) for value in (before, after))
            yield FieldChange(name, capfirst(str(field.verbose_name)), *words)


def _in_words(field: Any, value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return written(value)
    return str(dict(field.flatchoices or ()).get(value, "" if value is None else value))


def sentences(record: RecordChange, writer: "TextWriter") -> Iterator[str]:
    """A change in words, the first sentence says what changed (see `change_text`)."""
    values = {"kind": record.kind, "name": writer.words(record.name)}
    if record.is_new:
        yield writer.fill(_("New here: %(kind)s “%(name)s”."), **values)
    elif record.same and not record.has_relations:
        yield writer.fill(_("%(kind)s “%(name)s”: published again, with the same words."), **values)
    else:
        yield writer.fill(_("%(kind)s “%(name)s”: what is said of it was changed."), **values)
    for field in record.fields:
        text = _("%(field)s: “%(after)s” instead of “%(before)s”.")
        if not field.before:
            text = _("%(field)s: “%(after)s”; there was nothing before.")
        elif not field.after:
            text = _("%(field)s: taken away; it was “%(before)s”.")
        yield writer.fill(text, field=field.label, before=field.before, after=field.after)
