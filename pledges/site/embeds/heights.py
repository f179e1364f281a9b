"""How high an embed is before anybody has measured it: an estimate on the safe side, for frames without our script."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from pledges.domain.rules import Timeliness
from pledges.queries.published import PublicEvidence
from pledges.queries.standings import Standing

NARROW, WIDE = 320, 704  # pixels: the widths between which a frame follows its column
WIDTHS = range(NARROW, WIDE + 1, 8)
SIDES = 36  # the padding beside the text
MOST_PICTURE = 448  # pixels that a picture is wide at most, and the room it takes when text stands beside it
MOST_EVIDENCE, USUAL_EVIDENCE = 3, 130  # pieces of a pledge's evidence, and their characters unless there are more
_VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True)
class Text:
    """A text of so many characters, each so many pixels wide, in lines of so many pixels."""

    characters: int
    width: float
    leading: int


@dataclass(frozen=True)
class Heights:
    """The height that an embed needs at each width, in pixels, whatever is published later of what it shows now."""

    fixed: int
    texts: tuple[Text, ...]
    picture: float = 0  # how many times as high as it is wide

    def at(self, width: int) -> int:
        """The height at a width."""
        room = max(width - SIDES, 120)
        lines = sum(text.leading * ceil(text.characters * text.width * 1.15 / room) for text in self.texts)
        return self.fixed + lines + round(self.picture * min(room, MOST_PICTURE))

    @property
    def narrow(self) -> int:
        """The height at the narrowest width."""
        return self.at(NARROW)

    @property
    def tallest(self) -> int:
        """The greatest height that it has at any width: a picture grows with it."""
        return max(map(self.at, WIDTHS))

    @property
    def wide(self) -> int:
        """The height at the widest."""
        return self.at(WIDE)


def of_pledge(standing: Standing, newsroom: str) -> Heights:
    """Of a pledge: title, evidence and newsroom as they are, the rest as long as it can be."""
    evidence = standing.latest.evidence[:MOST_EVIDENCE] if standing.latest else ()
    return Heights(
        92,  # padding, status strip, and a line for the fonts of other devices
        (
            Text(len(str(standing.wording.title)), 11.5, 31),
            Text(70, 9.5, 28),  # status, since when, deadline
            Text(150, 8, 24),  # the latest update
            Text(max(USUAL_EVIDENCE, _cited(evidence)), 7, 21),
            _foot(newsroom),
        ),
    )


def of_list(title: str, note: str, rows: Iterable[Standing], statuses: int, newsroom: str) -> Heights:
    """Of a list of pledges of so many statuses; `note` is a line below the title, or ""."""
    rows = list(rows)
    texts = [Text(len(title), 11.5, 28), Text(18 * statuses, 8.5, 24), _foot(newsroom), Text(20, 8, 26)]
    texts += [Text(len(note), 7.5, 29)] if note else []
    for standing in rows:
        update = standing.turning_update
        texts += [Text(len(str(standing.wording.title)), 8.5, 21), Text(12 + _beside_status(standing), 7.5, 21)]
        texts.append(Text(_cited(update.evidence[:1]) if update else 34, 7, 21))
    return Heights(80 + 20 * len(rows), tuple(texts))


def _cited(evidence: Iterable[PublicEvidence]) -> int:
    """How many characters a line of evidence has: publishers with their days, and before and after them some words."""
    return 24 + sum(len(piece.publisher) + 16 for piece in evidence)


def _beside_status(standing: Standing) -> int:
    """About how many characters a list has beside the status of a pledge: since when, how overdue, whose."""
    return 24 + (40 if standing.timeliness == Timeliness.OVERDUE else 0) + len(standing.pledge.mandate.person)


def of_picture(title: str, texts: Iterable[str], drawing: str, legend: int, newsroom: str) -> Heights:
    """Of a picture (its SVG, or "") with a legend of so many lines, and with these texts below it."""
    box = _VIEW_BOX.search(drawing)
    shape = float(box[2]) / float(box[1]) if box else 0
    below = [Text(len(text), 7.8, 25) for text in texts if text]
    fixed = 110 + 24 * legend + 8 * len(below)
    return Heights(fixed, (Text(len(title), 11.5, 28), Text(60, 7, 21), *below, _foot(newsroom)), shape)


def _foot(newsroom: str) -> Text:
    return Text(len(newsroom) + 50, 7.5, 22)  # newsroom, edition, day
