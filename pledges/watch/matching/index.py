"""The pledges of one language as arrays: found through postings, scored together, a few dozen at a time.

Each pledge is a row of units, one a word or phrase. A unit holds by its stem, or less by a concept or by a beginning.
An article's cost follows what it shares with the pledges: the rarest keys are read first, and reading ends at a cap.
"""

from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from pledges.domain.languages import LANGUAGES
from pledges.domain.text import folded
from pledges.watch.matching.ngrams import Spelling, sum_parts, together
from pledges.watch.matching.profile import Profile, Vocabulary, plain
from pledges.watch.matching.rarity import COMMON, Rarity
from pledges.watch.matching.terms import Term, pairs, terms
from pledges.watch.text.language import sentences, stem

STATEMENT = 0.5  # of a word that only later lines or sentences hold: the first is the pledge's title
_WITHIN = 0.6  # of a word that is part of a phrase of the lexicon: the phrase counts by itself
CONCEPT, SOFT = 0.75, 0.5  # of a word's weight, where only its concept or its beginning is there
_ENOUGH = 4  # matching as much as its four weightiest words is matching a pledge whole
_PASSAGES = 48  # title and sentences told apart; what stands further down shares the last one
_POSTINGS_READ = 60_000  # the rarest keys first; what many pledges share is then no longer needed to find one
CANDIDATES = 24
IN_HEAD, ELSEWHERE = 0.7, 0.4  # of a word that stands not in the best sentence but in the title, or further off
_PHRASES = 4  # concepts looked at for one word
_IN_PHRASE = 1  # of a word that is part of a phrase of the lexicon, which counts by itself
_NO_FIELD: frozenset[str] = frozenset()
_CIVIC = frozenset({"@government", "@congress", "@politicians"})


@dataclass
class DocumentSentence:
    """The title or one sentence of a document."""

    text: str
    terms: list[tuple[str, Term]]

    @cached_property
    def slots(self) -> np.ndarray:
        """The runs of letters of its words (see `ngrams`)."""
        return together(folded(word) for word, term in self.terms if term.soft)


class Document:
    """A document in one language, cut into passages: the title (where there is one), then its sentences."""

    def __init__(self, title: str, text: str, language: str):
        first, _, rest = text.lstrip().partition("\n")
        if title.strip() and plain(first) == plain(title):
            text = rest  # pages say their title again
        texts = [title, *sentences(text)] if title.strip() else sentences(text)
        self.titled = bool(title.strip())
        self.passages = [DocumentSentence(one, terms(one, language)) for one in texts[:400] or [title]]
        self.masks: dict[str, int] = defaultdict(int)  # key -> a bit for each passage that it stands in
        self.pairs: set[str] = set()
        masks = self.masks
        common = 0
        self.fields: Counter[str] = Counter()
        for at, passage in enumerate(self.passages):
            bit = 1 << min(at, _PASSAGES - 1)
            for _, term in passage.terms:
                for key in term.keys:
                    masks[key] |= bit
            for term in {term for _, term in passage.terms if term.fields}:
                for key in term.fields:
                    if key not in _CIVIC:
                        self.fields[key] += 2 if at < 2 else 1
            if at < 3:
                common += sum(
                    term.stem in COMMON[language] or not _CIVIC.isdisjoint(term.fields) for _, term in passage.terms
                )
            self.pairs.update(pairs(passage.terms))
        self.common = common
        self.known: tuple[np.ndarray, np.ndarray] | None = None  # see `Side.known`
        self._stems = ""

    def holds(self, phrase: tuple[str, ...]) -> bool:
        """Whether the stems of a phrase stand side by side in one passage."""
        if not self._stems:
            own = (
                " ".join(term.stem.partition(":")[2] for _, term in one.terms if term.whole) for one in self.passages
            )
            self._stems = f" {' | '.join(own)} "
        return f" {' '.join(phrase)} " in self._stems


class LanguageIndex:
    """Profiles in one language.

    Where a profile has no text in it, the other language's text is taken: by its concepts, names and cognates.
    """

    def __init__(self, profiles: list[Profile], vocabulary: Vocabulary, language: str):
        self.language = language
        self.keys: dict[str, int] = {}
        self.fields: set[str] = set()  # of the pledges' own words; a field that was only learned changes no likeness
        among: Counter[int] = Counter()
        offsets, stems, softs, concepts, shares = array("q", [0]), array("i"), array("i"), array("i"), array("f")
        spellings: dict[str, int] = {}
        spelt, times, titled = array("i"), array("f"), array("b")
        pair_offsets, pair_ids = array("q", [0]), array("i")
        field_offsets, field_ids, field_counts = array("q", [0]), array("i"), array("f")
        learned_offsets, learned_ids, learned_weights = array("q", [0]), array("i"), array("f")
        for profile in profiles:
            units, adjacent, fields = self._units(profile, language)
            for term, share, word, count, leading in units.values():
                stems.append(self._id(term.stem))
                softs.append(self._id(term.soft) if term.soft else -1)
                known = [self._id(key) for key in term.concepts[:_PHRASES]]
                concepts.extend(known + [-1] * (_PHRASES - len(known)))
                shares.append(share)
                spelt.append(spellings.setdefault(word, len(spellings)))
                times.append(count)
                titled.append(leading)
            among.update({self.keys[key] for term, *_ in units.values() for key in term.keys if key in self.keys})
            offsets.append(len(stems))
            pair_ids.extend(self._id(key) for key in adjacent)
            pair_offsets.append(len(pair_ids))
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
        self.offsets, self.pair_offsets, self.field_offsets, self.learned_offsets = (
            np.frombuffer(one, np.int64) for one in (offsets, pair_offsets, field_offsets, learned_offsets)
        )
        self.stems, self.softs, self.pair_ids, self.field_ids, self.learned_ids = (
            np.array(one, np.int32) for one in (stems, softs, pair_ids, field_ids, learned_ids)
        )
        self.concepts = np.array(concepts, np.int32).reshape(-1, _PHRASES)
        self.shares, self.field_counts, self.learned_weights = (
            np.array(one, np.float32) for one in (shares, field_counts, learned_weights)
        )
        speaks = self.learned_weights > 0  # what several pledges learned tells them apart less
        sharers = np.bincount(self.learned_ids[speaks], minlength=len(self.keys))
        self.learned_weights[speaks] /= sharers[self.learned_ids[speaks]]
        self.rarity = Rarity(vocabulary, language, self.size)
        weights = [self.rarity.weight(key, among[number]) for key, number in self.keys.items()]
        self.weights = np.array([*weights, 0.0], np.float32)  # the last for "no such key"
        self.spelling = Spelling(spellings, vocabulary, language)
        self.spelt, self.times = np.array(spelt, np.int32), np.array(times, np.float32)
        self.titled = np.array(titled, bool)
        self._measure()
        self._invert()

    def _id(self, key: str) -> int:
        return self.keys.setdefault(key, len(self.keys))

    def _units(self, profile: Profile, language: str) -> tuple[dict[str, list[Any]], set[str], dict[str, float]]:
        """The distinct terms of a profile with their share, its pairs of words, and its fields."""
        other = next(one for one in LANGUAGES if one != language)
        own, aliases = profile.texts.get(language, ""), profile.aliases.get(language, ())
        borrowed = not own.strip() and not any(map(str.strip, aliases))
        if borrowed:
            own, aliases = profile.texts.get(other, ""), profile.aliases.get(other, ())
        source = other if borrowed else language
        names = _stems_in(tuple(profile.context), source)
        title, _, statement = own.strip().partition("\n")
        first = sentences(title)[:1]
        rest = title[len(first[0]) :] if first else ""
        units: dict[str, list[Any]] = {}
        fields: dict[str, float] = defaultdict(float)
        adjacent: set[str] = set()
        for part, share in (*((one, 1.0) for one in (*first, *aliases)), (rest, STATEMENT), (statement, STATEMENT)):
            found = terms(part, source)
            if share == 1.0 and not borrowed:
                adjacent.update(pairs(found))
            within = {one for _, term in found if not term.whole for one in term.stem[3:].split("_")}
            for word, term in found:
                if term.stem in names:
                    continue
                if term.stem in units:
                    units[term.stem][3] += 1
                    continue
                for key in term.fields:
                    if key not in _CIVIC:
                        fields[key] += share
                weight = share * (_WITHIN if term.whole and term.stem[3:] in within else 1.0)
                spelling = folded(word) if term.soft else ""
                units[term.stem] = [
                    _lent(word, term, language) if borrowed else term,
                    weight,
                    spelling,
                    1,
                    share == 1.0,
                ]
        return units, adjacent, fields

    def _measure(self) -> None:
        """What matching each pledge whole would come to."""
        best = self._unit_weights(slice(None))
        order = np.lexsort((-best, np.repeat(np.arange(self.size), np.diff(self.offsets))))
        rank = np.arange(len(best)) - np.repeat(self.offsets[:-1], np.diff(self.offsets))
        top = np.where(rank < _ENOUGH, best[order], 0.0)
        self.whole = np.maximum(sum_parts(top, self.offsets), 1.0)
        self.nearness = 1 / np.sqrt(self.whole)
        self.spelt_length = np.sqrt(
            np.maximum(sum_parts(self.spelling.norms[self.spelt] * self.times, self.offsets), 1.0)
        )
        self.length = np.sqrt(np.maximum(sum_parts(best**2, self.offsets), 1.0))
        known = (self.field_counts * self.weights[self.field_ids]) ** 2
        self.field_length = np.sqrt(sum_parts(known, self.field_offsets))
        self.heading = np.maximum(sum_parts(np.where(self.titled, best, 0.0), self.offsets), 1.0)

    def _unit_weights(self, part: slice | np.ndarray) -> np.ndarray:
        """The weight of each unit, matched as well as it can be."""
        weights = self.weights
        lesser = np.maximum(SOFT * weights[self.softs[part]], CONCEPT * weights[self.concepts[part]].max(axis=1))
        heaviest: np.ndarray = self.shares[part] * np.maximum(weights[self.stems[part]], lesser)
        return heaviest

    def _invert(self) -> None:
        """Postings: for each key the pledges that have it, and what it is worth to them."""
        rows = np.repeat(np.arange(self.size, dtype=np.int32), np.diff(self.offsets))
        keys: list[np.ndarray] = [self.stems]
        owners: list[np.ndarray] = [rows]
        worth: list[np.ndarray] = [self.shares]
        for column, factor in ((self.softs, SOFT), *((self.concepts[:, at], CONCEPT) for at in range(_PHRASES))):
            there = column >= 0
            keys.append(column[there])
            owners.append(rows[there])
            worth.append(self.shares[there] * np.float32(factor))
        taught = self.learned_weights > 0
        keys.append(self.learned_ids[taught])
        owners.append(np.repeat(np.arange(self.size, dtype=np.int32), np.diff(self.learned_offsets))[taught])
        worth.append(self.learned_weights[taught])
        all_keys = np.concatenate(keys)
        order = np.argsort(all_keys, kind="stable")
        self.posted = np.concatenate(owners)[order]
        self.worth = np.concatenate(worth)[order].astype(np.float16)
        self.starts = np.concatenate([[0], np.cumsum(np.bincount(all_keys, minlength=len(self.keys)))]).astype(np.int64)

    def taught(self, document: Document, rows: np.ndarray) -> np.ndarray:
        """The sum of the learned weights of what a document holds, for each pledge of `rows`."""
        if not len(self.learned_ids):
            return np.zeros(len(rows), np.float32)
        held = np.zeros(len(self.keys), bool)
        held[self.known(document)[0]] = True
        places, inner = gather(self.learned_offsets, rows)
        return sum_parts(self.learned_weights[places] * held[self.learned_ids[places]], inner)

    def known(self, document: Document) -> tuple[np.ndarray, np.ndarray]:
        """The keys of a document that pledges have, as numbers, and the mask of each."""
        if document.known is None:
            numbers = map(self.keys.get, document.masks)
            found = [pair for pair in zip(numbers, document.masks.values(), strict=True) if pair[0] is not None]
            document.known = (
                np.array([at for at, _ in found], np.int64),
                np.array([bits for _, bits in found], np.uint64),
            )
        return document.known

    def values(self, row: int) -> dict[int, float]:
        """What each key, given as its number, is worth to one pledge."""
        part = slice(self.offsets[row], self.offsets[row + 1])
        factors = np.array([1.0, SOFT] + [CONCEPT] * _PHRASES)
        numbers = np.column_stack([self.stems[part], self.softs[part], self.concepts[part]])
        worth = (self.shares[part, None] * factors * self.weights[numbers]).ravel()
        order = np.argsort(worth)  # of a key that comes twice, the higher stays
        return {
            number: value
            for number, value in zip(numbers.ravel()[order].tolist(), worth[order].tolist(), strict=True)
            if number >= 0
        }

    def candidates(self, document: Document, most: int = CANDIDATES) -> np.ndarray:
        """The pledges that share most with a document, at most `most`."""
        known, _ = self.known(document)
        if not len(known):
            return known
        starts, ends = self.starts[known], self.starts[known + 1]
        order = np.argsort(ends - starts, kind="stable")
        order = order[: np.searchsorted(np.cumsum((ends - starts)[order]), _POSTINGS_READ, side="right")]
        places, inner = gather(self.starts, known[order])
        owners = self.posted[places]
        worth = self.worth[places] * np.repeat(self.weights[known[order]], np.diff(inner))
        sums = np.bincount(owners, worth, minlength=self.size)
        found = np.flatnonzero(sums)
        if len(found) > most:
            near = sums[found] * self.nearness[found]
            found = found[np.argpartition(-near, most)[:most]]
        return np.sort(found)


@lru_cache(maxsize=1000)
def _stems_in(names: tuple[str, ...], language: str) -> frozenset[str]:
    return frozenset(term.stem for name in names for _, term in terms(name, language))


def _lent(word: str, term: Term, language: str) -> Term:
    """A term of one language as the other would find it: by the same spelling, its beginning, and its concepts."""
    same = f"{language}:{stem(word, language)}" if len(word) > 3 or word.isupper() else f"-{term.stem}"
    return Term.of(term.stem if term.stem.startswith("n:") else same, term.soft, term.concepts, term.fields)


def gather(offsets: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The places of all parts of `rows`, one after the other, and the offsets of each row within them."""
    sizes = offsets[rows + 1] - offsets[rows]
    inner = np.concatenate([[0], np.cumsum(sizes)])
    places = np.arange(inner[-1]) + np.repeat(offsets[rows] - inner[:-1], sizes)
    return places, inner
