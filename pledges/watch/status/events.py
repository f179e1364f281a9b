"""The events that the verbs of a sentence report, from their voice, tense and the nouns around them.

Each verb form is looked up, and the words around it show whether it states a fact. The nouns before and after it are
compared with the verb patterns (see `patterns_en.py`).
"""

from dataclasses import dataclass

from pledges.domain.rules import Status
from pledges.watch.status.clauses import Clauses
from pledges.watch.status.in_use_rules import begins, in_use
from pledges.watch.status.pattern_matching import fits
from pledges.watch.status.verb_voice import voice

_BEFORE = 14  # words before a verb in which its subject is searched
_NOT = frozenset({"not", "never"})
_PRESENT = frozenset({"s", "base", "now"})
# A company that opens something of its own says nothing about a government.
_PRIVATE = frozenset("company firm retailer chain brand startup empresa firma compania cadena marca startup".split())


@dataclass(frozen=True)
class Event:
    """A verb that stands for a status.

    `at` is the position of the verb among the words, `start` and `end` are those of the cue in the text. `denied`: it
    is negated; `subordinate`: in a subordinate clause; `background`: in one of time or reason; `hedged`: planned,
    wished or doubted; `starts`: a verb of beginning; `present`: in the present tense.
    """

    status: Status
    at: int
    start: int
    end: int
    denied: bool
    subordinate: bool
    hedged: bool
    starts: bool
    present: bool
    background: bool


class Sentence(Clauses):
    """A sentence and its events."""

    def events(self) -> list[Event]:
        """The events that the verbs state or deny as facts, in order."""
        events = []
        for at, word in enumerate(self.words):
            for lemma, kind in self.reader.forms.get(word, ()):
                if event := self._read(at, lemma, kind):
                    events.append(event)
        return events

    def _read(self, at: int, lemma: str, kind: str) -> Event | None:
        first, helpers = self.group(at)
        verb_voice = voice(self, at, first, helpers, kind)
        if not verb_voice:
            return None
        negations = self.reader.words.NEGATIONS
        begin = self.clause(first)
        denied = any(word in negations or word.endswith("n't") for word in helpers) or "yet to" in " ".join(helpers)
        denied = denied or any(word in negations for word in self.words[begin:first])
        before = self.nouns(range(first - 1, max(begin - 1, first - _BEFORE), -1))
        best = None
        for pattern in self.reader.patterns_of(lemma, self.stem_set):
            end = fits(self, pattern, at, before, verb_voice, kind)
            if end is None:
                continue
            weight = 4 * len(pattern.tail) + 3 * bool(pattern.agent) + bool(pattern.object) + bool(pattern.subject)
            weight += 6 * ("H" in pattern.object)  # the object is a halt: whatever is done to it lifts it
            if best is None or (weight, -pattern.order) > best[0]:
                best = ((weight, -pattern.order), pattern.status, end)
        best = best or begins(self, at, lemma) or in_use(self, at, lemma, before, helpers, kind)
        if best is None:
            return None
        _, status, end = best
        denied = denied or not _NOT.isdisjoint(self.words[at + 1 : end])  # "is not open yet"
        if (
            status == Status.KEPT
            and lemma in self.reader.words.BUILDS
            and (kind in _PRESENT or verb_voice == "progressive")
        ):
            status = Status.IN_PROGRESS
        running = kind == "ing" and lemma in self.reader.words.RUNNING
        if verb_voice == "progressive" and status == Status.KEPT and not running:
            status = Status.IN_PROGRESS
        if status == Status.KEPT and set(self.words[begin:first]) & _PRIVATE:
            return None
        subordinate, background = self.subordinate(begin, first)
        return Event(
            status=status,
            at=at,
            start=self.spans[first][0],
            end=self.spans[end][1],
            denied=denied,
            subordinate=subordinate,
            hedged=self.hedged(begin, first),
            starts=lemma in self.reader.words.STARTS,
            present=kind in _PRESENT,
            background=background,
        )
