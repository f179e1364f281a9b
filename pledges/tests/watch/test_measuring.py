"""Precision, recall, calibration and macro-F1, by figures worked out on paper."""

import pytest

from pledges.watch.matching.metrics import Band, Judged, macro_f1, measure

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
