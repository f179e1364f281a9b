"""Extracts pledges from a text in English or Spanish: who promises what, in which sentence, and by when.

It uses grammar rules and word lists, and a sentence encoder where there is one. The parts: `segmentation` (sentences
and their context), `speakers` (who speaks), `english` and `spanish` (promises by grammar), `classification` (which
promises are pledges, and which can be checked), `rejected` (sentences that only look like pledges), `deadlines`,
`words_*` (word lists), `sentence_model` (sentences by their meaning), `document_reader` (documents as bytes),
`llm_review` (a second opinion by an LLM endpoint), `types` (the results).
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from pledges.domain.languages import LANGUAGES
from pledges.watch.extraction import classification, english, rejected, spanish
from pledges.watch.extraction.deadlines import Deadline, deadlines
from pledges.watch.extraction.segmentation import Passage, passages
from pledges.watch.extraction.sentence_model import MOST_SENTENCES, judged
from pledges.watch.extraction.speakers import Agent, Speakers, plain
from pledges.watch.extraction.types import ExtractedPledge, Promise, Reading
from pledges.watch.text.encoder import Encoder

__all__ = ["LONGEST_TEXT", "ExtractedPledge", "Reading", "extract", "judged", "read"]

LONGEST_TEXT = 2_000_000  # characters; the rest of a longer text is not read
MOST_REJECTED = 200  # rejected sentences that are returned
_LONGEST_ACTION = 400
_LONGEST_SPEAKER = 160
_LONGEST_REASON = 200
_MIN_CONFIDENCE = 0.3
_ASIDE = re.compile(r",\s*(?:whose|who|que|cuy[oa]s?|quien)\b[^,]*$")  # "whose term ends in 2026, …"
_GRAMMAR = {"en": english, "es": spanish}


def extract(
    text: str,
    language: str,
    *,
    today: date | None = None,
    speakers: Iterable[str] = (),
    published_on: date | None = None,
    encoder: Encoder | None = None,
) -> list[ExtractedPledge]:
    """The pledges in a text in `language` ("en" or "es"), in the order of the text; see `read`.

    With an `encoder` the sentence model judges them too.
    """
    reading = read(text, language, today=today, speakers=speakers, published_on=published_on)
    return list((judged(reading, encoder) if encoder else reading).pledges)


def read(
    text: str,
    language: str,
    *,
    today: date | None = None,
    speakers: Iterable[str] = (),
    published_on: date | None = None,
) -> Reading:
    """The pledges that the grammar finds in a text in `language` ("en" or "es"), and the sentences that are none.

    `speakers` are names of people in government that the caller knows; the first is the main speaker if the text is a
    speech. Relative deadlines ("within six months") count from `published_on`, or else from `today`. There is one
    rejection at most for a sentence without a pledge, up to `MOST_REJECTED`. Raises ValueError for another language.
    """
    if language not in LANGUAGES:
        raise ValueError("Pledges are found in English (en) and Spanish (es) only: say which of them the text is in.")
    extractor = _Extractor(text[:LONGEST_TEXT], language, tuple(speakers), published_on or today)
    pledges = extractor.run()
    with_pledge = {pledge.starts_at for pledge in pledges}
    first_of_each = {each.starts_at: each for each in reversed(extractor.rejected) if each.starts_at not in with_pledge}
    rejected = [first_of_each[at] for at in sorted(first_of_each)][:MOST_REJECTED]
    return Reading(tuple(pledges), tuple(rejected), tuple(extractor.open[:MOST_SENTENCES]))


class _Extractor:
    """The extraction from one text, with the state that goes from sentence to sentence: who spoke last."""

    def __init__(self, text: str, language: str, speakers: tuple[str, ...], since: date | None):
        self.language, self.since = language, since
        self.grammar = _GRAMMAR[language]
        self.speakers = Speakers(text, language, speakers)
        self.words = self.speakers.words
        self.passages = list(passages(text))
        titles = [passage.text for passage in self.passages[:3] if passage.is_heading]
        self.main_speaker = next((agent for agent in map(self.speakers.main_speaker, titles) if agent), None)
        if not self.main_speaker and speakers:
            self.main_speaker = self.speakers.known(speakers[0])
        self._verb_of_saying = re.compile(rf"\b(?:{self.words.SAID})\b", re.IGNORECASE)
        self.last: Agent | None = None  # who was last mentioned as speaking
        self.last_governing: Agent | None = None
        self.last_paragraph = 0  # of the mention of `last`
        self.promised_at = -1  # the number of the last passage with a pledge
        self.rejected: list[ExtractedPledge] = []
        self.open: list[ExtractedPledge] = []  # see `Reading`
        self.is_programme = any(re.search(rf"\b(?:{self.words.PROGRAMME})", plain(title)) for title in titles)

    def run(self) -> list[ExtractedPledge]:
        """All pledges of the text; afterwards `rejected` and `open` hold the other sentences."""
        pledges: list[ExtractedPledge] = []
        for number, passage in enumerate(self.passages):
            if passage.is_heading and not passage.is_item:
                self._note_mention(passage)
                continue
            if passage.asks or classification.is_question(passage.text):
                if any(self.grammar.promises(passage.text)):
                    self._reject(passage, "question")
                continue
            following = self.passages[number + 1] if number + 1 < len(self.passages) else None
            speaker = self._speaker(passage, following)
            known = len(self.rejected)
            found = self._read(passage, speaker, continues=self.promised_at == number - 1 >= 0)
            if found:
                self.promised_at = number
            elif all(each.why_not == "forecast" for each in self.rejected[known:]):
                self.open.append(self._whole(passage, speaker=speaker))
            pledges += found
        return pledges

    def _read(self, passage: Passage, speaker: Agent | None, *, continues: bool) -> list[ExtractedPledge]:
        promises = list(self.grammar.promises(passage.text, continues=continues))
        if not promises and (passage.is_item or self.grammar.is_bare_act(passage.text)):
            return self._item(passage, speaker)
        if not promises and (why := rejected.why_not(passage, self.speakers, self.language)):
            self._reject(passage, why, speaker=speaker if why == "done" else None)
        days = deadlines(passage.text, self.language, self.since)
        accepted: list[tuple[Promise, Agent | None, float]] = []
        for promise in promises:
            if accepted and promise.start < accepted[-1][0].end:
                continue
            owner = self._owner(promise, passage, speaker)
            if owner is None and continues and not promise.subject:
                owner = Agent("")  # whoever promised in the sentence before
            confidence, why = classification.classify(promise, passage.text, self.speakers, owner=owner)
            if confidence:
                accepted.append((promise, owner, confidence))
            else:
                self._reject(passage, why, speaker=owner, promise=promise)
        pledges: list[ExtractedPledge] = []
        for at, (promise, owner, confidence) in enumerate(accepted):
            since = accepted[at - 1][0].end if at else 0
            until = accepted[at + 1][0].subject_at if at + 1 < len(accepted) else len(passage.text)
            pledges += self._pledges(
                promise, passage, owner, confidence, days, since, max(until, promise.end), first=not at
            )
        return pledges

    def _item(self, passage: Passage, speaker: Agent | None) -> list[ExtractedPledge]:
        """The pledges in an item of a programme's list, or in a sentence such as "Build two ports.", without "will"."""
        above = plain(f"{passage.lead} {passage.heading}")
        if re.search(rf"\b(?:{self.words.RECORD})", above):
            self._reject(passage, "done", speaker=speaker or self.main_speaker)
            return []
        if passage.is_item and not (self.is_programme or re.search(rf"\b(?:{self.words.PROGRAMME})", above)):
            return []
        days = deadlines(passage.text, self.language, self.since)
        parts = tuple(self.grammar.listed(passage.text))
        if not parts:
            return []
        cue = passage.lead.rstrip(":") or passage.heading or passage.text[:40]
        promise = Promise(0, len(passage.text), "listed", cue, parts, "", 0, plain(parts[0][0]))
        return self._pledges(
            promise,
            passage,
            speaker or self.main_speaker,
            classification.CONFIDENCE["listed"],
            days,
            0,
            len(passage.text),
            first=True,
        )

    def _pledges(
        self, promise: Promise, passage: Passage, owner: Agent | None, confidence: float, days: list[Deadline],
        since: int, until: int, *, first: bool,
    ) -> list[ExtractedPledge]:  # fmt: skip
        """The pledges of a promise, one for each action, with their deadlines.

        `since` and `until` delimit the part of the sentence in which a deadline belongs to this promise; `first` is
        true for the first promise of the sentence.
        """
        conditional = promise.form != "campaign" and classification.is_conditional(passage.text, self.words)
        kind = "conditional" if conditional else "aim" if promise.form == "aim" else "pledge"
        if conditional:
            confidence *= classification.CONDITIONAL
        elif owner is None and promise.form not in ("first_person", "listed"):
            confidence *= classification.NO_SPEAKER
        text = passage.text
        leading = next(
            (
                day
                for day in days
                if since <= day.start < promise.start
                and not ("," in text[day.end : promise.start] and _ASIDE.search(text[: day.start]))
            ),
            None,
        )
        if not first and not leading:
            leading = next((day for day in days if day.end <= promise.start and day.start < 3), None)
        trailing = next((day for day in days if promise.actions[-1][1] <= day.start < until), None)
        others_act = (
            promise.form in ("will", "would") and promise.subject and not classification.acts(promise, self.speakers)
        )
        pledges = []
        for action, start, end in promise.actions:
            inside = next((day for day in days if start <= day.start < end), None)
            deadline = inside or leading or trailing
            if others_act and start <= promise.start + len(promise.cue) + 12:
                action = self.grammar.clause(passage.text, promise, action, end)
            action = self._without_deadline(action, passage.text, inside)
            if not action:
                continue
            checkable = classification.checkable(action, self.words)
            action_confidence = confidence if checkable else confidence * classification.VAGUE
            if action_confidence < _MIN_CONFIDENCE:
                self._reject(passage, "vague", speaker=owner, promise=promise)
                continue
            pledges.append(
                ExtractedPledge(
                    speaker=(owner.name if owner else "")[:_LONGEST_SPEAKER],
                    action=action[:_LONGEST_ACTION],
                    sentence=passage.text,
                    starts_at=passage.starts_at,
                    ends_at=passage.ends_at,
                    deadline=deadline.day if deadline else None,
                    deadline_precision=deadline.precision if deadline else "",
                    checkable=checkable,
                    confidence=round(action_confidence, 2),
                    reason=promise.cue[:_LONGEST_REASON],
                    kind=kind,
                )
            )
        return pledges

    def _reject(
        self, passage: Passage, why: str, *, speaker: Agent | None = None, promise: Promise | None = None
    ) -> None:
        """Keep a sentence as read and not proposed."""
        reason = promise.cue[:_LONGEST_REASON] if promise else ""
        self.rejected.append(
            replace(self._whole(passage, speaker=speaker), checkable=True, kind="pledge", reason=reason, why_not=why)
        )

    def _whole(self, passage: Passage, *, speaker: Agent | None) -> ExtractedPledge:
        """A whole sentence as a proposal."""
        day = next(iter(deadlines(passage.text, self.language, self.since)), None)
        action = " ".join(passage.text.split())[:_LONGEST_ACTION]
        return ExtractedPledge(
            speaker=(speaker.name if speaker else "")[:_LONGEST_SPEAKER],
            action=action,
            sentence=passage.text,
            starts_at=passage.starts_at,
            ends_at=passage.ends_at,
            deadline=day.day if day else None,
            deadline_precision=day.precision if day else "",
            checkable=classification.checkable(action, self.words),
            confidence=0.0,
            reason="",
            kind="conditional" if classification.is_conditional(passage.text, self.words) else "pledge",
        )

    def _without_deadline(self, action: str, sentence: str, deadline: Deadline | None) -> str:
        """An action without the deadline at its end, which has a field of its own."""
        if deadline:
            action = action.strip().removesuffix(sentence[deadline.start : deadline.end])
        return " ".join(action.split()).strip(' ,;:.“”"«»')

    # --- attribution ------------------------------------------------------------------------------------------------

    def _speaker(self, passage: Passage, following: Passage | None) -> Agent | None:
        """Who says a passage: who has the turn, to whom it is attributed, or who spoke last."""
        if self.last and not self.last.governs and passage.paragraph > self.last_paragraph + 1:
            self.last = self.last_governing
        if passage.in_turn:
            turn = self.speakers.known(passage.turn) if passage.turn else self.main_speaker
            if turn and not turn.governs:  # participants of a debate stand for office
                turn = replace(turn, governs=True)
            return turn or (Agent(passage.turn.title()) if passage.turn else None)
        if self.is_programme and not passage.quoted:
            return self.main_speaker
        attributed = self._attributed(passage)
        if attributed is None and passage.quoted and following and following.paragraph == passage.paragraph:
            attributed = self._attributed(following)
        speaker = attributed or self.main_speaker or self.last
        self._note_mention(passage)
        if attributed and attributed.person and not (self.main_speaker and not attributed.governs):
            self._set_last(attributed, passage)
        return speaker

    def _attributed(self, passage: Passage) -> Agent | None:
        """Who a sentence names as speaking: the mention nearest to its verb of saying."""
        outside = _blank(passage.text, passage.quoted)
        low = plain(outside)
        verb = self._verb_of_saying.search(low)
        if not verb:
            return None
        mentions = self.speakers.mentions(outside)
        before = [(start, agent) for start, agent in mentions if start < verb.start()]
        after = [agent for start, agent in mentions if verb.end() <= start <= verb.end() + 6]
        nearest_before = self._nearest(low, before, verb.start())
        nearest = (
            after
            if after and (not nearest_before or passage.quoted or low[: verb.start()].rstrip().endswith(","))
            else nearest_before
        )
        if nearest:
            return self.speakers.resolve(nearest[0], self.last, self.main_speaker)
        return self.last or self.main_speaker

    def _nearest(self, low: str, mentions: list[tuple[int, Agent | str]], verb: int) -> list[Agent | str]:
        """The speaker among the mentions before a verb of saying: the one right before it, or else the first person."""
        if not mentions:
            return []
        start, last = mentions[-1]
        between = low[start:verb].rstrip()
        near = len(between) <= 40 and not re.search(r"[;:]|\b(?:que|that|which|who|quien)\b", between)
        if between.endswith((",", "”", '"', "»")):
            named = not isinstance(last, Agent) or last in self.speakers.people.values()
            return [last] if near and named else []
        if near:
            return [last]
        agents = [agent for _, agent in mentions]
        return [agent for agent in agents if isinstance(agent, Agent) and agent.person] or agents

    def _note_mention(self, passage: Passage) -> None:
        """Take the first person that a passage mentions for the last speaker; a group ("banks") only if it speaks."""
        for _start, mention in self.speakers.mentions(passage.text)[:1]:
            agent = self.speakers.resolve(mention, self.last, self.main_speaker)
            if (
                agent
                and agent.person
                and (agent.governs or agent in self.speakers.people.values())
                and not (self.main_speaker and not agent.governs)
            ):
                self._set_last(agent, passage)

    def _set_last(self, agent: Agent, passage: Passage) -> None:
        """Set the last speaker. One who does not govern counts for this paragraph and the next (see `_speaker`)."""
        self.last, self.last_paragraph = agent, passage.paragraph
        if agent.governs:
            self.last_governing = agent

    def _owner(self, promise: Promise, passage: Passage, speaker: Agent | None) -> Agent | None:
        """Who makes the promise: the subject if it can act, else the speaker."""
        is_passive = promise.form == "passive"
        leading = _blank(passage.text, passage.quoted)[: promise.subject_at if is_passive else promise.start]
        before = self.speakers.mentions(leading)
        first = before[0][1] if before else None
        other = first if isinstance(first, Agent) and not first.governs else None
        speaker_governs = speaker is not None and speaker.governs
        named_before = speaker_governs and any(agent == speaker for _start, agent in before)
        first_person = promise.form == "first_person"
        if first_person and not self._verb_of_saying.search(plain(leading)):
            other = None  # "farmers wait; we will pay": they are only mentioned
        if other and not named_before and promise.form != "listed":
            return other
        if first_person and speaker and not speaker_governs and not passage.quoted and not passage.in_turn:
            is_reported = self._verb_of_saying.search(plain(passage.text))
            return speaker if is_reported else self.main_speaker or self.last_governing
        if promise.form in ("first_person", "listed"):
            return speaker
        inside = self.speakers.mentions(promise.subject)
        head = inside[0][1] if inside and inside[0][0] < 25 else None
        if isinstance(head, Agent) and not head.governs and not is_passive:
            return head
        if head and not passage.in_turn:
            named = self.speakers.resolve(head, speaker, self.main_speaker)
            said = speaker and speaker.person and self._verb_of_saying.search(passage.text)
            if named and named.governs and (named.person or not said):
                return named
        return speaker


def _blank(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """The text with the spans replaced by spaces."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
