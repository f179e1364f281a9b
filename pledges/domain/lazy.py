"""Modules that are imported when they are first used: a process that nobody asks for them stays small."""

from importlib import import_module
from typing import Any

_names: list[str] = []


class _LazyModule:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)


def lazy(name: str) -> Any:
    """Stands for the module of this full name, which the first access to an attribute imports.

    Only for what few requests need and takes megabytes (docs/adr/0057-seeing-inside.md lists it). Beside it, under
    TYPE_CHECKING, the usual import is for mypy and the contracts of imports.
    """
    _names.append(name)
    return _LazyModule(name)


def import_all() -> None:
    """Import what the modules that this process has imported would import when they first use it."""
    while _names:
        import_module(_names.pop())
