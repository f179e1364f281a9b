"""The card of the tracker itself, for pages that have no picture of their own: its name, and what it is."""

from pledges.site.cards import text
from pledges.site.cards.drawing import Drawing, Shape, Source, framed
from pledges.site.shared.citations import printable

ABOUT, ABOUT_LEADING = {False: (34, 500), True: (44, 1130)}, 1.3  # font size and lower edge, by whether it is portrait


def card(about: str, shape: Shape, source: Source) -> Drawing:
    """The newsroom's name as title, and as much of what it says about itself as there is room for."""
    drawing = framed(shape, source, "")
    drawing.labels = [label for label in drawing.labels if not label.bold]  # its name is the title
    end = drawing.add_title(source.newsroom)
    size, edge = ABOUT[shape.is_portrait]
    top = end + size
    most = int((edge - top) // (size * ABOUT_LEADING))
    drawing.add_lines(top, size, text.clamped(printable(about), size, shape.room, most), leading=ABOUT_LEADING)
    return drawing
