"""The environment of a process that a test starts for itself."""

import os

OF_THE_MACHINE = ("PATH", "HOME", "LANG", "TMPDIR")


def environment(**variables: str) -> dict[str, str]:
    """What a program needs of this machine, and these variables; nothing of how the tests are set."""
    return {name: os.environ[name] for name in OF_THE_MACHINE if name in os.environ} | variables
