"""A tracker for benchmarks: embedded servers in a temporary folder, real workers, local feeds to read."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import psutil

from bench.environment import forget_settings
from bench.serving import host_of

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))
        return probe.getsockname()[1]


class FeedServer:
    """A process of `bench.serving`."""

    def __init__(self, feeds: int, entries: int) -> None:
        self.port, self.feeds, self.entries = free_port(), feeds, entries
        command = [
            "setpriv",
            "--pdeathsig=KILL",
            sys.executable,
            "-m",
            "bench.serving",
            str(self.port),
            str(entries),
            str(feeds),
        ]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout, "it was started with a pipe"
        self.process.stdout.readline()

    @property
    def origins(self) -> list[str]:
        """The origin of each feed."""
        return [f"http://{host_of(number)}:{self.port}" for number in range(self.feeds)]

    def control(self, **values: object) -> int:
        """Set latency (seconds), spread or version; returns how many requests were answered so far."""
        query = "&".join(f"{name}={value}" for name, value in values.items())
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/control?{query}", timeout=10) as response:
            return int(response.read())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.wait()


def temporary_tracker(origins: list[str], **environment: str) -> Path:
    """A new STATE_DIR for a tracker that may read these origins; the environment of this process names it from now on.

    It must not have imported `tracker` before.
    """
    folder = Path(tempfile.mkdtemp(prefix="tracker-bench-"))
    forget_settings()
    os.environ.update(
        STATE_DIR=str(folder),
        DJANGO_SETTINGS_MODULE="tracker.settings",
        WATCH_ALLOWED_ORIGINS=",".join(origins),
        LOG_LEVEL="WARNING",
        **environment,
    )
    return folder


class Tracker:
    """Servers and a database in a temporary folder, with Django set up in this process."""

    def __init__(self, origins: list[str], **environment: str) -> None:
        self.folder = temporary_tracker(origins, **environment)
        self.workers: list[subprocess.Popen] = []

    def __enter__(self) -> Self:
        from tracker import embedded

        self.servers = embedded.Servers()
        self.servers.claim()
        self.servers.start()
        import django

        django.setup()
        from django.core.management import call_command

        call_command("prepare_database", verbosity=0, stdout=sys.stderr)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in list(self.workers):
            self.kill(worker)
        self.servers.stop()
        from tracker import embedded

        shutil.rmtree(embedded.sockets_dir(), ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_worker(self, **options: object) -> subprocess.Popen:
        """Start the watch's worker, with these options of Celery's beside the project's own, in its own process group,
        and wait until it is ready."""
        be_worker = f"import sys; from tracker import background; sys.exit(background.run('watch', **{options!r}))"
        path = self.folder / "worker.log"
        with path.open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-c", be_worker], cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
            before = log.tell()
        self.workers.append(worker)
        end = time.monotonic() + 60
        while time.monotonic() < end and worker.poll() is None:
            if b" ready." in path.read_bytes()[before:]:
                return worker
            time.sleep(0.2)
        raise SystemExit(f"The worker does not start: {path.read_text()[-3000:]}")

    def kill(self, worker: subprocess.Popen) -> None:
        """Send SIGKILL to a worker and its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        if worker in self.workers:
            self.workers.remove(worker)


class Supervised:
    """The whole tracker in a process of `bench.supervisor`, with Django set up in this process for its database."""

    def __init__(self, origins: list[str], *, port: int, **environment: str) -> None:
        self.origin, self.port = f"http://127.0.0.1:{port}", port
        self.folder = temporary_tracker(origins, **environment)
        self.environment: dict[str, str] = {}  # of the tracker alone

    def __enter__(self) -> Self:
        with (self.folder / "supervisor.log").open("wb") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig=TERM", sys.executable, "-m", "bench.supervisor", str(self.port)],
                cwd=ROOT,
                env=os.environ | self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        assert self.process.stdout, "it was started with a pipe"
        try:
            for line in self.process.stdout:
                if line == "ready\n":
                    break
            else:
                raise SystemExit(f"It does not start: {(self.folder / 'supervisor.log').read_text()[-3000:]}")
            import django

            django.setup()
            self.wait_until_it_answers()
        except BaseException:
            self.__exit__()
            raise
        return self

    def wait_until_it_answers(self, seconds: float = 60) -> None:
        """Wait for the first answer of web. Raises SystemExit if there is none."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.origin}/robots.txt", timeout=10).close()
                return
            time.sleep(0.1)
        raise SystemExit(f"web does not answer: {(self.folder / 'web.log').read_text()[-3000:]}")

    def children(self) -> list[psutil.Process]:
        """The first process of each part and of each server."""
        return psutil.Process(self.process.pid).children()

    def servers(self, name: str) -> list[psutil.Process]:
        """The first process of a server ("postgres", "broker" or "cache"); none while it is down."""
        if name == "postgres":
            return [process for process in self.children() if process.name() == name]
        running = []
        for process in self.children():
            with contextlib.suppress(psutil.NoSuchProcess):  # it has ended, or is about to be waited for
                if f"{name}.sock" in " ".join(process.cmdline()):
                    running.append(process)
        return running

    def stop(self) -> dict[str, Any]:
        """Stop everything; what the supervisor says of it (see there)."""
        self.process.terminate()
        assert self.process.stdout, "it was started with a pipe"
        lines = self.process.stdout.read().splitlines()
        self.process.wait()
        if self.process.returncode or not lines:
            raise SystemExit(f"The supervisor failed: {(self.folder / 'supervisor.log').read_text()[-3000:]}")
        return json.loads(lines[-1])

    def __exit__(self, *_error: object) -> None:
        from tracker import embedded

        self.process.kill()
        self.process.wait()
        shutil.rmtree(embedded.sockets_dir(), ignore_errors=True)
        if os.environ.get("KEEP_STATE"):
            print(f"kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


class Poll:
    """The feeds of a server as sources, and how far they have been read."""

    def __init__(self, server: FeedServer) -> None:
        self.server, self.version = server, 1
        make_sources(server.origins)
        server.control(latency=0.4, spread=1)

    def read(self) -> int:
        """How many sources have been read in the current version."""
        from pledges.models import Source

        return Source.objects.filter(etag=f'"v{self.version}"').count()

    def publish_once_read(self) -> bool:
        """Once all sources are read, publish new entries in each feed and make all due; whether that was done."""

        if persistently(self.read) < self.server.feeds:
            return False
        self.version += 1
        self.server.control(version=self.version)
        self.make_due()
        return True

    def make_due(self) -> None:
        """Have every source polled at once, whether or not it has new entries."""
        from pledges.models import Source

        persistently(lambda: Source.objects.filter(active=True).update(next_due_at=None))


T = TypeVar("T")


def persistently(function: Callable[[], T], seconds: float = 60.0) -> T:
    """What the function returns, called again while the database is down, for so long."""
    from django.db import DatabaseError, connection

    end = time.monotonic() + seconds
    while True:
        try:
            return function()
        except DatabaseError:
            if time.monotonic() > end:
                raise
            connection.close()
            time.sleep(0.2)


def send(*names: str) -> None:
    """Send messages for these tasks (their names after `pledges.tasks.`), as Celery beat does."""
    from tracker.celery import app

    with app.connection_for_write() as connection:
        for name in names:
            app.send_task(f"pledges.tasks.{name}", connection=connection)


def enqueue_poll() -> None:
    """Enqueue a poll, as Celery beat does every minute."""
    send("poll")


def make_sources(origins: list[str]) -> None:
    """Replace all sources by new ones, one for each origin, and delete articles and hosts."""
    from django.db import connection

    from pledges.models import Source

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pledges_article; DELETE FROM pledges_source; DELETE FROM pledges_host")
    Source.objects.bulk_create(
        Source(name=f"Feed {n}", publisher=f"Paper {n}", url=f"{origin}/feed", language="en")
        for n, origin in enumerate(origins)
    )
