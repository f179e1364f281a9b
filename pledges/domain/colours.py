"""A newsroom's colour, as text that can be read on light and on dark pages (contrast as in WCAG 2.2)."""

import re

HEX = r"#[0-9a-f]{6}"
READABLE = 4.5  # the contrast that text needs (WCAG 2.2, 1.4.3)
_STEPS = 50

Channels = tuple[float, float, float]


def readable(colour: str, paper: str) -> str:
    """The colour nearest to `colour` that can be read on `paper`: darker on a light one, lighter on a dark one.

    Both are written as #rrggbb in lower case, and so is the result.
    """
    target = (0.0, 0.0, 0.0) if luminance(paper) > 0.5 else (255.0, 255.0, 255.0)
    for step in range(_STEPS + 1):
        mixed = _mixed(colour, target, step / _STEPS)
        if contrast(mixed, paper) >= READABLE:
            return mixed
    raise ValueError(f"nothing can be read on {paper}")


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a colour, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _channels(colour: str) -> Channels:
    if not re.fullmatch(HEX, colour):
        raise ValueError(f"not a colour: {colour!r}")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mixed(colour: str, target: Channels, share: float) -> str:
    pairs = zip(_channels(colour), target, strict=True)
    return "#" + "".join(f"{round(own + (other - own) * share):02x}" for own, other in pairs)
