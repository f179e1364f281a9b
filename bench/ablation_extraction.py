"""What the rules that find pledges in texts are worth (see `bench.ablation`), by grammar alone.

Figures: recall and precision of the labelled texts in pledges/tests/data/extraction (an action has to hold half of the
labelled words); how often deadline, speaker, kind and whether it can be checked are right; recall and precision of
sentences.tsv; and those of a file of labelled promises, if the environment variable PROMISES names one.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

from bench.ablation import Figures, Group, without
from pledges.watch.extraction import (
    classification,
    english,
    evaluation,
    read,
    rejected,
    segmentation,
    spanish,
    words_en,
    words_es,
)
from pledges.watch.text.language import is_stop_word, stem, words

DATA = Path(__file__).resolve().parents[1] / "pledges/tests/data/extraction"
NEVER = r"(?!)"
_WORDS = (
    "BELIEFS CONDITION FORECAST_NOUNS FORECAST_VERBS RISING LOWERS OURS_TO_SET NO_PROMISE NO_ACT NOBODY VAGUE_VERBS "
    "VAGUE_NOUNS CONCRETE MEANS EFFECT RECEIVE RECORD PROGRAMME OTHERS HOUSES ROLES PRONOUNS SAME VOICE OTHER_TITLES "
    "LEGISLATORS"
).split()
_PATTERNS = {
    english: "_TAKEN_BACK _CAMPAIGN _GOVERNMENT _AFTER _STOPS _SPLIT _NOUNS _LINKING _EMPTY _FINITE _TELLS _ADVERBIAL "
    "_VERBAL",
    spanish: "_TAKEN_BACK _CAMPAIGN _GOVERNMENT _STOPS _SPLIT _NOUNS _LINKING _SPEAKER _EMPTY _FINITE _VERBAL "
    "_NO_FUTURE _IMPERFECT",
}
_TRIGGERS = {
    english: "will vow aim proposes isto would noun of",
    spanish: "fstem cstem ir vow out aim of",
}


class _Without:
    """A pattern that does not find what one of its groups matches."""

    def __init__(self, pattern: re.Pattern[str], group: str):
        self.pattern, self.group = pattern, group

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return (match for match in self.pattern.finditer(text) if not match.group(self.group))


def groups() -> list[Group]:
    """The groups of rules of both languages."""
    found = [
        without(name, *((module, name, {} if name == "SAME" else NEVER) for module in (words_en, words_es)))
        for name in _WORDS
        if hasattr(words_en, name)
    ]
    for module, names in _PATTERNS.items():
        short = module.__name__.rpartition(".")[2]
        found += [
            without(f"{short}.{name}", (module, name, re.compile(NEVER)))
            for name in names.split()
            if hasattr(module, name)
        ]
        found += [
            without(f"{short}: {name}", (module, "_TRIGGER", _Without(module._TRIGGER, name)))
            for name in _TRIGGERS[module].split()
        ]
        found.append(without(f"{short}.is_bare_act", (module, "is_bare_act", _never)))
    return [
        *found,
        without("items without bullets", (segmentation, "_CONTINUES", re.compile(NEVER))),
        without("conditional", (classification, "is_conditional", _never)),
        without("rejected", (rejected, "why_not", _nothing)),
    ]


def _never(*_arguments: object) -> bool:
    return False


def _nothing(*_arguments: object) -> str:
    return ""


def figures() -> Figures:
    """The figures, by grammar alone."""
    result = {**_of_texts(), **_of_sentences()}
    if path := os.environ.get("PROMISES"):
        silent: Callable[[str], None] = _silent
        count = evaluation.evaluate(Path(path), encoder=None, write=silent)
        wrong = count["not_promises"] + count["unlabelled"]
        result["promR"] = count["found"] / count["sentences"]
        result["promP"] = count["right"] / (count["right"] + wrong)
    return result


def _silent(_line: str) -> None:
    pass


def _of_texts() -> Figures:
    found = labelled = 0
    right: dict[str, list[bool]] = {"recall": [], "day": [], "speaker": [], "check": [], "kind": []}
    for path in sorted(DATA.glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        reading = read(text, case["language"], published_on=date.fromisoformat(case["published_on"]))
        left = list(case["pledges"])
        found, labelled = found + len(reading.pledges), labelled + len(left)
        content = partial(_content, language=case["language"])
        for one in reading.pledges:
            for label in left:
                wanted = content(label["action"])
                if one.starts_at < label["ends_at"] <= one.ends_at + 1 and (
                    2 * len(wanted & content(one.action)) >= len(wanted)
                ):
                    left.remove(label)
                    right["recall"].append(True)
                    right["day"].append((one.deadline and one.deadline.isoformat()) == label["deadline"])
                    named = label["speaker"].casefold().split()[-1:]
                    right["speaker"].append(not named or named[0] in one.speaker.casefold())
                    right["check"].append(one.checkable == label["checkable"])
                    right["kind"].append((one.kind == "conditional") == label["conditional"])
                    break
    both = len(right.pop("recall"))
    attributes = {name: sum(values) / len(values) for name, values in right.items()}
    return {"recall": both / labelled, "precision": both / found, **attributes}


def _content(text: str, language: str) -> set[str]:
    every = words(text.lower())
    return {stem(word, language) for word in every if not is_stop_word(word, language)} or {
        stem(word, language) for word in every
    }


def _of_sentences() -> Figures:
    rows = [line.split("\t") for line in (DATA / "sentences.tsv").read_text(encoding="utf-8").splitlines()]
    found = [kind for language, kind, text in rows if read(text, language).pledges]
    pledges = found.count("pledge")
    return {"sentR": pledges / sum(kind == "pledge" for _, kind, _ in rows), "sentP": pledges / len(found)}
