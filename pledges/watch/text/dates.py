"""Publication times as feeds, sitemaps and pages give them: which are plausible, what a date without a time means."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

EARLIEST = date(1990, 1, 1)  # before the Web
_AHEAD = timedelta(days=1)  # allowance for wrong clocks and time zones


def parse(text: object) -> date | datetime | None:
    """Parse an ISO 8601 text into a date or a time in UTC (see `day_or_time`); None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        when = datetime.fromisoformat(text.strip())
        return day_or_time(when if when.tzinfo else when.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def day_or_time(when: datetime) -> date | datetime:
    """An aware time in UTC, or only its date if it was written as midnight UTC.

    Publishers and parsers that know only the date write midnight UTC. 21:00 at -03:00 stays a time.
    Raises OverflowError.
    """
    if when.time() == time() and not when.utcoffset():
        return when.date()
    return when.astimezone(UTC)


def published(when: date | datetime | None, *, zone: tzinfo, now: datetime | None) -> datetime | None:
    """The time of publication in UTC, or None if it is not plausible.

    A date without a time becomes noon in `zone`, the newsroom's time zone, so that it stays the same day there.
    Implausible are dates before `EARLIEST` and, when `now` is given, those more than a day after it.
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
    except OverflowError:  # within hours of `datetime.max`, when there is no `now`
        return None
