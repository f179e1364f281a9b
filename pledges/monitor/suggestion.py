"""What a sentence would mean for a pledge's status, told by explicit words only; when in doubt, nothing.

An editor reads the suggestion beside the sentence. A missing one costs them a moment, a wrong one their trust: so a
negation, a plan, a hope or a question takes every suggestion away, and so do two cues that contradict each other.
"""

import re

from pledges.monitor.cues import CUES, NOT_OF, UNSAID
from pledges.monitor.language import LANGUAGES, language_of
from pledges.rules import Status

_PLAIN = str.maketrans(
    "áéíóúüñ", "aeiouun"
)  # keeps every letter in its place, so that a cue can be quoted as it stands

_COMPILED = {
    language: {status: re.compile(rf"\b(?:{'|'.join(ways)}){NOT_OF}") for status, ways in cues.items()}
    for language, cues in CUES.items()
}
_UNSAID = {language: re.compile(rf"\b(?:{words})\b") for language, words in UNSAID.items()}

_LONGEST = 1500  # characters: what is longer is no sentence, and would only cost time

_TURN = re.compile(r";|\b(?:but|although|though|while|whereas|pero|aunque|mientras|sin embargo|sino)\b")
# Spanish future and conditional, told by their accents; nouns in -ría follow an article.
_FUTURE = re.compile(r"(?<!\bla )(?<!\buna )(?<!\blas )\b\w+(?:[aei]r|dr|br|rr)(?:á|án|emos|ía|ían)\b")


def suggest(sentence: str, language: str, context: str = "", *, home: tuple[str, ...] = ()) -> tuple[str, str]:
    """The status that a sentence speaks for and the words that say so, verbatim; ("", "") when none clearly does.

    `context` (a headline) can only take a suggestion away: when it is a question, it asks what the sentence says.
    """
    sentence = sentence[:_LONGEST]
    if language not in LANGUAGES:
        language = language_of(sentence)
    if not language or any(mark in sentence + context for mark in "?¿"):
        return "", ""
    lower = sentence.lower()
    folded = lower.translate(_PLAIN)
    found: dict[Status, str] = {}
    for status, pattern in _COMPILED[language].items():
        for cue in pattern.finditer(folded):
            clause = _TURN.split(folded[: cue.start()])[-1]
            accented = lower[cue.start() - len(clause) : cue.end()]
            if _UNSAID[language].search(clause) or (language == "es" and _FUTURE.search(accented)):
                continue
            found.setdefault(status, sentence[cue.start() : cue.end()])
    return _weigh(found)


def _weigh(found: dict[Status, str]) -> tuple[str, str]:
    """One status out of those found: what was approved may since have opened or been stopped, the rest contradicts."""
    if len(found) > 1:
        found.pop(Status.IN_PROGRESS, None)
    if len(found) != 1:
        return "", ""
    status, cue = found.popitem()
    return status.value, cue
