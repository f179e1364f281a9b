"""What a process keeps: the newest values, made once however many ask, gone with a reset."""

import threading

import pytest

from pledges.domain import process_cache


def test_the_newest_values_are_kept():
    made = []

    @process_cache.kept(most=2)
    def doubled(number):
        made.append(number)
        return 2 * number

    assert [doubled(number) for number in (1, 2, 1, 3, 2)] == [2, 4, 2, 6, 4]
    assert made == [1, 2, 3]
    assert doubled.last == 6
    doubled(1)
    assert made == [1, 2, 3, 1]


def test_a_value_can_be_made_from_the_one_before():
    @process_cache.kept()
    def total(number):
        return (total.last or 0) + number

    assert [total(1), total(2), total(3)] == [1, 3, 6]


def test_of_several_threads_one_makes_the_value_and_what_is_kept_is_given_meanwhile():
    begun, go_on, made = threading.Event(), threading.Event(), []

    @process_cache.kept(most=2)
    def slow(version):
        if version:
            begun.set()
            assert go_on.wait(10)
        made.append(version)
        return version

    assert slow(0) == 0
    threads = [threading.Thread(target=slow, args=(1,)) for _n in range(3)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    assert slow(0) == 0
    go_on.set()
    for thread in threads:
        thread.join()
    assert made == [0, 1]


def test_what_fails_is_tried_again():
    outcomes = iter([None, "read"])

    @process_cache.kept()
    def read():
        if (found := next(outcomes)) is None:
            raise OSError
        return found

    with pytest.raises(OSError):
        read()
    assert read() == "read"


def test_a_reset_empties_every_one():
    @process_cache.kept()
    def first():
        return object()

    @process_cache.kept()
    def second():
        return object()

    before = first(), second()
    process_cache.reset()
    assert first.last is second.last is None
    assert first() is not before[0] and second() is not before[1]


def test_what_was_not_used_for_longest_goes_first():
    cache = process_cache.LeastRecentlyUsed(entries=2, size=100)
    cache.put("a", 1, 5)
    cache.put("b", 2, 5)
    assert cache.get("a") == 1
    cache.put("c", 3, 5)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)
    process_cache.reset()
    assert (len(cache), cache.size) == (0, 0)


def test_it_never_holds_more_bytes_than_it_may():
    cache = process_cache.LeastRecentlyUsed(entries=1000, size=100)
    for number in range(200):
        cache.put(number % 70, number, number % 11)
        assert cache.size <= 100
    cache.put("large", 0, 11)  # more than a tenth: nothing goes for it
    assert cache.get("large") is None
    assert len(cache) > 9
    cache.put(199 % 70, 0, 11)
    assert cache.get(199 % 70) is None  # nor is the older value left in its place


def test_of_several_that_make_the_same_one_does_and_the_others_wait():
    turns, started, may_end, results = process_cache.Turns(), threading.Event(), threading.Event(), []

    def make():
        with turns.first("page", seconds=30) as is_first:
            if is_first:
                started.set()
                may_end.wait(30)
            results.append(is_first)

    threads = [threading.Thread(target=make) for _ in range(4)]
    threads[0].start()
    started.wait(30)
    for thread in threads[1:]:
        thread.start()
    with turns.first("another page", seconds=30) as is_first:
        assert is_first
    with turns.first("page", seconds=0) as is_first:
        assert not is_first  # and does not wait for ever
    may_end.set()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == [False, False, False, True]
    with pytest.raises(OSError), turns.first("page", seconds=30):
        raise OSError
    with turns.first("page", seconds=30) as is_first:
        assert is_first
