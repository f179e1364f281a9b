"""Logistic regression from features to a calibrated probability, so that one threshold suits every pledge.

There are two sets of coefficients, with the sentence encoder and without; `python -m bench.fit --write` makes the file
of both, and docs/watch-matching.md says how good they are where they were not fitted.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pledges.watch.matching import features
from pledges.watch.text.encoder import unit

WORDS = (*features.NAMES, "alias", "abroad")
MEANING = ("nearest", "nearer")
FILE = Path(__file__).with_name("coefficients.json")
TAUGHT = 5.0  # the most that learned words can add or subtract: never enough to find a pledge by itself
_COMPARED = 8  # candidates that a pledge is compared with, and as how many more the typical pledge counts
_TYPICAL = 3


class Model:
    """Coefficients, as `coefficients.json` has them.

    `without` and `with` the encoder, each by name with a "bias". `documents` and `pledges` are the mean vectors of
    sentences and of pledges; `typical` is the mean and the standard deviation of "nearest" of pledges that a document
    is not about.
    """

    def __init__(self, data: Mapping[str, Any]):
        self.without = np.array([data["without"][name] for name in (*WORDS, "bias")], np.float32)
        self.with_encoder = np.array([data["with"][name] for name in (*WORDS, *MEANING, "bias")], np.float32)
        self.documents, self.pledges = (np.array(data[name], np.float32) for name in ("documents", "pledges"))
        self.mean, self.deviation = data["typical"]

    def probabilities(
        self,
        words: np.ndarray,
        learned: np.ndarray,
        document: np.ndarray | None = None,
        pledges: np.ndarray | None = None,
    ) -> np.ndarray:
        """The probability that a document is about each pledge.

        `words` (columns `WORDS`), `learned` (the sums of learned weights) and `pledges` (the pledges' vectors) have one
        row per pledge, `document` one for each encoded passage. Without vectors, words decide. More of any word feature
        but "abroad" never lowers a pledge's score.
        """
        columns, coefficients = words, self.without
        if document is not None and pledges is not None:
            columns = np.column_stack([words, self.meaning(document, pledges)])
            coefficients = self.with_encoder
        log_odds = columns @ coefficients[:-1] + coefficients[-1] + TAUGHT * np.tanh(learned / 2)
        probability: np.ndarray = 1 / (1 + np.exp(-log_odds))
        return probability

    def meaning(self, document: np.ndarray, pledges: np.ndarray) -> np.ndarray:
        """The columns `MEANING`, one row per pledge.

        "nearest" is the cosine between the pledge and the passage nearest to it, after the mean vectors are subtracted:
        without that, all cosines of this encoder are above 0.7 (Mu and Viswanath 2018, All-but-the-Top). "nearer" is
        how many standard deviations that is above the mean of the nearest candidates, as speaker verification
        normalises scores by a cohort (Matějka et al. 2017). The typical pledge counts as some of them, so that it can
        be said of a single candidate.
        """
        nearest = (unit(pledges - self.pledges) @ unit(document - self.documents).T).max(axis=1)
        cohort = np.sort(nearest)[-_COMPARED:]
        count = len(cohort) + _TYPICAL
        mean = (cohort.sum() + _TYPICAL * self.mean) / count
        spread = ((cohort - mean) ** 2).sum() + _TYPICAL * (self.deviation**2 + (self.mean - mean) ** 2)
        return np.column_stack([nearest, (nearest - mean) / np.sqrt(spread / count)])


MODEL = Model(json.loads(FILE.read_text(encoding="utf-8")))
