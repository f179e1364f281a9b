"""What the matcher is given and what it gives back: plain data, the contract with whoever calls it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pledges.monitor.language import LANGUAGES, fold, words

_ONE_NAME = 0.35  # how far away a document is that names but one of several


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
    context: tuple[str, ...]

    @classmethod
    def of(cls, profile: Profile) -> "Rules":
        return cls(
            {one: _plain_all(tuple(profile.must.get(one, ()))) for one in LANGUAGES if profile.must.get(one)},
            {one: _plain_all(tuple(profile.never.get(one, ()))) for one in LANGUAGES if profile.never.get(one)},
            _plain_all(tuple(profile.context)),
        )

    def allow(self, text: str, language: str) -> bool:
        """Whether a document, given as `plain` text, has every phrase of `must` and none of `never`."""
        if any(phrase in text for phrase in self.never.get(language, ())):
            return False
        return all(phrase in text for phrase in self.must.get(language, ()))

    def away(self, text: str) -> float:
        """How far a document is from a pledge's home: 1 where it names neither country nor office nor speaker, a
        little where it names but one of them, 0 otherwise. A pledge without such names is at home everywhere."""
        if not self.context:
            return 0.0
        found = [name for name in self.context if name in text]
        kinds = [name for name in found if not any(name != other and name in other for other in found)]
        if not kinds:
            return 1.0
        return _ONE_NAME if len(kinds) == 1 and len(self.context) > 1 else 0.0


def plain(text: str) -> str:
    """Words alone, folded, each between spaces, so that a phrase is found only as whole words."""
    return " " + " ".join(words(fold(text))) + " "


@lru_cache(maxsize=1000)
def _plain_all(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in map(plain, phrases) if one.strip())
