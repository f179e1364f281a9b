"""`python -m bench.fit_sentences`: fit `pledges/watch/extraction/sentence_model.json`, and print its quality.

    python -m bench.fit_sentences [--out COEFFICIENTS.json]

The training data are the sentences of the labelled texts in pledges/tests/data/extraction (pledges are known by where
they end) and the single sentences in sentences.tsv beside them. Logistic regression with an L2 penalty on vectors less
their mean. What is printed comes from models that have not seen the text: each text is left out in turn, and so is each
tenth of the single sentences. It needs the sentence encoder and scipy.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from pledges.watch import extraction
from pledges.watch.extraction import sentence_model
from pledges.watch.extraction.segmentation import passages
from pledges.watch.text import encoder

DATA = Path(__file__).resolve().parents[1] / "pledges/tests/data/extraction"
L2 = 0.0003


@dataclass
class Text:
    """A labelled text, or a part of the single sentences: `labels` are 1 for pledges, `grammar` says what it finds, and
    `sure` what the model may not take back."""

    name: str
    language: str
    sentences: list[str]
    labels: np.ndarray
    grammar: np.ndarray
    sure: np.ndarray
    open: np.ndarray  # the model may propose it
    features: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    odds: np.ndarray = field(default_factory=lambda: np.zeros(0))


def texts() -> Iterator[Text]:
    """The labelled texts, then ten parts of the single sentences."""
    for path in sorted(DATA.glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        day = date.fromisoformat(case["published_on"])
        reading = extraction.read(text, case["language"], published_on=day)
        found, sure, undecided = (
            {each.starts_at for each in group} for group in (reading.pledges, _sure(reading), reading.open)
        )
        kept = [each for each in passages(text) if not each.asks and (each.is_item or not each.is_heading)]
        ends = [pledge["ends_at"] for pledge in case["pledges"]]
        yield Text(
            path.stem,
            case["language"],
            [each.text for each in kept],
            np.array([any(each.starts_at < end <= each.ends_at + 1 for end in ends) for each in kept], float),
            np.array([each.starts_at in found for each in kept]),
            np.array([each.starts_at in sure for each in kept]),
            np.array([each.starts_at in undecided for each in kept]),
        )
    rows = [line.split("\t") for line in (DATA / "sentences.tsv").read_text(encoding="utf-8").splitlines()]
    for part in range(10):
        language, kind, sentences = map(list, zip(*rows[part::10], strict=True))
        readings = [extraction.read(text, code) for text, code in zip(sentences, language, strict=True)]
        yield Text(
            "sentences.tsv",
            "",
            sentences,
            np.array([each == "pledge" for each in kind], float),
            np.array([bool(each.pledges) for each in readings]),
            np.array([bool(_sure(each)) for each in readings]),
            np.array([bool(each.open) for each in readings]),
        )


def _sure(reading: extraction.Reading) -> list[extraction.ExtractedPledge]:
    return [each for each in reading.pledges if each.confidence >= sentence_model.SURE]


def fit(parts: Sequence[Text]) -> tuple[np.ndarray, float]:
    """The weights of the features and the bias."""
    features = np.vstack([part.features for part in parts])
    labels = np.concatenate([part.labels for part in parts])
    mean = features.mean(axis=0)
    centred = features - mean

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        odds = centred @ point[:-1] + point[-1]
        error = 1 / (1 + np.exp(-odds)) - labels
        value = np.logaddexp(0, np.where(labels > 0, -odds, odds)).mean() + L2 * (point[:-1] @ point[:-1]) / 2
        return value, np.append(centred.T @ error / len(labels) + L2 * point[:-1], error.mean())

    point = minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return point[:-1], float(point[-1] - mean @ point[:-1])


def _print_quality(name: str, parts: Sequence[Text]) -> None:
    labels, odds, grammar, sure, undecided = (
        np.concatenate([getattr(part, key) for part in parts]) for key in ("labels", "odds", "grammar", "sure", "open")
    )
    kept = sure | (grammar & (odds >= sentence_model.DROPPED))
    both = kept | (undecided & (odds > sentence_model.ADDED))
    print(f"{name}: {len(labels)} sentences, {labels.sum():.0f} with a pledge")
    for rule, found in (("grammar", grammar), ("model alone", odds > 0), ("both", both)):
        right = (labels * found).sum()
        print(f"    {rule:12} recall {right / labels.sum():.2f}  precision {right / max(found.sum(), 1):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=sentence_model.COEFFICIENTS)
    arguments = parser.parse_args()
    model = encoder.local()
    if model is None:
        raise SystemExit(f"The sentence encoder is needed: {encoder.why_not_local()}")
    parts = list(texts())
    for part in parts:
        vectors = model.encode(part.sentences)
        part.features = np.hstack([vectors, sentence_model.plain_features(part.sentences)])
    for part in parts:
        weights, bias = fit([other for other in parts if other is not part])
        part.odds = part.features @ weights + bias
    for language in ("en", "es"):
        _print_quality(f"texts, {language}", [part for part in parts if part.language == language])
    _print_quality("sentences.tsv", [part for part in parts if not part.language])
    weights, bias = fit(parts)
    rounded = {"bias": round(bias, 3), "weights": [round(float(weight), 3) for weight in weights]}
    arguments.out.write_text(json.dumps(rounded) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
