"""What an answer is asked for: its parameters, its edition and day, and which part of a list.

A cursor keeps the edition and the day of the first part, so that a walk through a list sees each row once, whatever is
published meanwhile.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from pledges.domain.text import visible
from pledges.queries import asof, pulse
from pledges.queries.asof import AsOf, InvalidPeriod
from pledges.queries.pulse import Pulse
from pledges.site.shared.page_cache import today

USUAL, MOST = 50, 200  # rows of a list in one answer
LONGEST_CURSOR, LONGEST_SLUG = 200, 200  # characters
PLACE = ("cursor", "limit")  # the parameters that say which part of a list; the others say which list

Row = TypeVar("Row")


@dataclass(frozen=True)
class DataRequest:
    """What is asked for: the parameters as given, the edition and day that the answer is of, the origin of its
    addresses (such as https://pledges.example.org), and of a list `limit` rows from `offset` on."""

    parameters: QueryDict
    pulse: Pulse
    as_of: AsOf
    origin: str
    offset: int = 0
    limit: int = USUAL

    def part(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows of a list that are asked for."""
        return rows[self.offset : self.offset + self.limit]

    def next_cursor(self, count: int) -> str | None:
        """The cursor of the next part of a list of `count` rows; None after the last."""
        following = self.offset + self.limit
        if following >= count:
            return None
        place = [self.as_of.edition, self.as_of.day.isoformat(), following, _fingerprint(self.parameters)]
        return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


def read(parameters: QueryDict, *, origin: str, current: Pulse | None = None) -> DataRequest:
    """Read the parameters of an answer that all have: `edition`, `on`, `cursor` and `limit`.

    Raises InvalidPeriod at the parameter to mend, and NoSuchEdition.
    """
    current = current or pulse.current()
    as_of = asof.read(parameters, current, today())
    limit = _limit(parameters.get("limit", ""))
    cursor = parameters.get("cursor", "")
    if not cursor:
        return DataRequest(parameters, current, as_of, origin, limit=limit)
    edition, day, offset, fingerprint = _decoded(cursor)
    place = QueryDict(mutable=True)
    place.update({"edition": edition, "on": day})
    try:
        then = asof.read(place, current, today())
    except (InvalidPeriod, Http404) as error:
        raise _unknown_cursor() from error
    if fingerprint != _fingerprint(parameters):
        raise _unknown_cursor()
    return DataRequest(parameters, current, AsOf(then.edition, then.day, as_of.asked), origin, int(offset), limit)


def of_values(*, origin: str, **values: Any) -> DataRequest:
    """A request of values instead of a query string: None and "" are left out, a list gives its parameter many times.

    Raises as `read` does.
    """
    parameters = QueryDict(mutable=True)
    for name, value in values.items():
        several = value if isinstance(value, list | tuple) else [value]
        parameters.setlist(name, [visible(str(each)) for each in several if each not in (None, "")])
    return read(parameters, origin=origin)


def _limit(text: str) -> int:
    if not text:
        return USUAL
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 0 < int(text) <= MOST):
        raise InvalidPeriod("limit", _("Ask for 1 to %(most)s rows at a time.") % {"most": MOST})
    return int(text)


def _decoded(cursor: str) -> Iterable[str]:
    """The edition, the day, the offset and the fingerprint in a cursor, as texts. Raises InvalidPeriod."""
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise _unknown_cursor()
        padded = cursor + "=" * (-len(cursor) % 4)
        edition, day, offset, fingerprint = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise _unknown_cursor() from error
    if type(edition) is not int or type(offset) is not int or not 0 < offset < 10**9:
        raise _unknown_cursor()
    return str(edition), str(day), str(offset), str(fingerprint)


def _unknown_cursor() -> InvalidPeriod:
    text = _("This cursor does not belong to these parameters. Start again without it, and follow “next”.")
    return InvalidPeriod("cursor", text)


def _fingerprint(parameters: QueryDict) -> str:
    """A short hash of the parameters that say which list it is: a cursor belongs to one list."""
    given = sorted((name, values) for name, values in parameters.lists() if name not in PLACE)
    return hashlib.sha256(json.dumps(given).encode()).hexdigest()[:12]
