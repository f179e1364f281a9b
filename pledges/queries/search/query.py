"""What a reader's words ask for, with the syntax of PostgreSQL's websearch_to_tsquery.

"-word", `-"some words"` and "NOT word" exclude, words in quotation marks have to follow each other, and "or" separates
alternatives. Unlike in PostgreSQL, a dash with white space after it is punctuation, and NOT in capitals is known.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pledges.queries.search.figures import FIGURE, searched_word, words
from pledges.watch.text.language import stem

MOST_WORDS = 12
QUOTATION_MARKS = str.maketrans(dict.fromkeys("“”„«»", '"'))
_TOKEN = re.compile(r"(?P<minus>(?<![^\W_])[-\u2212]+)?(?:\"(?P<phrase>[^\"]*)(?P<closed>\"?)|(?P<plain>[^\s\"]+))")


def regular(word: str, language: str) -> str:
    """A folded word as its language's stemmer expects it.

    The Spanish plural of "juez" is "jueces", and the stemmer recognises the ending of "operación" by its accent.
    """
    if language == "es" and word.endswith("ces"):
        return f"{word[:-3]}zes"
    return f"{word[:-2]}ón" if language == "es" and word.endswith("ion") else word


def root(word: str, language: str) -> str:
    """What all forms of a (folded) word have in common, as the database's stemmer sees it."""
    return stem(regular(word, language), language)


@dataclass(frozen=True)
class Term:
    """A folded word of a search. The last one may be `unfinished`; `longer` are known words that begin with it."""

    word: str
    unfinished: bool = False
    longer: tuple[str, ...] = ()

    def tsquery(self, language: str) -> str:
        """The text of PostgreSQL's `tsquery` for it in a language."""
        return " | ".join(f"'{regular(word, language)}'" for word in (self.word, *self.longer))

    @property
    def prefix_tsquery(self) -> str:
        """The same for all words that begin with it, in any language; "" for a finished word."""
        return f"'{self.word}':*" if self.unfinished else ""

    def matches(self, word: str, languages: Iterable[str]) -> bool:
        """Whether a folded word of a text is a form of it, in one of the languages that the text may be in."""
        if word == self.word or (self.unfinished and word.startswith(self.word)):
            return True
        return any(root(word, language) == root(self.word, language) for language in languages)


@dataclass(frozen=True)
class Part:
    """One term of a search, or several that have to follow each other; `excluded` if a pledge must not have it."""

    terms: tuple[Term, ...]
    excluded: bool = False

    def tsquery(self, language: str) -> str:
        """The text of PostgreSQL's `tsquery` for it in a language."""
        return " <-> ".join(f"({term.tsquery(language)})" for term in self.terms)

    @property
    def prefix_tsquery(self) -> str:
        """The same for all words that begin with an unfinished term. In a phrase its `longer` words have to do."""
        return self.terms[0].prefix_tsquery if len(self.terms) == 1 else ""

    def written(self, instead: Mapping[str, str]) -> str:
        """This part as a reader types it, with other words `instead` of some, unless it is excluded."""
        typed = " ".join(term.word if self.excluded else instead.get(term.word, term.word) for term in self.terms)
        quotes = '"' if len(self.terms) > 1 else ""
        return f"{'-' if self.excluded else ''}{quotes}{typed}{quotes}"


@dataclass(frozen=True)
class Query:
    """Alternatives; a pledge matches if it has every part of one of them, and none of those that are excluded."""

    alternatives: tuple[tuple[Part, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.alternatives)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that are searched for, each once."""
        return tuple(dict.fromkeys(part for parts in self.alternatives for part in parts if not part.excluded))

    @property
    def terms(self) -> tuple[Term, ...]:
        """The words that are searched for, each once; none that is excluded."""
        return tuple(dict.fromkeys(term for part in self.parts for term in part.terms))

    @property
    def all_terms(self) -> tuple[Term, ...]:
        """The words that are searched for and those that are excluded, each once."""
        return tuple(dict.fromkeys(term for parts in self.alternatives for part in parts for term in part.terms))

    @property
    def excludes(self) -> bool:
        """Whether it excludes anything."""
        return any(part.excluded for parts in self.alternatives for part in parts)

    @property
    def has_syntax(self) -> bool:
        """Whether it is more than words that have to be there."""
        return len(self.alternatives) > 1 or self.excludes or any(len(part.terms) > 1 for part in self.parts)

    @property
    def any_word(self) -> "Query":
        """The same where one of the words is enough; what is excluded stays excluded."""
        alternatives: list[tuple[Part, ...]] = []
        for parts in self.alternatives:
            excluded = [part for part in parts if part.excluded]
            words = [term for part in parts if not part.excluded for term in part.terms]
            alternatives += [(Part((word,)), *excluded) for word in words]
        return Query(tuple(alternatives))

    def without(self, ignored: Iterable[Term]) -> "Query":
        """The same without the parts of which nothing but ignored terms would remain.

        Inside a phrase a stop word holds the place between two others, so it stays.
        """
        ignored = set(ignored)
        kept = ([part for part in parts if not ignored.issuperset(part.terms)] for parts in self.alternatives)
        return Query(tuple(tuple(parts) for parts in kept if parts))

    def with_terms(self, instead: Mapping[Term, Term]) -> "Query":
        """The same with other terms `instead` of some; what is excluded stays as it is."""

        def changed(part: Part) -> Part:
            return part if part.excluded else replace(part, terms=tuple(instead.get(term, term) for term in part.terms))

        return Query(tuple(tuple(map(changed, parts)) for parts in self.alternatives))

    def written(self, instead: Mapping[str, str]) -> str:
        """The search as a reader types it, with other words `instead` of some; what is excluded stays as it is."""
        return " OR ".join(" ".join(part.written(instead) for part in parts) for parts in self.alternatives)


def parse(text: str) -> Query:
    """Read a search; at most twelve words of it. Its last word is unfinished, unless that is excluded or the last of a
    phrase."""
    alternatives: list[list[Part]] = [[]]
    left, negated, unfinished = MOST_WORDS, False, False
    for minus, phrase, closed, typed in _tokens(unicodedata.normalize("NFC", text)):
        if typed.casefold() == "or" and not minus:
            alternatives.append([])
            negated = False
        elif typed == "NOT" and not minus:
            negated = True
        elif found := [Term(searched_word(word)) for word in words(typed or phrase)][:left]:
            left -= len(found)
            excluded, negated = negated or minus, False
            unfinished = not excluded and not closed
            # "cárcel-barco" is two words that may be anywhere; excluded are the pledges that have it as it stands.
            together = excluded or not typed
            parts = [tuple(found)] if together else [(term,) for term in found]
            alternatives[-1] += [Part(terms, excluded) for terms in parts]
    filled = [parts for parts in alternatives if parts]
    if unfinished:
        *before, last = filled[-1][-1].terms
        filled[-1][-1] = Part((*before, replace(last, unfinished=True)))
    return Query(tuple(map(tuple, filled)))


def plain(text: str) -> Query:
    """The words of a text without any syntax, as in a headline: its dashes exclude nothing."""
    found = [Term(searched_word(word)) for word in words(unicodedata.normalize("NFC", text))[:MOST_WORDS]]
    return Query((tuple(Part((term,)) for term in found),)) if found else Query()


def _tokens(text: str) -> Iterator[tuple[bool, str, bool, str]]:
    """The tokens of a search: whether a minus is before it, and a phrase and whether it is closed, or other text."""
    # A figure that is written with spaces would be several tokens.
    text = FIGURE.sub(lambda figure: searched_word(figure[0]), text.translate(QUOTATION_MARKS))
    for match in _TOKEN.finditer(text):
        yield bool(match["minus"]), match["phrase"] or "", bool(match["closed"]), match["plain"] or ""
