"""Concepts of civic life in both languages: words and phrases that mean nearly the same, and fields they belong to.

A concept lets "jail" find "penitentiary", and lets a pledge that is written in one language only be found in the
other. The lists are our own, one file a part of public life in `lexicon_data/`. In them `@name` begins a field
(`near` names fields next to it), `@` alone ends it, and every further line is one concept: the English words, a bar,
the Spanish ones, words parted by commas. A line that begins with `~` holds words that belong to the field without
meaning the same.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pledges.domain.languages import LANGUAGES
from pledges.watch.text.language import is_stop_word, stem, words

DATA = Path(__file__).parent / "lexicon_data"


@dataclass
class Lexicon:
    """One language's concepts: keys (`#...` of a concept, `@...` of a field) by the stems of a word or phrase."""

    concepts: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    fields: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    near: dict[str, tuple[str, ...]] = field(default_factory=dict)  # fields next to a field
    longest: dict[str, int] = field(default_factory=dict)  # by first stem: how many stems its longest phrase has

    def add(self, phrase: str, language: str, concept: str, name: str) -> None:
        stems = stems_of(phrase, language)
        if not stems:
            return
        if concept and concept not in self.concepts.get(stems, ()):
            self.concepts[stems] = (*self.concepts.get(stems, ()), concept)
        if name and name not in self.fields.get(stems, ()):
            self.fields[stems] = (*self.fields.get(stems, ()), name)
        if len(stems) > 1:
            self.longest[stems[0]] = max(len(stems), self.longest.get(stems[0], 0))


def stems_of(text: str, language: str) -> tuple[str, ...]:
    """The stems of the words of a text that carry meaning, in order."""
    return tuple(stem(word, language) for word in words(text) if not is_stop_word(word, language))


@lru_cache(maxsize=1)
def lexicons() -> dict[str, Lexicon]:
    """The concepts by language, read once a process."""
    found = {language: Lexicon() for language in LANGUAGES}
    for path in sorted(DATA.glob("*.txt")):
        name = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            line = line.strip()
            if line.startswith("@"):
                name, _, near = (part.strip() for part in line.partition(" near "))
                name = name if len(name) > 1 else ""
                for lexicon in found.values():
                    lexicon.near[name] = tuple(one.strip() for one in near.split(",") if one.strip())
            elif line:
                _read(line, name, found)
    return found


def _read(line: str, name: str, found: dict[str, Lexicon]) -> None:
    sides = [[one.strip() for one in side.split(",") if one.strip()] for side in line.lstrip("~").split("|")]
    concept = "" if line.startswith("~") else "#" + "_".join(stems_of(sides[0][0], "en"))
    for language, phrases in zip(LANGUAGES, sides, strict=True):
        for phrase in phrases:
            found[language].add(phrase, language, concept, name)
