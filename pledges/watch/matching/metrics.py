"""How good the watch is, counted: what was judged with which probability against what people said of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BANDS = (0.0, 0.2, 0.4, 0.6, 0.8)  # where each band of probability begins; the last ends at 1
ENOUGH = 10  # decisions, below which a share would say more than is known


@dataclass(frozen=True)
class Judged:
    """One pair of article and pledge: the probability that the watch gave, and whether people say it is relevant."""

    probability: float
    relevant: bool


@dataclass(frozen=True)
class Band:
    """A band of probabilities: how many pairs fell into it, how many were relevant, and their mean probability."""

    pairs: int = 0
    relevant: int = 0
    mean: float = 0.0

    @property
    def share(self) -> float | None:
        """The share that was relevant: near the mean probability if the watch means what it says."""
        return self.relevant / self.pairs if self.pairs else None


@dataclass(frozen=True)
class Measured:
    """Counts over judged pairs at a threshold, with the Brier score (0 is perfect, 0.25 says nothing) and bands."""

    relevant: int
    irrelevant: int
    right: int
    wrong: int
    brier: float | None
    bands: tuple[Band, ...]

    @property
    def pairs(self) -> int:
        """All pairs that people decided."""
        return self.relevant + self.irrelevant

    @property
    def enough(self) -> bool:
        """Whether there are enough decisions to speak of shares."""
        return self.pairs >= ENOUGH

    @property
    def precision(self) -> float | None:
        """Of the pairs raised the share that was relevant; None where none was raised."""
        raised = self.right + self.wrong
        return self.right / raised if raised else None

    @property
    def recall(self) -> float | None:
        """Of the relevant pairs the share that was raised; None where none was relevant."""
        return self.right / self.relevant if self.relevant else None


def measure(pairs: Iterable[Judged], threshold: float) -> Measured:
    """Count what was raised (a probability of at least `threshold`) against what was relevant."""
    pairs = list(pairs)
    relevant = sum(pair.relevant for pair in pairs)
    raised = [pair for pair in pairs if pair.probability >= threshold]
    right = sum(pair.relevant for pair in raised)
    squares = [(pair.probability - pair.relevant) ** 2 for pair in pairs]
    fallen: dict[int, list[Judged]] = defaultdict(list)
    for pair in pairs:
        fallen[max(at for at, begin in enumerate(BANDS) if pair.probability >= begin)].append(pair)
    return Measured(
        relevant=relevant,
        irrelevant=len(pairs) - relevant,
        right=right,
        wrong=len(raised) - right,
        brier=sum(squares) / len(squares) if squares else None,
        bands=tuple(_band(fallen[at]) for at in range(len(BANDS))),
    )


def _band(pairs: list[Judged]) -> Band:
    if not pairs:
        return Band()
    total = sum(pair.probability for pair in pairs)
    return Band(len(pairs), sum(pair.relevant for pair in pairs), total / len(pairs))


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float | None:
    """The mean F1 over the classes of pairs (expected, got), those that occur on either side; None without pairs."""
    classes = sorted({name for pair in pairs for name in pair})
    scores = []
    for name in classes:
        both = sum(expected == got == name for expected, got in pairs)
        either = sum(expected == name for expected, _ in pairs) + sum(got == name for _, got in pairs)
        scores.append(2 * both / either)
    return sum(scores) / len(scores) if scores else None
