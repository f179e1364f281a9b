"""Inverse document frequency (IDF) of keys, from the articles seen and priors for the time before there are many."""

import math
from functools import lru_cache

from pledges.domain.languages import LANGUAGES
from pledges.watch.matching.profile import Vocabulary
from pledges.watch.text.language import stem
from pledges.watch.text.word_lists import COMMON_IN_NEWS

COMMON = {
    language: frozenset(f"{language}:{stem(word, language)}" for word in COMMON_IN_NEWS[language].split())
    for language in LANGUAGES
}
# Prior document frequency: the assumed share of articles that have a key.
_PRIOR_COMMON, _PRIOR_FIELD, _PRIOR_CONCEPT, _PRIOR_SOFT, _PRIOR_WORD = 0.08, 0.1, 0.01, 0.004, 0.002
_PRIOR_ARTICLES = 150  # the number of articles that the prior counts as
_PLEDGE = 1.0  # a pledge counts as this many articles: words of many pledges distinguish them less


def prior(key: str, language: str) -> float:
    """The assumed share of articles that have a key, before any has been seen."""
    if key[0] == "@":
        return _PRIOR_FIELD
    if key[0] == "#":
        return _PRIOR_CONCEPT
    if key in COMMON[language]:
        return _PRIOR_COMMON
    return _PRIOR_SOFT if key[0] == "~" else _PRIOR_WORD


class Rarity:
    """IDF weights of keys in one language: the natural logarithm of the inverse share of articles that have the key."""

    def __init__(self, vocabulary: Vocabulary, language: str, pledges: int = 0):
        self._counts = vocabulary.counts.get(language, {})
        self._total = vocabulary.documents.get(language, 0) + _PRIOR_ARTICLES + _PLEDGE * pledges
        self._language = language
        self.of = lru_cache(maxsize=100_000)(self.weight)

    def weight(self, key: str, among_pledges: int = 0) -> float:
        """From 0 for a word of every document to about 10 for a very rare word."""
        seen = self._counts.get(key, 0) + _PRIOR_ARTICLES * prior(key, self._language) + _PLEDGE * among_pledges
        return max(math.log(self._total / seen), 0.0) if seen < self._total else 0.0
