"""A page watched for change: what it says, line by line, and what is new in one capture beside another."""

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
_UNSEEN = frozenset("script style noscript template svg head iframe object select textarea".split())
_SAME_SIGN = str.maketrans({"“": '"', "”": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "..."})
_NOTHING_SEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True)
class PageChange:
    """What two captures of a page do not share, sentence by sentence: new in the later one, absent from it."""

    added: tuple[str, ...]
    absent: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.absent)


def read(body: bytes, *, url: str, content_type: str = "", selector: str = "") -> str:
    """What the page says: its article's text, or the text of what a CSS selector matches; one line for each block.

    Raises articles.ArticleError.
    """
    if not selector:
        return articles.extract(body, url=url, content_type=content_type).text
    find = _compiled(selector)
    tree = articles.tree_of(body, content_type)
    try:
        found = [node for node in find(tree) if isinstance(node.tag, str)]
    except lxml.etree.LxmlError:
        raise articles.ArticleError(
            deferred_message(
                "The selector “%(selector)s” cannot be used on this page: write a simpler one.", selector=selector
            )
        ) from None
    if not found:
        raise articles.ArticleError(
            walls.wall_of(tree)
            or deferred_message(
                "Nothing on the page matches “%(selector)s”: the page may have been rebuilt. Look for the part's new "
                "name.",
                selector=selector,
            )
        )
    matched = set(found)
    outer = [node for node in found if matched.isdisjoint(node.iterancestors())]
    text = whole_words("\n".join(filter(None, map(_text, outer))))
    if said := walls.wall_in(text):
        raise articles.ArticleError(said)
    if not text:
        raise articles.ArticleError(
            deferred_message(
                "What “%(selector)s” matches has no text: the page may need JavaScript to show it.", selector=selector
            )
        )
    return text[:LONGEST_TEXT]


def compare(before: str, after: str) -> PageChange:
    """What is new in `after` and what is absent from it, beside `before`.

    Sentences are compared as they read, wherever they stand: other white space, quotation marks and dashes are no
    change, and neither is a paragraph that has moved.
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
        for found in tree.xpath(path)[:1]:
            if words := " ".join(str(found).split()):
                return words[:300]
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
    # Not by recursion: a hostile page nests deeper than Python can.
    open_nodes: list[tuple[lxml.html.HtmlElement, bool]] = [(node, False)]
    while open_nodes:
        here, is_end = open_nodes.pop()
        block = here.tag in _BLOCKS
        if is_end:
            if here.tag in ("td", "th"):
                pieces.append(" | ")
            pieces.append("\n" if block else "")
            if here is not node:
                pieces.append(_one_line(here.tail))
            continue
        if not isinstance(here.tag, str) or here.tag in _UNSEEN:
            if here is not node:
                pieces.append(_one_line(here.tail))
            continue
        pieces.append("\n" if block else "")
        pieces.append(_one_line(here.text))
        open_nodes.append((here, True))
        open_nodes.extend((child, False) for child in reversed(here))
    lines = (" ".join(line.split()).strip(" |") for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _one_line(text: str | None) -> str:
    return re.sub(r"\s", " ", text or "")


def sentences_of(text: str) -> list[str]:
    """The sentences of a captured text, in order."""
    return [sentence for line in text.splitlines() for sentence in sentences(line)]


def _key(sentence: str) -> str:
    text = _NOTHING_SEEN.sub("", unicodedata.normalize("NFKC", sentence)).translate(_SAME_SIGN)
    return " ".join(text.split())


def not_among(these: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """The sentences of `these` that are not among `others`, as often as they are more."""
    left = Counter(map(_key, others))
    more = []
    for sentence in these:
        key = _key(sentence)
        if left[key]:
            left[key] -= 1
        elif key:
            more.append(sentence)
    return tuple(more)
