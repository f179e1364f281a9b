"""Whether a promise in a sentence is a government's pledge, or a forecast, a hope, or somebody else's promise.

| sentence                                                          | result                    |
| ----------------------------------------------------------------- | ------------------------- |
| a promise in the first person, or by a verb of promising          | a pledge                  |
| "will", "va a" of an office or a person who governs               | a pledge                  |
| the passive, or a thing as subject ("the bridge will be mended")  | a pledge, less confidence |
| "aims to", "busca"                                                | an aim, less confidence   |
| with a condition                                                  | conditional, less conf.   |
| a forecast ("prices will fall"), a belief, a hope, a demand       | rejected                  |
| words of an opposition, a union, an analyst, a past government    | rejected                  |
| a question; a promise denied ("did not promise")                  | rejected                  |
"""

import re
from types import ModuleType

from pledges.watch.extraction.speakers import Agent, Speakers, plain
from pledges.watch.extraction.types import Promise

# By the form of the promise.
CONFIDENCE = {
    "first_person": 0.9,
    "vowed": 0.92,
    "would": 0.85,
    "campaign": 0.85,
    "will": 0.85,
    "passive": 0.75,
    "noun": 0.7,
    "aim": 0.55,
    "listed": 0.75,
}
THING = 0.6  # the subject is a thing
# Factors on the confidence:
NO_SPEAKER = 0.85  # no speaker is known
CONDITIONAL = 0.55
VAGUE = 0.8
OTHERS, FORECAST = (0.0, "others"), (0.0, "forecast")


def is_question(text: str) -> bool:
    return "?" in text or "¿" in text


def is_conditional(text: str, words: ModuleType) -> bool:
    """Whether a sentence states a condition."""
    return bool(re.search(words.CONDITION, plain(text)))


def classify(promise: Promise, text: str, speakers: Speakers, *, owner: Agent | None) -> tuple[float, str]:
    """The confidence that the promise is a pledge, 0 to 1, and ""; if rejected (see the table above), 0 and the reason:
    "others" or "forecast".

    `owner` is who makes the promise, if known.
    """
    words = speakers.words
    low = plain(text)
    before = low[: promise.start]
    clause = before[max(before.rfind(";"), before.rfind(". ")) + 1 :]
    verb = plain(promise.verb)
    own_words = owner is None or owner.governs or plain(owner.name) in plain(promise.subject)
    if promise.form == "will" and own_words and re.match(words.RECEIVE, verb):  # somebody will benefit, whoever it is
        return THING, ""
    if owner is not None and not owner.governs:
        return OTHERS
    if not owner and promise.form in ("will", "would") and re.match(r"(?:they|ell[oa]s)$", plain(promise.subject)):
        return OTHERS
    if promise.form != "first_person" and re.search(rf"\b(?:{words.BELIEFS})", _unquoted(clause)):
        return OTHERS
    if promise.form == "first_person" and re.search(rf"\b(?:{words.BELIEFS})", clause[-60:]):
        return OTHERS
    if promise.form == "passive" and re.match(words.NO_ACT, verb):
        return FORECAST
    if promise.form in ("will", "would") and owner and re.match(words.NOBODY, plain(promise.subject)):
        mental = re.match(r"(?:know|win|believe|forget|think|saber|ganar|creer|olvidar)\b", verb)
        return FORECAST if mental else (THING, "")
    if promise.form in ("first_person", "will", "would", "aim", "campaign") and re.match(words.NO_PROMISE, verb):
        return FORECAST
    if promise.form in ("first_person", "vowed", "aim", "listed"):
        return CONFIDENCE[promise.form], ""
    subject = plain(promise.subject)
    subject = re.sub(rf"^(?:{words.ARTICLES.lower()}) ", "", subject)
    set_by_government = bool(re.search(rf"\b{words.OURS_TO_SET}\b", subject))
    if promise.form == "noun" and promise.verb:  # "there will be"
        start_of_action = " ".join(plain(promise.actions[0][0]).split()[:4])
        is_forecast = re.search(rf"\b(?:{words.FORECAST_NOUNS})\b", start_of_action)
        return FORECAST if is_forecast else (THING, "")
    if promise.form == "campaign" and re.match(
        rf"(?:{words.FORECAST_VERBS})\b(?! (?:el|la|los|las|the|its|their)\b)", verb
    ):
        return FORECAST
    if promise.form in ("noun", "passive", "campaign"):
        return CONFIDENCE[promise.form], ""
    if acts(promise, speakers):
        return CONFIDENCE[promise.form], ""
    head = re.split(r"\b(?:of|in|for|with|from|who|that|sentenced|de|del|en|para|con|que|por)\b", subject)[0]
    head = head.strip()
    if re.match(words.MEANS, subject) and re.match(words.EFFECT, verb):
        return FORECAST
    forecast_verb = bool(re.match(rf"(?:{words.FORECAST_VERBS})\b", verb))
    if not head and not set_by_government and not _ready(verb):  # "will open it": the subject is in another clause
        return FORECAST if forecast_verb or not owner else (CONFIDENCE[promise.form], "")
    if not set_by_government and not _ready(verb) and re.search(rf"\b(?:{words.FORECAST_NOUNS})$", head):
        return FORECAST
    if forecast_verb and not set_by_government and not _ready(verb):
        return FORECAST
    return THING, ""


_READY = re.compile(
    r"be (?:ready|free|in (?:place|force|service)|kept|housed)|seguir adelante|"
    r"estar (?:list|en (?:marcha|funcionamiento|vigor|espacios)|terminad|operativ|separad)"
)


def _ready(verb: str) -> bool:
    """Whether the verb says that a thing will be in place or operating."""
    return bool(_READY.match(verb))


def acts(promise: Promise, speakers: Speakers) -> bool:
    """Whether the subject is a person or an office that governs."""
    mentions = speakers.mentions(promise.subject)
    low = plain(promise.subject)
    if not mentions:
        return False
    start, agent = mentions[0]
    head = re.split(r"\b(?:of|in|for|with|who|that|de|del|en|para|con|que)\b", low)[0]
    return start < max(len(head), 1) and (not isinstance(agent, Agent) or agent.governs)


def _unquoted(text: str) -> str:
    return re.sub(r"[“\"«][^”\"»]*[”\"»]", " ", text)


def checkable(action: str, words: ModuleType) -> bool:
    """Whether a reader could check later if this was done: an act or an outcome, not an attitude."""
    low = plain(action)
    low_bare = re.sub(r"^(?:not|never|no|always|no longer|siempre) ", "", low)
    if re.search(words.VAGUE_NOUNS, low) and not re.search(r"\d", low):
        return False
    if re.match(words.VAGUE_VERBS, low_bare) or re.match(words.VAGUE_VERBS, low):
        return bool(re.search(words.CONCRETE, low))
    return True
