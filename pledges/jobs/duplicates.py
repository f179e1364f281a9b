"""Finding pledges of a document that are tracked already. Read-only."""

from collections.abc import Sequence
from typing import Protocol

from pledges.jobs import profiles
from pledges.models import Pledge
from pledges.queries import visibility
from pledges.watch.matching import matcher

NEAR = matcher.THRESHOLD / 2  # enough for a pledge in a sentence that is surely about another one
MOST_DRAFTED = 500  # the newest pledges that are not public yet: related documents are mostly read close together


class FoundPledge(Protocol):
    """A pledge found in a document: what is promised, and the sentence that promises it."""

    @property
    def action(self) -> str: ...

    @property
    def sentence(self) -> str: ...


def alike(found: Sequence[FoundPledge], language: str) -> list[int | None]:
    """For each found pledge, the id of the tracked pledge that seems to be the same; None if there is none.

    The matcher gets an article with what is promised as its title and the sentence as its text. The watch's index holds
    the public pledges; those that are still drafts get an index of their own.
    """
    if not found:
        return []
    drafted = Pledge.objects.exclude(pk__in=visibility.public_pledges().values("pk")).order_by("-pk")[:MOST_DRAFTED]
    drafted = drafted.select_related("mandate").prefetch_related("wordings", "institutions", "watch_terms")
    indexes: list[profiles.Watch | matcher.Index] = [
        profiles.watch(),
        matcher.Index([profiles.profile(pledge, {}) for pledge in drafted], profiles.vocabulary()),
    ]
    return [_same(pledge, indexes, language) for pledge in found]


def _same(found: FoundPledge, indexes: Sequence[profiles.Watch | matcher.Index], language: str) -> int | None:
    """The id of the same pledge. A sentence often holds several pledges; what is promised says which one is meant."""
    near = {
        int(match.pledge): match.score
        for index in indexes
        for match in index.match(found.action, found.sentence, language, threshold=NEAR)
    }
    if max(near.values(), default=0.0) < matcher.THRESHOLD:
        return None
    by_action = {
        int(match.pledge): match.score
        for index in indexes
        for match in index.match("", found.action, language, threshold=0.0)
    }
    return max(near, key=lambda pledge: (by_action.get(pledge, 0.0), near[pledge]))
