"""Evaluation of the watch against decisions and labels, as pure functions.

Of matching: precision, recall, Brier score and calibration bands. Of the suggested statuses: accuracy, macro-F1, the
confusion table, and how many changes of a status were seen.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pledges.watch.status.reading import NO_CHANGE, OUTCOMES

BANDS = (0.0, 0.2, 0.4, 0.6, 0.8)  # lower bound of each calibration band; the last ends at 1
ENOUGH = 10  # decisions; with fewer, a percentage would look more certain than it is


@dataclass(frozen=True)
class Judged:
    """A pair of article and pledge: the predicted probability, and whether editors judged it relevant."""

    probability: float
    relevant: bool


@dataclass(frozen=True)
class Band:
    """A calibration band: its number of pairs, how many were relevant, and their mean predicted probability."""

    pairs: int = 0
    relevant: int = 0
    mean: float = 0.0

    @property
    def share(self) -> float | None:
        """The observed share that was relevant: close to the mean probability if the model is well calibrated."""
        return self.relevant / self.pairs if self.pairs else None


@dataclass(frozen=True)
class Measured:
    """Results over judged pairs at a threshold: `right` are true positives, `wrong` false positives.

    `brier` is the Brier score: 0 is perfect, 0.25 is no better than always saying one half.
    """

    relevant: int
    irrelevant: int
    right: int
    wrong: int
    brier: float | None
    bands: tuple[Band, ...]

    @property
    def pairs(self) -> int:
        """The number of judged pairs."""
        return self.relevant + self.irrelevant

    @property
    def enough(self) -> bool:
        """Whether there are enough decisions to show percentages."""
        return self.pairs >= ENOUGH

    @property
    def precision(self) -> float | None:
        """The share of raised pairs that was relevant; None if none was raised."""
        raised = self.right + self.wrong
        return self.right / raised if raised else None

    @property
    def recall(self) -> float | None:
        """The share of relevant pairs that was raised; None if none was relevant."""
        return self.right / self.relevant if self.relevant else None


def measure(pairs: Iterable[Judged], threshold: float) -> Measured:
    """Compare the pairs raised (with a probability of at least `threshold`) with the relevant ones."""
    pairs = list(pairs)
    relevant = sum(pair.relevant for pair in pairs)
    raised = [pair for pair in pairs if pair.probability >= threshold]
    right = sum(pair.relevant for pair in raised)
    squares = [(pair.probability - pair.relevant) ** 2 for pair in pairs]
    by_band: dict[int, list[Judged]] = defaultdict(list)
    for pair in pairs:
        by_band[max(band for band, begin in enumerate(BANDS) if pair.probability >= begin)].append(pair)
    return Measured(
        relevant=relevant,
        irrelevant=len(pairs) - relevant,
        right=right,
        wrong=len(raised) - right,
        brier=sum(squares) / len(squares) if squares else None,
        bands=tuple(_band(by_band[band]) for band in range(len(BANDS))),
    )


def _band(pairs: list[Judged]) -> Band:
    if not pairs:
        return Band()
    total = sum(pair.probability for pair in pairs)
    return Band(len(pairs), sum(pair.relevant for pair in pairs), total / len(pairs))


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float | None:
    """The macro-averaged F1 of (expected, predicted) pairs over all classes that occur; None without pairs."""
    classes = sorted({label for pair in pairs for label in pair})
    scores = []
    for label in classes:
        both = sum(expected == predicted == label for expected, predicted in pairs)
        either = sum(expected == label for expected, _ in pairs) + sum(predicted == label for _, predicted in pairs)
        scores.append(2 * both / either)
    return sum(scores) / len(scores) if scores else None


def f1(precision: float | None, recall: float | None) -> float | None:
    """The harmonic mean of precision and recall; None where one of them is."""
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


# --- statuses -------------------------------------------------------------------------------------------------------

LABELS = OUTCOMES


@dataclass(frozen=True)
class Judgement:
    """What the watch suggests for a pair of article and pledge, beside its label.

    `label` and `also_ok` are of `LABELS`; `before` is the status that the pledge had; `suggestion` and `status` are
    those of a `Match` ("change" to `status`, "as_before" or "").
    """

    label: str
    before: str
    suggestion: str
    status: str = ""
    also_ok: frozenset[str] = frozenset()

    @property
    def predicted(self) -> str:
        """The suggestion as a label: the status that it leaves the pledge with, or `NO_CHANGE`."""
        return {"change": self.status, "as_before": self.before}.get(self.suggestion, NO_CHANGE)

    @property
    def accepted(self) -> str:
        """The label, or the prediction where that is one of `also_ok`."""
        return self.predicted if self.predicted in self.also_ok else self.label

    @property
    def is_change(self) -> bool:
        """Whether the label is a change of the pledge's status."""
        return self._changes(self.label)

    @property
    def may_be_change(self) -> bool:
        """Whether the label or one of `also_ok` is a change of the pledge's status."""
        return any(map(self._changes, (self.label, *self.also_ok)))

    @property
    def suggests_change(self) -> bool:
        """Whether another status is suggested than the pledge had."""
        return self.suggestion == "change" and self._changes(self.status)

    def _changes(self, label: str) -> bool:
        return label not in (NO_CHANGE, self.before)


@dataclass(frozen=True)
class Statuses:
    """How well statuses are suggested. `strict` counts predictions that are the label, `lenient` also those in
    `also_ok`; `confusion` counts pairs (label, prediction)."""

    pairs: int
    strict: int
    lenient: int
    macro_strict: float | None
    macro_lenient: float | None
    confusion: Counter[tuple[str, str]]


def statuses(judged: Sequence[Judgement]) -> Statuses:
    """Compare the suggestions with their labels."""
    strict = [(one.label, one.predicted) for one in judged]
    lenient = [(one.accepted, one.predicted) for one in judged]
    return Statuses(
        pairs=len(judged),
        strict=sum(label == predicted for label, predicted in strict),
        lenient=sum(label == predicted for label, predicted in lenient),
        macro_strict=macro_f1(strict),
        macro_lenient=macro_f1(lenient),
        confusion=Counter(strict),
    )


@dataclass(frozen=True)
class Changes:
    """Changes of a status: `there` by the labels, `suggested` (to any other status), `seen` (suggested where one is
    there), `right` (seen, and the suggested status is the label or in `also_ok`), and `allowed` (suggested where the
    label or one of `also_ok` is a change).

    Recall is `seen` / `there` and precision `seen` / `suggested`; with `right` instead, to the right status.
    """

    there: int
    suggested: int
    seen: int
    right: int
    allowed: int


def changes(judged: Iterable[Judgement]) -> Changes:
    """Compare the suggested changes with those that are there."""
    judged = list(judged)
    suggested = [one for one in judged if one.suggests_change]
    seen = [one for one in suggested if one.is_change]
    return Changes(
        there=sum(one.is_change for one in judged),
        suggested=len(suggested),
        seen=len(seen),
        right=sum(one.status == one.accepted for one in seen),
        allowed=sum(one.may_be_change for one in suggested),
    )
