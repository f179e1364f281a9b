"""`python -m bench.fit`: fit the coefficients of `pledges/watch/matching/scoring.py`, and print their quality.

    python -m bench.fit [--test NAME.jsonl …] [--columns] [--write]

The training data are the sets of labelled articles in pledges/tests/data that hold enough articles about no pledge:
`articles` (invented governments, and the sample newswire) and `news` (real ones). Each set has the same weight,
whatever its size. It is logistic regression with an L2 penalty; no coefficient of evidence is negative, and that of
places abroad is not positive. Each set is judged by the model that was fitted to the others. It takes some minutes,
nearly all of them for encoding, and needs scipy, which only developers install.
"""

import argparse
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pledges.watch.matching import pledge_files
from pledges.watch.matching.index import Document
from pledges.watch.matching.matcher import Index
from pledges.watch.matching.scoring import FILE, MEANING, WORDS, Model
from pledges.watch.text import encoder

DATA = Path(__file__).resolve().parents[1] / "pledges/tests/data"
REAL = DATA / "news"
FOLDERS = (DATA / "articles", REAL)
LEAST_OTHER = (
    0.25  # a set needs this share of articles about no pledge: a set of leads alone teaches to raise everything
)
L2 = 0.001
# A missed lead costs as much as so many false ones: nobody learns of a missed one.
MISS = {"without": 2.5, "with": 1.75}


@dataclass
class Article:
    """A labelled article with its candidates: one row each in all arrays but `document`, its passages' vectors."""

    words: np.ndarray
    document: np.ndarray
    pledges: np.ndarray
    relevant: np.ndarray
    judged: np.ndarray  # False if fair editors could differ


def has_other_news(path: Path) -> bool:
    """Whether enough articles of a set are about no pledge."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return sum(not row["pledges"] for row in rows) >= LEAST_OTHER * len(rows)


def articles_of(path: Path, chosen: encoder.Encoder) -> list[Article]:
    """The articles of NAME.jsonl, with the pledges of NAME.pledges.json (or, for another name, newswire's)."""
    pledges = path.with_suffix(".pledges.json")
    profiles = pledge_files.read(pledges if pledges.exists() else DATA / "articles/newswire.pledges.json")
    index = Index(profiles)
    found = []
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        document = Document(row["title"], row["text"], row["lang"])
        rows = index._indexes[document.language].candidates(document)
        if missed := set(row["pledges"]) - {profiles[at].pledge for at in rows}:
            print(f"{row['id']}: {missed} share no word with it")
        if not len(rows):
            continue
        words, vectors, _by_passage = index.evidence(document, rows, chosen)
        if document.vectors is None or vectors is None:
            raise SystemExit("The sentence encoder does not run here: bench.fit needs it.")
        relevant = np.array([profiles[at].pledge in row["pledges"] for at in rows])
        judged = np.array([profiles[at].pledge not in row["optional_pledges"] for at in rows])
        found.append(Article(words, document.vectors, vectors, relevant, judged))
    return found


def fit(sets: Sequence[Sequence[Article]], without: Collection[str] = ()) -> dict[str, Any]:
    """The model of these sets, as `coefficients.json` has it; the columns named in `without` get no weight."""

    articles = [article for part in sets for article in part]
    documents = np.concatenate([article.document for article in articles]).mean(axis=0)
    pledges = np.concatenate([article.pledges for article in articles]).mean(axis=0)
    data: dict[str, Any] = {
        "documents": np.round(documents, 4).tolist(), "pledges": np.round(pledges, 4).tolist(), "typical": (0.0, 1.0),
        "without": dict.fromkeys((*WORDS, "bias"), 0.0), "with": dict.fromkeys((*WORDS, *MEANING, "bias"), 0.0),
    }  # fmt: skip
    nearest = [Model(data).meaning(article.document, article.pledges)[~article.relevant, 0] for article in articles]
    data["typical"] = [round(float(one(np.concatenate(nearest))), 4) for one in (np.mean, np.std)]
    model = Model(data)
    weights = {name: np.concatenate([_weights(part, miss) for part in sets]) for name, miss in MISS.items()}
    relevant = np.concatenate([article.relevant for article in articles])
    words = np.concatenate([article.words for article in articles])
    meaning = np.concatenate([model.meaning(article.document, article.pledges) for article in articles])
    data["without"] = _regression(words, WORDS, relevant, weights["without"], without)
    columns = np.column_stack([words, meaning])
    data["with"] = _regression(columns, (*WORDS, *MEANING), relevant, weights["with"], without)
    return data


def _weights(part: Sequence[Article], miss: float) -> np.ndarray:
    total = sum((article.relevant & article.judged).sum() for article in part)
    rows = [np.where(article.relevant, miss, 1.0) * article.judged / max(total, 1) for article in part]
    return np.concatenate(rows)


def _regression(
    columns: np.ndarray, names: Sequence[str], relevant: np.ndarray, weights: np.ndarray, without: Collection[str]
) -> dict[str, float]:
    """The coefficients by name. Columns are scaled to the same spread while they are fitted."""
    from scipy.optimize import minimize

    weights = weights / weights.sum()
    mean = weights @ columns
    spread = np.sqrt(weights @ (columns - mean) ** 2) + 1e-9
    scaled = (columns - mean) / spread

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        sums = scaled @ values[:-1] + values[-1]
        errors = weights * (1 / (1 + np.exp(-sums)) - relevant)
        total = weights @ (np.logaddexp(0, sums) - relevant * sums) + L2 * (values[:-1] ** 2).sum()
        return total, np.append(scaled.T @ errors + 2 * L2 * values[:-1], errors.sum())

    evidence: dict[str, tuple[float | None, float | None]] = {"abroad": (None, 0)} | dict.fromkeys(without, (0, 0))
    bounds = [*(evidence.get(name, (0, None)) for name in names), (None, None)]
    start = np.append(np.zeros(len(names)), -2.0)
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000}).x
    fitted = np.append(best[:-1] / spread, best[-1] - (best[:-1] / spread) @ mean)
    return {name: round(float(value), 4) for name, value in zip((*names, "bias"), fitted, strict=True)}


def measures(part: Sequence[Article], model: Model, *, encoded: bool) -> np.ndarray:
    """Average precision; precision, recall and F1 at 0.5; Brier score, and the calibration error: by how much the share
    of relevant pairs differs from the probability, in five bands, over the pairs above 0.05."""
    scores = []
    for one in part:
        vectors = (one.document, one.pledges) if encoded else (None, None)
        scores.append(model.probabilities(one.words, np.zeros(len(one.words), np.float32), *vectors))
    judged = np.concatenate([one.judged for one in part])
    relevant = np.concatenate([one.relevant for one in part])[judged]
    likely = np.concatenate(scores)[judged]
    order = np.argsort(-likely, kind="stable")
    precisions = np.cumsum(relevant[order]) / np.arange(1, len(order) + 1)
    raised = likely >= 0.5
    right = (relevant & raised).sum()
    precision, recall = right / max(raised.sum(), 1), right / relevant.sum()
    band = np.minimum((likely * 5).astype(int), 4)
    gaps = [abs((likely - relevant)[(band == at) & (likely > 0.05)].sum()) for at in range(5)]
    return np.array(
        [
            precisions[relevant[order]].mean(),
            precision,
            recall,
            2 * right / (raised.sum() + relevant.sum()),
            ((likely - relevant) ** 2).mean(),
            sum(gaps) / max((likely > 0.05).sum(), 1),
        ]
    )


def report(name: str, values: tuple[np.ndarray, np.ndarray]) -> None:
    """Print the `measures` without the encoder and with it, in a line."""
    print(f"{name:14}", "   |".join(" ".join(f"{value:6.3f}" for value in row) for row in values), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--test", type=Path, nargs="+", default=[], help="sets that are not fitted to: NAME.jsonl")
    parser.add_argument("--columns", action="store_true", help="also leave out each column in turn")
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    options = parser.parse_args()
    chosen = encoder.local()
    if chosen is None:
        raise SystemExit("The sentence encoder does not run here: bench.fit needs it.")
    paths = [path for folder in FOLDERS for path in sorted(folder.glob("*.jsonl")) if has_other_news(path)]
    sets = {path: articles_of(path, chosen) for path in paths}
    everything = fit(list(sets.values()))
    print(json.dumps({name: everything[name] for name in ("without", "with", "typical")}, indent=1))
    print(f"{'':14}{'without the encoder':43}   |with the encoder")
    print(f"{'left out':14}", "   |".join(["    AP   prec    rec     F1  brier  error"] * 2))
    left_out(sets)
    if options.columns:
        for column in (*WORDS, *MEANING):
            print(f"without the column {column}, the means")
            left_out(sets, [column], each=False)
    for path in options.test:
        test, model = articles_of(path, chosen), Model(everything)
        report(path.stem, (measures(test, model, encoded=False), measures(test, model, encoded=True)))
    if options.write:
        FILE.write_text(json.dumps(everything) + "\n", encoding="utf-8")


def left_out(sets: dict[Path, list[Article]], without: Collection[str] = (), *, each: bool = True) -> None:
    """Print the measures of each set by the model of the others, and their means over all sets and over real news."""
    rows = {}
    for path, part in sets.items():
        model = Model(fit([other for key, other in sets.items() if key != path], without))
        rows[path] = measures(part, model, encoded=False), measures(part, model, encoded=True)
        if each:
            report(path.stem, rows[path])
    for name, chosen in (("all", list(rows)), ("real news", [path for path in rows if path.parent == REAL])):
        without_encoder, with_encoder = np.mean([rows[path] for path in chosen], axis=0)
        report(name, (without_encoder, with_encoder))


if __name__ == "__main__":
    main()
