"""Weeks as ISO 8601 counts them: from Monday to Sunday, the first of a year is that of its first Thursday."""

import re
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Week:
    """A week of a year, in the newsroom's calendar. Raises ValueError for one that the year has not."""

    year: int
    number: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.number, 7)  # the last day, too, has to be one

    def __str__(self) -> str:
        """As it is written: 2026-W48."""
        return f"{self.year:04}-W{self.number:02}"

    @classmethod
    def read(cls, text: str) -> "Week":
        """A week as it is written: 2026-W48. Raises ValueError for anything else."""
        found = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", text)
        if not found:
            raise ValueError(f"{text!r} is no week")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week in which a day falls."""
        return cls(*day.isocalendar()[:2])

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def next(self) -> "Week | None":
        """The week after it; None where the calendar ends."""
        return self._beside(7)

    @property
    def previous(self) -> "Week | None":
        """The week before it; None where the calendar begins."""
        return self._beside(-7)

    def _beside(self, days: int) -> "Week | None":
        try:
            return Week.of(self.monday + timedelta(days=days))
        except (OverflowError, ValueError):
            return None


class WeekConverter:
    """A week in an address; one that its year has not is an address that leads nowhere."""

    regex = "[0-9]{4}-W[0-9]{2}"

    def to_python(self, value: str) -> Week:
        """The week that is meant. Raises ValueError."""
        return Week.read(value)

    def to_url(self, value: Week) -> str:
        """As it is written."""
        return str(value)
