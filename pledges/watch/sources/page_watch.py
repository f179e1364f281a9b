"""Pages watched for change: their text, one line per block, and the difference between two captures."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import lxml.cssselect
import lxml.etree
import lxml.html
from cssselect import SelectorError

from pledges.domain.messages import deferred_message
from pledges.watch.sources import articles, walls
from pledges.watch.text.language import sentences
from pledges.watch.text.paragraphs import whole_words

LONGEST_TEXT = articles.LONGEST_TEXT
_BLOCKS = frozenset(
    "address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table tbody tfoot thead tr ul br option".split()
)
_INVISIBLE_ELEMENTS = frozenset("script style noscript template svg head iframe object select textarea".split())
_EQUIVALENT = str.maketrans(
    {"“": '"', "”": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "..."}
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True)
class PageChange:
    """The difference between two captures of a page, by sentences: those added in the later one and those missing."""

    added: tuple[str, ...]
    absent: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.absent)


def read(body: bytes, *, url: str, content_type: str = "", selector: str = "") -> str:
    """The text of a page: of its article, or of what a CSS selector matches, with one line per block.

    Raises articles.ArticleError.
    """
    if not selector:
        return articles.extract(body, url=url, content_type=content_type).text
    find = _compiled(selector)
    tree = articles.tree_of(body, content_type)
    try:
        nodes = [node for node in find(tree) if isinstance(node.tag, str)]
    except lxml.etree.LxmlError:
        raise articles.ArticleError(
            deferred_message(
                "The selector “%(selector)s” cannot be used on this page: write a simpler one.", selector=selector
            )
        ) from None
    if not nodes:
        raise articles.ArticleError(
            walls.wall_of(tree)
            or deferred_message(
                "Nothing on the page matches “%(selector)s”: the page may have been rebuilt. Look for the part's new "
                "name.",
                selector=selector,
            )
        )
    matched = set(nodes)
    outer = [node for node in nodes if matched.isdisjoint(node.iterancestors())]
    text = whole_words("\n".join(filter(None, map(_text, outer))))
    if wall := walls.wall_in(text):
        raise articles.ArticleError(wall)
    if not text:
        raise articles.ArticleError(
            deferred_message(
                "What “%(selector)s” matches has no text: the page may need JavaScript to show it.", selector=selector
            )
        )
    return text[:LONGEST_TEXT]


def compare(before: str, after: str) -> PageChange:
    """The sentences that are new in `after`, and those of `before` that are missing from it.

    Neither differences in white space, quotation marks and dashes nor the position of a sentence count as a change.
    """
    old, new = sentences_of(before), sentences_of(after)
    return PageChange(not_among(new, old), not_among(old, new))


def title(body: bytes, content_type: str = "") -> str:
    """The page's title, or ""."""
    try:
        tree = articles.tree_of(body, content_type)
    except articles.ArticleError:
        return ""
    for path in ("//meta[@property='og:title']/@content", "//head/title/text()", "//title/text()", "//h1//text()"):
        for match in tree.xpath(path)[:1]:
            if text := " ".join(str(match).split()):
                return text[:300]
    return ""


def _compiled(selector: str) -> lxml.cssselect.CSSSelector:
    try:
        return lxml.cssselect.CSSSelector(selector, translator="html")
    except (SelectorError, lxml.etree.LxmlError, RecursionError, ValueError):
        raise articles.ArticleError(
            deferred_message(
                "“%(selector)s” is not a CSS selector: write for instance main, #agenda or .news-list li.",
                selector=selector,
            )
        ) from None


def _text(node: lxml.html.HtmlElement) -> str:
    pieces: list[str] = []
    # Not by recursion: a malicious page may nest deeper than Python's recursion limit.
    open_nodes: list[tuple[lxml.html.HtmlElement, bool]] = [(node, False)]
    while open_nodes:
        current, is_end = open_nodes.pop()
        block = current.tag in _BLOCKS
        if is_end:
            if current.tag in ("td", "th"):
                pieces.append(" | ")
            pieces.append("\n" if block else "")
            if current is not node:
                pieces.append(_one_line(current.tail))
            continue
        if not isinstance(current.tag, str) or current.tag in _INVISIBLE_ELEMENTS:
            if current is not node:
                pieces.append(_one_line(current.tail))
            continue
        pieces.append("\n" if block else "")
        pieces.append(_one_line(current.text))
        open_nodes.append((current, True))
        open_nodes.extend((child, False) for child in reversed(current))
    lines = (" ".join(line.split()).strip(" |") for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _one_line(text: str | None) -> str:
    return re.sub(r"\s", " ", text or "")


def sentences_of(text: str) -> list[str]:
    """The sentences of a captured text, in order."""
    return [sentence for line in text.splitlines() for sentence in sentences(line)]


def _key(sentence: str) -> str:
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", sentence)).translate(_EQUIVALENT)
    return " ".join(text.split())


def not_among(these: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """The sentences of `these` that are not among `others` (a multiset difference)."""
    remaining = Counter(map(_key, others))
    difference = []
    for sentence in these:
        key = _key(sentence)
        if remaining[key]:
            remaining[key] -= 1
        elif key:
            difference.append(sentence)
    return tuple(difference)
