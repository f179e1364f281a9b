"""The picture of a pledge for places where links are shared: its status in colour, shape and word, title and strip.

It is an SVG of the page's own shapes and colours, made into a PNG by vl-convert, whose own font (Liberation Sans) is
there on a machine that has none.
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
# What the style sheet calls the colours of statuses that have none of their own name; one in a strip, one in words.
INKS = {"partly_kept": "partly", "in_progress": "progress", "not_started": "idle", "not_rated": "idle"}
FILLS = {**INKS, "not_rated": "hair"}
# Type sizes for the title and how many lines of each there is room for: the first that holds all of it is taken.
SIZES = [(76, 2), (64, 3), (54, 3), (46, 4)]
# Widths of the bold font in thousandths of its size; what is not named is as wide as most letters are.
_WIDTHS = {278: " ,./\\Iij!l|", 333: "()[]-ft:;'`’‘", 389: "r*", 500: '"“”', 556: "aceJksvxyz0123456789$"}
_WIDTHS |= {667: "EPSVXY", 722: "ABCDHKNRU&", 778: "GOQw", 833: "M", 889: "m%", 944: "W", 975: "@", 1000: "…—"}
_WIDTH = {sign: width for width, signs in _WIDTHS.items() for sign in signs}
USUAL, WIDE = 611, 1000


@dataclass(frozen=True)
class _Band:
    """A stretch of the strip: its status, where it begins and how wide it is, in pixels."""

    status: str
    x: float
    width: float


def card(standing: Standing, *, edition: int, newsroom: str, host: str) -> bytes:
    """The picture as PNG, in the active language, as edition number `edition` has the pledge on the standing's day."""
    start = min(standing.pledge.mandate.starts_on, standing.day)
    band = strips.strip(standing, strips.Axis(start, standing.day))
    size, lines = fitted(printable(standing.wording.title))
    known = colours()
    context = {
        "standing": standing,
        "edition": edition,
        "newsroom": _cut(printable(newsroom), 34, 560),
        "who": _cut(printable(standing.pledge.mandate.person), 24, 270),
        "host": host,
        "size": size,
        "lines": [(round(140 + size * (0.95 + 1.16 * number)), line) for number, line in enumerate(lines)],
        "bands": [_Band(each.status, _across(each.x), _across(each.width, 0)) for each in band.segments],
        "ticks": [_across(x) for x in band.ticks],
        "deadline": None if band.deadline is None else _across(band.deadline),
        "years": [(year, _across(at)) for year, at in band.axis.years],
        "colours": known,
        "fills": [(status, known[FILLS.get(status, status)]) for status in Status],
        "colour": known[INKS.get(standing.status, standing.status)],
    }
    return packed(vl_convert.svg_to_png(render_to_string("pledges/card.svg", context), scale=1))


def fitted(title: str) -> tuple[int, list[str]]:
    """The size in which a title is set and its lines; what is too long even for the smallest ends in "…"."""
    room = WIDTH - 2 * MARGIN
    for size, most in SIZES:
        lines = wrapped(title, size, room)
        if len(lines) <= most:
            return size, lines
    lines = lines[:most]
    return size, [*lines[:-1], _cut(f"{lines[-1]} …", size, room) if lines[-1] else "…"]


def wrapped(text: str, size: int, room: int) -> list[str]:
    """The words of a text in lines not wider than `room` pixels; a word wider than that is cut with "…"."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines += [_cut(word, size, room)]
    return [line for line in lines if line]


def width(text: str, size: int) -> float:
    """About how many pixels wide a line of bold text is; rather too wide than too narrow."""
    return sum(_of_sign(sign) for sign in unicodedata.normalize("NFD", text)) * size / 1000


def _of_sign(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    if unicodedata.east_asian_width(sign) in "WF":
        return WIDE
    return _WIDTH.get(sign, 722 if sign.isupper() else USUAL)


def _cut(text: str, size: int, room: int) -> str:
    if width(text, size) <= room:
        return text
    text = text.rstrip(" …")
    while text and width(f"{text}…", size) > room:
        text = text[:-1].rstrip()
    return f"{text}…"


def _across(percent: float, start: int = MARGIN) -> float:
    return round(start + percent / 100 * (WIDTH - 2 * MARGIN), 1)


def packed(png: bytes) -> bytes:
    """The same picture in a fifth of the bytes: vl-convert compresses for speed, and it is kept and sent many times."""
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
    """The custom properties of the style sheet's first block that are colours, by day: {"kept": "#00684f", …}."""
    css = (settings.BASE_DIR / "static" / "css" / "base.css").read_text(encoding="utf-8")
    block = re.search(r":root\s*\{(.*?)\}", css, re.DOTALL).group(1)
    return dict(re.findall(r"--([\w-]+):\s*(?:light-dark\(\s*)?(#[0-9a-fA-F]{3,6})\b", block))
