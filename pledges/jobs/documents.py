"""Documents in which the desk looks for pledges, read while an editor waits. Read-only.

The desk imports this and not the watch (docs/adr/0006-probing.md).
"""

import hashlib
import re
import time
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from pledges.domain.messages import UserFacingError, deferred_message
from pledges.jobs import encoders, web
from pledges.jobs.document_opinions import look_twice
from pledges.jobs.duplicates import alike, like
from pledges.models import Intake
from pledges.watch import extraction
from pledges.watch.extraction import ExtractedPledge, document_reader
from pledges.watch.sources.documents import MOST_BYTES as LARGEST
from pledges.watch.text.language import one_line
from pledges.watch.web import client

__all__ = [
    "Document",
    "Problem",
    "alike",
    "ask_for_second_look",
    "like",
    "looks_twice",
    "mark",
    "read_address",
    "read_file",
    "read_text",
]

PATIENCE = 10.0  # seconds in all, because an editor waits
FETCHING = 6.0  # of these for the request
ENCODING = 0.5  # the share of the time left after which no more sentences are encoded


class Problem(UserFacingError):
    """A document cannot be read; `sentence` is for an editor."""


@dataclass(frozen=True)
class Document:
    """A document as it was read. `sha256` is the hash of its bytes; what is not known of it is "" or None.

    `passed` are sentences that look like pledges and are none.
    """

    title: str
    publisher: str
    language: str
    published_on: date | None
    sha256: str
    text: str
    found: tuple[ExtractedPledge, ...]
    passed: tuple[ExtractedPledge, ...] = ()


def read_text(text: str, **known: Any) -> Document:
    """Read pasted text; `known` are fields of `DocumentHints`: language, published_on, speakers. Raises Problem."""
    hints = document_reader.DocumentHints(content_type="text/plain; charset=utf-8", **known)
    return _read(document_reader.clean(text).encode(), hints, PATIENCE)


def read_file(body: bytes, *, name: str, content_type: str, **known: Any) -> Document:
    """Read an uploaded file; the title is that of an HTML page, or else the file's name. Raises Problem."""
    document = _read(body, document_reader.DocumentHints(content_type=content_type, name=name, **known), PATIENCE)
    return document if "html" in content_type else replace(document, title=one_line(name.rpartition(".")[0] or name))


def read_address(url: str, **known: Any) -> Document:
    """Fetch and read the document at an address. Raises Problem."""
    began = time.monotonic()
    limits = client.Limits(max_bytes=LARGEST, total_seconds=min(FETCHING, PATIENCE), connect_seconds=4)
    try:
        answer = web.get(url, limits=limits)
    except client.FetchError as error:
        raise Problem(error.sentence) from error
    name = answer.url.partition("?")[0].rpartition("/")[2]
    hints = document_reader.DocumentHints(content_type=answer.content_type, name=name, url=answer.url, **known)
    return _read(answer.body, hints, PATIENCE - (time.monotonic() - began))


def _read(body: bytes, hints: document_reader.DocumentHints, seconds: float) -> Document:
    end = time.monotonic() + seconds * ENCODING
    encode_for = seconds * ENCODING if encoders.local_is_chosen() else 0.0
    hints = replace(hints, time_zone=timezone.get_default_timezone_name(), encode_for=encode_for)
    try:
        contents = document_reader.read(body, hints, seconds=seconds)
    except document_reader.DocumentReaderError as error:
        raise Problem(error.sentence) from error
    if not contents.text:
        raise Problem(deferred_message("No text was found in it."))
    reading = contents.reading
    if endpoint := encoders.endpoint(seconds=FETCHING / 2):  # not asked by the child, which must not know its key
        reading = extraction.judged(reading, endpoint, until=end)
    return Document(
        title=one_line(contents.title),
        publisher=one_line(contents.publisher),
        language=contents.language,
        published_on=contents.published_on,
        sha256=hashlib.sha256(body).hexdigest(),
        text=contents.text,
        found=reading.pledges,
        passed=reading.rejected,
    )


def looks_twice() -> bool:
    """Whether the operator has set an endpoint for second opinions."""
    return bool(settings.OPINION_URL)


def ask_for_second_look(row: Intake) -> None:
    """Enqueue the second opinion for after the commit; does nothing if the document does not wait for one."""
    if row.second_look == Intake.SecondLook.WAITING:
        transaction.on_commit(lambda: look_twice.delay(row.pk), robust=True)


def mark(sentence: str, *, text: str, language: str, published_on: date | None) -> ExtractedPledge:
    """The pledge in a sentence that an editor has marked in the text. White space and line ends may differ.

    Its fields are what extraction finds in the sentence alone. Raises Problem if the text does not contain it.
    """
    words = sentence.split()
    place = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    if place is None:
        raise Problem(
            deferred_message("This does not stand in the document: copy the sentence from the text, word for word.")
        )
    whole = place.group()
    found = next(iter(extraction.extract(whole, language, published_on=published_on)), None)
    if found is None:
        found = ExtractedPledge(
            speaker="",
            action=" ".join(words),
            sentence=whole,
            starts_at=0,
            ends_at=len(whole),
            deadline=None,
            deadline_precision="",
            checkable=True,
            confidence=1.0,
            reason="",
        )
    return replace(
        found, sentence=whole, starts_at=place.start(), ends_at=place.end(), checkable=True, confidence=1.0, reason=""
    )
