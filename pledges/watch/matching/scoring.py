"""Logistic regression from features to a calibrated probability, so that one threshold suits every pledge."""

import numpy as np

from pledges.watch.matching.features import NAMES

# Fitted by `python -m bench.fit`: logistic regression (L2; no coefficient below zero except that of `long`, so that no
# evidence counts against a pledge) on whole articles about invented governments, the sample newswire, and four sets of
# headlines and notes. Each set has the same weight, and a false negative weighs as much as two false positives. BEHIND
# and AHEAD depend on the other pledges' sums and are refitted alternately with the rest; ALIAS was kept at 2 or more.
# docs/watch-matching.md reports the results on held-out data.
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
BEHIND, AHEAD = 0.369, 0.145  # for each unit of log-odds by which another pledge fits the document better, or worse
ALIAS = 2.0  # the document has an alias of the pledge
ABROAD, UNPLACED = -8.414, -5.539  # it is about another country; it names no place, office or person
TAUGHT = 5.0  # the most that learned words can add or subtract: never enough to find a pledge by itself
_MAX_LEAD = 6.0


def probabilities(features: np.ndarray, aliases: np.ndarray, distances: np.ndarray, learned: np.ndarray) -> np.ndarray:
    """The probability that a document is about each pledge.

    All arguments have one row per pledge: `features` those of `features.features`, `aliases` a number from 0 to 1,
    `distances` the two numbers of `Rules.away`, `learned` the sum of the learned weights. More of any but `distances`
    never lowers a pledge's own score.
    """
    distance_terms = distances @ np.array([ABROAD, UNPLACED], np.float32)
    log_odds = features @ _WEIGHTS + BIAS + ALIAS * aliases + distance_terms + TAUGHT * np.tanh(learned / 2)
    if len(log_odds) > 1:
        best, second = np.sort(log_odds)[-1:-3:-1]
    else:
        best, second = log_odds[0], -_MAX_LEAD
    lead = np.clip(log_odds - np.where(log_odds == best, second, best), -_MAX_LEAD, _MAX_LEAD)
    log_odds = log_odds + np.where(lead < 0, BEHIND, AHEAD) * lead
    probability: np.ndarray = 1 / (1 + np.exp(-log_odds))
    return probability


_WEIGHTS = np.array([COEFFICIENTS.get(name, 0.0) for name in NAMES], np.float32)
