"""Which nightly backups are kept: some of the last days, weeks and months, and every file that is none of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pledges.domain import backup_rotation
from pledges.domain.backup_rotation import DAYS, MONTHS, WEEKS, kept_days

DAY = timedelta(days=1)
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def every_night(first: date, nights: int) -> list[set[date]]:
    """What is left after each night, if a backup is made and old ones are deleted every night."""
    kept: set[date] = set()
    left = []
    for night in range(nights):
        kept = kept_days({*kept, first + night * DAY})
        left.append(kept)
    return left


def test_after_two_years_there_are_seven_days_four_weeks_and_twelve_months():
    kept = every_night(date(2024, 1, 1), 731)[-1]
    weeks, months = [date(2025, 12, 14), date(2025, 12, 21)], [date(2025, month, 28) for month in range(1, 12)]
    ends = [(month.replace(day=1) + 31 * DAY).replace(day=1) - DAY for month in months]
    assert kept == {date(2025, 12, 31) - night * DAY for night in range(7)} | {*weeks, *ends}


@settings(max_examples=50)
@given(st.sets(days, min_size=1, max_size=60))
def test_the_newest_are_kept_whatever_there_is_and_deleting_again_deletes_nothing(made):
    kept = kept_days(made)
    assert {*sorted(made)[-DAYS:]} <= kept <= made
    assert len(kept) <= DAYS + WEEKS + MONTHS
    assert kept_days(kept) == kept


@settings(max_examples=25)
@given(days, st.integers(1, 150))
def test_night_after_night_each_of_the_last_days_weeks_and_months_stays(first, nights):
    made = [first + night * DAY for night in range(nights)]
    kept = every_night(first, nights)[-1]
    assert kept == kept_days(made)  # what was deleted on the way is not missed
    assert {*made[-DAYS:]} <= kept
    for period, count in ((lambda day: day.isocalendar()[:2], WEEKS), (lambda day: (day.year, day.month), MONTHS)):
        last = dict.fromkeys(map(period, made))
        assert {*list(last)[-count:]} <= {*map(period, kept)}


def test_a_name_is_of_the_newsrooms_day():
    name = backup_rotation.name_at(datetime(2026, 11, 30, 2, 5, 9, tzinfo=UTC))
    assert name == "tracker-2026-11-30-020509.dump"
    assert backup_rotation.day_of(name) == date(2026, 11, 30)


@pytest.mark.parametrize(
    "name",
    [
        "tracker-2026-11-30.dump",  # made by hand
        "tracker-2026-02-30-020509.dump",
        "tracker-2026-11-30-020509.dump.old",
        ".tracker-2026-11-30-020509.dump.x1.part",
        "before-tracker-2026-11-30-020509.dump",
        "tracker-２０２６-11-30-020509.dump",
        "tracker-2026-11-30-020509.dump\n",
    ],
)
def test_no_other_file_is_one_of_the_nightly_backups(name):
    assert backup_rotation.day_of(name) is None
