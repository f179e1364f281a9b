"""Whether a pledge that was found is tracked already, by the matcher that reads the news."""

from collections.abc import Hashable
from typing import Protocol

from pledges.monitor.extraction.found import Found
from pledges.monitor.matching import THRESHOLD, Match


class Matcher(Protocol):
    """`matching.Index`, or what looks twice around it (`profiles.Watch`)."""

    def match(self, title: str, text: str, language: str, *, threshold: float) -> list[Match]:
        """The pledges that a document scores at least `threshold` on, best first."""


def alike(
    found: Found, matcher: Matcher, language: str, *, threshold: float = THRESHOLD
) -> tuple[Hashable, float] | None:
    """The tracked pledge that says the same, as its id in the matcher's profiles and a probability from 0 to 1.

    None where none reaches `threshold`. The action is read as a headline and the sentence as the text below it, so that
    two promises in one sentence are told apart.
    """
    matches = matcher.match(found.action, found.sentence, language, threshold=threshold)
    return (matches[0].pledge, matches[0].score) if matches else None
