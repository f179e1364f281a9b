"""Verb patterns that stand for a status, and classes of nouns, compiled from the word lists of a language.

A pattern asks for words after a verb and for classes of nouns around it (see `patterns_en.py`, `nouns_en.py`).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from pledges.domain.rules import Status
from pledges.watch.status import nouns_en, nouns_es, patterns_en, patterns_es
from pledges.watch.text import conjugation
from pledges.watch.text.language import stem

_ENTRY = re.compile(r"([\w*-]+)(?::([A-Z]+))?(?:<([A-Z]+))?(?:>([A-Z]+))?$")
ANY = frozenset("TRWBPDFGIYK")
# A single legislator acts alone; only the plural stands for the legislature.
_ALONE = frozenset(
    """mp mep senator deputy lawmaker legislator congressman congresswoman backbencher peer diputado diputada senador
    senadora legislador legisladora asambleista congresista parlamentario""".split()
)
_STATUSES = (
    (Status.PARTLY_KEPT, "PARTLY"),
    (Status.BROKEN, "BROKEN"),
    (Status.STALLED, "STALLED"),
    (Status.IN_PROGRESS, "IN_PROGRESS"),
    (Status.KEPT, "KEPT"),
)


@dataclass(frozen=True)
class VerbPattern:
    """A verb, the words after it, and the classes of its subject, agent and object, which together mean a status.

    `tail` holds the words after the verb, each with its stem. Of two equally good patterns the lower `order` wins.
    """

    status: Status
    lemma: str
    tail: tuple[tuple[str, str], ...]
    subject: frozenset[str]
    agent: frozenset[str]
    object: frozenset[str]
    order: int


class Reader:
    """The patterns and noun classes of one language, indexed for lookup."""

    def __init__(self, language: str):
        self.language = language
        self.words = {"en": patterns_en, "es": patterns_es}[language]
        self.forms: dict[str, list[tuple[str, str]]] = {}
        self.patterns: dict[str, dict[str, list[VerbPattern]]] = {}
        make = conjugation.english if language == "en" else conjugation.spanish
        order = 0
        for status, name in _STATUSES:
            for row in getattr(self.words, name).split():
                matched = _ENTRY.match(row)
                assert matched, row
                entry, *letters = matched.groups(default="")
                lemma, *tail = entry.split("_")
                if lemma.endswith("rse"):  # with "se", which `verb_voice` detects
                    lemma = lemma[:-2]
                subject, agent, target = (ANY if part == "A" else frozenset(part) for part in letters)
                order += 1
                stems = tuple((word, self.stem(word)) for word in tail)
                pattern = VerbPattern(status, lemma, stems, subject, agent, target, order)
                # Indexed by the stem of the last word, so that only patterns whose words are there are tried.
                needed = pattern.tail[-1][1] if tail else ""
                self.patterns.setdefault(lemma, {}).setdefault(needed, []).append(pattern)
        for lemma in [*self.patterns, *self.words.USES, *self.words.RUNNING, *self.words.RECEIVES, *self.words.BEING]:
            for form, kind in make(lemma).items():
                known = self.forms.setdefault(form, [])
                if (lemma, kind) not in known:
                    known.append((lemma, kind))
        more = self.words.MODALS if language == "en" else self.words.CLITICS | self.words.NOT_FACT
        self.finite = self.words.BE | self.words.HAVE
        self.helpers = self.finite | self.words.ADVERBS | self.words.NEGATIONS | more
        self.classes: dict[str, set[str]] = {}
        for letter, nouns in {"en": nouns_en, "es": nouns_es}[language].NOUNS.items():
            for noun in nouns.split():
                alone = () if letter == "L" and noun in _ALONE else (noun,)
                for form in (*alone, conjugation.plural(noun, language)):
                    self.classes.setdefault(form, set()).add(letter)

    def patterns_of(self, lemma: str, stems: frozenset[str]) -> list[VerbPattern]:
        """The patterns of a verb that can match a sentence with these stems."""
        known = self.patterns.get(lemma)
        if not known:
            return []
        return [*known.get("", ()), *(pattern for stem in stems & known.keys() for pattern in known[stem])]

    def stem(self, word: str) -> str:
        return stem(word, self.language)

    @lru_cache(maxsize=20_000)  # noqa: B019 - two readers live as long as the process
    def of(self, word: str) -> frozenset[str]:
        """The classes of a noun. A compound has those of its last part, except X."""
        known = self.classes.get(word.removesuffix("'s").rsplit("-", 1)[-1], ())
        return frozenset(known) - (frozenset("X") if "-" in word else frozenset())


_READERS: dict[str, Reader] = {}


def reader(language: str) -> Reader:
    """The reader for "en" or "es", made on first use."""
    if language not in _READERS:
        _READERS[language] = Reader(language)
    return _READERS[language]
