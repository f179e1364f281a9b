"""From reasons to one probability: a small logistic model, so that one threshold means the same for every pledge."""

import numpy as np

from pledges.monitor.features import NAMES

# Fitted by logistic regression (no coefficient below nought, so that no evidence ever counts against a pledge).
COEFFICIENTS = {
    "matched": 0.359,
    "covered": 1.819,
    "cosine": 4.152,
    "first": 0.219,
    "second": 1.497,
    "explained": 0.933,
    "field": 2.211,
    "civic": 2.985,
    "fields": 1.532,
    "pairs": 0.404,
    "exact": 0.052,
    "titled": 1.751,
    "spelt": 3.973,
    "long": -2.635,
}
BIAS = -9.730
BEHIND, AHEAD = 0.128, 0.178  # for each unit by which another pledge fits the document better, or worse
ALIAS, AWAY = 2.445, -5.748  # a name of the pledge stands there; neither country nor office nor speaker does
TAUGHT = 3.0
_FAR = 6.0


def probabilities(reasons: np.ndarray, aliases: np.ndarray, away: np.ndarray, taught: np.ndarray) -> np.ndarray:
    """The probability that a document is about each pledge.

    `reasons` has a row a pledge (see `features`), `aliases` goes from 0 to 1, `away` is 1 where the document names
    nothing of the pledge's context, `taught` is the sum of the learned weights found. More of any but `away` never
    lowers a pledge's own score.
    """
    sums = reasons @ _WEIGHTS + BIAS + ALIAS * aliases + AWAY * away + TAUGHT * np.tanh(taught / 2)
    if len(sums) > 1:
        best, second = np.sort(sums)[-1:-3:-1]
    else:
        best, second = sums[0], -_FAR
    lead = np.clip(sums - np.where(sums == best, second, best), -_FAR, _FAR)
    sums = sums + np.where(lead < 0, BEHIND, AHEAD) * lead
    return 1 / (1 + np.exp(-sums))


_WEIGHTS = np.array([COEFFICIENTS.get(name, 0.0) for name in NAMES], np.float32)
