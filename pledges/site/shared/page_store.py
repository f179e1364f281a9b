"""Answers of public pages in the shared cache: one version of each, the last that was made."""

import logging
import time
from dataclasses import astuple, dataclass

from django.core.cache import caches

from pledges.queries.pulse import UNREACHABLE
from pledges.site.shared.page_keys import Key

log = logging.getLogger(__name__)
KEPT_SECONDS = 86_400  # a page that is asked for more rarely is not there while the database is away
ALIAS = "pages"


@dataclass(frozen=True)
class StoredPage:
    """A version of a page: its headers and body as its view gave them, compressed if it is a text; its language, and
    when it was made (seconds since 1970, UTC)."""

    digest: str
    version: str
    language: str
    made_at: float
    headers: dict[str, str]
    body: bytes


def read(key: Key) -> StoredPage | None:
    """The version of a page that was stored last, which need not be the newest; None without one or without a cache."""
    try:
        values = caches[ALIAS].get(key.name)
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)
        return None
    try:
        stored = StoredPage(*values) if values else None
    except TypeError:  # by another release
        return None
    return stored if stored and stored.digest == key.digest else None


def delete(key: Key) -> None:
    """Forget a page that is not there any more; without a cache nothing happens."""
    if read(key):  # and not another page in the same slot
        try:
            caches[ALIAS].delete(key.name)
        except UNREACHABLE as error:
            log.warning("The cache cannot be reached: %s", error)


def write(key: Key, version: str, language: str, headers: dict[str, str], body: bytes) -> None:
    """Store a version of a page, in place of the one before; without a cache nothing happens."""
    try:
        stored = StoredPage(key.digest, version, language, time.time(), headers, body)
        caches[ALIAS].set(key.name, astuple(stored), KEPT_SECONDS)
    except UNREACHABLE as error:
        log.warning("The cache cannot be reached: %s", error)
