"""Pledges out of a text, in English or Spanish: who promises what, where it says so, and by when.

It reads grammar and explicit words; no model is needed. The parts: `segmentation` (sentences and where they stand),
`speakers` (who speaks), `english` and `spanish` (promises by grammar), `classification` (which of them are pledges, and
which can be checked), `rejected` (what looks like a pledge and is none), `deadlines`, `words_*` (how each language says
it), `document_reader` (documents as bytes), `llm_review` (an endpoint's second opinion), `types` (what comes out).
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from pledges.domain.languages import LANGUAGES
from pledges.watch.extraction import classification, english, rejected, spanish
from pledges.watch.extraction.deadlines import Deadline, deadlines
from pledges.watch.extraction.segmentation import Passage, passages
from pledges.watch.extraction.speakers import Agent, Speakers, plain
from pledges.watch.extraction.types import ExtractedPledge, Promise

__all__ = ["LONGEST_TEXT", "ExtractedPledge", "extract", "sorted_out"]

LONGEST_TEXT = 2_000_000  # characters that are read
MOST_PASSED = 200  # sentences told apart from pledges that are handed on
_LONGEST_ACTION = 400
_LONGEST_SPEAKER = 160
_LONGEST_REASON = 200
_LEAST = 0.3
_ASIDE = re.compile(r",\s*(?:whose|who|que|cuy[oa]s?|quien)\b[^,]*$")  # "whose term ends in 2026, …"
_GRAMMAR = {"en": english, "es": spanish}


def extract(
    text: str,
    language: str,
    *,
    today: date | None = None,
    speakers: Iterable[str] = (),
    published_on: date | None = None,
) -> list[ExtractedPledge]:
    """The pledges in a text in `language` ("en" or "es"), in its order.

    `speakers` are names the caller knows to be a government's; the first is taken for the text's voice where it is a
    speech. Days that are said by their distance ("within six months") count from `published_on`, or else from `today`.
    Raises ValueError for another language.
    """
    return sorted_out(text, language, today=today, speakers=speakers, published_on=published_on)[0]


def sorted_out(
    text: str,
    language: str,
    *,
    today: date | None = None,
    speakers: Iterable[str] = (),
    published_on: date | None = None,
) -> tuple[list[ExtractedPledge], list[ExtractedPledge]]:
    """As `extract`, and beside the pledges what was told apart from them (see `Found.why_not`): one for a sentence that
    holds no pledge, in the text's order, and no more than a reader would look through."""
    if language not in LANGUAGES:
        raise ValueError("Pledges are found in English (en) and Spanish (es) only: say which of them the text is in.")
    reading = _Reading(text[:LONGEST_TEXT], language, tuple(speakers), published_on or today)
    found = reading.found()
    pledged = {one.starts_at for one in found}
    others = {one.starts_at: one for one in reversed(reading.passed) if one.starts_at not in pledged}
    return found, [others[at] for at in sorted(others)][:MOST_PASSED]


class _Reading:
    """One text being read: who spoke last, and what was found so far."""

    def __init__(self, text: str, language: str, speakers: tuple[str, ...], since: date | None):
        self.language, self.since = language, since
        self.grammar = _GRAMMAR[language]
        self.cast = Speakers(text, language, speakers)
        self.words = self.cast.words
        self.passages = list(passages(text))
        titles = [one.text for one in self.passages[:3] if one.is_heading]
        self.voice = next((one for one in map(self.cast.voice, titles) if one), None)
        if not self.voice and speakers:
            self.voice = self.cast.known(speakers[0])
        said = rf"(?:{self.words.SAID})\b"
        self._said = re.compile(rf"\b{said}", re.IGNORECASE)
        self.last: Agent | None = None
        self.ruler: Agent | None = None  # the last who governs
        self.since_paragraph = 0
        self.passed: list[ExtractedPledge] = []
        self.is_programme = any(re.search(rf"\b(?:{self.words.PROGRAMME})", plain(one)) for one in titles)

    def found(self) -> list[ExtractedPledge]:
        """All of them."""
        everything: list[ExtractedPledge] = []
        for number, passage in enumerate(self.passages):
            if passage.is_heading and not passage.is_item:
                self._meet(passage)
                continue
            if passage.asks or classification.is_question(passage.text):
                if any(self.grammar.promises(passage.text)):
                    self._pass(passage, "question")
                continue
            following = self.passages[number + 1] if number + 1 < len(self.passages) else None
            everything += self._read(passage, following)
        return everything

    def _read(self, passage: Passage, following: Passage | None) -> list[ExtractedPledge]:
        speaker = self._speaker(passage, following)
        seen = list(self.grammar.promises(passage.text))
        if passage.is_item and not seen:
            return self._item(passage, speaker)
        if not seen and (why := rejected.why_not(passage, self.cast, self.language)):
            self._pass(passage, why, speaker=speaker if why == "done" else None)
        ends = deadlines(passage.text, self.language, self.since)
        found: list[ExtractedPledge] = []
        for at, promise in enumerate(seen):
            owner = self._owner(promise, passage, speaker)
            sure, why = classification.weigh(promise, passage.text, self.cast, owner=owner)
            if not sure:
                self._pass(passage, why, speaker=owner, promise=promise)
                continue
            since = seen[at - 1].end if at else 0
            until = seen[at + 1].subject_at if at + 1 < len(seen) else len(passage.text)
            found += self._built(promise, passage, owner, sure, ends, since, max(until, promise.end), first=not at)
        return found

    def _item(self, passage: Passage, speaker: Agent | None) -> list[ExtractedPledge]:
        """An item of a list: of a programme, not of a record."""
        above = plain(f"{passage.lead} {passage.heading}")
        if re.search(rf"\b(?:{self.words.RECORD})", above):
            self._pass(passage, "done", speaker=speaker or self.voice)
            return []
        opens = re.search(rf"\b(?:{self.words.PROGRAMME})", above)
        if not (self.is_programme or opens):
            return []
        ends = deadlines(passage.text, self.language, self.since)
        parts = tuple(self.grammar.listed(passage.text))
        if not parts:
            return []
        cue = passage.lead.rstrip(":") or passage.heading or passage.text[:40]
        promise = Promise(0, len(passage.text), "listed", cue, parts, "", 0, plain(parts[0][0]))
        return self._built(
            promise,
            passage,
            speaker or self.voice,
            classification.SURE["listed"],
            ends,
            0,
            len(passage.text),
            first=True,
        )

    def _built(
        self, promise: Promise, passage: Passage, owner: Agent | None, sure: float, ends: list[Deadline], since: int,
        until: int, *, first: bool,
    ) -> list[ExtractedPledge]:  # fmt: skip
        conditional = classification.is_conditional(passage.text, self.words)
        kind = "conditional" if conditional else "aim" if promise.way == "aim" else "pledge"
        if conditional:
            sure *= classification.ON_CONDITION
        elif owner is None and promise.way not in ("own", "listed"):
            sure *= classification.NOBODY
        text = passage.text
        leading = next(
            (
                one
                for one in ends
                if since <= one.start < promise.start
                and not ("," in text[one.end : promise.start] and _ASIDE.search(text[: one.start]))
            ),
            None,
        )
        if not first and not leading:
            leading = next((one for one in ends if one.end <= promise.start and one.start < 3), None)
        last = next((one for one in ends if promise.actions[-1][1] <= one.start < until), None)
        others_act = (
            promise.way in ("will", "would") and promise.subject and not classification.acts(promise, self.cast)
        )
        found = []
        for action, start, end in promise.actions:
            own = next((one for one in ends if start <= one.start < end), None)
            day = own or leading or last
            if others_act and start <= promise.start + len(promise.cue) + 12:
                action = self.grammar.clause(passage.text, promise, action, end)
            action = self._bare(action, passage.text, own)
            if not action:
                continue
            can_be_checked = classification.checkable(action, self.words)
            certain = sure if can_be_checked else sure * classification.VAGUE
            if certain < _LEAST:
                self._pass(passage, "vague", speaker=owner, promise=promise)
                continue
            found.append(
                ExtractedPledge(
                    speaker=(owner.name if owner else "")[:_LONGEST_SPEAKER],
                    action=action[:_LONGEST_ACTION],
                    sentence=passage.text,
                    starts_at=passage.starts_at,
                    ends_at=passage.ends_at,
                    deadline=day.day if day else None,
                    deadline_precision=day.precision if day else "",
                    checkable=can_be_checked,
                    confidence=round(certain, 2),
                    reason=promise.cue[:_LONGEST_REASON],
                    kind=kind,
                )
            )
        return found

    def _pass(
        self, passage: Passage, why: str, *, speaker: Agent | None = None, promise: Promise | None = None
    ) -> None:
        """Keep a sentence as read and not proposed."""
        ends = deadlines(passage.text, self.language, self.since)
        action = " ".join(passage.text.split())
        self.passed.append(
            ExtractedPledge(
                speaker=(speaker.name if speaker else "")[:_LONGEST_SPEAKER],
                action=action[:_LONGEST_ACTION],
                sentence=passage.text,
                starts_at=passage.starts_at,
                ends_at=passage.ends_at,
                deadline=ends[0].day if ends else None,
                deadline_precision=ends[0].precision if ends else "",
                checkable=True,
                confidence=0.0,
                reason=promise.cue[:_LONGEST_REASON] if promise else "",
                why_not=why,
            )
        )

    def _bare(self, action: str, sentence: str, day: Deadline | None) -> str:
        """An action without the day it closes with, which has its own field."""
        if day:
            said = sentence[day.start : day.end]
            action = action.strip().removesuffix(said)
        return " ".join(action.split()).strip(' ,;:.“”"«»')

    # --- whose words ------------------------------------------------------------------------------------------------

    def _speaker(self, passage: Passage, following: Passage | None) -> Agent | None:
        """Whose words a passage is: who has the turn, who is said to say it, or who spoke last."""
        if self.last and not self.last.governs and passage.paragraph > self.since_paragraph + 1:
            self.last = self.ruler
        if passage.in_turn:
            turn = self.cast.known(passage.turn) if passage.turn else self.voice
            if turn and not turn.governs:  # who debates stands for office
                turn = replace(turn, governs=True)
            return turn or (Agent(passage.turn.title()) if passage.turn else None)
        if self.is_programme and not passage.quoted:
            return self.voice
        said = self._attributed(passage)
        if said is None and passage.quoted and following and following.paragraph == passage.paragraph:
            said = self._attributed(following)
        if said is None:
            said = self.voice or self.last
        self._meet(passage)
        if said and said.person and not (self.voice and not said.governs):
            self._now(said, passage)
        return said

    def _attributed(self, passage: Passage) -> Agent | None:
        """Who a sentence says is speaking, by the mention that is nearest to its verb of saying."""
        outside = _blank(passage.text, passage.quoted)
        low = plain(outside)
        verb = self._said.search(low)
        if not verb:
            return None
        told = self.cast.mentions(outside)
        before = [(start, agent) for start, agent in told if start < verb.start()]
        after = [agent for start, agent in told if verb.end() <= start <= verb.end() + 6]
        nearest_before = self._nearest(low, before, verb.start())
        nearest = (
            after
            if after and (not nearest_before or passage.quoted or low[: verb.start()].rstrip().endswith(","))
            else nearest_before
        )
        if nearest:
            return self.cast.meant(nearest[0], self.last, self.voice)
        return self.last or self.voice

    def _nearest(self, low: str, told: list[tuple[int, Agent | str]], verb: int) -> list[Agent | str]:
        """Of those named before a verb of saying, who says it: who stands right before it, or else the first person."""
        if not told:
            return []
        start, last = told[-1]
        between = low[start:verb].rstrip()
        near = len(between) <= 40 and not re.search(r"[;:]|\b(?:que|that|which|who|quien)\b", between)
        if between.endswith((",", "”", '"', "»")):
            named = not isinstance(last, Agent) or last in self.cast.people.values()
            return [last] if near and named else []
        if near:
            return [last]
        return [one for _, one in told if isinstance(one, Agent) and one.person] or [one for _, one in told]

    def _meet(self, passage: Passage) -> None:
        """Remember the last person of a government that a sentence names at its head."""
        for _start, agent in self.cast.mentions(passage.text)[:1]:
            meant = self.cast.meant(agent, self.last, self.voice)
            if meant and meant.person and not (self.voice and not meant.governs):
                self._now(meant, passage)

    def _now(self, agent: Agent, passage: Passage) -> None:
        """Who is spoken of from here on. Those who do not govern are, for their paragraph and the next."""
        self.last, self.since_paragraph = agent, passage.paragraph
        if agent.governs:
            self.ruler = agent

    def _owner(self, promise: Promise, passage: Passage, speaker: Agent | None) -> Agent | None:
        """Whose promise it is: the subject's where that acts by itself, else the speaker's."""
        told = _blank(passage.text, passage.quoted)[: promise.subject_at if promise.way == "done" else promise.start]
        before = self.cast.mentions(told)
        first = before[0][1] if before else None
        other = first if isinstance(first, Agent) and not first.governs else None
        if other and not self._said_by(speaker, before) and promise.way != "listed":
            return other
        if promise.way == "own" and speaker and not speaker.governs and not passage.quoted and not passage.in_turn:
            return speaker if self._said.search(plain(passage.text)) else self.voice or self.ruler
        if promise.way in ("own", "listed"):
            return speaker
        inside = self.cast.mentions(promise.subject)
        head = inside[:1] if inside and inside[0][0] < 25 else []
        if head and isinstance(head[0][1], Agent) and not head[0][1].governs and promise.way not in ("done",):
            return head[0][1]
        if head and not passage.in_turn:
            named = self.cast.meant(head[0][1], speaker, self.voice)
            said = speaker and speaker.person and self._said.search(passage.text)
            if named and named.governs and (named.person or not said):
                return named
        return speaker

    def _said_by(self, speaker: Agent | None, told: list[tuple[int, Agent | str]]) -> bool:
        return bool(speaker and speaker.governs and any(agent == speaker for _start, agent in told))


def _blank(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """The text with what is quoted blanked out, each letter in its place."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
