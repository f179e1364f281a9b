"""Editions, read-only; each page shows how each of its items came about."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.accounts.requests import user_of
from pledges.desk.record.audit_log import MAY_READ, Hidden, hidden_from, record_view
from pledges.desk.shared.base import DeskAdmin, ReadOnly, annotated, short_hash
from pledges.desk.shared.history import Event, FieldChange, events_of, field_changes
from pledges.models import Comment, Edition, EditionItem, State, User
from pledges.models.base import Publishable

MOST_ITEMS, MOST_CHANGES = 100, 40


class ItemInline(ReadOnly, admin.TabularInline):
    model = EditionItem
    template = "admin/pledges/edition/items.html"
    fields = ["action", "what", "title", "key", "content"]
    readonly_fields = ["what", "content"]

    @admin.display(description=gettext_lazy("kind"))
    def what(self, item: EditionItem) -> str:
        return str(apps.get_model("pledges", item.kind)._meta.verbose_name)

    @admin.display(description=gettext_lazy("SHA-256 of the content"))
    def content(self, item: EditionItem) -> SafeString:
        return short_hash(item.sha256)


@dataclass
class ItemHistory:
    """One item of an edition and how it came about: the steps as (what was done, by whom, when in UTC or None)."""

    item: EditionItem
    kind: str
    steps: list[tuple[str, str, datetime | None]] = field(default_factory=list)
    changes: list[FieldChange] = field(default_factory=list)


def item_histories(edition: Edition, *, hidden: Hidden = ()) -> list[ItemHistory]:
    """How each item of an edition came about: who wrote, edited, commented, submitted and published it, and when.

    With its changes: of updates, wordings and retractions all, of other rows those since the previous edition. At most
    MOST_ITEMS items and the newest MOST_CHANGES changes of each. The number of queries depends on the kinds of the
    items, not on their number.
    """
    previous = Edition.objects.filter(number=edition.number - 1).values_list("published_at", flat=True).first()
    by_kind: dict[str, list[EditionItem]] = defaultdict(list)
    items = list(edition.items.all()[:MOST_ITEMS])
    for item in items:
        by_kind[item.kind].append(item)
    histories: dict[tuple[str, str], ItemHistory] = {}
    for kind, group in by_kind.items():
        model = apps.get_model("pledges", kind)
        by_id = {int(item.key): ItemHistory(item, str(model._meta.verbose_name)) for item in group}
        is_draftable = issubclass(model, Publishable)
        if hasattr(model, "pgh_event_model"):
            _add_changes(by_id, model, edition, since=None if is_draftable else previous, hidden=hidden)
        if is_draftable:
            _add_steps(by_id, model)
        else:
            for history in by_id.values():
                history.steps.append((_("published by"), edition.publisher, edition.published_at))
        histories |= {(kind, str(pk)): history for pk, history in by_id.items()}
    return [histories[item.kind, item.key] for item in items]


def _add_changes(
    by_id: dict[int, ItemHistory], model: type[Model], edition: Edition, *, since: datetime | None, hidden: Hidden
) -> None:
    """Add the changes that were made until the edition, newest first."""
    events = events_of(model).filter(pgh_obj__in=by_id, pgh_created_at__lte=edition.published_at)
    pairs: list[tuple[Event, Event | None]] = []
    latest: dict[int, Event] = {}
    for event in events.order_by("pgh_id"):
        if since is None or event.pgh_created_at > since:
            pairs.append((event, latest.get(event.pgh_obj_id)))
        latest[event.pgh_obj_id] = event
    for change in field_changes(pairs[::-1], hidden=hidden):
        history = by_id[change.event.pgh_obj_id]
        if len(history.changes) < MOST_CHANGES:
            history.changes.append(change)


def _add_steps(by_id: dict[int, ItemHistory], model: type[Publishable]) -> None:
    """Add who did what before publication: the author, then the steps in order of time, then the publisher."""
    kind = model._meta.model_name
    related: Any = ("author", "edited_by", "scheduled_by", "published_by", "edition")
    rows = model._default_manager.select_related(*related).in_bulk(by_id)
    names = {user.pk: user.public_name for user in User.objects.only("username", "byline")}
    comments: dict[int, list[Comment]] = defaultdict(list)
    if kind in {field.name for field in Comment._meta.fields}:
        for comment in Comment.objects.filter(**{f"{kind}__in": by_id}):
            comments[getattr(comment, f"{kind}_id")].append(comment)
    for pk, history in by_id.items():
        row = rows.get(pk)
        if row is None:
            continue
        history.steps.append((_("written by"), row.author.public_name, row.created_at))
        steps = [*_steps_before_publication(history, names, row.author_id)]
        if row.edited_by and row.edited_by_id != row.author_id and _("edited by") not in {step[0] for step in steps}:
            history.steps.append((_("edited by"), row.edited_by.public_name, None))
        steps += [(_("comment by"), names.get(comment.author_id, ""), comment.written_at) for comment in comments[pk]]
        history.steps += sorted(steps, key=itemgetter(2))
        if row.published_by and row.edition:
            history.steps.append((_("published by"), row.published_by.public_name, row.edition.published_at))


def _steps_before_publication(
    history: ItemHistory, names: dict[int, str], author: int
) -> Iterator[tuple[str, str, datetime | None]]:
    """Each person's first edit other than the author's, submissions, returns and changes of the time of publication."""
    editors, previous = {author}, None
    for change in reversed(history.changes):
        event, was = change.event, previous
        previous = event
        user = (event.pgh_context.metadata if event.pgh_context else {}).get("user")
        who = names.get(user, change.who) if user else change.who
        if was is None or event.state == State.PUBLISHED:
            continue
        if (was.state, event.state) == (State.DRAFT, State.REVIEW):
            yield _("submitted for review"), who, change.at
        elif (was.state, event.state) == (State.REVIEW, State.DRAFT):
            yield _("sent back by"), who, change.at
        if event.publish_at and event.publish_at != was.publish_at:
            yield _("time of publication set by"), names.get(event.scheduled_by_id, who), change.at
        elif was.publish_at and not event.publish_at:
            yield _("time of publication taken back by"), who, change.at
        elif was.state == event.state and user and user not in editors:
            editors.add(user)
            yield _("edited by"), who, change.at


@admin.register(Edition)
class EditionAdmin(ReadOnly, DeskAdmin):
    list_has_public_pages = True
    list_display = ["number", "published_at", "publisher", annotated("item_count", gettext_lazy("items")), "short"]
    list_filter = ["published_at"]
    search_fields = ["publisher", "items__title"]
    fields = ["number", "published_at", ("publisher", "published_by"), "hash", "previous_hash"]
    inlines = [ItemInline]
    change_form_template = "admin/pledges/edition/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """With the page of the record of all changes."""
        view = self.admin_site.admin_view(record_view)
        return [path("record/", view, name="pledges_record"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        return super().get_queryset(request).select_related("published_by").annotate(item_count=Count("items"))

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs) -> HttpResponse:
        """With the items' histories, for people who may read the record."""
        edition: Edition | None = context.get("original")
        if edition and request.user.has_perm(MAY_READ):
            context["acts"] = item_histories(edition, hidden=hidden_from(user_of(request)))
            context["left_out"] = max(0, edition.item_count - MOST_ITEMS)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("hash"))
    def short(self, edition: Edition) -> SafeString:
        return short_hash(edition.hash)
