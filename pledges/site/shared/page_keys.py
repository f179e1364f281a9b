"""Under which key a public page is cached, which version of it is the newest, and its ETag.

Every layer of the cache asks here: the process's memory (`front`) and the shared cache (`page_store`).
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from pledges.queries import asof
from pledges.queries.pulse import Pulse
from pledges.queries.search import filters

SEVERAL = (*filters.FACETS, "series")  # parameters of which a page may read several values
SEARCHES = ("q", "url")  # parameters of words that a reader types
BLANK = {"q", "sort", "page", filters.SINCE, *asof.PARAMETERS}  # an empty value of these asks for nothing
CHECKED_STEP = 600  # a cached page may show the state of the watch and of dead links up to ten minutes late
# Addresses without end share numbered slots of the shared cache: so many of each kind, however many are asked for.
SLOTS = 2_000
MOST_DIGITS = 6  # of a page's number
GONE = {301, 404, 410}  # with these statuses an address says that the page it had is not there any more


@dataclass(frozen=True)
class Key:
    """Where a page is kept. `digest` names the page; several pages may share the slot with the name `name`."""

    name: str
    digest: str

    def etag(self, version: str) -> str:
        """The validator of a version of the page. It is weak: the same for each content coding."""
        return f'W/"{version}.{self.digest[:12]}"'


@dataclass(frozen=True)
class Rule:
    """What the answers of a public page depend on (see `page_cache.page`).

    `slots` names the slots that its addresses share, if there may be more of them than pages of the tracker; an address
    with parameters has slots in any case. Of a page that is `counted`, every request has to reach its view.
    """

    names: tuple[str, ...] = ()
    once: frozenset[str] = frozenset()
    names_snapshot: bool = False
    shows_watch: bool = True
    partial: bool = False
    counted: bool = False
    slots: str = ""

    def canonical(self, data: QueryDict) -> QueryDict:
        """The parameters that the page reads, so that no two addresses differ in what makes no difference to it.

        Of those in `SEVERAL`, unless they are in `once`, each value is there once; of any other the last one. Whoever
        counts requests also says what is wrong with their parameters: there, only repetitions go.
        """
        canonical = QueryDict(mutable=True)
        for name, values in data.lists():
            if name == filters.SINCE:  # as `filters.parse` reads it
                values = [value for value in values if value] or values
            values = list(dict.fromkeys(values)) if name in SEVERAL and name not in self.once else values[-1:]
            if not self.counted:
                values = self._meaningful(name, values)
            if values:
                canonical.setlist(name, values)
        canonical._mutable = False
        return canonical

    def _meaningful(self, name: str, values: list[str]) -> list[str]:
        is_choice = name in filters.FACETS and "status" in self.names  # of the list, in any order
        if is_choice:
            values = sorted(values)
        if name == "page":
            values = [_page_number(value) for value in values]
        return [value for value in values if value] if is_choice or name in BLANK else values

    def given(self, data: QueryDict) -> list[tuple[str, str]]:
        """The pairs of the canonical parameters that the page reads, in an order of their own."""
        return [(name, value) for name in self.names for value in data.getlist(name)]

    def version(self, current: Pulse) -> str:
        """The newest version of the page: of this edition, this day, this state of the watch and this code."""
        # The edition with its time: after a backup is restored, another edition may get the same number.
        edition = f"{current.edition}-{current.published_at.timestamp():.3f}" if current.published_at else "0"
        steps = f"{_step(current.checked_at if self.shows_watch else None)}.{_step(current.kept_at)}"
        if self.names_snapshot and current.snapshot_at:
            steps += f".{current.snapshot_at.timestamp():.3f}"
        return f"{edition}.{timezone.localdate().toordinal()}.{steps}.{settings.RELEASE}"

    def key(self, origin: str, path: str, given: Collection[tuple[str, str]], partial: bool, language: str) -> Key:
        """The key of an answer to an address with the parameters `given`, in a language."""
        identity = repr((origin, path, given, partial, language))
        digest = hashlib.sha256(identity.encode()).hexdigest()
        slots = self.slots or self._slots(given)
        return Key(f"{slots}:{int(digest[-8:], 16) % SLOTS}" if slots else digest, digest)

    def _slots(self, given: Collection[tuple[str, str]]) -> str:
        if any(name in SEARCHES for name, _value in given):
            return "searches"
        return "parameters" if given else ""


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks only for the part of the page that its form changes."""
    meta = request.META
    return meta.get("HTTP_HX_REQUEST") == "true" and meta.get("HTTP_HX_HISTORY_RESTORE_REQUEST") != "true"


def etags(request: HttpRequest) -> list[str]:
    """The validators of the versions that the visitor has."""
    return [tag.strip() for tag in request.META.get("HTTP_IF_NONE_MATCH", "").split(",")]


def _page_number(value: str) -> str:
    """The number of a page without what makes no difference; "" for the first."""
    number = int(value[: MOST_DIGITS + 1]) if value.isascii() and value.isdigit() else 0
    return str(min(number, 10**MOST_DIGITS - 1)) if number > 1 else ""


def _step(when: datetime | None) -> int:
    return int(when.timestamp() // CHECKED_STEP) if when else 0
