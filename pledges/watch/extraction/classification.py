"""Whether a promise in a sentence is a government's pledge, or a forecast, a hope, or somebody else's promise.

| what it is                                                        | what comes of it          |
| ----------------------------------------------------------------- | ------------------------- |
| a promise in the first person, or by a verb of promising          | a pledge                  |
| "will", "va a" of an office or a person who governs               | a pledge                  |
| the passive, or a thing as subject ("the bridge will be mended")  | a pledge, less sure       |
| "aims to", "busca"                                                | an aim, less sure         |
| hangs on a condition                                              | conditional, less sure    |
| a forecast ("prices will fall"), a belief, a hope, a demand       | nothing                   |
| words of an opposition, a union, an analyst, a past government    | nothing                   |
| a question; a promise denied ("did not promise")                  | nothing                   |
"""

import re
from types import ModuleType

from pledges.watch.extraction.speakers import Agent, Speakers, plain
from pledges.watch.extraction.types import Promise

SURE = {"own": 0.9, "vowed": 0.92, "would": 0.85, "will": 0.85, "done": 0.75, "noun": 0.7, "aim": 0.55, "listed": 0.75}
THING = 0.6
NOBODY = 0.85  # of the confidence, where no speaker is known
ON_CONDITION = 0.55
VAGUE = 0.8
OTHERS, FORECAST = (0.0, "others"), (0.0, "forecast")


def is_question(text: str) -> bool:
    """Whether a sentence asks."""
    return "?" in text or "¿" in text


def is_conditional(text: str, words: ModuleType) -> bool:
    """Whether a sentence hangs on something else."""
    return bool(re.search(words.CONDITION, plain(text)))


def weigh(promise: Promise, text: str, cast: Speakers, *, owner: Agent | None) -> tuple[float, str]:
    """How likely the promise is a pledge, 0 to 1, and "". For what is told apart by the table above 0 and why: "others"
    or "forecast".

    `owner` is whose promise it is, as far as known.
    """
    words = cast.words
    low = plain(text)
    before = low[: promise.start]
    clause = before[max(before.rfind(";"), before.rfind(". ")) + 1 :]
    if owner is not None and not owner.governs:
        return OTHERS
    if promise.way != "own" and re.search(rf"\b(?:{words.BELIEFS})", _unquoted(clause)):
        return OTHERS
    if promise.way == "own" and re.search(rf"\b(?:{words.BELIEFS})", clause[-60:]):
        return OTHERS
    verb = plain(promise.verb)
    if promise.way == "done" and re.match(words.NO_ACT, verb):
        return FORECAST
    if promise.way in ("will", "would") and owner and re.match(words.NOBODY, plain(promise.subject)):
        known = re.match(r"(?:know|win|believe|forget|think|saber|ganar|creer|olvidar)\b", verb)
        return FORECAST if known else (THING, "")
    if promise.way in ("own", "will", "would") and re.match(words.NO_PROMISE, verb):
        return FORECAST
    if promise.way in ("own", "vowed", "aim", "listed"):
        return SURE[promise.way], ""
    subject = plain(promise.subject)
    subject = re.sub(rf"^(?:{words.ARTICLES.lower()}) ", "", subject)
    ours = bool(re.search(rf"\b{words.OURS_TO_SET}\b", subject))
    if promise.way == "noun" and promise.verb:  # "there will be"
        told = plain(promise.actions[0][0])
        bad = re.search(rf"\b(?:{words.FORECAST_NOUNS})\b", " ".join(told.split()[:4]))
        return FORECAST if bad or not owner else (THING, "")
    if promise.way in ("noun", "done"):
        return SURE[promise.way], ""
    if acts(promise, cast):
        return SURE[promise.way], ""
    head = re.split(r"\b(?:of|in|for|with|from|who|that|sentenced|de|del|en|para|con|que|por)\b", subject)[0]
    head = head.strip()
    moves = bool(re.match(rf"(?:{words.FORECAST_VERBS})\b", verb))
    if not head and owner and re.match(words.LOWERS, verb):
        return SURE[promise.way], ""
    if not head and not ours and not _ready(verb):  # "will open it": the subject stands in another clause
        return FORECAST if moves or not owner else (SURE[promise.way], "")
    if not ours and not _ready(verb) and re.search(rf"\b(?:{words.FORECAST_NOUNS})$", head):
        return FORECAST
    rising = bool(re.match(words.RISING, verb))
    if (rising and not ours) or (moves and not rising and not ours and not _ready(verb)):
        return FORECAST
    return THING, ""


_READY = re.compile(
    r"be (?:ready|free|in (?:place|force|service)|kept|housed)|seguir adelante|"
    r"estar (?:list|en (?:marcha|funcionamiento|vigor|espacios)|terminad|operativ|separad)"
)


def _ready(verb: str) -> bool:
    """Whether a thing is promised to be there."""
    return bool(_READY.match(verb))


def acts(promise: Promise, cast: Speakers) -> bool:
    """Whether the subject is a person or an office that governs."""
    found = cast.mentions(promise.subject)
    low = plain(promise.subject)
    if not found:
        return False
    start, agent = found[0]
    head = re.split(r"\b(?:of|in|for|with|who|that|de|del|en|para|con|que)\b", low)[0]
    return start < max(len(head), 1) and (not isinstance(agent, Agent) or agent.governs)


def _unquoted(text: str) -> str:
    return re.sub(r"[“\"«][^”\"»]*[”\"»]", " ", text)


def checkable(action: str, words: ModuleType) -> bool:
    """Whether it can be told later if this was done: an act or an outcome, not a way to be."""
    low = plain(action)
    low_bare = re.sub(r"^(?:not|never|no|always|no longer|siempre) ", "", low)
    if re.search(words.VAGUE_NOUNS, low) and not re.search(r"\d", low):
        return False
    if re.match(words.VAGUE_VERBS, low_bare) or re.match(words.VAGUE_VERBS, low):
        return bool(re.search(words.CONCRETE, low))
    return True
