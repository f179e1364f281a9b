"""Which pledges an article is about: words weighed by their rarity, in the article's own language, by sentence.

A pledge is found through an inverted index over its words, so an article's cost follows what it shares with the
pledges and not their number. Every score is on one scale, so that one THRESHOLD serves for all pledges.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pledges.monitor.language import LANGUAGES, fold, is_stop_word, language_of, sentences, stem, words
from pledges.monitor.suggestion import suggest
from pledges.monitor.words import COMMON_IN_NEWS

THRESHOLD = 0.5

_COMMON = {
    language: frozenset(f"{language}:{stem(word, language)}" for word in COMMON_IN_NEWS[language].split())
    for language in LANGUAGES
}
_COMMON_WEIGHT = 0.3  # of a word that any news of government uses, whatever it is about
_SOFT = 0.6  # of a word that only begins alike: another form of it, or its cousin in the other language
_SOFT_LETTERS = 5
_ENOUGH_WORDS = 5  # matching as much as a pledge's five rarest words is matching it whole
_STATEMENT = 0.5  # of a word that only a text's later lines hold: the first line is the pledge's title
_LATER = 0.01  # less for each sentence that stands further down: news comes first
_COVERAGE = 0.9  # of the evidence that words alone can give, without an alias
_IN_TITLE, _ELSEWHERE = 0.7, 0.4  # of a word that stands not in the sentence but in the title, or further off
_PHRASE, _ONE_WORD = 0.6, 0.35  # of an alias in the sentence, by itself
_NO_CONTEXT = 0.45  # of a document that names neither country nor office nor speaker
_STEEPNESS, _MIDDLE = 9.0, 0.42
_CANDIDATES = 200
_POSTINGS_READ = 20_000  # the rarest words first; what many pledges share is then no longer needed to find one
_NEARLY_BEST = 0.75
_MOST_SENTENCES = 200
_TELLING = 0.25  # of a pledge's rarest word; below it a word explains nothing
_SAME_STORY = 0.6  # of what the shorter text names


@dataclass(frozen=True)
class Profile:
    """What a pledge is recognised by, by language ("en", "es") where the field is a mapping.

    The first line of a text is the pledge's title. `aliases` are names and phrases that speak for it. `context` holds
    names of country, office and speaker. A document lacks none of the phrases of `must` and has none of `never`.
    `learned` is what editors' decisions taught: keys of `document_terms` with a weight from -1 to 1.
    """

    pledge: int | str
    texts: Mapping[str, str]
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    context: tuple[str, ...] = ()
    must: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    never: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    learned: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Vocabulary:
    """What has been seen so far: by language, the number of documents, and of how many each of `document_terms` was
    part."""

    documents: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """A pledge that a document seems to be about, and why. `score` goes from 0 to 1, `sentence` is verbatim from the
    text (the title, where there is no text), `words` as they stand in sentence or title, `cue` led to the status."""

    pledge: int | str
    score: float
    sentence: str
    words: tuple[str, ...]
    suggested_status: str
    cue: str


@dataclass
class _Passage:
    text: str
    words: dict[str, str]  # key -> word as it stands, rarest reading first
    stems: tuple[str, ...]


@dataclass
class _Side:
    """A profile in one language."""

    weights: dict[str, float]
    whole: float
    phrases: tuple[tuple[str, ...], ...]


def document_terms(title: str, text: str, language: str) -> frozenset[str]:
    """The keys by which a document counts towards a `Vocabulary`: add one to each."""
    return frozenset(key for word in words(f"{title}\n{text}") for key in _keys(word, language))


class Index:
    """The tracked pledges, ready to be matched against documents.

    Without a vocabulary, rarity is judged among the pledges themselves and by a list of words common in any news.
    """

    def __init__(self, profiles: Iterable[Profile], vocabulary: Vocabulary | None = None):
        self._profiles = list(profiles)
        self._vocabulary = vocabulary or Vocabulary()
        self._context = [tuple(_folded(name) for name in profile.context) for profile in self._profiles]
        self._must = {one: self._phrases("must", one) for one in LANGUAGES}
        self._never = {one: self._phrases("never", one) for one in LANGUAGES}
        self._sides: dict[str, list[_Side]] = {}
        self._postings: dict[str, dict[str, list[int]]] = {}
        for language in LANGUAGES:
            self._build(language)

    def match(
        self, title: str, text: str, language: str, *, threshold: float = THRESHOLD, now: datetime | None = None
    ) -> list[Match]:
        """The pledges that the document scores at least `threshold` on, best first.

        A `language` other than "en" and "es" is found out from the text; where that fails, both are tried.
        """
        found: dict[int, Match] = {}
        known = language if language in LANGUAGES else language_of(f"{title}\n{text}")
        for one in [known] if known else LANGUAGES:
            for number, match in self._match(title, text, one, threshold):
                if number not in found or found[number].score < match.score:
                    found[number] = match
        return sorted(found.values(), key=lambda match: (-match.score, str(match.pledge)))

    def _phrases(self, rule: str, language: str) -> list[tuple[str, ...]]:
        return [tuple(map(_folded, getattr(profile, rule).get(language, ()))) for profile in self._profiles]

    def _build(self, language: str) -> None:
        other = next(one for one in LANGUAGES if one != language)
        drafts = []
        for profile in self._profiles:
            own = [profile.texts.get(language, ""), *profile.aliases.get(language, ())]
            borrowed = not any(map(str.strip, own))
            if borrowed:  # nothing in this language: names, numbers and cognates of the other one
                own = [profile.texts.get(other, ""), *profile.aliases.get(other, ())]
            keys: dict[str, float] = {}
            context = {key for name in profile.context for word in words(name) for key in _keys(word, language)}
            title, _, statement = own[0].partition("\n")
            for part, share in (("\n".join([title, *own[1:]]), 1.0), (statement, _STATEMENT)):
                for word in words(part):
                    for key in _keys(word, other if borrowed else language, soft_only=borrowed):
                        keys.setdefault(key, share)
            phrases = () if borrowed else tuple(_stems(alias, language) for alias in profile.aliases.get(language, ()))
            drafts.append(
                (
                    {key: share for key, share in keys.items() if key not in context},
                    tuple(phrase for phrase in phrases if phrase),
                )
            )
        frequencies = Counter(key for keys, _ in drafts for key in keys)
        postings = defaultdict(list)
        sides = []
        for number, (keys, phrases) in enumerate(drafts):
            weights = {key: share * self._rarity(key, frequencies[key], language) for key, share in keys.items()}
            stems = [weight for key, weight in weights.items() if not key.startswith("~")]
            whole = sum(heapq.nlargest(_ENOUGH_WORDS, stems)) * (1 + _SOFT)
            whole = whole or sum(heapq.nlargest(_ENOUGH_WORDS, weights.values()))
            sides.append(_Side(weights, whole or 1.0, phrases))
            for key in keys:
                postings[key].append(number)
        self._sides[language] = sides
        self._postings[language] = postings

    def _rarity(self, key: str, among_pledges: int, language: str) -> float:
        """From 0, a word of every document, to 1, a word never seen before."""
        total = self._vocabulary.documents.get(language, 0) + len(self._profiles) + 1
        count = self._vocabulary.counts.get(language, {}).get(key, 0) + among_pledges
        weight = math.log(total / (count + 0.5)) / math.log(total / 0.5)
        if key.startswith("~"):
            weight *= _SOFT
        if key in _COMMON[language]:
            weight *= _COMMON_WEIGHT
        return max(weight, 0.0)

    def _match(self, title: str, text: str, language: str, threshold: float) -> list[tuple[int, Match]]:
        head = _passage(title, language)
        passages = [_passage(sentence, language) for sentence in sentences(text)[:_MOST_SENTENCES]] or [head]
        everywhere = set(head.words).union(*(passage.words for passage in passages))
        folded = _folded(f"{title}\n{text}")
        results = []
        for number in self._candidates(everywhere, language):
            if any(phrase in folded for phrase in self._never[language][number]):
                continue
            if any(phrase not in folded for phrase in self._must[language][number]):
                continue
            side = self._sides[language][number]
            context = self._context[number]
            factor = 1.0 if not context or any(name in folded for name in context) else _NO_CONTEXT
            base = _Base(side, head, everywhere)
            ranked = sorted(
                ((base.score(passage) * (1 - _LATER * min(at, 15)), -at) for at, passage in enumerate(passages)),
                reverse=True,
            )
            learned = self._profiles[number].learned.get(language, {})
            taught = 2 * math.tanh(sum(learned[key] for key in learned.keys() & everywhere) / 2)
            score = 1 / (1 + math.exp(-_STEEPNESS * (ranked[0][0] * factor - _MIDDLE) - taught))
            if score >= threshold:
                near = [passages[-at] for raw, at in ranked[:5] if raw >= _NEARLY_BEST * ranked[0][0]]
                results.append((number, self._explain(number, score, near, head, language)))
        return results

    def _candidates(self, keys: set[str], language: str) -> list[int]:
        """The pledges that share most with a document."""
        sums: dict[int, float] = defaultdict(float)
        postings, sides = self._postings[language], self._sides[language]
        left = _POSTINGS_READ
        for key in sorted(keys & postings.keys(), key=lambda key: (len(postings[key]), key)):
            left -= len(postings[key])
            if left < 0:
                break
            for number in postings[key]:
                sums[number] += sides[number].weights[key] / sides[number].whole
        return heapq.nlargest(_CANDIDATES, sums, key=sums.__getitem__)

    def _explain(self, number: int, score: float, near: list[_Passage], head: _Passage, language: str) -> Match:
        """The best sentence, or one nearly as good that says what became of the pledge."""
        chosen, status, cue = near[0], "", ""
        for passage in near:
            status, cue = suggest(passage.text, language, head.text)
            if status:
                chosen = passage
                break
        weights = self._sides[language][number].weights
        telling = _TELLING * max(weights.values())
        matched = [word for part in (chosen, head) for key, word in part.words.items() if weights.get(key, 0) > telling]
        return Match(
            self._profiles[number].pledge, round(score, 4), chosen.text, tuple(dict.fromkeys(matched)), status, cue
        )


class _Base:
    """What a document says of one pledge outside the sentence in question, worked out once."""

    def __init__(self, side: _Side, head: _Passage, everywhere: set[str]):
        self._side = side
        self._head = head
        self._far = {}
        for key in side.weights.keys() & everywhere:
            self._far[key] = side.weights[key] * (_IN_TITLE if key in head.words else _ELSEWHERE)

    def score(self, passage: _Passage) -> float:
        weights = self._side.weights
        total = 0.0
        for key, far in self._far.items():
            total += weights[key] if key in passage.words else far
        total = total / self._side.whole
        alias = 0.0
        for phrase in self._side.phrases:
            strength = _PHRASE if len(phrase) > 1 else _ONE_WORD
            if _holds(passage.stems, phrase):
                alias = max(alias, strength)
            elif _holds(self._head.stems, phrase):
                alias = max(alias, strength * _IN_TITLE)
        return 1 - (1 - _COVERAGE * min(total, 1.0)) * (1 - alias)


def same_story(a: str, b: str) -> bool:
    """Whether two texts tell the same story, be it in other words: the longer holds most of what the shorter names."""
    first, second = _story(a), _story(b)
    if min(len(first), len(second)) < 4:
        return bool(first) and first.keys() == second.keys()
    shared = sum((first & second).values())
    return shared >= _SAME_STORY * min(sum(first.values()), sum(second.values()))


def _story(text: str) -> Counter:
    """The stems of a text's opening; names and numbers, which other words do not change, weigh double."""
    language = language_of(text) or "es"
    found: Counter = Counter()
    for word in words(text)[:250]:
        if not is_stop_word(word, language):
            found[stem(word, language)] = 2 if word[0].isdigit() or word[0].isupper() else 1
    return found


def _keys(word: str, language: str, *, soft_only: bool = False) -> tuple[str, ...]:
    """The keys of a word: its stem in its language, and the beginning that its other forms and cognates share."""
    if language not in LANGUAGES or any(is_stop_word(word, one) for one in LANGUAGES):  # names mix them: "del", "of"
        return ()
    soft = "~" + _cognate(word)
    return (soft,) if soft_only else (f"{language}:{stem(word, language)}", soft)


def _cognate(word: str) -> str:
    """The first letters, spelt as both languages would: "transport" and "transporte", "photo" and "foto"."""
    letters = fold(word)
    for spelling, sound in (("ph", "f"), ("th", "t"), ("qu", "c"), ("y", "i"), ("k", "c"), ("ti", "ci")):
        letters = letters.replace(spelling, sound)
    squeezed = "".join(letter for at, letter in enumerate(letters) if letter != letters[at - 1 : at])
    return squeezed[:_SOFT_LETTERS]


def _stems(text: str, language: str) -> tuple[str, ...]:
    return tuple(stem(word, language) for word in words(text) if not is_stop_word(word, language))


def _passage(text: str, language: str) -> _Passage:
    found: dict[str, str] = {}
    for word in words(text):
        for key in _keys(word, language):
            found.setdefault(key, word)
    return _Passage(text, found, _stems(text, language))


def _holds(stems: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    return any(stems[at : at + len(phrase)] == phrase for at in range(len(stems) - len(phrase) + 1))


def _folded(text: str) -> str:
    """Words alone, folded, each between spaces, so that a phrase is found only as whole words."""
    return " " + " ".join(fold(word) for word in words(text)) + " "
