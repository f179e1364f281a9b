"""Which pledges an article is about, and why.

A pledge is found through an inverted index over its words, their other forms, and the concepts they stand for; what is
found is scored on a dozen reasons, which a small logistic model turns into a probability. The parts: `profile` (what
goes in and out), `terms` and `lexicon` (what a text is made of), `rarity` and `ngrams` (what its words are worth),
`index` (the pledges as arrays), `features` and `scoring` (reasons, and their sum).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache

import numpy as np

from pledges.domain.languages import LANGUAGES
from pledges.watch.matching import scoring
from pledges.watch.matching.concepts import stems_of
from pledges.watch.matching.features import features
from pledges.watch.matching.index import CANDIDATES, Document, LanguageIndex
from pledges.watch.matching.profile import Match, Profile, Rules, Vocabulary, plain
from pledges.watch.matching.terms import document_terms
from pledges.watch.status.suggestion import suggest
from pledges.watch.text.language import language_of
from pledges.watch.text.places import countries_in

__all__ = ["THRESHOLD", "Index", "Match", "Profile", "Vocabulary", "document_terms"]

THRESHOLD = 0.5

_NEARLY_BEST = 0.6
_NEAR_SENTENCES = 6
_LATER = 0.015  # less for each sentence that stands further down: news comes first
_TELLING = 0.25  # of a pledge's weightiest word; below it a word explains nothing


class Index:
    """The tracked pledges, ready to be matched against documents.

    Without a vocabulary, rarity is judged by what is generally known and among the pledges themselves.
    """

    def __init__(self, profiles: Iterable[Profile], vocabulary: Vocabulary | None = None):
        profiles = list(profiles)
        self._pledges = [profile.pledge for profile in profiles]
        self._rules = {at: rules for at, rules in enumerate(map(Rules.of, profiles)) if rules != _NO_RULES}
        self._context = [profile.context for profile in profiles]
        self._aliases = {
            language: {
                at: tuple(filter(None, (stems_of(alias, language) for alias in profile.aliases.get(language, ()))))
                for at, profile in enumerate(profiles)
                if profile.aliases.get(language)
            }
            for language in LANGUAGES
        }
        self._sides = {
            language: LanguageIndex(profiles, vocabulary or Vocabulary(), language) for language in LANGUAGES
        }

    def match(
        self,
        title: str,
        text: str,
        language: str,
        *,
        threshold: float = THRESHOLD,
        now: datetime | None = None,
        most: int = CANDIDATES,
    ) -> list[Match]:
        """The pledges that the document scores at least `threshold` on, best first, out of the `most` likely ones.

        A `language` other than "en" and "es" is found out from the text; where that fails, both are tried.
        """
        found: dict[int, Match] = {}
        known = language if language in LANGUAGES else language_of(f"{title}\n{text}")
        for one in [known] if known else LANGUAGES:
            for number, match in self._match(title, text, one, threshold, most):
                if number not in found or found[number].score < match.score:
                    found[number] = match
        return sorted(found.values(), key=lambda match: (-match.score, str(match.pledge)))

    def _match(self, title: str, text: str, language: str, threshold: float, most: int) -> list[tuple[int, Match]]:
        side = self._sides[language]
        document = Document(title, text, language)
        rows = side.candidates(document, most)
        if self._rules:
            told = plain(f"{title}\n{text}")
            places = countries_in(f"{title}\n{text}")
            rules = self._rules
            rows = rows[[at not in rules or rules[at].allow(told, language) for at in rows]]
        if not len(rows):
            return []
        reasons, by_passage = features(side, document, rows)
        aliases = np.array([self._alias(at, document, language) for at in rows], np.float32)
        away = np.array(
            [self._rules[at].away(told, places) if at in self._rules else (0.0, 0.0) for at in rows], np.float32
        )
        scores = scoring.probabilities(reasons, aliases, away, side.taught(document, rows))
        headline = document.passages[0].text if document.titled else ""

        @cache  # pledges share their best sentences, and most share a home
        def says(passage: int, home: tuple[str, ...]) -> tuple[str, str]:
            return suggest(document.passages[passage].text, language, headline, home=home)

        return [
            (int(rows[at]), self._explain(int(rows[at]), float(scores[at]), document, by_passage[at], side, says))
            for at in np.flatnonzero(scores >= threshold)
        ]

    def _alias(self, at: int, document: Document, language: str) -> float:
        """1 where a document holds a name of a pledge in many words, 0.5 for a name of one word."""
        known = self._aliases[language].get(at, ())
        return max((1.0 if len(one) > 1 else 0.5 for one in known if document.holds(one)), default=0.0)

    def _explain(
        self,
        at: int,
        score: float,
        document: Document,
        values: np.ndarray,
        side: LanguageIndex,
        says: Callable[[int, tuple[str, ...]], tuple[str, str]],
    ) -> Match:
        """The best sentence, or one nearly as good that says what became of the pledge."""
        first = 1 if document.titled and len(document.passages) > 1 else 0
        values = values * (1 - _LATER * np.minimum(np.arange(len(values)), 20))
        order = first + np.argsort(-values[first:], kind="stable")[:_NEAR_SENTENCES]
        near = [int(one) for one in order if values[one] >= _NEARLY_BEST * values[order[0]]]
        if first and values[0] >= _NEARLY_BEST / 2 * values[order[0]]:
            near.append(0)  # what happened may stand in the title alone
        chosen, status, cue = near[0], "", ""
        for one in near:
            status, cue = says(one, self._context[at])
            if status:
                chosen = one
                break
        told = document.passages[chosen].terms + (document.passages[0].terms if document.titled else [])
        value = side.values(at)
        telling = _TELLING * max(value.values(), default=0.0)
        telling_keys = {side.names[number] for number, worth in value.items() if worth > telling}
        matched = [word for word, term in told if not telling_keys.isdisjoint(term.keys)]
        return Match(
            self._pledges[at],
            round(score, 4),
            document.passages[chosen].text,
            tuple(dict.fromkeys(matched)),
            status,
            cue,
            score,
        )


_NO_RULES = Rules({}, {}, (), frozenset())
