"""What speaks for a document being about a pledge, as numbers: one row a pledge, one column a reason."""

import numpy as np

from pledges.watch.matching.concepts import lexicons
from pledges.watch.matching.index import CONCEPT, ELSEWHERE, IN_HEAD, SOFT, Document, LanguageIndex, gather
from pledges.watch.matching.ngrams import sum_parts

NAMES = (
    "matched", "covered", "cosine", "first", "second", "third", "explained", "field", "civic", "civil", "fields",
    "pairs", "exact", "titled", "many", "spelt", "long",
)  # fmt: skip


_NEAR = 0.3


def features(side: LanguageIndex, document: Document, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each pledge of `rows` its features, in the order of `NAMES`, and the passages from best to worst by what
    they share with it (the value of each, one column a passage)."""
    size = len(side.keys)
    masks = np.zeros(size + 1, np.uint64)
    known, their_masks = side.known(document)
    masks[known] = their_masks
    places, offsets = gather(side.offsets, rows)
    stems, softs, concepts, shares = (
        side.stems[places], side.softs[places], side.concepts[places], side.shares[places]
    )  # fmt: skip
    weights = side.weights
    by_stem, by_soft, by_concept = masks[stems], masks[softs], masks[concepts]
    exact = (by_stem != 0) * weights[stems]
    conceptual = CONCEPT * ((by_concept != 0) * weights[concepts]).max(axis=1)
    soft = SOFT * (by_soft != 0) * weights[softs]
    own = np.maximum(np.maximum(exact, conceptual), soft)
    value = shares * own
    where = by_stem | by_soft | np.bitwise_or.reduce(by_concept, axis=1)

    count = min(len(document.passages), 48)
    held = ((where[:, None] >> np.arange(count, dtype=np.uint64)) & np.uint64(1)).astype(np.float32)
    sums = np.concatenate([np.zeros((1, count), np.float32), np.cumsum(held * value[:, None], axis=0)])
    by_passage = sums[offsets[1:]] - sums[offsets[:-1]]
    best = by_passage.argmax(axis=1)

    in_best = held[np.arange(len(places)), np.repeat(best, np.diff(offsets))]
    in_head = held[:, 0]
    factor = np.maximum(np.maximum(in_best, IN_HEAD * in_head), ELSEWHERE * (where != 0))
    placed = value * factor
    rows_of = np.repeat(np.arange(len(rows)), np.diff(offsets))
    matched = sum_parts(placed, offsets)
    whole, length, heading = side.whole[rows], side.length[rows], side.heading[rows]
    top = np.zeros((3, len(rows)), np.float32)
    left = own * factor
    for at in range(3):
        np.maximum.at(top[at], rows_of, left)
        left = np.where((left == top[at][rows_of]) & (left > 0), 0, left)
    doc_weight, doc_square = _passage_weights(side, document)
    total = doc_weight[best]
    squares = np.sqrt(np.maximum(doc_square[best], 1.0))
    alike, narrow = _fields(side, document, rows)
    pair_places, pair_offsets = gather(side.pair_offsets, rows)
    together = np.zeros(size + 1, np.float32)
    for key in document.pairs:
        number = side.keys.get(key)
        if number is not None:
            together[number] = weights[number]
    paired = sum_parts(together[side.pair_ids[pair_places]], pair_offsets)
    columns = [
        np.log1p(matched),
        np.minimum(matched / whole, 1.0),
        sum_parts(placed * own, offsets) / (length * squares),
        top[0] / 8, top[1] / 8, top[2] / 8,
        np.minimum(sum_parts(own * in_best, offsets) / np.maximum(total, 4.0), 1.0),
        alike,
        np.full(len(rows), min(document.common, 5) / 5, np.float32),
        np.full(len(rows), min(document.common, 2) / 2, np.float32),
        narrow,
        np.log1p(paired),
        np.log1p(sum_parts(shares * exact * factor, offsets)),
        sum_parts(np.where(side.titled[places], placed, 0.0), offsets) / heading,
        np.log1p(sum_parts((factor * (own > 0)).astype(np.float32), offsets)),
        _spelt(side, document, rows, best, places, offsets),
        np.full(len(rows), min(len(document.passages) - 1, 4) / 4, np.float32),
    ]  # fmt: skip
    return np.stack(columns, axis=1), by_passage


def _passage_weights(side: LanguageIndex, document: Document) -> tuple[np.ndarray, np.ndarray]:
    """Of each passage, the weight of all its words and the squares' sum."""
    count = min(len(document.passages), 48)
    total, square = np.zeros(count, np.float32), np.zeros(count, np.float32)
    for at, passage in enumerate(document.passages):
        weights = list(map(side.rarity.of, {term.stem for _, term in passage.terms if term.whole}))
        total[min(at, count - 1)] += sum(weights)
        square[min(at, count - 1)] += sum(weight * weight for weight in weights)
    return total, square


def _spelt(
    side: LanguageIndex,
    document: Document,
    rows: np.ndarray,
    best: np.ndarray,
    units: np.ndarray,
    offsets: np.ndarray,
) -> np.ndarray:
    """How alike each pledge is spelt to the title and its best passage."""
    chosen, text_of = np.unique(best, return_inverse=True)
    head = document.passages[0].slots
    texts = [np.concatenate([head, document.passages[at].slots]) if at else head for at in chosen]
    shared, squares = side.spelling.likeness(texts, side.spelt[units], np.repeat(text_of, np.diff(offsets)))
    length = side.spelt_length[rows] * np.sqrt(np.maximum(squares[text_of], 1.0))
    spelt: np.ndarray = np.minimum(sum_parts(shared * side.times[units], offsets) / length, 1.0)
    return spelt


def _fields(side: LanguageIndex, document: Document, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How alike the fields of pledge and document are, as a cosine; and the same, more for rare fields."""
    told = np.zeros(len(side.keys) + 1, np.float32)
    near = lexicons()[side.language].near
    for key, times in document.fields.items():
        for one, share in ((key, 1.0), *((other, _NEAR) for other in near[key])):
            if one in side.fields:
                told[side.keys[one]] += share * times
    weights = side.weights
    said = np.flatnonzero(told)
    total = max(float(np.sqrt(((told[said] * weights[said]) ** 2).sum())), 1.0)
    places, offsets = gather(side.field_offsets, rows)
    keys = side.field_ids[places]
    shared = side.field_counts[places] * told[keys] * weights[keys] ** 2
    scale = np.maximum(side.field_length[rows], 1.0) * total
    return sum_parts(shared, offsets) / scale, sum_parts(shared * weights[keys], offsets) / scale / 5
