"""Finding pledges of a document that are tracked already. Read-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pledges.domain.languages import LANGUAGES
from pledges.jobs import profiles
from pledges.models import Pledge, Wording
from pledges.queries import visibility
from pledges.watch.matching import matcher

NEAR = matcher.THRESHOLD / 2  # enough for a pledge in a sentence that is surely about another one
POSSIBLE = 0.1  # enough to be shown to whoever makes a draft, as one that may be the same
MOST_POSSIBLE = 3
MOST_DRAFTED = 500  # the newest pledges that are not public yet: related documents are mostly read close together


class FoundPledge(Protocol):
    """A pledge found in a document: what is promised, and the sentence that promises it."""

    @property
    def action(self) -> str: ...

    @property
    def sentence(self) -> str: ...


@dataclass(frozen=True)
class Like:
    """A tracked pledge that says something like another text; `sure` if the text would be taken for it."""

    pledge: Pledge
    sure: bool


Indexes = Sequence[profiles.Watch | matcher.Index]


def alike(found: Sequence[FoundPledge], language: str) -> list[int | None]:
    """For each found pledge, the id of the tracked pledge that seems to be the same; None if there is none.

    The matcher gets an article with what is promised as its title and the sentence as its text.
    """
    if not found:
        return []
    indexes = _indexes()
    return [
        _same(pledge, _near(pledge.action, pledge.sentence, language, indexes), indexes, language) for pledge in found
    ]


def like(found: Sequence[FoundPledge], language: str, *, mandate: int) -> list[list[Like]]:
    """For each found pledge, up to three tracked pledges that may be the same: the one that seems to be it first, then
    those of the mandate (its id)."""
    if not found:
        return []
    indexes = _indexes()
    near = [_near(pledge.action, pledge.sentence, language, indexes) for pledge in found]
    sure = [_same(pledge, scores, indexes, language) for pledge, scores in zip(found, near, strict=True)]
    return _in_order(near, sure, mandate)


def like_wording(wording: Wording) -> list[Like]:
    """The other pledges, up to three, that say something like a wording, in either language."""
    indexes, scores = _indexes(), dict[int, float]()
    for language in LANGUAGES:
        title, statement = (getattr(wording, f"{name}_{language}") for name in ("title", "statement"))
        for pledge, score in (_near(title, statement, language, indexes) if title or statement else {}).items():
            scores[pledge] = max(score, scores.get(pledge, 0.0))
    scores.pop(wording.pledge_id, None)
    best = max(scores, key=scores.__getitem__, default=None)
    sure = best if best is not None and scores[best] >= matcher.THRESHOLD else None
    [rows] = _in_order([scores], [sure], wording.pledge.mandate_id)
    return rows


def _indexes() -> Indexes:
    """The watch's index of the public pledges, and one of those that are still drafts."""
    drafted = Pledge.objects.exclude(pk__in=visibility.public_pledges().values("pk")).order_by("-pk")[:MOST_DRAFTED]
    drafted = drafted.select_related("mandate").prefetch_related("wordings", "institutions", "watch_terms")
    return [
        profiles.watch(),
        matcher.Index([profiles.profile(pledge, {}) for pledge in drafted], profiles.vocabulary()),
    ]


def _near(title: str, text: str, language: str, indexes: Indexes) -> dict[int, float]:
    """The scores of the pledges that are not out of the question."""
    return {
        int(match.pledge): match.score
        for index in indexes
        for match in index.match(title, text, language, threshold=POSSIBLE)
    }


def _same(found: FoundPledge, scores: dict[int, float], indexes: Indexes, language: str) -> int | None:
    """The id of the same pledge. A sentence often holds several pledges; what is promised says which one is meant."""
    near = {pledge: score for pledge, score in scores.items() if score >= NEAR}
    if max(near.values(), default=0.0) < matcher.THRESHOLD:
        return None
    by_action = {
        int(match.pledge): match.score
        for index in indexes
        for match in index.match("", found.action, language, threshold=0.0)
    }
    return max(near, key=lambda pledge: (by_action.get(pledge, 0.0), near[pledge]))


def _in_order(near: Sequence[dict[int, float]], sure: Sequence[int | None], mandate: int) -> list[list[Like]]:
    """The pledges of these scores, each list by likeness; three queries."""
    wanted = {pledge for scores in near for pledge in scores}
    rows = Pledge.objects.select_related("mandate").defer("search_en", "search_es").prefetch_related("wordings")
    pledges = rows.in_bulk(wanted)
    lists = []
    for scores, same in zip(near, sure, strict=True):

        def place(pledge: Pledge, same: int | None = same, scores: dict[int, float] = scores) -> tuple:
            return pledge.pk != same, pledge.mandate_id != mandate, -scores[pledge.pk], pledge.pk

        known = sorted((pledges[pk] for pk in scores if pk in pledges), key=place)
        lists.append([Like(pledge, pledge.pk == same) for pledge in known[:MOST_POSSIBLE]])
    return lists
