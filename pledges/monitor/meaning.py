"""What words mean, as vectors: near in meaning is near in direction, across both languages and without any model.

The vectors were made once out of a sentence encoder (`bench/distil.py`, docs/adr/0009-what-words-mean.md). A text's is the
sum of its words', each with its rarity as weight. The lexicon says what a word means exactly; this says what it is
likely about, of words that no list holds.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np

from pledges.monitor.language import LANGUAGES
from pledges.monitor.lexicon import lexicons

FILE = Path(__file__).parent / "meaning.npz"
DIMENSIONS = 64
_MOST = 4.0  # a word's weight here, at most: a very rare one says less of what a text is about than of which it is
_CIVIC = 20.0  # pledges that the middle of public life, told by the lexicon, counts for beside those there are
_AT_ONCE = 20_000  # words summed at a time, to spare memory


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, int], np.ndarray]:
    """The place of each word's key, and the vectors; the last is of a word that is not there."""
    with np.load(FILE) as stored:
        keys = stored["keys"].tobytes().decode().split("\n")
        vectors = stored["vectors"].T.astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return {key: at for at, key in enumerate(keys)}, np.concatenate([vectors, np.zeros((1, DIMENSIONS), np.float32)])


def place(key: str) -> int:
    """Where the vector of a stem (`es:carcel`) is kept; -1 where there is none."""
    return _table()[0].get(key, -1)


def meaning(weights: Iterable[tuple[str, float]]) -> np.ndarray:
    """The direction of a text, of length 1, out of its stems and their weights; all nought where no word is known."""
    places, table = _table()
    known = [(at, min(weight, _MOST)) for key, weight in weights if (at := places.get(key)) is not None]
    if not known:
        return np.zeros(DIMENSIONS, np.float32)
    rows, shares = zip(*known, strict=True)
    return unit(np.array(shares, np.float32) @ table[list(rows)])


def meanings(rows: np.ndarray, shares: np.ndarray, weights: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The directions of many texts: of word after word its `place`, share and weight, parted at `offsets`."""
    table = _table()[1]
    worth = shares * np.minimum(weights, _MOST)
    found = np.zeros((len(offsets) - 1, DIMENSIONS), np.float32)
    owners = np.repeat(np.arange(len(found)), np.diff(offsets))
    for start in range(0, len(rows), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        np.add.at(found, owners[part], worth[part, None] * table[rows[part]])
    return unit(found)


def middle(directions: np.ndarray) -> np.ndarray:
    """The direction that the pledges share: what news for any of them is likely about."""
    return unit(directions.sum(axis=0) + _CIVIC * _public_life())


@lru_cache(maxsize=1)
def _public_life() -> np.ndarray:
    """The mean of all words that the lexicon gives a concept, of length as they agree."""
    places, table = _table()
    rows = [
        places[key]
        for language in LANGUAGES
        for stems in lexicons()[language].concepts
        if len(stems) == 1 and (key := f"{language}:{stems[0]}") in places
    ]
    return table[rows].mean(axis=0)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Vectors stretched to length 1; one of no length stays."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.maximum(length, 1e-9)).astype(np.float32)
