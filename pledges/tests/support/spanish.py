"""What Spanish texts must not hold: sentences that nobody translated, and an article twice before a day."""

import html
import re

from pledges.watch.text import language

# "de el 3 de mayo" and "al el 3 de mayo": a day with its article, put where the sentence has one of its own.
TWICE = re.compile(r"\b(?:el|al|del|de|a) el \d[^.]{0,20}")
TAG = re.compile(r"<(script|style|head)\b.*?</\1>|<[^>]*>", re.DOTALL)
FOREIGN = re.compile(r"<(\w+)\b[^>]*\slang=\"(?!es)[^\"]*\"[^>]*>.*?</\1>", re.DOTALL)


def text_of(page: str) -> str:
    """The text of a page without what is marked as another language."""
    return html.unescape(TAG.sub("\n", FOREIGN.sub("\n", page)))


def english(text: str) -> list[str]:
    """The sentences of a text that are in English."""
    return [each for each in language.sentences(text) if language.language_of(each) == "en"]


def faults(text: str) -> list[str]:
    """What is wrong in a text that should be Spanish."""
    return english(text) + TWICE.findall(" ".join(text.split()))
