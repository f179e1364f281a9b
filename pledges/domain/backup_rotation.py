"""Names of the nightly backups, and which of them are kept: some of the last days, weeks and months."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime

DAYS, WEEKS, MONTHS = 7, 4, 12
_NAME = re.compile(r"tracker-([0-9]{4}-[0-9]{2}-[0-9]{2})-[0-9]{6}\.dump", re.ASCII)


def name_at(local: datetime) -> str:
    """The file name of a nightly backup begun at a time in the newsroom's zone: tracker-2026-11-30-021500.dump."""
    return f"tracker-{local:%Y-%m-%d-%H%M%S}.dump"


def day_of(name: str) -> date | None:
    """The day in the name of a nightly backup; None for every other file, which is never deleted."""
    if match := _NAME.fullmatch(name):
        with suppress(ValueError):
            return date.fromisoformat(match[1])
    return None


def kept_days(days: Iterable[date]) -> set[date]:
    """The days whose backups are kept: the last `DAYS`, and the last day of each of the last `WEEKS` (Monday to Sunday)
    and `MONTHS`.

    Only days, weeks and months that have a backup count, so nothing is lost while no new ones are made.
    """
    newest_first = sorted(set(days), reverse=True)
    return {
        *newest_first[:DAYS],
        *_last_of_each(newest_first, lambda day: day.isocalendar()[:2])[:WEEKS],
        *_last_of_each(newest_first, lambda day: (day.year, day.month))[:MONTHS],
    }


def _last_of_each(newest_first: list[date], period: Callable[[date], object]) -> list[date]:
    last: dict[object, date] = {}
    for day in newest_first:
        last.setdefault(period(day), day)
    return list(last.values())
