"""When something was published, as feeds, sitemaps and pages say: which dates count, and what a bare day means."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

EARLIEST = date(1990, 1, 1)  # the Web begins
_AHEAD = timedelta(days=1)  # clocks and calendars differ


def parse(text: object) -> date | datetime | None:
    """The day or the time in UTC that an ISO 8601 text holds (see `day_or_time`); None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        when = datetime.fromisoformat(text.strip())
        return day_or_time(when if when.tzinfo else when.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def day_or_time(when: datetime) -> date | datetime:
    """The time in UTC of an aware time; the day, where that is written as midnight UTC to the second.

    Who knows only a day writes that, and so do parsers. 21:00 at -03:00 is a time. Raises OverflowError.
    """
    if when.time() == time() and not when.utcoffset():
        return when.date()
    return when.astimezone(UTC)


def published(when: date | datetime | None, *, zone: tzinfo, now: datetime | None) -> datetime | None:
    """The moment of publication in UTC, or None where it is not plausible.

    A bare day becomes noon in `zone`, the newsroom's, so that it stays that day there. What lies before the Web is not
    plausible, nor, when `now` is given, what lies more than a day ahead of it.
    """
    if when is None:
        return None
    if isinstance(when, datetime):
        if when < datetime.combine(EARLIEST, time(tzinfo=UTC)) or (now is not None and when > now + _AHEAD):
            return None
    else:
        if when < EARLIEST or (now is not None and when > (now + _AHEAD).astimezone(zone).date()):
            return None
        when = datetime.combine(when, time(12), tzinfo=zone)
    try:
        return when.astimezone(UTC)
    except OverflowError:  # the last hours of the calendar, when there is no `now`
        return None
