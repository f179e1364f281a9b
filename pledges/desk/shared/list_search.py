"""Search in the lists that grow for years: by the beginnings of words, through indexes (see migration 0002).

Django's own search compares every row with LIKE; that is kept for the lists that stay short. What a search finds is
counted no further than anybody looks (`CappedPaginator`): of a common word it would mean reading all that have it.
"""

import re
from collections.abc import Callable, Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import F, Func, Q, QuerySet
from django.utils.functional import cached_property

from pledges.models import Article, Evidence, Lead, Pledge, Update

MOST_WORDS = 8
MOST_FOUND = 1000
# Exactly as in the migration: an index serves only the expression that it was made of.
INDEXED: dict[type[models.Model], Sequence[str]] = {
    Article: ("title", "publisher"),
    Evidence: ("publisher", "title"),
    Update: ("text_en", "text_es"),
}


class CappedPaginator(Paginator):
    """Pages of the first thousand rows, in the list's order; `more` says that there are others.

    The search is made once, for the rows' keys; a page is then read by them. With the page's own small LIMIT the
    database, which cannot know how many words begin so, would walk along all rows for a word that few have.
    """

    @cached_property
    def _keys(self) -> list[int]:
        return list(self.object_list.values_list("pk", flat=True)[: MOST_FOUND + 1])

    @cached_property
    def count(self) -> int:
        """The number of rows, or of those that are shown."""
        return min(len(self._keys), MOST_FOUND)

    @property
    def more(self) -> bool:
        """Whether there are more rows than are shown."""
        return len(self._keys) > MOST_FOUND

    def page(self, number: int | str) -> Page:
        """One page. Raises InvalidPage."""
        number = self.validate_number(number)
        keys = self._keys[: self.count][(number - 1) * self.per_page : number * self.per_page]
        return self._get_page(self.object_list.filter(pk__in=keys), number, self)


class _Words(Func):
    """The words of some columns that are never null, in lower case and without stemming."""

    template = "to_tsvector('simple'::regconfig, %(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


class _Among(Func):
    """Whether a column is among what a subquery finds: read once, so that the column's index serves beside others
    in an OR, as it does not with IN."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


def _beginning(word: str) -> SearchQuery:
    return SearchQuery(f"'{word}':*", config="simple", search_type="raw")


def _having(model: type[models.Model], word: str) -> QuerySet:
    """The rows with a word that begins so in the model's indexed columns."""
    return _narrowed_to_words(model._default_manager.order_by(), word)


def _narrowed_to_words(rows: QuerySet, word: str) -> QuerySet:
    words = _Words(*(F(name) for name in INDEXED[rows.model]))
    return rows.alias(searched=words).filter(searched=_beginning(word))


def pledges_named(word: str) -> QuerySet[Pledge]:
    """The pledges with this in their address or in a title; they are thousands at most."""
    titled = Q(wordings__title_en__icontains=word) | Q(wordings__title_es__icontains=word)
    return Pledge.objects.order_by().filter(Q(slug__icontains=word) | titled)


def _leads(rows: QuerySet, word: str) -> QuerySet:
    promised = _Among(F("pledge_id"), ArraySubquery(pledges_named(word).values("pk")))
    return rows.filter(Q(searched=_beginning(word)) | Q(promised))


def _updates(rows: QuerySet, word: str) -> QuerySet:
    found = _having(Update, word).values("pk")
    told = _having(Evidence, word).values("update")
    promised = Update.objects.order_by().filter(pledge__in=pledges_named(word).values("pk")).values("pk")
    return rows.filter(pk__in=found.union(told, promised))


SEARCHED: dict[type[models.Model], Callable[[QuerySet, str], QuerySet]] = {
    Article: _narrowed_to_words,
    Lead: _leads,
    Update: _updates,
}
LINKS = {Article: "url", Lead: "article__url", Update: "evidence__url"}


def narrowed(rows: QuerySet, text: str) -> QuerySet | None:
    """The rows in which each word of the text begins a word, or whose link the text is.

    None for a model that is not searched this way; all rows for a text without words.
    """
    if rows.model not in SEARCHED:
        return None
    if text.strip().startswith(("http://", "https://")):
        return rows.filter(pk__in=rows.model._default_manager.filter(**{LINKS[rows.model]: text.strip()}).values("pk"))
    for word in re.findall(r"[^\W_]+", text.casefold())[:MOST_WORDS]:
        rows = SEARCHED[rows.model](rows, word)
    return rows
