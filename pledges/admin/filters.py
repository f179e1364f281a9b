"""Filters of the desk's lists."""

from collections.abc import Iterator, Sequence

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from pledges.models import Pledge

from .common import title_only


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


class PledgeFilter(admin.SimpleListFilter):
    """The pledges that the list has rows for, by title, in two queries."""

    title = gettext_lazy("pledge")
    parameter_name = "pledge"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        """Each pledge that has a row."""
        used = model_admin.model._default_manager.values("pledge")
        pledges = Pledge.objects.filter(pk__in=used).only("slug").prefetch_related(title_only())
        return sorted(((str(pledge.pk), str(pledge)) for pledge in pledges), key=lambda choice: choice[1].casefold())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The rows of that pledge; of none, when it is not a number."""
        if not self.value():
            return queryset
        return queryset.filter(pledge=self.value()) if self.value().isdecimal() else queryset.none()
