"""The features of a pair of document and pledge, as an array: one row per pledge, one column per feature."""

import numpy as np

from pledges.watch.matching.concepts import lexicons
from pledges.watch.matching.index import CONCEPT, ELSEWHERE, IN_HEAD, PASSAGES, SOFT, Document, LanguageIndex, gather
from pledges.watch.matching.ngrams import sum_parts

NAMES = (
    "matched", "covered", "cosine", "first", "second", "third", "explained", "field", "civic", "civil", "fields",
    "pairs", "exact", "titled", "many", "spelt", "long",
)  # fmt: skip


_NEAR = 0.3  # the share with which a related field counts


def features(index: LanguageIndex, document: Document, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each pledge of `rows`, its features in the order of `NAMES`, and what it shares with each passage.

    The second array has one column per passage: the weight of the pledge's words that the passage holds.
    """
    size = len(index.keys)
    masks = np.zeros(size + 1, np.uint64)
    known_keys, key_masks = index.known(document)
    masks[known_keys] = key_masks
    places, offsets = gather(index.offsets, rows)
    stems, softs, concepts, shares = (
        index.stems[places], index.softs[places], index.concepts[places], index.shares[places]
    )  # fmt: skip
    weights = index.weights
    by_stem, by_soft, by_concept = masks[stems], masks[softs], masks[concepts]
    exact = (by_stem != 0) * weights[stems]
    conceptual = CONCEPT * ((by_concept != 0) * weights[concepts]).max(axis=1)
    soft = SOFT * (by_soft != 0) * weights[softs]
    unit_weight = np.maximum(np.maximum(exact, conceptual), soft)
    value = shares * unit_weight
    in_passages = by_stem | by_soft | np.bitwise_or.reduce(by_concept, axis=1)

    count = min(len(document.passages), PASSAGES)
    holds = ((in_passages[:, None] >> np.arange(count, dtype=np.uint64)) & np.uint64(1)).astype(np.float32)
    sums = np.concatenate([np.zeros((1, count), np.float32), np.cumsum(holds * value[:, None], axis=0)])
    by_passage = sums[offsets[1:]] - sums[offsets[:-1]]
    best = by_passage.argmax(axis=1)

    in_best = holds[np.arange(len(places)), np.repeat(best, np.diff(offsets))]
    in_head = holds[:, 0]
    factor = np.maximum(np.maximum(in_best, IN_HEAD * in_head), ELSEWHERE * (in_passages != 0))
    located = value * factor
    rows_of = np.repeat(np.arange(len(rows)), np.diff(offsets))
    matched = sum_parts(located, offsets)
    attainable, length, heading = index.whole[rows], index.length[rows], index.heading[rows]
    top = np.zeros((3, len(rows)), np.float32)
    remaining = unit_weight * factor
    for rank in range(3):
        np.maximum.at(top[rank], rows_of, remaining)
        remaining = np.where((remaining == top[rank][rows_of]) & (remaining > 0), 0, remaining)
    doc_weight, doc_square = _passage_weights(index, document)
    total = doc_weight[best]
    squares = np.sqrt(np.maximum(doc_square[best], 1.0))
    field_cosine, rare_field_cosine = _fields(index, document, rows)
    pair_places, pair_offsets = gather(index.pair_offsets, rows)
    pair_weight = np.zeros(size + 1, np.float32)
    for key in document.pairs:
        number = index.keys.get(key)
        if number is not None:
            pair_weight[number] = weights[number]
    paired = sum_parts(pair_weight[index.pair_ids[pair_places]], pair_offsets)
    columns = [
        np.log1p(matched),
        np.minimum(matched / attainable, 1.0),
        sum_parts(located * unit_weight, offsets) / (length * squares),
        top[0] / 8, top[1] / 8, top[2] / 8,
        np.minimum(sum_parts(unit_weight * in_best, offsets) / np.maximum(total, 4.0), 1.0),
        field_cosine,
        np.full(len(rows), min(document.common, 5) / 5, np.float32),
        np.full(len(rows), min(document.common, 2) / 2, np.float32),
        rare_field_cosine,
        np.log1p(paired),
        np.log1p(sum_parts(shares * exact * factor, offsets)),
        sum_parts(np.where(index.titled[places], located, 0.0), offsets) / heading,
        np.log1p(sum_parts((factor * (unit_weight > 0)).astype(np.float32), offsets)),
        _spelt(index, document, rows, best, places, offsets),
        np.full(len(rows), min(len(document.passages) - 1, 4) / 4, np.float32),
    ]  # fmt: skip
    return np.stack(columns, axis=1), by_passage


def _passage_weights(index: LanguageIndex, document: Document) -> tuple[np.ndarray, np.ndarray]:
    """For each passage, the sum of the weights of its distinct words and the sum of their squares."""
    count = min(len(document.passages), PASSAGES)
    total, square = np.zeros(count, np.float32), np.zeros(count, np.float32)
    for position, passage in enumerate(document.passages):
        weights = list(map(index.rarity.of, {term.stem for _, term in passage.terms if term.whole}))
        total[min(position, count - 1)] += sum(weights)
        square[min(position, count - 1)] += sum(weight * weight for weight in weights)
    return total, square


def _spelt(
    index: LanguageIndex,
    document: Document,
    rows: np.ndarray,
    best: np.ndarray,
    units: np.ndarray,
    offsets: np.ndarray,
) -> np.ndarray:
    """The cosine of character n-grams between each pledge and the title with its best passage."""
    chosen, text_of = np.unique(best, return_inverse=True)
    head = document.passages[0].slots
    texts = [np.concatenate([head, document.passages[at].slots]) if at else head for at in chosen]
    shared, squares = index.spelling.likeness(texts, index.spelt[units], np.repeat(text_of, np.diff(offsets)))
    length = index.spelt_length[rows] * np.sqrt(np.maximum(squares[text_of], 1.0))
    spelt: np.ndarray = np.minimum(sum_parts(shared * index.times[units], offsets) / length, 1.0)
    return spelt


def _fields(index: LanguageIndex, document: Document, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The cosine between the fields of pledge and document, and the same with more weight on rare fields."""
    document_fields = np.zeros(len(index.keys) + 1, np.float32)
    near = lexicons()[index.language].near
    for key, times in document.fields.items():
        for field, share in ((key, 1.0), *((other, _NEAR) for other in near[key])):
            if field in index.fields:
                document_fields[index.keys[field]] += share * times
    weights = index.weights
    present = np.flatnonzero(document_fields)
    total = max(float(np.sqrt(((document_fields[present] * weights[present]) ** 2).sum())), 1.0)
    places, offsets = gather(index.field_offsets, rows)
    keys = index.field_ids[places]
    shared = index.field_counts[places] * document_fields[keys] * weights[keys] ** 2
    scale = np.maximum(index.field_length[rows], 1.0) * total
    return sum_parts(shared, offsets) / scale, sum_parts(shared * weights[keys], offsets) / scale / 5
