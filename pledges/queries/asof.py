"""Parses the `on` and `edition` parameters: a dated page can be shown as of a day, as of an edition, or both.

`?on=2024-06-01` is the state on that day according to the newest edition. `?edition=3` is the state according to
edition 3, on the last day on which it was the newest. Both together are that day according to that edition.
"""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from pledges.domain.dates import written
from pledges.queries import visibility
from pledges.queries.pulse import Pulse

PARAMETERS = ("on", "edition")


class InvalidPeriod(ValueError):
    """The requested day, edition or period cannot be shown. `field` is the parameter; the text says how to mend it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NoSuchEdition(Http404):
    """No edition has the number that the parameter `edition` gives."""


@dataclass(frozen=True)
class AsOf:
    """The edition and the day that a page shows. `asked` are the parameters of its address, as (name, value)."""

    edition: int
    day: date
    asked: tuple[tuple[str, str], ...] = ()
    dated: bool = True  # whether the page accepts `on` and `edition` at all

    @property
    def by_day(self) -> bool:
        """Whether the address names the day."""
        return "on" in dict(self.asked)

    @property
    def asked_day(self) -> date | None:
        """The day that the address names, or None. Only then are figures filtered by their period (see indicators)."""
        return self.day if self.by_day else None

    @property
    def by_edition(self) -> bool:
        """Whether the address names the edition."""
        return "edition" in dict(self.asked)


def read(data: QueryDict, pulse: Pulse, today: date) -> AsOf:
    """The edition and day that a query string asks for; `today` is the day in the newsroom's calendar.

    Raises NoSuchEdition (a 404) if there is none of this number, and InvalidPeriod if the day is malformed, in the
    future, or after the day on which the requested edition was followed by the next.
    """
    number, day = data.get("edition", "").strip(), data.get("on", "").strip()
    asked = []
    edition, last = pulse.edition, today
    if number:
        if not (number.isascii() and number.isdigit() and len(number) < 10 and 0 < int(number) <= pulse.edition):
            raise NoSuchEdition("no edition has this number")
        edition = int(number)
        last = left_on(edition, today)
        asked.append(("edition", str(edition)))
    if not day:
        return AsOf(edition, last, tuple(asked))
    on = written_day(day)
    if on > today:
        raise InvalidPeriod("on", _("This day lies ahead. Choose today or a day before it."))
    if on > last:
        text = _("Edition %(edition)s was followed by another on %(day)s and says nothing of later days.")
        raise InvalidPeriod("on", text % {"edition": edition, "day": written(last, in_sentence=True)})
    return AsOf(edition, on, (("on", on.isoformat()), *asked))


def left_on(edition: int, today: date) -> date:
    """The last day up to `today` on which an edition was the newest, in the newsroom's calendar."""
    following = visibility.public_editions().filter(number=edition + 1).first()
    return min(today, timezone.localdate(following.published_at)) if following else today


def written_day(text: str, field: str = "on") -> date:
    """Parse a day as addresses write it: 2024-06-01. Raises `InvalidPeriod` at the field for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # other ISO forms would be further addresses of the same page
        raise InvalidPeriod(field, _("Write the day as year, month and day: 2024-06-01."))
    return day
