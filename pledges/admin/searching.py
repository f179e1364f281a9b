"""Search in the lists that grow for years: by the beginnings of words, through indexes (see migration 0006_record).

Django's own search compares every row with LIKE; that is kept for the lists that stay short.
"""

import re
from collections.abc import Callable, Sequence

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, QuerySet

from pledges.models import Article, Evidence, Lead, Pledge, Update

MOST_WORDS = 8
# Exactly as in the migration: an index serves only the expression that it was made of.
INDEXED: dict[type[models.Model], Sequence[str]] = {
    Article: ("title", "publisher"),
    Evidence: ("publisher", "title"),
    Lead: ("sentence",),
    Update: ("text_en", "text_es"),
}


class _Words(Func):
    """The words of some columns that are never null, in lower case and without stemming."""

    template = "to_tsvector('simple'::regconfig, %(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


def _having(model: type[models.Model], word: str) -> QuerySet:
    """The rows with a word that begins so in the model's indexed columns."""
    query = SearchQuery(f"'{word}':*", config="simple", search_type="raw")
    words = _Words(*(F(name) for name in INDEXED[model]))
    return model._default_manager.order_by().alias(searched=words).filter(searched=query)


def pledges_named(word: str) -> QuerySet[Pledge]:
    """The pledges with this in their address or in a title; they are thousands at most."""
    titled = Q(wordings__title_en__icontains=word) | Q(wordings__title_es__icontains=word)
    return Pledge.objects.order_by().filter(Q(slug__icontains=word) | titled)


def _leads(word: str) -> list[QuerySet]:
    rows = Lead.objects.order_by()
    return [
        _having(Lead, word).values("pk"),
        rows.filter(article__in=_having(Article, word)).values("pk"),
        rows.filter(pledge__in=pledges_named(word).values("pk")).values("pk"),
    ]


def _updates(word: str) -> list[QuerySet]:
    return [
        _having(Update, word).values("pk"),
        _having(Evidence, word).values("update"),
        Update.objects.order_by().filter(pledge__in=pledges_named(word).values("pk")).values("pk"),
    ]


SEARCHED: dict[type[models.Model], Callable[[str], list[QuerySet]]] = {
    Article: lambda word: [_having(Article, word).values("pk")],
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
        first, *others = SEARCHED[rows.model](word)
        rows = rows.filter(pk__in=first.union(*others) if others else first)
    return rows
