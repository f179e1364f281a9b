"""The card of the front page: the picture that social networks show with a link, with the headline and the tally.

It is drawn like the card of a pledge (see site/pledges/cards.py).
"""

from dataclasses import dataclass
from datetime import date

import vl_convert
from django.template.loader import render_to_string

from pledges.domain.rules import Status
from pledges.site.pledges import cards
from pledges.site.shared import strips
from pledges.site.shared.citations import printable
from pledges.site.shared.summaries import OfMandate

ROOM = cards.WIDTH - 2 * cards.MARGIN
KEY_SIZE, KEY_LINE = 30, 48  # pixels: the font of the counts below the bar, and their line height
KEY_ICON, KEY_GAP = 42, 34  # the shape before each, and the space after it
KEY_TOP = 478


@dataclass(frozen=True)
class _Count:
    """One count below the bar: its status with the colour of its shape, its words, and its position in pixels."""

    status: str
    words: str
    colour: str
    x: float
    y: int

    @property
    def text_x(self) -> float:
        """Where its words begin."""
        return round(self.x + KEY_ICON, 1)

    @property
    def icon_y(self) -> int:
        """The top of its shape."""
        return self.y - 27


def card(of: OfMandate, *, day: date, edition: int, newsroom: str, host: str) -> bytes:
    """The picture as PNG in the active language: the pledges of a mandate as of this edition and day."""
    size, lines = cards.fitted(printable(of.headline))
    palette = cards.colours()
    office = f"{of.mandate.person}, {of.mandate.office}, {of.mandate.years}"
    context = {
        "newsroom": cards.cut(printable(newsroom), 34, ROOM),
        "office": cards.cut(printable(office), 26, ROOM),
        "day": day,
        "edition": edition,
        "host": host,
        "size": size,
        "lines": [(round(140 + size * (0.95 + 1.16 * number)), line) for number, line in enumerate(lines)],
        "bands": [
            (share.status, cards.across(share.x), cards.across(share.width, 0)) for share in strips.shares(of.counts)
        ],
        "counts": _placed(of.counts, palette),
        "colours": palette,
        "fills": [(status, palette[cards.FILLS.get(status, status)]) for status in Status],
    }
    return cards.packed(vl_convert.svg_to_png(render_to_string("pledges/home_card.svg", context), scale=1))


def _placed(counts: list[tuple[str, object, int]], palette: dict[str, str]) -> list[_Count]:
    """The counts side by side below the bar, in as many lines as they need."""
    x, y = float(cards.MARGIN), KEY_TOP
    placed: list[_Count] = []
    for status, label, number in counts:
        words = f"{number} {label}"
        width = KEY_ICON + cards.width(words, KEY_SIZE)
        if placed and x + width > cards.WIDTH - cards.MARGIN:
            x, y = float(cards.MARGIN), y + KEY_LINE
        placed.append(_Count(status, words, palette[cards.INKS.get(status, status)], round(x, 1), y))
        x += width + KEY_GAP
    return placed
