"""`python -m bench.fit_status`: fit the coefficients of `pledges/watch/status/reading.py`, and print their quality.

    python -m bench.fit_status [--folds GOV ...] [--out pledges/watch/status/reading.json]

The training data are the labelled pairs of article and pledge in pledges/tests/data/news (real governments) and
pledges/tests/data/invented. Multinomial logistic regression with L2 penalties (Hastie, Tibshirani and Friedman 2009,
The Elements of Statistical Learning, 4.4 and 18.3). Where the label may be argued about (`also_ok`), a part of it goes
to the other labels. A pair of an invented government weighs less and says nothing of how often statuses change: news of
changes are more frequent there. The sentence that is named as evidence is a training example of its own. Whole
governments are left out in turn, those of --folds (without it, all real ones). It needs scipy and the sentence
encoder, and takes some minutes for 6,000 sentences.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np

from pledges.domain.rules import Status
from pledges.watch.matching import metrics, pledge_files
from pledges.watch.matching.explanation import cues, language_in, near_passages
from pledges.watch.matching.features import features
from pledges.watch.matching.index import Document
from pledges.watch.matching.matcher import Index
from pledges.watch.status import reading
from pledges.watch.status.reading import NO_CHANGE, OUTCOMES, Standing
from pledges.watch.text import encoder as encoders

DATA = Path(__file__).resolve().parents[1] / "pledges/tests/data"
REAL, INVENTED = DATA / "news", DATA / "invented"
INVENTED_WEIGHT, EVIDENCE_WEIGHT = 0.6, 2.0
ARGUABLE = 0.3  # the weight of `also_ok` beside the label
# L2 penalties: of the weights of each outcome, of those of the dimensions of criteria, of everything else.
TONE_L2, CRITERIA_L2, OTHER_L2 = 0.5, 0.05, 0.05
CRITERIA_START = 5.0  # what the weights of the dimensions are drawn to: the plain product of article and criterion
BIAS_SCALE = 5.0
STATUSES = (Status.NOT_STARTED, Status.IN_PROGRESS, Status.PARTLY_KEPT, Status.KEPT, Status.STALLED, Status.BROKEN)
OVERDUE = (Status.KEPT, Status.PARTLY_KEPT, Status.IN_PROGRESS, Status.BROKEN)


@dataclass(frozen=True)
class Pair:
    """A labelled article and pledge; vectors are as the encoder gave them."""

    government: str
    real: bool
    label: str
    also_ok: frozenset[str]
    standing: Standing
    cue_status: str
    languages: tuple[str, str]
    sentences: np.ndarray
    pledge: np.ndarray
    criteria: dict[str, np.ndarray]
    evidence: int | None  # the row of the sentence


@dataclass(frozen=True)
class Rows:
    """Training examples as arrays, one row each; `other` has the columns of `names()`."""

    article: np.ndarray
    criteria: np.ndarray  # (rows, outcomes, dimensions): the product of article and criterion
    other: np.ndarray  # (rows, outcomes, columns)
    label: np.ndarray  # (rows, outcomes): shares
    weight: np.ndarray

    def where(self, chosen: np.ndarray) -> "Rows":
        return Rows(*(column[chosen] for column in vars(self).values()))


def pairs_of(folder: Path, encoder: encoders.Encoder) -> list[Pair]:
    """The labelled pairs of all governments of a folder."""
    pairs = []
    for path in sorted(folder.glob("*.jsonl")):
        index = Index(pledge_files.read(path.with_name(f"{path.stem}.pledges.json")))
        rows = {profile.pledge: at for at, profile in enumerate(index._profiles)}
        for line in path.read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            document = Document(article["title"], article["text"], article["lang"])
            document.encode(encoder)
            for slug in article["pledges"]:
                pairs.append(_pair(path.stem, folder == REAL, index, rows[slug], document, article, encoder))
    return pairs


def _pair(
    government: str,
    real: bool,
    index: Index,
    at: int,
    document: Document,
    article: dict[str, Any],
    encoder: encoders.Encoder,
) -> Pair:
    profile = index._profiles[at]
    slug, day = profile.pledge, date.fromisoformat(article["date"])
    before = article.get("before", {}).get(slug) or profile.status_before(day)
    _, by_passage = features(index._indexes[document.language], document, np.array([at]))
    found = next(cues(near_passages(by_passage[0], document), document, profile, before), None)
    language = language_in(profile, document.language)
    criteria = profile.criteria.get(language, {})
    text, *vectors = encoder.encode([profile.text_in(language), *criteria.values()])
    assert document.vectors is not None
    passages = [passage.text for passage in document.passages[: len(document.vectors)]]
    return Pair(
        government,
        real,
        article.get("suggested", {}).get(slug, NO_CHANGE),
        frozenset(article.get("also_ok", {}).get(slug, ())),
        Standing(before, profile.overdue(day)),
        found[1] if found else "",
        (document.language, language),
        document.vectors,
        text,
        dict(zip(criteria, vectors, strict=True)),
        _row_of(article.get("evidence", {}).get(slug, ""), passages),
    )


def _row_of(evidence: str, passages: list[str]) -> int | None:
    """The passage that is the evidence; the evidence may be a part of it."""
    likeness = [SequenceMatcher(None, evidence, passage, autojunk=False).ratio() for passage in passages]
    return int(np.argmax(likeness)) if evidence and max(likeness) > 0.5 else None


def means_of(pairs: Sequence[Pair]) -> dict[str, np.ndarray]:
    """By language, the mean vector of the articles' sentences."""
    by_language: dict[str, list[np.ndarray]] = {}
    for pair in pairs:
        by_language.setdefault(pair.languages[0], []).append(pair.sentences)
    return {language: np.concatenate(vectors).mean(axis=0) for language, vectors in by_language.items()}


def names() -> list[str]:
    """The columns of `Rows.other`."""
    changes = [f"{before}>{after}" for before in STATUSES for after in STATUSES if before != after]
    known = ["cue", "no cue", "overdue stay", *(f"overdue {status}" for status in OVERDUE)]
    return [*known, "stay", NO_CHANGE, *STATUSES, *changes]


def rows_of(pairs: Sequence[Pair], means: dict[str, np.ndarray]) -> tuple[Rows, Rows]:
    """The articles, and the sentences that are evidence, as training examples."""
    articles, sentences = [], []
    for pair in pairs:
        vectors = reading.centred(pair.sentences, pair.languages[0], means)
        pledge = reading.centred(pair.pledge, pair.languages[1], means)
        criteria = reading.distinct(
            {status: reading.centred(vector, pair.languages[1], means) for status, vector in pair.criteria.items()}
        )
        label = _label(pair)
        article = reading.mean_of(vectors, reading.nearest(vectors, pledge))
        weight = 1.0 if pair.real else INVENTED_WEIGHT
        articles.append((article, criteria * article, _other(pair), label, weight))
        one = vectors[pair.evidence] if pair.evidence is not None else article
        given = EVIDENCE_WEIGHT if pair.evidence is not None else 0.0
        sentences.append((one, criteria * one, np.zeros((len(OUTCOMES), len(names()))), label, given))
    return _as_rows(articles), _as_rows(sentences)


def _as_rows(examples: list[tuple[Any, ...]]) -> Rows:
    return Rows(*(np.array(column, np.float32) for column in zip(*examples, strict=True)))


def _label(pair: Pair) -> np.ndarray:
    shares = np.zeros(len(OUTCOMES))
    shares[OUTCOMES.index(pair.label)] = 1
    for status in pair.also_ok:
        shares[OUTCOMES.index(status)] += ARGUABLE / len(pair.also_ok)
    normal: np.ndarray = shares / shares.sum()
    return normal


def _other(pair: Pair) -> np.ndarray:
    columns: dict[str, tuple[str, ...]] = dict.fromkeys(names(), ())
    before = pair.standing.before
    stays = (before, NO_CHANGE)
    if pair.cue_status:
        columns["cue"] = (pair.cue_status,)
    else:
        columns["no cue"] = stays
    if pair.standing.overdue:
        columns["overdue stay"] = (before,)
        columns.update((f"overdue {status}", (status,)) for status in OVERDUE)
    if pair.real:
        columns["stay"] = (before,)
        for after in (NO_CHANGE, *STATUSES):
            columns[after] = (after,)
            if f"{before}>{after}" in columns:
                columns[f"{before}>{after}"] = (after,)
    return np.array([[outcome in outcomes for outcomes in columns.values()] for outcome in OUTCOMES], np.float32)


def fit(rows: Rows, means: dict[str, np.ndarray]) -> reading.Coefficients:
    """The coefficients of greatest penalized likelihood. They are scaled so that each has the same penalty."""
    from scipy.optimize import minimize

    outcomes, size, columns = len(OUTCOMES), rows.article.shape[1], rows.other.shape[2]
    parts = np.cumsum([outcomes * size, outcomes, size])
    scale = np.concatenate(
        [
            np.full(outcomes * size, (2 * TONE_L2) ** -0.5),
            np.full(outcomes, BIAS_SCALE),
            np.full(size, (2 * CRITERIA_L2) ** -0.5),
            np.full(columns, (2 * OTHER_L2) ** -0.5),
        ]
    )
    flat_criteria, flat_other = rows.criteria.reshape(-1, size), rows.other.reshape(-1, columns)
    start = CRITERIA_START * rows.criteria.sum(axis=2)

    def loss(scaled: np.ndarray) -> tuple[float, np.ndarray]:
        tone, bias, criteria, other = np.split((scaled * scale).astype(np.float32), parts)
        scores = start + rows.article @ tone.reshape(outcomes, size).T + bias
        scores += (flat_criteria @ criteria + flat_other @ other).reshape(-1, outcomes)
        scores -= scores.max(axis=1, keepdims=True)
        total = np.log(np.exp(scores).sum(axis=1))
        errors = rows.weight[:, None] * (np.exp(scores - total[:, None]) - rows.label)
        slopes = [
            errors.T @ rows.article,
            errors.sum(axis=0),
            errors.ravel() @ flat_criteria,
            errors.ravel() @ flat_other,
        ]
        value = (rows.weight * (total - (rows.label * scores).sum(axis=1))).sum() + (scaled**2).sum() / 2
        return float(value), np.concatenate([np.ravel(slope) for slope in slopes]).astype(float) * scale + scaled

    options = {"maxiter": 200, "ftol": 1e-7}
    best = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B", options=options).x * scale
    tone, bias, criteria, other = np.split(best, parts)
    return _coefficients(tone.reshape(outcomes, size), bias, criteria + CRITERIA_START, other, means)


def _coefficients(
    tone: np.ndarray, bias: np.ndarray, criteria: np.ndarray, other: np.ndarray, means: dict[str, np.ndarray]
) -> reading.Coefficients:
    """The fitted numbers in the form in which they are used."""
    of = dict(zip(names(), other.tolist(), strict=True))
    table = {}
    for before in Status:
        row = {after: of.get(after, 0.0) + of.get(f"{before}>{after}", 0.0) for after in OUTCOMES}
        row[before] += of["stay"]
        table[before.value] = np.array(list(row.values()))
    return reading.Coefficients(
        means=means,
        tone=tone,
        bias=bias,
        criteria=criteria,
        table=table,
        overdue=np.array([of.get(f"overdue {outcome}", 0.0) for outcome in OUTCOMES]),
        overdue_stay=of["overdue stay"],
        cue=of["cue"],
        no_cue=of["no cue"],
    )


def to_json(model: reading.Coefficients) -> str:
    """The coefficients as `reading.from_json` reads them, rounded to four decimals."""
    plain = {
        name: {key: _rounded(row) for key, row in value.items()} if isinstance(value, dict) else _rounded(value)
        for name, value in vars(model).items()
    }
    return json.dumps(plain, separators=(",", ":")).replace("],", "],\n") + "\n"


def _rounded(value: np.ndarray | float) -> Any:
    return np.round(np.asarray(value, float), 4).tolist()


def judge(pair: Pair, model: reading.Coefficients | None) -> metrics.Judgement:
    """The suggestion for a pair beside its label; None is without the encoder."""
    if model is None:
        found = reading.without_encoder(pair.cue_status, pair.standing)
    else:
        found = reading.read(
            pair.sentences, pair.pledge, pair.criteria, pair.languages, pair.standing, pair.cue_status, model
        )
    return metrics.Judgement(pair.label, pair.standing.before, found.kind, found.status, pair.also_ok)


def report(name: str, judged: Sequence[metrics.Judgement]) -> str:
    """The figures of a set in a line."""
    changes, statuses = metrics.changes(judged), metrics.statuses(judged)
    suggested = max(changes.suggested, 1)
    return (
        f"{name:24} {changes.there:3} changes, {changes.suggested:3} suggested:"
        f" recall {changes.seen / changes.there:.2f} precision {changes.seen / suggested:.2f}"
        f" (to the right status {changes.right / suggested:.2f})  accuracy {statuses.strict / len(judged):.2f}"
        f" (lenient {statuses.lenient / len(judged):.2f})  macro-F1 {statuses.macro_strict or 0:.2f}"
        f" (lenient {statuses.macro_lenient or 0:.2f})"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folds", nargs="*", help="the governments that are left out in turn")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    encoder = encoders.local()
    if encoder is None:
        raise SystemExit(f"The sentence encoder cannot run here: {encoders.why_not_local()}")
    pairs = pairs_of(REAL, encoder) + pairs_of(INVENTED, encoder)
    means = means_of(pairs)
    articles, sentences = rows_of(pairs, means)
    columns = zip(vars(articles).values(), vars(sentences).values(), strict=True)
    both = Rows(*map(np.concatenate, columns))
    governments = np.array([pair.government for pair in pairs] * 2)
    folds = sorted({pair.government for pair in pairs if pair.real}) if options.folds is None else options.folds
    by_model: dict[str, list[metrics.Judgement]] = {"without the encoder": [], "with the encoder": []}
    for government in folds:
        model = fit(both.where(governments != government), means)
        left_out = [pair for pair in pairs if pair.government == government]
        for (name, judged), used in zip(by_model.items(), (None, model), strict=True):
            mine = [judge(pair, used) for pair in left_out]
            print(report(f"{government} {name}", mine), flush=True)
            judged += mine
    for name, judged in by_model.items():
        if judged:
            print(report(f"all {name}", judged))
            for (label, predicted), count in sorted(metrics.statuses(judged).confusion.items()):
                print(f"    {label} → {predicted}: {count}")
    if options.out:
        options.out.write_text(to_json(fit(both, means)), encoding="ascii")


if __name__ == "__main__":
    main()
