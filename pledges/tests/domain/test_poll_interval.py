"""How often a source is read: by how often it publishes, and by how it answers."""

from datetime import UTC, datetime, timedelta

import pytest

from pledges.domain import poll_interval

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def gap(usual, last, *hours_ago):
    published = [None if ago is None else NOW - ago * HOUR for ago in hours_ago]
    return poll_interval.usual_gap(usual, last_item_at=last, published=published, now=NOW)


def test_the_first_look_takes_the_gap_from_the_items_own_times():
    assert gap(None, None, 1, 3, 5) == (120, NOW - HOUR)


def test_each_later_look_moves_the_mean_by_a_fifth():
    assert gap(100, NOW - 6 * HOUR, 0) == (100 + 0.2 * (360 - 100), NOW)
    assert gap(100, NOW - 6 * HOUR, 0, 1, 2) == (100 + 0.2 * (120 - 100), NOW)


@pytest.mark.parametrize(
    ("last", "hours", "expected"),
    [
        (None, [2], (None, NOW - 2 * HOUR)),  # one item tells no gap
        (None, [None, 9], (None, NOW)),  # nor do two, when one of them has no time
        (None, [9, 9], (None, NOW - 9 * HOUR)),
        (NOW - 5 * HOUR, [-30], (300, NOW)),  # lies ahead: now
        (NOW - 5 * HOUR, [48], (300, NOW)),  # dated back: now
        (NOW - 5 * HOUR, [], (None, NOW - 5 * HOUR)),  # nothing new changes nothing
        (NOW - 90 * DAY, [0], (7 * 24 * 60, NOW)),  # a long silence counts as a week
    ],
)
def test_odd_times(last, hours, expected):
    assert gap(None, last, *hours) == expected


@pytest.mark.parametrize(
    ("usual", "silent_for", "minutes"),
    [
        (None, 99 * DAY, 15),  # nothing is known yet
        (4, HOUR, 15),
        (60, HOUR, 30),
        (240, HOUR, 120),
        (60, 16 * HOUR, 120),  # in a silence it is read less and less
        (60, 30 * DAY, 360),
        (9999, HOUR, 360),
    ],
)
def test_it_is_read_twice_a_gap_within_its_bounds(usual, silent_for, minutes):
    wait = poll_interval.interval(usual=usual, last_item_at=NOW - silent_for, fastest=15, slowest=360, now=NOW)
    assert wait == timedelta(minutes=minutes)


@pytest.mark.parametrize(("failures", "minutes"), [(1, 15), (2, 30), (5, 240), (6, 360), (10_000, 360)])
def test_the_wait_doubles_up_to_a_limit_with_jitter(failures, minutes):
    waits = {poll_interval.backoff(failures=failures, fastest=15, asked=None) / timedelta(minutes=1) for _ in range(50)}
    assert all(minutes <= wait <= 1.2 * minutes for wait in waits)
    assert len(waits) > 40


def test_who_asks_for_time_gets_it_up_to_a_week():
    assert poll_interval.backoff(failures=1, fastest=15, asked=7200) == 2 * HOUR
    assert poll_interval.backoff(failures=1, fastest=15, asked=1e15) == 7 * DAY
