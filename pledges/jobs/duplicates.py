"""Whether what was found in a document is tracked already. Nothing is written here."""

from collections.abc import Sequence
from typing import Protocol

from pledges.jobs import profiles
from pledges.models import Pledge
from pledges.queries import visibility
from pledges.watch.matching import matcher

NEAR = matcher.THRESHOLD / 2  # of a pledge that a sentence may be about beside another that it is about
DRAFTED_LATELY = 500  # pledges that are not public yet, the newest: a document is rarely read long after another


class Said(Protocol):
    """What is promised, and the sentence that promises it."""

    @property
    def action(self) -> str: ...

    @property
    def sentence(self) -> str: ...


def alike(found: Sequence[Said], language: str) -> list[int | None]:
    """For each of them, the id of the pledge that seems to be the same; None where there is none.

    The matcher is asked as of an article whose title is what is promised and whose text is the sentence. It knows the
    public pledges; those that are drafted yet are asked by themselves.
    """
    if not found:
        return []
    drafted = Pledge.objects.exclude(pk__in=visibility.public_pledges().values("pk")).order_by("-pk")[:DRAFTED_LATELY]
    drafted = drafted.select_related("mandate").prefetch_related("wordings", "institutions", "watch_terms")
    indexes = [
        profiles.watch(),
        matcher.Index([profiles.profile(pledge, {}) for pledge in drafted], profiles.vocabulary()),
    ]
    return [_same(one, indexes, language) for one in found]


def _same(one: Said, indexes: Sequence[profiles.Watch | matcher.Index], language: str) -> int | None:
    """The pledge that says the same. A sentence often holds several promises: whose is whose, their own words tell."""
    near = {
        match.pledge: match.score
        for index in indexes
        for match in index.match(one.action, one.sentence, language, threshold=NEAR)
    }
    if max(near.values(), default=0.0) < matcher.THRESHOLD:
        return None
    alone = {
        match.pledge: match.score for index in indexes for match in index.match("", one.action, language, threshold=0.0)
    }
    return max(near, key=lambda pledge: (alone.get(pledge, 0.0), near[pledge]))
