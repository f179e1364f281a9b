"""The status that a sentence suggests for a pledge, from explicit words only; when in doubt, none.

An editor reads the suggestion beside the sentence. A missing one costs them a moment, a wrong one their trust. So there
is none for a negation, a plan, a hope, a question, somebody else's claim, background or another country, nor for two
cues that contradict each other. Outcomes count, not effort:

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
from types import ModuleType

from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import Status
from pledges.watch.status import phrases_en, phrases_es
from pledges.watch.status.events import Event, Sentence
from pledges.watch.text.countries import elsewhere
from pledges.watch.text.language import language_of

_PLAIN = str.maketrans("áéíóúüñ", "aeiouun")  # one letter for one, so that the cue can be quoted verbatim
_LONGEST = 1500  # characters: anything longer is not a sentence, and would only cost time
_QUOTED = re.compile('[“«"][^”»"]{25,}(?:[”»"]|$)')  # longer than a name: a quotation
_NOT_SERVING = r"(?!oper|func|atend|circul|recib|presta|serv|gener|brind|work|run|treat|us|fly|carry|tak|teach)"
_ONGOING = {
    "en": re.compile(
        rf"\b(?:is|are) (?:still |now |only )?"
        rf"(?:being {_NOT_SERVING}\w+ed|being built|under way|moving|advancing|progressing)"
    ),
    "es": re.compile(
        rf"\b(?:avanzan?|esta|estan) (?:{_NOT_SERVING}\w+(?:ando|iendo)|en (?:obras?|marcha|construccion|ejecucion))"
    ),
}
# With these words the whole is complete: "the last 40 of the 310".
_WHOLE = re.compile(
    r"\b(?:the (?:last|final|remaining) (?:[\w.,]+ )?of|(?:el|la|los|las) ultim[oa]s? (?:[\w.,]+ )?de (?:los|las) \d)\b"
)
_FIRST = (Status.NOT_STARTED, Status.UNCLEAR, Status.PARTLY_KEPT)  # their phrases take precedence over verbs
_PHRASES = {"en": phrases_en, "es": phrases_es}


class _Rules:
    """The compiled patterns of one language: set phrases, and words that rule out a suggestion."""

    def __init__(self, words: ModuleType) -> None:
        self.phrases = {
            status: re.compile(rf"\b(?:{'|'.join(alternatives)})") for status, alternatives in words.PHRASES.items()
        }
        self.part = re.compile(rf"\b(?:{words.PART})")
        self.few = re.compile(rf"\b(?:{words.FEW})")
        self.for_now = re.compile(
            r"\b(?:provisional\w*|temporar\w+|temporal(?:es|mente)?|for now|por ahora|cautelar\w*)\b"
        )
        self.future = re.compile(rf"\b(?:{words.FUTURE})\b")
        self.ratio = re.compile(
            rf"\b(?:{words.COUNT}|\d[\d.,]*) (?:\w+ )?(?:of|de) (?:[\w'’]+ )?(?:{words.COUNT}|\d[\d.,]*)\b"
        )
        # "half of the 40,000 classrooms the president pledged", "7,000 of the 30,000 hectares promised"
        self.pledged = re.compile(
            rf"(?:\b(?:{words.SHARE})|\b(?:{words.COUNT}|\d[\d.,]*) (?:\w+ )?(?:out )?(?:of|de))(?: of| de)? "
            rf"(?:the |its |los |las |sus )(?:[\w.,'’%-]+ ){{0,6}}?(?:{words.PLEDGED})\b"
        )
        self.promised = re.compile(rf"\b(?:{words.PLEDGED})\b")
        self.now = re.compile(
            r"\b(?:now|already|so far|to date|(?:is|are) \w+ing|ya|hasta ahora|hasta la fecha|a la fecha)\b"
        )
        self.undone = re.compile(rf"\b(?:{words.UNDONE})\b")
        self.supposed = re.compile(
            r"\b(?:if|unless|would|could|(?<!in )(?<!since )(?<!by )may|might|si|podria|habria)\b"
        )
        self.soon = re.compile(rf"\b(?:{words.SOON})\b")
        self.history = re.compile(rf"\b(?:{words.HISTORY})\b")
        self.recent = re.compile(rf"\b(?:{words.RECENT})\b")
        self.according = re.compile(rf"\b(?:{words.ACCORDING})\s+(?:[\w'’-]+\s+){{0,4}}?{words.OTHERS}")
        others, says = words.OTHERS, words.SAYS
        self.claimed = re.compile(
            rf"\b(?:{words.CLAIMS})\b|\b{others}(?:\s+[\w'’-]+){{0,5}}?\s+(?:{says}|voted|votaron)\b|"
            rf"\b(?:{says})\s+(?:[\w'’-]+\s+){{0,3}}?{others}"
        )
        self.unrelated = re.compile(rf"\b{words.UNRELATED}")


_RULES = {language: _Rules(words) for language, words in _PHRASES.items()}


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
    folded = sentence.lower()
    if len(folded) != len(sentence):  # a letter that grows when lowered (İ) would move every cue after it
        folded = "".join(low if len(low := letter.lower()) == 1 else letter for letter in sentence)
    folded = folded.translate(_PLAIN)
    if rules.claimed.search(folded) or rules.according.search(folded) or rules.unrelated.search(folded):
        return "", ""
    status, start, end = _read(sentence, folded, language, rules)
    if not status or (home and elsewhere(sentence, start, home)):
        return "", ""
    return status.value, sentence[start:end].strip(" ,;:")


def _read(sentence: str, folded: str, language: str, rules: _Rules) -> tuple[Status | None, int, int]:
    """The status, and start and end of its cue in the text; (None, 0, 0) for none."""
    phrases = rules.phrases
    for status in _FIRST:
        if (match := phrases[status].search(folded)) and not rules.supposed.search(folded[: match.start()]):
            if status == Status.NOT_STARTED and (event := _kept(Sentence(sentence, folded, language), rules)):
                return Status.PARTLY_KEPT, event.start, event.end  # one is there, the other not begun
            return status, *match.span()
    few = rules.few.search(folded)
    if few and not rules.future.search(folded) and not rules.history.search(folded):
        if ongoing := _ONGOING[language].search(folded, few.end()):  # one of two is being built
            return Status.IN_PROGRESS, *ongoing.span()
        return Status.PARTLY_KEPT, *few.span()
    if (ratio := rules.ratio.search(folded)) and rules.now.search(folded) and not rules.future.search(folded):
        return Status.PARTLY_KEPT, *ratio.span()
    pledged = rules.promised.search(folded) and rules.pledged.search(folded)  # the cheaper first
    if pledged and not any(pattern.search(folded) for pattern in (rules.future, rules.history, rules.undone)):
        return Status.PARTLY_KEPT, *pledged.span()
    parsed = Sentence(sentence, folded, language)
    candidates = [
        (event_status, event)
        for event in parsed.events()
        if (event_status := _status_of(event)) and not _ruled_out(event, parsed, rules)
    ]
    chosen = _choose(candidates)
    if not chosen:
        for status in (Status.BROKEN, Status.STALLED, Status.IN_PROGRESS, Status.KEPT):
            if (match := phrases[status].search(folded)) and not rules.future.search(folded[: match.start()]):
                return status, *match.span()
        return None, 0, 0
    status, event = chosen
    if status == Status.BROKEN and rules.for_now.search(folded):
        status = Status.STALLED
    if status == Status.KEPT and rules.part.search(folded) and not _WHOLE.search(folded):
        status = Status.PARTLY_KEPT
    return status, event.start, event.end


def _kept(parsed: Sentence, rules: _Rules) -> Event | None:
    """An event of the main clause that states "kept" as a fact."""
    for event in parsed.events():
        stated = event.status == Status.KEPT and not event.denied and not event.subordinate
        if stated and not _ruled_out(event, parsed, rules):
            return event
    return None


def _status_of(event: Event) -> Status | None:
    """The status of an event; if it is denied, only "not started" is possible."""
    if not event.denied:
        return event.status
    return Status.NOT_STARTED if event.status == Status.IN_PROGRESS and event.starts else None


def _ruled_out(event: Event, parsed: Sentence, rules: _Rules) -> bool:
    """Whether the event is doubted, planned, quoted or background."""
    begin, end = parsed.around(event.at)
    clause = parsed.folded[begin:end]
    if event.hedged or event.background or (rules.history.search(clause) and not rules.part.search(clause)):
        return True
    if event.present and rules.soon.search(parsed.folded[event.end : end]):
        return True
    if any(quote.start() < event.start < quote.end() for quote in _QUOTED.finditer(parsed.folded)):
        return True
    return event.subordinate and not rules.recent.search(parsed.folded[event.end : end])


def _choose(candidates: list[tuple[Status, Event]]) -> tuple[Status, Event] | None:
    """The first event of the main clause; None if two contradict each other."""
    main = [pair for pair in candidates if not pair[1].subordinate] or candidates
    statuses = {status for status, _ in main}
    if len(statuses) > 1:
        main = [pair for pair in main if pair[0] != Status.IN_PROGRESS]
        statuses -= {Status.IN_PROGRESS}
    if Status.KEPT in statuses and statuses & {Status.STALLED, Status.BROKEN, Status.NOT_STARTED}:
        return None
    partly = [pair for pair in main if pair[0] == Status.PARTLY_KEPT]
    return next(iter(partly or main), None)
