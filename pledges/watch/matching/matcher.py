"""Which pledges an article is about, and why.

Candidates come from an inverted index over the pledges' words, their other forms and their concepts. Each is scored on
features of words and, with a sentence encoder, of meaning, which a logistic regression turns into a probability. The
parts: `profile` (input and output), `terms` and `concepts` (the keys of a text), `rarity` (the weights of its words),
`index` (the inverted index), `features` (of words), `scoring` (the model), `explanation` (why, and the status).
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np

from pledges.domain.languages import LANGUAGES
from pledges.watch.matching import scoring
from pledges.watch.matching.concepts import stems_of
from pledges.watch.matching.explanation import explain
from pledges.watch.matching.features import features
from pledges.watch.matching.index import CANDIDATES, Document, LanguageIndex
from pledges.watch.matching.profile import Match, Profile, Rules, Vocabulary
from pledges.watch.matching.terms import document_terms
from pledges.watch.text.encoder import Encoder, EncoderError
from pledges.watch.text.language import language_of
from pledges.watch.text.places import countries_in

__all__ = ["THRESHOLD", "Index", "Match", "Profile", "Vocabulary", "document_terms"]

THRESHOLD = 0.5


class Index:
    """The tracked pledges, ready to be matched against documents.

    Without a vocabulary, rarity comes from priors and from the pledges themselves.
    """

    def __init__(self, profiles: Iterable[Profile], vocabulary: Vocabulary | None = None):
        profiles = list(profiles)
        self._profiles = profiles
        self._rules = {at: rules for at, rules in enumerate(map(Rules.of, profiles)) if rules != _NO_RULES}
        self._aliases = {
            language: {
                at: tuple(filter(None, (stems_of(alias, language) for alias in profile.aliases.get(language, ()))))
                for at, profile in enumerate(profiles)
                if profile.aliases.get(language)
            }
            for language in LANGUAGES
        }
        self._indexes = {
            language: LanguageIndex(profiles, vocabulary or Vocabulary(), language) for language in LANGUAGES
        }

    def standing_at(self, statuses: Mapping[Any, str]) -> "Index":
        """The same index, where the pledges that are named have this status before any day, whatever their history."""
        index = copy(self)
        index._profiles = [
            replace(profile, history=((date.min, statuses[profile.pledge]),)) if profile.pledge in statuses else profile
            for profile in self._profiles
        ]
        return index

    def match(
        self,
        title: str,
        text: str,
        language: str,
        *,
        threshold: float = THRESHOLD,
        now: datetime | None = None,
        most: int = CANDIDATES,
        day: date | None = None,
        encoder: Encoder | None = None,
    ) -> list[Match]:
        """The pledges with a score of at least `threshold`, best first, out of at most `most` candidates.

        `day` is the document's, for the status that a pledge had before it; None means today. Without an `encoder`,
        or if it fails, the document is matched by its words alone.
        A `language` other than "en" and "es" is detected from the text; if that fails, both are tried.
        """
        matches: dict[int, Match] = {}
        known = language if language in LANGUAGES else language_of(f"{title}\n{text}")
        for tried in [known] if known else LANGUAGES:
            for row, match in self._match(Document(title, text, tried), threshold, most, day, encoder):
                if row not in matches or matches[row].score < match.score:
                    matches[row] = match
        return sorted(matches.values(), key=lambda match: (-match.score, str(match.pledge)))

    def _match(
        self, document: Document, threshold: float, most: int, day: date | None, encoder: Encoder | None
    ) -> list[tuple[int, Match]]:
        index = self._indexes[document.language]
        rows = index.candidates(document, most)
        if self._rules:
            rules, text = self._rules, document.plain
            rows = rows[[at not in rules or rules[at].allow(text, document.language) for at in rows]]
        if not len(rows):
            return []
        words, vectors, by_passage = self.evidence(document, rows, encoder)
        learned = index.learned_sums(document, rows)
        scores = scoring.MODEL.probabilities(words, learned, document.vectors, vectors)
        return [
            (row, explain(self._profiles[row], row, float(scores[at]), document, by_passage[at], index, day, encoder))
            for at in np.flatnonzero(scores >= threshold)
            for row in [int(rows[at])]
        ]

    def evidence(
        self, document: Document, rows: np.ndarray, encoder: Encoder | None
    ) -> tuple[np.ndarray, np.ndarray | None, np.ndarray]:
        """What speaks for each pledge of `rows`, with one row for each.

        The first array has the columns `scoring.WORDS`; the second is the pledges' vectors, None without `encoder` or
        if it fails; the third has a column for each passage (see `features`). The document is encoded, too.
        """
        words, by_passage = features(self._indexes[document.language], document, rows)
        aliases = [self._alias(at, document) for at in rows]
        places = countries_in(document.text) if self._rules else []
        abroad = [self._rules[at].abroad(document.plain, places) if at in self._rules else 0.0 for at in rows]
        vectors = None
        document.encode(encoder)
        if encoder is not None and document.vectors is not None:
            with suppress(EncoderError):  # which the encoder has logged
                vectors = encoder.encode([self._profiles[at].text_in(document.language) for at in rows])
        return np.column_stack([words, np.array([aliases, abroad], np.float32).T]), vectors, by_passage

    def _alias(self, at: int, document: Document) -> float:
        """1 if the document has an alias of several words, 0.5 for an alias of one word, 0 for none."""
        aliases = self._aliases[document.language].get(at, ())
        return max((1.0 if len(alias) > 1 else 0.5 for alias in aliases if document.holds(alias)), default=0.0)


_NO_RULES = Rules({}, {}, (), frozenset())
