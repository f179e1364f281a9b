"""The features of a pair of document and pledge that come from words, as an array: one row per pledge."""

import numpy as np

from pledges.watch.matching.concepts import lexicons
from pledges.watch.matching.index import (
    CONCEPT,
    ELSEWHERE,
    IN_HEAD,
    PASSAGES,
    SOFT,
    Document,
    LanguageIndex,
    gather,
    sum_parts,
)

NAMES = ("covered", "first", "titled", "many", "fields")

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
    stems, softs, concepts = index.stems[places], index.softs[places], index.concepts[places]
    weights = index.weights
    by_stem, by_soft, by_concept = masks[stems], masks[softs], masks[concepts]
    exact = (by_stem != 0) * weights[stems]
    conceptual = CONCEPT * ((by_concept != 0) * weights[concepts]).max(axis=1)
    soft = SOFT * (by_soft != 0) * weights[softs]
    unit_weight = np.maximum(np.maximum(exact, conceptual), soft)
    value = index.shares[places] * unit_weight
    in_passages = by_stem | by_soft | np.bitwise_or.reduce(by_concept, axis=1)

    count = min(len(document.passages), PASSAGES)
    holds = ((in_passages[:, None] >> np.arange(count, dtype=np.uint64)) & np.uint64(1)).astype(np.float32)
    sums = np.concatenate([np.zeros((1, count), np.float32), np.cumsum(holds * value[:, None], axis=0)])
    by_passage = sums[offsets[1:]] - sums[offsets[:-1]]
    best = by_passage.argmax(axis=1)

    in_best = holds[np.arange(len(places)), np.repeat(best, np.diff(offsets))]
    factor = np.maximum(np.maximum(in_best, IN_HEAD * holds[:, 0]), ELSEWHERE * (in_passages != 0))
    located = value * factor
    heaviest = np.zeros(len(rows), np.float32)
    np.maximum.at(heaviest, np.repeat(np.arange(len(rows)), np.diff(offsets)), unit_weight * factor)
    columns = [
        np.minimum(sum_parts(located, offsets) / index.whole[rows], 1.0),
        heaviest / 8,
        sum_parts(np.where(index.titled[places], located, 0.0), offsets) / index.heading[rows],
        np.log1p(sum_parts((factor * (unit_weight > 0)).astype(np.float32), offsets)),
        _fields(index, document, rows),
    ]
    return np.stack(columns, axis=1), by_passage


def _fields(index: LanguageIndex, document: Document, rows: np.ndarray) -> np.ndarray:
    """How much the fields of pledge and document have in common: their cosine, with more weight on rare fields."""
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
    shared = index.field_counts[places] * document_fields[keys] * weights[keys] ** 3
    cosines: np.ndarray = sum_parts(shared, offsets) / (np.maximum(index.field_length[rows], 1.0) * total)
    return cosines / 5
