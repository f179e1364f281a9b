"""SVG in fewer bytes, for embeds: the same picture without what is invisible, a default, or said more than once."""

import re
from functools import lru_cache
from itertools import pairwise
from xml.etree import ElementTree

from django.utils.safestring import SafeString, mark_safe

NAMESPACE = "{http://www.w3.org/2000/svg}"
DEFAULTS = {
    ("opacity", "1"),
    ("font-weight", "normal"),
    ("stroke-dasharray", "1,0"),
    ("stroke-width", "1"),
    ("stroke-miterlimit", "10"),
    ("text-anchor", "start"),
    ("transform", "translate(0,0)"),
    ("x2", "0"),
    ("y2", "0"),
    ("version", "1.1"),
    ("id", ""),
}
INHERITED = ("stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "fill", "font-size", "text-anchor")
PAINTED = ("fill", "stroke", "class")
_DECIMALS = re.compile(r"(\d+\.\d)\d+")
_POLYLINE = re.compile(r"M-?[\d.,ML-]+Z?")
_NUMBER = re.compile(r"-?[\d.]+")


@lru_cache(maxsize=256)
def slim(svg: str) -> SafeString:
    """The SVG of a chart (see `render.drawn`), which looks the same with one decimal, in half of its bytes.

    It is to stand in HTML, which needs no namespace. What is in no `fill`, `stroke` or `class` is taken as invisible.
    """
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        element.tag = element.tag.removeprefix(NAMESPACE)
        for name, value in list(element.attrib.items()):
            if name in ("d", "transform", "x2", "y2", "font-size"):
                element.set(name, _DECIMALS.sub(r"\1", value).replace(".0,", ",").removesuffix("px"))
            if (name, element.get(name)) in DEFAULTS:
                del element.attrib[name]
        if element.tag == "path" and _POLYLINE.fullmatch(element.get("d", "")):
            element.set("d", _shortened(element.get("d", "")))
    _prune(root)
    _hoist(root)
    return mark_safe(ElementTree.tostring(root, encoding="unicode", short_empty_elements=True).replace(" />", "/>"))


def _prune(element: ElementTree.Element) -> None:
    """Remove invisible and repeated paths and empty groups, and unwrap groups without attributes."""
    kept: list[ElementTree.Element] = []
    painted = set()  # a labelled point is drawn twice, at the same place
    for child in element:
        _prune(child)
        if child.tag == "path":
            look = tuple(sorted(child.attrib.items()))
            if child.get("display") == "none" or not any(map(child.get, PAINTED)) or look in painted:
                continue
            painted.add(look)
        if child.tag != "g":
            kept.append(child)
        elif len(child) and not child.attrib:
            kept += child
        elif len(child):
            kept.append(child)
    element[:] = kept


def _hoist(element: ElementTree.Element) -> None:
    """Say an attribute that all children share once, at their parent, or at a new group around neighbours of a kind."""
    for child in element:
        _hoist(child)
    children, grouped = list(element), []
    while children:
        alike = _alike(children)
        run = [children.pop(0)]
        while children and _alike(children) == alike and run[0].tag != "g":
            run.append(children.pop(0))
        if len(run) < 3 or not alike:
            grouped += run
            continue
        group = ElementTree.Element("g", dict(alike))
        for child in run:
            for name, _value in alike:
                del child.attrib[name]
        group.extend(run)
        grouped.append(group)
    element[:] = grouped


def _alike(children: list[ElementTree.Element]) -> list[tuple[str, str]]:
    """The attributes of the first of them that a group can have for it."""
    return [(name, children[0].attrib[name]) for name in INHERITED if name in children[0].attrib]


def _is_between(before: tuple[float, ...], here: tuple[float, ...], after: tuple[float, ...]) -> bool:
    """Whether a point lies on the upright or level line from the one before it to the one after it."""
    return any(
        before[axis] == here[axis] == after[axis] and sorted((before, here, after))[1] == here for axis in (0, 1)
    )


def _shortened(path: str) -> str:
    """A path of straight lines without points in the middle of an upright or level line, with relative short forms."""
    closed = path.endswith("Z")
    parts = []
    for part in path.removesuffix("Z").split("M")[1:]:
        numbers = [float(number) for number in _NUMBER.findall(part)]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        kept = points[:1]
        for point in points[1:]:
            if len(kept) > 1 and _is_between(kept[-2], kept[-1], point):
                kept.pop()
            if point != kept[-1] or len(points) == 2:
                kept.append(point)
        steps = [f"M{kept[0][0]:g},{kept[0][1]:g}"]
        for before, after in pairwise(kept):
            if before[1] == after[1]:
                steps.append(f"H{after[0]:g}")
            elif before[0] == after[0]:
                steps.append(f"V{after[1]:g}")
            else:
                steps.append(f"L{after[0]:g},{after[1]:g}")
        parts.append("".join(steps))
    return "".join(parts) + ("Z" if closed else "")
