"""Finds in a sentence the verbs that say what became of something, with their voice, tense and the nouns around them.

A sentence is read as words once; each verb form is looked up, and the words beside it tell whether it states a fact.
The nouns before and after it are what a way of saying it may ask for (see `lexicon_en.py`).
"""

from dataclasses import dataclass

from pledges.domain.rules import Status
from pledges.watch.status.clauses import Clauses
from pledges.watch.status.in_use_rules import begins, in_use
from pledges.watch.status.pattern_matching import fits
from pledges.watch.status.verb_voice import voice

_BEFORE = 14  # words looked at
_NOT = frozenset({"not", "never"})
_PRESENT = frozenset({"s", "base", "now"})
# A firm's own opening is no government's.
_PRIVATE = frozenset("company firm retailer chain brand startup empresa firma compania cadena marca startup".split())


@dataclass(frozen=True)
class Event:
    """What a verb says: a status, the words from `start` to `end`, and how it says so.

    `at` is the verb's place among the words, `start` and `end` those of the cue in the text. `denied`: the opposite is
    said; `aside`: in a subordinate clause, `earlier`: one of time or reason; `hedged`: planned, wished or doubted;
    `starts`: it is how things begin; `present`: in the present tense.
    """

    status: Status
    at: int
    start: int
    end: int
    denied: bool
    aside: bool
    hedged: bool
    starts: bool
    present: bool
    earlier: bool


class Sentence(Clauses):
    """A sentence's events."""

    def events(self) -> list[Event]:
        """What the verbs of the sentence say as facts or their denial, in order."""
        found = []
        for at, word in enumerate(self.words):
            for lemma, kind in self.reader.forms.get(word, ()):
                if event := self._read(at, lemma, kind):
                    found.append(event)
        return found

    def _read(self, at: int, lemma: str, kind: str) -> Event | None:
        first, helpers = self.group(at)
        said = voice(self, at, first, helpers, kind)
        if not said:
            return None
        negations = self.reader.words.NEGATIONS
        begin = self.clause(first)
        denied = any(word in negations or word.endswith("n't") for word in helpers) or "yet to" in " ".join(helpers)
        denied = denied or any(word in negations for word in self.words[begin:first])
        before = self.nouns(range(first - 1, max(begin - 1, first - _BEFORE), -1))
        best = None
        for way in self.reader.ways_of(lemma, self.said):
            end = fits(self, way, at, before, said, kind)
            if end is None:
                continue
            lifted = 6 * ("H" in way.object)  # whatever is done to a halt, it is one less
            weight = lifted + 4 * len(way.tail) + 3 * bool(way.agent) + bool(way.object) + bool(way.subject)
            if best is None or (weight, -way.order) > best[0]:
                best = ((weight, -way.order), way.status, end)
        best = best or begins(self, at, lemma) or in_use(self, at, lemma, before, helpers, kind)
        if best is None:
            return None
        _, status, end = best
        denied = denied or not _NOT.isdisjoint(self.words[at + 1 : end])  # "is not open yet"
        if status == Status.KEPT and lemma in self.reader.words.BUILDS and (kind in _PRESENT or said == "going on"):
            status = Status.IN_PROGRESS
        if said == "going on" and status == Status.KEPT and (kind != "ing" or lemma not in self.reader.words.RUNNING):
            status = Status.IN_PROGRESS
        if status == Status.KEPT and set(self.words[begin:first]) & _PRIVATE:
            return None
        aside, earlier = self.aside(begin, first)
        return Event(
            status=status,
            at=at,
            start=self.spans[first][0],
            end=self.spans[end][1],
            denied=denied,
            aside=aside,
            hedged=self.hedged(begin, first),
            starts=lemma in self.reader.words.STARTS,
            present=kind in _PRESENT,
            earlier=earlier,
        )
