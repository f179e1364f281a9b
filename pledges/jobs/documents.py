"""Documents that the desk has pledges looked for in: read while somebody waits, and told apart from what is tracked.

The desk imports this and not the watch (docs/adr/0006-probing.md). Nothing is written here.
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
from pledges.jobs import web
from pledges.jobs.document_opinions import look_twice
from pledges.jobs.duplicates import alike
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
    "looks_twice",
    "mark",
    "read_address",
    "read_file",
    "read_text",
]

PATIENCE = 10.0  # seconds for all of it: somebody waits
FETCHING = 6.0  # of these, for an address


class Problem(UserFacingError):
    """It cannot be read; `sentence` is for an editor."""


@dataclass(frozen=True)
class Document:
    """A document as it was read. `sha256` is of its bytes; what it does not say of itself is "" or None.

    `passed` are sentences that were told apart from pledges (see `Found.why_not`).
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
    """What was pasted; `known` are language, published_on and speakers (see `apart.Asked`). Raises Problem."""
    asked = document_reader.DocumentHints(content_type="text/plain; charset=utf-8", **known)
    return _read(document_reader.clean(text).encode(), asked, PATIENCE)


def read_file(body: bytes, *, name: str, content_type: str, **known: Any) -> Document:
    """What was uploaded; where it has no title of its own, its name is the title."""
    document = _read(body, document_reader.DocumentHints(content_type=content_type, name=name, **known), PATIENCE)
    return document if "html" in content_type else replace(document, title=one_line(name.rpartition(".")[0] or name))


def read_address(url: str, **known: Any) -> Document:
    """What stands at an address, fetched under the guard."""
    began = time.monotonic()
    limits = client.Limits(max_bytes=LARGEST, total_seconds=min(FETCHING, PATIENCE), connect_seconds=4)
    try:
        got = web.get(url, limits=limits)
    except client.FetchError as error:
        raise Problem(error.sentence) from error
    name = got.url.partition("?")[0].rpartition("/")[2]
    asked = document_reader.DocumentHints(content_type=got.content_type, name=name, url=got.url, **known)
    return _read(got.body, asked, PATIENCE - (time.monotonic() - began))


def _read(body: bytes, asked: document_reader.DocumentHints, seconds: float) -> Document:
    asked = replace(asked, time_zone=timezone.get_default_timezone_name())
    try:
        told = document_reader.read(body, asked, seconds=seconds)
    except document_reader.DocumentReaderError as error:
        raise Problem(error.sentence) from error
    if not told.text:
        raise Problem(deferred_message("No text was found in it."))
    return Document(
        title=one_line(told.title),
        publisher=one_line(told.publisher),
        language=told.language,
        published_on=told.published_on,
        sha256=hashlib.sha256(body).hexdigest(),
        text=told.text,
        found=told.found,
        passed=told.passed,
    )


def looks_twice() -> bool:
    """Whether an operator has named an endpoint that looks a second time at what was found."""
    return bool(settings.OPINION_URL)


def ask_for_second_look(row: Intake) -> None:
    """Have a worker ask for it once the document is stored; nothing where the document does not wait for one."""
    if row.second_look == Intake.SecondLook.WAITING:
        transaction.on_commit(lambda: look_twice.delay(row.pk), robust=True)


def mark(sentence: str, *, text: str, language: str, published_on: date | None) -> ExtractedPledge:
    """A sentence that a person marks by hand, where it stands in the text: white space and line ends do not count.

    What the engine can tell of it alone is taken over. Raises Problem where the text does not hold it.
    """
    words = sentence.split()
    place = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    if place is None:
        raise Problem(
            deferred_message("This does not stand in the document: copy the sentence from the text, word for word.")
        )
    whole = place.group()
    for one in extraction.extract(whole, language, published_on=published_on):
        found = one
        break
    else:
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
