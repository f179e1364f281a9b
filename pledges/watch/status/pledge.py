"""A pledge as far as sentences are read against it, and how much of its number a sentence tells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pledges.domain.rules import Status
from pledges.watch.text.language import stem, words

_NUMBER = re.compile(
    r"(?<![\w.,$£€])(\d{1,3}(?:[., ]\d{3})+|\d+(?:[.,]\d+)?|one|una?)"
    r"(?: (thousand|million|mil(?:l[oó]n|lones)?))?(?: de| of)?((?: [\w-]+){1,3})",
    re.IGNORECASE,
)
_UNITS = {"": 1.0, "thousand": 1e3, "mil": 1e3}  # others are millions


@dataclass(frozen=True)
class PledgeText:
    """A pledge in the language of the article: its title and statement, what "kept" means, and the status it has."""

    text: str
    kept: str = ""
    before: str = ""

    @classmethod
    def of(
        cls, texts: Mapping[str, str], criteria: Mapping[str, Mapping[str, str]], language: str, before: str
    ) -> "PledgeText":
        """From texts and criteria by language."""
        return cls(texts.get(language, ""), criteria.get(language, {}).get(Status.KEPT, ""), before)


def share_told(sentence: str, language: str, pledge: PledgeText) -> float | None:
    """The number in a sentence as a share of the pledge's: 0.1 for "53 homes" of 530; None for other things."""
    goals, told = _counts(pledge.text, language), _counts(sentence, language)
    shares = [count / goals[noun] for noun, count in told.items() if goals.get(noun)]
    return max(shares, default=None)


def _counts(text: str, language: str) -> dict[str, float]:
    """The largest number before each noun (its stem) of a text."""
    counts: dict[str, float] = {}
    for number, unit, following in _NUMBER.findall(text):
        plain = re.sub(r"[., ](?=\d{3}(?!\d))", "", number).replace(",", ".")
        value = (float(plain) if plain[0].isdigit() else 1.0) * _UNITS.get(unit.lower(), 1e6)
        for noun in words(following):
            key = stem(noun, language)
            counts[key] = max(counts.get(key, 0), value)
    return counts
