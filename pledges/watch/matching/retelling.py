"""Whether a report tells an event that a published update has told: of about the same day, in words like its own.

The update is short and the report is long, so what counts is how much of the shorter one is in the longer one. On
another day the same words tell another event: a pledge's updates are all about one affair.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import Precision, deadline_end
from pledges.domain.text import fold
from pledges.watch.text.language import is_stop_word, stem, words

NEAR = 7  # days: updates so near are shown, whatever they tell
# The share of words that makes two texts one event, by how many days they are apart at most.
_SHARES = ((1, 0.4), (3, 0.7))
_FEW = 6  # words by weight: a shorter text says too little to be compared
_NAMES = 3  # names and figures that texts in two languages have to share, and their share
_NAMES_SHARE = 0.6
_MOST_WORDS = 400  # of a report
_AROUND = timedelta(days=3)  # of a day that is an estimate


@dataclass(frozen=True)
class Account:
    """What is told of an event: the last day is the first one, except for a month or an estimate.

    `texts` are what says it, each as (language, text); an unknown language is "".
    """

    first_day: date
    last_day: date
    texts: tuple[tuple[str, str], ...]


def days_of(day: date, precision: str) -> tuple[date, date]:
    """The first and the last day on which something happened that is dated with this precision."""
    if precision == Precision.MONTH:
        return day.replace(day=1), deadline_end(day, precision) or day
    if precision == Precision.APPROX:
        return max(date.min + _AROUND, day) - _AROUND, min(date.max - _AROUND, day) + _AROUND
    return day, day


def days_apart(a: Account, b: Account) -> int:
    """How many days lie between two accounts; 0 if their days overlap."""
    return max(0, (b.first_day - a.last_day).days, (a.first_day - b.last_day).days)


def likeness(a: Account, b: Account) -> float:
    """The share of the shorter text's words in the other one, between 0 and 1, if it makes the two one event; else 0.0.

    Compares texts of one language; where there are none, names and figures, which survive translation.
    """
    apart = days_apart(a, b)
    needed = next((share for days, share in _SHARES if apart <= days), None)
    if needed is None:
        return 0.0
    in_one_language = [
        _share(_weights(text, language), _weights(other, language))
        for own, text in a.texts
        for theirs, other in b.texts
        for language in _common(own, theirs)
    ]
    if in_one_language:
        return max((share for share in in_one_language if share >= needed), default=0.0)
    shares = (_shared_names(text, other) for _own, text in a.texts for _theirs, other in b.texts)
    return max((share for share in shares if share >= max(needed, _NAMES_SHARE)), default=0.0)


def _common(a: str, b: str) -> Iterable[str]:
    """The languages in which two texts can be compared."""
    return [code for code in LANGUAGES if a in (code, "") and b in (code, "")]


def _share(a: Mapping[str, int], b: Mapping[str, int]) -> float:
    shorter, longer = sorted((a, b), key=lambda weights: sum(weights.values()))
    total = sum(shorter.values())
    return sum(shorter[key] for key in shorter.keys() & longer.keys()) / total if total >= _FEW else 0.0


def _shared_names(a: str, b: str) -> float:
    shorter, longer = sorted((_names(a), _names(b)), key=len)
    shared = len(shorter & longer)
    return shared / len(shorter) if shared >= _NAMES else 0.0


@lru_cache(maxsize=512)
def _weights(text: str, language: str) -> dict[str, int]:
    """The stems of a text; names and figures weigh double."""
    weights: dict[str, int] = {}
    for word in words(text)[:_MOST_WORDS]:
        if word[0].isdigit():
            weights[_figure(word)] = 2
        elif not is_stop_word(word, language):
            key = stem(word, language)
            weights[key] = max(weights.get(key, 0), 2 if word[0].isupper() else 1)
    return weights


@lru_cache(maxsize=512)
def _names(text: str) -> frozenset[str]:
    """The figures of a text, and its words with a capital letter that are stop words in no language."""
    found = words(text)[:_MOST_WORDS]
    named = (word for word in found if word[0].isupper() and not any(is_stop_word(word, code) for code in LANGUAGES))
    return frozenset((*map(fold, named), *(_figure(word) for word in found if word[0].isdigit())))


def _figure(word: str) -> str:
    """A figure without its separators, which differ by language."""
    return word.replace(".", "").replace(",", "")
