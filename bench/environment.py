"""The environment that benches and tests start from: none of the tracker's variables, however somebody's own is set.

Imports nothing of the project, so it can be used before settings are read.
"""

import os
import re
from pathlib import Path

TRACKER = Path(__file__).resolve().parent.parent / "tracker"
READ = re.compile(r"""(?:environ(?:\.get\(|\[)|\benv_(?:bool|list)\()"([A-Z_]+)\"""")
OF_THE_MACHINE = {"TZ"}


def settings() -> set[str]:
    """The names of the variables that the tracker reads, as its code has them."""
    return {name for module in TRACKER.glob("*.py") for name in READ.findall(module.read_text())} - OF_THE_MACHINE


def forget_settings() -> None:
    """Remove them from the environment of this process."""
    for name in settings():
        os.environ.pop(name, None)
