"""ISO 8601 weeks: from Monday to Sunday; the first week of a year is the one with its first Thursday."""

import re
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Week:
    """A week of a year, in the newsroom's time zone. Raises ValueError if the year has no such week."""

    year: int
    number: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.number, 7)  # its last day, too, must be within the calendar

    def __str__(self) -> str:
        """In ISO 8601: 2026-W48."""
        return f"{self.year:04}-W{self.number:02}"

    @classmethod
    def read(cls, text: str) -> "Week":
        """Parse a week such as 2026-W48. Raises ValueError for anything else."""
        match = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", text)
        if not match:
            raise ValueError(f"{text!r} is not an ISO week")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week that contains the day."""
        return cls(*day.isocalendar()[:2])

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def next(self) -> "Week | None":
        """The following week; None at the end of the calendar."""
        return self._shifted(7)

    @property
    def previous(self) -> "Week | None":
        """The preceding week; None at the beginning of the calendar."""
        return self._shifted(-7)

    def _shifted(self, days: int) -> "Week | None":
        try:
            return Week.of(self.monday + timedelta(days=days))
        except (OverflowError, ValueError):
            return None


class WeekConverter:
    """URL converter for a week; a week that the year does not have matches no URL."""

    regex = "[0-9]{4}-W[0-9]{2}"

    def to_python(self, value: str) -> Week:
        """Raises ValueError if the year has no such week."""
        return Week.read(value)

    def to_url(self, value: Week) -> str:
        return str(value)
