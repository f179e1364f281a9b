"""The card of a pledge: the picture that social networks show with a link, with its status, title and strip.

It is an SVG with the page's shapes and colours, converted to PNG by vl-convert. That has its own font (Liberation
Sans), so the picture is the same on a machine without fonts.
"""

import functools
import re
import struct
import unicodedata
import zlib
from dataclasses import dataclass

import vl_convert
from django.conf import settings
from django.template.loader import render_to_string

from pledges.domain.rules import Status
from pledges.queries.standings import Standing
from pledges.site.shared import strips
from pledges.site.shared.citations import printable

WIDTH, HEIGHT, MARGIN = 1200, 630, 64
# The style sheet's colour of a status if it is not named like the status: for text, and in a strip.
INKS = {"partly_kept": "partly", "in_progress": "progress", "not_started": "idle", "not_rated": "idle"}
FILLS = {**INKS, "not_rated": "hair"}
# Font sizes of the title with the number of lines that fit. The first size in which the whole title fits is used.
SIZES = [(76, 2), (64, 3), (54, 3), (46, 4)]
# Widths of characters in the bold font, in thousandths of its size; other characters are `USUAL` wide.
_WIDTHS = {278: " ,./\\Iij!l|", 333: "()[]-ft:;'`’‘", 389: "r*", 500: '"“”', 556: "aceJksvxyz0123456789$"}
_WIDTHS |= {667: "EPSVXY", 722: "ABCDHKNRU&", 778: "GOQw", 833: "M", 889: "m%", 944: "W", 975: "@", 1000: "…—"}
_WIDTH = {sign: width for width, signs in _WIDTHS.items() for sign in signs}
USUAL, WIDE = 611, 1000


@dataclass(frozen=True)
class _Band:
    """A stretch of the strip: its status, position and width in pixels."""

    status: str
    x: float
    width: float


def card(standing: Standing, *, edition: int, newsroom: str, host: str) -> bytes:
    """The picture as PNG in the active language: the pledge as of this edition and the standing's day."""
    start = min(standing.pledge.mandate.starts_on, standing.day)
    band = strips.strip(standing, strips.Axis(start, standing.day))
    size, lines = fitted(printable(standing.wording.title))
    palette = colours()
    context = {
        "standing": standing,
        "edition": edition,
        "newsroom": cut(printable(newsroom), 34, 560),
        "who": cut(printable(standing.pledge.mandate.person), 24, 270),
        "host": host,
        "size": size,
        "lines": [(round(140 + size * (0.95 + 1.16 * number)), line) for number, line in enumerate(lines)],
        "bands": [_Band(each.status, across(each.x), across(each.width, 0)) for each in band.segments],
        "ticks": [across(x) for x in band.ticks],
        "deadline": None if band.deadline is None else across(band.deadline),
        "years": [(year, across(at)) for year, at in band.axis.years],
        "colours": palette,
        "fills": [(status, palette[FILLS.get(status, status)]) for status in Status],
        "colour": palette[INKS.get(standing.status, standing.status)],
    }
    return packed(vl_convert.svg_to_png(render_to_string("pledges/card.svg", context), scale=1))


def fitted(title: str) -> tuple[int, list[str]]:
    """The font size of a title in pixels, and its lines; a title too long for the smallest size ends in "…"."""
    room = WIDTH - 2 * MARGIN
    for size, most in SIZES:
        lines = wrapped(title, size, room)
        if len(lines) <= most:
            return size, lines
    lines = lines[:most]
    return size, [*lines[:-1], cut(f"{lines[-1]} …", size, room) if lines[-1] else "…"]


def wrapped(text: str, size: int, room: int) -> list[str]:
    """A text in lines of at most `room` pixels; a wider word is cut and ends in "…"."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines += [cut(word, size, room)]
    return [line for line in lines if line]


def width(text: str, size: int) -> float:
    """An estimate of the width of a line of bold text in pixels, sooner too wide than too narrow."""
    return sum(_sign_width(sign) for sign in unicodedata.normalize("NFD", text)) * size / 1000


def _sign_width(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    if unicodedata.east_asian_width(sign) in "WF":
        return WIDE
    return _WIDTH.get(sign, 722 if sign.isupper() else USUAL)


def cut(text: str, size: int, room: int) -> str:
    """A line of bold text of at most `room` pixels; a longer one ends in "…"."""
    if width(text, size) <= room:
        return text
    text = text.rstrip(" …")
    while text and width(f"{text}…", size) > room:
        text = text[:-1].rstrip()
    return f"{text}…"


def across(percent: float, start: int = MARGIN) -> float:
    """A percentage of the width between the margins in pixels, from `start`."""
    return round(start + percent / 100 * (WIDTH - 2 * MARGIN), 1)


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
