"""What the rules for statuses (`pledges/watch/status`) are worth: see `bench.ablation`.

Each labelled pair of an article and a pledge of the real governments in pledges/tests/data/news counts. The prediction
is the first status that the rules read in the sentences near the pledge, or in the title, in the matcher's order;
if there is none, the pledge stands as before. The own sentences were written for the rules: they count less.
"""

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from bench.ablation import Figures, Group, without
from pledges.watch.matching import features, matcher
from pledges.watch.matching.explanation import near_passages
from pledges.watch.matching.index import Document
from pledges.watch.matching.pledge_files import profile_of
from pledges.watch.status import cues_en, cues_es, suggestion
from pledges.watch.status.pledge import PledgeText
from pledges.watch.status.suggestion import suggest

DATA = Path(__file__).resolve().parents[1] / "pledges/tests/data"
GOVERNMENTS = ("mx", "ar", "uk", "au")
NO_CHANGE = "no_change"
NEVER = "(?!)"  # matches nothing


@dataclass(frozen=True)
class Pair:
    """An article about a pledge: the sentences near the pledge, in order, and the status that it reports."""

    government: str
    sentences: tuple[str, ...]
    title: str
    language: str
    home: tuple[str, ...]
    pledge: PledgeText
    status: str
    also: frozenset[str]

    @property
    def before(self) -> str:
        return self.pledge.before

    @property
    def changed(self) -> bool:
        return self.status not in {NO_CHANGE, self.before}


@cache
def pairs() -> list[Pair]:
    """The labelled pairs of every government."""
    found = []
    for government in GOVERNMENTS:
        pledges = json.loads((DATA / f"news/{government}.pledges.json").read_text())
        profiles = [profile_of(pledge) for pledge in pledges]
        index = matcher.Index(profiles)
        rows = {profile.pledge: at for at, profile in enumerate(profiles)}
        for line in (DATA / f"news/{government}.jsonl").read_text().splitlines():
            article = json.loads(line)
            language = article["lang"]
            document = Document(article["title"], article["text"], language)
            _values, by_passage = features.features(index._indexes[language], document, np.arange(len(rows)))
            for slug in article["pledges"]:
                at = rows[slug]
                criteria = {language: pledges[at][f"criteria_{language}"]}
                before = article["before"].get(slug, "not_started")
                found.append(
                    Pair(
                        government,
                        near(document, by_passage[at]),
                        article["title"],
                        language,
                        profiles[at].context,
                        PledgeText.of(profiles[at].texts, criteria, language, before),
                        article["suggested"].get(slug, NO_CHANGE),
                        frozenset(article["also_ok"].get(slug, ())),
                    )
                )
    return found


def near(document: Document, values: np.ndarray) -> tuple[str, ...]:
    """The sentences that are about a pledge, best first, as the matcher picks them."""
    return tuple(document.passages[at].text for at in near_passages(values, document))


@cache
def own() -> list[dict]:
    """The labelled sentences that the rules were written with."""
    return [json.loads(line) for line in (DATA / "suggestions.jsonl").read_text().splitlines()]


def read(pair: Pair) -> str:
    """The first status that the rules read in a pair, or ""."""
    readings = (
        suggest(text, pair.language, pair.title, home=pair.home, pledge=pair.pledge)[0] for text in pair.sentences
    )
    return next(filter(None, readings), "")


def macro_f1(rows: list[tuple[str, str]]) -> float:
    """The mean F1 of the labels that occur; rows are (label, prediction)."""
    right = Counter(label for label, said in rows if label == said)
    labels, predicted = Counter(label for label, _ in rows), Counter(said for _, said in rows)
    return sum(2 * right[label] / (labels[label] + predicted[label]) for label in labels) / len(labels)


def figures(governments: tuple[str, ...] = GOVERNMENTS) -> Figures:
    """Strict and lenient accuracy and macro-F1 on the real news; recall and precision of changes, and how many of the
    changes get their right status; accuracy by government; macro-F1 on the own sentences."""
    rows = [(pair, read(pair)) for pair in pairs() if pair.government in governments]
    strict = [(pair.status, said or pair.before) for pair, said in rows]
    lenient = [
        (said if said in pair.also else status, said) for (pair, _), (status, said) in zip(rows, strict, strict=True)
    ]
    change = [pair for pair, _ in rows if pair.changed]
    suggested = [(pair, said) for pair, said in rows if said and said != pair.before]
    seen = [(pair, said) for pair, said in suggested if pair.changed]
    result = {
        "strict": sum(label == said for label, said in strict) / len(strict),
        "lenient": sum(label == said for label, said in lenient) / len(strict),
        "F1": macro_f1(strict),
        "F1 len.": macro_f1(lenient),
        "ch. rec.": len(seen) / len(change),
        "ch. prec.": len(seen) / max(1, len(suggested)),
        "right": sum(said == pair.status or said in pair.also for pair, said in seen) / len(change),
    }
    for government in governments:
        part = [
            label == said
            for (pair, _), (label, said) in zip(rows, strict, strict=True)
            if pair.government == government
        ]
        result[government] = sum(part) / len(part)
    result["own F1"] = macro_f1(
        [
            (
                row["status"],
                suggest(row["sentence"], row["language"], row.get("context", ""), home=tuple(row["home"]))[0]
                or NO_CHANGE,
            )
            for row in own()
        ]
    )
    return result


def groups() -> list[Group]:
    """The groups of rules to switch off."""
    both = (cues_en, cues_es)

    def renew() -> None:
        suggestion._RULES.update(en=suggestion._Rules(cues_en), es=suggestion._Rules(cues_es))

    def words(name: str, *attributes: str) -> Group:
        changes = ((module, attribute, NEVER) for module in both for attribute in attributes)
        return without(name, *changes, renew=renew)

    def cues(name: str, attribute: str, status: str, off: object) -> Group:
        changes = ((module, attribute, {**getattr(module, attribute), status: off}) for module in both)
        return without(f"{name}: {status}", *changes, renew=renew)

    return [
        *(cues("verbs", "VERBS", status, {}) for status in cues_en.VERBS),
        *(cues("expressions", "CUES", status, NEVER) for status in cues_en.CUES),
        words("a part", "PART"),
        words("plans, hopes, negations before a cue", "HEDGES"),
        words("plans after a cue", "FUTURE"),
        words("clauses", "STOPS"),
        without("another country", (suggestion, "elsewhere", lambda *_: False)),
        without("contradictions", (suggestion, "_AGAINST_KEPT", frozenset())),
        without(
            "the pledge", (suggestion, "_for_pledge", lambda _, status, *rest: status), (suggestion, "_turn", nothing)
        ),
        words("against 'not raise'", "NOT_RAISE"),
        words("with or against 'reduce'", "LOWER"),
        words("laws that pass", "LAW_PASSED"),
        without("the pledge's number", (suggestion, "share_told", lambda *_: None)),
    ]


def nothing(*_: object) -> tuple[None, None]:
    """No reading of a figure."""
    return None, None
