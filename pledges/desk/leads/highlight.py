"""Highlight words and sentences in text that came from outside."""

import re
import unicodedata
from collections.abc import Iterable

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe


def _folded(text: str) -> str:
    """The text in lower case without accents, character by character, so that offsets in it are offsets in the text."""
    return "".join(unicodedata.normalize("NFKD", char)[0].lower()[:1] for char in text)


def marked(text: str, words: Iterable[str], cue: str = "") -> SafeString:
    """The text as escaped HTML with the whole words that are in `words` in <mark>; accents and case do not count.

    The first place that has the `cue`, whatever its white space, is in a <mark> of its own class.
    """
    words = tuple(words)
    cue_words = r"\s+".join(map(re.escape, _folded(cue).split()))
    place = re.search(rf"(?<!\w){cue_words}(?!\w)", _folded(text))
    if cue_words and place:
        start, end = place.span()
        cue_mark = format_html('<mark class="desk-cue">{}</mark>', text[start:end])
        return marked(text[:start], words) + cue_mark + marked(text[end:], words)
    wanted = sorted({_folded(word) for word in words if word.strip()}, key=len, reverse=True)
    if not wanted:
        return escape(text)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)")
    pieces, end = [], 0
    for match in pattern.finditer(_folded(text)):
        pieces += [escape(text[end : match.start()]), f"<mark>{escape(text[match.start() : match.end()])}</mark>"]
        end = match.end()
    return mark_safe("".join([*pieces, escape(text[end:])]))  # every piece is escaped above


def paragraphs(
    text: str, sentence: str, words: Iterable[str], cue: str = ""
) -> list[tuple[SafeString, SafeString, SafeString]]:
    """The text's paragraphs as escaped HTML: (before, sentence, after), with `words` and `cue` marked in the sentence.

    The sentence is in the first paragraph that has it, whatever the white space; in all others, the middle is empty.
    """
    parts: list[tuple[SafeString, SafeString, SafeString]] = []
    place = None
    for paragraph in (part.strip() for part in re.split(r"\n+", text)):
        is_first = place is None
        place = place or _find(sentence, paragraph)
        if place and is_first:
            before, middle, after = paragraph[: place[0]], paragraph[slice(*place)], paragraph[place[1] :]
            parts.append((escape(before), marked(middle, words, cue), escape(after)))
        elif paragraph:
            parts.append((escape(paragraph), escape(""), escape("")))
    return parts


def _find(sentence: str, paragraph: str) -> tuple[int, int] | None:
    """The sentence's start and end in the paragraph. Not by a regular expression: a hostile page can make it slow."""
    tokens = list(re.finditer(r"\S+", paragraph))
    wanted = " ".join(sentence.split())
    at = " ".join(token.group() for token in tokens).find(wanted) if wanted else -1
    if at < 0:
        return None
    # The offset in the paragraph of each character of the joined tokens, with one for the space behind each.
    offsets = [offset for token in tokens for offset in range(token.start(), token.end() + 1)]
    return offsets[at], offsets[at + len(wanted) - 1] + 1
