"""Evaluation of the matcher: precision, recall, Brier score, calibration bands and F1, against editors' decisions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
