"""A sentence as words: its clauses, the nouns in reach of a verb, and what a clause doubts or tells of earlier."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from pledges.watch.status.patterns import reader

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*(?:[-’'][^\W_]+)*%?|[;,:()—–«»“”\"]")
STOPS = frozenset(';,:()—–«»“”"')
_AFTER = 9  # words looked at
_BY = {"en": {"by", "in", "at"}, "es": {"por", "en"}}
_LEAD = frozenset(
    """in at with by during amid near against about under between en con por tras ante durante entre contra sobre al
    to""".split()
)
_IN = frozenset("in since by of until from early late last this".split())
_WHEN = frozenset("after since while when because cuando mientras".split())
ARTICLES = frozenset("the a an its his her their el la los las un una su sus".split())

Nouns = list[tuple[int, frozenset[str]]]  # each with its place and its classes


class Clauses:
    """A sentence's words: `folded` is its text in lower case without accents, of the same length as `text`."""

    def __init__(self, text: str, folded: str, language: str):
        self.text, self.folded, self.language = text, folded, language
        self.reader = reader(language)
        found = list(_WORD.finditer(folded))
        self.words = [match.group().replace("’", "'") for match in found]
        self.spans = [match.span() for match in found]
        self.helpers = self.reader.helpers
        self._places: dict[re.Pattern[str], list[int]] = {}

    @cached_property
    def accented(self) -> bool:
        """Whether the text has accents, so that a missing one tells something."""
        return any(letter in "áéíóúÁÉÍÓÚ" for letter in self.text)

    @cached_property
    def finite(self) -> int:
        """How many forms of "be" and "have" there are."""
        return sum(word in self.reader.finite for word in self.words)

    @cached_property
    def stems(self) -> list[str]:
        """The stems of the words, each in its place."""
        return [self.reader.stem(word) for word in self.words]

    @cached_property
    def said(self) -> frozenset[str]:
        """The stems of the sentence."""
        return frozenset(self.stems)

    def around(self, at: int) -> tuple[int, int]:
        """Where in the text the clause of the word at `at` starts and ends."""
        begin, end = self.clause(at), at
        while end < len(self.words) - 1 and self.words[end] not in STOPS:
            end += 1
        return self.spans[begin][0], self.spans[end][1]

    def places(self, pattern: re.Pattern[str]) -> list[int]:
        """The words at which a pattern is found, looked for once."""
        if pattern not in self._places:
            starts = [start for start, _ in self.spans]
            found = pattern.finditer(self.folded) if starts else ()
            self._places[pattern] = [max(0, bisect_right(starts, match.start()) - 1) for match in found]
        return self._places[pattern]

    def hedged(self, begin: int, first: int) -> bool:
        """Whether the clause before the verb (or a condition anywhere before) plans, wishes or doubts it."""
        hedges = self.reader.words.HEDGES
        for at in range(begin, first):
            word = self.words[at]
            if word == "may" and at and self.words[at - 1] in _IN:
                continue  # the month
            if word in hedges:
                plain = word.endswith("ed") and at and self.words[at - 1] in self.reader.words.DETERMINERS
                if not plain:
                    return True
            if at + 1 < len(self.words) and f"{word}-{self.words[at + 1]}" in hedges:
                return True
        return any(word in {"if", "unless", "si", "salvo"} for word in self.words[:begin])

    def group(self, at: int) -> tuple[int, list[str]]:
        """The helping words right before a verb, and where they start."""
        first = at
        while first > 0 and at - first < 6:
            word = self.words[first - 1]
            if word not in self.helpers and not word.endswith(("n't", "mente")) and not self.adverb(word):
                break
            if word in {"los", "las", "la", "lo"} and first < at and self.words[first] not in self.helpers:
                break
            first -= 1
        while first < at and self.words[first] in self.reader.words.ADVERBS:
            first += 1
        return first, self.words[first:at]

    def adverb(self, word: str) -> bool:
        return (
            self.language == "en"
            and len(word) > 4
            and word.endswith("ly")
            and word not in {"only", "assembly", "italy"}
        )

    def clause(self, at: int) -> int:
        """Where the clause of the word at `at` starts."""
        begin = at
        while begin > 0 and self.words[begin - 1] not in STOPS:
            if self.words[begin - 1] in {"but", "pero", "although", "though", "aunque", "whereas", "sino"}:
                break
            begin -= 1
        return begin

    def nouns(self, places: Iterable[int]) -> Nouns:
        found = []
        for at in places:
            if 0 <= at < len(self.words):
                if self.words[at] in STOPS:
                    break
                if classes := self.reader.of(self.words[at]):
                    found.append((at, classes))
        return found

    def objects(self, at: int) -> Nouns:
        """The nouns after a verb that may be its object; those led by a preposition are not."""
        found, led = [], False
        for near in range(at, min(at + _AFTER, len(self.words))):
            word = self.words[near]
            if word in STOPS or (near > at and word in self.reader.words.RELATIVES):
                break
            if word in _LEAD:
                led = True
            elif led and word in ARTICLES and self.words[near - 1] not in _LEAD:
                led = False
            elif word in {"it", "them"} and near == at:
                found += self.nouns(range(at - 2, max(0, at - 16), -1))
            elif not led and (classes := self.reader.of(word)):
                found.append((near, classes))
        return found

    def agent(self, at: int) -> Nouns:
        for near in range(at + 1, min(at + 9, len(self.words))):
            if self.words[near] in _BY[self.language]:
                return self.nouns(range(near + 1, near + 7))
        return []

    def aside(self, begin: int, first: int) -> tuple[bool, bool]:
        """Whether the verb stands in another clause than the main one, and whether that tells of earlier times."""
        words = self.reader.words
        for at in range(first - 1, begin - 1, -1):
            word = self.words[at]
            if word in {"and", "y", "e"} and at < first - 2:
                return False, False
            if word in words.SUBORDINATORS and (at - begin < 4 or word in _WHEN):
                return True, True
            if word in words.RELATIVES:
                said = set(self.words[max(0, at - 5) : at]) & words.SAYS
                if not said and at > 0:
                    return True, False
        return False, False
