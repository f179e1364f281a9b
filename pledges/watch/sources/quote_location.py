"""Where a quoted sentence stands in a captured page, though quotes, dashes, spaces or a few letters are others there.

The rule, in this order:

1. The same letters and figures, as whole words: case, accents, quotes, dashes, spaces and punctuation do not count.
2. Cut with an ellipsis ("…", "...", "[…]"): each part stands there by 1, in order and near the one before.
3. Nearly: at least `NEARLY` of 100 by rapidfuzz's partial ratio, for sentences of `LONG_ENOUGH` letters or more, where
   the passage has the same figures and the same words of denial. "1,782" is not "1,728", and "will" is not "will not".
"""

import contextlib
import re
import unicodedata
from collections import Counter

from rapidfuzz import fuzz

from pledges.watch.sources import articles

NEARLY = 92.0
LONG_ENOUGH = 40
_NEAR = 1500  # letters between two parts of a cut sentence
_SHORTEST_PART = 12
_LONGEST_TEXT = 400_000
_CUT = re.compile(r"\[\s*(?:…|\.{2,})\s*\]|\(\s*(?:…|\.{2,})\s*\)|…|\.{3,}")
_FIGURE = re.compile(r"\d+")
_DENIALS = frozenset("no not never none nor without nunca jamas ningun ninguna ninguno ni sin tampoco cannot t".split())
_SILENT = ("script", "style", "noscript", "template", "head")


def texts_of(body: bytes, *, url: str, content_type: str = "") -> list[str]:
    """The texts in a page in which a sentence is looked for: the article's, then all that the page shows.

    Empty where nothing can be read: a PDF, a picture. That is not the same as a page without the sentence.
    """
    found = []
    with contextlib.suppress(articles.ArticleError):
        found.append(articles.extract(body, url=url, content_type=content_type).text)
    if whole := _shown(body, content_type):
        found.append(whole)
    return found


def locate_in(sentence: str, body: bytes, *, url: str, content_type: str = "") -> int | None:
    """As `locate`, in the texts of a page."""
    return locate(sentence, texts_of(body, url=url, content_type=content_type))


def locate(sentence: str, texts: list[str]) -> int | None:
    """The character at which the sentence begins in the first of the texts that has it; -1 where none has it.

    None where there is nothing to look for or nothing to look in.
    """
    if not sentence.strip() or not texts:
        return None
    return next((at for text in texts if (at := find(sentence, text)) >= 0), -1)


def find(sentence: str, text: str) -> int:
    """The character of `text` at which `sentence` begins by the rule above, or -1."""
    text = text[:_LONGEST_TEXT]
    plain, places = _plain(text)
    wanted = _plain(sentence)[0].strip()
    if not wanted:
        return -1
    for start in (_whole(wanted, plain), _cut(sentence, plain), _nearly(wanted, plain)):
        if start >= 0:
            return places[start]
    return -1


def _whole(wanted: str, plain: str) -> int:
    """Where `wanted` stands as whole words."""
    at = f" {plain} ".find(f" {wanted} ")
    return at if at >= 0 else -1


def _cut(sentence: str, plain: str) -> int:
    parts = [part for one in _CUT.split(sentence) if (part := _plain(one)[0].strip())]
    if not parts or max(map(len, parts)) < _SHORTEST_PART or parts == [_plain(sentence)[0].strip()]:
        return -1
    first = _whole(parts[0], plain)
    while first >= 0:
        end, begins = first + len(parts[0]), first
        for part in parts[1:]:
            at = _whole(part, plain[end : end + _NEAR])
            if at < 0:
                break
            end += at + len(part)
        else:
            return begins
        again = _whole(parts[0], plain[first + 1 :])
        first = first + 1 + again if again >= 0 else -1
    return -1


def _nearly(wanted: str, plain: str) -> int:
    if len(wanted) < LONG_ENOUGH or len(plain) < len(wanted) * 0.9:
        return -1
    found = fuzz.partial_ratio_alignment(wanted, plain, score_cutoff=NEARLY)
    if not found:
        return -1
    # The window is as long as the sentence: its edges may cut a word, which the words around it complete.
    start = plain.rfind(" ", 0, found.dest_start) + 1
    end = plain.find(" ", found.dest_end)
    passage = plain[start : end if end >= 0 else len(plain)]
    return start if _must_agree(wanted) == _must_agree(passage) else -1


def _must_agree(plain: str) -> tuple[Counter[str], Counter[str]]:
    """The figures and the denials of a passage."""
    return Counter(_FIGURE.findall(plain)), Counter(word for word in plain.split() if word in _DENIALS)


def _plain(text: str) -> tuple[str, list[int]]:
    """The letters and figures of a text, folded, one space between words, and the place in `text` of each."""
    plain: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        folded = unicodedata.normalize("NFKD", character).casefold()
        kept = "".join(c for c in folded if c.isalnum())
        if kept:
            plain.append(kept)
            places += [at] * len(kept)
        elif not unicodedata.combining(character) and character not in "\u00ad\u200b\u200c\u200d\u2060\ufeff":
            inside_a_figure = character in ".," and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
            if not inside_a_figure and plain and plain[-1] != " ":
                plain.append(" ")
                places.append(at)
    return "".join(plain), places


def _shown(body: bytes, content_type: str) -> str:
    """All the text that a page shows, or "" where it is not a web page."""
    try:
        tree = articles.tree_of(body, content_type)
    except articles.ArticleError:
        return ""
    for element in list(tree.iter(*_SILENT)):
        if element.getparent() is not None:
            element.drop_tree()
    return "\n".join(line for part in tree.itertext() if (line := " ".join(part.split())))
