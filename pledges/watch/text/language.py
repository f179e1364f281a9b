"""What the watch knows of its two languages: which one a text is in, its words, its stems, its sentences."""

import re
from functools import lru_cache

import Stemmer

from pledges.domain.languages import ENGLISH_NAMES, LANGUAGES
from pledges.domain.text import fold, visible
from pledges.watch.text.word_lists import ABBREVIATIONS, FUNCTION_WORDS, STOP_WORDS

_FUNCTION_WORDS = {language: frozenset(known.split()) for language, known in FUNCTION_WORDS.items()}
_ENOUGH = 3  # function words; fewer say nothing
_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*", re.UNICODE)
_STEMMERS = {code: Stemmer.Stemmer(name.lower()) for code, name in ENGLISH_NAMES.items()}

_ABBREVIATIONS = frozenset(ABBREVIATIONS.split())
_LONGEST_ABBREVIATION = 40  # characters that are looked back at; no abbreviation comes near it
# A run of marks is looked at once, from its first one: otherwise a long run is read again from each of its marks.
_END = re.compile(r"(?<![.!?…])(?P<marks>[.!?…]++)[\"'”’»)\]]*+\s++(?=[\"'“‘«(\[¿¡—–-]*+[A-ZÁÉÍÓÚÑÜ0-9])")


def one_line(text: str) -> str:
    """A title or a name on one line, without invisible characters."""
    return " ".join(visible(text).split())


def language_of(text: str) -> str:
    """ "en", "es", or "" where the text is too short, too mixed or in another language to say."""
    words = [word.casefold() for word in _WORD.findall(text[:20_000])]
    counts = {language: sum(word in known for word in words) for language, known in _FUNCTION_WORDS.items()}
    best = max(counts, key=counts.__getitem__)
    second = max(count for language, count in counts.items() if language != best)
    clear = counts[best] >= _ENOUGH and counts[best] > 1.15 * second and counts[best] >= 0.12 * len(words)
    return best if clear and best in LANGUAGES else ""


def declared(tag: str | None) -> str:
    """The language of a tag such as "es-EC" or "en_US", or ""."""
    primary = re.split(r"[-_]", (tag or "").strip().casefold())[0]
    return primary if primary in LANGUAGES else ""


def words(text: str) -> list[str]:
    """The words of a text as they stand, in order; a number with its decimals is one word."""
    return _WORD.findall(text)


_STOP_WORDS = {
    language: frozenset(fold(word) for word in f"{FUNCTION_WORDS[language]} {STOP_WORDS[language]}".split())
    for language in LANGUAGES
}


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """The Snowball stem of one word, accents folded first: news addresses and hurried editors leave them out."""
    folded = fold(word)
    if language == "es" and folded.endswith(
        "ion"
    ):  # the stemmer knows this ending by its accent: "educación", "educar"
        folded = folded[:-2] + "ón"
    return fold(_STEMMERS[language].stemWord(folded))


@lru_cache(maxsize=50_000)
def is_stop_word(word: str, language: str) -> bool:
    """Whether a word carries no meaning of its own; its accents may be missing."""
    return fold(word) in _STOP_WORDS[language]


def sentences(text: str) -> list[str]:
    """The sentences of English or Spanish news prose, verbatim, in order. A line break always ends one.

    The work grows with the length of the text, whatever it holds.
    """
    found = []
    for line in text.splitlines():
        start = 0
        for end in _END.finditer(line):
            before = line[max(start, end.start() - _LONGEST_ABBREVIATION) : end.start()]
            if _ends_sentence(before, end["marks"], line[end.end()]):
                found.append(line[start : end.end()].strip())
                start = end.end()
        found.append(line[start:].strip())
    return [sentence for sentence in found if sentence]


def _ends_sentence(before: str, marks: str, after: str) -> bool:
    """Whether `marks` end a sentence: whether they are more than the full stop of the abbreviation in `before`."""
    if marks[-1] != "." or marks.endswith(".."):
        return True
    last = re.split(r"\s", before)[-1].lstrip("\"'“‘«([¿¡").casefold()
    if len(last) == 1 and last.isalpha():
        return False  # an initial: "J. Borja"
    if last in {"no", "art", "nov", "mar", "dec", "km", "co"}:  # words, or ends of sentences, unless a number follows
        return not after.isdigit()
    return last not in _ABBREVIATIONS
