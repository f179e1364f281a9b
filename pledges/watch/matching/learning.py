"""Relevance feedback: words learned from editors' decisions on a pledge's leads, each with a weight.

The method is Rocchio's (the centroid of the accepted articles minus that of the dismissed ones), over shares of
articles that are smoothed towards a word's frequency in all news. So one decision changes little, ten that agree change
much, and a word of every article gets no weight. Nothing here is stored: if a decision is undone, its lessons are gone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pledges.domain.languages import LANGUAGES
from pledges.watch.matching.matcher import Vocabulary, document_terms
from pledges.watch.text.language import language_of, words
from pledges.watch.text.word_lists import COMMON_IN_NEWS

MOST_EXAMPLES = 200  # per pledge, the newest
MOST_WORDS = 40  # learned per language, those with the greatest weight
OPENING = 1_500  # characters of an article that are used: news comes first, the end is about other things

_PRIOR_EXAMPLES = 5.0  # pseudo-count of ordinary articles added to both classes (additive smoothing)
_SUPPORT = 3.0  # a word seen in this many articles counts half
_PRIOR_ARTICLES = 50.0  # pseudo-count of articles added to a vocabulary, so that its first few articles say little
_RARE, _COMMON = 0.02, 0.4  # prior share of articles with a word: any word, and one of `COMMON_IN_NEWS`
_OWN_POSITIVE = 0.25  # factor on a positive weight of the pledge's own words: they count already
_OWN_NEGATIVE = 0.5  # factor on a negative weight of the pledge's own words: the words around them mislead
_MIN_WEIGHT = 0.01


@dataclass(frozen=True)
class Example:
    """An article that an editor decided on: `about` is the label, `id` identifies the decision."""

    id: int | str
    title: str
    text: str
    language: str
    about: bool
    sentence: str = ""


@dataclass(frozen=True)
class Lesson:
    """A learned word: its key in `document_terms`, its form in an article, its weight from -1 to 1, and the ids of the
    decisions it comes from."""

    key: str
    word: str
    weight: float
    taught_by: tuple[int | str, ...]


@dataclass(frozen=True)
class Known:
    """Words with a known role, by language: the pledge's own text, words that editors require (`kept`: never a negative
    weight), and words that editors excluded (`struck`: never learned)."""

    texts: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, Sequence[str]] = field(default_factory=dict)
    struck: Mapping[str, Sequence[str]] = field(default_factory=dict)


def about(state: str, reason: str) -> bool | None:
    """The label of a decision: whether the article was about the pledge, or None if the decision does not say.

    A lead dismissed as nothing new, or as a duplicate, was about the pledge.
    """
    if state == "accepted" or (state == "dismissed" and reason in {"nothing_new", "duplicate"}):
        return True
    return False if state == "dismissed" and reason == "not_about" else None


def learn(examples: Iterable[Example], vocabulary: Vocabulary, known: Known) -> dict[str, list[Lesson]]:
    """The lessons by language, greatest weight first. `examples` come newest first; `MOST_EXAMPLES` are used."""
    by_language: dict[str, list[Example]] = defaultdict(list)
    for example in list(examples)[:MOST_EXAMPLES]:
        by_language[_language(example)].append(example)
    return {
        language: _learn(by_language[language], vocabulary, known, language)
        for language in LANGUAGES
        if by_language.get(language)
    }


def weights(lessons: Mapping[str, Iterable[Lesson]]) -> dict[str, dict[str, float]]:
    """The lessons in the form of `Profile.learned`."""
    return {language: {lesson.key: lesson.weight for lesson in learned} for language, learned in lessons.items()}


def rarity(word: str, vocabulary: Vocabulary, language: str) -> float:
    """From 0, a word of every article, to 1, a word never seen. 0 for stop words."""
    key = key_of(word, language)
    return 1 - _background(key, vocabulary, language) if key else 0.0


@lru_cache(maxsize=20_000)
def key_of(word: str, language: str) -> str:
    """The key under which a word is learned: of its `document_terms` the stem, not its first letters; or ""."""
    keys = document_terms(word, "", language)
    return min(keys, key=lambda key: (key.startswith("~"), key), default="")


def _language(example: Example) -> str:
    if example.language in LANGUAGES:
        return example.language
    return language_of(f"{example.title}\n{example.text[:OPENING]}")


def _keys(texts: Iterable[str], language: str) -> frozenset[str]:
    return frozenset(key for text in texts for word in words(text) if (key := key_of(word, language)))


@lru_cache(maxsize=20_000)
def _related_keys(word: str, language: str) -> frozenset[str]:
    """The keys of a word, of its other forms and cognates, and of its concepts."""
    return frozenset(key for key in document_terms(word, "", language) if not key.startswith("@"))


def _all_related_keys(texts: Mapping[str, str]) -> frozenset[str]:
    """The same for all words of a pledge's text: {language: text}."""
    return frozenset(
        key for language, text in texts.items() for word in words(text) for key in _related_keys(word, language)
    )


@lru_cache(maxsize=4)
def _common(language: str) -> frozenset[str]:
    return _keys([COMMON_IN_NEWS[language]], language)


def _background(key: str, vocabulary: Vocabulary, language: str) -> float:
    """The smoothed share of all articles that have a word."""
    documents = vocabulary.documents.get(language, 0)
    count = vocabulary.counts.get(language, {}).get(key, 0)
    prior = _COMMON if key in _common(language) else _RARE
    return min((count + prior * _PRIOR_ARTICLES) / (documents + _PRIOR_ARTICLES), 1.0)


def _learn(examples: list[Example], vocabulary: Vocabulary, known: Known, language: str) -> list[Lesson]:
    # By key: the ids of the dismissals and of the acceptances.
    holders: dict[str, tuple[list[int | str], list[int | str]]] = defaultdict(lambda: ([], []))
    forms: dict[str, str] = {}
    for example in examples:
        example_words: dict[str, str] = {}
        for word in words(f"{example.title}\n{example.sentence}\n{example.text[:OPENING]}"):
            if len(word) > 1 and (key := key_of(word, language)):
                example_words.setdefault(key, word)
        for key, word in example_words.items():
            forms.setdefault(key, word)
            holders[key][example.about].append(example.id)
    accepted = sum(example.about for example in examples)
    struck = _keys(known.struck.get(language, ()), language)
    kept = _keys(known.kept.get(language, ()), language)
    own_keys = _all_related_keys(known.texts)
    lessons = []
    for key, (dismissals, acceptances) in holders.items():
        common = _background(key, vocabulary, language)
        weight = _share(len(acceptances), accepted, common) - _share(len(dismissals), len(examples) - accepted, common)
        support = len(acceptances if weight > 0 else dismissals)
        weight *= (1 - common) * support / (support + _SUPPORT)
        if not own_keys.isdisjoint(_related_keys(forms[key], language)):
            weight *= _OWN_NEGATIVE if weight < 0 else _OWN_POSITIVE
        if key in struck or abs(weight) < _MIN_WEIGHT or (weight < 0 and key in kept):
            continue
        sources = tuple(acceptances if weight > 0 else dismissals)
        lessons.append(Lesson(key, forms[key], round(weight, 4), sources))
    lessons.sort(key=lambda lesson: (-abs(lesson.weight), lesson.key))
    return lessons[:MOST_WORDS]


def _share(count: int, total: int, common: float) -> float:
    return (count + _PRIOR_EXAMPLES * common) / (total + _PRIOR_EXAMPLES)
