"""Search in the lists that grow for years: by the beginnings of words, through full-text indexes.

The lists that stay short keep Django's own search, which compares every row with LIKE. Matches are counted up to a
thousand only (`CappedPaginator`): counting those of a common word would read all rows that have it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import F, Func, Q, QuerySet
from django.utils.functional import cached_property

from pledges.models import Article, Evidence, Lead, Pledge, Update
from pledges.queries.search import figures

MOST_WORDS = 8
MOST_FOUND = 1000
# The same columns in the same order as in the models' indexes: PostgreSQL uses an index only for its own expression.
INDEXED: dict[type[models.Model], Sequence[str]] = {
    Article: ("title", "publisher"),
    Evidence: ("publisher", "title"),
    Update: ("text_en", "text_es"),
}


class CappedPaginator(Paginator):
    """Pages of the first thousand rows, in the list's order; `more` says that there are others.

    The search runs once, for primary keys, and a page is read by its keys. With the small LIMIT of a page, PostgreSQL,
    which cannot estimate a prefix search, would scan all rows in order for a word that few of them have.
    """

    object_list: Any

    @cached_property
    def _keys(self) -> list[int]:
        return list(self.object_list.values_list("pk", flat=True)[: MOST_FOUND + 1])

    @cached_property
    def count(self) -> int:
        """The number of matching rows, at most MOST_FOUND."""
        return min(len(self._keys), MOST_FOUND)

    @property
    def more(self) -> bool:
        """Whether more rows match than are shown."""
        return len(self._keys) > MOST_FOUND

    def page(self, number: int | str) -> Page:
        """One page. Raises InvalidPage."""
        number = self.validate_number(number)
        keys = self._keys[: self.count][(number - 1) * self.per_page : number * self.per_page]
        return Page(self.object_list.filter(pk__in=keys), number, self)


class _Words(Func):
    """The words of some columns (none of them nullable), in lower case, not stemmed."""

    template = "to_tsvector('simple'::regconfig, %(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


class _EqualsAny(Func):
    """Whether a column equals any value of an array subquery. The subquery runs once, so that in an OR the column's
    index can be combined with others; with IN it cannot."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


def _prefix(word: str, *, then: str = " <-> ") -> SearchQuery:
    """A word that begins like this; a figure with any separators. `then` joins what the database took for two words."""
    ways = (then.join(f"'{part}'" for part in split) for split in figures.as_stored(word))
    return SearchQuery(" | ".join(f"{way}:*" for way in ways), config="simple", search_type="raw")


def _with_word(rows: QuerySet, word: str) -> QuerySet:
    """The rows in whose indexed columns a word begins like this."""
    words = _Words(*(F(name) for name in INDEXED[rows.model]))
    return rows.alias(searched=words).filter(searched=_prefix(word))


def pledges_named(word: str) -> QuerySet[Pledge]:
    """The pledges with this in their slug, in an earlier one, or in a title, by LIKE: pledges are thousands at most."""
    titled = Q()
    for way in figures.as_written(word):
        titled |= Q(wordings__title_en__icontains=way) | Q(wordings__title_es__icontains=way)
    return Pledge.objects.order_by().filter(Q(slug__icontains=word) | Q(corrections__was_slug__icontains=word) | titled)


def _leads(rows: QuerySet, word: str) -> QuerySet:
    of_pledge = _EqualsAny(F("pledge_id"), ArraySubquery(pledges_named(word).values("pk")))
    # This column knows no order of words.
    return rows.filter(Q(searched=_prefix(word, then=" & ")) | Q(of_pledge))


def _updates(rows: QuerySet, word: str) -> QuerySet:
    by_text = _with_word(Update.objects.order_by(), word).values("pk")
    by_evidence = _with_word(Evidence.objects.order_by(), word).values("update")
    by_pledge = Update.objects.order_by().filter(pledge__in=pledges_named(word).values("pk")).values("pk")
    return rows.filter(pk__in=by_text.union(by_evidence, by_pledge))


SEARCHED: dict[type[models.Model], Callable[[QuerySet, str], QuerySet]] = {
    Article: _with_word,
    Lead: _leads,
    Update: _updates,
}
LINKS = {Article: "url", Lead: "article__url", Update: "evidence__url"}


def narrowed(rows: QuerySet, text: str) -> QuerySet | None:
    """The rows that have a word beginning with each word of the text; for a web address, the rows that link to it.

    None for a model that is not searched this way; all rows for a text without words.
    """
    if rows.model not in SEARCHED:
        return None
    if text.strip().startswith(("http://", "https://")):
        return rows.filter(pk__in=rows.model._default_manager.filter(**{LINKS[rows.model]: text.strip()}).values("pk"))
    for word in figures.words(text.casefold())[:MOST_WORDS]:
        rows = SEARCHED[rows.model](rows, word)
    return rows
