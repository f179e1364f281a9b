"""Writing and reading backups: files of pg_dump in its custom format, which pg_restore reads too (docs/adr/0056)."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient
from django.db.migrations.loader import MigrationLoader

from pledges.domain import backup_rotation
from pledges.domain.messages import UserFacingError, deferred_message

MAGIC = b"PGDMP"
OURS = "pledges"
_HEADER = re.compile(r"^; +(?P<name>[A-Za-z ]+?)(?: at |: )(?P<value>.+)$", re.MULTILINE)


class BackupError(UserFacingError):
    """A backup cannot be written, or one of PostgreSQL's programs did not do it. The sentence says why, at the desk
    too. Nothing was changed."""


class RestoreError(Exception):
    """A backup cannot be restored here. The sentence says why, in English: only the command line shows it. Nothing was
    changed."""


@dataclass(frozen=True)
class Contents:
    """What a backup says about itself: when it was made (as pg_restore writes it), the version of its PostgreSQL
    server, and the migrations of its database, as (application, name)."""

    made_at: str
    server_version: str
    migrations: frozenset[tuple[str, str]]

    @property
    def newest(self) -> str:
        """The name of the tracker's newest migration in it."""
        return max(name for app, name in self.migrations if app == OURS)


# --- writing ----------------------------------------------------------------------------------------------------------
def write(path: Path, database: Mapping[str, Any], *, seconds: float | None = None) -> int:
    """Write a backup of a database (Django's settings of it) to a new file with mode 600; returns its size in bytes.
    It is given up after `seconds`, if given.

    It is written under another name in the same folder and renamed, so a file with the final name is always whole.
    The database is read as of one moment. Raises BackupError; whatever else is in the folder stays as it was.
    """
    if path.exists():
        raise BackupError(deferred_message("%(file)s is there already. Name another file.", file=str(path)))
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)  # mode 600
        os.close(handle)
    except OSError as error:
        raise _unwritable(path.parent, error) from error
    draft = Path(name)
    try:
        # pg_dump waits until the file is safely on the disk (fsync).
        run_program("pg_dump", ["--format=custom", f"--file={draft}"], database, seconds=seconds)
        size = draft.stat().st_size
        draft.rename(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _unwritable(path.parent, error) from error
    finally:
        draft.unlink(missing_ok=True)
    return size


def drop_partial(folder: Path, *, before: datetime) -> None:
    """Delete what a killed `write` of a nightly backup has left in a folder: drafts that were last written `before`.

    Raises BackupError.
    """
    try:
        for path in folder.glob(".*.part"):
            name = path.name[1:].rsplit(".", 2)[0]  # as `write` names it
            if backup_rotation.day_of(name) and path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> BackupError:
    words = error.strerror or str(error)
    return BackupError(
        deferred_message("The folder %(folder)s cannot be written to: %(reason)s.", folder=str(folder), reason=words)
    )


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- reading ----------------------------------------------------------------------------------------------------------
def read(path: Path) -> Contents:
    """What is in a backup. Raises RestoreError for files that are none of a tracker, damaged, or of a newer format."""
    try:
        with path.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        raise RestoreError(f"{path} cannot be read: {error.strerror}.") from error
    if magic != MAGIC:
        raise RestoreError(f"{path} is no backup in the custom format of pg_dump (pg_dump --format=custom).")
    header = {
        match["name"]: match["value"] for match in _HEADER.finditer(run_program("pg_restore", ["--list", str(path)]))
    }
    table = run_program("pg_restore", ["--data-only", "--table=django_migrations", "--file=-", str(path)])
    migrations = _migrations(table)
    if not any(app == OURS for app, _name in migrations):
        raise RestoreError(f"{path} is a backup of another program's database.")
    return Contents(
        made_at=header.get("Archive created", ""),
        server_version=header.get("Dumped from database version", ""),
        migrations=frozenset(migrations),
    )


def _migrations(table: str) -> set[tuple[str, str]]:
    """The rows of django_migrations in the SQL that pg_restore writes of it."""
    copied = re.search(r"^COPY \S+ \((?P<columns>[^)]+)\) FROM stdin;\n(?P<rows>.*?)^\\\.$", table, re.M | re.S)
    if not copied:
        return set()
    columns = copied["columns"].split(", ")
    rows = (dict(zip(columns, line.split("\t"), strict=False)) for line in copied["rows"].splitlines())
    return {(row.get("app", ""), row.get("name", "")) for row in rows}


def check_version(contents: Contents) -> None:
    """Raises RestoreError if the backup is of a version of the tracker, or of PostgreSQL, that cannot be restored here.

    Uses the default connection to ask for the server's version.
    """
    server = connection.pg_version // 10_000  # type: ignore[attr-defined]  # PostgreSQL's own
    if _major(contents.server_version) > server:
        raise RestoreError(
            f"The backup was made of PostgreSQL {contents.server_version}, and this server is PostgreSQL {server}: "
            "restore it into a server that is not older."
        )
    files = MigrationLoader(None).disk_migrations
    squashed = {name for migration in files.values() for name in migration.replaces}
    installed = {config.label for config in apps.get_app_configs()}
    ours = {key for key in contents.migrations if key[0] in installed}
    if unknown := ours - set(files) - squashed:
        raise RestoreError(
            "The backup was made by another version of the tracker: this one does not know its migration "
            f"{'.'.join(max(unknown))}. Restore it with that version or a newer one."
        )
    if squashed & ours and (missing := {key for key in squashed if key[0] == OURS} - ours):
        raise RestoreError(
            "The backup is too old for this version of the tracker: it lacks the migration "
            f"{'.'.join(min(missing))}. Restore it with a version in between, and upgrade that."
        )


def _major(version: str) -> int:
    digits = re.match(r"[0-9]+", version)
    return int(digits[0]) if digits else 0


def check_empty() -> None:
    """Raises RestoreError unless the database of the default connection is empty, extensions aside."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*), min(c.oid::regclass::text)
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
                 AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
                 AND NOT EXISTS (SELECT FROM pg_depend
                                 WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')"""
        )
        count, example = cursor.fetchone()
    if count:
        raise RestoreError(
            f"The database is not empty (it has {example}, for instance). A backup is only restored into an empty "
            "database; docs/operators.md says how to make one. Nothing was changed."
        )


def restore(path: Path, database: Mapping[str, Any]) -> None:
    """Restore a backup into an empty database (Django's settings of it, as its owner): all of it or nothing.

    Everything then belongs to that owner; no rights are granted, and nothing is migrated. Raises RestoreError.
    """
    run_program(
        "pg_restore", ["--single-transaction", "--no-owner", "--no-privileges", str(path)], database, named=True
    )


# --- PostgreSQL's programs --------------------------------------------------------------------------------------------
def run_program(
    name: str,
    options: list[str],
    database: Mapping[str, Any] | None = None,
    *,
    named: bool = False,
    seconds: float | None = None,
) -> str:
    """Run pg_dump or pg_restore, in a `database` if given (`named`: by an option), and return what it printed.

    It ends with this process, or after `seconds`. Raises BackupError or RestoreError with what it complained about.
    """
    folder = settings.POSTGRES_PROGRAMS
    program = shutil.which(name, path=folder and str(folder))
    if program is None:
        raise BackupError(deferred_message("%(program)s of PostgreSQL is not installed.", program=name))
    environment = {**os.environ, "LC_ALL": "C"}
    if database is not None:
        (_psql, *options, last), more = DatabaseClient.settings_to_cmd_args_env(dict(database), options)
        options = ["--no-password", f"--dbname={last}", *options] if named else ["--no-password", *options, last]
        environment |= more or {}
    try:
        done = subprocess.run(
            ["setpriv", "--pdeathsig=TERM", "--", program, *options],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as error:
        minutes = round(error.timeout / 60)
        raise BackupError(
            deferred_message("%(program)s was not done within %(minutes)s minutes.", program=name, minutes=minutes)
        ) from error
    if done.returncode:
        raise _failure(name, done.stderr)
    return done.stdout


def _failure(name: str, complaint: str) -> BackupError | RestoreError:
    is_full = "No space left on device" in complaint
    if is_full and name == "pg_restore":
        return RestoreError(f"A disk is full, maybe the database's ({complaint.strip()}). Nothing was changed.")
    if is_full:
        return BackupError(deferred_message("The disk is full. No older backup was deleted."))
    if name == "pg_restore" and re.search(r"end of file|too short|valid archive|corrupt|compress|block ID", complaint):
        return RestoreError(f"The file is damaged or not whole ({complaint.strip()}). Nothing was changed.")
    return BackupError(deferred_message("%(program)s failed: %(complaint)s", program=name, complaint=complaint))
