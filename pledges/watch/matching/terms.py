"""What a text is made of for the matcher: keys of words, of their other forms and cousins, of concepts and fields.

es:educ         a stem in its language; "es:reform_educ" two that stand side by side
~educa          the beginning that a word's other forms and its cousin in the other language share
#education      a concept of the lexicon
@education      the field of public life that a word belongs to
"""

from functools import lru_cache
from itertools import pairwise
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
    """A word or a phrase of the lexicon, and the keys by which it is found: `stem` is its own, the rest stand for it.

    `whole` is a word or a number; phrases of the lexicon are made of those.
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
    """The words that carry meaning, in order, as they stand and as terms; phrases of the lexicon follow their last
    word."""
    found: list[tuple[str, Term]] = []
    longest, phrases = lexicons()[language].longest, _phrases(language)
    stems: list[str] = []
    heads: list[tuple[int, int]] = []  # where phrases may have begun, and where the longest of them would end
    at = 0
    before = ""
    for word in words(text):
        if word in _THOUSANDS and before[:1].isdigit():
            found.append((word, _number(_digits(before) + "0" * _THOUSANDS[word])))
        before = word
        term = term_of(word, language)
        if term is None:
            continue
        found.append((word, term))
        own = term.stem[3:]
        stems.append(own)
        at += 1
        if heads:
            heads = [head for head in heads if head[1] >= at]
            for start, _ in heads:
                phrase = phrases.get(tuple(stems[start:at]))
                if phrase is not None:
                    found.append((word, phrase))
        if own in longest:
            heads.append((at - 1, at - 1 + min(longest[own], _LONGEST_PHRASE)))
    return found


@lru_cache(maxsize=100_000)
def term_of(word: str, language: str) -> Term | None:
    """A word as a term; None where it carries no meaning. Function words of both languages: names mix them."""
    if len(word) > _LONGEST_WORD or any(is_stop_word(word, one) for one in LANGUAGES):
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
    """The phrases of the lexicon as terms, by their stems."""
    lexicon = lexicons()[language]
    return {
        stems: Term.of(
            f"{language}:{'_'.join(stems)}", "", lexicon.concepts.get(stems, ()), lexicon.fields.get(stems, ())
        )
        for stems in lexicon.concepts.keys() | lexicon.fields.keys()
        if len(stems) > 1
    }


def pairs(found: list[tuple[str, Term]]) -> list[str]:
    """The keys of stems that stand side by side in what `terms` found."""
    stems = [term.stem for _, term in found if term.whole]
    return [f"{first}_{second.partition(':')[2]}" for first, second in pairwise(stems)]


def document_terms(title: str, text: str, language: str) -> frozenset[str]:
    """The keys by which a document counts towards a `Vocabulary`: add one to each."""
    if language not in LANGUAGES:
        return frozenset()
    return frozenset(key for _, term in terms(f"{title}\n{text}", language) for key in term.keys)


def _digits(word: str) -> str:
    """A number without the marks that part its thousands: "6.000" and "6,000" become "6000"."""
    head, *groups = word.replace(",", ".").split(".")
    return head + "".join(groups) if all(len(group) == 3 for group in groups) else word.replace(",", ".").rstrip("0")


@lru_cache(maxsize=10_000)
def _number(digits: str) -> Term:
    return Term.of(f"n:{digits}", "", (), ())


@lru_cache(maxsize=100_000)
def cognate(word: str) -> str:
    """The first letters, spelt as both languages would: "transport" and "transporte", "photo" and "foto"."""
    letters = fold(word)
    for spelling, sound in (("ph", "f"), ("th", "t"), ("qu", "c"), ("y", "i"), ("k", "c"), ("ti", "ci")):
        letters = letters.replace(spelling, sound)
    squeezed = "".join(letter for at, letter in enumerate(letters) if letter != letters[at - 1 : at])
    return squeezed[:_SOFT_LETTERS]
