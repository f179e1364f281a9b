"""What a process keeps in memory of what it has read: the newest values of a few things, and one `reset` for all."""

import ctypes
import gc
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Event, Lock, RLock
from typing import Any, Generic, Protocol, TypeVar, cast

T = TypeVar("T")


class Clearable(Protocol):
    """Something kept that `reset` clears."""

    def clear(self) -> None:
        """Forget the values."""


_all: list[Clearable] = []
_apart: ContextVar["dict[tuple[Kept[Any], tuple[Hashable, ...]], Any] | None"] = ContextVar("apart", default=None)


def cleared_by_reset(memory: Clearable) -> None:
    """Let `reset` clear this, too."""
    _all.append(memory)


class Kept(Generic[T]):
    """The values that a function made of its newest `most` versions (an edition, or whatever else it is given).

    Of several threads that ask for a version at once, one makes it and the others wait for it. Versions that are kept
    are given without waiting.
    """

    def __init__(self, make: Callable[..., T], most: int) -> None:
        self._make, self._most, self._lock = make, most, RLock()
        self._values: dict[tuple[Hashable, ...], T] = {}
        self.__doc__ = make.__doc__
        cleared_by_reset(self)

    def __call__(self, *version: Hashable) -> T:
        values = self._values
        if version in values:
            return values[version]
        if (apart := _apart.get()) is not None:
            if (self, version) not in apart:
                apart[self, version] = self._make(*version)
            return cast(T, apart[self, version])
        with self._lock:
            if version not in self._values:
                value = self._make(*version)
                # In one step, and never changed: a reader without the lock sees the values before or after.
                newest = [*self._values.items(), (version, value)][-self._most :]
                self._values = dict(newest)
            return self._values[version]

    def has(self, *version: Hashable) -> bool:
        """Whether it keeps the value of a version."""
        return version in self._values

    @property
    def last(self) -> T | None:
        """The value that was made last, None while there is none."""
        return next(reversed(self._values.values()), None)

    def clear(self) -> None:
        """Forget the values."""
        with self._lock:
            self._values = {}


class LeastRecentlyUsed(Generic[T]):
    """A cache bounded in its number of entries and in their bytes; what was not used for longest goes first."""

    def __init__(self, *, entries: int, size: int) -> None:
        self._entries, self._size, self._used, self._lock = entries, size, 0, Lock()
        self._values: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        cleared_by_reset(self)

    def get(self, key: Hashable) -> T | None:
        """The value, which is now the last used; None if there is none."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def put(self, key: Hashable, value: T, size: int) -> None:
        """Keep a value that takes `size` bytes, unless that alone is more than a tenth of the whole."""
        with self._lock:
            self._used -= self._values.pop(key, (None, 0))[1]
            if size > self._size / 10:
                return
            self._values[key] = value, size
            self._used += size
            while len(self._values) > self._entries or self._used > self._size:
                self._used -= self._values.popitem(last=False)[1][1]

    def delete(self, key: Hashable) -> None:
        """Forget a value, if there is one."""
        with self._lock:
            self._used -= self._values.pop(key, (None, 0))[1]

    def clear(self) -> None:
        """Forget the values."""
        with self._lock:
            self._values.clear()
            self._used = 0

    def __len__(self) -> int:
        return len(self._values)

    @property
    def size(self) -> int:
        """The bytes of all values."""
        return self._used


class Turns:
    """Of several threads of a process that are about to make the same, one makes it while the others wait."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._events: dict[Hashable, Event] = {}

    @contextmanager
    def first(self, key: Hashable, *, seconds: float) -> Iterator[bool]:
        """True at once for the first; False for the others, once the first is done or `seconds` have passed."""
        with self._lock:
            running = self._events.get(key)
            if running is None:
                own = self._events[key] = Event()
        if running is not None:
            running.wait(seconds)
            yield False
            return
        try:
            yield True
        finally:
            with self._lock:
                del self._events[key]
            own.set()


def kept(most: int = 1) -> Callable[[Callable[..., T]], Kept[T]]:
    """Decorator: keep what a function made of its newest versions in the process. It takes positional arguments."""
    return lambda make: Kept(make, most)


@contextmanager
def nothing_kept() -> Iterator[None]:
    """What is made inside is given inside alone, and then forgotten.

    For a transaction that sees the database as of one moment: an edition that is published meanwhile has its number
    already, but what is made for it would lack its rows, and would be kept without them.
    """
    token = _apart.set({})
    try:
        yield
    finally:
        _apart.reset(token)


@contextmanager
def building_a_table() -> Iterator[None]:
    """Make a table of many objects, none of which is garbage, without the garbage collector: it would look through all
    that is there again and again, for half of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def give_back() -> None:
    """Give memory back to the system that was needed for a while only; the allocator keeps it otherwise. A few ms."""
    with suppress(AttributeError):  # a function of glibc
        ctypes.CDLL(None).malloc_trim(0)


def reset() -> None:
    """As a process that has just started: everything is read again. For where the numbers of editions begin again."""
    for each in _all:
        each.clear()
