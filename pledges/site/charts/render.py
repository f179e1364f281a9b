"""Charts of indicators, drawn on the server: Vega-Lite to SVG and PNG by vl-convert, the table always beside them.

The first chart of a process takes half a second, each other about 30 ms; what was drawn is kept, by its content.
"""

import itertools
import json
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import vl_convert
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pledges.models import Indicator
from pledges.queries import indicators
from pledges.queries.indicators import Known, Line, Mark
from pledges.site.charts import layout
from pledges.site.charts import spec as charts_spec
from pledges.site.charts.spec import Frame, Look

VL_VERSION = "6.4"
WIDE, NARROW = 640, 340  # a page shows the one that fits, so that text is as large as the text around it
HEIGHT = 190
PICTURE = 860  # the width of a picture to paste into a story, in CSS pixels; it has twice as many of its own
# Stand-ins that become the page's own colours, in light and dark.
STAND_INS = {"#010201": "currentColor", "#010202": "var(--soft)"} | {
    f"#01030{place}": f"var(--line-{place + 1})" for place in range(charts_spec.MOST_LINES)
}
ON_THE_PAGE = Look("#010201", "#010202", None, tuple(key for key in STAND_INS if key.startswith("#0103")))
ON_PAPER = Look("#1c1b17", "#58564d", "#ffffff", ("#2161a8", "#8a5500", "#6d4a88", "#00684f"))
NUMBERS = {
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]},
    "es": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""]},
}
_STEADY = re.compile(r'\s(?:style|role|aria-[a-z]+|font-family|pointer-events|xmlns:xlink|class)="[^"]*"')
OUTLINES = ("M6 1a5 5 0 1 0 0 10A5 5 0 1 0 6 1z", "M1.5 1.5h9v9h-9z", "M6 1l5.6 9.8H.4z", "M6 .2L10.8 6 6 11.8 1.2 6z")
MOST_TOLD = 10  # of the marked days, below a chart
SPARK = (120, 40)  # the size of a small chart without words


@dataclass(frozen=True)
class Picture:
    """One chart of an indicator: its lines, and itself for wide and for narrow places."""

    lines: tuple[Line, ...]
    wide: SafeString
    narrow: SafeString
    marks: tuple[Mark, ...]

    @property
    def sentences(self) -> list[str]:
        """What the picture says, a text for each line; it is the picture's name for who does not see it."""
        return [indicators.told(line) for line in self.lines]

    @property
    def legend(self) -> list[tuple[Line, int, str]]:
        """The lines, each with its number from 1 and the outline of its points, in a box of 12 by 12."""
        return [(line, place + 1, OUTLINES[place]) for place, line in enumerate(self.lines)]

    @property
    def slugs(self) -> str:
        """The slugs of its series, as the addresses of what can be taken along have them."""
        return ",".join(line.slug for line in self.lines)


@dataclass(frozen=True)
class Chart:
    """What is known of an indicator with its pictures; fewer than two points in time are told and not drawn."""

    known: Known
    pictures: list[Picture]
    marks: list[Mark]

    @property
    def indicator(self) -> Indicator:
        """The indicator."""
        return self.known.indicator

    @property
    def days(self) -> list[tuple[Mark, bool]]:
        """The days of its pledges and mandates, and whether a picture shows them; a mandate only where it is shown."""
        shown = {mark for picture in self.pictures for mark in picture.marks}
        return [(mark, mark in shown) for mark in self.marks if mark in shown or mark.kind != "mandate"][:MOST_TOLD]


def panels(known: Known) -> list[tuple[Line, ...]]:
    """The lines that may stand beside each other in one chart: periods of one length, and not too many lines.

    What has figures of one time only is told and not drawn.
    """
    lines = sorted((line for line in known.lines if line.drawn), key=lambda line: -line.usual)
    found = []
    for _length, same in itertools.groupby(lines, key=lambda line: line.usual):
        found += _parts(list(same))
    return [part for part in found if len({figure.middle for line in part for figure in line.drawn}) > 1]


def _parts(lines: list[Line]) -> list[tuple[Line, ...]]:
    most = charts_spec.MOST_LINES
    return [tuple(lines[start : start + most]) for start in range(0, len(lines), most)]


def chart(known: Known, marks: Sequence[Mark] = ()) -> Chart:
    """An indicator's pictures for the page, in the active language."""
    pictures = []
    for lines in panels(known):
        wide, narrow = (
            charts_spec.spec(lines, marks, look=ON_THE_PAGE, width=width, height=HEIGHT) for width in (WIDE, NARROW)
        )
        shown = tuple(layout.shown(lines, marks))
        pictures.append(Picture(lines, _svg(wide), _svg(narrow), shown))
    return Chart(known, pictures, list(marks))


def download(known: Known, marks: Sequence[Mark], *, credit: str) -> dict | None:
    """The specification of the first chart of `known` as it leaves the page, or None where nothing is drawn.

    `credit` says whose tracker it is, and of which day. The text is in the active language.
    """
    for lines in panels(known):
        frame = Frame(
            title=textwrap.wrap(str(known.indicator.name), 62)[:3],
            unit=str(known.indicator.unit),
            foot=[*textwrap.wrap(sources(lines), 118)[:4], credit],
        )
        spec = charts_spec.spec(lines, marks, look=ON_PAPER, width=PICTURE, height=300, frame=frame)
        return spec | {"title": None, "description": " ".join(map(indicators.told, lines))}
    return None


def sources(lines: Iterable[Line]) -> str:
    """Who measured what these lines show."""
    named = [line.source or figure.now.source for line in lines for figure in line.drawn]
    return _("Source: %(sources)s") % {"sources": "; ".join(dict.fromkeys(named))}


def png(spec: dict) -> bytes:
    """A specification as a picture of twice its size."""
    return _drawn(json.dumps(spec, sort_keys=True), "png", _language())


def spark(known: Known) -> list[tuple[str, bool]]:
    """The lines of a small chart without words, as (points of an SVG polyline in a box of `SPARK`, whether it is one).

    Drawn by hand: fifty of them stand in a list, and none has an axis or a label.
    """
    for lines in panels(known):
        small = layout.Plot(lines, (), width=SPARK[0], height=SPARK[1] - 6)
        small.left, small.right = 3, SPARK[0] - 3
        points = [[f"{small.x(one.middle):.1f},{small.y(one.value) + 3:.1f}" for one in each] for each in small.figures]
        # A single point is a line to itself, which round ends make a dot.
        return [(" ".join(each if len(each) > 1 else each * 2), len(each) == 1) for each in points]
    return []


def _language() -> str:
    return (get_language() or "en")[:2]


def _svg(spec: dict) -> SafeString:
    return mark_safe(drawn(spec, _language()))


def drawn(spec: dict, language: str) -> str:
    """SVG that takes its colours and letters from the page and has no styles of its own; numbers as in `language`.

    The page's Content-Security-Policy allows none, and the page says in words what the picture says.
    """
    svg = _STEADY.sub("", _drawn(json.dumps(spec, sort_keys=True), "svg", language[:2]))
    for stand_in, colour in STAND_INS.items():
        svg = svg.replace(stand_in, colour)
    svg = re.sub(r'(<svg[^>]*?)\swidth="[\d.]+"\sheight="[\d.]+"', r"\1", svg, count=1)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


@lru_cache(maxsize=256)
def _drawn(spec: str, form: str, language: str) -> str | bytes:
    options = {"vl_version": VL_VERSION, "format_locale": NUMBERS[language]}
    if form == "png":
        return vl_convert.vegalite_to_png(spec, scale=2, allowed_base_urls=[], **options)
    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[], **options)
