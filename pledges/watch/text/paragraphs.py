"""Paragraphs out of lines that were broken to fit a page, and words out of what was broken or drawn as one sign."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

# What nobody sees. The (non-)joiners stand within words of other scripts only.
_UNSEEN = dict.fromkeys([0xAD, 0x34F, 0x180E, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF])
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_HYPHENS = {0x2010: "-", 0x2011: "-"}
_LETTERS = _UNSEEN | _LIGATURES | _HYPHENS
_SOFT_BREAK = re.compile(r"(?<=\w)\u00ad(?:[^\S\n]+|[^\S\n]*\n\s*)(?=\w)")
_HARD_BREAK = re.compile(r"(?<![\w-])(?P<head>\w[\w-]*)(?P<hyphen>[-\u2010¬])[^\S\n]*\n[^\S\n]*(?P<tail>[^\W\d_]+)")
_HYPHENATED = re.compile(r"(?P<head>\w[\w-]{0,60})(?P<hyphen>[-\u2010¬\u00ad])$")
_FIRST_WORD = re.compile(r"\w+")
_COMPOUND = re.compile(r"(?<!\w)[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)+")
_SHARED = frozenset("and or to nor but y e o u ni a versus vs".split())  # "short- and long-term"
_ENDS = re.compile(r"[.!?:;…][\"”’»)\]]*$")
_PAGE_NUMBER = re.compile(r"(?:page |página )?\d+(?: ?(?:/|of|de) ?\d+)?", re.IGNORECASE)
_ITEM = re.compile(r"(?:[-*•▪‣·○●■–—]|\(?\d{1,3}[.)]|\(?[a-zA-Z]\)|[A-ZÁÉÍÓÚÑ][A-ZÁÉÍÓÚÑ .'-]{0,40}:)\s")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; `room` is how many characters a line of its column holds, 0 where the page is one column.

    `starts` says that it stands away from the line before it, or is in letters of another size.
    """

    text: str
    room: int = 0
    starts: bool = False


def whole_words(text: str) -> str:
    """The text without hyphenation at line ends, ligatures and characters that nobody sees within its words."""
    known = compounds([text])

    def mended(match: re.Match[str]) -> str:
        head, hyphen, tail = match["head"], match["hyphen"], match["tail"]
        if not tail[0].islower():  # a new paragraph, as likely
            return match.group()
        return head + _joint(head, hyphen, tail, known) + tail

    return _HARD_BREAK.sub(mended, _SOFT_BREAK.sub("", text)).translate(_LETTERS)


def compounds(texts: Iterable[str]) -> frozenset[str]:
    """The words with hyphens inside a line, in lower case: where a line breaks at such a hyphen, it stays."""
    return frozenset(word.lower().translate(_LETTERS) for text in texts for word in _COMPOUND.findall(text))


def _joint(head: str, hyphen: str, tail: str, known: Collection[str]) -> str:
    """What stands between the two halves of what a line's end divides at a hyphen: "", "-" or "- "."""
    if hyphen in "\u00ad¬":
        return ""
    if tail in _SHARED:
        return "- "
    if f"{head}-{tail}".lower() in known or not (head[-1].isalpha() and tail[0].isalpha()):
        return "-"
    capitals = len(head) > 1 and head.isupper() and tail.isupper()
    return "" if tail[0].islower() or capitals else "-"


def without_furniture(pages: list[list[Line]]) -> list[Line]:
    """The lines of all pages without page numbers and what stands at the edge of most of them."""
    edges: dict[str, int] = {}
    for lines in pages:
        for edge_text in {re.sub(r"\d+", "#", one.text) for one in lines[:1] + lines[-1:]}:
            edges[edge_text] = edges.get(edge_text, 0) + 1
    again = {edge_text for edge_text, times in edges.items() if len(pages) >= 4 and times > len(pages) / 2}
    kept = []
    for lines in pages:
        for at, line in enumerate(lines):
            edge = at in (0, len(lines) - 1)
            if edge and (re.sub(r"\d+", "#", line.text) in again or _PAGE_NUMBER.fullmatch(line.text)):
                continue
            kept.append(line)
    return kept


def unwrapped(lines: list[Line]) -> Iterator[str]:
    """Paragraphs out of lines that were broken to fit a page: a line that nearly fills it goes on in the next."""
    lengths = sorted(len(line.text) for line in lines)
    usual = lengths[int(len(lengths) * 0.9)] if lengths else 0
    known = compounds(line.text for line in lines)
    kept: list[str] = []
    last, last_wide = "", 0.0
    for line in lines:
        text, wide = line.text, (line.room or usual) * 0.75
        full = len(last) >= last_wide
        ended = bool(_ENDS.search(last[-10:]))
        title = ended and len(text) < wide and not _ENDS.search(text[-10:])
        broken = _HYPHENATED.search(last[-70:])
        first = _FIRST_WORD.match(text)
        goes_on = text[0].islower() or (full and not line.starts and not title and not (ended and wide <= 55))
        if kept and not _ITEM.match(text) and goes_on:
            if broken and first:
                kept[-1] = kept[-1][:-1]
                kept.append(_joint(broken["head"], broken["hyphen"], first[0], known) + text)
            else:
                kept.append(f" {text}")
        else:
            if kept:
                yield "".join(kept)
            kept = [text]
        last, last_wide = text, wide
    if kept:
        yield "".join(kept)
