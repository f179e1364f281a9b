"""The whole tracker with docker-compose's restart policy: `STATE_DIR=FOLDER python -m bench.supervisor PORT`.

The parts of `tracker.run` and the embedded servers, each started again whenever it ends (`tracker.run` stops the others
instead). As in a container, the end of a part's first process ends its other processes. Prints "ready" once all run;
SIGTERM stops everything, and the last line is JSON: how often each was started again, and what did not end when asked.
It forks the parts from one import (docs/adr/0029-one-import-for-all.md) and so has no thread of its own.
"""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from multiprocessing.context import ForkProcess

import psutil

from tracker import embedded, run

PR_SET_CHILD_SUBREAPER = 36  # of prctl(2)
# Compose waits as long before the first restart; it doubles the pause of what fails at once, up to a minute.
PAUSE, LONGEST_PAUSE, STEADY_SECONDS = 0.1, 5.0, 10.0
STOP_SECONDS = 60  # docker-compose.yml: stop_grace_period of the workers


class Restarting:
    """The parts by name, each with the process that leads its session."""

    def __init__(self, servers: embedded.Servers, parts: dict[str, run.Part]) -> None:
        self.servers, self.parts = servers, parts
        self.processes: dict[str, ForkProcess] = {}
        self.started_at: dict[str, float] = {}
        self.pause: dict[str, float] = {}
        self.due_at: dict[str, float] = dict.fromkeys(parts, 0.0)
        self.restarts: Counter[str] = Counter()
        self.asked_to_stop = False

    def start(self, name: str) -> None:
        """Fork the part of this name."""
        self.started_at[name] = time.monotonic()
        del self.due_at[name]
        self.processes[name] = run.FORK.Process(target=self._become, args=(name, os.getpid()))
        self.processes[name].start()

    def _become(self, name: str, supervisor: int) -> None:
        """In a new process: be that part, with a folder of its own for temporary files, as a container has."""

        def prepare() -> None:
            with (embedded.STATE_DIR / f"{name}.log").open("ab") as log:
                os.dup2(log.fileno(), 1)
                os.dup2(log.fileno(), 2)
            folder = embedded.STATE_DIR / "tmp" / name
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            tempfile.tempdir = os.environ["TMPDIR"] = str(folder)

        part = replace(self.parts[name], death_signal=signal.SIGKILL)
        run.become(name, part, supervisor, self.servers, prepare)

    def watch(self) -> None:
        """Start what is not running, until asked to stop."""
        reaped_at = time.monotonic()
        while not self.asked_to_stop:
            for name, process in list(self.processes.items()):
                if process.exitcode is not None:
                    self._end(process.pid or 0)
                    self._restart_later(name)
            for name, at in list(self.due_at.items()):
                if at <= time.monotonic():
                    self.start(name)
            self._restart_servers()
            if time.monotonic() - reaped_at > 1.0:  # it looks at all processes of the machine
                self.reap()
                reaped_at = time.monotonic()
            time.sleep(0.05)

    def _restart_later(self, name: str) -> None:
        del self.processes[name]
        steady = time.monotonic() - self.started_at[name] > STEADY_SECONDS
        self.pause[name] = PAUSE if steady else min(2 * self.pause.get(name, PAUSE / 2), LONGEST_PAUSE)
        self.due_at[name] = time.monotonic() + self.pause[name]
        self.restarts[name] += 1

    def _restart_servers(self) -> None:
        """Start a server again that has ended, unless there is a file NAME.hold in STATE_DIR (see bench/faults.py)."""
        ended = self.servers.ended()
        if ended is None or (embedded.STATE_DIR / f"{ended[0]}.hold").exists():
            return
        name, _code = ended
        if name == "postgres":  # its other processes, as with the container; each leads a session of its own
            left = [process for process in psutil.Process().children(recursive=True) if process.name() == "postgres"]
            for process in left:
                process.kill()
            psutil.wait_procs(left, timeout=10)
        self.restarts[name] += 1
        try:
            self.servers.restart(name)
        except (embedded.EmbeddedError, OSError) as error:  # killed again, or the disk is full: `ended` says so
            with contextlib.suppress(OSError):
                print(f"{name}: {error}", file=sys.stderr, flush=True)
            time.sleep(1.0)

    @staticmethod
    def _end(session: int) -> None:
        """Kill what the leader of a session has left."""
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
                if os.getsid(process.pid) == session:
                    process.kill()

    def reap(self) -> None:
        """Take note of the end of processes whose parents are gone: they became this one's children."""
        for process in psutil.Process().children():
            with contextlib.suppress(psutil.NoSuchProcess, ChildProcessError):
                parts = [part.pid for part in self.processes.values()]
                if (
                    process.pid not in parts
                    and not self.servers.runs(process.pid)
                    and process.status() == psutil.STATUS_ZOMBIE
                ):
                    os.waitpid(process.pid, os.WNOHANG)

    def stop(self) -> list[str]:
        """Ask all parts to end, then the servers; the command lines of what had to be killed."""
        for part in self.processes.values():
            part.terminate()
        for part in self.processes.values():
            part.join(STOP_SECONDS)
        others = [
            process
            for process in psutil.Process().children(recursive=True)
            if process.name() not in {"postgres", "redis-server"}
        ]
        _ended, left = psutil.wait_procs(others, timeout=STOP_SECONDS)  # they see that their parent is gone
        names = [f"{process.pid} {process.name()} {process.status()}" for process in left]
        for process in left:
            process.kill()
        self.servers.stop()
        return names


def main() -> int:
    """Run until SIGTERM or SIGINT."""
    port = int(sys.argv[1])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    os.environ.setdefault("STATIC_ROOT", str(embedded.STATE_DIR / "static"))
    os.environ.setdefault("COMPRESS_STATIC", "no")
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    servers = embedded.Servers()
    servers.claim()
    servers.start()
    try:
        run.import_all()
        from django.core.management import call_command
        from django.db import connections

        call_command("prepare_database", verbosity=0)
        connections.close_all()
        restarting = Restarting(servers, run.parts(port))

        def stop(number: int, frame: object) -> None:
            restarting.asked_to_stop = True

        for number in run.STOP_SIGNALS:
            signal.signal(number, stop)
        print("ready", flush=True)
        restarting.watch()
        left = restarting.stop()
        print(json.dumps({"restarts": restarting.restarts, "left": left}), flush=True)
    finally:
        servers.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
