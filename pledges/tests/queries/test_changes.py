"""What changed between two times, over standings in memory: statuses, updates, deadlines, corrections, wordings."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.domain.rules import Status
from pledges.models import Retraction, Update, Wording
from pledges.queries.changes import Kind, compare
from pledges.queries.standings import _Table

FIRST = date(2024, 1, 1)
MARCH, MAY, JULY = date(2024, 3, 1), date(2024, 5, 1), date(2024, 7, 1)


def pledge_of(pk=1, made_on=FIRST, wordings=None, updates=(), **fields):
    """A pledge in memory; updates are (id, day, status, edition) and, if it corrects one, that one's id."""
    wordings = wordings or [Wording(pk=pk * 100, number=1, edition_id=1, title_en="Mend it")]
    updates = [
        Update(pk=row, happened_on=day, status=status, edition_id=edition, corrects_id=next(iter(corrects), None))
        for row, day, status, edition, *corrects in updates
    ]
    for update in updates:
        update.withdrawn_in = None
    rows = {"wordings": wordings, "updates": updates, "corrections": ()}
    one = SimpleNamespace(pk=pk, slug=f"p-{pk}", made_on=made_on, **rows, **fields)
    one.as_of = lambda _edition: one
    return one


def at(pledges, edition, day, retracted=None):
    table = _Table(9, tuple(pledges), retracted or {})
    return [found for pledge in pledges if (found := table.standing(pledge, edition, day))]


def between_days(pledges, first, last, edition=9):
    return compare(at(pledges, edition, first), at(pledges, edition, last), start=first)


def between_editions(pledges, first, last, *, retracted=None, day=JULY, **more):
    published = {number: JULY + timedelta(days=number) for number in range(first + 1, last + 1)}
    before, after = at(pledges, first, day, retracted), at(pledges, last, day, retracted)
    return compare(before, after, start=day, published=published, **more)


def test_a_change_of_status_says_from_what_to_what_when_and_by_which_update():
    pledge = pledge_of(updates=[(1, MARCH, "in_progress", 2), (2, MAY, "stalled", 3)])
    (change,) = between_days([pledge], MARCH, JULY)
    assert (change.kind, change.before, change.after) == (Kind.STATUS, "in_progress", "stalled")
    assert (change.day, change.cause.pk, change.was.since) == (MAY, 2, MARCH)


def test_nothing_changes_between_a_time_and_itself():
    pledge = pledge_of(updates=[(1, MARCH, "kept", 2)])
    assert between_days([pledge], MARCH, MARCH) == []
    assert between_editions([pledge], 2, 2) == []


def test_what_happened_on_the_first_day_is_before_and_on_the_last_is_in_between():
    pledge = pledge_of(updates=[(1, MARCH, "in_progress", 2), (2, MAY, "kept", 2)])
    (change,) = between_days([pledge], MARCH, MAY)
    assert [update.pk for update in change.updates] == [2]


def test_days_tell_when_it_happened_editions_when_it_was_said():
    pledge = pledge_of(updates=[(1, MARCH, "kept", 3)])
    assert between_days([pledge], FIRST, MAY)[0].day == MARCH
    assert between_editions([pledge], 2, 3)[0].day == JULY + timedelta(days=3)
    assert between_days([pledge], MARCH, JULY) == []
    assert between_editions([pledge], 3, 4) == []


def test_news_that_leave_the_status_are_told_apart():
    pledge = pledge_of(updates=[(1, MARCH, "kept", 2), (2, MAY, "kept", 3)])
    (change,) = between_days([pledge], MARCH, JULY)
    assert (change.kind, change.cause.pk) == (Kind.UPDATED, 2)


def test_a_status_left_and_taken_again_is_a_change_with_what_was_in_between():
    pledge = pledge_of(updates=[(1, FIRST, "kept", 2), (2, MARCH, "stalled", 2), (3, MAY, "kept", 2)])
    (change,) = between_days([pledge], FIRST, JULY)
    assert (change.kind, change.before, change.after, change.statuses_between) == (
        Kind.STATUS,
        "kept",
        "kept",
        ("stalled",),
    )


def test_a_pledge_made_in_between_is_new_with_the_status_it_has_by_then():
    pledge = pledge_of(made_on=MARCH, updates=[(1, MAY, "stalled", 2)])
    (change,) = between_days([pledge], FIRST, JULY)
    assert (change.kind, change.day, change.before, change.after) == (Kind.NEW, MARCH, "", "stalled")


@pytest.mark.parametrize(
    ("first", "last", "kinds"),
    [
        (date(2024, 1, 31), date(2024, 2, 1), [Kind.DUE_SOON]),  # ninety days before 1 May
        (date(2024, 2, 1), MAY, []),
        (MAY, date(2024, 5, 2), [Kind.OVERDUE]),
        (date(2024, 1, 2), JULY, [Kind.OVERDUE]),
        (date(2024, 5, 2), JULY, []),
    ],
)
def test_a_deadline_that_comes_near_or_passes(first, last, kinds):
    wording = Wording(pk=1, number=1, edition_id=1, deadline=MAY, deadline_precision="day")
    assert [change.kind for change in between_days([pledge_of(wordings=[wording])], first, last)] == kinds


def test_a_kept_pledge_does_not_run_out():
    wording = Wording(pk=1, number=1, edition_id=1, deadline=MAY, deadline_precision="day")
    pledge = pledge_of(wordings=[wording], updates=[(1, MARCH, "kept", 1)])
    assert between_days([pledge], MARCH, JULY) == []


def test_a_correction_says_what_it_replaced_be_it_through_another():
    rows = [(1, MARCH, "kept", 2), (2, MARCH, "kept", 3, 1), (3, MARCH, "kept", 4, 2)]
    (change,) = between_editions([pledge_of(updates=rows)], 2, 4)
    assert (change.kind, change.replaced.pk, change.cause.pk) == (Kind.CORRECTED, 1, 3)
    assert change.day == JULY + timedelta(days=4)


def test_a_correction_that_moves_the_status_is_both():
    rows = [(1, MARCH, "kept", 2), (2, MARCH, "stalled", 3, 1)]
    assert [change.kind for change in between_editions([pledge_of(updates=rows)], 2, 3)] == [
        Kind.STATUS,
        Kind.CORRECTED,
    ]


def test_a_correction_of_an_older_update_that_keeps_its_status_changes_none():
    updates = [(1, MARCH, "in_progress", 2), (2, MAY, "broken", 2), (3, MARCH, "in_progress", 3, 1)]
    (change,) = between_editions([pledge_of(updates=updates)], 2, 3)
    assert change.kind == Kind.CORRECTED


def test_what_was_published_and_corrected_in_between_is_only_news():
    rows = [(1, MARCH, "kept", 3), (2, MARCH, "kept", 4, 1)]
    (change,) = between_editions([pledge_of(updates=rows)], 2, 4)
    assert (change.kind, change.cause.pk) == (Kind.STATUS, 2)


def test_between_days_a_correction_is_not_told_but_what_it_says_is():
    rows = [(1, MARCH, "kept", 2), (2, MAY, "stalled", 3, 1)]
    (change,) = between_days([pledge_of(updates=rows)], FIRST, JULY)
    assert (change.kind, change.after, change.day) == (Kind.STATUS, "stalled", MAY)


def test_a_new_wording_is_told_between_editions_with_the_one_before():
    words = [Wording(pk=number, number=number, edition_id=number) for number in (1, 2, 3)]
    first, second = between_editions([pledge_of(wordings=words)], 1, 3)
    assert [(c.kind, c.wording.pk, c.previous_wording.pk) for c in (first, second)] == [
        (Kind.REWORDED, 3, 2),
        (Kind.REWORDED, 2, 1),
    ]
    assert between_days([pledge_of(wordings=words)], FIRST, JULY) == []


def test_what_was_retracted_is_told_as_it_stood():
    retraction = Retraction(edition_id=3)
    pledge = pledge_of(updates=[(1, MARCH, "kept", 2)])
    (change,) = between_editions([pledge], 2, 3, retracted={1: 3}, retractions={1: retraction})
    assert (change.kind, change.before, change.after) == (Kind.RETRACTED, "kept", "")
    assert change.retraction is retraction
    assert change.day == JULY + timedelta(days=3)


def test_the_most_important_comes_first_and_of_a_kind_the_latest():
    pledges = [
        pledge_of(1, updates=[(1, FIRST, "kept", 1), (2, MAY, "kept", 1)]),
        pledge_of(2, updates=[(3, MARCH, "kept", 1)]),
        pledge_of(3, updates=[(4, MAY, "stalled", 1)]),
        pledge_of(4, made_on=MARCH),
    ]
    found = between_days(pledges, FIRST, JULY)
    assert [(change.kind, change.standing.pledge.pk) for change in found] == [
        (Kind.STATUS, 3),
        (Kind.STATUS, 2),
        (Kind.NEW, 4),
        (Kind.UPDATED, 1),
    ]


# --- whatever was published, changes add up ------------------------------------------------------------------------

DAYS = st.integers(0, 12).map(lambda days: FIRST + timedelta(days=days))
STATUSES = st.sampled_from([str(status) for status in Status if status != Status.NOT_RATED])


@st.composite
def tables(draw):
    """Pledges as editions 1 to 6 made them, some of their updates corrected, some retracted: (pledges, retracted)."""
    pledges, retracted, row = [], {}, 0
    for pk in range(1, draw(st.integers(1, 3)) + 1):
        first = draw(st.integers(1, 4))
        updates = []
        for _number in range(draw(st.integers(0, 5))):
            row += 1
            free = [u for u in updates if u[0] not in {v[4] for v in updates if len(v) > 4} and u[3] < 6]
            if free and draw(st.booleans()):
                old = draw(st.sampled_from(free))
                updates.append((row, draw(DAYS), draw(STATUSES), draw(st.integers(old[3] + 1, 6)), old[0]))
            else:
                updates.append((row, draw(DAYS), draw(STATUSES), draw(st.integers(first, 6))))
        words = [Wording(pk=pk * 100, number=1, edition_id=first, deadline=draw(st.none() | DAYS))]
        pledges.append(pledge_of(pk, made_on=draw(DAYS), wordings=words, updates=updates))
        if draw(st.booleans()):
            retracted[pk] = draw(st.integers(first + 1, 7))
    return pledges, retracted


def statuses(found):
    return {standing.pledge.pk: standing.status for standing in found}


def followed(known, changes):
    """The statuses after these changes; each has to begin where the pledge stood."""
    known = dict(known)
    for change in changes:
        if change.kind in (Kind.STATUS, Kind.NEW, Kind.RETRACTED):
            pk = change.standing.pledge.pk
            assert known.get(pk, "") == change.before
            known[pk] = change.after
    return {pk: status for pk, status in known.items() if status}


@given(tables(), st.lists(st.integers(0, 7), min_size=3, max_size=3), st.lists(DAYS, min_size=3, max_size=3))
def test_changes_from_one_time_to_another_and_on_are_those_from_the_first_to_the_last(made, editions, days):
    pledges, retracted = made
    times = list(zip(sorted(editions), sorted(days), strict=True))
    a, b, c = (at(pledges, edition, day, retracted) for edition, day in times)
    first, second = compare(a, b, start=times[0][1]), compare(b, c, start=times[1][1])
    assert followed(statuses(a), first) == statuses(b)
    assert followed(statuses(a), compare(a, c, start=times[0][1])) == statuses(c)
    assert followed(followed(statuses(a), first), second) == statuses(c)


@given(tables(), st.lists(DAYS, min_size=3, max_size=3))
def test_between_days_every_update_is_told_once(made, days):
    pledges, _retracted = made
    a, b, c = sorted(days)

    def told(first, last):
        return [update.pk for change in between_days(pledges, first, last) for update in change.updates]

    assert sorted(told(a, b) + told(b, c)) == sorted(told(a, c))
    assert len(set(told(a, c))) == len(told(a, c))
