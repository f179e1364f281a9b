"""Filters of the desk's lists."""

from collections.abc import Iterator, Sequence

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, Field, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from pledges.desk.shared.base import many_pledges, title_only
from pledges.desk.shared.list_search import pledges_named
from pledges.models import Pledge


class ChosenFilter(admin.SimpleListFilter):
    """A filter with fixed options. With a `default`, that one holds unless another is chosen, and there is no "All"
    but one's own. A value that is not among the options narrows nothing down but to the default."""

    options: Sequence[tuple[str, object]] = ()
    default: str | None = None

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Sequence[tuple[str, object]]:
        """The options."""
        return self.options

    def chosen(self) -> str | None:
        """The option that holds, or None for no narrowing."""
        value = self.value()
        return value if value in dict(self.options) else self.default

    def choices(self, changelist: ChangeList) -> Iterator[dict]:
        """The options as links; the default one has none to take away."""
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
        """The rows narrowed down to the option that holds."""
        value = self.chosen()
        return queryset if value is None else self.narrow(queryset, value)

    def narrow(self, queryset: QuerySet, value: str) -> QuerySet:
        """The rows that fit an option."""
        raise NotImplementedError


class UsedFilter(admin.RelatedFieldListFilter):
    """What the rows of the list refer to, found by a look into the index for each instead of by reading all rows."""

    def field_choices(self, field: Field, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        """Those that a row of the list's model refers to."""
        used = Exists(model_admin.model._default_manager.order_by().filter(**{field.name: OuterRef("pk")}))
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=Q(used))


class PledgeFilter(admin.SimpleListFilter):
    """By pledge: a few stand there by title, many are searched by words of their title or address.

    The value is a pledge's number, or words that its title or address has.
    """

    title = gettext_lazy("pledge")
    parameter_name = "pledge"
    template = "admin/pledges/includes/pledge_filter.html"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        """Each pledge that has a row; none where there are too many to choose from."""
        self.many = many_pledges()
        if self.many:
            return []
        used = Exists(model_admin.model._default_manager.order_by().filter(pledge=OuterRef("pk")))
        pledges = Pledge.objects.filter(used).only("slug").prefetch_related(title_only())
        return sorted(((str(pledge.pk), str(pledge)) for pledge in pledges), key=lambda choice: choice[1].casefold())

    def has_output(self) -> bool:
        """There is something to choose, or to search in."""
        return self.many or super().has_output()

    def choices(self, changelist: ChangeList) -> Iterator[dict]:
        """The links; where it is searched, all and the one chosen, if one is."""
        yield from super().choices(changelist)
        value = self.value()
        if self.many and value:
            named = Pledge.objects.filter(pk=value).prefetch_related(title_only()).first() if _number(value) else None
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": True, "query_string": query, "display": str(named or value)}
        params = changelist.filter_params.items()
        self.others = [(name, each) for name, values in params for each in values if name != self.parameter_name]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The rows of that pledge, or of those that have each of the words."""
        value = (self.value() or "").strip()
        if _number(value):
            return queryset.filter(pledge=value)
        for word in value.split()[:8]:
            queryset = queryset.filter(pledge__in=pledges_named(word).values("pk"))
        return queryset


def _number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 19
