"""As of: what this tracker said in one edition, of one day. Every dated page can be asked for it by its address.

`?on=2024-06-01` is what was true on that day, by what is said now; `?edition=3` is what edition 3 said, of the last day
on which it was the newest; both together are what edition 3 said of that day.
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
    """What an address asks for cannot be shown; `field` is the parameter, the text says what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class AsOf:
    """The edition and the day that a page is made of, and what its address asked for, as (parameter, value)."""

    edition: int
    day: date
    asked: tuple[tuple[str, str], ...] = ()
    dated: bool = True  # whether the page can be asked for another time at all

    @property
    def by_day(self) -> bool:
        """Whether the address names the day."""
        return "on" in dict(self.asked)

    @property
    def asked_day(self) -> date | None:
        """The day that the address names, if any: figures are asked for by their period only then (see indicators)."""
        return self.day if self.by_day else None

    @property
    def by_edition(self) -> bool:
        """Whether the address names the edition."""
        return "edition" in dict(self.asked)


def read(data: QueryDict, beat: Pulse, today: date) -> AsOf:
    """What an address asks for; `today` is the day in the newsroom's calendar.

    Raises Http404 for an edition that never was, and InvalidPeriod for a day that is none, lies ahead, or came after
    the edition that is asked for had been followed by another.
    """
    number, day = data.get("edition", "").strip(), data.get("on", "").strip()
    asked = []
    edition, last = beat.edition, today
    if number:
        if not (number.isascii() and number.isdigit() and len(number) < 10 and 0 < int(number) <= beat.edition):
            raise Http404("no edition has this number")
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
    """The last day on which an edition was the newest, in the newsroom's calendar: `today` for the current one."""
    followed = visibility.public_editions().filter(number=edition + 1).first()
    return timezone.localdate(followed.published_at) if followed else today


def written_day(text: str, field: str = "on") -> date:
    """A day as addresses have it: 2024-06-01. Raises `InvalidPeriod` at the field for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # other ISO forms would be other addresses of the same page
        raise InvalidPeriod(field, _("Write the day as year, month and day: 2024-06-01."))
    return day
