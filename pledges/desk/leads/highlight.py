"""Marking words and sentences in text that came from outside."""

import re
import unicodedata
from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


def _folded(text: str) -> str:
    """The text in lower case without accents, letter by letter, so that places in it are places in the text."""
    return "".join(unicodedata.normalize("NFKD", char)[0].lower()[:1] for char in text)


def marked(text: str, words: Iterable[str]) -> SafeString:
    """The text as HTML, everything in it escaped, with whole words out of `words` in <mark>, whatever their accents."""
    wanted = sorted({_folded(word) for word in words if word.strip()}, key=len, reverse=True)
    if not wanted:
        return escape(text)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)")
    pieces, end = [], 0
    for match in pattern.finditer(_folded(text)):
        pieces += [escape(text[end : match.start()]), f"<mark>{escape(text[match.start() : match.end()])}</mark>"]
        end = match.end()
    return mark_safe("".join([*pieces, escape(text[end:])]))  # every piece is escaped above


def paragraphs(text: str, sentence: str, words: Iterable[str]) -> list[tuple[SafeString, SafeString, SafeString]]:
    """The text's paragraphs as (before, sentence, after): the sentence, in the one that holds it, with `words` marked.

    White space does not count in finding the sentence; where it is not found, every middle is empty.
    """
    found, place = [], None
    for paragraph in (part.strip() for part in re.split(r"\n+", text)):
        before_it = place is None
        place = place or _place(sentence, paragraph)
        if place and before_it:
            before, middle, after = paragraph[: place[0]], paragraph[slice(*place)], paragraph[place[1] :]
            found.append((escape(before), marked(middle, words), escape(after)))
        elif paragraph:
            found.append((escape(paragraph), escape(""), escape("")))
    return found


def _place(sentence: str, paragraph: str) -> tuple[int, int] | None:
    """Where the sentence stands, from and to. Not by a pattern of its words, which a page can make slow."""
    tokens = list(re.finditer(r"\S+", paragraph))
    wanted = " ".join(sentence.split())
    at = " ".join(token.group() for token in tokens).find(wanted) if wanted else -1
    if at < 0:
        return None
    places = [place for token in tokens for place in range(token.start(), token.end() + 1)]
    return places[at], places[at + len(wanted) - 1] + 1
