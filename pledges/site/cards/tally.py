"""The card of several pledges: the front page, a mandate, a search. A title, whose pledges they are, and the tally."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.site.cards import text
from pledges.site.cards.drawing import Bar, Drawing, Icon, Shape, Source, framed, ink
from pledges.site.shared import strips
from pledges.site.shared.citations import printable
from pledges.site.shared.summaries import OfMandate

Counts = list[tuple[str, object, int]]  # a tally as (status, its label for that number, number)
# Of the counts below the bar, in pixels: the fonts of which the first is used in which they need two lines at most.
KEY_SIZES, KEY_LINES = (30, 26, 22, 18), 2
KEY_ICON, KEY_GAP = 42, 34  # the shape before each, and the space after it
KEY_TOP, KEY_LINE = 510, 44
SUBTITLES, BESIDE_A_LONG_TITLE, LONG = (38, 32, 26, 22), (26, 22), 330  # fonts; how far down a long title reaches
# In portrait: the fonts of the title with the lines that fit, where the counts end, and the most that one takes.
TITLES = ((96, 2), (84, 3), (74, 4), (64, 5), (54, 8))
LIST_END, LIST_ROW, LIST_BAR = 1180, 86, 96


@dataclass(frozen=True)
class Tally:
    """What a card says: its title, a line about what is counted, and the counts."""

    title: str
    subtitle: str
    counts: Counts

    @property
    def sentences(self) -> str:
        """All of it as text."""
        counted = ", ".join(f"{number} {label}" for _status, label, number in self.counts)
        return " ".join(f"{part.rstrip('.')}." for part in (self.title, self.subtitle, counted) if part)


def of_mandate(of: OfMandate) -> Tally:
    """The headline of a mandate, who holds it, and the tally of its pledges."""
    return Tally(of.headline, f"{of.mandate.person}, {of.mandate.office}, {of.mandate.years}", of.counts)


@dataclass(frozen=True)
class Count:
    """One of the counts: its status, its words, and the position of their baseline in pixels."""

    status: str
    words: str
    x: float
    y: int

    @property
    def text_x(self) -> float:
        """Where its words begin."""
        return round(self.x + KEY_ICON, 1)


def card(tally: Tally, shape: Shape, source: Source) -> Drawing:
    """The card, in the active language."""
    counts = tally.counts
    when = f"{_('Edition %(number)s') % {'number': source.edition}} · {written(source.day)}"
    drawing = framed(shape, source, when, tally.subtitle if shape.is_portrait else "")
    end = drawing.add_title(tally.title, TITLES if shape.is_portrait else ())
    shares = [(share.status, shape.across(share.x), shape.along(share.width)) for share in strips.shares(counts)]
    if shape.is_portrait:
        _upright(drawing, counts, shares, end)
    else:
        sizes = SUBTITLES if end < LONG else BESIDE_A_LONG_TITLE
        size, line = text.on_one_line(printable(tally.subtitle), sizes, shape.room)
        drawing.add(shape.margin, 400, size, line, "soft")
        drawing.bar = Bar(418, 56, shares)
        _key(drawing, counts)
    return drawing


def _upright(card: Drawing, counts: Counts, shares: list[tuple[str, float, float]], top: float) -> None:
    """The bar and below it the counts, one on each line, down to the foot of the card."""
    left = card.shape.margin
    room = LIST_END - (top + 56 + LIST_BAR + 24)
    row = min(LIST_ROW, room / max(len(counts), 1))
    first = LIST_END - row * len(counts)
    card.bar = Bar(round(first - 24 - LIST_BAR), LIST_BAR, shares)
    size, icon = round(row * 0.54), round(row * 0.62)
    for number, (status, label, count) in enumerate(counts):
        y = first + row * (number + 0.5)
        card.icons.append(Icon(status, left, round(y - icon / 2, 1), icon, ink(status)))
        words = text.cut(f"{count} {label}", size, card.shape.room - icon - 24)
        card.add(left + icon + 24, round(y + size * 0.36, 1), size, words)


def _key(card: Drawing, counts: Counts) -> None:
    size, placed = fitted_key(counts, card.shape)
    for count in placed:
        card.icons.append(Icon(count.status, count.x, count.y - 26, 32, ink(count.status)))
        card.add(count.text_x, count.y, size, count.words)


def fitted_key(counts: Counts, shape: Shape) -> tuple[int, list[Count]]:
    """The font size of the counts, and the counts side by side in lines."""
    for size in KEY_SIZES:
        placed = _placed(counts, shape, size)
        if not placed or placed[-1].y < KEY_TOP + KEY_LINES * KEY_LINE:
            break
    return size, placed


def _placed(counts: Counts, shape: Shape, size: int) -> list[Count]:
    x, y = float(shape.margin), KEY_TOP
    placed: list[Count] = []
    for status, label, number in counts:
        words = f"{number} {label}"
        width = KEY_ICON + text.width(words, size)
        if placed and x + width > shape.right:
            x, y = float(shape.margin), y + KEY_LINE
        placed.append(Count(status, words, round(x, 1), y))
        x += width + KEY_GAP
    return placed
