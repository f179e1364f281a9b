"""Stand-in of the branch intake for the engine: every sentence with "will" or a Spanish future is a pledge."""

import re
from dataclasses import dataclass
from datetime import date

_PLEDGE = re.compile(r"[^.\n]*\b(?:will|construiremos|vamos a)\b\s+([^.\n]+)\.")
_BY = re.compile(r"\bby (\d{4})\b")


@dataclass(frozen=True)
class Found:
    """A sentence that seems to hold a pledge."""

    speaker: str
    action: str
    sentence: str
    starts_at: int
    ends_at: int
    deadline: date | None
    deadline_precision: str
    checkable: bool
    confidence: float
    reason: str


def extract(text: str, language: str, *, published_on: date | None = None, speakers: tuple = ()) -> list[Found]:
    """The pledges in a text."""
    found = []
    for match in _PLEDGE.finditer(text):
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        by = _BY.search(match.group())
        year = date(int(by.group(1)), 12, 31) if by else None
        found.append(
            Found(
                speaker="We",
                action=_BY.sub("", match.group(1)).strip(),
                sentence=text[start : match.end()],
                starts_at=start,
                ends_at=match.end(),
                deadline=year,
                deadline_precision="year" if year else "",
                checkable=True,
                confidence=0.8,
                reason="will",
            )
        )
    return found
