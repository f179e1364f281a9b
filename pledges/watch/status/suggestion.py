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
from types import ModuleType

from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import Status
from pledges.watch.status import phrases_en, phrases_es
from pledges.watch.status.events import Event, Sentence
from pledges.watch.text.countries import elsewhere
from pledges.watch.text.language import language_of

_PLAIN = str.maketrans("áéíóúüñ", "aeiouun")  # keeps every letter in its place, so a cue can be quoted as it stands
_LONGEST = 1500  # characters: what is longer is no sentence, and would only cost time
_QUOTED = re.compile('[“«"][^”»"]{25,}(?:[”»"]|$)')  # longer than a name: somebody's words
_RUNS = r"(?!oper|func|atend|circul|recib|presta|serv|gener|brind|work|run|treat|us|fly|carry|tak|teach)"
_GOING = {
    "en": re.compile(
        rf"\b(?:is|are) (?:still |now |only )?(?:being {_RUNS}\w+ed|being built|under way|moving|advancing|progressing)"
    ),
    "es": re.compile(
        rf"\b(?:avanzan?|esta|estan) (?:{_RUNS}\w+(?:ando|iendo)|en (?:obras?|marcha|construccion|ejecucion))"
    ),
}
# With these it is all there: "the last 40 of the 310".
_WHOLE = re.compile(
    r"\b(?:the (?:last|final|remaining) (?:[\w.,]+ )?of|(?:el|la|los|las) ultim[oa]s? (?:[\w.,]+ )?de (?:los|las) \d)\b"
)
_FIRST = (Status.NOT_STARTED, Status.UNCLEAR, Status.PARTLY_KEPT)  # phrases that no verb outweighs
_SPOKEN = {"en": phrases_en, "es": phrases_es}


class _Rules:
    """One language's set phrases and what takes them or a verb back, compiled."""

    def __init__(self, words: ModuleType) -> None:
        self.phrases = {status: re.compile(rf"\b(?:{'|'.join(ways)})") for status, ways in words.PHRASES.items()}
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
    """A status and where its words stand in the text."""
    phrases = rules.phrases
    for status in _FIRST:
        if (said := phrases[status].search(folded)) and not rules.supposed.search(folded[: said.start()]):
            if status == Status.NOT_STARTED and (there := _kept(Sentence(sentence, folded, language), rules)):
                return Status.PARTLY_KEPT, there.start, there.end  # one stands, of the other nothing
            return status, *said.span()
    few = rules.few.search(folded)
    if few and not rules.future.search(folded) and not rules.history.search(folded):
        if going := _GOING[language].search(folded, few.end()):  # of two, one is being built
            return Status.IN_PROGRESS, *going.span()
        return Status.PARTLY_KEPT, *few.span()
    if (ratio := rules.ratio.search(folded)) and rules.now.search(folded) and not rules.future.search(folded):
        return Status.PARTLY_KEPT, *ratio.span()
    pledged = rules.promised.search(folded) and rules.pledged.search(folded)  # the cheap one first
    if pledged and not any(each.search(folded) for each in (rules.future, rules.history, rules.undone)):
        return Status.PARTLY_KEPT, *pledged.span()
    read = Sentence(sentence, folded, language)
    told = [
        (meant, event) for event in read.events() if (meant := _said(event)) and not _taken_back(event, read, rules)
    ]
    found = _weigh(told)
    if not found:
        for status in (Status.BROKEN, Status.STALLED, Status.IN_PROGRESS, Status.KEPT):
            if (said := phrases[status].search(folded)) and not rules.future.search(folded[: said.start()]):
                return status, *said.span()
        return None, 0, 0
    status, event = found
    if status == Status.BROKEN and rules.for_now.search(folded):
        status = Status.STALLED
    if status == Status.KEPT and rules.part.search(folded) and not _WHOLE.search(folded):
        status = Status.PARTLY_KEPT
    return status, event.start, event.end


def _kept(read: Sentence, rules: _Rules) -> Event | None:
    """What a sentence says is there, as a fact of its main clause."""
    for event in read.events():
        if event.status == Status.KEPT and not event.denied and not event.aside and not _taken_back(event, read, rules):
            return event
    return None


def _said(event: Event) -> Status | None:
    """What an event says; denied, only that nothing has started."""
    if not event.denied:
        return event.status
    return Status.NOT_STARTED if event.status == Status.IN_PROGRESS and event.starts else None


def _taken_back(event: Event, read: Sentence, rules: _Rules) -> bool:
    """Whether the clause around an event doubts it, plans it, or tells it as what went before."""
    begin, end = read.around(event.at)
    clause = read.folded[begin:end]
    if event.hedged or event.earlier or (rules.history.search(clause) and not rules.part.search(clause)):
        return True
    if event.present and rules.soon.search(read.folded[event.end : end]):
        return True
    if any(quote.start() < event.start < quote.end() for quote in _QUOTED.finditer(read.folded)):
        return True
    return event.aside and not rules.recent.search(read.folded[event.end : end])


def _weigh(told: list[tuple[Status, Event]]) -> tuple[Status, Event] | None:
    """The event that the sentence is about: the first of its main clause, nothing when two contradict."""
    main = [pair for pair in told if not pair[1].aside] or told
    kinds = {status for status, _ in main}
    if len(kinds) > 1:
        main = [pair for pair in main if pair[0] != Status.IN_PROGRESS]
        kinds -= {Status.IN_PROGRESS}
    if Status.KEPT in kinds and kinds & {Status.STALLED, Status.BROKEN, Status.NOT_STARTED}:
        return None
    partly = [pair for pair in main if pair[0] == Status.PARTLY_KEPT]
    return next(iter(partly or main), None)
