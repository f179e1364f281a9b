"""What trafilatura makes of a page: the article's text, and what the page says about it."""

from typing import Any

import justext.core
import lxml.html
import trafilatura

# For each short paragraph, jusText (which trafilatura asks when it finds little itself) looks for the nearest that is
# not: through all of the page, where all are short. It has no setting for that, and this is where it looks.
_NEAR = 200  # paragraphs


def metadata(tree: lxml.html.HtmlElement, url: str) -> trafilatura.settings.Document:
    """What trafilatura finds about the article; nothing if that makes it fail, as an offset of 99 hours does."""
    try:
        return trafilatura.extract_metadata(tree, default_url=url)
    except (TypeError, ValueError):  # with these, trafilatura itself gives up
        return trafilatura.settings.Document()


def text(tree: lxml.html.HtmlElement, url: str) -> str:
    """The article's text by trafilatura; "" if there is none."""
    result = trafilatura.bare_extraction(tree, url=url, include_comments=False)
    return result.text or "" if isinstance(result, trafilatura.settings.Document) else ""  # else None


def _neighbour(at: int, paragraphs: list[Any], ignore_neargood: bool, step: int, end: int) -> str:
    """jusText's own, which looks at no more than `_NEAR` paragraphs."""
    near = min(end, at + _NEAR) if step > 0 else max(end, at - _NEAR)
    found: str = _any_neighbour(at, paragraphs, ignore_neargood, step, near)
    return found


_any_neighbour, justext.core._get_neighbour = justext.core._get_neighbour, _neighbour
