"""A bilingual thesaurus: concepts (words and phrases that mean nearly the same) and the subject fields they belong to.

A concept lets "jail" find "penitentiary", and a pledge that is written in one language be found in the other. The lists
are our own, one file for each part of public life in `lexicon_data/`. In them `@name` begins a field (`near` names
related fields) and `@` alone ends it. Every other line is one concept: the English words, a bar, the Spanish words,
separated by commas. A line that begins with `~` holds words that belong to the field but are not synonyms.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pledges.domain.languages import LANGUAGES
from pledges.watch.text.language import is_stop_word, stem, words

DATA = Path(__file__).parent / "lexicon_data"


@dataclass
class Lexicon:
    """The thesaurus of one language: keys (`#...` of a concept, `@...` of a field) by the stems of a word or phrase."""

    concepts: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    fields: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    near: dict[str, tuple[str, ...]] = field(default_factory=dict)  # related fields
    longest: dict[str, int] = field(default_factory=dict)  # by first stem: the number of stems of its longest phrase

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
    """The stems of the words of a text, in order, without stop words."""
    return tuple(stem(word, language) for word in words(text) if not is_stop_word(word, language))


@lru_cache(maxsize=1)
def lexicons() -> dict[str, Lexicon]:
    """The thesaurus by language, read once per process."""
    by_language = {language: Lexicon() for language in LANGUAGES}
    for path in sorted(DATA.glob("*.txt")):
        name = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            line = line.strip()
            if line.startswith("@"):
                name, _, near = (part.strip() for part in line.partition(" near "))
                name = name if len(name) > 1 else ""
                for lexicon in by_language.values():
                    lexicon.near[name] = tuple(part.strip() for part in near.split(",") if part.strip())
            elif line:
                _read(line, name, by_language)
    return by_language


def _read(line: str, field_name: str, by_language: dict[str, Lexicon]) -> None:
    phrases_by_language = [
        [phrase.strip() for phrase in side.split(",") if phrase.strip()] for side in line.lstrip("~").split("|")
    ]
    concept = "" if line.startswith("~") else "#" + "_".join(stems_of(phrases_by_language[0][0], "en"))
    for language, phrases in zip(LANGUAGES, phrases_by_language, strict=True):
        for phrase in phrases:
            by_language[language].add(phrase, language, concept, field_name)
