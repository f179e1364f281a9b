"""A guide of docs/ walked by a test: what it says at each stop is on the page, and its pictures are made on the way.

A stop is a heading of the guide with a picture below it. Its **words in bold** must be on the page that the test shows
there, its `keys` must be keys of that page.
"""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Locator, Page

DOCS = settings.BASE_DIR / "docs"
STOP = r"^### .+\n\n!\[(?P<alt>[^\]]+)\]\(pictures/{prefix}-(?P<name>[a-z-]+)\.png\)\n(?P<words>(?:(?!^#).*\n)+)"
HEAVIEST = 220_000  # bytes
PATIENCE = 10  # seconds until the page shows what the guide says: a click may still be on its way to the next page
SHOWN = """() => [document.body, ...document.querySelectorAll("input[type=submit]")]
    .filter(Boolean).map(each => each.value ?? each.innerText)"""
KEYS = """() => [...document.querySelectorAll("kbd, [aria-keyshortcuts]")]
    .flatMap(each => [each.textContent, each.getAttribute("aria-keyshortcuts") ?? ""])"""


def stops(guide: str, prefix: str) -> dict[str, str]:
    """What docs/<guide> says at each stop, by the name of its picture without prefix and suffix, in its order."""
    found = re.finditer(STOP.format(prefix=prefix), (DOCS / guide).read_text(), re.MULTILINE)
    return {stop["name"]: stop["words"] for stop in found}


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold()


def take(page: Page, path: Path, *, to: Locator | int, since: Locator | int = 0) -> int:
    """A picture of the page as wide as its window, from `since` to the end of `to` (things of the page, or pixels from
    its top), written to `path`; its size in bytes."""
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)
    rim = "one => one.getBoundingClientRect()"
    top = since if isinstance(since, int) else since.evaluate(f"{rim}.top + scrollY") - 16
    end = to if isinstance(to, int) else to.evaluate(f"{rim}.bottom + scrollY") + 16
    clip = {"x": 0, "y": top, "width": page.viewport_size["width"], "height": end - top}
    page.screenshot(path=path, full_page=True, clip=clip)
    return path.stat().st_size


def absent(page: Page, words: str) -> list[str]:
    """What a guide's `words` name, in **bold** or as `keys`, and the page as it is now has not."""
    page.wait_for_load_state()
    shown, keys = page.evaluate(SHOWN), set()
    for frame in page.frames[1:]:
        frame.wait_for_load_state()
        shown.append(frame.locator("body").inner_text())
    for shortcut in page.evaluate(KEYS):
        keys |= set(shortcut.replace("Control", "Ctrl").split())
    bold, has = re.findall(r"\*\*(.+?)\*\*", words, re.S), plain(" ".join(shown))
    return [f"“{part}”" for part in bold if plain(part) not in has] + [
        f"key {key}" for key in re.findall(r"`(.+?)`", words) if key not in keys
    ]


def walk(guide: str, prefix: str, folder: Path) -> Iterator[Callable]:
    """Yield `stop(page, "day", to=locator)`, which looks whether what docs/<guide> says at that stop is there, and
    takes its picture `<prefix>-day.png` into `folder`. At the end all that was missing is told at once."""
    says, walked, missing = stops(guide, prefix), [], []

    def stop(page: Page, name: str, **crop) -> None:
        walked.append(name)
        until = time.monotonic() + PATIENCE
        while (without := absent(page, says.get(name, ""))) and time.monotonic() < until:
            page.wait_for_timeout(100)
        missing.extend(f"{name}: the page has no {each}" for each in without)
        if (weighs := take(page, folder / f"{prefix}-{name}.png", **crop)) > HEAVIEST:
            missing.append(f"{name}: the picture weighs {weighs} bytes")

    yield stop
    assert walked == list(says), f"docs/{guide} has the stops {list(says)}, its test walked {walked}"
    assert not missing, "\n".join(missing)
