"""The rules of the trade: the plain cases, the days on either side of a boundary, then what must hold for any input."""

import hashlib
import itertools
import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.domain import rules
from pledges.domain.rules import Precision, Status, Timeliness

DAY = timedelta(days=1)
JUNE = date(2024, 6, 21)
DEADLINE = date(2024, 12, 31)

days = st.dates(date(2023, 1, 1), date(2026, 12, 31))
changes = st.lists(st.tuples(days, st.sampled_from([str(status) for status in Status])), max_size=12)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
items = st.lists(
    st.fixed_dictionaries(dict.fromkeys(("action", "kind", "key", "title", "sha256"), texts)),
    unique_by=lambda item: (item["kind"], item["key"]),
    max_size=6,
)


def test_a_pledge_is_not_rated_until_its_first_update_and_then_follows_the_latest_by_day():
    told = [(JUNE, Status.IN_PROGRESS), (JUNE + 9 * DAY, Status.STALLED)]
    assert rules.standing(told, JUNE - DAY) == ("not_rated", None)
    assert rules.standing(told, JUNE) == ("in_progress", JUNE)
    assert rules.standing(told, JUNE + 30 * DAY) == ("stalled", JUNE + 9 * DAY)
    assert rules.standing(reversed(told), JUNE + 30 * DAY) == ("stalled", JUNE + 9 * DAY)


def test_an_update_that_changes_nothing_does_not_move_the_day_since_which_it_stands_so():
    told = [(JUNE, Status.IN_PROGRESS), (JUNE + 50 * DAY, Status.IN_PROGRESS)]
    assert rules.standing(told, date(2025, 1, 1)) == ("in_progress", JUNE)


def test_of_two_updates_on_one_day_the_later_given_wins():
    assert rules.standing([(JUNE, Status.KEPT), (JUNE, Status.BROKEN)], JUNE) == ("broken", JUNE)


def test_spans_tell_the_whole_range_in_as_few_stretches_as_possible():
    told = [(JUNE, Status.IN_PROGRESS), (JUNE + 2 * DAY, Status.IN_PROGRESS), (JUNE + 4 * DAY, Status.KEPT)]
    assert rules.spans(told, JUNE - DAY, JUNE + 5 * DAY) == [
        rules.Span("not_rated", JUNE - DAY, JUNE - DAY),
        rules.Span("in_progress", JUNE, JUNE + 3 * DAY),
        rules.Span("kept", JUNE + 4 * DAY, JUNE + 5 * DAY),
    ]
    assert [span.days for span in rules.spans(told, JUNE - DAY, JUNE + 5 * DAY)] == [1, 4, 2]


def test_a_range_that_ends_before_it_starts_has_no_spans():
    assert rules.spans([(JUNE, Status.KEPT)], JUNE, JUNE - DAY) == []


@given(changes, days, st.integers(0, 900))
def test_spans_cover_each_day_once_and_agree_with_the_standing_on_it(told, start, length):
    end = start + length * DAY
    found = rules.spans(told, start, end)
    assert found[0].start == start
    assert found[-1].end == end
    for before, after in itertools.pairwise(found):
        assert after.start == before.end + DAY
        assert after.status != before.status
    assert sum(span.days for span in found) == length + 1
    for span in found:
        assert span.days > 0
        for day in (span.start, span.start + (span.days // 2) * DAY, span.end):
            assert rules.standing(told, day)[0] == span.status


@given(changes, days)
def test_the_day_since_which_it_stands_so_is_a_day_of_an_update_with_that_status(told, until):
    status, since = rules.standing(told, until)
    if since is None:
        assert status == Status.NOT_RATED
    else:
        assert since <= until
        assert (since, status) in told


@pytest.mark.parametrize(
    ("deadline", "precision", "last"),
    [
        (None, "", None),
        (date(2024, 2, 10), Precision.DAY, date(2024, 2, 10)),
        (date(2024, 2, 1), Precision.MONTH, date(2024, 2, 29)),
        (date(2023, 2, 28), Precision.MONTH, date(2023, 2, 28)),
        (date(2100, 2, 1), Precision.MONTH, date(2100, 2, 28)),
        (date(2024, 4, 30), Precision.MONTH, date(2024, 4, 30)),
        (date(2024, 12, 1), Precision.MONTH, date(2024, 12, 31)),
        (date(2024, 1, 1), Precision.YEAR, date(2024, 12, 31)),
        (date(2024, 2, 29), Precision.YEAR, date(2024, 12, 31)),
    ],
)
def test_a_deadline_lasts_as_long_as_what_was_named(deadline, precision, last):
    assert rules.deadline_end(deadline, precision) == last


@pytest.mark.parametrize(
    ("status", "since", "today", "expected"),
    [
        (Status.IN_PROGRESS, JUNE, DEADLINE - 91 * DAY, Timeliness.AHEAD),
        (Status.IN_PROGRESS, JUNE, DEADLINE - 90 * DAY, Timeliness.DUE_SOON),
        (Status.IN_PROGRESS, JUNE, DEADLINE, Timeliness.DUE_SOON),
        (Status.IN_PROGRESS, JUNE, DEADLINE + DAY, Timeliness.OVERDUE),
        (Status.NOT_RATED, None, DEADLINE + DAY, Timeliness.OVERDUE),
        (Status.BROKEN, JUNE, DEADLINE + DAY, Timeliness.OVERDUE),
        (Status.PARTLY_KEPT, JUNE, DEADLINE + DAY, Timeliness.OVERDUE),
        (Status.KEPT, DEADLINE, DEADLINE + 500 * DAY, Timeliness.KEPT_IN_TIME),
        (Status.KEPT, DEADLINE + DAY, DEADLINE + 500 * DAY, Timeliness.KEPT_LATE),
        (Status.KEPT, JUNE, JUNE, Timeliness.KEPT_IN_TIME),
    ],
)
def test_timeliness_turns_on_the_day_it_should(status, since, today, expected):
    assert rules.timeliness(status, since, DEADLINE, today) == expected
    assert rules.timeliness(status, since, None, today) == Timeliness.NO_DEADLINE


def test_a_pledge_that_was_kept_and_then_undone_is_overdue_again():
    told = [(JUNE, Status.KEPT), (DEADLINE + 5 * DAY, Status.BROKEN)]
    status, since = rules.standing(told, DEADLINE + 9 * DAY)
    assert rules.timeliness(status, since, DEADLINE, DEADLINE + 9 * DAY) == Timeliness.OVERDUE


def test_the_tally_counts_each_status_once_in_the_fixed_order():
    assert list(rules.tally(["broken", "kept", "broken", "not_rated"]).items()) == [
        ("kept", 1),
        ("broken", 2),
        ("not_rated", 1),
    ]
    assert rules.tally([]) == {}


def test_the_digest_is_that_of_canonical_json_so_anyone_can_compute_it():
    content = {"b": "ñ", "a": [date(2024, 2, 29), None, True, 7]}
    text = '{"a":["2024-02-29",null,true,7],"b":"ñ"}'
    assert rules.digest(content) == hashlib.sha256(text.encode()).hexdigest()


def edition(listed, **changed):
    moment = datetime(2026, 11, 24, 3, 20, tzinfo=UTC)
    plain = {"number": 7, "published_at": moment, "publisher": "Elena", "previous": "ab"}
    return rules.edition_hash(items=listed, **(plain | changed))


@given(items, st.randoms())
def test_an_editions_hash_does_not_depend_on_the_order_of_its_items(listed, random):
    shuffled = list(listed)
    random.shuffle(shuffled)
    assert edition(shuffled) == edition(listed)
    assert edition([dict(reversed(item.items())) for item in listed]) == edition(listed)


@given(items.filter(bool), st.data())
def test_an_editions_hash_changes_with_anything_else(listed, data):
    place = data.draw(st.integers(0, len(listed) - 1))
    name = data.draw(st.sampled_from(sorted(listed[place])))
    other = [dict(item) for item in listed]
    other[place][name] += "x"
    seen = {
        edition(listed),
        edition(other),
        edition(listed[:place] + listed[place + 1 :]),
        edition(listed, number=8),
        edition(listed, publisher="Elena "),
        edition(listed, previous="ac"),
        edition(listed, published_at=datetime(2026, 11, 24, 3, 20, 0, 1, tzinfo=UTC)),
    }
    assert len(seen) == 7


def test_an_editions_hash_is_the_same_in_whatever_zone_its_time_is_given():
    quito = datetime(2026, 11, 23, 22, 20, tzinfo=timezone(timedelta(hours=-5)))
    assert edition([], published_at=quito) == edition([])


def test_what_the_hash_covers_can_be_sent_as_json_and_hashed_by_whoever_receives_it():
    listed = [{"action": "published", "kind": "topic", "key": "1", "title": "Cárceles", "sha256": "0" * 64}]
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    sent = json.loads(json.dumps(rules.edition_content(7, moment, "Elena", listed, "ab")))
    assert rules.digest(sent) == edition(listed, published_at=moment)
