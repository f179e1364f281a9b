"""Charts of indicators, drawn on the server: Vega-Lite to SVG by vl-convert, the table always beside them."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import vl_convert
from django.db.models import Prefetch
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from pledges.models import Indicator, Observation, Pledge

INK, LINE = "#010203", "#040506"  # stand-ins that become the page's own colours, in light and dark


@dataclass(frozen=True)
class Chart:
    """An indicator with its current observations (oldest first) and, where it can be drawn, its picture."""

    indicator: Indicator
    observations: list[Observation]
    pictures: list[tuple[str, SafeString]]

    @property
    def many_series(self) -> bool:
        """Whether it has figures of more than one source or definition, which are never one line."""
        return len({o.series for o in self.observations}) > 1


def of_pledge(pledge: Pledge, edition: int) -> list[Chart]:
    """The charts of the indicators that belong to a pledge, with the figures published up to that edition."""
    published = Observation.objects.filter(edition__lte=edition).order_by("starts_on", "ends_on", "edition_id")
    indicators = Indicator.objects.filter(pledges=pledge).prefetch_related(Prefetch("observations", published))
    return [chart(indicator) for indicator in indicators]


def chart(indicator: Indicator) -> Chart:
    """An indicator's chart. A revision replaces the figure that it revises; two series are never one line."""
    current = {(o.series, o.starts_on, o.ends_on): o for o in indicator.observations.all()}
    observations = sorted(current.values(), key=lambda o: (o.starts_on, o.ends_on, o.series))
    pictures = []
    for series in dict.fromkeys(o.series for o in observations):
        points = _comparable([o for o in observations if o.series == series])
        if len(points) > 1:
            values = tuple((o.period, float(o.value)) for o in points)
            pictures.append((series, mark_safe(_svg(values, str(indicator.unit), get_language() or "en"))))
    return Chart(indicator, observations, pictures)


def _comparable(observations: list[Observation]) -> list[Observation]:
    """Those that cover as long a period as most do: half a year is never plotted beside whole years."""
    lengths = Counter(round((o.ends_on - o.starts_on).days / 30) for o in observations)
    usual = max(lengths, key=lambda length: (lengths[length], length), default=0)
    return [o for o in observations if round((o.ends_on - o.starts_on).days / 30) == usual]


@lru_cache(maxsize=256)
def _svg(values: tuple[tuple[str, float], ...], unit: str, language: str) -> str:
    """The picture of (period, value) pairs as SVG that takes its colours from the page and has no styles of its own."""
    wanted = ".1f" if any(value % 1 for _period, value in values) else ",d"
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": 640,
        "height": 240,
        "background": None,
        "data": {"values": [{"period": period, "value": value} for period, value in values]},
        "encoding": {
            "x": {"field": "period", "type": "ordinal", "sort": None, "axis": {"labelAngle": 0, "title": None}},
            "y": {"field": "value", "type": "quantitative", "axis": {"title": unit, "tickCount": 4, "grid": True}},
        },
        "layer": [
            {"mark": {"type": "bar", "color": LINE, "width": {"band": 0.62}}},
            {
                "mark": {"type": "text", "dy": -8, "color": INK, "fontSize": 13},
                "encoding": {"text": {"field": "value", "format": wanted}},
            },
        ],
        "config": {
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
        },
    }
    number_locale = {
        "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]},
        "es": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""]},
    }[language[:2]]
    svg = vl_convert.vegalite_to_svg(spec, vl_version="6.4", format_locale=number_locale)
    svg = re.sub(r'\sstyle="[^"]*"', "", svg)  # the page's Content-Security-Policy allows no inline styles
    svg = svg.replace(INK, "currentColor").replace(f'fill="{LINE}"', 'class="bar"')
    svg = re.sub(r'(<svg[^>]*?)\swidth="[\d.]+"\sheight="[\d.]+"', r"\1", svg, count=1)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
