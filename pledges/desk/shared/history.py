"""The audit trail: who changed which field of a row when, read from the events that the database's triggers write."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.domain.dates import written
from pledges.models import (
    Act,
    Article,
    Capture,
    Delivery,
    Destination,
    Evidence,
    Lead,
    Observation,
    Pledge,
    PledgeCorrection,
    Retraction,
    Series,
    Source,
    Update,
    User,
    Withdrawal,
    Wording,
)

Event = Any  # a row of a table that pghistory makes: its fields are known at run time only
UNINTERESTING = {"id", "updated_at", "created_at"}
ACTS = {"insert": gettext_lazy("added"), "update": gettext_lazy("changed"), "delete": gettext_lazy("removed")}
ACTS["replay"] = gettext_lazy("sent again")
ACTS |= {act.value: act.label for act in Act}
NAMES = ("name_en", "name_es", "indicator__name_en", "indicator__name_es")
TITLES = ("pledge_id", "number", "state", "title_en", "title_es")
# Only what a row's name is made of: no page, text or search vector is read.
NAMED_BY: dict[type[models.Model], Callable[[QuerySet], QuerySet]] = {
    Article: lambda rows: rows.only("title"),
    Delivery: lambda rows: rows.select_related("destination").only("event", "message_id", "destination__name"),
    Destination: lambda rows: rows.only("name"),
    Capture: lambda rows: rows.only("url", "captured_at"),
    Evidence: lambda rows: rows.only("publisher", "title"),
    Lead: lambda rows: rows.select_related("article", "pledge").only("article__title", "pledge__slug"),
    Observation: lambda rows: rows.select_related("indicator").only("period", "value", "indicator__slug"),
    Pledge: lambda rows: rows.only("slug").prefetch_related(Prefetch("wordings", Wording.objects.only(*TITLES))),
    PledgeCorrection: lambda rows: rows.select_related("pledge").only("pledge__slug"),
    Retraction: lambda rows: rows.select_related("pledge").only("pledge__slug"),
    Series: lambda rows: rows.select_related("indicator").only(*NAMES),
    Source: lambda rows: rows.only("name"),
    Update: lambda rows: rows.select_related("pledge").only(
        "happened_on", "happened_precision", "status", "pledge__slug"
    ),
    Withdrawal: lambda rows: rows.select_related("update__pledge").only(
        "update__happened_on", "update__happened_precision", "update__status", "update__pledge__slug"
    ),
    Wording: lambda rows: rows.select_related("pledge").only("title_en", "title_es", "pledge__slug"),
}


@dataclass
class FieldChange:
    """One event: when (UTC), by whom ("" if the database does not know), to what, the fields as (label, old, new).

    `what` is the kind of row, "" for the row whose history is shown; `row` is its name, or that of what it belongs to,
    "" when it exists no more; `link` is the (model, id) of the row that has a page of its own; `url` is set by pages.
    """

    at: datetime
    who: str
    what: str
    act: str
    event: Event
    row: str = ""
    link: tuple[type[models.Model], object] | None = None
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    url: str = ""

    @property
    def kind(self) -> str:
        """The name of the changed row's model, in lower case."""
        return self.event.pgh_tracked_model._meta.model_name

    @property
    def number(self) -> object:
        """The id of the changed row."""
        return row_id(self.event)


def events_of(model: type[models.Model]) -> QuerySet[Event]:
    """The events of a tracked model, each with its context (who was logged in, which page or task)."""
    tracked: Any = model
    return tracked.pgh_event_model.objects.select_related("pgh_context")


def history_of(row: models.Model, parts: Sequence[type[models.Model]] = ()) -> list[FieldChange]:
    """Every recorded change of a row and of its `parts` (models with a foreign key to it), newest first.

    The number of queries depends on the kinds of rows that are named in the changes, not on the number of changes.
    """
    events = list(events_of(type(row)).filter(pgh_obj=row.pk))
    for part in parts:
        events += events_of(part).filter(**{_key_to(type(row), part): row.pk})
    latest: dict[tuple, Event | None] = defaultdict(lambda: None)
    pairs = []
    for event in sorted(events, key=lambda event: (event.pgh_created_at, event._meta.model_name, event.pgh_id)):
        key = (event._meta.model_name, row_id(event))
        pairs.append((event, latest[key]))
        latest[key] = event
    return list(field_changes(pairs[::-1], row=row))


def field_changes(
    pairs: Sequence[tuple[Event, Event | None]],
    *,
    row: models.Model | None = None,
    hidden: Collection[tuple[type[models.Model], str]] = (),
) -> Iterator[FieldChange]:
    """Events, each with the previous one of the same row (or None), as changes, in their order.

    `row` is the row whose history this is, if it is that of one row; `hidden` are (model, field name) that are not
    shown. A save that changed nothing but timestamps is left out.
    """
    names, people = _names(pairs), _people(event for event, _previous in pairs)
    for event, previous in pairs:
        tracked = event.pgh_tracked_model
        is_own = row is not None and tracked is type(row)
        differences = [] if event.pgh_label == "delete" and is_own else _differences(event, previous)
        fields = [
            (_label(column, event), _in_words(column, old, names), _in_words(column, new, names))
            for column, old, new in differences
            # a part's link to the row whose history this is says nothing
            if row is None or (column.related_model, new or old) != (type(row), row.pk)
            if (tracked, column.name) not in hidden
        ]
        if event.pgh_label == "update" and not fields:
            continue
        link = next((candidate for candidate in _links(event) if candidate in names), None)
        yield FieldChange(
            at=event.pgh_created_at,
            who=_who(event, people),
            what="" if is_own else _part_label(tracked, type(row)) if row is not None else kind_label(tracked),
            act=str(ACTS[event.pgh_label]),
            event=event,
            row=names[link] if link else "",
            link=link,
            fields=fields,
        )


def row_id(event: Event) -> object:
    """The id of the row that an event is about."""
    return getattr(event, "pgh_obj_id", None) or event.id


def kind_label(model: type[models.Model]) -> str:
    """What rows of a tracked model are called; a link between two models is called after both."""
    if not _is_link(model):
        return str(model._meta.verbose_name)
    return " · ".join(str(_target(column)._meta.verbose_name) for column in model._meta.fields if column.is_relation)


def _key_to(model: type[models.Model], part: type[models.Model]) -> str:
    """The column of a part's events that holds the id of the row that it belongs to."""
    if part._meta.concrete_model is model:  # a proxy: its events are about the row itself
        return "id"
    return next(column.attname for column in part._meta.fields if column.related_model is model)


def _is_link(model: type[models.Model]) -> bool:
    """Whether its rows only link two others: the table that Django makes for a many-to-many field."""
    concrete = model._meta.concrete_model or model
    return bool(concrete._meta.auto_created)


def _target(column: models.Field) -> type[models.Model]:
    """The model that a foreign key points to."""
    model: Any = column.related_model
    return model


def _part_label(part: type[models.Model], of: type[models.Model]) -> str:
    """What a part of a row is called; a link is called after its other end."""
    if _is_link(part):
        part = next(_target(column) for column in part._meta.fields if column.is_relation and _target(column) is not of)
    return str(part._meta.verbose_name)


def _label(column: models.Field, event: Event) -> str:
    """The name of a field. The ends of a link have no translated names of their own, but their models have."""
    is_end = _is_link(event.pgh_tracked_model) and column.is_relation
    return str((_target(column)._meta if is_end else column).verbose_name)


def _links(event: Event) -> Iterator[tuple[type[models.Model], object]]:
    """The row of an event, then what it belongs to, people last: the first that still exists names the event.

    A link between two rows has no name of its own: the first of the two gives it.
    """
    ends = [end for end in _tracked(event) if end.is_relation and getattr(event, end.attname) is not None]
    if not _is_link(event.pgh_tracked_model):
        yield event.pgh_tracked_model, row_id(event)
        ends.sort(key=lambda column: column.related_model is User)
    for column in ends:
        yield _target(column), getattr(event, column.attname)


def _people(events: Iterable[Event]) -> dict[int, str]:
    ids = {event.pgh_context.metadata.get("user") for event in events if event.pgh_context} - {None}
    return {user.pk: user.get_username() for user in User.objects.only("username").filter(pk__in=ids)}


def _who(event: Event, people: dict[int, str]) -> str:
    """Who is behind an event: a person, one of the tracker's own jobs, or "" for what came to the database as SQL."""
    metadata = event.pgh_context.metadata if event.pgh_context else {}
    if user := metadata.get("user"):
        return people.get(user) or _("person %(number)s") % {"number": user}
    if metadata.get("task"):
        return _("the tracker (%(task)s)") % {"task": metadata["task"].rpartition(".")[2]}
    return _("nobody logged in (%(page)s)") % {"page": metadata["url"]} if metadata.get("url") else ""


def _tracked(event: Event) -> Iterator[models.Field]:
    """The fields of an event that are shown."""
    for column in event._meta.fields:
        if not column.name.startswith("pgh_") and column.name not in UNINTERESTING:
            yield column


def _names(pairs: Iterable[tuple[Event, Event | None]]) -> dict[tuple[type[models.Model], object], str]:
    """The names of the events' rows and of what their foreign keys point to, by (model, id); one query a model.

    What exists no more has no entry.
    """
    ids_by_model: dict[type[models.Model], set] = defaultdict(set)
    for event, previous in pairs:
        if not _is_link(event.pgh_tracked_model):
            ids_by_model[event.pgh_tracked_model].add(row_id(event))
        for column in _tracked(event):
            if column.is_relation:
                ids = {getattr(version, column.attname) for version in (event, previous) if version}
                ids_by_model[_target(column)] |= ids - {None}
    names: dict[tuple[type[models.Model], object], str] = {}
    for model, ids in ids_by_model.items():
        rows = NAMED_BY.get(model, lambda rows: rows)(model._default_manager.filter(pk__in=ids))
        names |= {(model, row.pk): str(row) for row in rows}
    return names


def _differences(event: Event, previous: Event | None) -> Iterator[tuple[models.Field, Any, Any]]:
    """The fields that an event changed, as (field, old value, new value)."""
    for column in _tracked(event):
        new = getattr(event, column.attname)
        old = getattr(previous, column.attname) if previous else None
        if event.pgh_label == "delete":
            old, new = new, None
        if (old or None) != (new or None):
            yield column, old, new


def _in_words(column: models.Field, value: Any, names: dict[tuple[type[models.Model], object], str]) -> str:
    """A stored value as a person reads it; "" for nothing."""
    if value is None or value == "" or value == []:
        return ""
    if column.is_relation:
        return names.get((_target(column), value), str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        labels = dict(getattr(getattr(column, "base_field", None), "flatchoices", ()))
        return ", ".join(str(labels.get(item, item)) for item in value)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return written(value)
    return str(dict(column.flatchoices).get(value, value))
