"""The input and output of the matcher, as plain data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from pledges.domain.languages import LANGUAGES
from pledges.domain.rules import Status
from pledges.domain.text import fold
from pledges.watch.text.language import words
from pledges.watch.text.places import country_of


@dataclass(frozen=True)
class Profile:
    """What a pledge is recognised by. Mappings are by language ("en", "es").

    The first line of a text is the pledge's title. `aliases` are names and phrases for it. `context` holds the names of
    country, office and speaker. A document must have all phrases of `must` and none of `never`. `learned` comes from
    editors' decisions (see `learning`): keys of `document_terms` with a weight from -1 to 1. `criteria` say by language
    and status what that status means for the pledge; `history` holds its published changes of status, oldest first.
    """

    pledge: int | str
    texts: Mapping[str, str]
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    context: tuple[str, ...] = ()
    must: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    never: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    learned: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    criteria: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    history: tuple[tuple[date, str], ...] = ()
    deadline: date | None = None  # the last day on which it is in time

    def overdue(self, day: date | None) -> bool:
        """Whether the deadline had passed on a day; False if there is none, or no day is given."""
        return self.deadline is not None and day is not None and day > self.deadline

    def text_in(self, language: str) -> str:
        """Its text in a language, or in the other one if it has none in this."""
        own = self.texts.get(language, "")
        return own if own.strip() else max(self.texts.values(), key=len, default="")

    def status_before(self, day: date | None) -> str:
        """The status that the pledge had before a day, or has now (None); "not_started" before its first update."""
        known = [status for changed_on, status in self.history if day is None or changed_on < day]
        return known[-1] if known else Status.NOT_STARTED


@dataclass(frozen=True)
class Vocabulary:
    """Document frequencies, by language: the number of documents seen, and for each key of `document_terms` the number
    of documents that have it."""

    documents: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """A pledge that a document seems to be about, and why.

    `score` is the probability that an editor would agree, rounded; `sentence` is verbatim from the text (the title if
    there is no text); `words` are the matched words of sentence and title. `suggestion` is "change" (to
    `suggested_status`, because of `cue`, verbatim), "as_before" (the pledge stands where it stood, at `status_before`)
    or "" (nothing in the text bears on its status).
    """

    pledge: int | str
    score: float
    sentence: str
    words: tuple[str, ...]
    suggested_status: str
    cue: str
    probability: float = 0.0  # the score before rounding, for ranking and evaluation
    suggestion: str = ""
    status_before: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The phrases and places of a profile that filter documents, prepared for search in `plain` text."""

    must: Mapping[str, tuple[str, ...]]
    never: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...]  # of office, speaker and institutions
    countries: frozenset[str]

    @classmethod
    def of(cls, profile: Profile) -> "Rules":
        countries = {name: country_of(name) for name in profile.context}
        return cls(
            {code: _plain_all(tuple(profile.must.get(code, ()))) for code in LANGUAGES if profile.must.get(code)},
            {code: _plain_all(tuple(profile.never.get(code, ()))) for code in LANGUAGES if profile.never.get(code)},
            _plain_all(tuple(name for name, code in countries.items() if not code)),
            frozenset(filter(None, countries.values())),
        )

    def allow(self, text: str, language: str) -> bool:
        """Whether a document (as `plain` text) has every phrase of `must` and none of `never`."""
        if any(phrase in text for phrase in self.never.get(language, ())):
            return False
        return all(phrase in text for phrase in self.must.get(language, ()))

    def abroad(self, text: str, places: Iterable[frozenset[str]]) -> float:
        """How far a document (as `plain` text, and the countries of its places) is from the pledge's country.

        It is the share of names from elsewhere, to the fourth power: domestic news names other countries too, but
        foreign news hardly ever names the pledge's country, office, speaker or institutions. 0 if nothing is named, or
        for a pledge without such names.
        """
        if not (self.names or self.countries):
            return 0.0
        home = sum(text.count(name) for name in self.names)
        abroad = 0
        for codes in places:
            if codes & self.countries:
                home += 1
            else:
                abroad += 1
        return (abroad / (home + abroad)) ** 4 if abroad else 0.0


def plain(text: str) -> str:
    """The folded words, each between spaces, so that a phrase is found only as whole words."""
    return " " + " ".join(words(fold(text))) + " "


@lru_cache(maxsize=1000)
def _plain_all(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(phrase for phrase in map(plain, phrases) if phrase.strip())
