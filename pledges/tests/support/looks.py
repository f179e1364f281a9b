"""How pages look: what axe and the eye for width find on one that is open, in any of the eight looks.

Used by the browser tests, which try what guards best for its seconds, and by `python -m bench.looks`, which tries all.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from axe_playwright_python.sync_playwright import Axe


class Look(NamedTuple):
    """A width in pixels, "light" or "dark", and the rules of axe (None: all that it runs unasked; []: none)."""

    width: int
    scheme: str
    rules: list[str] | None = None


ALL = [Look(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]
LANGUAGES = ["en", "es"]
# Details open, long tables cut (rows are alike), and nothing half way between day and night: that has no contrast.
READY = """() => {
    document.querySelectorAll("details").forEach(each => each.open = true);
    document.querySelectorAll("tbody > tr:nth-child(n+6)").forEach(each => each.remove());
    const still = new CSSStyleSheet();
    still.replaceSync("* { transition: none !important }");
    document.adoptedStyleSheets = [still];
}"""
WIDER_THAN = """width => [...document.querySelectorAll("#container *, body > main *, body > header *, body > footer *")]
    .filter(each => each.getBoundingClientRect().right > width + 1 && !each.closest(".results, .desk-scroll"))
    .map(each => each.outerHTML.slice(0, 80))
    .slice(-3)"""
# The one of WCAG 2.2, which axe runs only when asked.
UNASKED = ["target-size"]
AXE = """([rules, besides]) => axe.run(document, {
        resultTypes: ["violations"],
        ...(rules ? {runOnly: rules} : {rules: Object.fromEntries(besides.map(rule => [rule, {enabled: true}]))})
    })
    .then(found => found.violations)
    .then(all => all.map(each => [each.id, each.nodes.slice(0, 3).map(node => node.html.slice(0, 140))]))"""


def put_on(page, look: Look) -> None:
    """Show the page that is open in a look."""
    page.set_viewport_size({"width": look.width, "height": 900})
    page.emulate_media(color_scheme=look.scheme)


def findings(page, looks: list[Look], besides: Sequence[str] = ()) -> Iterator[tuple[Look, str, object]]:
    """What is found on the page that is open: (look, a rule of axe or "sticks out", where).

    With all rules come those `besides` that axe does not run unasked. It changes the page: it is to be opened again
    before anything else is done with it.
    """
    page.evaluate(READY)
    if any(look.rules != [] for look in looks):
        page.evaluate(Axe().axe_script)
    for look in looks:
        put_on(page, look)
        if look.rules != []:
            yield from ((look, *found) for found in page.evaluate(AXE, [look.rules, list(besides)]))
        if page.evaluate("document.documentElement.scrollWidth") > look.width:
            yield look, "sticks out", page.evaluate(WIDER_THAN, look.width)
