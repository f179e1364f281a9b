"""A card as a drawing: its shape, its frame, and the PNG that is made of it.

It is an SVG with the pages' shapes and colours, converted to PNG by vl-convert. That has its own font (Liberation
Sans), so the picture is the same on a machine without fonts.
"""

import functools
import re
import struct
import zlib
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string

from pledges.domain.lazy import lazy
from pledges.domain.rules import Status
from pledges.site.cards import text
from pledges.site.shared.citations import printable

if TYPE_CHECKING:
    import vl_convert
else:
    vl_convert = lazy("vl_convert")

# The style sheet's colour of a status if it is not named like the status: for text, and in a strip.
INKS = {"partly_kept": "partly", "in_progress": "progress", "not_started": "idle", "not_rated": "idle"}
FILLS = {**INKS, "not_rated": "hair"}


@dataclass(frozen=True)
class Shape:
    """The measures of a card in pixels. `titles` are font sizes of its title with the number of lines that fit; `top`
    is where the title begins."""

    name: str
    width: int
    height: int
    margin: int
    top: int
    titles: tuple[tuple[int, int], ...]

    @property
    def room(self) -> int:
        """The width between the margins."""
        return self.width - 2 * self.margin

    @property
    def right(self) -> int:
        """The right margin."""
        return self.width - self.margin

    @property
    def is_portrait(self) -> bool:
        """Whether it is higher than wide."""
        return self.height > self.width

    def across(self, percent: float) -> float:
        """The position of a percentage of the width between the margins."""
        return round(self.margin + self.along(percent), 1)

    def along(self, percent: float) -> float:
        """The length of a percentage of the width between the margins."""
        return round(percent / 100 * self.room, 1)


LANDSCAPE = Shape("landscape", 1200, 630, 64, 140, ((76, 2), (64, 3), (54, 3), (46, 4)))
PORTRAIT = Shape("portrait", 1080, 1350, 72, 246, ((104, 4), (88, 5), (74, 6), (62, 7), (52, 8)))
SHAPES = {shape.name: shape for shape in (LANDSCAPE, PORTRAIT)}


@dataclass(frozen=True)
class Source:
    """What every card says of where it is from: the newsroom and the host of its site, the edition and the day."""

    newsroom: str
    host: str
    edition: int
    day: date


@dataclass(frozen=True)
class Label:
    """A line of text: its baseline's position, its font size, and the name of its colour in the style sheet."""

    x: float
    y: float
    size: int
    text: str
    colour: str = "ink"
    bold: bool = False
    anchor: str = "start"


@dataclass(frozen=True)
class Icon:
    """The shape of a status in a square."""

    status: str
    x: float
    y: float
    size: int
    colour: str


@dataclass(frozen=True)
class Bar:
    """A bar from margin to margin: bands as (status, position, width), the positions of updates and of a deadline."""

    y: float
    height: int
    bands: list[tuple[str, float, float]]
    ticks: list[float] = field(default_factory=list)
    deadline: float | None = None


@dataclass
class Drawing:
    """A card while it is drawn."""

    shape: Shape
    rules: list[int] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    icons: list[Icon] = field(default_factory=list)
    bar: Bar | None = None

    def add(self, x: float, y: float, size: int, words: str, colour: str = "ink", *, bold: bool = False) -> None:
        """Add a line of text."""
        self.labels.append(Label(x, y, size, words, colour, bold))

    def add_right(self, y: float, size: int, words: str, colour: str = "soft") -> None:
        """Add a line of text that ends at the right margin."""
        self.labels.append(Label(self.shape.right, y, size, words, colour, anchor="end"))

    def add_lines(self, top: float, size: int, lines: list[str], *, leading: float, bold: bool = False) -> float:
        """Add lines of text below each other, from `top`. Returns where they end."""
        for number, line in enumerate(lines):
            self.add(self.shape.margin, round(top + size * (0.95 + leading * number)), size, line, bold=bold)
        return top + size * leading * len(lines)

    def add_title(self, title: str, sizes: tuple[tuple[int, int], ...] = ()) -> float:
        """Add the title, as large as its length allows, in the sizes of the shape or in others. Returns where it
        ends."""
        size, lines = text.fitted(printable(title), sizes or self.shape.titles, self.shape.room)
        return self.add_lines(self.shape.top, size, lines, leading=text.LEADING, bold=True)

    def svg(self) -> str:
        """The drawing as SVG."""
        palette = colours()
        fills = [(status, palette[FILLS.get(status, status)]) for status in Status]
        labels = [(label, palette[label.colour]) for label in self.labels if label.text]
        icons = [(icon, palette[icon.colour]) for icon in self.icons]
        context = {"card": self, "shape": self.shape, "labels": labels, "icons": icons}
        return render_to_string("pledges/card.svg", context | {"colours": palette, "fills": fills})

    def png(self) -> bytes:
        """The drawing as PNG."""
        return packed(vl_convert.svg_to_png(self.svg(), scale=1))


def ink(status: str) -> str:
    """The name of the colour of a status."""
    return INKS.get(status, status)


def framed(shape: Shape, source: Source, when: str, aside: str = "") -> Drawing:
    """A card with what all have: the newsroom at the top, its site and `when` at the bottom; `aside` is a line beside
    the newsroom's name, or in the portrait shape below it."""
    card, left = Drawing(shape), shape.margin
    newsroom, aside = printable(source.newsroom), printable(aside)
    if shape.is_portrait:
        card.rules = [142, 149]
        size, words = text.on_one_line(newsroom, (44, 38, 32, 28), shape.room)
        card.add(left, 112, size, words, bold=True)
        size, words = text.on_one_line(aside, (34, 30, 26), shape.room)
        card.add(left, 212, size, words, "soft")
        size, words = text.on_one_line(when, (30, 26), shape.room)
        card.add(left, 1246, size, words, "soft")
        size, words = text.on_one_line(source.host, (30, 26, 22), shape.room)
        card.add(left, 1290, size, words, "soft")
    else:
        card.rules = [111, 116]
        beside = text.cut(aside, 24, 520)
        room = shape.room - (text.width(beside, 24) + 40 if beside else 0)
        size, words = text.on_one_line(newsroom, (34, 28, 24), room)
        card.add(left, 84, size, words, bold=True)
        card.add_right(84, 24, beside)
        card.add(left, 594, 24, when, "soft")
        room = shape.room - text.width(when, 24) - 40
        size, words = text.on_one_line(source.host, (24, 20, 18), room)
        card.add_right(594, size, words)
    return card


def packed(png: bytes) -> bytes:
    """The same PNG in a fifth of the bytes: vl-convert compresses for speed, but a card is downloaded many times."""
    at, pixels, header = 8, b"", b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        header = body if kind == b"IHDR" else header
        pixels += body if kind == b"IDAT" else b""
        at += 12 + length
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(zlib.decompress(pixels), 6)), (b"IEND", b"")]
    return png[:8] + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


@functools.cache
def colours() -> dict[str, str]:
    """The colours of the style sheet's first block, in its light scheme: {"kept": "#00684f", …}."""
    css = (settings.BASE_DIR / "static" / "css" / "base.css").read_text(encoding="utf-8")
    block = re.search(r":root\s*\{(.*?)\}", css, re.DOTALL)
    assert block, "the style sheet begins with its colours"
    return dict(re.findall(r"--([\w-]+):\s*(?:light-dark\(\s*)?(#[0-9a-fA-F]{3,6})\b", block[1]))
