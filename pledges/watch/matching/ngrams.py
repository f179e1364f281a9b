"""Similarity of spelling: TF-IDF weighted character n-grams of three to five letters, compared by cosine (0 to 1).

It finds what stems miss: compounds, variant spellings of names, endings, cognates. The document frequency of an n-gram
is estimated from the stems that contain it, so only stems have to be counted.
"""

from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

import numpy as np

from pledges.watch.matching.profile import Vocabulary

_SLOTS = 1 << 17  # n-grams are hashed (feature hashing); the few collisions do no harm
_PRIOR_ARTICLES = 60
_PRIOR_COUNT = 0.3
_NONE = np.empty(0, np.int32)


@lru_cache(maxsize=200_000)
def slots(word: str) -> np.ndarray:
    """The slots of the n-grams of a folded word, with its beginning and end marked by spaces."""
    if not word:
        return _NONE
    marked = f" {word} ".encode()
    ngrams = {marked[at : at + size] for size in (3, 4, 5) for at in range(max(len(marked) - size + 1, 1))}
    return np.array([crc32(ngram) & (_SLOTS - 1) for ngram in ngrams], np.int32)


def text_slots(words: Iterable[str]) -> np.ndarray:
    """The slots of all words of a text, with repetitions."""
    return np.concatenate([_NONE, *map(slots, words)])


class Spelling:
    """The n-grams of the words of an index, with the IDF weights of one language."""

    def __init__(self, words: Iterable[str], vocabulary: Vocabulary, language: str):
        counts = vocabulary.counts.get(language, {})
        prefix = f"{language}:"
        seen = [(slots(key[3:]), count) for key, count in counts.items() if key.startswith(prefix) and "_" not in key]
        total = vocabulary.documents.get(language, 0) + _PRIOR_ARTICLES
        document_frequency = np.zeros(_SLOTS, np.float32)
        if seen:
            document_frequency += np.bincount(
                np.concatenate([ngrams for ngrams, _ in seen]),
                np.repeat([count for _, count in seen], [len(ngrams) for ngrams, _ in seen]),
                minlength=_SLOTS,
            )
        self.squares = np.log(total / np.minimum(document_frequency + _PRIOR_COUNT, 0.9 * total)) ** 2
        self._columns = np.zeros(_SLOTS, np.int32)  # all zero between calls, so that no call allocates its own
        by_word = [slots(word) for word in words]
        self.offsets = np.concatenate([[0], np.cumsum([len(ngrams) for ngrams in by_word])]).astype(np.int64)
        self.slots = np.concatenate([*by_word, _NONE])
        self.norms = sum_parts(self.squares[self.slots], self.offsets)  # of each word, squared

    def likeness(
        self, texts: list[np.ndarray], numbers: np.ndarray, text_of: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The dot product of each word of `numbers` with its text, and the squared norm of each text.

        A text is given as its `text_slots`; `text_of` holds, for each word, the position of its text in `texts`.
        """
        ngrams = np.concatenate([at * _SLOTS + text.astype(np.int64) for at, text in enumerate(texts)])
        ngrams, times = np.unique(ngrams, return_counts=True)
        rows, used = np.divmod(ngrams, _SLOTS)
        frequency = 1 + np.log(times)
        weights = frequency * self.squares[used]
        columns = self._columns
        columns[used] = np.arange(1, len(used) + 1)  # an n-gram of several texts has one column
        by_text = np.zeros((len(texts), len(used) + 1), np.float32)  # column 0 is for n-grams that no text has
        by_text[rows, columns[used]] = weights
        sizes = self.offsets[numbers + 1] - self.offsets[numbers]
        inner = np.concatenate([[0], np.cumsum(sizes)])
        places = np.arange(inner[-1]) + np.repeat(self.offsets[numbers] - inner[:-1], sizes)
        shared = sum_parts(by_text[np.repeat(text_of, sizes), columns[self.slots[places]]], inner)
        columns[used] = 0
        return shared, np.bincount(rows, weights * frequency, minlength=len(texts))


def sum_parts(values: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The sum of each part of `values`, as delimited by `offsets`; 0 for an empty part."""
    totals = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    sums: np.ndarray = (totals[offsets[1:]] - totals[offsets[:-1]]).astype(np.float32)
    return sums
