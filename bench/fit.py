"""`python -m bench.fit`: fit the coefficients of `pledges/watch/matching/scoring.py` anew, and say how well they do.

    python -m bench.fit [--sets FOLDER] [--without NAME] [--out COEFFICIENTS.json]

It learns from whole articles of our own (pledges/tests/data/articles: pledges of invented governments, and news
labelled with the pledges that they are about) and, where FOLDER holds sets of the form that `evaluate SET.json` reads,
from these headlines and notes as well. Logistic regression with an L2 penalty; no evidence counts against a pledge (no
coefficient below nought but `long`'s), what is elsewhere never for it. Each set weighs the same, whatever its size.
Sets named with --test are scored only. scipy is needed, on the developer's machine only.
"""

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from pledges.domain.languages import LANGUAGES
from pledges.watch.matching import features as reasons
from pledges.watch.matching.index import Document
from pledges.watch.matching.matcher import Index
from pledges.watch.matching.profile import Profile, Vocabulary, plain
from pledges.watch.matching.terms import document_terms
from pledges.watch.text.places import countries_in

ARTICLES = Path(__file__).resolve().parents[1] / "pledges/tests/data/articles"
SETS = ("es_notes", "es_headlines", "en_to_es_headlines", "en_headlines")
L2 = 0.003
MISS = 2.0  # leads that lead nowhere, for one that was missed: nobody hears of that one
OWN_WORDS = 2.0  # at least, of a name by which editors say that news call the pledge
ROUNDS = 4  # what other pledges score depends on the coefficients: refitted in turn
FAR = 6.0
SIZE = len(reasons.NAMES)


@dataclass
class Part:
    """A labelled set as numbers: a row a pair of document and pledge, the pledges of a document together."""

    name: str
    columns: np.ndarray  # reasons, alias, abroad, unplaced
    about: np.ndarray
    asked: np.ndarray  # False where fair editors could differ
    pledges: int
    pairs: list[tuple[str, str]]

    @property
    def worth(self) -> np.ndarray:
        """What each pair weighs."""
        return np.where(self.about > 0, MISS, 1.0) * self.asked


def of_index(name: str, index: Index, documents, about, optional) -> Part:
    """Every document against every pledge. `documents` are (id, title, text, language), `about` {id: slugs}."""
    columns, labels, asked, pairs = [], [], [], []
    rows = np.arange(len(index._pledges))
    for key, title, text, language in documents:
        side, document = index._indexes[language], Document(title, text, language)
        found, _by_passage = reasons.features(side, document, rows)
        told, places = plain(f"{title}\n{text}"), countries_in(f"{title}\n{text}")
        alias = [index._alias(at, document, language) for at in rows]
        away = [index._rules[at].away(told, places) if at in index._rules else (0.0, 0.0) for at in rows]
        columns.append(np.column_stack([found, alias, np.array(away)]))
        labels += [slug in about[key] for slug in index._pledges]
        asked += [slug not in optional.get(key, ()) for slug in index._pledges]
        pairs += [(slug, key) for slug in index._pledges]
    return Part(name, np.concatenate(columns), np.array(labels, float), np.array(asked), len(rows), pairs)


def articles(name: str, folder: Path = ARTICLES) -> Part:
    """A set of whole articles about one government's pledges."""
    profiles = [profile_of(one) for one in json.loads((folder / f"{name}.pledges.json").read_text())]
    rows = [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]
    documents = [(row["id"], row["title"], row["text"], row["lang"]) for row in rows]
    return of_index(
        name,
        Index(profiles),
        documents,
        {row["id"]: row["pledges"] for row in rows},
        {row["id"]: row["optional_pledges"] for row in rows},
    )


def profile_of(pledge: dict) -> Profile:
    """What the matcher is given of a pledge in these files, as `pledges.jobs.profiles` makes it of the database's."""
    from babel import Locale

    countries = [Locale(code).territories[pledge["country"]] for code in LANGUAGES]
    names = (pledge["person"], pledge["person"].split()[-1], *countries, *pledge["institutions"])
    return Profile(
        pledge=pledge["slug"],
        texts={code: f"{pledge[f'title_{code}']}\n{pledge[f'statement_{code}']}" for code in LANGUAGES},
        aliases={code: tuple(pledge[f"also_called_{code}"]) for code in LANGUAGES},
        context=tuple(dict.fromkeys(names)),
    )


def headlines(path: Path) -> Part:
    """A set of queries and documents."""
    data = json.loads(path.read_text())
    asked, told = data["lang"]
    counts: Counter[str] = Counter()
    for text in data["docs"].values():
        counts.update(document_terms("", text, told))
    vocabulary = Vocabulary({told: len(data["docs"])}, {told: counts})
    index = Index([Profile(key, {asked: text}) for key, text in data["queries"].items()], vocabulary)
    about: dict[str, set[str]] = {key: set() for key in data["docs"]}
    for query, keys in data["qrels"].items():
        for key in keys:
            about[key].add(query)
    return of_index(path.stem, index, [(key, "", text, told) for key, text in data["docs"].items()], about, {})


def lead(sums: np.ndarray, pledges: int) -> np.ndarray:
    """How far each pledge is ahead of the best other one for the same document, or behind it."""
    by_document = sums.reshape(-1, pledges)
    best = by_document.max(axis=1, keepdims=True)
    second = np.sort(by_document, axis=1)[:, -2:-1]
    return np.clip(by_document - np.where(by_document == best, second, best), -FAR, FAR).ravel()


def fit(parts: list[Part]) -> np.ndarray:
    """The coefficients: of the reasons, alias, abroad, unplaced, behind, ahead, and the bias."""
    found = None
    about = np.concatenate([part.about for part in parts])
    weight = np.concatenate([part.worth / max(part.about.sum(), 1) for part in parts])
    weight *= 20 / weight.sum()
    for _round in range(ROUNDS):
        rows = np.concatenate([design(part, found) for part in parts])
        scale = rows.std(axis=0) + 1e-6
        scaled = rows / scale

        def loss(values, scaled=scaled):
            sums = scaled @ values[:-1] + values[-1]
            wrong = weight * (1 / (1 + np.exp(-sums)) - about)
            total = (weight * (np.logaddexp(0, sums) - about * sums)).sum() + L2 * (values[:-1] ** 2).sum()
            return total, np.append(scaled.T @ wrong + 2 * L2 * values[:-1], wrong.sum())

        bounds = [(None, None) if name == "long" else (0, None) for name in reasons.NAMES]
        bounds += [(OWN_WORDS * scale[SIZE], None), (None, 0), (None, 0), (0, None), (0, None), (None, None)]
        start = np.append(np.zeros(rows.shape[1]), -4.0)
        best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 800}).x
        found = np.append(best[:-1] / scale, best[-1])
    return found


def design(part: Part, found: np.ndarray | None) -> np.ndarray:
    """The part's columns, with how far each pledge is behind or ahead by the coefficients found so far."""
    sums = part.columns @ found[: SIZE + 3] if found is not None else np.zeros(len(part.about))
    ahead = lead(sums, part.pledges)
    return np.column_stack([part.columns, np.minimum(ahead, 0), np.maximum(ahead, 0)])


def probabilities(part: Part, found: np.ndarray) -> np.ndarray:
    """As `scoring.probabilities` has them."""
    return 1 / (1 + np.exp(-(design(part, found) @ found[:-1] + found[-1])))


def report(part: Part, found: np.ndarray) -> str:
    """How well the coefficients do on a part."""
    likely = probabilities(part, found)
    asked = part.asked
    about, likely = part.about[asked], likely[asked]
    raised = likely >= 0.5
    right = about[raised].sum()
    order = np.argsort(-likely)
    hits = np.cumsum(about[order])
    ranks = np.arange(1, len(hits) + 1)
    average = (hits / ranks * about[order]).sum() / about.sum()
    best = 2 * hits / (ranks + about.sum())
    return (
        f"{part.name:20} AP {average:.3f}  best F1 {best.max():.3f} at {likely[order][best.argmax()]:.2f}"
        f"  at 0.5: precision {right / max(raised.sum(), 1):.2f} recall {right / about.sum():.2f}"
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
    found = fit(used)
    names = [*reasons.NAMES, "alias", "abroad", "unplaced", "behind", "ahead", "bias"]
    print(json.dumps({name: round(float(value), 3) for name, value in zip(names, found, strict=True)}, indent=1))
    for part in (*parts, *tests):
        print(report(part, found))
    print("each left out of the fit in turn")
    for part in used:
        print(report(part, fit([other for other in used if other is not part])))
    if options.out:
        options.out.write_text(json.dumps(dict(zip(names, found.tolist(), strict=True)), indent=1))


if __name__ == "__main__":
    main()
