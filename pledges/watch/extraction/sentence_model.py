"""Judges sentences by their meaning, beside the grammar: a logistic regression on the vectors of a sentence encoder.

It proposes sentences on which the grammar is silent, and takes back what the grammar found with little confidence in
sentences that are unlike a pledge. `python -m bench.fit_sentences` fits the coefficients (docs/adr/0043).
"""

import json
import logging
import math
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from pledges.watch.extraction.types import ExtractedPledge, Reading
from pledges.watch.text.encoder import Encoder, EncoderError

log = logging.getLogger(__name__)

COEFFICIENTS = Path(__file__).with_name("sentence_model.json")
MOST_SENTENCES = 400  # of a text that are encoded: about 12 seconds of one core
ADDED, DROPPED = 1.0, -1.0  # log-odds above which a sentence is proposed, and below which a proposal is taken back
SURE = 0.8  # confidence from which a proposal of the grammar stands
_BATCH = 16  # sentences between two looks at the clock: half a second
_LONGEST_REASON = 80
_QUOTE = re.compile(r"[“”\"«»]")
_SCALE = 0.3  # of the plain features, beside the differences between vectors


def plain_features(sentences: Sequence[str]) -> np.ndarray:
    """What vectors do not tell: whether a sentence quotes, and its length. Shape (sentences, 2)."""
    rows = [(bool(_QUOTE.search(text)), min(len(text), 300) / 300 - 0.4) for text in sentences]
    return _SCALE * np.array(rows, np.float64).reshape(len(rows), 2)


def log_odds(sentences: Sequence[str], vectors: np.ndarray) -> np.ndarray:
    """The log-odds that each sentence is a pledge, from the rows of `vectors`."""
    weights, bias = _coefficients()
    odds: np.ndarray = np.hstack([vectors, plain_features(sentences)]) @ weights + bias
    return odds


@cache
def _coefficients() -> tuple[np.ndarray, float]:
    known = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    return np.array(known["weights"]), known["bias"]


def judged(reading: Reading, encoder: Encoder, *, until: float | None = None) -> Reading:
    """The reading of a text with the model's proposals, without those that it takes back.

    Open sentences are encoded first, `MOST_SENTENCES` at most, and none after `until` (a time of time.monotonic()):
    for the rest the grammar decides alone, and so it does if the encoder fails.
    """
    unsure = [each for each in reading.pledges if each.confidence < SURE]
    sentences = {each.starts_at: each.sentence for each in (*reading.open, *unsure)}
    odds = _odds(list(sentences.items())[:MOST_SENTENCES], encoder, until)
    dropped = {each.starts_at for each in unsure if odds.get(each.starts_at, 0) < DROPPED}
    added = [_proposed(each, odds[each.starts_at]) for each in reading.open if odds.get(each.starts_at, 0) > ADDED]
    new = {each.starts_at for each in added}
    taken_back = {
        each.starts_at: replace(
            each, action=" ".join(each.sentence.split())[:400], checkable=True, confidence=0.0, kind="pledge",
            why_not="vague",
        )
        for each in reading.pledges
        if each.starts_at in dropped
    }  # fmt: skip
    return Reading(
        pledges=_in_order(*(each for each in reading.pledges if each.starts_at not in dropped), *added),
        rejected=_in_order(*(each for each in reading.rejected if each.starts_at not in new), *taken_back.values()),
        open=tuple(each for each in reading.open if each.starts_at not in new),
    )


def _odds(sentences: list[tuple[int, str]], encoder: Encoder, until: float | None) -> dict[int, float]:
    """The log-odds of sentences, by where they start, of as many as the encoder reads in time."""
    odds: dict[int, float] = {}
    for at in range(0, len(sentences), _BATCH):
        if until is not None and time.monotonic() >= until:
            break
        starts, texts = zip(*sentences[at : at + _BATCH], strict=True)
        try:
            vectors = encoder.encode(texts)
        except EncoderError as error:
            log.warning("Pledges are found by grammar alone: %s", error)
            break
        odds.update(zip(starts, map(float, log_odds(texts, vectors)), strict=True))
    return odds


def _proposed(sentence: ExtractedPledge, odds: float) -> ExtractedPledge:
    """An open sentence as a proposal. Its reason are its own first words."""
    reason = sentence.action
    if len(reason) > _LONGEST_REASON:
        reason = reason[:_LONGEST_REASON].rpartition(" ")[0] + "…"
    return replace(sentence, confidence=round(1 / (1 + math.exp(-odds)), 2), reason=reason)


def _in_order(*pledges: ExtractedPledge) -> tuple[ExtractedPledge, ...]:
    return tuple(sorted(pledges, key=lambda each: each.starts_at))
