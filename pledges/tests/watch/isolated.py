"""Functions that the tests of isolation call in the child process."""

import os
import signal
import time

from pledges.domain.messages import UserFacingError, deferred_message
from pledges.watch.sources import articles


class Refused(UserFacingError):
    """An error of the watch's own kind."""


def process(*_anything) -> int:
    """The number of the process that this runs in."""
    return os.getpid()


def length(body: bytes, *, times: int = 1) -> bytes:
    """The body, so many times."""
    return body * times


def refuse(value: int) -> None:
    """Raises the watch's own kind of error."""
    raise Refused(deferred_message("There are %(count)s.", count=value))


def fail() -> None:
    """Raises an ordinary exception with a cause."""
    try:
        {}["missing"]
    except KeyError as error:
        raise ValueError("not this") from error


def hang() -> None:
    """Never returns, and catches what it can."""
    while True:
        try:
            while True:
                time.sleep(0.01)
        except BaseException:
            continue


def hold_the_interpreter() -> int:
    """One step of C code that takes minutes and lets no signal handler of Python run."""
    return sum(range(10**11))


def eat_memory() -> None:
    """Asks for memory without end, and swallows Python's own error about it once."""
    eaten = []
    while True:
        eaten.append(bytearray(50_000_000))


def die() -> None:
    """Dies as from a fault in a C library."""
    os.kill(os.getpid(), signal.SIGSEGV)


def chatter() -> str:
    """Prints where a library would."""
    print("a line of a library")
    os.write(1, b"another one\n")
    return "answer"


def environment() -> list[str]:
    """The names of the environment variables that the child sees."""
    return sorted(os.environ)


class Unpicklable(Exception):
    """An exception that cannot be built anew from its arguments."""

    def __init__(self, one: str, other: str):
        super().__init__(one)
        self.other = other


def raise_unpicklable() -> None:
    """Raises it."""
    raise Unpicklable("one", "other")


def return_unpicklable() -> object:
    """Returns what cannot be pickled."""
    return lambda: None


def hang_on_mark(body: bytes, **more) -> object:
    """As `articles.extract`, but it never ends for a page that says "hang", and dies for one that says "die"."""
    if b"die" in body:
        os.kill(os.getpid(), signal.SIGKILL)
    return hang() if b"hang" in body else articles.extract(body, **more)
