"""Editions: read-only, since the chain is the record."""

from django.apps import apps
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from pledges.models import Edition, EditionItem

from .common import DeskAdmin, ReadOnly, short_hash


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


@admin.register(Edition)
class EditionAdmin(ReadOnly, DeskAdmin):
    """Every act of publication."""

    list_display = ["number", "published_at", "publisher", "item_count", "short"]
    list_filter = ["published_at"]
    search_fields = ["publisher", "items__title"]
    fields = ["number", "published_at", ("publisher", "published_by"), "hash", "previous_hash"]
    inlines = [ItemInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Edition]:
        """With the number of items."""
        return super().get_queryset(request).select_related("published_by").annotate(item_count=Count("items"))

    @admin.display(description=gettext_lazy("items"), ordering="item_count")
    def item_count(self, edition: Edition) -> int:
        """How many things it published."""
        return edition.item_count

    @admin.display(description=gettext_lazy("hash"))
    def short(self, edition: Edition) -> SafeString:
        """The hash, shortened."""
        return short_hash(edition.hash)
