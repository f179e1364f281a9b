"""Near-duplicate detection: articles that report one story (copies of an agency report, rewritten or updated reports).

Two steps. Fingerprints find the few candidates among very many articles: MinHash signatures (Broder 1997) cut into
bands (locality-sensitive hashing), over word trigrams, which copies share, and over names and figures, which survive
rewriting. `same_story` then compares two texts in full.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pledges.domain.text import fold
from pledges.watch.matching.event_words import REVERSALS, TIMES, event_kinds
from pledges.watch.text.language import is_stop_word, language_of, sentences, stem, words

_OPENING = 250  # words: news comes first; the background after it is repeated by every report on the affair
_LONGEST_OPENING = 20_000  # characters, enough for the opening: one article is compared with hundreds
_COPY = 0.5  # share of the shorter text's trigrams that makes it a copy, whatever was added
_SAME = 0.55  # share of the shorter text's words, by weight, that makes it the same story; to this is added:
_OTHER_EVENTS = 0.16  # if the kinds of events differ, or only one text reports a reversal
_OTHER_TIME = 0.14  # if they name different weekdays or months
_OTHER_FIGURES = 0.10  # if they share fewer than half of the shorter text's figures
_FEW = 4
_COPY_BANDS, _NAME_BANDS, _ROWS = 12, 24, 2


@dataclass(frozen=True)
class _Traits:
    """The traits of a text that are compared."""

    weights: Counter[str]  # stems; names and figures survive rewriting and weigh double
    trigrams: frozenset[int]  # hashes
    figures: frozenset[str]
    times: frozenset[str]
    headline: frozenset[str]  # the kinds of events in it
    events: frozenset[str]  # the same, or those of the first sentence if the headline has none


def fingerprint(title: str, text: str) -> list[int]:
    """Signed 64-bit hashes of an article: only two articles that share one can be the same story.

    Empty for a text without words to compare.
    """
    traits = _traits(f"{title}\n{text}")
    names = {_hash(key) for key, weight in traits.weights.items() if weight == 2}
    if len(names) < _FEW:  # a bare headline: use all its words
        names = {_hash(key) for key in traits.weights}
    if not names:
        return []
    split = _COPY_BANDS * _ROWS
    bands = _bands("c", traits.trigrams, slice(0, split)) + _bands("n", names, slice(split, None))
    return sorted(set(bands))


def same_story(a: str, b: str) -> bool:
    """Whether two texts (title, then text) report one event, possibly in other words of the same language.

    The longer has most of the words of the shorter, and nothing shows that it is another development of the affair.
    """
    first, second = _traits(a), _traits(b)
    if min(len(first.weights), len(second.weights)) < _FEW:
        return bool(first.weights) and first.weights.keys() == second.weights.keys()
    unlike = first.headline and second.headline and not first.headline & second.headline
    if unlike and (first.headline | second.headline) & REVERSALS:
        return False  # begun and suspended: two developments, even if the rest of the text is the same
    copied = len(first.trigrams & second.trigrams) / max(1, min(len(first.trigrams), len(second.trigrams)))
    if copied >= _COPY:
        return True
    needed = _SAME
    if first.events and second.events:
        unlike = not first.events & second.events
        if unlike or (first.events ^ second.events) & REVERSALS:
            needed += _OTHER_EVENTS
    if first.times and second.times and not first.times & second.times:
        needed += _OTHER_TIME
    fewer = min(len(first.figures), len(second.figures))
    if fewer >= 2 and len(first.figures & second.figures) * 2 < fewer:
        needed += _OTHER_FIGURES
    shared = sum((first.weights & second.weights).values())
    return shared >= needed * min(sum(first.weights.values()), sum(second.weights.values()))


@lru_cache(maxsize=256)
def _traits(text: str) -> _Traits:
    text = text[:_LONGEST_OPENING]
    language = language_of(text) or "es"
    opening = words(text)[:_OPENING]
    folded = [fold(word) for word in opening]
    weights: Counter[str] = Counter()
    for word in opening:
        if not is_stop_word(word, language):
            weights[stem(word, language)] = 2 if word[0].isdigit() or word[0].isupper() else 1
    headline, _, rest = text.partition("\n")
    lead = (sentences(rest) or [""])[0]
    headline_events = event_kinds(headline, language)
    trigrams = (" ".join(folded[at : at + 3]) for at in range(len(folded) - 2))
    return _Traits(
        weights=weights,
        trigrams=frozenset(map(_hash, trigrams)),
        figures=frozenset(word for word in folded if word[0].isdigit()),
        times=frozenset(TIMES[word] for word in folded if word in TIMES),
        headline=headline_events,
        events=headline_events or event_kinds(lead, language),
    )


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


# Multiply-shift hashing: odd multipliers and offsets, the upper half of the product.
_NUMBERS = range((_COPY_BANDS + _NAME_BANDS) * _ROWS)
_FACTORS = np.array([_hash(f"factor {number}") | 1 for number in _NUMBERS], dtype=np.uint64)
_OFFSETS = np.array([_hash(f"offset {number}") for number in _NUMBERS], dtype=np.uint64)


def _bands(kind: str, elements: frozenset[int] | set[int], part: slice) -> list[int]:
    """The hashes of a set's MinHash bands: the more elements two sets share, the likelier they share a band."""
    if not elements:
        return []
    values = np.fromiter(elements, dtype=np.uint64, count=len(elements))
    mixed = (_FACTORS[part, None] * values[None, :] + _OFFSETS[part, None]) >> np.uint64(32)
    smallest = mixed.min(axis=1).reshape(-1, _ROWS)
    return [
        int.from_bytes(hashlib.blake2b(f"{kind}{at}:{row}".encode(), digest_size=8).digest(), signed=True)
        for at, row in enumerate(smallest.tolist())
    ]
