"""The progress of a mandate: counting by changes gives what counting by days would, and pictures leave nothing out."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.domain.rules import Status, standing, tally
from pledges.site.mandates.progress import Days, Followed, Step, progress_by_day, spread, steps

START = date(2023, 11, 23)
DAYS = Days(START, date(2025, 5, 24))
MADE = date(2023, 12, 6)


def around(first: int, last: int) -> st.SearchStrategy[date]:
    return st.integers(first, last).map(lambda ahead: START + timedelta(days=ahead))


CHANGES = st.lists(st.tuples(around(-30, 70), st.sampled_from(list(Status))), max_size=4)
PLEDGES = st.lists(
    st.builds(Followed, around(-30, 70), CHANGES.map(lambda all: sorted(all, key=lambda c: c[0]))), max_size=5
)


def test_a_pledge_counts_from_the_day_on_which_it_was_made_and_moves_with_its_changes():
    found = steps([Followed(MADE, [(date(2024, 3, 1), "in_progress"), (date(2024, 6, 1), "kept")])], START, DAYS.end)
    assert found == [
        Step(START, {}),
        Step(MADE, {"not_rated": 1}),
        Step(date(2024, 3, 1), {"in_progress": 1}),
        Step(date(2024, 6, 1), {"kept": 1}),
    ]


def test_what_was_made_before_counts_from_the_first_day_as_it_stood_then():
    carried = Followed(date(2021, 1, 1), [(date(2022, 1, 1), "in_progress"), (date(2023, 1, 1), "kept")])
    assert steps([carried], START, DAYS.end) == [Step(START, {"kept": 1})]


def test_nothing_is_counted_before_a_mandate_begins():
    ahead = progress_by_day([Followed(MADE, [])], DAYS, START - timedelta(days=1))
    assert (ahead.steps, ahead.last, ahead.most, ahead.drawn(10), list(ahead.daily())) == ([], 0, 0, [], [])
    assert ahead.days.quarters(ahead.known) == []
    assert ahead.on(START) == {}


def test_what_comes_after_the_day_it_is_asked_for_does_not_show():
    told = [Followed(MADE, [(date(2024, 3, 1), "in_progress"), (date(2024, 6, 1), "kept")])]
    assert progress_by_day(told, DAYS, date(2024, 5, 31)).statuses == ["in_progress", "not_rated"]
    assert progress_by_day(told, DAYS, date(2024, 6, 1)).statuses == ["kept", "in_progress", "not_rated"]


@given(PLEDGES, st.integers(0, 60))
def test_counting_by_changes_gives_what_counting_each_day_would(pledges, length):
    days = Days(START, START + timedelta(days=length))
    found = progress_by_day(pledges, days, days.end)
    for number, day, counted in found.daily():
        made = [pledge for pledge in pledges if pledge.since <= day]
        assert counted == tally(standing(pledge.changes, day)[0] for pledge in made)
        assert (number, found.on(day)) == (days.number(day), counted)
    assert [number for number, *_rest in found.daily()] == list(range(1, days.count + 1))
    assert all(before.tally != after.tally for before, after in zip(found.steps, found.steps[1:], strict=False))


@given(PLEDGES, st.integers(1, 60), st.integers(1, 8))
def test_a_picture_of_many_changes_is_true_where_it_is_drawn_and_ends_with_the_last_day(pledges, length, most):
    found = progress_by_day(pledges, Days(START, START + timedelta(days=length)), START + timedelta(days=length))
    drawn = found.drawn(most)
    assert len(drawn) <= most + 2
    assert [number for number, _tally in drawn] == sorted({number for number, _tally in drawn})
    assert drawn[0][0] == 1
    assert all(found.on(found.days.day(number)) == counted for number, counted in drawn[:-1])
    assert drawn[-1] == (found.last + 1, found.on(found.known))


@given(st.lists(st.floats(0, 100), max_size=8).map(sorted), st.floats(0.1, 30))
def test_labels_keep_their_order_and_never_stand_on_each_other(wanted, gap):
    places = spread(wanted, gap, 0, 100)
    room = min(gap, 100 / max(len(wanted) - 1, 1))
    assert len(places) == len(wanted)
    assert all(-1e-6 <= place <= 100 + 1e-6 for place in places)
    assert all(after - before >= room - 1e-6 for before, after in itertools.pairwise(places))
    if all(after - before >= room for before, after in itertools.pairwise(wanted)):
        assert places == pytest.approx(wanted)


def test_days_are_numbered_from_the_first_to_the_last_and_there_are_no_others():
    assert (DAYS.count, DAYS.number(START), DAYS.number(DAYS.end)) == (549, 1, 549)
    assert DAYS.day(100) == date(2024, 3, 1)
    for number in (0, -1, 550):
        with pytest.raises(ValueError, match="there is no day"):
            DAYS.day(number)


def test_a_year_in_office_is_whole_and_not_the_last_day():
    assert DAYS.anniversaries == [(1, date(2024, 11, 23))]
    assert Days(date(2024, 2, 29), date(2026, 3, 1)).anniversaries == [(1, date(2025, 3, 1))]
    assert Days(START, date(2024, 11, 23)).anniversaries == []


def test_quarters_end_with_the_last_day_that_is_known():
    assert DAYS.quarters(date(2024, 4, 2)) == [date(2023, 12, 31), date(2024, 3, 31), date(2024, 4, 2)]
    assert DAYS.quarters(date(2024, 3, 31)) == [date(2023, 12, 31), date(2024, 3, 31)]
    assert DAYS.quarters(date(2030, 1, 1))[-1] == DAYS.end
