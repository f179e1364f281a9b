"""`python -m bench.ablation [statuses|extraction]`: what each group of rules is worth on the development sets.

Each group is switched off in turn, and the change of every figure is printed, in points; a group without one can be
deleted. The groups and the figures of a part of the watch are in `bench/ablation_PART.py`, which has two functions:
`groups()` gives the `Group`s, and `figures()` measures once and gives {name of a figure: value between 0 and 1}.
"""

import argparse
import importlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from unittest.mock import patch

PARTS = ("statuses", "extraction")
Figures = dict[str, float]


@dataclass(frozen=True)
class Group:
    """Some rules, and a context in which they are switched off."""

    name: str
    off: Callable[[], AbstractContextManager[object]]


def without(name: str, *changes: tuple[object, str, object], renew: Callable[[], object] | None = None) -> Group:
    """A group that is switched off by setting attributes: (object, attribute, value while it is off).

    `renew` is called after each switch; it drops what was compiled or cached with the old values.
    """

    @contextmanager
    def off() -> Iterator[None]:
        with ExitStack() as stack:
            for target, attribute, value in changes:
                stack.enter_context(patch.object(target, attribute, value))
            if renew:
                renew()
            yield
        if renew:
            renew()

    return Group(name, off)


def changes(groups: list[Group], figures: Callable[[], Figures]) -> Iterator[tuple[str, Figures]]:
    """The figures with every rule, and then by how much each changes without each group."""
    whole = figures()
    yield "all rules", whole
    for group in groups:
        with group.off():
            less = figures()
        yield f"without {group.name}", {name: less[name] - value for name, value in whole.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)} (all if none is given)")
    for part in parser.parse_args().parts or PARTS:
        module = importlib.import_module(f"bench.ablation_{part}")
        print(f"\n{part}, in points")
        for at, (name, values) in enumerate(changes(module.groups(), module.figures)):
            if not at:
                print(f"{'':44}" + "".join(f"{figure:>10}" for figure in values))
            print(f"{name:44}" + "".join(f"{100 * value:{'' if not at else '+'}10.1f}" for value in values.values()))


if __name__ == "__main__":
    main()
