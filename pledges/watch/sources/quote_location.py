"""Locates a quoted sentence in a captured page, even if quotes, dashes, spaces or a few letters differ.

The rules, in this order:

1. Exact: the same letters and figures, as whole words; case, accents, quotes, dashes, spaces and punctuation are
   ignored.
2. Elided: for a sentence with an ellipsis ("…", "...", "[…]"), each part matches by rule 1, in order and close to the
   one before.
3. Fuzzy: a partial ratio (rapidfuzz) of at least `NEARLY` of 100, for sentences of `LONG_ENOUGH` letters or more, if
   the passage has the same figures and negations: "1,782" is not "1,728", and "will" is not "will not".
"""

import contextlib
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from pledges.domain.lazy import lazy
from pledges.watch.sources import articles

if TYPE_CHECKING:
    from rapidfuzz import fuzz
else:
    fuzz = lazy("rapidfuzz.fuzz")

NEARLY = 92.0
LONG_ENOUGH = 40
_NEAR = 1500  # letters between two parts of an elided sentence
_SHORTEST_PART = 12
_LONGEST_TEXT = 400_000
_ELLIPSIS = re.compile(r"\[\s*(?:…|\.{2,})\s*\]|\(\s*(?:…|\.{2,})\s*\)|…|\.{3,}")
_FIGURE = re.compile(r"\d+")
_NEGATIONS = frozenset(
    "no not never none nor without nunca jamas ningun ninguna ninguno ni sin tampoco cannot t".split()
)
_INVISIBLE = ("script", "style", "noscript", "template", "head")


def texts_of(body: bytes, *, url: str, content_type: str = "") -> list[str]:
    """The texts of a page in which to search: the article's, then all visible text.

    Empty if there is no text to read, as in a PDF or a picture; that differs from a page without the sentence.
    """
    texts = []
    with contextlib.suppress(articles.ArticleError):
        texts.append(articles.extract(body, url=url, content_type=content_type).text)
    if visible := _visible_text(body, content_type):
        texts.append(visible)
    return texts


def locate_in(sentence: str, body: bytes, *, url: str, content_type: str = "") -> int | None:
    """As `locate`, in the texts of a page."""
    return locate(sentence, texts_of(body, url=url, content_type=content_type))


def locate(sentence: str, texts: list[str]) -> int | None:
    """The position of the sentence in the first text that has it; -1 if none has it.

    None if there is no sentence or no text.
    """
    if not sentence.strip() or not texts:
        return None
    return next((at for text in texts if (at := find(sentence, text)) >= 0), -1)


def find(sentence: str, text: str) -> int:
    """The position of `sentence` in `text` by the rules above, or -1."""
    text = text[:_LONGEST_TEXT]
    plain, places = _plain(text)
    wanted = _plain(sentence)[0].strip()
    if not wanted:
        return -1
    for start in (_exact(wanted, plain), _elided(sentence, plain), _fuzzy(wanted, plain)):
        if start >= 0:
            return places[start]
    return -1


def _exact(wanted: str, plain: str) -> int:
    """The position of `wanted` as whole words, or -1."""
    at = f" {plain} ".find(f" {wanted} ")
    return at if at >= 0 else -1


def _elided(sentence: str, plain: str) -> int:
    parts = [part for piece in _ELLIPSIS.split(sentence) if (part := _plain(piece)[0].strip())]
    if not parts or max(map(len, parts)) < _SHORTEST_PART or parts == [_plain(sentence)[0].strip()]:
        return -1
    first = _exact(parts[0], plain)
    while first >= 0:
        end, begins = first + len(parts[0]), first
        for part in parts[1:]:
            at = _exact(part, plain[end : end + _NEAR])
            if at < 0:
                break
            end += at + len(part)
        else:
            return begins
        following = _exact(parts[0], plain[first + 1 :])
        first = first + 1 + following if following >= 0 else -1
    return -1


def _fuzzy(wanted: str, plain: str) -> int:
    if len(wanted) < LONG_ENOUGH or len(plain) < len(wanted) * 0.9:
        return -1
    alignment = fuzz.partial_ratio_alignment(wanted, plain, score_cutoff=NEARLY)
    if not alignment:
        return -1
    # The window is as long as the sentence, so its edges may be inside a word: extend it to whole words.
    start = plain.rfind(" ", 0, alignment.dest_start) + 1
    end = plain.find(" ", alignment.dest_end)
    passage = plain[start : end if end >= 0 else len(plain)]
    return start if _must_agree(wanted) == _must_agree(passage) else -1


def _must_agree(plain: str) -> tuple[Counter[str], Counter[str]]:
    """The figures and the negations of a passage."""
    return Counter(_FIGURE.findall(plain)), Counter(word for word in plain.split() if word in _NEGATIONS)


def _plain(text: str) -> tuple[str, list[int]]:
    """The letters and figures of a text, folded, with one space between words, and the position in `text` of each."""
    plain: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        folded = unicodedata.normalize("NFKD", character).casefold()
        kept = "".join(char for char in folded if char.isalnum())
        if kept:
            plain.append(kept)
            places += [at] * len(kept)
        elif not unicodedata.combining(character) and character not in "\u00ad\u200b\u200c\u200d\u2060\ufeff":
            inside_a_figure = character in ".," and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
            if not inside_a_figure and plain and plain[-1] != " ":
                plain.append(" ")
                places.append(at)
    return "".join(plain), places


def _visible_text(body: bytes, content_type: str) -> str:
    """All visible text of a page; "" if it is not a web page."""
    try:
        tree = articles.tree_of(body, content_type)
    except articles.ArticleError:
        return ""
    for element in list(tree.iter(*_INVISIBLE)):
        if element.getparent() is not None:
            element.drop_tree()
    return "\n".join(line for part in tree.itertext() if (line := " ".join(part.split())))
