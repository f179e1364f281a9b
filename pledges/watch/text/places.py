"""The countries that a text mentions: by name, demonym, city or region.

`places.tsv` has one line per country: its code, a tab, names of cities and regions. `bench/places.py` makes it
(GeoNames, CC BY 4.0; ISO 3166-2).
"""

from functools import lru_cache
from pathlib import Path

from pledges.watch.text.countries import codes_by_name
from pledges.watch.text.language import words

_FILE = Path(__file__).parent / "places.tsv"

Codes = frozenset[str]
NOWHERE: Codes = frozenset()


def countries_in(text: str) -> list[Codes]:
    """For each mention of a place or a people, in order, the codes (ISO 3166-1) of the countries it may belong to.

    A place counts only with a capital letter. "Santiago" belongs to many countries.
    """
    places, peoples = _places(), _peoples()
    text_words = words(text)
    folded_words = [word.casefold() for word in text_words]
    mentions: list[Codes] = []
    at = 0
    while at < len(text_words):
        length, codes = places.longest_at(text_words, at) if text_words[at][0].isupper() else (0, NOWHERE)
        if not codes:
            length, codes = peoples.longest_at(folded_words, at)
        if codes:
            mentions.append(codes)
        at += length or 1
    return mentions


def country_of(name: str) -> str:
    """The code of a country by its English or Spanish name; "" if unknown."""
    return codes_by_name().get(name.casefold(), "")


class _Names:
    """The codes of names of one or more words. There are thirty thousand, so little is kept of each: a text, and a set
    that all names of the same countries share."""

    def __init__(self, codes: dict[str, set[str]]) -> None:
        self._codes: dict[str, Codes] = {}
        self._most_words: dict[str, int] = {}  # by the first word of names with several
        sets: dict[Codes, Codes] = {}
        for name, countries in codes.items():
            parts = words(name)
            if parts:
                one_set = frozenset(countries)
                self._codes.setdefault(" ".join(parts), sets.setdefault(one_set, one_set))
            if len(parts) > 1:
                self._most_words[parts[0]] = max(len(parts), self._most_words.get(parts[0], 0))

    def longest_at(self, text_words: list[str], at: int) -> tuple[int, Codes]:
        """The number of words and the codes of the longest name at a place of a text; 0 and none if there is none."""
        for length in range(min(self._most_words.get(text_words[at], 1), len(text_words) - at), 0, -1):
            if codes := self._codes.get(" ".join(text_words[at : at + length])):
                return length, codes
        return 0, NOWHERE


@lru_cache(maxsize=1)
def _places() -> _Names:
    codes: dict[str, set[str]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        code, _tab, names = line.partition("\t")
        for name in names.split("|"):
            codes.setdefault(name, set()).add(code)
    return _Names(codes)


@lru_cache(maxsize=1)
def _peoples() -> _Names:
    return _Names({name: {code} for name, code in codes_by_name().items()})
