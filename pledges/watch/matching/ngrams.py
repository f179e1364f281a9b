"""How alike words are spelt: runs of three to five letters, weighed by their rarity, as a cosine from 0 to 1.

It finds what stems miss: compounds, names that are spelt in two ways, endings, cousins in the other language. A run's
rarity is worked out from the stems that hold it, so nothing has to be counted but those.
"""

from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

import numpy as np

from pledges.watch.matching.profile import Vocabulary

_SLOTS = 1 << 17  # runs share a slot now and then; it does no harm
_PRIOR_ARTICLES = 60
_PRIOR_COUNT = 0.3
_NONE = np.empty(0, np.int32)


@lru_cache(maxsize=200_000)
def slots(word: str) -> np.ndarray:
    """The slots of the runs of letters in a folded word, its beginning and end marked."""
    if not word:
        return _NONE
    marked = f" {word} ".encode()
    runs = {marked[at : at + size] for size in (3, 4, 5) for at in range(max(len(marked) - size + 1, 1))}
    return np.array([crc32(run) & (_SLOTS - 1) for run in runs], np.int32)


def together(words: Iterable[str]) -> np.ndarray:
    """The slots of all words of a text, as often as they come."""
    return np.concatenate([_NONE, *map(slots, words)])


class Spelling:
    """The runs of one language, and the keys of an index by them."""

    def __init__(self, words: Iterable[str], vocabulary: Vocabulary, language: str):
        counts = vocabulary.counts.get(language, {})
        start = f"{language}:"
        seen = [(slots(key[3:]), count) for key, count in counts.items() if key.startswith(start) and "_" not in key]
        total = vocabulary.documents.get(language, 0) + _PRIOR_ARTICLES
        held = np.zeros(_SLOTS, np.float32)
        if seen:
            held += np.bincount(
                np.concatenate([one for one, _ in seen]),
                np.repeat([count for _, count in seen], [len(one) for one, _ in seen]),
                minlength=_SLOTS,
            )
        self.squares = np.log(total / np.minimum(held + _PRIOR_COUNT, 0.9 * total)) ** 2
        self._columns = np.zeros(_SLOTS, np.int32)  # clean between calls, so that each need not make one
        parts = [slots(word) for word in words]
        self.offsets = np.concatenate([[0], np.cumsum([len(one) for one in parts])]).astype(np.int64)
        self.slots = np.concatenate([*parts, _NONE])
        self.norms = sum_parts(self.squares[self.slots], self.offsets)  # of each word, squared

    def likeness(
        self, texts: list[np.ndarray], numbers: np.ndarray, text_of: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """What each word of `numbers` shares with its text, and the length of each text, squared.

        A text is given as its `together`; `text_of` says for each word which of `texts` is its own.
        """
        runs = np.concatenate([at * _SLOTS + text.astype(np.int64) for at, text in enumerate(texts)])
        runs, times = np.unique(runs, return_counts=True)
        rows, used = np.divmod(runs, _SLOTS)
        tamed = 1 + np.log(times)
        worth = tamed * self.squares[used]
        columns = self._columns
        columns[used] = np.arange(1, len(used) + 1)  # a run of several texts keeps one column
        weighed = np.zeros((len(texts), len(used) + 1), np.float32)  # the first column for what no text holds
        weighed[rows, columns[used]] = worth
        sizes = self.offsets[numbers + 1] - self.offsets[numbers]
        inner = np.concatenate([[0], np.cumsum(sizes)])
        places = np.arange(inner[-1]) + np.repeat(self.offsets[numbers] - inner[:-1], sizes)
        shared = sum_parts(weighed[np.repeat(text_of, sizes), columns[self.slots[places]]], inner)
        columns[used] = 0
        return shared, np.bincount(rows, worth * tamed, minlength=len(texts))


def sum_parts(values: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The sums of consecutive parts; an empty part sums to nothing."""
    totals = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    sums: np.ndarray = (totals[offsets[1:]] - totals[offsets[:-1]]).astype(np.float32)
    return sums
