"""Splits a text into sentences, each with its context: its heading, its list, its turn in a conversation.

A line is a paragraph, a heading, an item of a list, or a turn of a conversation ("Q:", "MINISTER OKELLO:").
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

from pledges.domain.text import fold
from pledges.watch.text.language import sentences

_BULLET = re.compile(r"\s*(?:[-*•▪‣·○●■–—]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+(?=\S)")
_CONTINUES = re.compile(r"(?:[;,]|[;,] ?(?:and|or|y|e|o))$")  # the end of an item that is not the last
_NUMBERED = re.compile(r"\s*\d{1,3}[.)]\s")
_TURN = re.compile(
    r"\s*((?:[A-ZÁÉÍÓÚÑÜ][\w.'’-]*|de|del|la|of|the)(?:\s+(?:[A-ZÁÉÍÓÚÑÜ][\w.'’-]*|de|del|la|of|the)){0,5})\s*:\s+(?=\S)"
)
_ASKS = re.compile(
    r"(?:q|p|question|pregunta|preguntas|moderator|moderador|moderadora|host|interviewer|journalist|reporter|presenter|"
    r"periodista|entrevistador|entrevistadora|conductor|conductora|presentador|presentadora|anchor|audience|publico)$"
)
_ANSWERS = re.compile(r"(?:a|r|answer|respuesta)$")
_LONGEST_HEADING = 100
_LONGEST_SENTENCE = 1500  # characters: anything longer is not a sentence, and would only cost time
_PAIRS = {"“": "”", "«": "»", '"': '"', "„": "“"}


@dataclass(frozen=True)
class Passage:
    """A sentence, or an item of a list, verbatim: `text` is the text from `starts_at` to `ends_at`.

    `lead` is the sentence with a colon that introduces its list, `turn` is who speaks in a conversation ("" for an
    answer of the interviewee), `asks` is true in a question's turn, `quoted` holds the spans in quotation marks,
    `paragraph` is the number of its line.
    """

    text: str
    starts_at: int
    ends_at: int
    paragraph: int
    heading: str = ""
    lead: str = ""
    is_item: bool = False
    is_heading: bool = False
    in_turn: bool = False
    turn: str = ""
    asks: bool = False
    quoted: tuple[tuple[int, int], ...] = ()


def passages(text: str) -> Iterator[Passage]:
    """The passages of a text, in order. A quotation may span sentences, but not paragraphs."""
    heading = lead = turn = ""
    in_turn = asks = in_list = False
    at = 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        begin, at = at, at + len(line)
        bare = line.strip()
        if not bare:
            continue
        bullet = _BULLET.match(line)
        continues = bool(_CONTINUES.search(bare))
        unmarked_item = not bullet and ((in_list and len([*sentences(bare)]) == 1) or (lead != "" and continues))
        in_list = unmarked_item and continues
        new_turn = None if bullet or unmarked_item else _turn(line)
        if new_turn:
            in_turn, (turn, asks) = True, _who(new_turn.group(1))
        is_heading = not bullet and not new_turn and not unmarked_item and _is_heading(bare)
        if is_heading:
            heading, lead = bare.rstrip(":"), ""
            if bare.endswith(":"):
                lead = bare
        elif not bullet and not unmarked_item:
            lead = next(reversed([*sentences(bare)]), "") if bare.endswith(":") else ""
        if bullet and _NUMBERED.match(line) and _is_section(bare):
            bullet = None
        opening = bullet or new_turn
        start = opening.end() if opening else 0
        quotes = deque(_quotes(line))
        for sentence in [line[start:].strip()] if is_heading else sentences(line[start:]):
            first = line.find(sentence, start)
            if first < 0:
                continue
            start = first + len(sentence)
            if len(sentence) > _LONGEST_SENTENCE:
                continue
            while quotes and quotes[0][1] <= first:
                quotes.popleft()
            quoted = tuple(
                (max(left, first) - first, min(right, start) - first)
                for left, right in takewhile(partial(_opens_before, start), quotes)
                if right > first
            )
            yield Passage(
                sentence, begin + first, begin + start, number, heading, lead, bool(bullet or unmarked_item),
                is_heading, in_turn, turn,
                asks, quoted,
            )  # fmt: skip


def _opens_before(end: int, quote: tuple[int, int]) -> bool:
    return quote[0] < end


def _turn(line: str) -> re.Match[str] | None:
    """The match of a line that opens a turn: a known word such as "Q", or a name in capitals, before a colon."""
    match = _TURN.match(line)
    if not match:
        return None
    name = match.group(1)
    known = _ASKS.match(fold(name)) or _ANSWERS.match(fold(name))
    return match if known or (name.isupper() and len(name) > 1) else None


def _who(name: str) -> tuple[str, bool]:
    """Who speaks in a turn ("" for interviewer and interviewee), and whether it is a question."""
    plain = fold(name)
    if _ASKS.match(plain):
        return "", True
    return ("" if _ANSWERS.match(plain) else name), False


def _is_heading(line: str) -> bool:
    return len(line) <= _LONGEST_HEADING and line[-1] not in '.!?;,…”"»)' and not line[0].islower()


def _is_section(line: str) -> bool:
    """Whether a numbered line is the title of a section ("2. HEALTH")."""
    return line.upper() == line


def _quotes(line: str) -> Iterator[tuple[int, int]]:
    """The spans in quotation marks of a line; one that is not closed extends to the end of the line."""
    closes, since = "", 0
    for at, letter in enumerate(line):
        if closes:
            if letter == closes:
                yield since, at + 1
                closes = ""
        elif letter in _PAIRS:
            closes, since = _PAIRS[letter], at
    if closes:
        yield since, len(line)
