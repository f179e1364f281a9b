"""Paragraphs from the lines of a page, and whole words from hyphenation and ligatures."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

# Invisible characters. The (non-)joiners occur only within words of other scripts.
_INVISIBLE = dict.fromkeys([0xAD, 0x34F, 0x180E, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF])
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_HYPHENS = {0x2010: "-", 0x2011: "-"}
_TRANSLATION = _INVISIBLE | _LIGATURES | _HYPHENS
_TRANSLATED = re.compile(f"[{''.join(map(chr, _TRANSLATION))}]")
_SOFT_BREAK = re.compile(r"(?<=\w)\u00ad(?:[^\S\n]+|[^\S\n]*\n\s*)(?=\w)")
_HARD_BREAK = re.compile(r"(?<![\w-])(?P<head>\w[\w-]*)(?P<hyphen>[-\u2010¬])[^\S\n]*\n[^\S\n]*(?P<tail>[^\W\d_]+)")
_HYPHENATED = re.compile(r"(?P<head>\w[\w-]{0,60})(?P<hyphen>[-\u2010¬\u00ad])$")
_FIRST_WORD = re.compile(r"\w+")
_COMPOUND = re.compile(r"(?<!\w)[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)+")
_SHARED = frozenset("and or to nor but y e o u ni a versus vs".split())  # "short- and long-term"
_SENTENCE_END = re.compile(r"[.!?:;…][\"”’»)\]]*$")
_PAGE_NUMBER = re.compile(r"(?:page |página )?\d+(?: ?(?:/|of|de) ?\d+)?", re.IGNORECASE)
_ITEM = re.compile(r"(?:[-*•▪‣·○●■–—]|\(?\d{1,3}[.)]|\(?[a-zA-Z]\)|[A-ZÁÉÍÓÚÑ][A-ZÁÉÍÓÚÑ .'-]{0,40}:)\s")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page. `room` is the width of its column in characters, 0 if the page has one column.

    `starts` is true when there is a gap before the line, or its font size differs from the line before.
    """

    text: str
    room: int = 0
    starts: bool = False


def whole_words(text: str) -> str:
    """The text without hyphenation at line ends, ligatures and invisible characters."""
    if "\n" not in text and "\u00ad" not in text:  # most texts of feeds
        return text.translate(_TRANSLATION) if _TRANSLATED.search(text) else text
    known = compounds([text])

    def joined(match: re.Match[str]) -> str:
        head, hyphen, tail = match["head"], match["hyphen"], match["tail"]
        if not tail[0].islower():  # just as likely a new paragraph
            return match.group()
        return head + _joint(head, hyphen, tail, known) + tail

    return _HARD_BREAK.sub(joined, _SOFT_BREAK.sub("", text)).translate(_TRANSLATION)


def compounds(texts: Iterable[str]) -> frozenset[str]:
    """The words with a hyphen inside a line, in lower case: at a line break these keep their hyphen."""
    return frozenset(word.lower().translate(_TRANSLATION) for text in texts for word in _COMPOUND.findall(text))


def _joint(head: str, hyphen: str, tail: str, known: Collection[str]) -> str:
    """What to put between the two halves of a word hyphenated at a line end: "", "-" or "- "."""
    if hyphen in "\u00ad¬":
        return ""
    if tail in _SHARED:
        return "- "
    if f"{head}-{tail}".lower() in known or not (head[-1].isalpha() and tail[0].isalpha()):
        return "-"
    capitals = len(head) > 1 and head.isupper() and tail.isupper()
    return "" if tail[0].islower() or capitals else "-"


def without_furniture(pages: list[list[Line]]) -> list[Line]:
    """The lines of all pages without page numbers and running headers and footers."""
    edges: dict[str, int] = {}
    for lines in pages:
        for edge_text in {re.sub(r"\d+", "#", line.text) for line in lines[:1] + lines[-1:]}:
            edges[edge_text] = edges.get(edge_text, 0) + 1
    repeated = {edge_text for edge_text, times in edges.items() if len(pages) >= 4 and times > len(pages) / 2}
    kept = []
    for lines in pages:
        for index, line in enumerate(lines):
            is_edge = index in (0, len(lines) - 1)
            if is_edge and (re.sub(r"\d+", "#", line.text) in repeated or _PAGE_NUMBER.fullmatch(line.text)):
                continue
            kept.append(line)
    return kept


def unwrapped(lines: list[Line]) -> Iterator[str]:
    """Join wrapped lines into paragraphs: a line that nearly fills its column continues in the next line."""
    lengths = sorted(len(line.text) for line in lines)
    usual = lengths[int(len(lengths) * 0.9)] if lengths else 0
    known = compounds(line.text for line in lines)
    parts: list[str] = []
    previous, previous_wide = "", 0.0
    for line in lines:
        text, wide = line.text, (line.room or usual) * 0.75
        full = len(previous) >= previous_wide
        ended = bool(_SENTENCE_END.search(previous[-10:]))
        title = ended and len(text) < wide and not _SENTENCE_END.search(text[-10:])
        broken = _HYPHENATED.search(previous[-70:])
        first = _FIRST_WORD.match(text)
        continues = text[0].islower() or (full and not line.starts and not title and not (ended and wide <= 55))
        if parts and not _ITEM.match(text) and continues:
            if broken and first:
                parts[-1] = parts[-1][:-1]
                parts.append(_joint(broken["head"], broken["hyphen"], first[0], known) + text)
            else:
                parts.append(f" {text}")
        else:
            if parts:
                yield "".join(parts)
            parts = [text]
        previous, previous_wide = text, wide
    if parts:
        yield "".join(parts)
