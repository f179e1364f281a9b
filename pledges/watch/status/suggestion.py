"""The status that a sentence suggests for a pledge, from explicit words only; when in doubt, none.

An editor reads the suggestion beside the sentence. A missing one costs them a moment, a wrong one their trust. So there
is none for a question, a negation, a plan or a hope, nor for a sentence that says both that the pledge is kept and that
it is not. Read against a pledge, a figure counts as a share of the pledge's own, and a law that passes keeps a pledge
that is one.

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
from pledges.watch.status.pledge import PledgeText, share_told
from pledges.watch.text.countries import elsewhere
from pledges.watch.text.language import language_of

_LONGEST = 1500  # characters: anything longer is not a sentence, and would only cost time
_FEW = 0.5  # of the number in a pledge: less is a beginning
_DONE = {Status.KEPT, Status.PARTLY_KEPT}
_AGAINST_KEPT = {Status.STALLED, Status.BROKEN, Status.NOT_STARTED}


class _Rules:
    """The compiled expressions of one language."""

    def __init__(self, words: ModuleType) -> None:
        self.cues = {}
        for status, cues in words.CUES.items():
            for ending, stems in words.VERBS.get(status, {}).items():
                cues += rf"|(?:{'|'.join(stems.split())})(?:{words.FORMS[ending]})"
            self.cues[status] = _words(cues)
        self.stops = re.compile(words.STOPS, re.IGNORECASE)
        self.part = _words(words.PART)
        self.hedges, self.future = _words(words.HEDGES), _words(words.FUTURE)
        self.rise, self.fall = _words(words.RISE), _words(words.FALL)
        self.lower, self.not_raise = _words(words.LOWER), _words(words.NOT_RAISE)
        self.law_passed, self.is_law = _words(words.LAW_PASSED), _words(words.IS_LAW)


def _words(expression: str) -> re.Pattern[str]:
    """Whole words; the expression may be on several lines."""
    joined = re.sub(r"\s*\n\s*", "", expression)
    return re.compile(rf"\b(?:{joined})(?!\w)", re.IGNORECASE)


_RULES = {"en": _Rules(cues_en), "es": _Rules(cues_es)}


def suggest(
    sentence: str, language: str, context: str = "", *, home: tuple[str, ...] = (), pledge: PledgeText | None = None
) -> tuple[str, str]:
    """The status that a sentence suggests and its cue, verbatim; ("", "") if none is clear.

    `context` is the headline; if it is a question, there is no suggestion. `home` holds the names of the pledge's
    country, office, speaker and institutions; with it, there is no suggestion for news from another country. With
    `pledge`, the sentence is read against it.
    """
    sentence = sentence[:_LONGEST]
    if language not in LANGUAGES:
        language = language_of(sentence)
    if language not in _RULES or any(mark in sentence + context for mark in "?¿"):
        return "", ""
    rules = _RULES[language]
    facts = {status: fact for status, cue in rules.cues.items() if (fact := _fact(sentence, cue, rules))}
    status = _choose(facts)
    cue = facts[status] if status else None
    if status == Status.KEPT and rules.part.search(sentence):
        status = Status.PARTLY_KEPT
    if pledge and status:
        status = _for_pledge(pledge, status, sentence, language, rules)
    elif pledge:
        status, cue = _turn(pledge, sentence, rules)
    if not status or not cue or (home and elsewhere(sentence, cue.start(), home)):
        return "", ""
    return status.value, cue.group()


def _fact(sentence: str, cue: re.Pattern[str], rules: _Rules) -> re.Match[str] | None:
    """The first match that its clause does not deny, plan or doubt."""
    for match in cue.finditer(sentence):
        before = rules.stops.split(sentence[: match.start()])[-1]
        after = rules.stops.split(sentence[match.end() :], maxsplit=1)[0]
        if not rules.hedges.search(before) and not rules.future.search(after):
            return match
    return None


def _choose(facts: dict[Status, re.Match[str]]) -> Status | None:
    """The status of the first cue; "in progress" only if nothing else is said, none if the cues contradict."""
    for status in (Status.UNCLEAR, Status.NOT_STARTED):
        if status in facts:
            return status
    told = {status: cue.start() for status, cue in facts.items()}
    start = told.pop(Status.IN_PROGRESS, None)
    if Status.KEPT in told and told.keys() & _AGAINST_KEPT:
        return None
    first = min(told, key=told.__getitem__, default=None)
    if start is not None and (first is None or told[first] == start):  # "cancelled the suspension" says more
        return Status.IN_PROGRESS
    return first


def _for_pledge(pledge: PledgeText, status: Status, sentence: str, language: str, rules: _Rules) -> Status | None:
    """What a reading means for a pledge; None if it is more of the same."""
    if status == Status.NOT_STARTED and pledge.before not in {"", Status.NOT_STARTED}:
        return Status.STALLED  # it had been said to have begun
    if status in {Status.KEPT, Status.IN_PROGRESS} and rules.law_passed.search(sentence):
        return Status.KEPT if rules.is_law.search(pledge.kept) else Status.IN_PROGRESS
    share = share_told(sentence, language, pledge) if status in _DONE else None
    if share is not None and share >= 1:
        return Status.KEPT
    if share is not None and share < _FEW:
        return Status.IN_PROGRESS
    if status == Status.IN_PROGRESS and pledge.before in _DONE:
        return None
    return status


def _turn(pledge: PledgeText, sentence: str, rules: _Rules) -> tuple[Status | None, re.Match[str] | None]:
    """The reading of a figure that moves with the pledge's "reduce" or against it; that a rise is planned breaks "not
    raise"."""
    if rules.not_raise.search(pledge.text):
        rise = rules.rise.search(sentence)
        return (Status.BROKEN, rise) if rise else (None, None)
    rise, fall = _fact(sentence, rules.rise, rules), _fact(sentence, rules.fall, rules)
    if not rules.lower.search(pledge.text) or bool(rise) == bool(fall):
        return None, None
    return (Status.STALLED, rise) if rise else (Status.IN_PROGRESS, fall)
