"""Charts of indicators, drawn on the server: Vega-Lite to SVG and PNG by vl-convert, the table always beside them.

The first chart of a process takes half a second, each other one about 30 ms. Pictures are cached by specification.
"""

import itertools
import json
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pledges.domain.lazy import lazy
from pledges.models import Indicator
from pledges.queries import indicators
from pledges.queries.indicators import Known, Line, Mark
from pledges.site.charts import layout
from pledges.site.charts import spec as charts_spec
from pledges.site.charts.spec import Frame, Look

if TYPE_CHECKING:
    import vl_convert
else:
    vl_convert = lazy("vl_convert")

VL_VERSION = "6.4"
WIDE, NARROW = 640, 340  # pixels; a page shows the one that fits, so that its text is as large as the text around it
HEIGHT = 190
PICTURE = 860  # the width of a downloaded picture in CSS pixels
SCALE = 2  # pixels of the PNG for each of them
# Placeholder colours in the specification, and the colours of the page, light or dark, that replace them.
STAND_INS = {"#010201": "currentColor", "#010202": "var(--soft)"} | {
    f"#01030{place}": f"var(--line-{place + 1})" for place in range(charts_spec.MOST_LINES)
}
ON_THE_PAGE = Look("#010201", "#010202", None, tuple(key for key in STAND_INS if key.startswith("#0103")))
ON_PAPER = Look("#1c1b17", "#58564d", "#ffffff", ("#2161a8", "#8a5500", "#6d4a88", "#00684f"))
NUMBERS: dict[str, dict[str, Any]] = {
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]},
    "es": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""]},
}
_INLINE = re.compile(r'\s(?:style|role|aria-[a-z]+|font-family|pointer-events|xmlns:xlink|class)="[^"]*"')
OUTLINES = ("M6 1a5 5 0 1 0 0 10A5 5 0 1 0 6 1z", "M1.5 1.5h9v9h-9z", "M6 1l5.6 9.8H.4z", "M6 .2L10.8 6 6 11.8 1.2 6z")
MOST_DAYS = 10  # listed below a chart
SPARK = (120, 40)  # the size of a small chart without words


@dataclass(frozen=True)
class Picture:
    """One chart of an indicator: its lines, the marks that it was given and those that it shows.

    It is drawn for a wide or a narrow page when that is asked for, in the language that is active then."""

    lines: tuple[Line, ...]
    given: tuple[Mark, ...]
    marks: tuple[Mark, ...]

    @cached_property
    def wide(self) -> SafeString:
        """The SVG for a wide page."""
        return self._drawn(WIDE)

    @cached_property
    def narrow(self) -> SafeString:
        """The SVG for a narrow page."""
        return self._drawn(NARROW)

    def _drawn(self, width: int) -> SafeString:
        return _svg(charts_spec.spec(self.lines, self.given, look=ON_THE_PAGE, width=width, height=HEIGHT))

    @property
    def sentences(self) -> list[str]:
        """The chart in words, a text for each line; for screen readers it is the picture's name."""
        return [indicators.in_sentences(line) for line in self.lines]

    @property
    def legend(self) -> list[tuple[Line, int, str]]:
        """The lines, each with its number from 1 and the SVG path of its points' shape, in a box of 12 by 12."""
        return [(line, place + 1, OUTLINES[place]) for place, line in enumerate(self.lines)]

    @property
    def slugs(self) -> str:
        """The slugs of its series, as the addresses of downloads have them."""
        return ",".join(line.slug for line in self.lines)


@dataclass(frozen=True)
class Chart:
    """An indicator with its pictures; there is none for figures of fewer than two points in time."""

    known: Known
    pictures: list[Picture]
    marks: list[Mark]

    @property
    def indicator(self) -> Indicator:
        return self.known.indicator

    @property
    def days(self) -> list[tuple[Mark, bool]]:
        """The days to list below the pictures, and whether a picture shows them; of mandates only those shown."""
        shown = {mark for picture in self.pictures for mark in picture.marks}
        return [(mark, mark in shown) for mark in self.marks if mark in shown or mark.kind != "mandate"][:MOST_DAYS]


def panels(known: Known) -> list[tuple[Line, ...]]:
    """The lines that can share a chart: those with periods of the same length, at most `MOST_LINES` of them.

    Lines with figures for only one point in time are left out.
    """
    most = charts_spec.MOST_LINES
    lines = sorted((line for line in known.lines if line.drawn), key=lambda line: -line.usual)
    charts: list[tuple[Line, ...]] = []
    for _length, group in itertools.groupby(lines, key=lambda line: line.usual):
        same = list(group)
        charts += [tuple(same[start : start + most]) for start in range(0, len(same), most)]
    return [part for part in charts if len({figure.middle for line in part for figure in line.drawn}) > 1]


def chart(known: Known, marks: Sequence[Mark] = ()) -> Chart:
    """An indicator's pictures for the page."""
    pictures = [Picture(lines, tuple(marks), tuple(layout.shown(lines, marks))) for lines in panels(known)]
    return Chart(known, pictures, list(marks))


def download(known: Known, marks: Sequence[Mark], *, credit: str) -> dict[str, Any] | None:
    """The specification of the first chart of `known` as a download, or None if nothing can be drawn.

    `credit` is the line that names the newsroom, the edition and the day. Texts are in the active language.
    """
    for lines in panels(known):
        frame = Frame(
            title=textwrap.wrap(str(known.indicator.name), 62)[:3],
            unit=str(known.indicator.unit),
            foot=[*textwrap.wrap(sources(lines), 118)[:4], credit],
        )
        spec = charts_spec.spec(lines, marks, look=ON_PAPER, width=PICTURE, height=300, frame=frame)
        return spec | {"title": None, "description": " ".join(map(indicators.in_sentences, lines))}
    return None


def sources(lines: Iterable[Line]) -> str:
    """The line that names the sources of these lines."""
    names = [line.source or figure.now.source for line in lines for figure in line.drawn]
    return _("Source: %(sources)s") % {"sources": "; ".join(dict.fromkeys(names))}


def png(spec: dict[str, Any]) -> bytes:
    """A specification as PNG, with two pixels for each CSS pixel."""
    return _png(json.dumps(spec, sort_keys=True), _language())


def spark(known: Known) -> list[tuple[str, bool]]:
    """The lines of a small chart without words, as (points of an SVG polyline in a box of `SPARK`, whether it is a
    single point).

    Drawn without Vega: a list has up to thirty of them, and none has an axis or a label.
    """
    for lines in panels(known):
        small = layout.Plot(lines, (), width=SPARK[0], height=SPARK[1] - 6)
        small.left, small.right = 3, SPARK[0] - 3
        points = [
            [f"{small.x(each.middle):.1f},{small.y(each.value) + 3:.1f}" for each in line] for line in small.figures
        ]
        # A single point becomes a line to itself, whose round ends make it a dot.
        return [(" ".join(line if len(line) > 1 else line * 2), len(line) == 1) for line in points]
    return []


def _language() -> str:
    return (get_language() or "en")[:2]


def _svg(spec: dict[str, Any]) -> SafeString:
    return mark_safe(drawn(spec, _language()))


def drawn(spec: dict[str, Any], language: str) -> str:
    """A specification as SVG that takes its colours and fonts from the page; numbers are formatted for `language`.

    It has no inline styles, because the Content-Security-Policy forbids them, and is hidden from screen readers,
    because the page says the same in words.
    """
    svg = _INLINE.sub("", _vega_svg(json.dumps(spec, sort_keys=True), language[:2]))
    for stand_in, colour in STAND_INS.items():
        svg = svg.replace(stand_in, colour)
    svg = re.sub(r'(<svg[^>]*?)\swidth="[\d.]+"\sheight="[\d.]+"', r"\1", svg, count=1)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def png_size(spec: dict[str, Any]) -> tuple[int, int]:
    """The width and height in pixels of the PNG of a specification with a fixed size (see `spec.spec`)."""
    room = spec["padding"]
    width, height = spec["width"] + room["left"] + room["right"], spec["height"] + room["top"] + room["bottom"]
    return round(SCALE * width), round(SCALE * height)


@lru_cache(maxsize=128)
def _png(spec: str, language: str) -> bytes:
    return vl_convert.vegalite_to_png(
        spec, scale=SCALE, allowed_base_urls=[], vl_version=VL_VERSION, format_locale=NUMBERS[language]
    )


@lru_cache(maxsize=256)
def _vega_svg(spec: str, language: str) -> str:
    return vl_convert.vegalite_to_svg(
        spec, allowed_base_urls=[], vl_version=VL_VERSION, format_locale=NUMBERS[language]
    )
