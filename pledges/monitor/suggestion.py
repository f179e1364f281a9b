"""What a sentence would mean for a pledge's status, told by explicit words only; when in doubt, nothing.

An editor reads the suggestion beside the sentence. A missing one costs them a moment, a wrong one their trust: so a
negation, a plan, a hope, a question, somebody else's claim, past background or another country takes a suggestion away,
and so do two cues that contradict each other. Outcomes count, not effort:

| what the sentence says                                            | status      |
| ----------------------------------------------------------------- | ----------- |
| opened, delivered, in force, operating, target met                | kept        |
| the same, of a part ("one of the two", "first phase", "in part")  | partly_kept |
| bill sent, law passed, signed, awarded, under way, resumed        | in_progress |
| a suspension lifted                                               | in_progress |
| suspended, blocked, halted, postponed, vetoed, voted down         | stalled     |
| withdrawn, cancelled, repealed, struck down, rejected by voters   | broken      |
| works not begun, bill never sent                                  | not_started |
| nobody knows, contradictory figures                               | unclear     |
| announced, planned, promised, asked for, or nothing of these      | no change   |
"""

import re

from pledges.monitor import cues_en, cues_es
from pledges.monitor.countries import elsewhere
from pledges.monitor.language import LANGUAGES, language_of
from pledges.rules import Status

_PLAIN = str.maketrans("áéíóúüñ", "aeiouun")  # keeps every letter in its place, so a cue can be quoted as it stands
_LONGEST = 1500  # characters: what is longer is no sentence, and would only cost time
_SPOKEN = {"en": cues_en, "es": cues_es}
_TURN = re.compile(r";|\b(?:but|although|though|whereas|pero|aunque|sin embargo|sino)\b")
_BREAK = re.compile(r"[;,:()—–]|\b(?:and|but|y|e|pero)\b")
# A year right after the verb tells history: "opened in 2019".
_YEAR = re.compile(r"(?:\s+\w+){0,3}?\s+(?:in|en) (?:\w+ (?:of |de )?)?(?:19|20)\d\d\b")
# These say of themselves that something is not so, or not known: what takes others back does not take them.
_NEGATIVE = frozenset({Status.NOT_STARTED, Status.UNCLEAR})


class _Rules:
    """One language's cues and what takes them back, compiled."""

    def __init__(self, words):
        self.cues = {status: re.compile(rf"\b(?:{'|'.join(ways)})") for status, ways in words.CUES.items()}
        self.near = re.compile(rf"\b(?:{words.NEAR})(?:\s+\w+)?\s*$")
        self.inside = re.compile(r"\b(?:not|never|no|nunca)\b")
        self.far = re.compile(rf"\b(?:{words.FAR})\b")
        self.part = re.compile(rf"\b(?:{words.PART})")
        self.before = re.compile(rf"^\W*(?:\w+\s+){{0,3}}?(?:{words.BEFORE})\b")
        self.recent = re.compile(rf"\b(?:{words.RECENT})\b")
        self.says = re.compile(rf"\b(?:{words.SAYS})\b")
        self.relative = re.compile(rf"\b(?:{words.RELATIVE})\b")
        self.according = re.compile(rf"\b(?:{words.ACCORDING})\s+(?:[\w'’-]+\s+){{0,4}}?{words.OTHERS}")
        self.earlier = re.compile(r"\b(?:after|since|following|tras|luego de que|despues de que|desde que)\b")
        others, says = words.OTHERS, words.SAYS
        self.claimed = re.compile(
            rf"\b(?:{words.CLAIMS})\b|\b{others}(?:\s+[\w'’-]+){{0,5}}?\s+(?:{says}|voted|votaron)\b|"
            rf"\b(?:{says})\s+(?:[\w'’-]+\s+){{0,3}}?{others}"
        )
        self.unrelated = re.compile(rf"\b{words.UNRELATED}")


_RULES = {language: _Rules(words) for language, words in _SPOKEN.items()}


def suggest(sentence: str, language: str, context: str = "", *, home: tuple[str, ...] = ()) -> tuple[str, str]:
    """The status that a sentence speaks for and the words that say so, verbatim; ("", "") when none clearly does.

    `context` (a headline) can only take a suggestion away: when it is a question, it asks what the sentence says.
    `home` holds the names of the pledge's country, office, speaker and institutions; with it, what plainly happens in
    another country says nothing.
    """
    sentence = sentence[:_LONGEST]
    if language not in LANGUAGES:
        language = language_of(sentence)
    if language not in _RULES or any(mark in sentence + context for mark in "?¿"):
        return "", ""
    rules = _RULES[language]
    # A letter that grows when lowered (İ) would move every cue after it.
    folded = "".join(low if len(low := letter.lower()) == 1 else letter for letter in sentence).translate(_PLAIN)
    if rules.claimed.search(folded) or rules.according.search(folded) or rules.unrelated.search(folded):
        return "", ""
    found: dict[Status, re.Match] = {}
    for status, pattern in rules.cues.items():
        for cue in pattern.finditer(folded):
            if status in _NEGATIVE or "not" in cue.group().split() or not _taken_back(folded, cue, rules):
                found.setdefault(status, cue)
    status = _weigh(found, bool(rules.part.search(folded)))
    if status is None:
        return "", ""
    cue = found.get(status) or found[Status.KEPT]
    if home and elsewhere(sentence, cue.start(), home):
        return "", ""
    return status.value, sentence[cue.start() : cue.end()].strip(" ,;:")


def _taken_back(folded: str, cue: re.Match, rules: _Rules) -> bool:
    """Whether the clause around a cue denies it, doubts it, plans it, or tells it as what went before."""
    lead = _TURN.split(folded[: cue.start()])[-1]
    if rules.near.search(lead) or rules.far.search(lead) or rules.inside.search(cue.group()):
        return True
    segment = _BREAK.split(lead)[-1]
    if rules.before.search(segment):
        return True
    if rules.earlier.search(segment):
        return True
    tail = _BREAK.split(folded[cue.end() :], maxsplit=1)[0]
    if _YEAR.match(tail) and not rules.recent.search(tail):
        return True
    for word in rules.relative.finditer(segment):
        said = rules.says.search(segment[: word.start()][-40:])
        if not said and not rules.recent.search(tail):
            return True
    return False


def _weigh(found: dict[Status, re.Match], part: bool) -> Status | None:
    """One status out of those found: the stronger of a pair that tells one story, nothing when they contradict."""
    kinds = set(found)
    if Status.PARTLY_KEPT in kinds:
        return Status.PARTLY_KEPT
    if len(kinds) > 1:
        kinds.discard(Status.IN_PROGRESS)
    if kinds == {Status.KEPT} and part:
        return Status.PARTLY_KEPT
    return kinds.pop() if len(kinds) == 1 else None
