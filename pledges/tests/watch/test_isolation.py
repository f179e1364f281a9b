"""What parses strangers' bytes runs in a child process: it may take long, eat memory or crash, and costs one call."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pledges.tests.watch import isolated
from pledges.watch import isolation


@pytest.fixture(autouse=True)
def no_children_left():
    """Each test begins and ends without a child."""
    isolation.close()
    yield
    isolation.close()


def test_a_function_runs_in_another_process_and_its_result_comes_back():
    assert isolation.call(isolated.process) != os.getpid()
    assert isolation.call(isolated.length, b"\x00\xff" * 100_000, times=3) == b"\x00\xff" * 300_000


def test_one_child_serves_many_calls():
    assert len({isolation.call(isolated.process) for _ in range(5)}) == 1


def test_the_function_s_own_exception_is_raised_with_its_sentence():
    with pytest.raises(isolated.Refused) as raised:
        isolation.call(isolated.refuse, 7)
    assert str(raised.value) == raised.value.sentence.english == "There are 7."


def test_an_unexpected_exception_keeps_the_child_s_traceback_as_a_note():
    with pytest.raises(ValueError, match="not this") as raised:
        isolation.call(isolated.fail)
    assert "KeyError: 'missing'" in raised.value.__notes__[0]


@pytest.mark.parametrize("function", [isolated.hang, isolated.hold_the_interpreter])
def test_what_takes_too_long_is_ended_and_the_next_call_is_served(function):
    with pytest.raises(isolation.TimedOut, match="longer"):
        isolation.call(function, seconds=0.3)
    assert isolation.call(isolated.length, b"next") == b"next"


@pytest.mark.parametrize("function", [isolated.eat_memory, isolated.die])
def test_what_crashes_the_child_costs_this_call_only(function):
    with pytest.raises(isolation.Crashed, match="damaged or needs too much memory"):
        isolation.call(function)
    assert isolation.call(isolated.length, b"next") == b"next"


def test_a_child_that_ended_while_idle_is_replaced_without_a_word():
    first = isolation.call(isolated.process)
    isolation._idle[0].stdin.close()
    isolation._idle[0].wait()
    with Path(os.devnull).open("wb") as nowhere:
        isolation._idle[0].stdin = nowhere
        assert isolation.call(isolated.process) != first


def test_what_a_library_prints_does_not_stand_in_the_answer():
    assert isolation.call(isolated.chatter) == "answer"
    assert isolation.call(isolated.length, b"next") == b"next"


def test_the_child_sees_none_of_our_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("DATABASE_URL", "postgres://x")
    assert set(isolation.call(isolated.environment)) <= {*isolation._ENVIRONMENT, "LC_CTYPE"}


@pytest.mark.parametrize("function", [isolated.raise_unpicklable, isolated.return_unpicklable])
def test_what_cannot_be_sent_back_is_an_error_and_no_hang(function):
    with pytest.raises(Exception, match=r"one|pickle"):
        isolation.call(function)
    assert isolation.call(isolated.length, b"next") == b"next"


def test_more_threads_than_children_wait_for_their_turn():
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(isolation.call(isolated.process, seconds=60))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert len(set(answers)) <= isolation.CHILDREN


def test_where_all_children_are_busy_for_too_long_the_caller_is_told(monkeypatch):
    monkeypatch.setattr(isolation, "_free", threading.BoundedSemaphore(1))
    with isolation._free, pytest.raises(isolation.TimedOut, match="busy"):
        isolation.call(isolated.process, seconds=0.01)


def test_no_child_outlives_a_parent_that_is_killed():
    script = (
        "import os, threading\n"
        "from pledges.watch import isolation\n"
        "from pledges.tests.watch import isolated\n"
        "print(isolation.call(isolated.process), flush=True)\n"
        "threading.Timer(0.2, os._exit, [9]).start()\n"
        "isolation.call(isolated.hang, seconds=3)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=isolation._ROOT)
    assert done.returncode == 9, done.stderr
    child = int(done.stdout)
    while _runs(child):  # ended by its own timer
        time.sleep(0.1)


def test_a_forked_process_has_children_of_its_own():
    parents = isolation.call(isolated.process)
    reading, writing = os.pipe()
    if not (fork := os.fork()):
        os.write(writing, str(isolation.call(isolated.process)).encode())
        isolation.close()
        os._exit(0)
    os.waitpid(fork, 0)
    assert int(os.read(reading, 20)) != parents
    assert isolation.call(isolated.process) == parents


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
