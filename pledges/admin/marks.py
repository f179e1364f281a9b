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
    tokens = [re.escape(token) for token in sentence.split()]
    pattern = re.compile(r"\s+".join(tokens)) if tokens else None
    found = []
    for paragraph in (part.strip() for part in re.split(r"\n+", text)):
        match = pattern.search(paragraph) if pattern else None
        if match:
            pattern = None
            before, middle, after = paragraph[: match.start()], match.group(), paragraph[match.end() :]
            found.append((escape(before), marked(middle, words), escape(after)))
        elif paragraph:
            found.append((escape(paragraph), escape(""), escape("")))
    return found
