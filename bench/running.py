"""A tracker for benchmarks: embedded servers in a temporary folder, real workers, local feeds to read."""

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
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))
        return probe.getsockname()[1]


class FeedServer:
    """A process of `bench.serving`."""

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


class Tracker:
    """Servers and a database in a temporary folder, with Django set up in this process."""

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

    def start_worker(self, *options: str) -> subprocess.Popen:
        """Start a worker with the project's own command line, in its own process group, and wait until it is ready."""
        from tracker.celery import app
        from tracker.run import worker_arguments

        command = [sys.executable, "-m", "celery", "--quiet", "--app", "tracker", *worker_arguments("watch")]
        with (self.folder / "worker.log").open("ab") as log:
            worker = subprocess.Popen([*command, *options], cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        self.workers.append(worker)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            # A new connection: a pooled one would be to the broker before its restart.
            with contextlib.suppress(OSError, RedisError), app.connection_for_write() as connection:
                if app.control.ping(timeout=0.5, connection=connection):
                    return worker
            if worker.poll() is not None:
                break
        raise SystemExit(f"The worker does not start: {(self.folder / 'worker.log').read_text()[-3000:]}")

    def kill(self, worker: subprocess.Popen) -> None:
        """Send SIGKILL to a worker and its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        if worker in self.workers:
            self.workers.remove(worker)

    def restart_broker(self) -> None:
        """Kill the broker with all its messages, and start another."""
        self.servers.kill("broker")
        self.servers.start_redis("broker")
        self.servers.wait_for_redis("broker")


def enqueue_poll() -> None:
    """Enqueue a poll, as Celery beat does every minute."""
    from tracker.celery import app

    with app.connection_for_write() as connection:
        app.send_task("pledges.tasks.poll", connection=connection)


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
