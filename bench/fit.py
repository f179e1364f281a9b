"""`python -m bench.fit`: fit the coefficients of `pledges/watch/matching/scoring.py`, and print their quality.

    python -m bench.fit [--sets FOLDER] [--without NAME] [--out COEFFICIENTS.json]

The training data are the whole articles in pledges/tests/data/articles (pledges of invented governments, and news
labelled with the pledges that they are about) and, with --sets, the headlines and notes in FOLDER, in the format of
`evaluate SET.json`. Logistic regression with an L2 penalty; coefficients of evidence are not negative (but that of
`long`), those of places abroad not positive. Each set has the same weight, whatever its size. Sets named with --test
are scored only. It needs scipy, which only developers install.
"""

import argparse
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pledges.watch.matching import features, pledge_files
from pledges.watch.matching.index import Document
from pledges.watch.matching.matcher import Index
from pledges.watch.matching.profile import Profile, Vocabulary, plain
from pledges.watch.matching.terms import document_terms
from pledges.watch.text.places import countries_in

ARTICLES = Path(__file__).resolve().parents[1] / "pledges/tests/data/articles"
SETS = ("es_notes", "es_headlines", "en_to_es_headlines", "en_headlines")
L2 = 0.003
MISS = 2.0  # a missed lead costs as much as so many false ones: nobody learns of a missed one
OWN_WORDS = 2.0  # the least coefficient of an alias, a name that editors gave the pledge
ROUNDS = 4  # refits: the lead over other pledges depends on the coefficients themselves
FAR = 6.0
SIZE = len(features.NAMES)


@dataclass
class Part:
    """A labelled set as arrays: a row for each pair of document and pledge, those of one document together."""

    name: str
    columns: np.ndarray  # features, alias, abroad, unplaced
    relevant: np.ndarray  # 1 or 0
    judged: np.ndarray  # False if fair editors could differ
    pledges: int

    @property
    def weights(self) -> np.ndarray:
        """The weight of each pair."""
        return np.where(self.relevant > 0, MISS, 1.0) * self.judged


def of_index(
    name: str,
    index: Index,
    documents: Iterable[tuple[str, str, str, str]],
    relevant: Mapping[str, Collection[str]],
    optional: Mapping[str, Collection[str]],
) -> Part:
    """Every document against every pledge. `documents` are (id, title, text, language); `relevant` and `optional` have
    the slugs of pledges by the document's id."""
    columns, labels, judged = [], [], []
    rows = range(len(index._profiles))
    for key, title, text, language in documents:
        document = Document(title, text, language)
        values, _by_passage = features.features(index._indexes[language], document, np.arange(len(rows)))
        plain_text, places = plain(f"{title}\n{text}"), countries_in(f"{title}\n{text}")
        alias = [index._alias(row, document) for row in rows]
        away = [index._rules[row].away(plain_text, places) if row in index._rules else (0.0, 0.0) for row in rows]
        columns.append(np.column_stack([values, alias, np.array(away)]))
        labels += [profile.pledge in relevant[key] for profile in index._profiles]
        judged += [profile.pledge not in optional.get(key, ()) for profile in index._profiles]
    return Part(name, np.concatenate(columns), np.array(labels, float), np.array(judged), len(rows))


def articles(name: str, folder: Path = ARTICLES) -> Part:
    """A set of whole articles about one government's pledges."""
    profiles = pledge_files.read(folder / f"{name}.pledges.json")
    rows = [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]
    documents = [(row["id"], row["title"], row["text"], row["lang"]) for row in rows]
    return of_index(
        name,
        Index(profiles),
        documents,
        {row["id"]: row["pledges"] for row in rows},
        {row["id"]: row["optional_pledges"] for row in rows},
    )


def headlines(path: Path) -> Part:
    """A set of queries and documents."""
    data = json.loads(path.read_text())
    query_language, language = data["lang"]
    counts: Counter[str] = Counter()
    for text in data["docs"].values():
        counts.update(document_terms("", text, language))
    vocabulary = Vocabulary({language: len(data["docs"])}, {language: counts})
    index = Index([Profile(key, {query_language: text}) for key, text in data["queries"].items()], vocabulary)
    relevant: dict[str, set[str]] = {key: set() for key in data["docs"]}
    for query, keys in data["qrels"].items():
        for key in keys:
            relevant[key].add(query)
    documents = [(key, "", text, language) for key, text in data["docs"].items()]
    return of_index(path.stem, index, documents, relevant, {})


def lead(sums: np.ndarray, pledges: int) -> np.ndarray:
    """By how much each pledge is ahead of (or behind) the best other one for the same document."""
    by_document = sums.reshape(-1, pledges)
    best = by_document.max(axis=1, keepdims=True)
    second = np.sort(by_document, axis=1)[:, -2:-1]
    return np.clip(by_document - np.where(by_document == best, second, best), -FAR, FAR).ravel()


def fit(parts: list[Part]) -> np.ndarray:
    """The coefficients: of the features, alias, abroad, unplaced, behind, ahead, and the bias."""
    from scipy.optimize import minimize

    coefficients = np.zeros(0)
    relevant = np.concatenate([part.relevant for part in parts])
    weight = np.concatenate([part.weights / max(part.relevant.sum(), 1) for part in parts])
    weight *= 20 / weight.sum()
    for _round in range(ROUNDS):
        rows = np.concatenate([design(part, coefficients) for part in parts])
        scale = rows.std(axis=0) + 1e-6
        scaled = rows / scale

        def loss(values, scaled=scaled):
            sums = scaled @ values[:-1] + values[-1]
            errors = weight * (1 / (1 + np.exp(-sums)) - relevant)
            total = (weight * (np.logaddexp(0, sums) - relevant * sums)).sum() + L2 * (values[:-1] ** 2).sum()
            return total, np.append(scaled.T @ errors + 2 * L2 * values[:-1], errors.sum())

        bounds: list[tuple[float | None, float | None]] = [
            (None, None) if name == "long" else (0, None) for name in features.NAMES
        ]
        bounds += [(OWN_WORDS * scale[SIZE], None), (None, 0), (None, 0), (0, None), (0, None), (None, None)]
        start = np.append(np.zeros(rows.shape[1]), -4.0)
        best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 800}).x
        coefficients = np.append(best[:-1] / scale, best[-1])
    return coefficients


def design(part: Part, coefficients: np.ndarray) -> np.ndarray:
    """The part's columns, with by how much each pledge is behind or ahead; without coefficients, 0."""
    sums = part.columns @ coefficients[: SIZE + 3] if coefficients.size else np.zeros(len(part.relevant))
    ahead = lead(sums, part.pledges)
    return np.column_stack([part.columns, np.minimum(ahead, 0), np.maximum(ahead, 0)])


def probabilities(part: Part, coefficients: np.ndarray) -> np.ndarray:
    """The probability of each pair, as in `scoring.probabilities`."""
    return 1 / (1 + np.exp(-(design(part, coefficients) @ coefficients[:-1] + coefficients[-1])))


def report(part: Part, coefficients: np.ndarray) -> str:
    """Average precision, best F1, precision and recall on a part, in a line."""
    relevant, likely = part.relevant[part.judged], probabilities(part, coefficients)[part.judged]
    raised = likely >= 0.5
    right = relevant[raised].sum()
    order = np.argsort(-likely)
    hits = np.cumsum(relevant[order])
    ranks = np.arange(1, len(hits) + 1)
    average = (hits / ranks * relevant[order]).sum() / relevant.sum()
    best = 2 * hits / (ranks + relevant.sum())
    return (
        f"{part.name:20} AP {average:.3f}  best F1 {best.max():.3f} at {likely[order][best.argmax()]:.2f}"
        f"  at 0.5: precision {right / max(raised.sum(), 1):.2f} recall {right / relevant.sum():.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", type=Path)
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--test", type=Path, action="append", default=[], help="NAME.jsonl beside NAME.pledges.json")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    names = sorted(path.stem for path in ARTICLES.glob("*.jsonl"))
    parts = [articles(name) for name in names]
    if options.sets:
        parts += [headlines(options.sets / f"{name}.json") for name in SETS]
    tests = [articles(path.stem, path.parent) for path in options.test]
    used = [part for part in parts if part.name not in options.without]
    coefficients = fit(used)
    names = [*features.NAMES, "alias", "abroad", "unplaced", "behind", "ahead", "bias"]
    print(json.dumps({name: round(float(value), 3) for name, value in zip(names, coefficients, strict=True)}, indent=1))
    for part in (*parts, *tests):
        print(report(part, coefficients))
    print("each left out of the fit in turn")
    for part in used:
        print(report(part, fit([other for other in used if other is not part])))
    if options.out:
        options.out.write_text(json.dumps(dict(zip(names, coefficients.tolist(), strict=True)), indent=1))


if __name__ == "__main__":
    main()
