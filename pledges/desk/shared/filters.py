"""Filters of the desk's lists."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.related import RelatedField
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from pledges.desk.shared.base import many_pledges, title_only
from pledges.desk.shared.list_search import pledges_named
from pledges.models import Pledge


class ChosenFilter(admin.SimpleListFilter):
    """A filter with fixed options.

    With a `default`, that option applies unless another is chosen, and Django's "All" is not offered. A value that is
    not among the options counts as none.
    """

    parameter_name: str
    options: Sequence[tuple[str, str | Promise]] = ()
    default: str | None = None

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Any:
        return self.options

    def chosen(self) -> str | None:
        """The value of the option that applies, or None for all rows."""
        value = self.value()
        return value if value in dict(self.options) else self.default

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """The options as links; the link of the default option removes the parameter."""
        if self.default is None:
            yield from super().choices(changelist)
            return
        for value, label in self.options:
            query = (
                changelist.get_query_string(remove=[self.parameter_name])
                if value == self.default
                else changelist.get_query_string({self.parameter_name: value})
            )
            yield {"selected": self.chosen() == value, "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.chosen()
        return queryset if value is None else self.narrow(queryset, value)

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """The rows for the option with this value."""
        raise NotImplementedError


class UsedFilter(admin.RelatedFieldListFilter):
    """A filter by the related rows that are in use: one index lookup for each, where Django's own reads every row."""

    def field_choices(self, field: RelatedField, request: HttpRequest, model_admin: admin.ModelAdmin) -> Any:
        used = Exists(model_admin.model._default_manager.order_by().filter(**{field.name: OuterRef("pk")}))
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=Q(used))


class PledgeFilter(admin.SimpleListFilter):
    """A filter by pledge: a list of titles, or a search box where there are too many pledges for a list.

    The value is a pledge's id, or words of its title or slug.
    """

    title = gettext_lazy("pledge")
    parameter_name: str = "pledge"
    template = "admin/pledges/includes/pledge_filter.html"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        """The pledges of the list's rows; none where there is a search box instead."""
        self.many = many_pledges()
        if self.many:
            return []
        used = Exists(model_admin.model._default_manager.order_by().filter(pledge=OuterRef("pk")))
        pledges = Pledge.objects.filter(used).only("slug").prefetch_related(title_only())
        return sorted(((str(pledge.pk), str(pledge)) for pledge in pledges), key=lambda choice: choice[1].casefold())

    def has_output(self) -> bool:
        return self.many or super().has_output()

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """The pledges as links; with a search box, "All" and what was searched for."""
        yield from super().choices(changelist)
        value = self.value()
        if self.many and value:
            pledge = Pledge.objects.filter(pk=value).prefetch_related(title_only()).first() if _is_id(value) else None
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": True, "query_string": query, "display": str(pledge or value)}
        params = changelist.filter_params.items()
        self.others = [(name, value) for name, values in params for value in values if name != self.parameter_name]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The rows of that pledge, or of the pledges with each of the words."""
        value = (self.value() or "").strip()
        if _is_id(value):
            return queryset.filter(pledge=value)
        for word in value.split()[:8]:
            queryset = queryset.filter(pledge__in=pledges_named(word).values("pk"))
        return queryset


def _is_id(value: str) -> bool:
    """Whether the text is a number that fits a bigint."""
    return value.isascii() and value.isdigit() and len(value) < 19
