"""Real workers, killed amid polls, and a broker that loses everything: each article is stored once, none is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[3]


def test_killed_workers_and_a_broker_without_memory_lose_nothing():
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    done = subprocess.run(
        [sys.executable, "-m", "bench.kill", "--feeds", "40", "--kills", "3", "--restarts", "1"],
        cwd=ROOT,
        env=kept,
        capture_output=True,
        text=True,
        timeout=240,
    )
    last = done.stdout.strip().splitlines()[-1]
    assert done.returncode == 0, done.stdout + done.stderr
    assert ", 0 lost, 0 twice, 0 sources failing" in last
