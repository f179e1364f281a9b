"""The audit trail of a row, out of the events that the database's triggers wrote: when, who, what from what to what."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pledges.dates import written
from pledges.models import User

UNINTERESTING = {"id", "updated_at", "created_at"}


@dataclass
class Change:
    """One event: when (UTC), by whom ("" when nobody was logged in), to what, and the fields as (label, old, new)."""

    at: datetime
    who: str
    what: str
    act: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)


def history_of(row: models.Model, parts: Sequence[type[models.Model]] = ()) -> list[Change]:
    """Every recorded change of a row and of its `parts` (models with a foreign key to it), newest first.

    The number of queries depends on the kinds of rows that are named in the changes, not on the number of changes.
    """
    events = list(_events_of(row))
    for part in parts:
        events += _events_of_parts(part, row)
    people = _people(events)
    before: dict[tuple, models.Model | None] = defaultdict(lambda: None)
    found, raw = [], []
    for event in sorted(events, key=lambda event: (event.pgh_created_at, event._meta.model_name, event.pgh_id)):
        key = (event._meta.model_name, getattr(event, "pgh_obj_id", None) or event.id)
        metadata = event.pgh_context.metadata if event.pgh_context else {}
        whole = event._meta.model.pgh_tracked_model is type(row)
        change = Change(
            at=event.pgh_created_at,
            who=people.get(metadata.get("user"), ""),
            what="" if whole else _kind(event.pgh_tracked_model, type(row)),
            act={"insert": _("added"), "update": _("changed"), "delete": _("removed")}[event.pgh_label],
        )
        if event.pgh_label != "delete" or not whole:
            raw.append((change, event, before[key]))
        before[key] = event
        found.append(change)
    names = _names(raw)
    for change, event, previous in raw:
        change.fields = [
            (_label(each, event), _words(each, old, names), _words(each, new, names))
            for each, old, new in _differences(event, previous)
            if (each.related_model, new or old) != (type(row), row.pk)  # a part's link to this very row tells nothing
        ]
    # A save that changed nothing but its own time is nothing to tell.
    empty = {id(change) for change, event, _previous in raw if event.pgh_label == "update" and not change.fields}
    return [change for change in reversed(found) if id(change) not in empty]


def _events_of(row: models.Model) -> Iterable[models.Model]:
    return row.pgh_event_model.objects.filter(pgh_obj=row.pk).select_related("pgh_context")


def _events_of_parts(part: type[models.Model], row: models.Model) -> Iterable[models.Model]:
    link = next(f for f in part._meta.fields if f.related_model is type(row))
    return part.pgh_event_model.objects.filter(**{f"{link.name}_id": row.pk}).select_related("pgh_context")


def _is_link(model: type[models.Model]) -> bool:
    """Whether its rows only link two others: Django's own table of a many-to-many field."""
    return bool(model._meta.concrete_model._meta.auto_created)


def _kind(model: type[models.Model], of: type[models.Model]) -> str:
    """What a part of a row is called; a link is called after the other end."""
    if _is_link(model):
        model = next(f.related_model for f in model._meta.fields if f.is_relation and f.related_model is not of)
    return str(model._meta.verbose_name)


def _label(each: models.Field, event: models.Model) -> str:
    """What a field is called; the ends of a link have no names of their own in both languages, their models have."""
    named = each.related_model._meta if _is_link(event.pgh_tracked_model) and each.is_relation else each
    return str(named.verbose_name)


def _people(events: Iterable[models.Model]) -> dict[int, str]:
    ids = {event.pgh_context.metadata.get("user") for event in events if event.pgh_context} - {None}
    return {user.pk: user.get_username() for user in User.objects.filter(pk__in=ids)}


def _tracked(event: models.Model) -> Iterable[models.Field]:
    for each in event._meta.fields:
        if not each.name.startswith("pgh_") and each.name not in UNINTERESTING:
            yield each


def _names(raw: Iterable[tuple]) -> dict[tuple, str]:
    """What the foreign keys in the events stand for, as {(model, id): words}, one query a model."""
    wanted: dict[type[models.Model], set] = defaultdict(set)
    for _change, event, previous in raw:
        for each in _tracked(event):
            if each.is_relation:
                ids = {getattr(moment, each.attname) for moment in (event, previous) if moment}
                wanted[each.related_model] |= ids - {None}
    return {
        (model, row.pk): str(row) for model, ids in wanted.items() for row in model._default_manager.filter(pk__in=ids)
    }


def _differences(event: models.Model, previous: models.Model | None) -> Iterable[tuple[models.Field, object, object]]:
    for each in _tracked(event):
        new = getattr(event, each.attname)
        old = getattr(previous, each.attname) if previous else None
        if event.pgh_label == "delete":
            old, new = new, None
        if (old or None) != (new or None):
            yield each, old, new


def _words(each: models.Field, value: object, names: dict) -> str:
    """A stored value as a person reads it; "" for nothing."""
    if value is None or value == "" or value == []:
        return ""
    if each.is_relation:
        return names.get((each.related_model, value), str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return written(value)
    return str(dict(each.flatchoices).get(value, value))
