"""What an article says of a pledge's status, read against the pledge: multinomial logistic regression.

An outcome is the status that the pledge has after the article, or "no_change" (nothing in it bears on the status). The
score of an outcome is a sum, and the softmax of the scores gives the probabilities:

- how the article speaks: weights of each outcome times the mean vector of the sentences nearest to the pledge;
- what the pledge calls so: the product of that vector and the criterion's vector (less the mean of the pledge's
  criteria, so that the topic cancels out), each dimension with a weight of its own, the same for all statuses;
- where the pledge stood: a table of changes; and whether its deadline has passed;
- the status that explicit words suggest (`suggestion`).

The sources of the method: McFadden 1974 (Conditional logit analysis) for the weights that all outcomes share. The
coefficients are fitted by `python -m bench.fit_status` (docs/adr/0041).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from pledges.domain.rules import Status
from pledges.watch.text.encoder import unit

COEFFICIENTS = Path(__file__).with_name("reading.json")
NO_CHANGE = "no_change"
OUTCOMES = (*(status.value for status in Status), NO_CHANGE)
NEAREST = 6  # sentences that are read
LATER = 0.05  # how fast the weight of a sentence falls with its place in the text: news comes first
CHANGE = 0.5  # a change is suggested from this probability of one
LONGEST_CUE = 200  # characters

Kind = Literal["change", "as_before", ""]
_CLAUSE_END = re.compile(r"[,;:)»”—–]\s|\s[—–(]")


@dataclass(frozen=True)
class Standing:
    """A pledge on the day of an article: the status before it, and whether its deadline had passed."""

    before: str
    overdue: bool = False


@dataclass(frozen=True)
class Reading:
    """What is suggested, and for a change to which status and by which sentence (its row among the vectors)."""

    kind: Kind
    status: str = ""
    row: int = 0


@dataclass(frozen=True)
class Coefficients:
    """The fitted model; arrays have a row for each of OUTCOMES, and a column for each dimension of a vector."""

    means: Mapping[str, np.ndarray]  # by language, the mean vector of sentences
    tone: np.ndarray
    bias: np.ndarray
    criteria: np.ndarray  # of one row
    table: Mapping[str, np.ndarray]  # by status before
    overdue: np.ndarray
    overdue_stay: float
    cue: float
    no_cue: float


@lru_cache(maxsize=1)
def coefficients() -> Coefficients:
    """The fitted model of this release."""
    return from_json(json.loads(COEFFICIENTS.read_text(encoding="ascii")))


def from_json(data: Mapping[str, Any]) -> Coefficients:
    """The coefficients in the form in which `bench.fit_status` writes them."""

    def array(values: list[Any]) -> np.ndarray:
        return np.array(values, np.float32)

    return Coefficients(
        means={language: array(mean) for language, mean in data["means"].items()},
        tone=array(data["tone"]),
        bias=array(data["bias"]),
        criteria=array(data["criteria"]),
        table={before: array(row) for before, row in data["table"].items()},
        overdue=array(data["overdue"]),
        overdue_stay=data["overdue_stay"],
        cue=data["cue"],
        no_cue=data["no_cue"],
    )


def centred(vectors: np.ndarray, language: str, means: Mapping[str, np.ndarray]) -> np.ndarray:
    """Unit vectors less the mean of their language, again of length 1: what distinguishes a sentence from others."""
    return unit(vectors - means[language])


def nearest(sentences: np.ndarray, pledge: np.ndarray) -> np.ndarray:
    """The rows of the `NEAREST` sentences most like the pledge's text, in ascending order. Centred vectors."""
    return np.sort(np.argsort(-(sentences @ pledge), kind="stable")[:NEAREST])


def mean_of(sentences: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The mean of some sentences, of length 1; the weight falls with the place in the text."""
    return unit(np.exp(-LATER * np.minimum(rows, 20)) @ sentences[rows])


def distinct(criteria: Mapping[str, np.ndarray]) -> np.ndarray:
    """A row for each of OUTCOMES: the criterion's vector less the mean of all criteria; 0 where there is none."""
    rows = np.zeros((len(OUTCOMES), next(iter(criteria.values())).size if criteria else 1), np.float32)
    if criteria:
        mean = np.mean(list(criteria.values()), axis=0)
        for status, vector in criteria.items():
            rows[OUTCOMES.index(status)] = vector - mean
    return rows


def without_encoder(cue_status: str, standing: Standing) -> Reading:
    """The suggestion from explicit words alone: a change where they name another status than the one before."""
    changes = cue_status not in ("", standing.before)
    return Reading("change", cue_status) if changes else Reading("as_before")


def probabilities(
    article: np.ndarray, criteria: np.ndarray, standing: Standing, cue_status: str, model: Coefficients
) -> np.ndarray:
    """The probability of each of OUTCOMES, from an article's mean vector and the pledge's `distinct` criteria.

    `cue_status` is the status that explicit words suggest, or "".
    """
    stays = [OUTCOMES.index(standing.before), OUTCOMES.index(NO_CHANGE)]
    scores = model.bias + model.tone @ article + (criteria * article) @ model.criteria + model.table[standing.before]
    if standing.overdue:
        scores += model.overdue
        scores[stays[0]] += model.overdue_stay
    if cue_status:
        scores[OUTCOMES.index(cue_status)] += model.cue
    else:
        scores[stays] += model.no_cue
    odds = np.exp(scores - scores.max())
    shares: np.ndarray = odds / odds.sum()
    return shares


def read(
    sentences: np.ndarray,
    pledge: np.ndarray,
    criteria: Mapping[str, np.ndarray],
    languages: tuple[str, str],
    standing: Standing,
    cue_status: str,
    model: Coefficients | None = None,
) -> Reading:
    """The suggestion for a pledge.

    All vectors are the encoder's: a row for each sentence of the article, one of the pledge's text, and one for each
    status with a criterion. `languages` are those of the article and of the pledge's text.
    `cue_status` is the status that explicit words suggest, or "". `model` is by default the one of this release.
    """
    model = model or coefficients()
    sentences = centred(sentences, languages[0], model.means)
    rows = nearest(sentences, centred(pledge, languages[1], model.means))
    own = distinct({status: centred(vector, languages[1], model.means) for status, vector in criteria.items()})
    likely = probabilities(mean_of(sentences, rows), own, standing, cue_status, model)
    before = OUTCOMES.index(standing.before)
    if 1 - likely[before] - likely[-1] < CHANGE:
        return Reading("" if likely[-1] > likely[before] else "as_before")
    likely[[before, -1]] = 0
    status = int(likely.argmax())
    for_status = model.tone[status] + model.criteria * own[status]
    against = model.tone[before] + model.criteria * own[before]
    row = rows[(sentences[rows] @ (for_status - against)).argmax()]
    return Reading("change", OUTCOMES[status], int(row))


def clause_of(sentence: str) -> str:
    """A sentence as a cue, verbatim: whole if it is short enough, or else its first clauses that are."""
    if len(sentence) <= LONGEST_CUE:
        return sentence
    ends = [end.start() for end in _CLAUSE_END.finditer(sentence, 0, LONGEST_CUE)]
    end = ends[-1] if ends else sentence.rfind(" ", 0, LONGEST_CUE)
    return sentence[: end if end > 0 else LONGEST_CUE].strip()
