"""A tracker of its own for benches: embedded servers in a temporary folder, real workers, feeds to read."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from redis.exceptions import RedisError

from bench.serving import host_of

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))
        return probe.getsockname()[1]


class Press:
    """The server of `bench.serving`, as a process."""

    def __init__(self, feeds: int, entries: int) -> None:
        self.port, self.feeds = free_port(), feeds
        command = [sys.executable, "-m", "bench.serving", str(self.port), str(entries), str(feeds)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout, "it was started with a pipe"
        self.process.stdout.readline()

    @property
    def origins(self) -> list[str]:
        """The origin of each feed."""
        return [f"http://{host_of(number)}:{self.port}" for number in range(self.feeds)]

    def control(self, **what: object) -> int:
        """Set latency (seconds) or version; returns how many requests were answered so far."""
        query = "&".join(f"{name}={value}" for name, value in what.items())
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/control?{query}", timeout=10) as answer:
            return int(answer.read())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


class Tracker:
    """Servers and database of a tracker in a folder of its own, with Django set up in this process."""

    def __init__(self, origins: list[str], **environment: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-bench-"))
        for name in ("DATABASE_URL", "BROKER_URL", "CACHE_URL", "OWNER_DATABASE_URL", "SAMPLE_NEWSWIRE"):
            os.environ.pop(name, None)
        os.environ.update(
            STATE_DIR=str(self.folder),
            DJANGO_SETTINGS_MODULE="tracker.settings",
            WATCH_ALLOWED_ORIGINS=",".join(origins),
            LOG_LEVEL="WARNING",
            **environment,
        )
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

    def start_worker(self, *more: str) -> subprocess.Popen:
        """A worker by the project's own command line, in a process group of its own; returns when it is ready."""
        from tracker.celery import app
        from tracker.run import worker_arguments

        command = [sys.executable, "-m", "celery", "--quiet", "--app", "tracker", *worker_arguments("watch")]
        with (self.folder / "worker.log").open("ab") as log:
            worker = subprocess.Popen([*command, *more], cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        self.workers.append(worker)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            # A connection of its own: one that is kept would be to a broker that was restarted since.
            with contextlib.suppress(OSError, RedisError), app.connection_for_write() as connection:
                if app.control.ping(timeout=0.5, connection=connection):
                    return worker
            if worker.poll() is not None:
                break
        raise SystemExit(f"The worker does not start: {(self.folder / 'worker.log').read_text()[-3000:]}")

    def kill(self, worker: subprocess.Popen) -> None:
        """SIGKILL to a worker and its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        if worker in self.workers:
            self.workers.remove(worker)

    def restart_broker(self) -> None:
        """Kill the broker with all it holds, and start another."""
        redis = self.servers._running["redis"]
        redis.kill()
        redis.wait()
        (embedded_sockets() / "redis.sock").unlink(missing_ok=True)
        self.servers._start_redis(self.servers._locks[-1])


def embedded_sockets() -> Path:
    """The folder of the embedded servers' sockets."""
    from tracker import embedded

    return embedded.sockets_dir()


def look(task: str = "pledges.tasks.poll") -> None:
    """What beat says every minute."""
    from tracker.celery import app

    with app.connection_for_write() as connection:
        app.send_task(task, connection=connection)


def make_sources(origins: list[str]) -> None:
    """Sources that were never read, one an origin, and nothing else."""
    from django.db import connection

    from pledges.models import Source

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pledges_article; DELETE FROM pledges_source; DELETE FROM pledges_host")
    Source.objects.bulk_create(
        Source(name=f"Feed {n}", publisher=f"Paper {n}", url=f"{origin}/feed", language="en")
        for n, origin in enumerate(origins)
    )
