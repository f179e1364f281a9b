"""The index keys of a text: of words, of their other forms and cognates, of concepts and of fields.

es:educ         a stem in its language; "es:reform_educ" two neighbouring stems
~educa          the first letters, shared by a word's other forms and its cognate in the other language
#education      a concept of the thesaurus
@education      the field of public life that a word belongs to
"""

from functools import lru_cache
from typing import NamedTuple

from pledges.domain.languages import LANGUAGES
from pledges.domain.text import fold
from pledges.watch.matching.concepts import lexicons
from pledges.watch.text.language import is_stop_word, stem, words

_SOFT_LETTERS = 5
_LONGEST_WORD = 40
_LONGEST_PHRASE = 5  # words
_THOUSANDS = {"mil": 3, "thousand": 3, "million": 6, "millon": 6, "millones": 6, "billion": 9, "trillion": 12}


class Term(NamedTuple):
    """A word, or a phrase of the thesaurus, with its index keys.

    `stem` is its own key, `soft` that of its first letters ("" for none). `whole` is true for a word or a number, false
    for a phrase.
    """

    stem: str
    soft: str
    concepts: tuple[str, ...]
    fields: tuple[str, ...]
    whole: bool
    keys: tuple[str, ...]

    @classmethod
    def of(cls, stem: str, soft: str, concepts: tuple[str, ...], fields: tuple[str, ...]) -> "Term":
        own = (stem, soft) if soft else (stem,)
        return cls(stem, soft, concepts, fields, bool(soft) or stem.startswith("n:"), (*own, *concepts, *fields))


def terms(text: str, language: str) -> list[tuple[str, Term]]:
    """The words of a text, without stop words, in order, each with its term; phrases follow their last word."""
    result: list[tuple[str, Term]] = []
    longest, phrases = lexicons()[language].longest, _phrases(language)
    stems: list[str] = []
    open_phrases: list[tuple[int, int]] = []  # (start, end of the longest that starts there)
    at = 0
    previous = ""
    for word in words(text):
        if word in _THOUSANDS and previous[:1].isdigit():
            result.append((word, _number(_digits(previous) + "0" * _THOUSANDS[word])))
        previous = word
        term = term_of(word, language)
        if term is None:
            continue
        result.append((word, term))
        own_stem = term.stem[3:]
        stems.append(own_stem)
        at += 1
        if open_phrases:
            open_phrases = [phrase_start for phrase_start in open_phrases if phrase_start[1] >= at]
            for start, _ in open_phrases:
                phrase = phrases.get(tuple(stems[start:at]))
                if phrase is not None:
                    result.append((word, phrase))
        if own_stem in longest:
            open_phrases.append((at - 1, at - 1 + min(longest[own_stem], _LONGEST_PHRASE)))
    return result


@lru_cache(maxsize=100_000)
def term_of(word: str, language: str) -> Term | None:
    """A word as a term; None for a stop word. Those of both languages count, because names mix languages."""
    if len(word) > _LONGEST_WORD or any(is_stop_word(word, code) for code in LANGUAGES):
        return None
    if word[0].isdigit() and (digits := _digits(word)).isdigit():
        return _number(digits)
    own = stem(word, language)
    lexicon = lexicons()[language]
    return Term.of(
        f"{language}:{own}", "~" + cognate(word), lexicon.concepts.get((own,), ()), lexicon.fields.get((own,), ())
    )


@lru_cache
def _phrases(language: str) -> dict[tuple[str, ...], Term]:
    """The phrases of the thesaurus as terms, by their stems."""
    lexicon = lexicons()[language]
    return {
        stems: Term.of(
            f"{language}:{'_'.join(stems)}", "", lexicon.concepts.get(stems, ()), lexicon.fields.get(stems, ())
        )
        for stems in lexicon.concepts.keys() | lexicon.fields.keys()
        if len(stems) > 1
    }


def document_terms(title: str, text: str, language: str) -> frozenset[str]:
    """The distinct keys of a document, each of which counts once in a `Vocabulary`."""
    if language not in LANGUAGES:
        return frozenset()
    return frozenset(key for _, term in terms(f"{title}\n{text}", language) for key in term.keys)


def _digits(word: str) -> str:
    """A number without thousands separators: "6.000" and "6,000" become "6000"."""
    head, *groups = word.replace(",", ".").split(".")
    return head + "".join(groups) if all(len(group) == 3 for group in groups) else word.replace(",", ".").rstrip("0")


@lru_cache(maxsize=10_000)
def _number(digits: str) -> Term:
    return Term.of(f"n:{digits}", "", (), ())


@lru_cache(maxsize=100_000)
def cognate(word: str) -> str:
    """The first letters, in a spelling common to both languages ("transport" and "transporte", "photo" and "foto")."""
    letters = fold(word)
    for spelling, sound in (("ph", "f"), ("th", "t"), ("qu", "c"), ("y", "i"), ("k", "c"), ("ti", "ci")):
        letters = letters.replace(spelling, sound)
    squeezed = "".join(letter for at, letter in enumerate(letters) if letter != letters[at - 1 : at])
    return squeezed[:_SOFT_LETTERS]
