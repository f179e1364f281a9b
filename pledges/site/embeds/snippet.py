"""The HTML that is pasted into another site's page to show an embed there."""

from math import ceil

from django.conf import settings
from django.utils.html import escape

from pledges.site.embeds.heights import NARROW, WIDE, WIDTHS, Heights
from pledges.site.shared.citations import printable

# Without the script the frame is as high as its text needs in the column that it stands in: its height falls from that
# of a narrow column (also for browsers and editors that leave out styles) as the wrapper, 100cqw, gets wider.
FRAME = (
    '<div style="container-type:inline-size;width:100%;max-width:{most}px">'
    '<iframe src="{src}" title="{title}" width="100%" height="{narrow}" loading="lazy" frameborder="0"'
    ' style="border:0;height:max({wide}px,{at_0}px - {slope}cqw)"></iframe></div>\n'
    '<script async src="{script}"></script>'
)
BOUNDED = (
    '<iframe src="{src}" title="{title}" width="{most}" height="{height}" loading="lazy" frameborder="0"'
    ' style="border:0;max-width:100%"></iframe>'
)
SCRIPT = "embed.js"


def script_address(origin: str) -> str:
    """The permanent address of the script for other sites' pages: the file without a hash in its name."""
    return f"{origin}{settings.STATIC_URL}{SCRIPT}"


def snippet(
    address: str,
    title: str,
    heights: Heights,
    *,
    origin: str,
    newsroom: str,
    most: int = WIDE,
    highest: int | None = None,
) -> str:
    """The HTML of an embed at this address, for a column of any width, up to `most` pixels.

    Where it is `highest` pixels high at most, it scrolls, and has no script that would make it higher.
    """
    tallest = max(heights.tallest, heights.at(most))
    if highest is not None and highest < tallest:
        return BOUNDED.format(
            src=escape(address), title=_title(title, newsroom), most=most, height=min(heights.at(most), highest)
        )
    lowest = heights.wide
    # The line through both ends, moved up so that it is nowhere below a step of the lines of text.
    slope = max(heights.narrow - lowest, 0) / (WIDE - NARROW)
    at_0 = max(heights.at(width) + slope * width for width in (*WIDTHS, min(most, WIDE)))
    return FRAME.format(
        src=escape(address),
        title=_title(title, newsroom),
        most=most,
        narrow=tallest,
        wide=lowest,
        at_0=ceil(at_0),
        slope=round(100 * slope),
        script=escape(script_address(origin)),
    )


def _title(title: str, newsroom: str) -> str:
    return escape(printable(f"{title} – {newsroom}"))
