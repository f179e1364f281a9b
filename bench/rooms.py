"""`python -m bench.rooms`: draw docs/rooms.svg from the import contract, and count the modules of each room.

The rooms and their order come from pyproject.toml, the descriptions from the first sentences of their docstrings. A
test fails if the picture is out of date.
"""

import ast
import tomllib
from html import escape
from pathlib import Path
from textwrap import wrap

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs/rooms.svg"
WIDTH, MARGIN, GAP, LINE = 760, 20, 14, 17
CHARACTER = 6.6  # the width of a character at 13 pixels, at most
FEW = 4  # rows of more rooms have names only, no descriptions


def contracts() -> list[dict]:
    """The contracts of import-linter in pyproject.toml."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["tool"]["importlinter"]["contracts"]


def layers() -> list[list[str]]:
    """The rooms from the top down; those on the same level are in one list."""
    levels = next(contract["layers"] for contract in contracts() if contract["type"] == "layers")
    return [[room.strip() for room in level.replace("|", ":").split(":")] for level in levels]


def path_of(room: str) -> Path:
    """The folder of a room, or its module."""
    path = ROOT / room.replace(".", "/")
    return path if path.is_dir() else path.with_suffix(".py")


def description(room: str) -> str:
    """The first sentence of the room's docstring."""
    path = path_of(room)
    source = path / "__init__.py" if path.is_dir() else path
    text = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""
    return text.partition("\n\n")[0].replace("\n", " ").partition(". ")[0].rstrip(".")


def modules(room: str) -> tuple[int, int]:
    """How many modules are at the root of a room, and how many in all."""
    path = path_of(room)
    if path.is_file():
        return 1, 1
    at_root, in_all = (sum(file.name != "__init__.py" for file in path.glob(glob)) for glob in ("*.py", "**/*.py"))
    return at_root, in_all


def picture() -> str:
    """The rooms as SVG, one row for each layer, the highest first."""
    parts, top = [], MARGIN
    for row in layers():
        width = (WIDTH - 2 * MARGIN - GAP * (len(row) - 1)) / len(row)
        texts = [wrap(description(room), int((width - 24) / CHARACTER)) if len(row) < FEW else [] for room in row]
        height = 34 + LINE * max(map(len, texts))
        for number, (room, lines) in enumerate(zip(row, texts, strict=True)):
            left = MARGIN + number * (width + GAP)
            parts.append(f'<rect x="{left:g}" y="{top}" width="{width:g}" height="{height}" rx="6"/>')
            parts.append(f'<text class="name" x="{left + 12:g}" y="{top + 22}">{room.removeprefix("pledges.")}</text>')
            for place, line in enumerate(lines, start=1):
                parts.append(f'<text x="{left + 12:g}" y="{top + 22 + LINE * place}">{escape(line)}</text>')
        top += height + GAP
    for contract in contracts():
        for line in wrap(contract["name"] + ".", int((WIDTH - 2 * MARGIN) / CHARACTER)):
            top += LINE
            parts.append(f'<text x="{MARGIN}" y="{top}">{escape(line)}</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + MARGIN}" role="img">'
    style = (
        "<style>svg{background:#fff}rect{fill:#f3f6f9;stroke:#5b6b7b}"
        "text{font:13px system-ui,sans-serif;fill:#1c2733}.name{font-weight:700;font-size:14px}</style>"
    )
    title = "<title>The rooms of pledges/: each may import those below it</title>"
    return "\n".join([head, title, style, *parts, "</svg>"]) + "\n"


def main() -> None:
    """Write the picture and print the number of modules of each room."""
    PICTURE.write_text(picture(), encoding="utf-8")
    print(f"{'room':<14}{'at its root':>12}{'in all':>8}")
    for row in layers():
        for room in row:
            at_root, in_all = modules(room)
            print(f"{room.removeprefix('pledges.'):<14}{at_root:>12}{in_all:>8}")


if __name__ == "__main__":
    main()
