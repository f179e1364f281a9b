"""Sentences that may look like a pledge but are not: reports of what was done, hopes and demands, forecasts.

Editors see them as read and not proposed. Other sentences are ignored.
"""

import re
from functools import cache

from pledges.watch.extraction import words_en, words_es
from pledges.watch.extraction.segmentation import Passage
from pledges.watch.extraction.speakers import Agent, Speakers, plain
from pledges.watch.text import conjugation

_WORDS = {"en": words_en, "es": words_es}
_FORMS = {"en": conjugation.english, "es": conjugation.spanish}
_PAST = {"en": ("past", "ed"), "es": ("then",)}
_HAVE = {
    "en": r"(?:has|have|had|'ve|'d) (?:\w+ly |also |already |not |never )?",
    "es": r"(?:ha|han|hemos|he|habia) (?:ya )?",
}
_WE = {"en": r"(?:\bwe|\bi)$", "es": r"\b(?:hemos|he)$"}  # in Spanish the verb form itself names the person
_SAYS = frozenset({"announce", "promise", "present", "propose", "offer", "repeat", "anunciar", "presentar", "ofrecer"})
_NEAR = 60  # characters between the agent and the act


def why_not(passage: Passage, speakers: Speakers, language: str) -> str:
    """Why a sentence without a promise is rejected: "done", "others" or "forecast"; "" if it does not look like one."""
    words = _WORDS[language]
    low = plain(passage.text)
    mentions = speakers.mentions(passage.text)
    if _is_report(low, mentions, language):
        return "done"
    if not re.search(rf"\b(?:{words.BELIEFS})", low):
        return ""
    if any(isinstance(agent, Agent) and not agent.governs for _start, agent in mentions):
        return "others"
    return "forecast" if re.search(rf"\b(?:{words.FORECAST_NOUNS})\b", low) else ""


def _is_report(low: str, mentions: list[tuple[int, Agent | str]], language: str) -> bool:
    """Whether the sentence reports something that somebody in government, or the speaker, has done."""
    for act in _done(language).finditer(low):
        before = low[: act.start()].rstrip()
        if re.search(_WE[language], before) or re.match(_WE[language], act.group().split(" ")[0]):
            return True
        near = [agent for start, agent in mentions if act.start() - _NEAR <= start < act.start()]
        if near and (not isinstance(near[-1], Agent) or near[-1].governs):
            return True
    return False


@cache
def _done(language: str) -> re.Pattern[str]:
    """A pattern of verb forms for completed acts, for `plain` text."""
    past, participles = set(), set()
    for lemma in set(plain(_WORDS[language].VERBS).split()) - _SAYS:
        for form, kind in _FORMS[language](lemma).items():
            if kind in _PAST[language]:
                past.add(form)
            if kind in ("part", "ed"):
                participles.add(form)
    perfect = "|".join(sorted(participles, key=len, reverse=True))
    simple = "|".join(sorted(past, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?<!\bbe )(?<!\bto )(?:{_HAVE[language]}(?:{perfect})|(?:{simple}))\b")
