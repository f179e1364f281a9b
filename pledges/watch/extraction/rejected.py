"""Sentences without a promise that a reader might take for one: reports of what was done, hopes and demands, forecasts.

They are told to an editor as read and not proposed; whatever else a text says is nobody's concern here.
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
_WE = {"en": r"(?:\bwe|\bi)$", "es": r"\b(?:hemos|he)$"}  # "hemos", "he" stand in the verb itself
_SAYS = frozenset({"announce", "promise", "present", "propose", "offer", "repeat", "anunciar", "presentar", "ofrecer"})
_NEAR = 60  # characters from who acts to the act


def why_not(passage: Passage, cast: Speakers, language: str) -> str:
    """Why a sentence without a promise is none: "done", "others" or "forecast"; "" where nobody would think it one."""
    words = _WORDS[language]
    low = plain(passage.text)
    told = cast.mentions(passage.text)
    if _is_report(low, told, language):
        return "done"
    if not re.search(rf"\b(?:{words.BELIEFS})", low):
        return ""
    if any(isinstance(agent, Agent) and not agent.governs for _start, agent in told):
        return "others"
    return "forecast" if re.search(rf"\b(?:{words.FORECAST_NOUNS})\b", low) else ""


def _is_report(low: str, told: list[tuple[int, Agent | str]], language: str) -> bool:
    """Whether somebody who governs, or the speaker, is said to have done something."""
    for act in _done(language).finditer(low):
        before = low[: act.start()].rstrip()
        if re.search(_WE[language], before) or re.match(_WE[language], act.group().split(" ")[0]):
            return True
        near = [agent for start, agent in told if act.start() - _NEAR <= start < act.start()]
        if near and (not isinstance(near[-1], Agent) or near[-1].governs):
            return True
    return False


@cache
def _done(language: str) -> re.Pattern[str]:
    """The forms in which a text says that an act was done, read on `plain` text."""
    past, part = set(), set()
    for lemma in set(plain(_WORDS[language].VERBS).split()) - _SAYS:
        for form, kind in _FORMS[language](lemma).items():
            if kind in _PAST[language]:
                past.add(form)
            if kind in ("part", "ed"):
                part.add(form)
    joined = "|".join(sorted(part, key=len, reverse=True))
    alone = "|".join(sorted(past, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?<!\bbe )(?<!\bto )(?:{_HAVE[language]}(?:{joined})|(?:{alone}))\b")
