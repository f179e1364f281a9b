"""Charts of progress: a mandate's tally day by day, and several mandates on one axis of days. Vega-Lite, drawn on the
server; each chart is drawn wide and narrow, because one made for a wide screen is illegible on a telephone."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_uppercase
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pledges.domain.rules import Status
from pledges.models import COUNTED_LABELS
from pledges.site.charts.render import ON_THE_PAGE, drawn
from pledges.site.charts.spec import SCHEMA
from pledges.site.mandates.progress import HUNDRED, Progress, spread

INK = ON_THE_PAGE.ink
CONFIG: dict[str, Any] = {
    "view": {"stroke": None},
    "font": "sans-serif",
    "axis": {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 13,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "domainColor": INK,
        "tickColor": INK,
        "gridColor": INK,
        "gridOpacity": 0.12,
    },
}
BLACK = "#1c1b17"  # text in a downloaded specification, which cannot use the page's colours
MOST_STEPS = 120  # of a picture; more are indistinguishable and make it larger
LABEL = 13  # font size in pixels
GAP = 17  # pixels from one label to the next
ORDER = [str(status) for status in Status]
# Placeholders that are replaced by the page's patterns; and the colours of a download (the page's light scheme).
STAND_INS = {status: f"#0a0b{number:02}" for number, status in enumerate(ORDER)}
PAINTS = dict(
    zip(ORDER, ["#00684f", "#7fb3a6", "#2161a8", "#8a5500", "#a82c13", "#b5b3ac", "#6d4a88", "#e9e5d8"], strict=True)
)
LINES = [f"#0c0d{number:02}" for number in range(6)]
DASHES = [[1, 0], [8, 4], [2, 3], [10, 3, 2, 3], [5, 2], [1, 5]]


@dataclass(frozen=True)
class Size:
    """The size of a picture without its labels, in pixels."""

    width: int
    height: int


WIDE, NARROW = Size(640, 270), Size(235, 230)
HALF = Size(300, 230)


@dataclass(frozen=True)
class Pictures:
    """The same picture in two widths; the page shows the one that fits."""

    wide: SafeString
    narrow: SafeString


@dataclass(frozen=True)
class Line:
    """One mandate's line: its letter, its name, and for each step (number of the day, value, label); the label has the
    counts behind the value."""

    letter: str
    name: str
    points: Sequence[tuple[int, float, str]]


def ticks(count: int) -> list[int]:
    """The day numbers written along an axis of `count` days: 1, and multiples of a round number, at most nine."""
    step = next(step for step in (HUNDRED, 200, 250, 500, 1000, 5000, 10**6) if count / step < 9)
    return [1, *range(step, count + 1, step)]


# --- one mandate ----------------------------------------------------------------------------------------------------


def areas(progress: Progress) -> Pictures | None:
    """The number of pledges with each status on each day, one band a status; None if there is nothing to draw."""
    return Pictures(_areas(progress, WIDE), _areas(progress, NARROW)) if _shows_anything(progress) else None


def narrow_areas(progress: Progress) -> SafeString:
    """The same for a narrow column only; "" if there is nothing to draw."""
    return _areas(progress, NARROW) if _shows_anything(progress) else SafeString()


def _shows_anything(progress: Progress) -> bool:
    return progress.last >= 1 and progress.most > 0


def _areas(progress: Progress, size: Size) -> SafeString:
    return _painted_areas(_text(areas_spec(progress, size, INK, STAND_INS)), get_language() or "en")


def areas_spec(progress: Progress, size: Size, ink: str, paints: dict[str, str]) -> dict[str, Any]:
    """The picture as a Vega-Lite specification; `ink` is the colour of text, `paints` has one for each status."""
    statuses = progress.statuses
    points = progress.drawn(MOST_STEPS if size is WIDE else MOST_STEPS // 2)
    rows = [
        {"day": number, "status": status, "pledges": tally.get(status, 0), "order": ORDER.index(status)}
        for number, tally in points
        for status in statuses
    ]
    axes = {
        "x": {"field": "day", "type": "quantitative"} | _days_axis(progress.days.count, size),
        "y": {
            "field": "pledges",
            "type": "quantitative",
            "stack": "zero",
            "scale": {"domain": [0, progress.most], "nice": False},
            "axis": {"title": _("pledges"), "tickMinStep": 1, "tickCount": 5, "format": "d", "grid": True},
        },
    }
    colour = {
        "field": "status",
        "type": "nominal",
        "scale": {"domain": statuses, "range": [paints[status] for status in statuses]},
        "legend": None,
    }
    area = {
        "data": {"values": rows},
        "mark": {"type": "area", "interpolate": "step-after", "opacity": 1},
        "encoding": axes | {"color": colour, "order": {"field": "order", "type": "quantitative"}},
    }
    return _spec(size, [area, *_band_labels(progress, size, ink, colour)])


def _band_labels(progress: Progress, size: Size, ink: str, colour: dict[str, Any]) -> list[dict[str, Any]]:
    """The label of each band at its end with a patch of its pattern, spread out where bands are thin."""
    tally, below, wanted = progress.on(progress.known), 0, []
    for status in progress.statuses:
        wanted.append(below + tally.get(status, 0) / 2)
        below += tally.get(status, 0)
    places = spread(wanted, GAP * progress.most / size.height, 0, progress.most)
    rows = [
        {
            "day": progress.last + 1,
            "pledges": round(place, 3),
            "status": status,
            "words": f"{(number := tally.get(status, 0))} {COUNTED_LABELS[Status(status)] % number}",
        }
        for status, place in zip(progress.statuses, places, strict=True)
    ]
    where = {"x": {"field": "day", "type": "quantitative"}, "y": {"field": "pledges", "type": "quantitative"}}
    patch = {"type": "square", "size": 120, "opacity": 1, "xOffset": 13, "stroke": ink, "strokeWidth": 0.5}
    text = {"type": "text", "align": "left", "baseline": "middle", "dx": 24, "color": ink, "fontSize": LABEL}
    return [
        {"data": {"values": rows}, "mark": patch, "encoding": where | {"color": colour}},
        {"data": {"values": rows}, "mark": text, "encoding": where | {"text": {"field": "words", "type": "nominal"}}},
    ]


# --- several --------------------------------------------------------------------------------------------------------


def lines(mandates: Sequence[Line], count: int, at: int, *, share: bool, letters: int) -> Pictures | None:
    """One line a mandate along `count` days, with the day `at` marked; shares are percentages from 0 to 100. `letters`
    is the length of the longest label; it is given so that two pictures side by side have the same scale."""
    if not any(line.points for line in mandates):
        return None
    language = get_language() or "en"
    pictures = []
    for size in (HALF, NARROW):
        spec = lines_spec(mandates, count, at, size, share=share)
        room = {"left": 46, "top": 12, "right": 14 + 7 * letters, "bottom": 44}
        spec |= {"padding": room, "autosize": {"type": "none"}}
        pictures.append(_painted_lines(_text(spec), language))
    return Pictures(*pictures)


def lines_spec(mandates: Sequence[Line], count: int, at: int, size: Size, *, share: bool) -> dict[str, Any]:
    """The picture as a Vega-Lite specification."""
    rows = [
        {"day": number, "value": value, "mandate": line.letter, "name": line.name, "counts": words}
        for line in mandates
        for number, value, words in line.points
    ]
    most = 100 if share else max(1, *(value for line in mandates for _number, value, _words in line.points))
    letters = [line.letter for line in mandates]
    title = _("kept, per cent") if share else _("kept")
    x = {"field": "day", "type": "quantitative"} | _days_axis(count, size)
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, most], "nice": False},
        "axis": {"title": title, "tickMinStep": 1, "tickCount": min(5, most), "format": "d", "grid": True},
    }
    marked = {"type": "rule", "color": INK, "strokeWidth": 1, "opacity": 0.6}
    drawn_line = {"type": "line", "interpolate": "step-after", "strokeWidth": 2.5}
    looks = [
        ascii_uppercase.index(letter) for letter in letters
    ]  # by letter, so that a line looks the same if another is not drawn
    scale = {"domain": letters, "range": [LINES[look] for look in looks]}
    patterns = {"domain": letters, "range": [DASHES[look] for look in looks]}
    encoding = {
        "x": x,
        "y": y,
        "color": {"field": "mandate", "type": "nominal", "scale": scale, "legend": None},
        "strokeDash": {"field": "mandate", "type": "nominal", "scale": patterns, "legend": None},
    }
    layers = [
        {"data": {"values": [{"day": at}]}, "mark": marked, "encoding": {"x": x}},
        {"data": {"values": rows}, "mark": drawn_line, "encoding": encoding},
        _line_labels(mandates, size, most),
    ]
    return _spec(size, layers)


def dashes(letter: str) -> tuple[int, str]:
    """The look of a letter's line: the number of its colour, and its dashes as an SVG attribute."""
    look = ascii_uppercase.index(letter)
    return look, ",".join(map(str, DASHES[look]))


def _line_labels(mandates: Iterable[Line], size: Size, most: float) -> dict[str, Any]:
    """At the end of each line its letter and the counts behind its last value."""
    ended = sorted((line for line in mandates if line.points), key=lambda line: (line.points[-1][1], line.letter))
    places = spread([line.points[-1][1] for line in ended], GAP * most / size.height, 0, most)
    rows = [
        {"day": line.points[-1][0], "value": round(place, 3), "words": f"{line.letter}: {line.points[-1][2]}"}
        for line, place in zip(ended, places, strict=True)
    ]
    return {
        "data": {"values": rows},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 7, "color": INK, "fontSize": LABEL},
        "encoding": {
            "x": {"field": "day", "type": "quantitative"},
            "y": {"field": "value", "type": "quantitative"},
            "text": {"field": "words", "type": "nominal"},
        },
    }


# --- both -----------------------------------------------------------------------------------------------------------


def _days_axis(count: int, size: Size) -> dict[str, Any]:
    written = ticks(count)
    if size is not WIDE:
        written = [written[0], *written[2::2]]
    return {
        "scale": {"domain": [1, count + 1], "nice": False},
        "axis": {"title": _("day of the mandate"), "values": written, "format": "d", "grid": False},
    }


def _spec(size: Size, layers: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "$schema": SCHEMA,
        "width": size.width,
        "height": size.height,
        "background": None,
        "layer": layers,
        "config": CONFIG,
    }


def for_download(spec: dict[str, Any]) -> dict[str, Any]:
    """A specification for download: with colours for text and axes instead of the page's."""
    own = {name: BLACK if value == INK else value for name, value in CONFIG["axis"].items()}
    return spec | {"background": "#ffffff", "config": CONFIG | {"axis": own}}


def _text(spec: dict[str, Any]) -> str:
    return json.dumps(spec, sort_keys=True)


@lru_cache(maxsize=128)
def _painted_areas(spec: str, language: str) -> SafeString:
    svg = _drawn(spec, language)
    for status, stand_in in STAND_INS.items():
        svg = svg.replace(f'fill="{stand_in}"', f'fill="url(#p-{status})"')
    return mark_safe(svg)


@lru_cache(maxsize=128)
def _painted_lines(spec: str, language: str) -> SafeString:
    svg = _drawn(spec, language)
    for number, stand_in in enumerate(LINES):
        svg = svg.replace(f'stroke="{stand_in}"', f'class="course-{number}"')
    return mark_safe(svg)


def _drawn(spec: str, language: str) -> str:
    """The SVG of a specification for the page, with one decimal: more are invisible."""
    return re.sub(r"(\d\.\d)\d+", r"\1", drawn(json.loads(spec), language))
