"""Which articles tell one story: copies of an agency's report, one event in other words, a report brought up to date.

Two steps. A fingerprint of hashes finds, among very many articles, the few that may tell the same: MinHash signatures
(Broder 1997) cut into bands (locality-sensitive hashing), over the text's triples of words, which copies share, and
over its names and figures, which other words leave as they are. `same_story` then compares two texts in full.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pledges.domain.text import fold
from pledges.watch.matching.event_words import REVERSALS, TIMES, happenings
from pledges.watch.text.language import is_stop_word, language_of, sentences, stem, words

_OPENING = 250  # words: news comes first, and background follows that every report of a saga repeats
_LONGEST_OPENING = 20_000  # characters that hold them: one article is compared with hundreds
_COPY = 0.5  # of the shorter text's triples of words: it is the same text, whatever was added to it
_SAME = 0.55  # of what the shorter text names, by weight
_OTHERWISE = 0.16  # more, where other kinds of things happen in them, or one tells of a reversal and the other does not
_OTHER_TIME = 0.14  # more, where they name other weekdays or months
_OTHER_FIGURES = 0.10  # more, where they share fewer than half of the shorter one's figures
_FEW = 4
_COPY_BANDS, _NAME_BANDS, _ROWS = 12, 24, 2


@dataclass(frozen=True)
class _Told:
    """What of a text is compared."""

    weights: Counter[str]  # stems; names and figures, which other words do not change, weigh double
    triples: frozenset[int]
    figures: frozenset[str]
    times: frozenset[str]
    headline: frozenset[str]  # the kinds of things that it tells of
    happened: frozenset[str]  # the same of the first sentence, where the headline has none


def fingerprint(title: str, text: str) -> list[int]:
    """Signed 64-bit hashes of an article: two that share one may tell the same story, two that share none do not.

    Empty for a text of which nothing is left to compare.
    """
    told = _told(f"{title}\n{text}")
    names = {_hash(key) for key, weight in told.weights.items() if weight == 2}
    if len(names) < _FEW:  # a bare headline: all its words
        names = {_hash(key) for key in told.weights}
    if not names:
        return []
    split = _COPY_BANDS * _ROWS
    bands = _bands("c", told.triples, slice(0, split)) + _bands("n", names, slice(split, None))
    return sorted(set(bands))


def same_story(a: str, b: str) -> bool:
    """Whether two texts (title, then text) tell of one event, be it in other words of the same language.

    The longer holds most of what the shorter names, and nothing says that it is another turn of the same affair.
    """
    first, second = _told(a), _told(b)
    if min(len(first.weights), len(second.weights)) < _FEW:
        return bool(first.weights) and first.weights.keys() == second.weights.keys()
    unlike = first.headline and second.headline and not first.headline & second.headline
    if unlike and (first.headline | second.headline) & REVERSALS:
        return False  # begun and suspended: two turns of one affair, though all the rest be the same text
    copied = len(first.triples & second.triples) / max(1, min(len(first.triples), len(second.triples)))
    if copied >= _COPY:
        return True
    needed = _SAME
    if first.happened and second.happened:
        unlike = not first.happened & second.happened
        if unlike or (first.happened ^ second.happened) & REVERSALS:
            needed += _OTHERWISE
    if first.times and second.times and not first.times & second.times:
        needed += _OTHER_TIME
    fewer = min(len(first.figures), len(second.figures))
    if fewer >= 2 and len(first.figures & second.figures) * 2 < fewer:
        needed += _OTHER_FIGURES
    shared = sum((first.weights & second.weights).values())
    return shared >= needed * min(sum(first.weights.values()), sum(second.weights.values()))


@lru_cache(maxsize=256)
def _told(text: str) -> _Told:
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
    told_first = happenings(headline, language)
    triples = (" ".join(folded[at : at + 3]) for at in range(len(folded) - 2))
    return _Told(
        weights=weights,
        triples=frozenset(map(_hash, triples)),
        figures=frozenset(word for word in folded if word[0].isdigit()),
        times=frozenset(TIMES[word] for word in folded if word in TIMES),
        headline=told_first,
        happened=told_first or happenings(lead, language),
    )


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


# Multiply-shift hashing: odd multipliers and offsets, the upper half of the product.
_NUMBERS = range((_COPY_BANDS + _NAME_BANDS) * _ROWS)
_FACTORS = np.array([_hash(f"factor {number}") | 1 for number in _NUMBERS], dtype=np.uint64)
_OFFSETS = np.array([_hash(f"offset {number}") for number in _NUMBERS], dtype=np.uint64)


def _bands(kind: str, elements: frozenset[int] | set[int], part: slice) -> list[int]:
    """The hashes of a set's bands: two sets share a band as the likelier, the more elements they share."""
    if not elements:
        return []
    values = np.fromiter(elements, dtype=np.uint64, count=len(elements))
    mixed = (_FACTORS[part, None] * values[None, :] + _OFFSETS[part, None]) >> np.uint64(32)
    smallest = mixed.min(axis=1).reshape(-1, _ROWS)
    return [
        int.from_bytes(hashlib.blake2b(f"{kind}{at}:{row}".encode(), digest_size=8).digest(), signed=True)
        for at, row in enumerate(smallest.tolist())
    ]
