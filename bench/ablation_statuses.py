"""What the rules for statuses (`pledges/watch/status`) are worth: see `bench.ablation`.

Each labelled pair of an article and a pledge of the real governments in pledges/tests/data/news counts. The prediction
is the first status that the rules read in the sentences near the pledge, or in the title, in the matcher's order;
if there is none, the pledge stands as before. The own sentences were written for the rules: they count less.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.ablation import Figures, Group, without
from bench.fit import profile_of
from pledges.watch.matching.matcher import Index
from pledges.watch.status import (
    clauses,
    events,
    nouns_en,
    nouns_es,
    patterns,
    patterns_en,
    patterns_es,
    phrases_en,
    phrases_es,
    suggestion,
)
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
    before: str
    status: str
    also: frozenset[str]

    @property
    def changed(self) -> bool:
        return self.status not in {NO_CHANGE, self.before}


class _Near(Index):
    """An index that collects which sentences the matcher reads for each pledge."""

    def _explain(self, at, score, document, values, index, suggestion):
        read: list[str] = []

        def collect(passage, home):
            read.append(document.passages[passage].text)
            return "", ""

        super()._explain(at, score, document, values, index, collect)
        self.near[self._pledges[at]] = tuple(read)
        return super()._explain(at, score, document, values, index, suggestion)


@cache
def pairs() -> list[Pair]:
    """The labelled pairs of every government."""
    found = []
    for government in GOVERNMENTS:
        pledges = json.loads((DATA / f"news/{government}.pledges.json").read_text())
        profiles = {profile.pledge: profile for profile in map(profile_of, pledges)}
        index = _Near(profiles.values())
        for line in (DATA / f"news/{government}.jsonl").read_text().splitlines():
            row = json.loads(line)
            index.near = {}
            index.match(row["title"], row["text"], row["lang"], threshold=0.0)
            for slug in row["pledges"]:
                found.append(
                    Pair(
                        government,
                        index.near.get(slug, ()),
                        row["title"],
                        row["lang"],
                        profiles[slug].context,
                        row["before"].get(slug, "not_started"),
                        row["suggested"].get(slug, NO_CHANGE),
                        frozenset(row["also_ok"].get(slug, ())),
                    )
                )
    return found


@cache
def own() -> list[dict]:
    """The labelled sentences that the rules were written with."""
    return [json.loads(line) for line in (DATA / "suggestions.jsonl").read_text().splitlines()]


def read(pair: Pair) -> str:
    """The first status that the rules read in a pair, or ""."""
    readings = (suggest(text, pair.language, pair.title, home=pair.home)[0] for text in pair.sentences)
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

    def renew() -> None:
        patterns._READERS.clear()
        suggestion._RULES.update(
            (language, suggestion._Rules(words)) for language, words in suggestion._PHRASES.items()
        )

    def words(name: str, attribute: str, value: object, *modules: object) -> Group:
        return without(name, *((module, attribute, value) for module in modules), renew=renew)

    verbs, phrases = (patterns_en, patterns_es), (phrases_en, phrases_es)
    found = [words(f"verbs {name}", name, "", *verbs) for _, name in patterns._STATUSES]
    found.append(
        without("every verb", *((module, name, "") for module in verbs for _, name in patterns._STATUSES), renew=renew)
    )
    found += [
        without(
            f"phrases {status}",
            *((module, "PHRASES", {**module.PHRASES, status: (NEVER,)}) for module in phrases),
            renew=renew,
        )
        for status in phrases_en.PHRASES
    ]
    letters = sorted({*nouns_en.NOUNS, *nouns_es.NOUNS})
    found += [
        without(
            f"nouns {letter}",
            *((module, "NOUNS", {**module.NOUNS, letter: ""}) for module in (nouns_en, nouns_es)),
            renew=renew,
        )
        for letter in letters
    ]
    for name in (
        "PART",
        "FEW",
        "COUNT",
        "SHARE",
        "PLEDGED",
        "UNDONE",
        "SOON",
        "HISTORY",
        "RECENT",
        "FUTURE",
        "ACCORDING",
        "CLAIMS",
        "OTHERS",
        "UNRELATED",
    ):
        found.append(words(name, name, NEVER, *phrases))
    for name in (
        "HEDGES",
        "NEGATIONS",
        "SUBORDINATORS",
        "RELATIVES",
        "STARTS",
        "USES",
        "RUNNING",
        "RECEIVES",
        "STATES",
        "STATES_NOW",
        "BUILDS",
        "BEING",
    ):
        found.append(words(name, name, frozenset(), *verbs))
    nothing = lambda *_: None  # noqa: E731
    found += [
        without("in use", (events, "in_use", nothing)),
        without("begins", (events, "begins", nothing)),
        without("in use, begins", (events, "in_use", nothing), (events, "begins", nothing)),
        without("private", (events, "_PRIVATE", frozenset())),
        without("ongoing", (suggestion, "_ONGOING", dict.fromkeys(suggestion._ONGOING, re.compile(NEVER)))),
        without("quotes", (suggestion, "_QUOTED", re.compile(NEVER))),
        without("whole", (suggestion, "_WHOLE", re.compile(NEVER))),
        without("elsewhere", (suggestion, "elsewhere", lambda *_: False)),
        without("background, subordinate", (clauses.Clauses, "subordinate", lambda *_: (False, False))),
        without("voice and tense", (events, "voice", lambda *_: "active")),
    ]
    return found
