"""A document is read and searched for pledges in a child process (see `isolation`).

Files come from anywhere: one can hold ten thousand pages, or be made so that reading it never ends.
"""

import contextlib
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from pledges.domain.messages import UserFacingError, deferred_message
from pledges.watch import extraction, isolation
from pledges.watch.sources import articles, documents
from pledges.watch.text.language import language_of, one_line
from pledges.watch.text.paragraphs import whole_words

_LEAST_SECONDS = 0.05  # with less left, after an address was slow, nothing is begun
_KEPT = frozenset("\n\t")
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


class DocumentReaderError(UserFacingError):
    """It could not be read, or not in time; `sentence` is for an editor."""


@dataclass(frozen=True)
class DocumentHints:
    """What is known of a document before it is read; what is not known is "" or None.

    `content_type` is the whole header or a browser's word for a file; `name` is the file's name, `url` where it stood.
    `speakers` are the names of those whose pledges they are, `time_zone` is the newsroom's, whose days are meant.
    """

    content_type: str = ""
    name: str = ""
    url: str = ""
    language: str = ""
    published_on: date | None = None
    speakers: tuple[str, ...] = ()
    time_zone: str = "UTC"


@dataclass(frozen=True)
class ParsedDocument:
    """A document as it was read: what it says of itself ("" or None where it says nothing), its text, its pledges,
    and what was told apart from them (see `Found.why_not`)."""

    title: str
    publisher: str
    language: str
    published_on: date | None
    text: str
    found: tuple[extraction.ExtractedPledge, ...] = ()
    passed: tuple[extraction.ExtractedPledge, ...] = ()


def read(body: bytes, asked: DocumentHints, *, seconds: float) -> ParsedDocument:
    """Read a document and look for the pledges in it, within so many seconds. Raises DocumentReaderError.

    Nothing is looked for where the language is neither given nor can be told: it is then "".
    """
    too_late = DocumentReaderError(
        deferred_message(
            "The document takes longer to read than anybody should wait: give the part of it that holds the "
            "pledges, or paste its text."
        )
    )
    if seconds < _LEAST_SECONDS:
        raise too_late
    try:
        parsed: ParsedDocument = isolation.call(read_here, body, asked, seconds=seconds)
        return parsed
    except isolation.TimedOut:
        raise too_late from None
    except isolation.Crashed:
        said = deferred_message(
            "The document could not be read to its end: it is damaged or asks for too much memory. Give the part "
            "of it that holds the pledges, or paste its text."
        )
        raise DocumentReaderError(said) from None
    except documents.DocumentError as error:
        raise DocumentReaderError(error.sentence) from error


def read_here(body: bytes, asked: DocumentHints) -> ParsedDocument:
    """The same in this process, for as long as it takes. Raises the exceptions of `documents`."""
    told = ParsedDocument("", "", asked.language, asked.published_on, "")
    if "html" in asked.content_type or (not asked.content_type and asked.name.lower().endswith((".html", ".htm"))):
        with contextlib.suppress(articles.ArticleError):  # what the text is, `documents` decides
            zone = ZoneInfo(asked.time_zone)
            page = articles.extract(body, url=asked.url, content_type=asked.content_type, zone=zone)
            day = page.published_at.astimezone(zone).date() if page.published_at else None
            told = ParsedDocument(
                title=page.title,
                publisher=page.publisher,
                language=asked.language or page.language,
                published_on=asked.published_on or day,
                text="",
            )
    text = clean(documents.text_of(body, content_type=asked.content_type, file_name=asked.name, url=asked.url))
    language = told.language or language_of(text)
    found: list[extraction.ExtractedPledge] = []
    passed: list[extraction.ExtractedPledge] = []
    if language:
        found, passed = extraction.sorted_out(text, language, published_on=told.published_on, speakers=asked.speakers)
    title = told.title or _first_line(text)
    return replace(told, title=title, language=language, text=text, found=tuple(found), passed=tuple(passed))


def clean(text: str) -> str:
    """A text that a database and a page can hold: lines end in one way, and nothing stands in it that cannot be seen.

    Control characters and halves of characters (PDF has both), what turns the direction of writing (a quote would then
    read as something else) and more than one empty line in a row are dropped.
    """
    text = whole_words(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(each for each in text if each in _KEPT or unicodedata.category(each) not in _UNSEEN)
    lines = [line.rstrip() for line in text.split("\n")]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).strip()


def _first_line(text: str) -> str:
    line = one_line(text.partition("\n")[0])
    return line if len(line) <= 160 else f"{line[:159].rpartition(' ')[0]}…"
