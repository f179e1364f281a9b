"""JSON Lines: a JSON value on each line of a text file (https://jsonlines.org)."""

from pathlib import Path


def numbered(path: Path) -> list[tuple[int, str]]:
    """The lines of a UTF-8 file that are not empty, each with its number, from 1. Raises OSError, UnicodeDecodeError.

    Only a line feed ends a line: a JSON string may hold U+2028, at which `splitlines` would cut.
    """
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    return [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
