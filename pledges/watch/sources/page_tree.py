"""Parses untrusted HTML into a tree of limited size, before anything else reads a web page.

The limits are on what makes parsers slow: libxml2 compares each attribute of an element with all others, and
trafilatura walks the tree and searches values repeatedly. The work here is linear in the length of the text.
"""

import re

import lxml.etree
import lxml.html

from pledges.domain.messages import UserFacingError, deferred_message

MOST_ELEMENTS = 100_000
MOST_ATTRIBUTES = 100  # of one element; further ones are dropped
LONGEST_VALUE = 2_000  # characters of an attribute's value
# Of nested elements; what is deeper is kept as plain text. Twice what browsers warn of: trafilatura reads the text of a
# link once for each element around it.
MOST_DEPTH = 64

_ELEMENT = re.compile(r"<(html|head|body|article|main|div|p|title)\b", re.IGNORECASE)
_LOOKED_AT = 100_000  # characters in which such an element must occur
_START = re.compile(r"<[a-zA-Z]")
# Possessive, so that nothing is scanned twice: an unclosed quote is searched to the end of the text only once.
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_TAG = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE})*+")
_FIRST_ATTRIBUTES = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+")
# What lxml reads but does not write: control characters and others that XML does not have.
_NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_UNREAD = ("script", "style", "template", "noscript")


class TooLarge(UserFacingError):
    """The page has too many elements; `sentence` is for an editor."""


def parse(text: str) -> lxml.html.HtmlElement | None:
    """The tree of an HTML page, or None if the text has no markup. Raises TooLarge."""
    if not _ELEMENT.search(text[:_LOOKED_AT]):
        return None
    if sum(1 for _ in _START.finditer(text)) > MOST_ELEMENTS:
        raise TooLarge(
            deferred_message(
                "The page has more than %(most)s elements: give an address that holds less.", most=MOST_ELEMENTS
            )
        )
    body = _TAG.sub(_fewer_attributes, text).encode("utf-8", "replace")  # lxml refuses a str with an XML declaration
    try:
        # Without huge_tree, libxml2 drops everything after 256 open elements, such as a <font> that is never closed.
        tree = lxml.html.document_fromstring(body, parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=True))
    except (lxml.etree.LxmlError, ValueError):
        return None
    _shorten(tree)
    return tree


def cut(tree: lxml.html.HtmlElement, *, elements: int, characters: int) -> None:
    """Drop what comes after so many elements, comments among them, or characters of text and of attributes' values.

    Texts that nobody reads, such as scripts, do not count.
    """
    for number, element in enumerate(tree.iter(), start=1):
        for_text = characters - sum(map(len, element.attrib.values()))
        text, tail = "" if element.tag in _UNREAD else element.text or "", element.tail or ""
        characters = for_text - len(text) - len(tail)
        if number >= elements or characters < 0:
            break
    else:
        return
    if for_text < 0:
        element.attrib.clear()
    if len(text) > for_text:
        element.text = _NOT_XML.sub("", text[: max(for_text, 0)])
    element.tail = _NOT_XML.sub("", tail[: max(for_text - len(text), 0)])
    del element[:]
    while (parent := element.getparent()) is not None:
        del parent[parent.index(element) + 1 :]
        element = parent
        element.tail = None


def _fewer_attributes(tag: re.Match[str]) -> str:
    whole = tag.group()
    if len(whole) <= 2 * MOST_ATTRIBUTES:
        return whole
    first = _FIRST_ATTRIBUTES.match(whole)
    return first.group() if first else whole


def _shorten(tree: lxml.html.HtmlElement) -> None:
    """Truncate the values of attributes, and replace what is deeper than `MOST_DEPTH` by its text."""
    depth, deepest = 0, []
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        if depth == MOST_DEPTH and len(element):
            deepest.append(element)
        for name, value in element.attrib.items():
            if len(value) > LONGEST_VALUE:
                element.attrib[name] = _NOT_XML.sub("", value[:LONGEST_VALUE])
    for element in deepest:
        lxml.etree.strip_elements(element, lxml.etree.Comment, *_UNREAD, with_tail=False)
        text = " ".join(element.itertext())
        del element[:]
        element.text = _NOT_XML.sub("", text)
