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


def countries_in(text: str) -> list[Codes]:
    """For each mention of a place or a people, in order, the codes (ISO 3166-1) of the countries it may belong to.

    A place counts only with a capital letter. "Santiago" belongs to many countries.
    """
    places, peoples = _places(), _peoples()
    text_words = words(text)
    mentions: list[Codes] = []
    at = 0
    while at < len(text_words):
        word = text_words[at]
        names = places.get(word, ()) if word[0].isupper() else ()
        known = next(((name, codes) for name, codes in names if tuple(text_words[at : at + len(name)]) == name), None)
        if known is None:
            lower = word.casefold()
            names = peoples.get(lower, ())
            known = next(
                (
                    (name, codes)
                    for name, codes in names
                    if len(name) == 1 or tuple(part.casefold() for part in text_words[at : at + len(name)]) == name
                ),
                None,
            )
        if known is None:
            at += 1
        else:
            mentions.append(known[1])
            at += len(known[0])
    return mentions


def country_of(name: str) -> str:
    """The code of a country by its English or Spanish name; "" if unknown."""
    return codes_by_name().get(name.casefold(), "")


Names = dict[str, tuple[tuple[tuple[str, ...], Codes], ...]]


@lru_cache(maxsize=1)
def _places() -> Names:
    codes: dict[str, set[str]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        code, _tab, names = line.partition("\t")
        for name in names.split("|"):
            codes.setdefault(name, set()).add(code)
    return _by_first_word(codes)


@lru_cache(maxsize=1)
def _peoples() -> Names:
    return _by_first_word({name: {code} for name, code in codes_by_name().items()})


def _by_first_word(codes: dict[str, set[str]]) -> Names:
    """The names indexed by their first word, the longest first."""
    by_first_word: dict[str, list[tuple[tuple[str, ...], Codes]]] = {}
    for name, countries in codes.items():
        if parts := tuple(words(name)):
            by_first_word.setdefault(parts[0], []).append((parts, frozenset(countries)))
    return {first: tuple(sorted(names, key=lambda name: -len(name[0]))) for first, names in by_first_word.items()}
