"""From reasons to one probability: a small logistic model, so that one threshold means the same for every pledge."""

import numpy as np

from pledges.monitor.features import NAMES

# Fitted by logistic regression (L2, no coefficient below nought but `long`'s, so that no evidence counts against a
# pledge) on four labelled sets of headlines and notes, each with the weight of its labels, and on the sample newswire,
# whose pairs the labels call for weigh four times: a miss costs more than a near miss. BEHIND and AHEAD are refitted in
# turn with the rest, since they look at the other pledges' sums. AWAY was held at -6: the newswire alone would make it
# more. docs/watch-matching.md says how well it does on sets left out of the fit.
COEFFICIENTS = {
    "matched": 0.394,
    "covered": 1.632,
    "cosine": 5.345,
    "first": 0.176,
    "second": 0.825,
    "explained": 0.398,
    "field": 1.785,
    "civic": 2.635,
    "fields": 1.749,
    "pairs": 0.363,
    "titled": 1.392,
    "spelt": 4.157,
    "meant": 0.681,
    "public": 2.432,
    "long": -1.943,
}
BIAS = -9.928
BEHIND, AHEAD = 0.193, 0.273  # for each unit by which another pledge fits the document better, or worse
ALIAS = 2.134  # a name of the pledge stands there
ABROAD, UNPLACED = -6.000, -3.000  # what it tells of is elsewhere; it names no place, office or person at all
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
    return 1 / (1 + np.exp(-sums))


_WEIGHTS = np.array([COEFFICIENTS.get(name, 0.0) for name in NAMES], np.float32)
