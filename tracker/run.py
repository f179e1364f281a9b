"""`make run`: the whole tracker on this machine under one supervisor, and nothing of it left afterwards.

Web, workers, beat, PostgreSQL and Redis are children of this process. Whatever ends this process ends them all: each
carries a parent-death signal, so that even SIGKILL leaves nothing behind. Web, workers and beat are forked from this
process after it has imported the code, which each would otherwise import anew (docs/adr/0029-one-import-for-all.md).
"""

import contextlib
import ctypes
import gc
import importlib
import multiprocessing
import os
import queue
import shutil
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess

from tracker import background, embedded, first_start

HOST, NAME, WIDTH = "127.0.0.1", "tracker", len("publisher")
PORT_SECONDS, ANSWER_SECONDS, END_SECONDS = 5, 120, 6
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
YIELDING = 5  # pages come first, at the start above all
FORK = multiprocessing.get_context("fork")
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # of prctl(2)


@dataclass(frozen=True)
class Part:
    """One of the tracker's own processes: what it runs, the signal that ends it when the supervisor is gone, and how
    far it yields the processor to the others (as `nice` counts)."""

    run: Callable[[], int | None]
    death_signal: signal.Signals
    nice: int = 0


def become(name: str, part: Part, supervisor: int, servers: embedded.Servers, prepare: Callable[[], None]) -> None:
    """In a process that the supervisor (its process id) has forked: let go of what is the supervisor's, its code
    excepted, call `prepare`, and be that part until it ends. Returns at once if the supervisor is gone."""
    os.setsid()  # Ctrl-C is for the supervisor, which asks each process once
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    system = ctypes.CDLL(None)
    system.prctl(PR_SET_NAME, f"tracker {name}".encode())  # as `top` and `ps` show it
    system.prctl(PR_SET_PDEATHSIG, part.death_signal)
    if os.getppid() != supervisor:  # it was gone before the kernel knew whom this process belongs to
        return
    servers.let_go()
    prepare()
    os.nice(part.nice)
    sys.exit(part.run())


class Supervisor:
    """Runs the processes and prints what they say, until one of them or of the servers ends, or all are asked to."""

    def __init__(self, servers: embedded.Servers, url: str, welcome: str) -> None:
        self._servers, self._url, self._welcome = servers, url, welcome
        self._processes: dict[str, tuple[ForkProcess, threading.Thread]] = {}
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()  # printed by the main thread alone, whole
        self._asked_to_stop = False
        self.ended: tuple[str, int] | None = None  # who ended first, without being asked, and its exit code

    def run(self, parts: dict[str, Part]) -> None:
        """Start all, and return once none is left."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop)
        try:
            self._start(parts)
            threading.Thread(target=self._say_welcome, daemon=True).start()
            while not self._asked_to_stop and not self.ended:
                self._print(seconds=0.1)
                self.ended = self._first_ended()
            self._terminate()
        finally:
            self._kill()

    def _start(self, parts: dict[str, Part]) -> None:
        """Fork a process for each part. Threads are started last: a fork copies none of them, but what they lock."""
        outputs: list[int] = []
        for name, part in parts.items():
            output, written = os.pipe()
            outputs.append(output)
            reader = threading.Thread(target=self._read, args=(name, output), daemon=True)
            process = FORK.Process(target=self._become, args=(name, part, os.getpid(), written, outputs))
            process.start()
            os.close(written)
            self._processes[name] = process, reader
        for name, (process, reader) in self._processes.items():
            self._say(f"{name} started (pid={process.pid})")
            reader.start()

    def _become(self, name: str, part: Part, supervisor: int, written: int, outputs: list[int]) -> None:
        """In a new process: be that part, and say what it says to the supervisor."""

        def redirect() -> None:
            nothing = os.open(os.devnull, os.O_RDONLY)
            for opened, standard in ((nothing, 0), (written, 1), (written, 2)):
                os.dup2(opened, standard)
            for opened in (nothing, written, *outputs):
                os.close(opened)

        become(name, part, supervisor, self._servers, redirect)

    def _read(self, name: str, output: int) -> None:
        """Pass on what a process and its children say; it comes to its end with the last of them."""
        with open(output, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                self._say(line.rstrip("\n"), name)

    def _stop(self, number: int, frame: object) -> None:
        self._asked_to_stop = True

    def _first_ended(self) -> tuple[str, int] | None:
        for name, (process, _reader) in self._processes.items():
            if process.exitcode is not None:
                return name, process.exitcode
        return self._servers.ended()

    def _terminate(self) -> None:
        """Ask the processes that were started to end, and give them time.

        Not their children: a worker whose children are told as well loses what they were at, with a traceback; told
        alone it lets them finish.
        """
        for process, _reader in self._processes.values():
            process.terminate()
        end = time.monotonic() + END_SECONDS
        while any(reader.is_alive() for _process, reader in self._processes.values()) and time.monotonic() < end:
            self._print(seconds=0.1)

    def _kill(self) -> None:
        """Leave no process, children included, however `run` came to its end."""
        for name, (process, reader) in self._processes.items():
            if process.pid and (reader.is_alive() or process.is_alive()):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.kill()  # should it have no group of its own yet
            process.join()
            if reader.ident:
                reader.join()
            self._say(f"{name} stopped (rc={process.exitcode})")
        while not self._lines.empty():
            self._print()

    def _say_welcome(self) -> None:
        end = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < end and not self._asked_to_stop:
            try:
                urllib.request.urlopen(self._url, timeout=10).close()
            except urllib.error.HTTPError as error:
                self._say(f"{self._url} answers with {error.code}: see the lines of web above.")
                return
            except OSError:
                time.sleep(0.2)
            else:
                self._say(self._welcome)
                return

    def _say(self, text: str, name: str = NAME) -> None:
        for line in text.splitlines():
            self._lines.put(f"{time.strftime('%H:%M:%S')} {name:{WIDTH}} | {line}")

    def _print(self, *, seconds: float = 0) -> None:
        with contextlib.suppress(queue.Empty):
            print(self._lines.get(timeout=seconds), flush=True)


def port_from(value: str) -> int:
    """The port number in the environment's PORT. Raises SystemExit with what to do."""
    if value.isascii() and value.isdigit() and 0 < int(value) < 65536:
        return int(value)
    raise SystemExit(f"PORT must be a number from 1 to 65535, not {value!r}: for example `make run PORT=8001`.")


def check_port(port: int) -> None:
    """Raises SystemExit when the port cannot be had; waits a little, as a killed start lets go of it with delay."""
    end = time.monotonic() + PORT_SECONDS
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
                return
            except PermissionError:
                raise SystemExit(f"Port {port} is only for root. Give another: `make run PORT=8001`.") from None
            except OSError:
                if time.monotonic() > end:
                    other = port + 1 if port < 65535 else 8001
                    raise SystemExit(
                        f"Port {port} is taken by another program. Give another: `make run PORT={other}`."
                    ) from None
        time.sleep(0.2)


def import_all() -> None:
    """Import what the parts run, set up Django and collect the static files: what needs no server."""
    import django
    from django.core.management import call_command

    django.setup()
    importlib.import_module("celery.apps.worker")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)  # no compressed files of other starts


def parts(port: int) -> dict[str, Part]:
    """The tracker's own processes, by name.

    A worker that is told to quit waits for a broker that is gone as well; the rows are the queue, so it is killed.
    """
    return {
        "web": Part(partial(serve, port), signal.SIGQUIT),
        "worker": Part(partial(celery, "watch"), signal.SIGKILL, nice=YIELDING),
        "publisher": Part(partial(celery, "publisher"), signal.SIGKILL),
        "beat": Part(partial(celery, "beat"), signal.SIGTERM, nice=YIELDING),
    }


def serve(port: int) -> None:
    """Be the command `gunicorn`."""
    from gunicorn.app.wsgiapp import run

    options = ["--config", "python:tracker.gunicorn_hooks", "--bind", f"{HOST}:{port}"]
    sys.argv = ["gunicorn", "tracker.wsgi:application", *options]
    sys.argv += ["--workers", "2", "--threads", "4", "--no-control-socket"]
    run()


def celery(name: str) -> int:
    """Be the worker "watch" or "publisher", or "beat"; its exit code."""
    warnings.filterwarnings("ignore", "You're running the worker with superuser")  # too loud for a first look
    return background.run(name)


def prepare(servers: embedded.Servers, url: str) -> str:
    """`first_start.prepare` in a process of its own: the memory that migrations take goes with it, and is not in every
    process that is forked later. Raises SystemExit."""
    from django.conf import settings

    receiver, sender = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_prepare, args=(servers, url, sender), name="prepare")
    process.start()
    sender.close()
    try:
        answer = receiver.recv()
    except EOFError:
        raise SystemExit("The database could not be prepared: see above.") from None
    finally:
        process.terminate()
        process.join()
    if isinstance(answer, SystemExit):
        raise answer
    welcome, settings.SAMPLE_NEWSWIRE = answer
    return welcome


def _prepare(servers: embedded.Servers, url: str, sender: Connection) -> None:
    from django.conf import settings

    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    servers.let_go()
    try:
        sender.send((first_start.prepare(url), settings.SAMPLE_NEWSWIRE))
    except SystemExit as error:
        sender.send(error)


def supervise(servers: embedded.Servers, port: int) -> int:
    """Start everything, stay until it ends; returns the exit code: 0 when asked to stop, else that of who ended."""
    url = f"http://{HOST}:{port}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    os.environ.setdefault("STATIC_ROOT", str(embedded.STATE_DIR / "static"))
    if first_start.wants_empty():
        os.environ.pop("SAMPLE_NEWSWIRE", None)
        os.environ["TIME_ZONE"] = os.environ.get("TIME_ZONE") or first_start.likely_zone()
    else:
        os.environ.setdefault("SAMPLE_NEWSWIRE", url)
    os.environ.setdefault("COMPRESS_STATIC", "no")
    if os.environ.get("METRICS"):  # web serves those of all processes
        folder = embedded.STATE_DIR / "metrics"
        shutil.rmtree(folder, ignore_errors=True)
        os.environ["METRICS_DIR"] = str(folder)
    with ThreadPoolExecutor(1) as pool:  # this thread starts the servers: they end with it
        imported = pool.submit(import_all)
        servers.start(postgres=not os.environ.get("DATABASE_URL"), with_redis=not os.environ.get("BROKER_URL"))
    imported.result()
    supervisor = Supervisor(servers, url, prepare(servers, url))
    gc.collect()
    gc.freeze()  # or each fork's first collection would copy what all share
    supervisor.run(parts(port))
    if supervisor.ended:
        name, code = supervisor.ended
        print(f"{name} ended by itself with code {code}, so everything was stopped.", file=sys.stderr)
        return code if 0 < code < 256 else 1
    return 0


def main() -> int:
    """The command line: PORT, EMPTY and TIME_ZONE from the environment. Ends on SIGINT, SIGTERM and SIGHUP; returns the
    exit code."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    for number in STOP_SIGNALS:
        signal.signal(number, interrupt)
    port = port_from(os.environ.get("PORT") or "8000")
    first_start.check_environment()
    servers = embedded.Servers()
    try:
        servers.claim()
        check_port(port)
        return supervise(servers, port)
    except embedded.EmbeddedError as error:
        raise SystemExit(str(error)) from None
    except KeyboardInterrupt:
        return 0
    finally:
        servers.stop()


if __name__ == "__main__":
    sys.exit(main())
