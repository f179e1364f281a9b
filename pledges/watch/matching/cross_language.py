"""Whether two articles in different languages report one event. Words cannot be compared, so sentences are, as vectors.

Vectors of one language share a component that says only which language it is. Without each language's mean vector,
sentences that mean the same are closest whatever their languages (Libovický et al. 2020, On the Language Neutrality of
Pre-trained Multilingual Representations). A logistic regression weighs the similarity with what survives translation.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from pledges.domain.text import fold
from pledges.watch.matching.event_words import REVERSALS, TIMES, event_kinds
from pledges.watch.text.encoder import Encoder, unit
from pledges.watch.text.language import sentences, words

FIT = Path(__file__).with_name("cross_language.json")  # written by `python -m bench.stories --fit`
FEATURES = ("similarity", "openings", "figures", "days", "times")
THRESHOLD = 0.85  # a probability: two developments as one story would hide the second from the editor
_SENTENCES = 5  # that are compared, the title among them: news comes first
_LONGEST_OPENING = 20_000  # characters, enough for these sentences


@dataclass(frozen=True)
class Report:
    """An article: its language is "en" or "es", its day that of publication."""

    title: str
    text: str
    language: str
    day: date


@dataclass(frozen=True)
class _Traits:
    sentences: tuple[str, ...]
    figures: frozenset[str]
    times: frozenset[str]
    headline: frozenset[str]  # the kinds of events in the title


def same_event(report: Report, others: Sequence[Report], encoder: Encoder) -> list[float]:
    """For each of the other reports the probability, between 0 and 1, that it is about the same event.

    0 if one of the two has no more than a headline, or only one headline tells a reversal: begun and suspended are two
    developments. Encodes up to five sentences of each report. Raises EncoderError.
    """
    coefficients, bias, _means = _fitted()
    rows = features(report, others, encoder) @ coefficients + bias
    return [
        float(1 / (1 + np.exp(-row))) if comparable(report, other) else 0.0
        for other, row in zip(others, rows, strict=True)
    ]


def features(report: Report, others: Sequence[Report], encoder: Encoder) -> np.ndarray:
    """The features of each pair of `report` and one of `others`, in the order of FEATURES. Raises EncoderError."""
    own, *theirs = _vectors([report, *others], encoder)
    return np.array(
        [_features(report, other, own @ vectors.T) for other, vectors in zip(others, theirs, strict=True)]
    ).reshape(-1, len(FEATURES))


def _features(a: Report, b: Report, cosines: np.ndarray) -> tuple[float, ...]:
    first, second = _traits(a), _traits(b)
    in_b, in_a = cosines.max(axis=1), cosines.max(axis=0)  # of each sentence of the one its best match in the other
    unshared = (len(first.figures - second.figures), len(second.figures - first.figures))
    return (
        float(in_b.mean() + in_a.mean()) / 2,
        float(min(*in_b[:2], *in_a[:2])),  # the news of each is told in the other, not only its background
        min(unshared),
        abs((a.day - b.day).days),
        _agreement(first.times, second.times),
    )


def _agreement(first: frozenset[str], second: frozenset[str]) -> int:
    if not first or not second or (first != second and first & second):
        return 0
    return 1 if first == second else -1


def comparable(a: Report, b: Report) -> bool:
    """Whether both reports say more than a headline, and no headline reports a reversal that the other does not."""
    first, second = _traits(a), _traits(b)
    unlike = first.headline and second.headline and not first.headline & second.headline
    reversal = unlike and (first.headline | second.headline) & REVERSALS
    return min(len(first.sentences), len(second.sentences)) >= 2 and not reversal


def _vectors(reports: Sequence[Report], encoder: Encoder) -> list[np.ndarray]:
    """Of each report the unit vectors of its sentences, without the mean of its language."""
    _coefficients, _bias, means = _fitted()
    texts = [_traits(report).sentences or ("",) for report in reports]
    vectors = encoder.encode([sentence for report in texts for sentence in report])
    ends = np.cumsum([len(report) for report in texts])[:-1]
    return [unit(rows - means[report.language]) for report, rows in zip(reports, np.split(vectors, ends), strict=True)]


@lru_cache(maxsize=32)  # a comparison takes nine
def _traits(report: Report) -> _Traits:
    text = report.text[:_LONGEST_OPENING]
    opening = tuple(sentence for sentence in (report.title, *sentences(text)) if sentence.strip())[:_SENTENCES]
    found = [word for sentence in opening for word in words(sentence)]
    return _Traits(
        sentences=opening,
        figures=frozenset(_figure(word) for word in found if word[0].isdigit()),
        times=frozenset(TIMES[folded] for word in found if (folded := fold(word)) in TIMES),
        headline=event_kinds(report.title, report.language),
    )


def _figure(word: str) -> str:
    """A figure in one spelling: "1,912" and "1.912" become "1912", "5,25" becomes "5.25"."""
    head, *groups = word.replace(",", ".").split(".")
    return head + "".join(groups) if all(len(group) == 3 for group in groups) else word.replace(",", ".")


@lru_cache(maxsize=1)
def _fitted() -> tuple[np.ndarray, float, dict[str, np.ndarray]]:
    """The coefficients by FEATURES, the bias, and the mean vector of each language."""
    fit = json.loads(FIT.read_text(encoding="utf-8"))
    means = {language: np.array(mean, np.float32) for language, mean in fit["means"].items()}
    return np.array([fit["coefficients"][name] for name in FEATURES]), fit["bias"], means
