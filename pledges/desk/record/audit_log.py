"""The record: every change of every tracked row, whether made at the desk, by a job or in SQL, as a list and as CSV."""

import csv
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

import pghistory.models
from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.accounts.requests import user_of
from pledges.desk.shared.history import Event, FieldChange, events_of, field_changes, kind_label
from pledges.domain.spreadsheets import harmless
from pledges.domain.text import visible
from pledges.models import GUARDED_ACTS, Account, User

PAGE, CSV_PAGE = 50, 500
MAY_READ, MAY_READ_MAIL = "pledges.view_pledgeevent", "pledges.view_userevent"
Hidden = Collection[tuple[type[models.Model], str]]  # fields that are not shown: (model, field name)
PRIVATE: Hidden = {(User, "email")}
Position = tuple[datetime, str, int]  # an event's time (UTC), kind and id: the list's order, newest first


def tracked() -> dict[str, type[models.Model]]:
    """This application's tracked models, by name in lower case."""
    events = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
    tracked_models: list[Any] = [event.pgh_tracked_model for event in events if event._meta.app_label == "pledges"]
    return {model._meta.model_name: model for model in tracked_models}


class RecordForm(forms.Form):
    """The filters of the list; all are optional."""

    who = forms.ChoiceField(label=gettext_lazy("who"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("kind of row"), required=False)
    row = forms.IntegerField(label=gettext_lazy("number of the row"), required=False, min_value=1, max_value=2**31 - 1)
    since = forms.DateField(
        label=gettext_lazy("from"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("to"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(pk), name) for pk, name in User.objects.order_by("username").values_list("pk", "username")]
        cast(forms.ChoiceField, self.fields["who"]).choices = [
            ("", _("everybody")),
            ("people", _("people only")),
            ("tracker", _("the tracker's own jobs")),
            ("database", _("the database itself (a command or SQL)")),
            *people,
        ]
        kinds = sorted(((name, kind_label(model)) for name, model in tracked().items()), key=lambda kind: kind[1])
        cast(forms.ChoiceField, self.fields["kind"]).choices = [("", _("all")), *kinds]

    def clean(self) -> dict:
        """A row's id needs its kind, and the first day is not after the last."""
        super().clean()
        data = self.cleaned_data
        if data.get("row") and not data.get("kind"):
            self.add_error("kind", _("Say of what kind the row is."))
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("The span ends before it begins."))
        return data


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _filter(filters: dict) -> Q:
    """The condition for the filters' days (in the newsroom's time zone) and person or means."""
    condition = Q()
    if filters.get("since"):
        condition &= Q(pgh_created_at__gte=_midnight(filters["since"]))
    if filters.get("until"):
        last = min(filters["until"], timezone.localdate())  # nothing was recorded after today, and dates end in 9999
        condition &= Q(pgh_created_at__lt=_midnight(last + timedelta(days=1)))
    who = filters.get("who")
    if who == "people":
        condition &= Q(pgh_context__metadata__user__gt=0)
    elif who == "tracker":
        condition &= Q(pgh_context__metadata__has_key="task")
    elif who == "database":
        condition &= Q(pgh_context=None)
    elif who:
        condition &= Q(pgh_context__metadata__user=int(who))
    return condition


def _older_than(kind: str, position: Position | None) -> Q:
    """The events of a kind that come after a position in the list. Each condition begins with the indexed column."""
    if position is None:
        return Q()
    at, position_kind, number = position
    if kind == position_kind:
        return Q(pgh_created_at__lte=at) & (Q(pgh_created_at__lt=at) | Q(pgh_id__lt=number))
    return Q(pgh_created_at__lte=at) if kind < position_kind else Q(pgh_created_at__lt=at)


def positions(filters: dict, *, user: User, after: Position | None, count: int) -> list[Position]:
    """The positions of the next `count` events that match `filters` (a valid RecordForm's data); one query.

    `user` is the reader: only publishers see how other people's logins went.

    Each table yields its newest events through its index, and those are merged: the cost does not grow with the tables.
    """
    parts = []
    for kind, model in tracked().items():
        if filters.get("kind") not in (None, "", kind):
            continue
        events = events_of(model).filter(_filter(filters), _older_than(kind, after))
        if model is Account and not user.has_perm(MAY_READ_MAIL):
            events = events.filter(~Q(pgh_label__in=GUARDED_ACTS) | Q(id=user.pk))
        if number := filters.get("row"):
            events = events.filter(**{"pgh_obj" if hasattr(events.model, "pgh_obj") else "id": number})
        ordered = events.annotate(pgh_kind=Value(kind)).order_by("-pgh_created_at", "-pgh_id")
        parts.append(ordered.values_list("pgh_created_at", "pgh_kind", "pgh_id")[:count])
    if not parts:
        return []
    if len(parts) == 1:
        return list(parts[0])
    return list(parts[0].union(*parts[1:], all=True).order_by("-pgh_created_at", "-pgh_kind", "-pgh_id")[:count])


def changes_at(wanted: list[Position], *, hidden: Hidden = ()) -> list[FieldChange]:
    """The changes at these positions, in their order. The number of queries depends on the kinds, not on the rows."""
    models_by_name = tracked()
    events: dict[tuple[str, int], Event] = {}
    previous: dict[tuple[str, int], Event | None] = {}
    for kind in {kind for _at, kind, _number in wanted}:
        rows = events_of(models_by_name[kind])
        model = rows.model
        rows = rows.filter(pk__in=[number for _at, row_kind, number in wanted if row_kind == kind])
        if hasattr(model, "pgh_obj"):
            same_row = model.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
            rows = rows.annotate(previous=Subquery(same_row.order_by("-pgh_id").values("pgh_id")[:1]))
        by_id = {event.pk: event for event in rows}
        earlier = model.objects.in_bulk([e.previous for e in by_id.values() if getattr(e, "previous", None)])
        events |= {(kind, pk): event for pk, event in by_id.items()}
        previous |= {(kind, pk): earlier.get(getattr(event, "previous", None)) for pk, event in by_id.items()}
    keys = [(kind, number) for _at, kind, number in wanted if (kind, number) in events]
    return list(field_changes([(events[key], previous[key]) for key in keys], hidden=hidden))


def _as_parameter(position: Position) -> str:
    return f"{position[0].astimezone(UTC).isoformat()}~{position[1]}~{position[2]}"


def _from_parameter(text: str) -> Position | None:
    """The position in an address; None if it is malformed: the list then begins at the newest."""
    at, _sep, rest = text.partition("~")
    kind, _sep, number = rest.partition("~")
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        return None
    if when.tzinfo is None or kind not in tracked() or not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return when, kind, int(number)


def hidden_from(user: User) -> Hidden:
    """The fields whose changes this person is not shown: only publishers see people's e-mail addresses."""
    return () if user.has_perm(MAY_READ_MAIL) else PRIVATE


def page_of(change: FieldChange, request: HttpRequest) -> str:
    """The address at the desk of the row that a change names; "" if it has none or this person may not see it."""
    if change.link is None:
        return ""
    model, pk = change.link
    meta = (model._meta.concrete_model or model)._meta
    if not admin.site.is_registered(meta.model):
        return ""
    if not admin.site.get_model_admin(meta.model).has_view_or_change_permission(request):
        return ""
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[pk])


def record_view(request: HttpRequest) -> HttpResponseBase:
    """The list, newest first. Query parameters: the fields of RecordForm, `after` (a position), `format=csv`."""
    user = user_of(request)
    if not user.has_perm(MAY_READ):
        raise PermissionDenied
    form = RecordForm({name: visible(str(value)) for name, value in request.GET.items()})
    valid = form.is_valid()
    if valid and request.GET.get("format") == "csv":
        return _csv(form.cleaned_data, user)
    after = _from_parameter(request.GET.get("after", ""))
    listed = positions(form.cleaned_data, user=user, after=after, count=PAGE + 1) if valid else []
    changes = changes_at(listed[:PAGE], hidden=hidden_from(user))
    for change in changes:
        change.url = page_of(change, request)
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("format", None)
    context = {
        **admin.site.each_context(request),
        "title": _("The record"),
        "form": form,
        "changes": changes,
        "valid": valid,
        "first": after is None,
        "query": query.urlencode(),
        "older": _as_parameter(listed[PAGE - 1]) if len(listed) > PAGE else "",
    }
    return TemplateResponse(request, "admin/pledges/record.html", context, status=200 if valid else 422)


class _Echo:
    def write(self, line: str) -> str:
        return line


def _csv(filters: dict, user: User) -> StreamingHttpResponse:
    """All matching changes as CSV, a line for each changed field, read from the database page by page."""
    writer, hidden = csv.writer(_Echo()), hidden_from(user)
    head = ("time_utc", "who", "page_or_task", "kind", "number", "row", "act", "field", "before", "after")

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(head)
        after = None
        while page := positions(filters, user=user, after=after, count=CSV_PAGE):
            for change in changes_at(page, hidden=hidden):
                event = change.event
                context = event.pgh_context.metadata if event.pgh_context else {}
                start = (
                    change.at.astimezone(UTC).isoformat(timespec="seconds"),
                    change.who,
                    context.get("url") or context.get("task") or "",
                    change.kind,
                    change.number,
                    change.row,
                    event.pgh_label,
                )
                for label, old, new in change.fields or [("", "", "")]:
                    yield writer.writerow([harmless(str(cell)) for cell in (*start, label, old, new)])
            after = page[-1]

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="record-{timezone.localdate()}.csv"'
    return response
