"""What editors' decisions teach about a pledge: words that its articles share and others lack, each with a weight.

The method is Rocchio's (the centroid of what was accepted less that of what was dismissed), over shares of articles
that are shrunk towards how common a word is in all news. So one decision moves little and ten that agree move much,
and a word of every article does not move at all. Nothing here is stored: without a decision its lesson is gone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pledges.domain.languages import LANGUAGES
from pledges.watch.matching.matcher import Vocabulary, document_terms
from pledges.watch.text.language import language_of, words
from pledges.watch.text.word_lists import COMMON_IN_NEWS

MOST_EXAMPLES = 200  # of a pledge, the newest
MOST_WORDS = 40  # learned in one language, the weightiest
OPENING = 1_500  # characters of an article that teach: news comes first, its end is about other things

_AS_IF = 5.0  # articles of common news that every pledge is taken to have seen: what a few decisions are set against
_SUPPORT = 3.0  # a word needs about as many articles to count half
_UNSEEN = 50.0  # articles that a vocabulary is taken to hold beside its own, so that the first few say little
_RARE, _COMMON = 0.02, 0.4  # of them, the share that holds a word: any, and one that news of government always uses
_OWN_FOR = 0.25  # of the weight by which a pledge's own word can rise: it counts already
_OWN = 0.5  # of the weight by which a word of the pledge itself can sink: what misleads is what stands around it
_LEAST = 0.01


@dataclass(frozen=True)
class Example:
    """An article that an editor judged. `about` says whether it is about the pledge; `id` is the decision's."""

    id: int | str
    title: str
    text: str
    language: str
    about: bool
    sentence: str = ""


@dataclass(frozen=True)
class Lesson:
    """A word learned: its key in `document_terms`, as it stood in an article, weight from -1 to 1, who taught it."""

    key: str
    word: str
    weight: float
    taught_by: tuple[int | str, ...]


@dataclass(frozen=True)
class Known:
    """What editors and the pledge say of words, by language: the pledge's own text, editors' words for it (never below
    zero), and words that an editor struck (never learned)."""

    texts: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, Sequence[str]] = field(default_factory=dict)
    struck: Mapping[str, Sequence[str]] = field(default_factory=dict)


def about(state: str, reason: str) -> bool | None:
    """Whether a decision says that the article was about the pledge; None where it does not say.

    Who dismisses a report as nothing new, or as another lead's story, says that it was about the pledge.
    """
    if state == "accepted" or (state == "dismissed" and reason in {"nothing_new", "duplicate"}):
        return True
    return False if state == "dismissed" and reason == "not_about" else None


def learn(examples: Iterable[Example], vocabulary: Vocabulary, known: Known) -> dict[str, list[Lesson]]:
    """The lessons of these examples by language, weightiest first; the newest come first and at most `MOST_EXAMPLES`
    count."""
    by_language: dict[str, list[Example]] = defaultdict(list)
    for example in list(examples)[:MOST_EXAMPLES]:
        by_language[_language(example)].append(example)
    return {one: _learn(by_language[one], vocabulary, known, one) for one in LANGUAGES if by_language.get(one)}


def weights(lessons: Mapping[str, Iterable[Lesson]]) -> dict[str, dict[str, float]]:
    """The lessons as `Profile.learned` takes them."""
    return {language: {lesson.key: lesson.weight for lesson in found} for language, found in lessons.items()}


def rarity(word: str, vocabulary: Vocabulary, language: str) -> float:
    """From 0, a word of every article seen, to 1, one never seen. 0 for words that carry no meaning."""
    key = key_of(word, language)
    return 1 - _background(key, vocabulary, language) if key else 0.0


@lru_cache(maxsize=20_000)
def key_of(word: str, language: str) -> str:
    """The key by which a word is learned: of those in `document_terms` the stem, not the looser beginning; or ""."""
    keys = document_terms(word, "", language)
    return min(keys, key=lambda key: (key.startswith("~"), key), default="")


def _language(example: Example) -> str:
    if example.language in LANGUAGES:
        return example.language
    return language_of(f"{example.title}\n{example.text[:OPENING]}")


def _keys(texts: Iterable[str], language: str) -> frozenset[str]:
    return frozenset(key for text in texts for word in words(text) if (key := key_of(word, language)))


@lru_cache(maxsize=20_000)
def _kin_of(word: str, language: str) -> frozenset[str]:
    """The keys of a word itself, its other forms, its cousins in the other language, and the concepts it stands for."""
    return frozenset(key for key in document_terms(word, "", language) if not key.startswith("@"))


def _kin(texts: Mapping[str, str]) -> frozenset[str]:
    """The same of all words that a pledge says itself: {language: text}."""
    return frozenset(key for language, text in texts.items() for word in words(text) for key in _kin_of(word, language))


@lru_cache(maxsize=4)
def _common(language: str) -> frozenset[str]:
    return _keys([COMMON_IN_NEWS[language]], language)


def _background(key: str, vocabulary: Vocabulary, language: str) -> float:
    """The share of all news that holds a word."""
    documents = vocabulary.documents.get(language, 0)
    count = vocabulary.counts.get(language, {}).get(key, 0)
    guess = _COMMON if key in _common(language) else _RARE
    return min((count + guess * _UNSEEN) / (documents + _UNSEEN), 1.0)


def _learn(examples: list[Example], vocabulary: Vocabulary, known: Known, language: str) -> list[Lesson]:
    # By key, who dismissed and who accepted.
    holders: dict[str, tuple[list[int | str], list[int | str]]] = defaultdict(lambda: ([], []))
    spelt: dict[str, str] = {}
    for example in examples:
        mine: dict[str, str] = {}
        for word in words(f"{example.title}\n{example.sentence}\n{example.text[:OPENING]}"):
            if len(word) > 1 and (key := key_of(word, language)):
                mine.setdefault(key, word)
        for key, word in mine.items():
            spelt.setdefault(key, word)
            holders[key][example.about].append(example.id)
    accepted = sum(example.about for example in examples)
    struck = _keys(known.struck.get(language, ()), language)
    kept = _keys(known.kept.get(language, ()), language)
    own = _kin(known.texts)
    found = []
    for key, (against, speaking) in holders.items():
        common = _background(key, vocabulary, language)
        weight = _share(len(speaking), accepted, common) - _share(len(against), len(examples) - accepted, common)
        support = len(speaking if weight > 0 else against)
        weight *= (1 - common) * support / (support + _SUPPORT)
        if not own.isdisjoint(_kin_of(spelt[key], language)):
            weight *= _OWN if weight < 0 else _OWN_FOR
        if key in struck or abs(weight) < _LEAST or (weight < 0 and key in kept):
            continue
        teachers = tuple(speaking if weight > 0 else against)
        found.append(Lesson(key, spelt[key], round(weight, 4), teachers))
    found.sort(key=lambda lesson: (-abs(lesson.weight), lesson.key))
    return found[:MOST_WORDS]


def _share(holding: int, of: int, common: float) -> float:
    return (holding + _AS_IF * common) / (of + _AS_IF)
