"""The audit trail out of the events that the database's triggers wrote: when, who, what from what to what."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

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
    Evidence,
    Lead,
    Observation,
    Pledge,
    Retraction,
    Series,
    Source,
    Update,
    User,
    Wording,
)

UNINTERESTING = {"id", "updated_at", "created_at"}
ACTS = {"insert": gettext_lazy("added"), "update": gettext_lazy("changed"), "delete": gettext_lazy("removed")}
ACTS |= {act.value: act.label for act in Act}
NAMES = ("name_en", "name_es", "indicator__name_en", "indicator__name_es")
TITLES = ("pledge_id", "number", "state", "title_en", "title_es")
# What a row needs to be named, and no more: pages, texts and search vectors stay where they are.
NAMED_BY: dict[type[models.Model], Callable[[QuerySet], QuerySet]] = {
    Article: lambda rows: rows.only("title"),
    Capture: lambda rows: rows.only("url", "captured_at"),
    Evidence: lambda rows: rows.only("publisher", "title"),
    Lead: lambda rows: rows.select_related("article", "pledge").only("article__title", "pledge__slug"),
    Observation: lambda rows: rows.select_related("indicator").only("period", "value", "indicator__slug"),
    Pledge: lambda rows: rows.only("slug").prefetch_related(Prefetch("wordings", Wording.objects.only(*TITLES))),
    Retraction: lambda rows: rows.select_related("pledge").only("pledge__slug"),
    Series: lambda rows: rows.select_related("indicator").only(*NAMES),
    Source: lambda rows: rows.only("name"),
    Update: lambda rows: rows.select_related("pledge").only("happened_on", "status", "pledge__slug"),
    Wording: lambda rows: rows.select_related("pledge").only("title_en", "title_es", "pledge__slug"),
}


@dataclass
class FieldChange:
    """One event: when (UTC), by whom ("" when the database knows of nobody), to what, the fields as (label, old, new).

    `what` is the kind of row, "" for the very row whose history is told; `row` is its name, or that of what it belongs
    to, "" when it is there no more; `link` is the (model, id) of the row that has a page of its own.
    """

    at: datetime
    who: str
    what: str
    act: str
    event: models.Model
    row: str = ""
    link: tuple[type[models.Model], object] | None = None
    fields: list[tuple[str, str, str]] = field(default_factory=list)


def history_of(row: models.Model, parts: Sequence[type[models.Model]] = ()) -> list[FieldChange]:
    """Every recorded change of a row and of its `parts` (models with a foreign key to it), newest first.

    The number of queries depends on the kinds of rows that are named in the changes, not on the number of changes.
    """
    events = list(_events_of(row))
    for part in parts:
        events += _events_of_parts(part, row)
    before: dict[tuple, models.Model | None] = defaultdict(lambda: None)
    pairs = []
    for event in sorted(events, key=lambda event: (event.pgh_created_at, event._meta.model_name, event.pgh_id)):
        key = (event._meta.model_name, row_id(event))
        pairs.append((event, before[key]))
        before[key] = event
    return list(told(pairs[::-1], row=row))


def told(
    pairs: Sequence[tuple[models.Model, models.Model | None]],
    *,
    row: models.Model | None = None,
    hidden: Collection[tuple[type[models.Model], str]] = (),
) -> Iterator[FieldChange]:
    """Events, each with the one before of the same row (or None), as changes, in their order.

    `row` is the row whose history it is, if it is that of one; `hidden` are (model, field name) that are not to be
    shown. A save that changed nothing but its own time is nothing to tell, and is left out.
    """
    names, people = _names(pairs), _people(event for event, _previous in pairs)
    for event, previous in pairs:
        tracked = event.pgh_tracked_model
        whole = row is not None and tracked is type(row)
        shown = [] if event.pgh_label == "delete" and whole else _differences(event, previous)
        fields = [
            (_label(each, event), _words(each, old, names), _words(each, new, names))
            for each, old, new in shown
            # a part's link to the very row whose history this is tells nothing
            if row is None or (each.related_model, new or old) != (type(row), row.pk)
            if (tracked, each.name) not in hidden
        ]
        if event.pgh_label == "update" and not fields:
            continue
        link = next((end for end in _ends(event) if end in names), None)
        yield FieldChange(
            at=event.pgh_created_at,
            who=_who(event, people),
            what="" if whole else _kind(tracked, type(row)) if row is not None else kind_label(tracked),
            act=ACTS[event.pgh_label],
            event=event,
            row=names.get(link, ""),
            link=link,
            fields=fields,
        )


def row_id(event: models.Model) -> object:
    """The number of the row that an event is about."""
    return getattr(event, "pgh_obj_id", None) or event.id


def kind_label(model: type[models.Model]) -> str:
    """What rows of a tracked model are called; a link between two is called after both."""
    if not _is_link(model):
        return str(model._meta.verbose_name)
    return " · ".join(str(each.related_model._meta.verbose_name) for each in model._meta.fields if each.is_relation)


def _events_of(row: models.Model) -> Iterable[models.Model]:
    return row.pgh_event_model.objects.filter(pgh_obj=row.pk).select_related("pgh_context")


def _events_of_parts(part: type[models.Model], row: models.Model) -> Iterable[models.Model]:
    if part._meta.concrete_model is type(row):  # acts upon the row itself
        key = "id"
    else:
        key = next(f.attname for f in part._meta.fields if f.related_model is type(row))
    return part.pgh_event_model.objects.filter(**{key: row.pk}).select_related("pgh_context")


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


def _ends(event: models.Model) -> Iterator[tuple[type[models.Model], object]]:
    """The row of an event, then what it belongs to, people last: the first that is there names the event.

    A link between two rows has no name of its own: the first of them gives it.
    """
    links = [each for each in _tracked(event) if each.is_relation and getattr(event, each.attname) is not None]
    if not _is_link(event.pgh_tracked_model):
        yield event.pgh_tracked_model, row_id(event)
        links.sort(key=lambda each: each.related_model is User)
    for each in links:
        yield each.related_model, getattr(event, each.attname)


def _people(events: Iterable[models.Model]) -> dict[int, str]:
    ids = {event.pgh_context.metadata.get("user") for event in events if event.pgh_context} - {None}
    return {user.pk: user.get_username() for user in User.objects.only("username").filter(pk__in=ids)}


def _who(event: models.Model, people: dict[int, str]) -> str:
    """Who is behind an event: a person, one of the tracker's own jobs, or "" for what came to the database as SQL."""
    metadata = event.pgh_context.metadata if event.pgh_context else {}
    if user := metadata.get("user"):
        return people.get(user) or _("person %(number)s") % {"number": user}
    if metadata.get("task"):
        return _("the tracker (%(task)s)") % {"task": metadata["task"].rpartition(".")[2]}
    return _("nobody logged in (%(page)s)") % {"page": metadata["url"]} if metadata.get("url") else ""


def _tracked(event: models.Model) -> Iterable[models.Field]:
    for each in event._meta.fields:
        if not each.name.startswith("pgh_") and each.name not in UNINTERESTING:
            yield each


def _names(pairs: Iterable[tuple]) -> dict[tuple, str]:
    """What the rows of the events and the foreign keys in them are called, as {(model, id): words}; one query a model.

    What is there no more has no entry.
    """
    wanted: dict[type[models.Model], set] = defaultdict(set)
    for event, previous in pairs:
        if not _is_link(event.pgh_tracked_model):
            wanted[event.pgh_tracked_model].add(row_id(event))
        for each in _tracked(event):
            if each.is_relation:
                ids = {getattr(moment, each.attname) for moment in (event, previous) if moment}
                wanted[each.related_model] |= ids - {None}
    found = {}
    for model, ids in wanted.items():
        rows = NAMED_BY.get(model, lambda rows: rows)(model._default_manager.filter(pk__in=ids))
        found |= {(model, row.pk): str(row) for row in rows}
    return found


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
