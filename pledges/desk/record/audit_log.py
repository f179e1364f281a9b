"""The record: every change of every tracked row in one list, whoever made it and by whatever means; and as CSV."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

import pghistory.models
from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.desk.shared.history import FieldChange, kind_label, row_id, told
from pledges.domain.spreadsheets import harmless
from pledges.domain.text import visible
from pledges.models import GUARDED_ACTS, Account, User

PAGE, CSV_PAGE = 50, 500
MAY_READ, MAY_READ_MAIL = "pledges.view_pledgeevent", "pledges.view_userevent"
PRIVATE = {(User, "email")}
Place = tuple[datetime, str, int]  # an event's time (UTC), kind and number: the list's order, newest first


def tracked() -> dict[str, type[models.Model]]:
    """The models whose rows the triggers watch, by their names in lower case."""
    events = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
    ours = [model for model in events if model._meta.app_label == "pledges"]
    return {model.pgh_tracked_model._meta.model_name: model.pgh_tracked_model for model in ours}


class RecordForm(forms.Form):
    """What the list is narrowed down to; all is optional."""

    who = forms.ChoiceField(label=gettext_lazy("who"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("kind of row"), required=False)
    row = forms.IntegerField(label=gettext_lazy("number of the row"), required=False, min_value=1, max_value=2**31 - 1)
    since = forms.DateField(
        label=gettext_lazy("from"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("to"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(pk), name) for pk, name in User.objects.order_by("username").values_list("pk", "username")]
        self.fields["who"].choices = [
            ("", _("everybody")),
            ("people", _("people only")),
            ("tracker", _("the tracker's own jobs")),
            ("database", _("the database itself (a command or SQL)")),
            *people,
        ]
        kinds = sorted(((name, kind_label(model)) for name, model in tracked().items()), key=lambda kind: kind[1])
        self.fields["kind"].choices = [("", _("all")), *kinds]

    def clean(self) -> dict:
        """A row is asked for with its kind, and a span begins before it ends."""
        data = super().clean()
        if data.get("row") and not data.get("kind"):
            self.add_error("kind", _("Say of what kind the row is."))
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("The span ends before it begins."))
        return data


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _filter(wanted: dict) -> Q:
    """The events of the days (the newsroom's) and the person or means asked for."""
    found = Q()
    if wanted.get("since"):
        found &= Q(pgh_created_at__gte=_midnight(wanted["since"]))
    if wanted.get("until"):
        last = min(wanted["until"], timezone.localdate())  # nothing was recorded after today
        found &= Q(pgh_created_at__lt=_midnight(last + timedelta(days=1)))
    who = wanted.get("who")
    if who == "people":
        found &= Q(pgh_context__metadata__user__gt=0)
    elif who == "tracker":
        found &= Q(pgh_context__metadata__has_key="task")
    elif who == "database":
        found &= Q(pgh_context=None)
    elif who:
        found &= Q(pgh_context__metadata__user=int(who))
    return found


def _older_than(kind: str, place: Place | None) -> Q:
    """The events of a kind that come after a place in the list; the first condition is one that the index knows."""
    if place is None:
        return Q()
    at, of, number = place
    if kind == of:
        return Q(pgh_created_at__lte=at) & (Q(pgh_created_at__lt=at) | Q(pgh_id__lt=number))
    return Q(pgh_created_at__lte=at) if kind < of else Q(pgh_created_at__lt=at)


def places(wanted: dict, *, user: User, after: Place | None, count: int) -> list[Place]:
    """Where the next `count` events stand that `wanted` (a valid RecordForm's data) asks for; one query.

    `user` is who reads: how others' logins went is told to publishers only.

    Each table gives its newest few through its index, and those are put in order: so it costs the same with many.
    """
    parts = []
    for kind, model in tracked().items():
        if wanted.get("kind") not in (None, "", kind):
            continue
        events = model.pgh_event_model.objects.filter(_filter(wanted), _older_than(kind, after))
        if model is Account and not user.has_perm(MAY_READ_MAIL):
            events = events.filter(~Q(pgh_label__in=GUARDED_ACTS) | Q(id=user.pk))
        if number := wanted.get("row"):
            events = events.filter(**{"pgh_obj" if hasattr(model.pgh_event_model, "pgh_obj") else "id": number})
        named = events.annotate(pgh_kind=Value(kind)).order_by("-pgh_created_at", "-pgh_id")
        parts.append(named.values_list("pgh_created_at", "pgh_kind", "pgh_id")[:count])
    if not parts:
        return []
    if len(parts) == 1:
        return list(parts[0])
    return list(parts[0].union(*parts[1:], all=True).order_by("-pgh_created_at", "-pgh_kind", "-pgh_id")[:count])


def changes_at(found: Iterable[Place], *, hidden: Iterable[tuple] = ()) -> list[FieldChange]:
    """The changes at these places, in their order; so many queries as there are kinds among them, not rows."""
    found, models_by_name = list(found), tracked()
    events: dict[tuple[str, int], models.Model] = {}
    earlier: dict[tuple[str, int], models.Model] = {}
    for kind in {kind for _at, kind, _number in found}:
        model = models_by_name[kind].pgh_event_model
        rows = model.objects.filter(pk__in=[number for _at, of, number in found if of == kind])
        if hasattr(model, "pgh_obj"):
            one = model.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id")).order_by("-pgh_id")
            rows = rows.annotate(earlier=Subquery(one.values("pgh_id")[:1]))
        here = {event.pk: event for event in rows.select_related("pgh_context")}
        before = model.objects.in_bulk([e.earlier for e in here.values() if getattr(e, "earlier", None)])
        events |= {(kind, pk): event for pk, event in here.items()}
        earlier |= {(kind, pk): before.get(getattr(event, "earlier", None)) for pk, event in here.items()}
    keys = [(kind, number) for _at, kind, number in found if (kind, number) in events]
    return list(told([(events[key], earlier[key]) for key in keys], hidden=hidden))


def _written(place: Place) -> str:
    return f"{place[0].astimezone(UTC).isoformat()}~{place[1]}~{place[2]}"


def _read(text: str) -> Place | None:
    """The place that an address names, or None for none that makes sense: the list then begins at the newest."""
    at, _sep, rest = text.partition("~")
    kind, _sep, number = rest.partition("~")
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        return None
    if when.tzinfo is None or kind not in tracked() or not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return when, kind, int(number)


def hidden_from(user: User) -> set[tuple]:
    """The fields whose changes this person is not shown: only publishers see people's addresses."""
    return set() if user.has_perm(MAY_READ_MAIL) else PRIVATE


def page_of(change: FieldChange, request: HttpRequest) -> str:
    """The address at the desk of the row that a change names, "" where it has none or this person may not see it."""
    meta = change.link[0]._meta.concrete_model._meta if change.link else None
    if meta is None or not admin.site.is_registered(meta.model):
        return ""
    if not admin.site.get_model_admin(meta.model).has_view_or_change_permission(request):
        return ""
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[change.link[1]])


def record_view(request: HttpRequest) -> HttpResponse:
    """The list, newest first; GET: who, kind, row, since, until, after (a place), format=csv for a file of all."""
    if not request.user.has_perm(MAY_READ):
        raise PermissionDenied
    form = RecordForm({name: visible(value) for name, value in request.GET.items()})
    valid = form.is_valid()
    if valid and request.GET.get("format") == "csv":
        return _csv(form.cleaned_data, request.user)
    after = _read(request.GET.get("after", ""))
    found = places(form.cleaned_data, user=request.user, after=after, count=PAGE + 1) if valid else []
    changes = changes_at(found[:PAGE], hidden=hidden_from(request.user))
    for change in changes:
        change.url = page_of(change, request)
        change.kind = change.event.pgh_tracked_model._meta.model_name
        change.number = row_id(change.event)
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
        "older": _written(found[PAGE - 1]) if len(found) > PAGE else "",
    }
    return TemplateResponse(request, "admin/pledges/record.html", context, status=200 if valid else 422)


class _Echo:
    def write(self, line: str) -> str:
        return line


def _csv(wanted: dict, user: User) -> StreamingHttpResponse:
    """All that was asked for as CSV, a line a field that changed, read from the database page by page."""
    writer, hidden = csv.writer(_Echo()), hidden_from(user)
    head = ("time_utc", "who", "page_or_task", "kind", "number", "row", "act", "field", "before", "after")

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(head)
        after = None
        while found := places(wanted, user=user, after=after, count=CSV_PAGE):
            for change in changes_at(found, hidden=hidden):
                event = change.event
                by = event.pgh_context.metadata if event.pgh_context else {}
                start = (
                    change.at.astimezone(UTC).isoformat(timespec="seconds"),
                    change.who,
                    by.get("url") or by.get("task") or "",
                    event.pgh_tracked_model._meta.model_name,
                    row_id(event),
                    change.row,
                    event.pgh_label,
                )
                for label, old, new in change.fields or [("", "", "")]:
                    yield writer.writerow([harmless(str(cell)) for cell in (*start, label, old, new)])
            after = found[-1]

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="record-{timezone.localdate()}.csv"'
    return answer
