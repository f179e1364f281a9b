"""A short torture (bench/torture.py): the whole tracker, killed at random while people and the watch work on it."""

import subprocess
import sys
from pathlib import Path

import pytest

from pledges.tests.support.own_process import environment

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[3]


def test_what_was_acknowledged_is_there_once_whatever_is_killed():
    options = ["--kills", "6", "--feeds", "4", "--entries", "2", "--pause", "0.3", "--seed", "30"]
    done = subprocess.run(
        [sys.executable, "-m", "bench.torture", *options],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("0 problems")
