"""What a new capture of a watched page means beside the earlier ones: news, nothing, or something to wait for.

Pages go away for an hour (maintenance, half an answer) and come back. See docs/adr/0020-pages-that-go-and-come-back.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pledges.watch.sources import walls
from pledges.watch.sources.page_watch import PageChange, compare, not_among, sentences_of

_FEWEST = 2  # sentences: a page of one says something new when that is another


@dataclass(frozen=True)
class Earlier:
    """A capture kept before: its text, and whether it is in doubt."""

    text: str
    in_doubt: bool = False


@dataclass(frozen=True)
class Meaning:
    """Whether to keep the capture, whether it is in doubt, and the sentences in it that are news."""

    keep: bool
    in_doubt: bool = False
    news: tuple[str, ...] = ()


def meaning_of(text: str, earlier: Sequence[Earlier]) -> Meaning:
    """What a capture means after `earlier` ones of the same page, the newest first.

    - It is compared with the newest that is not in doubt.
    - Where most of that is absent at once, the capture is in doubt and no news. The next one decides: what is there of
      the page then is no news; if it has not come back, the change is.
    - Where most of a page comes back at once, or several sentences do and nothing goes for them, those of them that
      stood in an earlier capture are no news again.
    """
    settled = next((one for one in earlier if not one.in_doubt), None)
    if settled is None:
        return Meaning(keep=True)
    waiting = earlier[0].in_doubt
    change = compare(settled.text, text)
    if not change:
        return Meaning(keep=waiting)  # it came back: what was in doubt waits no more
    if _most(change.absent, settled.text) and not waiting and not _known(text, change, earlier):
        return Meaning(keep=True, in_doubt=True)
    return Meaning(keep=True, news=not_among(change.added, _known(text, change, earlier)))


def is_notice(text: str, earlier: Sequence[Earlier], *, announced: bool = False) -> bool:
    """Whether a page shows a notice that it is away instead of what it said before.

    It is told by its words, or `announced` by a Retry-After. What the page said when it was there is no notice.
    """
    settled = next((one for one in earlier if not one.in_doubt), None)
    if settled is None:
        return walls.is_maintenance(text)
    if walls.is_maintenance(settled.text) or not (announced or walls.is_maintenance(text)):
        return False
    return len(compare(settled.text, text).absent) > len(sentences_of(settled.text)) / 2


def _known(text: str, change: PageChange, earlier: Sequence[Earlier]) -> list[str]:
    """The sentences of earlier captures, where `change` brings a page back to them; else none."""
    known = [sentence for one in earlier if not one.in_doubt for sentence in sentences_of(one.text)]
    again = len(change.added) - len(not_among(change.added, known))
    back = again >= _FEWEST and (not change.absent or again > len(sentences_of(text)) / 2)
    return known if back else []


def _most(some: tuple[str, ...], text: str) -> bool:
    return len(some) >= _FEWEST and len(some) > len(sentences_of(text)) / 2
