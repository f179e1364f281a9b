"""Precision, recall, calibration, statuses and their changes, by figures worked out on paper."""

from collections import Counter

import pytest

from pledges.watch.matching.metrics import Band, Changes, Judged, Judgement, changes, f1, macro_f1, measure, statuses

PAIRS = [Judged(0.9, True), Judged(0.8, True), Judged(0.7, False), Judged(0.4, True), Judged(0.1, False)]


def test_what_is_raised_against_what_is_relevant():
    found = measure(PAIRS, 0.5)
    assert (found.relevant, found.irrelevant, found.right, found.wrong) == (3, 2, 2, 1)
    assert found.precision == pytest.approx(2 / 3)
    assert found.recall == pytest.approx(2 / 3)


def test_the_brier_score():
    # (0.1² + 0.2² + 0.7² + 0.6² + 0.1²) / 5
    assert measure(PAIRS, 0.5).brier == pytest.approx(0.91 / 5)


def test_bands_set_what_was_said_beside_what_was_so():
    bands = measure(PAIRS, 0.5).bands
    assert bands == (Band(1, 0, 0.1), Band(), Band(1, 1, 0.4), Band(1, 0, 0.7), Band(2, 2, pytest.approx(0.85)))
    assert [band.share for band in bands] == [0, None, 1, 0, 1]
    assert measure([Judged(1.0, True)], 0.5).bands[-1].pairs == 1


def test_nothing_judged_gives_no_figure():
    found = measure([], 0.5)
    assert (found.precision, found.recall, found.brier, found.enough) == (None, None, None, False)


def test_ten_decisions_are_enough_to_tell():
    assert not measure(PAIRS, 0.5).enough
    assert measure(PAIRS * 2, 0.5).enough


def test_macro_f1():
    pairs = [("kept", "kept"), ("kept", "no_change"), ("broken", "broken"), ("no_change", "no_change")]
    # kept: 2·1/(2+1); broken: 1; no_change: 2·1/(1+2)
    assert macro_f1(pairs) == pytest.approx((2 / 3 + 1 + 2 / 3) / 3)
    assert macro_f1([]) is None


def test_f1():
    assert f1(0.5, 1.0) == pytest.approx(2 / 3)
    assert f1(0.0, 0.0) == 0
    assert f1(None, 1.0) is None


def judged(label, before, suggestion, status="", *also_ok):
    return Judgement(label, before, suggestion, status, frozenset(also_ok))


def test_a_suggestion_is_compared_with_its_label_and_with_what_is_also_right():
    found = statuses(
        [
            judged("kept", "in_progress", "change", "kept"),
            judged("in_progress", "in_progress", "as_before"),
            judged("in_progress", "in_progress", "", "", "no_change"),
            judged("stalled", "in_progress", "as_before", "", "broken"),
        ]
    )
    assert (found.pairs, found.strict, found.lenient) == (4, 2, 3)
    # kept 1, in progress 2·1/(2+2), no change and stalled 0; with also_ok: kept 1, in progress 2·1/(1+2), no change 1
    assert found.macro_strict == pytest.approx((1 + 1 / 2) / 4)
    assert found.macro_lenient == pytest.approx((1 + 2 / 3 + 1) / 4)
    assert found.confusion == Counter(
        {
            ("kept", "kept"): 1,
            ("in_progress", "in_progress"): 1,
            ("in_progress", "no_change"): 1,
            ("stalled", "in_progress"): 1,
        }
    )


def test_changes_that_are_there_against_those_that_are_suggested():
    found = changes(
        [
            judged("kept", "in_progress", "change", "kept"),
            judged("kept", "in_progress", "change", "broken"),
            judged("kept", "in_progress", "change", "partly_kept", "partly_kept"),
            judged("stalled", "in_progress", "as_before"),
            judged("stalled", "in_progress", ""),
            judged("in_progress", "in_progress", "change", "stalled", "stalled"),
            judged("no_change", "in_progress", "change", "kept"),
            judged("no_change", "stalled", ""),
        ]
    )
    assert found == Changes(there=5, suggested=5, seen=3, right=2, allowed=4)


def test_a_change_to_the_status_that_a_pledge_has_is_none():
    assert changes([judged("kept", "kept", "change", "kept")]) == Changes(0, 0, 0, 0, 0)
    assert statuses([judged("kept", "kept", "change", "kept")]).strict == 1


def test_without_pairs_there_are_no_figures():
    assert statuses([]).macro_strict is None
    assert changes([]) == Changes(0, 0, 0, 0, 0)
