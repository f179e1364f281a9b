"""What a new capture of a watched page means after the earlier ones: news, no change, or in doubt.

Pages disappear for an hour (maintenance, a truncated response) and come back: see
docs/adr/0020-pages-that-go-and-come-back.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pledges.watch.sources import walls
from pledges.watch.sources.page_watch import PageChange, compare, not_among, sentences_of

_FEWEST = 2  # sentences: a page of one sentence has news when that changes


@dataclass(frozen=True)
class Earlier:
    """An earlier capture: its text, and whether it is in doubt."""

    text: str
    in_doubt: bool = False


@dataclass(frozen=True)
class Meaning:
    """The result: whether to keep the capture, whether it is in doubt, and which of its sentences are news."""

    keep: bool
    in_doubt: bool = False
    news: tuple[str, ...] = ()


def meaning_of(text: str, earlier: Sequence[Earlier]) -> Meaning:
    """What a capture means after the `earlier` ones of the same page, newest first.

    - It is compared with the newest capture that is not in doubt.
    - If most of that is missing at once, the new capture is in doubt, and nothing is news. The next one decides: what
      has come back by then is not news; if the page has not come back, the change is.
    - If most of a page comes back at once, or several sentences come back and none disappears, those that were in an
      earlier capture are not news again.
    """
    settled = next((capture for capture in earlier if not capture.in_doubt), None)
    if settled is None:
        return Meaning(keep=True)
    waiting = earlier[0].in_doubt
    change = compare(settled.text, text)
    if not change:
        return Meaning(keep=waiting)  # the page came back: the doubt is resolved
    if _most(change.absent, settled.text) and not waiting and not _known(text, change, earlier):
        return Meaning(keep=True, in_doubt=True)
    return Meaning(keep=True, news=not_among(change.added, _known(text, change, earlier)))


def is_notice(text: str, earlier: Sequence[Earlier], *, announced: bool = False) -> bool:
    """Whether a page shows a maintenance notice instead of its content.

    It is recognised by its words, or `announced` by a Retry-After header. The page's usual content is never a notice.
    """
    settled = next((capture for capture in earlier if not capture.in_doubt), None)
    if settled is None:
        return walls.is_maintenance(text)
    if walls.is_maintenance(settled.text) or not (announced or walls.is_maintenance(text)):
        return False
    return len(compare(settled.text, text).absent) > len(sentences_of(settled.text)) / 2


def _known(text: str, change: PageChange, earlier: Sequence[Earlier]) -> list[str]:
    """The sentences of earlier captures if `change` restores them; else none."""
    known = [sentence for capture in earlier if not capture.in_doubt for sentence in sentences_of(capture.text)]
    restored = len(change.added) - len(not_among(change.added, known))
    is_back = restored >= _FEWEST and (not change.absent or restored > len(sentences_of(text)) / 2)
    return known if is_back else []


def _most(sentences: tuple[str, ...], text: str) -> bool:
    return len(sentences) >= _FEWEST and len(sentences) > len(sentences_of(text)) / 2
