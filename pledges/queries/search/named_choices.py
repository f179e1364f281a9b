"""Choices of a facet that the words of a search name: "overdue security pledges" names a deadline."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import get_language

from pledges.domain.text import fold
from pledges.queries.search.figures import words as words_of
from pledges.queries.search.filters import FACETS, Filter, known_values
from pledges.queries.search.query import parse, root
from pledges.queries.standings import Standing, once

NAMED = ("status", "deadline", "topic")
FILLERS = {"pledge", "pledges", "promesa", "promesas"}  # words that tell no pledge from another


@dataclass(frozen=True)
class NamedChoice:
    """A choice, by the labels of its facet and itself, and the filter with it selected and its words removed."""

    facet: object
    label: object
    filter: Filter


def named_choices(filter: Filter, standings: Iterable[Standing]) -> list[NamedChoice]:
    """The choices, not selected yet, that the words of a filter name by their labels in the active language.

    None where the search excludes words, or has alternatives or phrases: without some of its words it would ask for
    something else.
    """
    language = (get_language() or "")[:2]
    named = []
    typed = [] if parse(filter.q).has_syntax else words_of(fold(filter.q))
    roots = [root(word, language) for word in typed]
    for name, value, label, words in once(standings, _labels, language) if typed else ():
        at = next((i for i in range(len(roots)) if roots[i : i + len(words)] == words), None)
        if at is not None and value not in filter.selected.get(name, ()):
            rest = [word for word in [*typed[:at], *typed[at + len(words) :]] if word not in FILLERS]
            narrowed = replace(filter.with_value(name, value), q=" ".join(rest))
            named.append(NamedChoice(FACETS[name][0], label, narrowed))
    return named


def _labels(standings: Iterable[Standing], language: str) -> list[tuple[str, str, object, list[str]]]:
    """The choices that words can name, as (facet, value, label, roots of the label's words)."""
    return [
        (name, value, label, [root(word, language) for word in words_of(fold(str(label)))])
        for name in NAMED
        for value, label in known_values(name, standings).items()
    ]
