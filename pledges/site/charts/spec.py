"""Charts as Vega-Lite specifications: from lines, marks and a look to a dict. Nothing is drawn here."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pledges.queries.indicators import Line, Mark
from pledges.site.charts.layout import MOST_POINTS, POINT, ROW, Plot, milliseconds

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
SHAPES = ("circle", "square", "triangle-up", "diamond")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
MOST_LINES = len(SHAPES)


@dataclass(frozen=True)
class Look:
    """The colours of a chart: text, secondary text, background (None: transparent), and one for each line."""

    ink: str
    soft: str
    paper: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Frame:
    """The texts around a chart that is downloaded."""

    title: Sequence[str]
    unit: str
    foot: Sequence[str]


def spec(
    lines: Sequence[Line], marks: Sequence[Mark], *, look: Look, width: int, height: int, frame: Frame | None = None
) -> dict[str, Any]:
    """The chart of lines that can share one (see `render.panels`): `width` pixels in all, `height` from axis to top.

    Texts and numbers are in the active language. With a `frame` it has a margin, a title, the names of the lines and
    the source. Without one it takes the whole width, and the page says all that.
    """
    margin = 28 if frame else 0
    plot = Plot(lines, marks, width=width - 2 * margin, height=height)
    rows = max((mark["row"] + 1 for mark in plot.marks), default=0)
    above, below = (rows + 1) * ROW + 8, 2 * ROW
    texts: list[dict[str, Any]] = []
    symbols: list[dict[str, Any]] = []
    if frame:
        texts, symbols, above = _headed(frame, lines, above)
        texts += [
            {"text": text, "x": 0, "y": height + 3 * ROW + place * ROW, "size": 12, "weight": "normal", "tone": "soft"}
            for place, text in enumerate(frame.foot)
        ]
        below += (len(frame.foot) + 1) * ROW
    kept = ("day", "kind", "text", "align")
    days = [{name: mark[name] for name in kept} | {"top": -(mark["row"] + 2) * ROW} for mark in plot.marks]
    return {
        "$schema": SCHEMA,
        "width": plot.width,
        "height": height,
        "autosize": {"type": "none"},
        "padding": {"left": margin, "right": margin, "top": above + (margin and 8), "bottom": below + (margin and 8)},
        "background": look.paper,
        "datasets": {
            "figures": plot.rows(),
            "labels": plot.labels(),
            "days": days,
            "texts": texts,
            "symbols": symbols,
        },
        "encoding": {
            "x": {
                "field": "day",
                "type": "temporal",
                "title": None,
                "scale": {
                    "type": "utc",
                    "domain": [milliseconds(plot.first), milliseconds(plot.last)],
                    "range": [round(plot.left, 1), round(plot.right, 1)],
                    "nice": False,
                    "zero": False,
                },
            }
        },
        "layer": [*_days(look, height), *_lines(plot, look, height), *_texts(look, bool(frame))],
        "config": _config(look),
    }


def _headed(frame: Frame, lines: Sequence[Line], above: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    """The texts and symbols above a downloaded chart, and the height that all of it needs in pixels."""
    named = [(str(line.name), place) for place, line in enumerate(lines)]
    size, leading = 22, 28
    head = len(frame.title) * leading + ROW + 8 + len(named) * 20 + above
    texts, symbols = [], []
    y = -head + leading / 2
    for text in frame.title:
        texts.append({"text": text, "x": 0, "y": y, "size": size, "weight": "bold", "tone": "ink"})
        y += leading
    texts.append({"text": frame.unit, "x": 0, "y": y, "size": 14, "weight": "normal", "tone": "soft"})
    y += ROW + 8
    for text, place in named:
        symbols.append({"line": place, "x": 6, "y": y})
        texts.append({"text": text, "x": 18, "y": y, "size": 13, "weight": "normal", "tone": "ink"})
        y += 20
    return texts, symbols, head


def _place(name: str) -> dict[str, Any]:
    """An encoding channel whose field is in pixels."""
    return {"field": name, "type": "quantitative", "scale": None, "axis": None}


def _days(look: Look, height: int) -> list[dict[str, Any]]:
    """Vertical rules for the days of pledges and mandates, with their labels above."""
    data = {"name": "days"}
    layers = []
    for kind, colour, dash, thick in (
        ("mandate", look.soft, [2, 3], 1),
        ("promised", look.ink, [1, 0], 1),
        ("deadline", look.ink, [1, 0], 2),
    ):
        layers.append(
            {
                "data": data,
                "transform": [{"filter": f"datum.kind === '{kind}'"}],
                "mark": {"type": "rule", "color": colour, "strokeDash": dash, "strokeWidth": thick},
                "encoding": {"y": _place("top"), "y2": {"value": height}},
            }
        )
    words = {"type": "text", "baseline": "top", "fontSize": 12, "align": {"expr": "datum.align"}}
    words["dx"] = {"expr": "datum.align === 'left' ? 4 : -4"}
    tone = {"condition": {"test": "datum.kind === 'mandate'", "value": look.soft}, "value": look.ink}
    text = {"field": "text", "type": "nominal"}
    layers.append({"data": data, "mark": words, "encoding": {"y": _place("top"), "text": text, "color": tone}})
    return layers


def _lines(plot: Plot, look: Look, height: int) -> list[dict[str, Any]]:
    """The axes, the lines, their points, the values at points, and the symbols of the legend."""
    places = list(range(len(plot.lines)))
    periods = plot.periods()
    bottom, top = plot.ticks[0], plot.ticks[-1]
    colour = {
        "field": "line",
        "type": "nominal",
        "scale": {"domain": places, "range": list(look.lines[: len(places)])},
        "legend": None,
    }
    below = {
        "values": list(periods),
        "labelExpr": f"({json.dumps(periods)})[time(datum.value)]",  # quoted as JSON, so that no text is evaluated
        "labelFlush": False,
        "labelOverlap": False,
        "grid": False,
        "ticks": True,
    }
    beside = {
        "values": plot.ticks,
        "format": ",.10~f",
        "labelAlign": "right",
        "labelPadding": round(POINT - plot.left, 1),  # next to the plot, not to the edge of the picture
        "ticks": False,
        "domain": False,
        "grid": True,
        "title": None,
    }
    value = {"field": "value", "type": "quantitative", "scale": {"domain": [bottom, top], "nice": False, "zero": False}}
    dash: dict[str, Any] = {"field": "line", "type": "nominal", "legend": None}
    dash["scale"] = {"domain": places, "range": [list(each) for each in DASHES[: len(places)]]}
    shape: dict[str, Any] = {"field": "line", "type": "nominal", "legend": None}
    shape["scale"] = {"domain": places, "range": list(SHAPES[: len(places)])}
    pointed = [place for place, figures in enumerate(plot.figures) if len(figures) <= MOST_POINTS]
    x = {"field": "day", "type": "temporal", "axis": below}
    figures = {"name": "figures"}
    return [
        {
            "data": figures,
            "mark": {"type": "line", "strokeWidth": 2, "strokeJoin": "round"},
            "encoding": {"x": x, "y": value | {"axis": beside}, "color": colour, "strokeDash": dash},
        },
        {
            "data": figures,
            "transform": [{"filter": {"field": "line", "oneOf": pointed}}],
            "mark": {"type": "point", "filled": True, "size": 58, "opacity": 1},
            "encoding": {"y": value, "color": colour, "shape": shape},
        },
        {
            "data": {"name": "labels"},
            "mark": {"type": "point", "filled": True, "size": 58, "opacity": 1},
            "encoding": {"y": value, "color": colour, "shape": shape},
        },
        {
            "data": {"name": "labels"},
            "mark": {
                "type": "text",
                "fontSize": 13,
                "baseline": "middle",
                "dx": {"expr": "datum.dx"},
                "dy": {"expr": "datum.dy"},
                "color": look.ink,
            },
            "encoding": {"y": value, "text": {"field": "label", "type": "nominal"}},
        },
        {
            "data": {"name": "symbols"},
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
            "encoding": {"x": _place("x"), "y": _place("y"), "color": colour, "shape": shape},
        },
    ]


def _texts(look: Look, framed: bool) -> list[dict[str, Any]]:
    """The layer of the title, unit, names and source of a downloaded chart."""
    if not framed:
        return []
    mark: dict[str, Any] = {"type": "text", "align": "left", "baseline": "middle"}
    mark |= {"fontSize": {"expr": "datum.size"}, "fontWeight": {"expr": "datum.weight"}}
    tone = {"condition": {"test": "datum.tone === 'soft'", "value": look.soft}, "value": look.ink}
    text = {"field": "text", "type": "nominal"}
    encoding = {"x": _place("x"), "y": _place("y"), "text": text, "color": tone}
    return [{"data": {"name": "texts"}, "mark": mark, "encoding": encoding}]


def _config(look: Look) -> dict[str, Any]:
    return {
        "view": {"stroke": None},
        "font": "sans-serif",
        "axis": {
            "labelColor": look.ink,
            "labelFontSize": 12,
            "labelFontWeight": "normal",
            "domainColor": look.soft,
            "tickColor": look.soft,
            "gridColor": look.soft,
            "gridOpacity": 0.35,
        },
    }
