"""`python -m bench.stories`: how well one event told in English and in Spanish is told from another; `--fit` fits it.

The pairs are those of an English and a Spanish article on one affair in pledges/tests/data/stories_across.jsonl; they
are the same event or two events of the affair. The affairs are halved: each half is scored by coefficients fitted to
the other one. The mean vectors of the languages come from the real news in pledges/tests/data/news, which has no part
in the pairs. Needs the sentence encoder (a minute); with `--fit` writes pledges/watch/matching/cross_language.json.
"""

import argparse
import json
from datetime import date
from itertools import groupby
from pathlib import Path

import numpy as np

from pledges.domain.languages import LANGUAGES
from pledges.watch.matching import cross_language
from pledges.watch.matching.stories import same_story
from pledges.watch.text import encoder
from pledges.watch.text.language import sentences

DATA = Path(__file__).resolve().parents[1] / "pledges/tests/data"
NEWS = {"en": ("uk", "au"), "es": ("mx", "ar")}
HALVINGS = 10  # ways to halve the affairs
L2 = 1.0  # the penalty on each coefficient, of features in units of their standard deviation


def affairs() -> dict[str, list[dict]]:
    """The articles of each affair in stories_across.jsonl."""
    rows = [json.loads(line) for line in (DATA / "stories_across.jsonl").read_text(encoding="utf-8").splitlines()]
    return {name: list(group) for name, group in groupby(rows, key=lambda row: row["affair"])}


def pairs(articles: list[dict]) -> list[tuple[dict, dict, bool]]:
    """The pairs of an English and a Spanish article, and whether they report one event."""
    english, spanish = ([row for row in articles if row["lang"] == language] for language in ("en", "es"))
    return [(a, b, a["event"] == b["event"]) for a in english for b in spanish]


def report_of(row: dict) -> cross_language.Report:
    """An article of the file as the comparison takes it."""
    return cross_language.Report(row["title"], row["text"], row["lang"], date.fromisoformat(row["day"]))


def means(model: encoder.Encoder) -> dict[str, list[float]]:
    """The mean vector of each language over titles and first sentences of real news."""
    found = {}
    for language in LANGUAGES:
        lines = [line for name in NEWS[language] for line in (DATA / f"news/{name}.jsonl").read_text().splitlines()]
        articles = [row for row in map(json.loads, lines) if row["lang"] == language]
        texts = [text for row in articles for text in (row["title"], *sentences(row["text"])[:4])]
        found[language] = [round(float(number), 4) for number in model.encode(texts).mean(axis=0)]
    return found


def fit(rows: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, float]:
    """Logistic regression by Newton's method: the coefficients and the bias."""
    centre, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    design = np.column_stack([(rows - centre) / scale, np.ones(len(rows))])
    penalty = np.diag([L2] * rows.shape[1] + [1e-9])
    weights = np.zeros(design.shape[1])
    for _round in range(30):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (chance - labels) + penalty @ weights
        weights -= np.linalg.solve((design * (chance * (1 - chance))[:, None]).T @ design + penalty, slope)
    coefficients = weights[:-1] / scale
    return coefficients, float(weights[-1] - coefficients @ centre)


def figures(said: np.ndarray, labels: np.ndarray) -> str:
    """Precision and recall in words."""
    right = (said & labels).sum()
    precision = right / said.sum() if said.any() else float("nan")
    return f"precision {precision:.3f}  recall {right / labels.sum():.3f}  ({said.sum()} of {len(said)} pairs joined)"


def main() -> None:
    """Print the figures; with --fit write the coefficients."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", action="store_true", help="write the coefficients and the means")
    options = parser.parse_args()
    model = encoder.local()
    if model is None:
        raise SystemExit(f"There is no sentence encoder here: {encoder.why_not_local()}")
    if options.fit:  # the features rest on the means: these first
        write(model, dict.fromkeys(cross_language.FEATURES, 0.0), 0.0)
    groups = affairs()
    told = [(name, *pair) for name, articles in groups.items() for pair in pairs(articles)]
    labels = np.array([same for _name, _a, _b, same in told])
    rows = np.concatenate([cross_language.features(report_of(a), [report_of(b)], model) for _n, a, b, _s in told])
    comparable = np.array([cross_language.comparable(report_of(a), report_of(b)) for _n, a, b, _s in told])
    print(f"{len(groups)} affairs, {labels.sum()} pairs of one event, {(~labels).sum()} of two")
    joined = []
    for seed in range(HALVINGS):
        shuffled = np.random.default_rng(seed).permutation(sorted(groups))
        first = set(shuffled[: len(shuffled) // 2])
        half = np.array([name in first for name, *_pair in told])
        chances = np.zeros(len(told))
        for part in (half, ~half):
            coefficients, bias = fit(rows[~part], labels[~part])
            chances[part] = 1 / (1 + np.exp(-(rows[part] @ coefficients + bias)))
        said = comparable & (chances >= cross_language.THRESHOLD)
        joined.append(said)
        if not seed:
            print(f"  first half   {figures(said[half], labels[half])}")
            print(f"  second half  {figures(said[~half], labels[~half])}")
    print(f"  {HALVINGS} halvings  {figures(np.concatenate(joined), np.tile(labels, HALVINGS))}")
    words = [same_story(f"{a['title']}\n{a['text']}", f"{b['title']}\n{b['text']}") for _n, a, b, _s in told]
    print(f"  by words     {figures(np.array(words), labels)}")
    if options.fit:
        coefficients, bias = fit(rows, labels)
        fitted = dict(zip(cross_language.FEATURES, coefficients.round(3).tolist(), strict=True))
        write(model, fitted, round(bias, 3))
        print(f"  written: {fitted}, bias {bias:.3f}")


def write(model: encoder.Encoder, coefficients: dict[str, float], bias: float) -> None:
    """Write the file of coefficients."""
    content = {"coefficients": coefficients, "bias": bias, "means": means(model)}
    cross_language.FIT.write_text(json.dumps(content) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
