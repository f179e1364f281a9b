"""An inverted index of the pledges in one language, stored as NumPy arrays.

Each pledge is a row of units, one for each word or phrase. A unit matches by its stem or, with less weight, by a
concept or by its first letters. The cost of an article depends on what it shares with the pledges: postings of the
rarest keys are read first, and reading stops at a cap.
"""

from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias

import numpy as np

from pledges.domain.languages import LANGUAGES
from pledges.watch.matching.profile import Profile, Vocabulary, plain
from pledges.watch.matching.rarity import Rarity
from pledges.watch.matching.terms import Term, terms
from pledges.watch.text.encoder import Encoder, EncoderError
from pledges.watch.text.language import sentences, stem

# Factors on the weight of a word:
STATEMENT = 0.5  # it is only in later lines or sentences; the first line is the pledge's title
_WITHIN = 0.6  # it is part of a phrase of the thesaurus, which counts by itself
CONCEPT, SOFT = 0.75, 0.5  # the document has only its concept, or only its first letters
IN_HEAD, ELSEWHERE = 0.7, 0.4  # it is not in the best sentence but in the title, or elsewhere

_ENOUGH = 4  # matching the weight of a pledge's four heaviest words counts as matching all of it
PASSAGES = 48  # the title and the first sentences, one bit each; all later sentences share the last bit
ENCODED = 25  # the title and the first sentences that a sentence encoder reads
_POSTINGS_READ = 60_000  # rarest keys first: the keys that many pledges share are then not needed to find one
CANDIDATES = 24
_CONCEPTS = 4  # at most, for one word
_CIVIC = frozenset({"@government", "@congress", "@politicians"})


# A word or phrase of a pledge: its term, the factor on its weight, and whether it is in the title or an alias.
Unit: TypeAlias = tuple[Term, float, bool]


@dataclass
class DocumentSentence:
    """The title or one sentence of a document."""

    text: str
    terms: list[tuple[str, Term]]


class Document:
    """A document in one language, split into passages: the title, if there is one, then its sentences."""

    def __init__(self, title: str, text: str, language: str):
        self.language, self.text = language, f"{title}\n{text}"
        first, _, rest = text.lstrip().partition("\n")
        if title.strip() and plain(first) == plain(title):
            text = rest  # pages repeat their title
        texts = [title, *sentences(text)] if title.strip() else sentences(text)
        self.titled = bool(title.strip())
        self.passages = [DocumentSentence(passage, terms(passage, language)) for passage in texts[:400] or [title]]
        self.masks: dict[str, int] = defaultdict(int)  # by key: one bit for each passage that has it
        masks = self.masks
        self.fields: Counter[str] = Counter()
        for at, passage in enumerate(self.passages):
            bit = 1 << min(at, PASSAGES - 1)
            for _, term in passage.terms:
                for key in term.keys:
                    masks[key] |= bit
            for term in {term for _, term in passage.terms if term.fields}:
                for key in term.fields:
                    if key not in _CIVIC:
                        self.fields[key] += 2 if at < 2 else 1
        self.known: tuple[np.ndarray, np.ndarray] | None = None  # see `LanguageIndex.known`
        # The unit vectors of the first `ENCODED` passages, one row each, once `encode` has filled them.
        self.vectors: np.ndarray | None = None
        self._stems = ""

    @cached_property
    def plain(self) -> str:
        """Its words as `profile.plain` gives them."""
        return plain(self.text)

    def encode(self, encoder: Encoder | None) -> None:
        """Fill `vectors`, unless there is no encoder or it fails: the document is then read without."""
        if encoder is not None and self.vectors is None:
            try:
                self.vectors = encoder.encode([passage.text for passage in self.passages[:ENCODED]])
            except EncoderError:  # which the encoder has logged
                return

    def holds(self, phrase: tuple[str, ...]) -> bool:
        """Whether one passage has the stems of a phrase next to each other."""
        if not self._stems:
            by_passage = (
                " ".join(term.stem.partition(":")[2] for _, term in passage.terms if term.whole)
                for passage in self.passages
            )
            self._stems = f" {' | '.join(by_passage)} "
        return f" {' '.join(phrase)} " in self._stems


class LanguageIndex:
    """The profiles in one language.

    For a profile without text in it, the other language's text is indexed, by its concepts, names and cognates.
    """

    def __init__(self, profiles: list[Profile], vocabulary: Vocabulary, language: str):
        self.language = language
        self.keys: dict[str, int] = {}
        self.fields: set[str] = (
            set()
        )  # from the pledges' own words; a field that was only learned does not affect the cosine
        document_frequency: Counter[int] = Counter()  # of keys, among the pledges
        offsets, stems, softs, concepts, shares = array("q", [0]), array("i"), array("i"), array("i"), array("f")
        titled = array("b")
        field_offsets, field_ids, field_counts = array("q", [0]), array("i"), array("f")
        learned_offsets, learned_ids, learned_weights = array("q", [0]), array("i"), array("f")
        for profile in profiles:
            units, fields = self._units(profile, language)
            for term, share, leading in units.values():
                stems.append(self._id(term.stem))
                softs.append(self._id(term.soft) if term.soft else -1)
                known = [self._id(key) for key in term.concepts[:_CONCEPTS]]
                concepts.extend(known + [-1] * (_CONCEPTS - len(known)))
                shares.append(share)
                titled.append(leading)
            document_frequency.update(
                {self.keys[key] for term, *_ in units.values() for key in term.keys if key in self.keys}
            )
            offsets.append(len(stems))
            for key, count in fields.items():
                field_ids.append(self._id(key))
                self.fields.add(key)
                field_counts.append(count)
            field_offsets.append(len(field_ids))
            for key, weight in profile.learned.get(language, {}).items():
                learned_ids.append(self._id(key))
                learned_weights.append(min(max(float(weight), -1.0), 1.0))
            learned_offsets.append(len(learned_ids))
        self.size = len(profiles)
        self.names = list(self.keys)
        self.offsets, self.field_offsets, self.learned_offsets = (
            np.frombuffer(column, np.int64) for column in (offsets, field_offsets, learned_offsets)
        )
        self.stems, self.softs, self.field_ids, self.learned_ids = (
            np.array(column, np.int32) for column in (stems, softs, field_ids, learned_ids)
        )
        self.concepts = np.array(concepts, np.int32).reshape(-1, _CONCEPTS)
        self.shares, self.field_counts, self.learned_weights = (
            np.array(column, np.float32) for column in (shares, field_counts, learned_weights)
        )
        positive = self.learned_weights > 0  # a word that several pledges learned distinguishes them less
        sharers = np.bincount(self.learned_ids[positive], minlength=len(self.keys))
        self.learned_weights[positive] /= sharers[self.learned_ids[positive]]
        self.rarity = Rarity(vocabulary, language, self.size)
        weights = [self.rarity.weight(key, document_frequency[number]) for key, number in self.keys.items()]
        self.weights = np.array([*weights, 0.0], np.float32)  # the last for "no such key"
        self.titled = np.array(titled, bool)
        self._measure()
        self._invert()

    def _id(self, key: str) -> int:
        return self.keys.setdefault(key, len(self.keys))

    def _units(self, profile: Profile, language: str) -> tuple[dict[str, Unit], dict[str, float]]:
        """The units of a profile by stem, and its fields with their counts."""
        other = next(code for code in LANGUAGES if code != language)
        own, aliases = profile.texts.get(language, ""), profile.aliases.get(language, ())
        borrowed = not own.strip() and not any(map(str.strip, aliases))
        if borrowed:
            own, aliases = profile.texts.get(other, ""), profile.aliases.get(other, ())
        source = other if borrowed else language
        context_stems = _stems_in(tuple(profile.context), source)
        title, _, statement = own.strip().partition("\n")
        first = sentences(title)[:1]
        rest = title[len(first[0]) :] if first else ""
        units: dict[str, Unit] = {}
        fields: dict[str, float] = defaultdict(float)
        for part, share in (*((text, 1.0) for text in (*first, *aliases)), (rest, STATEMENT), (statement, STATEMENT)):
            part_terms = terms(part, source)
            in_phrases = {stem for _, term in part_terms if not term.whole for stem in term.stem[3:].split("_")}
            for word, term in part_terms:
                if term.stem in context_stems or term.stem in units:
                    continue
                for key in term.fields:
                    if key not in _CIVIC:
                        fields[key] += share
                weight = share * (_WITHIN if term.whole and term.stem[3:] in in_phrases else 1.0)
                units[term.stem] = (_cross_language(word, term, language) if borrowed else term, weight, share == 1.0)
        return units, fields

    def _measure(self) -> None:
        """Precompute what a full match of each pledge would score, and the length of its vector of fields."""
        best = self._unit_weights(slice(None))
        order = np.lexsort((-best, np.repeat(np.arange(self.size), np.diff(self.offsets))))
        rank = np.arange(len(best)) - np.repeat(self.offsets[:-1], np.diff(self.offsets))
        top = np.where(rank < _ENOUGH, best[order], 0.0)
        self.whole = np.maximum(sum_parts(top, self.offsets), 1.0)
        self.nearness = 1 / np.sqrt(self.whole)
        known = (self.field_counts * self.weights[self.field_ids]) ** 2
        self.field_length = np.sqrt(sum_parts(known, self.field_offsets))
        self.heading = np.maximum(sum_parts(np.where(self.titled, best, 0.0), self.offsets), 1.0)

    def _unit_weights(self, part: slice | np.ndarray) -> np.ndarray:
        """The weight of each unit under its best possible match."""
        weights = self.weights
        lesser = np.maximum(SOFT * weights[self.softs[part]], CONCEPT * weights[self.concepts[part]].max(axis=1))
        heaviest: np.ndarray = self.shares[part] * np.maximum(weights[self.stems[part]], lesser)
        return heaviest

    def _invert(self) -> None:
        """Build the postings: for each key, the pledges that have it and its weight in each."""
        rows = np.repeat(np.arange(self.size, dtype=np.int32), np.diff(self.offsets))
        keys: list[np.ndarray] = [self.stems]
        owners: list[np.ndarray] = [rows]
        weights: list[np.ndarray] = [self.shares]
        for column, factor in ((self.softs, SOFT), *((self.concepts[:, at], CONCEPT) for at in range(_CONCEPTS))):
            present = column >= 0
            keys.append(column[present])
            owners.append(rows[present])
            weights.append(self.shares[present] * np.float32(factor))
        positive = self.learned_weights > 0
        keys.append(self.learned_ids[positive])
        owners.append(np.repeat(np.arange(self.size, dtype=np.int32), np.diff(self.learned_offsets))[positive])
        weights.append(self.learned_weights[positive])
        all_keys = np.concatenate(keys)
        order = np.argsort(all_keys, kind="stable")
        self.posted = np.concatenate(owners)[order]
        self.worth = np.concatenate(weights)[order].astype(np.float16)
        self.starts = np.concatenate([[0], np.cumsum(np.bincount(all_keys, minlength=len(self.keys)))]).astype(np.int64)

    def learned_sums(self, document: Document, rows: np.ndarray) -> np.ndarray:
        """For each pledge of `rows`, the sum of its learned weights of the keys that the document has."""
        if not len(self.learned_ids):
            return np.zeros(len(rows), np.float32)
        present = np.zeros(len(self.keys), bool)
        present[self.known(document)[0]] = True
        places, inner = gather(self.learned_offsets, rows)
        return sum_parts(self.learned_weights[places] * present[self.learned_ids[places]], inner)

    def known(self, document: Document) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of the document's keys that are in the index, and the passage mask of each."""
        if document.known is None:
            numbers = map(self.keys.get, document.masks)
            known = [pair for pair in zip(numbers, document.masks.values(), strict=True) if pair[0] is not None]
            document.known = (
                np.array([number for number, _ in known], np.int64),
                np.array([mask for _, mask in known], np.uint64),
            )
        return document.known

    def values(self, row: int) -> dict[int, float]:
        """The weight of each key, by its number, in one pledge."""
        part = slice(self.offsets[row], self.offsets[row + 1])
        factors = np.array([1.0, SOFT] + [CONCEPT] * _CONCEPTS)
        numbers = np.column_stack([self.stems[part], self.softs[part], self.concepts[part]])
        worth = (self.shares[part, None] * factors * self.weights[numbers]).ravel()
        order = np.argsort(worth)  # of a key that occurs twice, the higher weight stays
        return {
            number: value
            for number, value in zip(numbers.ravel()[order].tolist(), worth[order].tolist(), strict=True)
            if number >= 0
        }

    def candidates(self, document: Document, most: int = CANDIDATES) -> np.ndarray:
        """The rows of the pledges that share most with a document, at most `most`, in ascending order."""
        known, _ = self.known(document)
        if not len(known):
            return known
        starts, ends = self.starts[known], self.starts[known + 1]
        order = np.argsort(ends - starts, kind="stable")
        order = order[: np.searchsorted(np.cumsum((ends - starts)[order]), _POSTINGS_READ, side="right")]
        places, inner = gather(self.starts, known[order])
        owners = self.posted[places]
        weights = self.worth[places] * np.repeat(self.weights[known[order]], np.diff(inner))
        sums = np.bincount(owners, weights, minlength=self.size)
        rows = np.flatnonzero(sums)
        if len(rows) > most:
            closeness = sums[rows] * self.nearness[rows]
            rows = rows[np.argpartition(-closeness, most)[:most]]
        return np.sort(rows)


@lru_cache(maxsize=1000)
def _stems_in(names: tuple[str, ...], language: str) -> frozenset[str]:
    return frozenset(term.stem for name in names for _, term in terms(name, language))


def _cross_language(word: str, term: Term, language: str) -> Term:
    """A term of the other language as `language` can find it: by the same spelling, first letters, or concepts."""
    same = f"{language}:{stem(word, language)}" if len(word) > 3 or word.isupper() else f"-{term.stem}"
    return Term.of(term.stem if term.stem.startswith("n:") else same, term.soft, term.concepts, term.fields)


def gather(offsets: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The positions of all elements of `rows`, concatenated, and the offsets of each row in the result."""
    sizes = offsets[rows + 1] - offsets[rows]
    inner = np.concatenate([[0], np.cumsum(sizes)])
    places = np.arange(inner[-1]) + np.repeat(offsets[rows] - inner[:-1], sizes)
    return places, inner


def sum_parts(values: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The sum of each part of `values`, as delimited by `offsets`; 0 for an empty part."""
    totals = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    sums: np.ndarray = (totals[offsets[1:]] - totals[offsets[:-1]]).astype(np.float32)
    return sums
