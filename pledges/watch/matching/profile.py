"""What the matcher is given and what it gives back: plain data, the contract with whoever calls it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pledges.domain.languages import LANGUAGES
from pledges.domain.text import fold
from pledges.watch.text.language import words
from pledges.watch.text.places import country_of

_WHOLE_ARTICLE = 100  # words


@dataclass(frozen=True)
class Profile:
    """What a pledge is recognised by, by language ("en", "es") where the field is a mapping.

    The first line of a text is the pledge's title. `aliases` are names and phrases that speak for it. `context` holds
    names of country, office and speaker. A document lacks none of the phrases of `must` and has none of `never`.
    `learned` is what editors' decisions taught: keys of `document_terms` with a weight from -1 to 1.
    """

    pledge: int | str
    texts: Mapping[str, str]
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    context: tuple[str, ...] = ()
    must: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    never: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    learned: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Vocabulary:
    """What has been seen so far: by language, the number of documents, and of how many each of `document_terms` was
    part."""

    documents: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """A pledge that a document seems to be about, and why. `score` is the probability that an editor would agree;
    `sentence` is verbatim from the text (the title, where there is no text), `words` as they stand in sentence or
    title, `cue` led to the status."""

    pledge: int | str
    score: float
    sentence: str
    words: tuple[str, ...]
    suggested_status: str
    cue: str
    probability: float = 0.0  # the score before it was rounded, for ranking and measuring


@dataclass(frozen=True, slots=True)
class Rules:
    """The phrases of a profile that decide by being there or not, ready to be looked for in a `plain` text."""

    must: Mapping[str, tuple[str, ...]]
    never: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...]  # of office, speaker and institutions
    countries: frozenset[str]

    @classmethod
    def of(cls, profile: Profile) -> "Rules":
        countries = {name: country_of(name) for name in profile.context}
        return cls(
            {one: _plain_all(tuple(profile.must.get(one, ()))) for one in LANGUAGES if profile.must.get(one)},
            {one: _plain_all(tuple(profile.never.get(one, ()))) for one in LANGUAGES if profile.never.get(one)},
            _plain_all(tuple(name for name, code in countries.items() if not code)),
            frozenset(filter(None, countries.values())),
        )

    def allow(self, text: str, language: str) -> bool:
        """Whether a document, given as `plain` text, has every phrase of `must` and none of `never`."""
        if any(phrase in text for phrase in self.never.get(language, ())):
            return False
        return all(phrase in text for phrase in self.must.get(language, ()))

    def away(self, text: str, places: Iterable[frozenset[str]]) -> tuple[float, float]:
        """How far a document (as `plain` text, and the countries of its places) is from a pledge's home.

        First, from 0 to 1, whether all it names is elsewhere: the share of that, to the fourth power, since news from
        home names other countries as well but news from elsewhere hardly names the pledge's country, office, speaker
        or institutions. Then, where it names no place, office or person at all, how odd that is: 1 for a whole
        article, little for a headline, which need not say where it is. A pledge without such names is at home
        everywhere.
        """
        if not (self.names or self.countries):
            return 0.0, 0.0
        home = sum(text.count(name) for name in self.names)
        abroad = 0
        for codes in places:
            if codes & self.countries:
                home += 1
            else:
                abroad += 1
        if not home + abroad:
            return 0.0, min(text.count(" ") / _WHOLE_ARTICLE, 1.0)
        return (abroad / (home + abroad)) ** 4, 0.0


def plain(text: str) -> str:
    """Words alone, folded, each between spaces, so that a phrase is found only as whole words."""
    return " " + " ".join(words(fold(text))) + " "


@lru_cache(maxsize=1000)
def _plain_all(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in map(plain, phrases) if one.strip())
