"""Tests run against a PostgreSQL and a Redis of their own, started when the first test asks for them, ended always.

pytest-xdist runs the files of tests in as many processes as there are processors (four at most); each process has
servers of its own. `-n0` runs all in one, for a debugger.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from bench import environment

ROOT = Path(__file__).parent
STATE_DIR = Path(tempfile.mkdtemp(prefix="tracker-test-"))

# Before settings are read: no test may touch the caller's own tracker, nor depend on how it is set.
environment.forget_settings()
os.environ.update(
    DJANGO_SETTINGS_MODULE="tracker.settings",
    STATE_DIR=str(STATE_DIR),
    SECRET_KEY="only for tests",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    APP_DATABASE_ROLE="tracker_app",
    DEBUG="no",
    HTTPS="no",
    LANGUAGE_CODE="en",
    REDIS_TIMEOUT_SECONDS="20",  # the machine that runs the tests may be slow
    TIME_ZONE="America/Guayaquil",
    PULSE_SECONDS="0",  # what a test has published, the next request shows
    ENCODER="off",  # the tests that are about it say so: encoding takes 30 ms a sentence
    STATIC_ROOT=str(STATE_DIR / "static"),
)
(STATE_DIR / "static").mkdir()  # empty; whitenoise looks into it, the tests' files come from where they are written
from tracker import embedded  # noqa: E402 (reads STATE_DIR)

os.environ["DATABASE_URL"] = embedded.owner_database_url()
TEST_DATABASE = f"test_{embedded.DATABASE}"  # as Django names it

import django  # noqa: E402
import pytest  # noqa: E402
from django.conf import settings  # noqa: E402

# Without collectstatic, and with passwords that cost nothing.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django.setup()


def postgres(program: str, *options: str, database: str = TEST_DATABASE) -> None:
    """Run one of PostgreSQL's programs on the tests' server, as its owner."""
    address = f"--dbname={embedded.database_url(embedded.OWNER_ROLE, database)}"
    quiet = ["--quiet", "--no-psqlrc"] if program == "psql" else []
    subprocess.run([embedded.binaries() / program, address, *quiet, *options], check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def one_process_at_a_time():
    """For what changes the machine itself: another process of the tests waits until this one is done."""
    with (Path(tempfile.gettempdir()) / f"tracker-tests-{os.geteuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those of browsers and processes first: they take longest, and none of them should be what all wait for. Of these
    first what needs no database of the tests: another process can make that meanwhile."""
    items.sort(key=lambda item: (item.path.name != "test_run.py", not {"e2e", "processes"} & set(item.path.parts)))


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes go by how many they are: gzip writes the time into them, and a test has the same name in each process."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """The processes that run the tests begin without it: pytest-django would read the settings before this file."""
    os.environ.pop("DJANGO_SETTINGS_MODULE")


def pytest_unconfigure() -> None:
    """The servers are stopped by their fixture; here goes what they leave."""
    shutil.rmtree(STATE_DIR, ignore_errors=True)
    shutil.rmtree(embedded.sockets_dir(), ignore_errors=True)


@pytest.fixture(scope="session")
def servers():
    """PostgreSQL and Redis, running. Every database test has them; ask for them where only the broker is needed."""
    with one_process_at_a_time():  # root makes an account for PostgreSQL, where there is none yet
        running = embedded.start(durable=False)
    with running:
        yield running


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The server is thrown away whole."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """pytest-django would name the database after the process; each has a server of its own."""


@pytest.fixture(scope="session")
def schema(pytestconfig, servers):
    """The test database as an earlier run of the very same migrations left it, if one did.

    Migrating takes Django some seconds of computing, several times as long as reading a dump. So the first process
    that migrates keeps what comes out in pytest's cache (a clean clone has none), and others wait for it.
    """
    parts = [*sorted((ROOT / "pledges/migrations").glob("*.py")), ROOT / "requirements.lock"]
    key = hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:16]
    kept = pytestconfig.cache.mkdir("schema") / f"{key}.sql"
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is there
        if kept.exists():
            postgres("psql", f"--command=CREATE DATABASE {TEST_DATABASE}", database="postgres")
            postgres("psql", "--set=ON_ERROR_STOP=1", f"--file={kept}")
        yield kept, lock


@pytest.fixture(scope="session")
def django_db_setup(schema, django_db_setup, django_db_blocker):
    """The test database, migrated by its owner, and the application's role with what `prepare_database` grants."""
    from pledges.management.commands import prepare_database

    kept, lock = schema
    if not kept.exists():
        draft = kept.with_suffix(".draft")
        postgres("pg_dump", "--no-owner", "--no-privileges", f"--file={draft}")
        draft.rename(kept)
    fcntl.flock(lock, fcntl.LOCK_UN)
    with django_db_blocker.unblock():
        prepare_database.make_role(settings.APP_DATABASE_ROLE, "")
        prepare_database.grant(settings.APP_DATABASE_ROLE)


@pytest.fixture(autouse=True)
def empty_cache(request):
    """A database test begins with an empty cache: it must not see what an earlier one left."""
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db", "live_server"} & set(
        request.fixturenames
    ):
        request.getfixturevalue("servers")
        from django.core.cache import caches

        from pledges.domain import process_cache
        from tracker.breaker import BREAKERS

        for breaker in BREAKERS.values():
            breaker.close()
        for name in settings.CACHES:
            caches[name].clear()
        process_cache.reset()  # the numbers of editions and rows begin again with each test


@pytest.fixture
def app_role(db):
    """Within this database test, SQL runs as the application's role; the owner's is back when the test ends."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{settings.APP_DATABASE_ROLE}"')
    yield settings.APP_DATABASE_ROLE
    if connection.connection and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Debian's Chromium for browser tests; root gets it installed, others are told how."""
    from playwright.sync_api import expect

    expect.set_options(timeout=30_000)  # as long as playwright waits for all else: other work is no reason to fail
    with one_process_at_a_time():
        found = shutil.which("chromium")
        if not found and os.geteuid() == 0 and shutil.which("apt-get"):
            subprocess.run(["apt-get", "update", "-qq"], check=True)
            environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=True, env=environment)
            found = shutil.which("chromium")
    if not found:
        pytest.fail("Browser tests need Chromium. Run: sudo apt-get update && sudo apt-get install -y chromium")
    return found
