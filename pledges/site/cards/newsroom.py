"""The card of the tracker itself, for pages that have no picture of their own: its name, and what it is."""

from dataclasses import replace

from pledges.site.cards import text
from pledges.site.cards.drawing import Drawing, Shape, Source, framed
from pledges.site.shared.citations import printable

ABOUT, ABOUT_LEADING = {False: (38, 570), True: (48, 1260)}, 1.3  # font size and lower edge, by whether it is portrait


def card(about: str, shape: Shape, source: Source) -> Drawing:
    """The newsroom's name as title, and as much of what it says about itself as there is room for."""
    drawing = framed(shape, replace(source, newsroom=source.host, host=""), "")
    end = drawing.add_title(source.newsroom)
    size, edge = ABOUT[shape.is_portrait]
    top = end + size
    most = int((edge - top) // (size * ABOUT_LEADING))
    drawing.add_lines(top, size, text.clamped(printable(about), size, shape.room, most), leading=ABOUT_LEADING)
    return drawing
