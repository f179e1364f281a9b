"""Editions: read-only, since the chain is the record; each page tells the acts behind it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.apps import apps
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.desk.record.audit_log import MAY_READ, hidden_from, record_view
from pledges.desk.shared.base import DeskAdmin, ReadOnly, short_hash
from pledges.desk.shared.history import FieldChange, told
from pledges.models import Comment, Edition, EditionItem, State, User
from pledges.models.base import Publishable

MOST_ITEMS, MOST_CHANGES = 100, 40


class ItemInline(ReadOnly, admin.TabularInline):
    """What the edition published."""

    model = EditionItem
    template = "admin/pledges/edition/items.html"
    fields = ["action", "what", "title", "key", "content"]
    readonly_fields = ["what", "content"]

    @admin.display(description=gettext_lazy("kind"))
    def what(self, item: EditionItem) -> str:
        """The kind in words."""
        return str(apps.get_model("pledges", item.kind)._meta.verbose_name)

    @admin.display(description=gettext_lazy("SHA-256 of the content"))
    def content(self, item: EditionItem) -> SafeString:
        """The hash, shortened."""
        return short_hash(item.sha256)


@dataclass
class Act:
    """One item of an edition and how it came about: the steps as (what was done, who, when in UTC or None)."""

    item: EditionItem
    kind: str
    steps: list[tuple[str, str, datetime | None]] = field(default_factory=list)
    changes: list[FieldChange] = field(default_factory=list)


def acts_of(edition: Edition, *, hidden: set[tuple] = frozenset()) -> list[Act]:
    """How each item of an edition came about: who wrote, edited, commented, submitted and published it, and when; and
    its changes since the edition before (of what is written and published: from its beginning).

    At most the first 100 items and the newest 40 changes of each. The number of queries depends on the kinds of the
    items, not on their number.
    """
    before = Edition.objects.filter(number=edition.number - 1).values_list("published_at", flat=True).first()
    by_kind: dict[str, list[EditionItem]] = defaultdict(list)
    items = list(edition.items.all()[:MOST_ITEMS])
    for item in items:
        by_kind[item.kind].append(item)
    found: dict[tuple[str, str], Act] = {}
    for kind, group in by_kind.items():
        model = apps.get_model("pledges", kind)
        keys = [int(item.key) for item in group]
        acts = {int(item.key): Act(item, str(model._meta.verbose_name)) for item in group}
        written = issubclass(model, Publishable)
        if hasattr(model, "pgh_event_model"):
            _tell_changes(acts, model, edition, since=None if written else before, hidden=hidden)
        if written:
            _tell_steps(acts, model, keys)
        else:
            for act in acts.values():
                act.steps.append((_("published by"), edition.publisher, edition.published_at))
        found |= {(kind, str(key)): act for key, act in acts.items()}
    return [found[item.kind, item.key] for item in items]


def _tell_changes(acts: dict[int, Act], model: type, edition: Edition, *, since: datetime | None, hidden: set) -> None:
    """Put the changes up to the edition on the acts, newest first."""
    events = model.pgh_event_model.objects.filter(pgh_obj__in=acts, pgh_created_at__lte=edition.published_at)
    pairs, previous = [], {}
    for event in events.select_related("pgh_context").order_by("pgh_id"):
        if since is None or event.pgh_created_at > since:
            pairs.append((event, previous.get(event.pgh_obj_id)))
        previous[event.pgh_obj_id] = event
    for change in told(pairs[::-1], hidden=hidden):
        act = acts[change.event.pgh_obj_id]
        if len(act.changes) < MOST_CHANGES:
            act.changes.append(change)


def _tell_steps(acts: dict[int, Act], model: type, keys: Sequence[int]) -> None:
    """Put on the acts who did what on the way to publication, in the order in which it is done."""
    kind = model._meta.model_name
    rows = model._default_manager.select_related("author", "edited_by", "scheduled_by", "published_by", "edition")
    rows = rows.filter(pk__in=keys).in_bulk()
    names = {user.pk: user.public_name for user in User.objects.only("username", "byline")}
    comments: dict[int, list[Comment]] = defaultdict(list)
    if kind in {each.name for each in Comment._meta.fields}:
        for comment in Comment.objects.filter(**{f"{kind}__in": keys}):
            comments[getattr(comment, f"{kind}_id")].append(comment)
    for key, act in acts.items():
        row = rows.get(key)
        if row is None:
            continue
        act.steps.append((_("written by"), row.author.public_name, row.created_at))
        steps = [*_way_to_publication(act, names, row.author_id)]
        if row.edited_by_id and row.edited_by_id != row.author_id and _("edited by") not in {step[0] for step in steps}:
            act.steps.append((_("edited by"), row.edited_by.public_name, None))
        steps += [(_("comment by"), names.get(each.author_id, ""), each.written_at) for each in comments[key]]
        act.steps += sorted(steps, key=lambda step: step[2])
        if row.published_by_id:
            act.steps.append((_("published by"), row.published_by.public_name, row.edition.published_at))


def _way_to_publication(act: Act, names: dict[int, str], author: int) -> Iterator[tuple[str, str, datetime]]:
    """Of what was written: who first edited it beside its author, handed it over, sent it back, set a time for it."""
    known, before = {author}, None
    for change in reversed(act.changes):
        event, was = change.event, before
        before = event
        user = (event.pgh_context.metadata if event.pgh_context else {}).get("user")
        who = names.get(user, change.who)
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
        elif was.state == event.state and user and user not in known:
            known.add(user)
            yield _("edited by"), who, change.at


@admin.register(Edition)
class EditionAdmin(ReadOnly, DeskAdmin):
    """Every act of publication."""

    list_display = ["number", "published_at", "publisher", "item_count", "short"]
    list_filter = ["published_at"]
    search_fields = ["publisher", "items__title"]
    fields = ["number", "published_at", ("publisher", "published_by"), "hash", "previous_hash"]
    inlines = [ItemInline]
    change_form_template = "admin/pledges/edition/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """The record of all changes stands beside that of all publications."""
        view = self.admin_site.admin_view(record_view)
        return [path("record/", view, name="pledges_record"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        """With the number of items."""
        return super().get_queryset(request).select_related("published_by").annotate(item_count=Count("items"))

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs) -> HttpResponse:
        """With the acts, for who reads the record."""
        edition: Edition | None = context.get("original")
        if edition and request.user.has_perm(MAY_READ):
            context["acts"] = acts_of(edition, hidden=hidden_from(request.user))
            context["left_out"] = max(0, edition.item_count - MOST_ITEMS)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("items"), ordering="item_count")
    def item_count(self, edition: Edition) -> int:
        """How many things it published."""
        return edition.item_count

    @admin.display(description=gettext_lazy("hash"))
    def short(self, edition: Edition) -> SafeString:
        """The hash, shortened."""
        return short_hash(edition.hash)
