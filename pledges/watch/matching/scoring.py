"""From reasons to one probability: a small logistic model, so that one threshold means the same for every pledge."""

import numpy as np

from pledges.watch.matching.features import NAMES

# Fitted by `python -m bench.fit`: logistic regression (L2, no coefficient below nought but `long`'s, so no evidence
# counts against a pledge) on whole articles about invented governments, the sample newswire, and four sets of
# headlines and notes; each set weighs the same, a miss as much as two leads that lead nowhere. BEHIND and AHEAD are
# refitted in turn with the rest, since they look at the other pledges' sums; ALIAS was held at 2 at least.
# docs/watch-matching.md says how well it does on what was left out of the fit.
COEFFICIENTS = {
    "matched": 0.226,
    "covered": 1.084,
    "cosine": 4.063,
    "first": 0.809,
    "second": 1.786,
    "explained": 0.726,
    "field": 1.599,
    "civic": 2.597,
    "civil": 0.885,
    "fields": 1.801,
    "pairs": 0.066,
    "exact": 0.131,
    "titled": 2.413,
    "many": 0.131,
    "spelt": 1.725,
    "long": -0.267,
}
BIAS = -9.024
BEHIND, AHEAD = 0.369, 0.145  # for each unit by which another pledge fits the document better, or worse
ALIAS = 2.0  # a name of the pledge stands there
ABROAD, UNPLACED = -8.414, -5.539  # what it tells of is elsewhere; it names no place, office or person
TAUGHT = 5.0  # what editors taught, at most, for or against: never enough to find a pledge by itself
_FAR = 6.0


def probabilities(reasons: np.ndarray, aliases: np.ndarray, away: np.ndarray, taught: np.ndarray) -> np.ndarray:
    """The probability that a document is about each pledge.

    `reasons` has a row a pledge (see `features`), `aliases` goes from 0 to 1, `away` has the two
    numbers of `Rules.away`, `taught` is the sum of the learned weights found. More of any but `away` never
    lowers a pledge's own score.
    """
    placed = away @ np.array([ABROAD, UNPLACED], np.float32)
    sums = reasons @ _WEIGHTS + BIAS + ALIAS * aliases + placed + TAUGHT * np.tanh(taught / 2)
    if len(sums) > 1:
        best, second = np.sort(sums)[-1:-3:-1]
    else:
        best, second = sums[0], -_FAR
    lead = np.clip(sums - np.where(sums == best, second, best), -_FAR, _FAR)
    sums = sums + np.where(lead < 0, BEHIND, AHEAD) * lead
    likely: np.ndarray = 1 / (1 + np.exp(-sums))
    return likely


_WEIGHTS = np.array([COEFFICIENTS.get(name, 0.0) for name in NAMES], np.float32)
