"""Language detection, tokenizing, stemming (Snowball) and sentence splitting for English and Spanish."""

import re
from functools import lru_cache

import Stemmer

from pledges.domain.languages import ENGLISH_NAMES, LANGUAGES
from pledges.domain.text import fold, visible
from pledges.watch.text.word_lists import ABBREVIATIONS, FUNCTION_WORDS, STOP_WORDS

_FUNCTION_WORDS = {language: frozenset(known.split()) for language, known in FUNCTION_WORDS.items()}
_MIN_FUNCTION_WORDS = 3  # fewer do not identify a language
_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*", re.UNICODE)
_STEMMERS = {code: Stemmer.Stemmer(name.lower()) for code, name in ENGLISH_NAMES.items()}

_ABBREVIATIONS = frozenset(ABBREVIATIONS.split())
_LONGEST_ABBREVIATION = 40  # characters of look-behind, more than any abbreviation has
# A run of marks matches only from its first mark: otherwise a long run would be scanned again from each of them.
_END = re.compile(r"(?<![.!?…])(?P<marks>[.!?…]++)[\"'”’»)\]]*+\s++(?=[\"'“‘«(\[¿¡—–-]*+[A-ZÁÉÍÓÚÑÜ0-9])")


def one_line(text: str) -> str:
    """A title or a name on one line, without invisible characters."""
    return " ".join(visible(text).split())


def language_of(text: str) -> str:
    """ "en", "es", or "" if the text is too short, too mixed or in another language. Counts function words."""
    words = [word.casefold() for word in _WORD.findall(text[:20_000])]
    counts = {language: sum(word in known for word in words) for language, known in _FUNCTION_WORDS.items()}
    best = max(counts, key=counts.__getitem__)
    second = max(count for language, count in counts.items() if language != best)
    clear = counts[best] >= _MIN_FUNCTION_WORDS and counts[best] > 1.15 * second and counts[best] >= 0.12 * len(words)
    return best if clear and best in LANGUAGES else ""


def declared(tag: str | None) -> str:
    """The language of a tag such as "es-EC" or "en_US"; "" if it is not one of ours."""
    primary = re.split(r"[-_]", (tag or "").strip().casefold())[0]
    return primary if primary in LANGUAGES else ""


def words(text: str) -> list[str]:
    """The words of a text in order, unchanged; a number with its decimals is one word."""
    return _WORD.findall(text)


_STOP_WORDS = {
    language: frozenset(fold(word) for word in f"{FUNCTION_WORDS[language]} {STOP_WORDS[language]}".split())
    for language in LANGUAGES
}


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """The Snowball stem of one word. Accents are folded first, because URLs and typed text often lack them."""
    folded = fold(word)
    # The stemmer knows this ending only with its accent: "educación", "educar".
    if language == "es" and folded.endswith("ion"):
        folded = folded[:-2] + "ón"
    return fold(_STEMMERS[language].stemWord(folded))


@lru_cache(maxsize=50_000)
def is_stop_word(word: str, language: str) -> bool:
    """Whether a word is a stop word; its accents may be missing."""
    return fold(word) in _STOP_WORDS[language]


def sentences(text: str) -> list[str]:
    """The sentences of English or Spanish news prose, verbatim, in order. A line break always ends a sentence.

    Takes linear time, whatever the text.
    """
    pieces = []
    for line in text.splitlines():
        start = 0
        for end in _END.finditer(line):
            before = line[max(start, end.start() - _LONGEST_ABBREVIATION) : end.start()]
            if _ends_sentence(before, end["marks"], line[end.end()]):
                pieces.append(line[start : end.end()].strip())
                start = end.end()
        pieces.append(line[start:].strip())
    return [sentence for sentence in pieces if sentence]


def _ends_sentence(before: str, marks: str, after: str) -> bool:
    """Whether `marks` end a sentence, and are not just the full stop of an abbreviation at the end of `before`."""
    if marks[-1] != "." or marks.endswith(".."):
        return True
    last = re.split(r"\s", before)[-1].lstrip("\"'“‘«([¿¡").casefold()
    if len(last) == 1 and last.isalpha():
        return False  # an initial: "J. Borja"
    if last in {"no", "art", "nov", "mar", "dec", "km", "co"}:  # abbreviations only before a number
        return not after.isdigit()
    return last not in _ABBREVIATIONS
