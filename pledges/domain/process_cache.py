"""What a process keeps in memory of what it has read: the newest values of a few things, and one `reset` for all."""

from collections.abc import Callable, Hashable
from threading import RLock
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_all: "list[Kept[Any]]" = []


class Kept(Generic[T]):
    """The values that a function made of its newest `most` versions (an edition, or whatever else it is given).

    Of several threads that ask for a version at once, one makes it and the others wait for it. Versions that are kept
    are given without waiting.
    """

    def __init__(self, make: Callable[..., T], most: int) -> None:
        self._make, self._most, self._lock = make, most, RLock()
        self._values: dict[tuple[Hashable, ...], T] = {}
        self.__doc__ = make.__doc__
        _all.append(self)

    def __call__(self, *version: Hashable) -> T:
        values = self._values
        if version in values:
            return values[version]
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


def kept(most: int = 1) -> Callable[[Callable[..., T]], Kept[T]]:
    """Decorator: keep what a function made of its newest versions in the process. It takes positional arguments."""
    return lambda make: Kept(make, most)


def reset() -> None:
    """As a process that has just started: everything is read again. For where the numbers of editions begin again."""
    for each in _all:
        each.clear()
