"""A sentence as words: its clauses, the nouns near a verb, hedges, and subordinate clauses."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from pledges.watch.status.patterns import reader

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*(?:[-’'][^\W_]+)*%?|[;,:()—–«»“”\"]")
STOPS = frozenset(';,:()—–«»“”"')
_AFTER = 9  # words after a verb in which its object is searched
_BY = {"en": {"by", "in", "at"}, "es": {"por", "en"}}
_PREPOSITIONS = frozenset(
    """in at with by during amid near against about under between en con por tras ante durante entre contra sobre al
    to""".split()
)
# Words before "may" that make it the month.
_BEFORE_MAY = frozenset("in since by of until from early late last this".split())
_WHEN = frozenset("after since while when because cuando mientras".split())
ARTICLES = frozenset("the a an its his her their el la los las un una su sus".split())

Nouns = list[tuple[int, frozenset[str]]]  # (word position, classes)


class Clauses:
    """The words of a sentence. `folded` is `text` in lower case without accents, of the same length."""

    def __init__(self, text: str, folded: str, language: str):
        self.text, self.folded, self.language = text, folded, language
        self.reader = reader(language)
        matches = list(_WORD.finditer(folded))
        self.words = [match.group().replace("’", "'") for match in matches]
        self.spans = [match.span() for match in matches]
        self.helpers = self.reader.helpers
        self._places: dict[re.Pattern[str], list[int]] = {}

    @cached_property
    def accented(self) -> bool:
        """Whether the text has accents at all; if so, a missing accent is significant."""
        return any(letter in "áéíóúÁÉÍÓÚ" for letter in self.text)

    @cached_property
    def finite(self) -> int:
        """The number of forms of "be" and "have"."""
        return sum(word in self.reader.finite for word in self.words)

    @cached_property
    def stems(self) -> list[str]:
        """The stems of the words, in order."""
        return [self.reader.stem(word) for word in self.words]

    @cached_property
    def stem_set(self) -> frozenset[str]:
        return frozenset(self.stems)

    def around(self, at: int) -> tuple[int, int]:
        """Start and end in the text of the clause that contains the word at `at`."""
        begin, end = self.clause(at), at
        while end < len(self.words) - 1 and self.words[end] not in STOPS:
            end += 1
        return self.spans[begin][0], self.spans[end][1]

    def places(self, pattern: re.Pattern[str]) -> list[int]:
        """The positions of the words where a pattern matches (cached)."""
        if pattern not in self._places:
            starts = [start for start, _ in self.spans]
            matches = pattern.finditer(self.folded) if starts else ()
            self._places[pattern] = [max(0, bisect_right(starts, match.start()) - 1) for match in matches]
        return self._places[pattern]

    def hedged(self, begin: int, first: int) -> bool:
        """Whether the verb is only planned, wished or doubted in its clause, or a condition comes anywhere before."""
        hedges = self.reader.words.HEDGES
        for at in range(begin, first):
            word = self.words[at]
            if word == "may" and at and self.words[at - 1] in _BEFORE_MAY:
                continue  # the month
            if word in hedges:
                adjective = word.endswith("ed") and at and self.words[at - 1] in self.reader.words.DETERMINERS
                if not adjective:
                    return True
            if at + 1 < len(self.words) and f"{word}-{self.words[at + 1]}" in hedges:
                return True
        return any(word in {"if", "unless", "si", "salvo"} for word in self.words[:begin])

    def group(self, at: int) -> tuple[int, list[str]]:
        """The position of the first auxiliary (or adverb) right before a verb, and those words."""
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
        """The position of the first word of the clause that contains the word at `at`."""
        begin = at
        while begin > 0 and self.words[begin - 1] not in STOPS:
            if self.words[begin - 1] in {"but", "pero", "although", "though", "aunque", "whereas", "sino"}:
                break
            begin -= 1
        return begin

    def nouns(self, places: Iterable[int]) -> Nouns:
        """The nouns at these positions, in their order, up to the first stop."""
        nouns = []
        for at in places:
            if 0 <= at < len(self.words):
                if self.words[at] in STOPS:
                    break
                if classes := self.reader.of(self.words[at]):
                    nouns.append((at, classes))
        return nouns

    def objects(self, at: int) -> Nouns:
        """The nouns after a verb that may be its object: not those after a preposition."""
        objects, after_preposition = [], False
        for position in range(at, min(at + _AFTER, len(self.words))):
            word = self.words[position]
            if word in STOPS or (position > at and word in self.reader.words.RELATIVES):
                break
            if word in _PREPOSITIONS:
                after_preposition = True
            elif after_preposition and word in ARTICLES and self.words[position - 1] not in _PREPOSITIONS:
                after_preposition = False
            elif word in {"it", "them"} and position == at:
                objects += self.nouns(range(at - 2, max(0, at - 16), -1))
            elif not after_preposition and (classes := self.reader.of(word)):
                objects.append((position, classes))
        return objects

    def agent(self, at: int) -> Nouns:
        """The nouns after "by" or "por", if it follows the verb at `at`."""
        for position in range(at + 1, min(at + 9, len(self.words))):
            if self.words[position] in _BY[self.language]:
                return self.nouns(range(position + 1, position + 7))
        return []

    def subordinate(self, begin: int, first: int) -> tuple[bool, bool]:
        """Whether the verb is in a subordinate clause, and whether that is one of time or reason (background)."""
        words = self.reader.words
        for at in range(first - 1, begin - 1, -1):
            word = self.words[at]
            if word in {"and", "y", "e"} and at < first - 2:
                return False, False
            if word in words.SUBORDINATORS and (at - begin < 4 or word in _WHEN):
                return True, True
            if word in words.RELATIVES:
                reported = set(self.words[max(0, at - 5) : at]) & words.SAYS
                if not reported and at > 0:
                    return True, False
        return False, False
