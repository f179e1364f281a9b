"""The names of countries in English and Spanish, from `country_names.tsv`: the code and, after tabs, the names.

They are CLDR's: a test compares them with Babel's, whose data of two languages would take a process 7 MB.
"""

from functools import lru_cache
from pathlib import Path

from pledges.domain.languages import LANGUAGES

_FILE = Path(__file__).with_name("country_names.tsv")


@lru_cache(maxsize=1)
def country_names() -> dict[str, dict[str, str]]:
    """By language, the names by code; also those of groups of countries (EU) and of parts with a code of their own."""
    rows = [line.split("\t") for line in _FILE.read_text(encoding="utf-8").splitlines()]
    return {
        language: {row[0]: row[place] for row in rows if row[place]}
        for place, language in enumerate(LANGUAGES, start=1)
    }


def names_of(code: str) -> list[str]:
    """The country's name in each language, in the order of `LANGUAGES`; "" where the code, in any case, has none."""
    return [country_names()[language].get(code.upper(), "") for language in LANGUAGES]
