"""Texts in two languages at the desk: which fields a form shows, their labels, and what lists say of a missing one."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
from django.db import models
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from pledges.desk.shared.forms import BilingualForm, label_without_language, text_and_language
from pledges.domain.languages import LANGUAGES
from pledges.models import Newsroom
from pledges.models.bilingual import shown_text

MISSING = {"en": gettext_lazy("no English yet"), "es": gettext_lazy("no Spanish yet")}


def newsroom_of(request: HttpRequest) -> Newsroom:
    """The newsroom's row, read once for each request."""
    if not hasattr(request, "newsroom"):
        request.newsroom = Newsroom.get()  # type: ignore[attr-defined]
    return request.newsroom  # type: ignore[attr-defined]


def hidden_fields(newsroom: Newsroom, model: type[models.Model], rows: Iterable[models.Model]) -> set[str]:
    """The model's fields in a language that the newsroom does not write, but for those in which one of `rows` has a
    text. None in a newsroom that writes both languages."""
    if not newsroom.one_language:
        return set()
    names = {field.name for field in model._meta.fields + model._meta.many_to_many}
    others = {name for name in names if text_and_language(name)[1] not in ("", *newsroom.languages)}
    stored = list(rows)
    return {name for name in others if not any(getattr(row, name) for row in stored)}


def without(fieldsets: Any, hidden: set[str]) -> Any:
    """The fieldsets without the hidden fields. A line that loses all of its fields goes with them."""
    if not hidden:
        return fieldsets

    def lines(fields: Iterable[Any]) -> Iterable[Any]:
        for line in fields:
            kept = [name for name in ([line] if isinstance(line, str) else line) if name not in hidden]
            if kept:
                yield kept[0] if len(kept) == 1 else tuple(kept)

    return [(title, {**options, "fields": list(lines(options["fields"]))}) for title, options in fieldsets]


def in_language(name: str, language: str) -> str:
    """The field of the same text in this language: name_es for name_en and "es". Other names stay."""
    text, own = text_and_language(name)
    return f"{text}_{language}" if own else name


def in_newsroom(form: type, newsroom: Newsroom) -> None:
    """Tell a form class, made for one request, which languages its newsroom writes. Also labels read-only fields."""
    if not issubclass(form, BilingualForm):
        return
    form.newsroom = newsroom
    if newsroom.one_language:
        meta = form._meta
        fields = [field for field in meta.model._meta.fields if text_and_language(field.name)[1]]
        meta.labels = {f.name: label_without_language(f.verbose_name) for f in fields} | (meta.labels or {})


class BilingualAdmin(BaseModelAdmin):
    """Mixin for an admin or an inline: only the fields in the languages that the newsroom writes."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.in_written_languages(request, super().get_fieldsets(request, obj), obj)

    def in_written_languages(self, request: HttpRequest, fieldsets: Any, obj: Any) -> Any:
        """The fieldsets of `obj`, None for a new row, in the languages that are written or in which it has a text."""
        newsroom = newsroom_of(request)
        rows = self.shown_rows(request, obj) if obj and newsroom.one_language else []
        return without(fieldsets, hidden_fields(newsroom, self.model, rows))

    def shown_rows(self, request: HttpRequest, obj: Any) -> Iterable[models.Model]:
        """The stored rows that the form shows."""
        return [obj]


class BilingualInline(BilingualAdmin, InlineModelAdmin):
    """The same for an inline."""

    def shown_rows(self, request: HttpRequest, obj: Any) -> Iterable[models.Model]:
        """The rows that belong to `obj`."""
        name = next(f.name for f in self.model._meta.fields if f.is_relation and f.related_model is type(obj))
        return self.get_queryset(request).filter(**{name: obj})

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        in_newsroom(formset.form, newsroom_of(request))
        return formset


class OwnLanguage:
    """For `list_display`: a column for a text in two languages, shown and sorted in the active one.

    It says in which language the text is missing, unless that is one that the newsroom does not write.
    """

    def __init__(self, name: str, label: Any, *, marked: bool = True) -> None:
        self.name = self.__name__ = name
        self.short_description = label
        self.marked = marked

    def __call__(self, row: models.Model) -> str | SafeString:
        text = getattr(row, self.name)
        missing = [words for code, words in MISSING.items() if not getattr(row, f"{self.name}_{code}")]
        if not (self.marked and text and missing):
            return text
        return format_html('{} <small class="desk-quiet">{}</small>', text, missing[0])

    @property
    def admin_order_field(self) -> Coalesce:
        return shown_text(self.name)

    def unmarked(self) -> "OwnLanguage":
        return type(self)(self.name, self.short_description, marked=False)


def own_language(name: str, label: Any) -> Callable[[models.Model], str | SafeString]:
    """See `OwnLanguage`. `label` may be lazy."""
    return OwnLanguage(name, label)


def columns_for(newsroom: Newsroom, columns: Sequence[Any]) -> list[Any]:
    """The columns of a list; in a newsroom that writes one language they do not say that the other is missing."""
    if not newsroom.one_language:
        return list(columns)
    return [column.unmarked() if isinstance(column, OwnLanguage) else column for column in columns]


def lacking(name: str, code: str) -> models.Q:
    """The rows that have the text `name` in another language than this one only."""
    others = models.Q()
    for other in LANGUAGES:
        if other != code:
            others |= ~models.Q(**{f"{name}_{other}": ""})
    return models.Q(**{f"{name}_{code}": ""}) & others
