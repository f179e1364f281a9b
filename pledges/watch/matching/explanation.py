"""Why a pledge was matched, for an editor: the sentence, the words, and what the article suggests for its status."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from pledges.domain.languages import LANGUAGES
from pledges.watch.matching.index import Document, LanguageIndex
from pledges.watch.matching.profile import Match, Profile
from pledges.watch.status import reading
from pledges.watch.status.pledge import PledgeText
from pledges.watch.status.suggestion import suggest
from pledges.watch.text.encoder import Encoder, EncoderError

_NEARLY_BEST = 0.6  # of the best sentence's value
_NEAR_SENTENCES = 6
_LATER = 0.015  # the discount for each sentence further down: news comes first
_TELLING = 0.25  # of the weight of a pledge's heaviest word; lighter words are not shown as matched


def explain(
    profile: Profile,
    at: int,
    score: float,
    document: Document,
    values: np.ndarray,
    index: LanguageIndex,
    day: date | None,
    encoder: Encoder | None,
) -> Match:
    """The match of the pledge at a row of the index. `values` say how near each passage is to it."""
    near = near_passages(values, document)
    standing = reading.Standing(profile.status_before(day), profile.overdue(day))
    found = list(cues(near, document, profile, standing.before))
    cue_status = found[0][1] if found else ""
    suggested = _read(document, profile, standing, cue_status, encoder)
    passage, cue = (found[0][0], "") if found else (near[0], "")
    if suggested.kind == "change":
        cued = [(place, words) for place, status, words in found if status == suggested.status]
        passage, cue = cued[0] if cued else (suggested.row, reading.clause_of(document.passages[suggested.row].text))
    shown = document.passages[passage].terms + (document.passages[0].terms if document.titled else [])
    weights = index.values(at)
    least = _TELLING * max(weights.values(), default=0.0)
    telling_keys = {index.names[number] for number, weight in weights.items() if weight > least}
    return Match(
        profile.pledge,
        round(score, 4),
        document.passages[passage].text,
        tuple(dict.fromkeys(word for word, term in shown if not telling_keys.isdisjoint(term.keys))),
        suggested.status,
        cue,
        score,
        suggested.kind,
        standing.before,
    )


def near_passages(values: np.ndarray, document: Document) -> list[int]:
    """The passages that are nearest to a pledge, best first; the title last, as the status may be in it alone."""
    first = 1 if document.titled and len(document.passages) > 1 else 0
    values = values * (1 - _LATER * np.minimum(np.arange(len(values)), 20))
    order = first + np.argsort(-values[first:], kind="stable")[:_NEAR_SENTENCES]
    near = [int(passage) for passage in order if values[passage] >= _NEARLY_BEST * values[order[0]]]
    return [*near, 0] if first and values[0] >= _NEARLY_BEST / 2 * values[order[0]] else near


def cues(near: list[int], document: Document, profile: Profile, before: str) -> Iterator[tuple[int, str, str]]:
    """Explicit words for a status: (passage, status, words), in the order of `near`."""
    pledge = PledgeText.of(profile.texts, profile.criteria, document.language, before)
    headline = document.passages[0].text if document.titled else ""
    for passage in near:
        text = document.passages[passage].text
        status, cue = suggest(text, document.language, headline, home=profile.context, pledge=pledge)
        if status:
            yield passage, status, cue


def language_in(profile: Profile, language: str) -> str:
    """The language in which a pledge is read: the article's, or else the one that it is written in."""
    return language if profile.texts.get(language, "").strip() else next(code for code in LANGUAGES if code != language)


def _read(
    document: Document, profile: Profile, standing: reading.Standing, cue_status: str, encoder: Encoder | None
) -> reading.Reading:
    """What the article suggests; from explicit words alone without an encoder, or if it fails (it logs that)."""
    if encoder is None or document.vectors is None:
        return reading.without_encoder(cue_status, standing)
    language = language_in(profile, document.language)
    criteria = profile.criteria.get(language, {})
    try:
        text, *vectors = encoder.encode([profile.text_in(language), *criteria.values()])
    except EncoderError:
        return reading.without_encoder(cue_status, standing)
    by_status = dict(zip(criteria, vectors, strict=True))
    return reading.read(document.vectors, text, by_status, (document.language, language), standing, cue_status)
