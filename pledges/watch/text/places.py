"""Which countries a text tells of: by their names, their people, their cities and regions.

`places.tsv` has a line a country: its code, a tab, names of cities and regions. `bench/places.py` makes it (GeoNames,
CC BY 4.0; ISO 3166-2).
"""

from functools import lru_cache
from pathlib import Path

from pledges.watch.text.countries import codes_by_name
from pledges.watch.text.language import words

_FILE = Path(__file__).parent / "places.tsv"

Codes = frozenset[str]


def countries_in(text: str) -> list[Codes]:
    """Of each mention of a place or a people, in order, the codes (ISO 3166-1) of the countries it may be in.

    A place counts only where it is written as a name; "Santiago" is in many countries.
    """
    places, peoples = _places(), _peoples()
    told = words(text)
    found: list[Codes] = []
    at = 0
    while at < len(told):
        word = told[at]
        names = places.get(word, ()) if word[0].isupper() else ()
        known = next(((name, codes) for name, codes in names if tuple(told[at : at + len(name)]) == name), None)
        if known is None:
            lower = word.casefold()
            names = peoples.get(lower, ())
            known = next(
                (
                    (name, codes)
                    for name, codes in names
                    if len(name) == 1 or tuple(one.casefold() for one in told[at : at + len(name)]) == name
                ),
                None,
            )
        if known is None:
            at += 1
        else:
            found.append(known[1])
            at += len(known[0])
    return found


def country_of(name: str) -> str:
    """The code of a country by its name, English or Spanish; "" where it is none."""
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
    """The names by their first word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], Codes]]] = {}
    for name, where in codes.items():
        if parts := tuple(words(name)):
            found.setdefault(parts[0], []).append((parts, frozenset(where)))
    return {first: tuple(sorted(names, key=lambda one: -len(one[0]))) for first, names in found.items()}
