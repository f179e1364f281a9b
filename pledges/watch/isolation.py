"""Runs functions that parse untrusted data in a child process with limits of time and memory.

A child serves one call after another, so that it imports modules only once. It exits when it has been idle for a while,
when its memory has grown, or when its parent is gone.
"""

import atexit
import contextlib
import os
import pickle
import resource
import select
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from pledges.domain import lazy
from pledges.domain.messages import UserFacingError, deferred_message

SECONDS = 10.0
MEMORY = 2_000_000_000  # bytes of address space; libraries and their buffers take about 500 MB of it
CHILDREN = 2  # at most per process: the threads of a web process share them
IDLE_SECONDS = 60
GROWN = 400_000_000  # bytes of resident memory after a call: a child with more exits
_ROOT = Path(__file__).resolve().parents[2]
_ENVIRONMENT = ("PATH", "PYTHONPATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")  # no secrets


class IsolationError(UserFacingError):
    """The call was not completed; `sentence` is for an editor."""


class TimedOut(IsolationError):
    """The call exceeded its time limit."""


class Crashed(IsolationError):
    """The child died: it exceeded the memory limit, or a library crashed."""


def call(function: Callable[..., Any], /, *args: Any, seconds: float = SECONDS, **kwargs: Any) -> Any:
    """Call `function(*args, **kwargs)` in a child process, within `seconds` of wall-clock time, and return its result.

    `function` is a module-level function of `pledges.watch`; its arguments, result and exceptions are pickled. It must
    not need Django's settings or the database. Raises what the function raises, TimedOut (also if all children are busy
    for that long) or Crashed.
    """
    if not _free.acquire(timeout=seconds):
        raise TimedOut(deferred_message("The server is busy reading other documents: try again in a moment."))
    try:
        request = pickle.dumps((seconds, function, args, kwargs))
        while True:
            child = _take()
            try:
                ok, value = _ask(child, request)
            except _EndedIdle:
                continue
            except BaseException:
                _end(child)
                raise
            with _lock:
                _idle.append(child)
            break
    finally:
        _free.release()
    if ok:
        return value
    raise value


class _EndedIdle(Exception):
    """The child exited before it read the request."""


_lock = threading.Lock()
_free = threading.BoundedSemaphore(CHILDREN)
_idle: list[subprocess.Popen[bytes]] = []


def _take() -> subprocess.Popen[bytes]:
    with _lock:
        if _idle:
            return _idle.pop()
    return subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # libraries log each error in a file, and a malicious file has millions
        cwd=_ROOT,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
    )


def _ask(child: subprocess.Popen[bytes], request: bytes) -> tuple[bool, Any]:
    """The child's answer: (True, result) or (False, exception)."""
    to_child, from_child = _pipes(child)
    try:
        with contextlib.suppress(BrokenPipeError):  # the exit code shows why the child exited
            to_child.write(request)
            to_child.flush()
        answer: tuple[bool, Any] = pickle.load(from_child)
        return answer
    except (EOFError, pickle.UnpicklingError):
        child.wait()
    if child.returncode == 0:
        _end(child)
        raise _EndedIdle
    if child.returncode == -signal.SIGALRM:
        raise TimedOut(
            deferred_message("It takes longer to read than the time limit allows: give the part of it that matters.")
        )
    raise Crashed(deferred_message("It could not be read to its end: it is damaged or needs too much memory."))


def _pipes(child: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to and from the child."""
    assert child.stdin and child.stdout, "the child was started with pipes for both"
    return child.stdin, child.stdout


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    for pipe in _pipes(child):
        with contextlib.suppress(OSError):  # the request was not read
            pipe.close()


def close() -> None:
    """Kill the idle children of this process."""
    while _idle:
        _end(_idle.pop())


def _forget() -> None:
    """After a fork: forget the children, which belong to the parent."""
    global _lock, _free
    _lock, _free = threading.Lock(), threading.BoundedSemaphore(CHILDREN)
    for child in _idle:
        for pipe in _pipes(child):
            os.close(pipe.fileno())
        child.returncode = 0  # so that Popen does not wait for it
    _idle.clear()


atexit.register(close)
os.register_at_fork(after_in_child=_forget)


# --- in the child ---------------------------------------------------------------------------------------------------
def _answer(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    try:
        return pickle.dumps((True, function(*args, **kwargs)))
    except MemoryError:
        os._exit(1)
    except Exception as error:
        error.add_note("".join(traceback.format_exception(error)))  # a traceback cannot be pickled
        error.__cause__ = error.__context__ = None
        try:
            answer = pickle.dumps((False, error))
            pickle.loads(answer)
        except Exception:
            return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
        return answer


def main() -> None:
    """Serve calls from standard input until end of file. The kernel's timer (SIGALRM) ends a call that is too slow."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # output of libraries must not mix with the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is handled by the parent
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    while select.select([sys.stdin], [], [], IDLE_SECONDS)[0]:
        try:
            seconds, function, args, kwargs = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        lazy.import_all()  # as the function's module, before the timer starts
        signal.setitimer(signal.ITIMER_REAL, seconds)
        answer = _answer(function, args, kwargs)
        signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(answer)
        answers.flush()
        if _resident() > GROWN:
            return


def _resident() -> int:
    """The resident memory of this process in bytes: getrusage has only the peak, which includes the parent's."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    main()
