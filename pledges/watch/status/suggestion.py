"""The status that a sentence suggests for a pledge, from explicit words only; when in doubt, none.

An editor reads the suggestion beside the sentence. A missing one costs them a moment, a wrong one their trust. So there
is none for a question, a negation, a plan or a hope, nor for a sentence that says both that the pledge is kept and that
it is not.

| what the sentence says                                            | status      |
| ----------------------------------------------------------------- | ----------- |
| opened, delivered, in force, operating, target met                | kept        |
| the same, of a part ("one of the two", "first phase", "in part")  | partly_kept |
| bill sent, law passed, signed, awarded, under way, resumed        | in_progress |
| suspended, blocked, postponed, behind schedule                    | stalled     |
| withdrawn, cancelled, repealed, voted down, promise not kept      | broken      |
| works not begun, bill never sent                                  | not_started |
| nobody knows, contradictory figures                               | unclear     |
| announced, planned, promised, asked for, or nothing of these      | no change   |
"""

import re
from types import ModuleType

from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import Status
from pledges.watch.status import cues_en, cues_es
from pledges.watch.text.countries import elsewhere
from pledges.watch.text.language import language_of

_LONGEST = 1500  # characters: anything longer is not a sentence, and would only cost time
_AGAINST_KEPT = {Status.STALLED, Status.BROKEN, Status.NOT_STARTED}


class _Rules:
    """The compiled expressions of one language."""

    def __init__(self, words: ModuleType) -> None:
        self.cues = {status: _words("|".join(cues)) for status, cues in words.CUES.items()}
        self.part = _words(words.PART)
        self.hedges, self.future = _words(words.HEDGES), _words(words.FUTURE)
        self.stops = re.compile(words.STOPS, re.IGNORECASE)


def _words(expression: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{expression})(?!\w)", re.IGNORECASE)


_RULES = {"en": _Rules(cues_en), "es": _Rules(cues_es)}


def suggest(sentence: str, language: str, context: str = "", *, home: tuple[str, ...] = ()) -> tuple[str, str]:
    """The status that a sentence suggests and its cue, verbatim; ("", "") if none is clear.

    `context` is the headline; if it is a question, there is no suggestion. `home` holds the names of the pledge's
    country, office, speaker and institutions; with it, there is no suggestion for news from another country.
    """
    sentence = sentence[:_LONGEST]
    if language not in LANGUAGES:
        language = language_of(sentence)
    if language not in _RULES or any(mark in sentence + context for mark in "?¿"):
        return "", ""
    rules = _RULES[language]
    facts = {status: cue for status, pattern in rules.cues.items() if (cue := _fact(sentence, pattern, rules))}
    status = _choose(facts)
    if not status or (home and elsewhere(sentence, facts[status].start(), home)):
        return "", ""
    cue = facts[status].group()
    if status == Status.KEPT and rules.part.search(sentence):
        status = Status.PARTLY_KEPT
    return status.value, cue


def _fact(sentence: str, pattern: re.Pattern[str], rules: _Rules) -> re.Match[str] | None:
    """The first cue that its clause does not deny, plan or doubt."""
    for cue in pattern.finditer(sentence):
        clause = rules.stops.split(sentence[: cue.start()])[-1]
        rest = rules.stops.split(sentence[cue.end() :])[0]
        if not rules.hedges.search(clause) and not rules.future.search(rest):
            return cue
    return None


def _choose(facts: dict[Status, re.Match[str]]) -> Status | None:
    """The status of the first cue; "in progress" only if nothing else is said, none if the cues contradict."""
    for status in (Status.UNCLEAR, Status.NOT_STARTED):
        if status in facts:
            return status
    told = {status: cue.start() for status, cue in facts.items() if status != Status.IN_PROGRESS}
    if Status.KEPT in told and told.keys() & _AGAINST_KEPT:
        return None
    if told:
        return min(told, key=told.__getitem__)
    return Status.IN_PROGRESS if facts else None
