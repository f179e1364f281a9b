"""Parses a document and extracts its pledges, in a child process (see `isolation`).

Files are untrusted: one may have ten thousand pages, or be crafted so that parsing it never ends.
"""

import contextlib
import time
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

from pledges.domain.messages import UserFacingError, deferred_message
from pledges.watch import extraction, isolation
from pledges.watch.sources import articles, documents
from pledges.watch.text.encoder import local
from pledges.watch.text.language import language_of, one_line
from pledges.watch.text.paragraphs import whole_words

_MIN_SECONDS = 0.05  # with less time left, after a slow download, parsing is not started
_KEPT = frozenset("\n\t")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})


class DocumentReaderError(UserFacingError):
    """The document could not be read, or not in time; `sentence` is for an editor."""


@dataclass(frozen=True)
class DocumentHints:
    """What is known of a document before it is parsed; unknown is "" or None.

    `content_type` is the whole header, or the type that a browser gave an upload; `name` is the file's name, `url` its
    address. `speakers` are the names of those who made the pledges; dates are in `time_zone`, the newsroom's. With
    `encode_for` the encoder of this machine reads sentences too, until so many seconds after the start.
    """

    content_type: str = ""
    name: str = ""
    url: str = ""
    language: str = ""
    published_on: date | None = None
    speakers: tuple[str, ...] = ()
    time_zone: str = "UTC"
    encode_for: float = 0.0


@dataclass(frozen=True)
class ParsedDocument:
    """A parsed document: its metadata ("" or None if unknown), its text, and what was read in it."""

    title: str
    publisher: str
    language: str
    published_on: date | None
    text: str
    reading: extraction.Reading = field(default_factory=extraction.Reading)


def read(body: bytes, hints: DocumentHints, *, seconds: float) -> ParsedDocument:
    """Parse a document and extract its pledges, within `seconds`. Raises DocumentReaderError.

    If the language is neither given nor detected, it is "" and no pledges are extracted.
    """
    too_late = DocumentReaderError(
        deferred_message(
            "The document takes longer to read than anybody should wait: give the part of it that holds the "
            "pledges, or paste its text."
        )
    )
    if seconds < _MIN_SECONDS:
        raise too_late
    try:
        parsed: ParsedDocument = isolation.call(read_here, body, hints, seconds=seconds)
        return parsed
    except isolation.TimedOut:
        raise too_late from None
    except isolation.Crashed:
        message = deferred_message(
            "The document could not be read to its end: it is damaged or asks for too much memory. Give the part "
            "of it that holds the pledges, or paste its text."
        )
        raise DocumentReaderError(message) from None
    except documents.DocumentError as error:
        raise DocumentReaderError(error.sentence) from error


def read_here(body: bytes, hints: DocumentHints) -> ParsedDocument:
    """As `read`, but in this process and without a time limit. Raises the exceptions of `documents`."""
    began = time.monotonic()
    metadata = ParsedDocument("", "", hints.language, hints.published_on, "")
    if "html" in hints.content_type or (not hints.content_type and hints.name.lower().endswith((".html", ".htm"))):
        with contextlib.suppress(articles.ArticleError):  # `documents` reads the text in any case
            zone = ZoneInfo(hints.time_zone)
            page = articles.extract(body, url=hints.url, content_type=hints.content_type, zone=zone)
            day = page.published_at.astimezone(zone).date() if page.published_at else None
            metadata = ParsedDocument(
                title=page.title,
                publisher=page.publisher,
                language=hints.language or page.language,
                published_on=hints.published_on or day,
                text="",
            )
    text = clean(documents.text_of(body, content_type=hints.content_type, file_name=hints.name, url=hints.url))
    language = metadata.language or language_of(text)
    reading = extraction.Reading()
    if language:
        reading = extraction.read(text, language, published_on=metadata.published_on, speakers=hints.speakers)
        if hints.encode_for and (encoder := local()):
            reading = extraction.judged(reading, encoder, until=began + hints.encode_for)
    title = metadata.title or _first_line(text)
    return replace(metadata, title=title, language=language, text=text, reading=reading)


def clean(text: str) -> str:
    """Normalize a text for database and page: \\n as line ending, no invisible characters, no repeated empty lines.

    Removed are control characters and lone surrogates (PDF has both), and bidirectional controls (with which a quote
    would read as something else).
    """
    text = whole_words(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(char for char in text if char in _KEPT or unicodedata.category(char) not in _INVISIBLE)
    lines = [line.rstrip() for line in text.split("\n")]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).strip()


def _first_line(text: str) -> str:
    line = one_line(text.partition("\n")[0])
    return line if len(line) <= 160 else f"{line[:159].rpartition(' ')[0]}…"
