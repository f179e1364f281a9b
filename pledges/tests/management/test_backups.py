"""`backup` and `restore`: a database comes back row by row, into an empty one only, or not at all."""

import io
import re
import stat
from unittest.mock import Mock

import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.core.management import CommandError, call_command
from django.db import connection

from pledges.actions import backup_files
from pledges.actions.backup_files import Contents, RestoreError
from pledges.management.commands import restore
from pledges.tests.support import other_database
from tracker import embedded
from tracker.breaker import Unavailable

pytestmark = pytest.mark.django_db
COLUMNS = {"r": "*", "S": "last_value, is_called"}  # of tables and sequences, as pg_class names them
TABLES = "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')"


def run(name, *arguments) -> str:
    out = io.StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def rows(database: str) -> dict[str, list]:
    """All rows of all tables, and where the sequences stand."""
    with psycopg.connect(embedded.database_url(embedded.OWNER_ROLE, database)) as there:
        return {
            name: sorted(map(repr, there.execute(f"SELECT {COLUMNS[kind]} FROM {name}")))
            for name, kind in there.execute(TABLES).fetchall()
        }


def schema(database: str) -> str:
    """Tables, triggers, functions, owners and rights, as pg_dump writes them, but for brackets and casts to text: of a
    list, PostgreSQL casts the whole in a database that was migrated, and each value in one that was restored."""
    there = connection.settings_dict | {"NAME": database}
    written = backup_files.run_program("pg_dump", ["--schema-only", "--restrict-key=none"], there)
    return re.sub(r"::(?:text|character varying)(?:\[\])?|[()]", "", written)


@pytest.fixture(scope="module")
def backup(first_edition, tmp_path_factory, django_db_blocker):
    """A backup of the first data set, made as the workers make it: by the application's role."""
    file = tmp_path_factory.mktemp("backups") / "a backup.dump"
    owner = connection.settings_dict["USER"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["USER"] = settings.APP_DATABASE_ROLE
        try:
            run("backup", file)
        finally:
            connection.close()
            connection.settings_dict["USER"] = owner
    return file


def test_a_database_comes_back_as_it_was(backup):
    source = connection.settings_dict["NAME"]
    cache.set("of-another-edition", True)
    with other_database.empty("test_restored"):
        printed = run("restore", backup)
        assert "1 editions verified: nothing was changed." in printed
        assert rows("test_restored") == rows(source)
        assert schema("test_restored") == schema(source)
    assert cache.get("of-another-edition") is None


def test_a_backup_is_one_file_that_only_its_owner_can_read_and_is_never_overwritten(backup):
    before = backup.read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        run("backup", backup)
    assert [*backup.parent.iterdir()] == [backup]
    assert (stat.S_IMODE(backup.stat().st_mode), backup.read_bytes()) == (0o600, before)


def test_a_database_with_anything_in_it_is_refused_and_left_alone(backup):
    source = connection.settings_dict["NAME"]
    before = rows(source)
    with other_database.connected_to(source), pytest.raises(CommandError, match="The database is not empty"):
        run("restore", backup)
    assert rows(source) == before


def test_what_cannot_be_restored_is_refused_in_plain_words_and_leaves_the_database_empty(backup, tmp_path):
    whole = backup.read_bytes()
    of_another = tmp_path / "of another program.dump"
    backup_files.write(of_another, connection.settings_dict | {"NAME": "postgres"})
    files = {
        "is no backup in the custom format": b"-- PostgreSQL database dump\n",
        "damaged or not whole": whole[: len(whole) // 2],
        "damaged or not whole (": whole[:-20_000] + bytes(64) + whole[-20_000 + 64 :],
        "is a backup of another program's database": of_another.read_bytes(),
        "unsupported version": whole[:5] + b"\x01\x63" + whole[7:],
    }
    with other_database.empty("test_refused"):
        for message, content in files.items():
            file = tmp_path / "file.dump"
            file.write_bytes(content)
            with pytest.raises(CommandError) as refused:
                run("restore", file)
            assert message in str(refused.value)
            backup_files.check_empty()
        with pytest.raises(CommandError, match="cannot be read: No such file"):
            run("restore", tmp_path / "nothing.dump")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"server_version": "99.1"}, "is PostgreSQL 18: restore it into a server that is not older"),
        ({"added": ("pledges", "9999_later")}, "does not know its migration pledges.9999_later"),
        ({"lacks": ("pledges", "0014_elected_on")}, "too old .* lacks the migration pledges.0014_elected_on"),
    ],
)
def test_a_backup_of_a_version_that_does_not_fit_is_refused(backup, changes, message):
    contents = backup_files.read(backup)
    backup_files.check_version(contents)
    migrations = contents.migrations | {changes.get("added", ("auth", "0001_initial"))}
    with pytest.raises(RestoreError, match=message):
        backup_files.check_version(
            Contents(
                made_at=contents.made_at,
                server_version=changes.get("server_version", contents.server_version),
                migrations=frozenset(migrations - {changes.get("lacks")}),
            )
        )


def test_a_cache_that_is_away_keeps_no_other_from_being_emptied(monkeypatch):
    """In the documented procedure the broker is stopped."""
    caches["pages"].set("of-another-edition", True)
    monkeypatch.setattr(caches["default"], "clear", Mock(side_effect=Unavailable("no")))
    command = restore.Command(stdout=io.StringIO())
    command.empty_caches()
    assert caches["pages"].get("of-another-edition") is None
    printed = command.stdout.getvalue()
    assert "The cache 'default' does not answer" in printed and "pages'" not in printed


def test_a_full_disk_while_restoring_says_nothing_of_older_backups(settings, tmp_path):
    program = tmp_path / "pg_restore"
    program.write_text("#!/bin/sh\necho 'ERROR: could not extend file: No space left on device' >&2; exit 1\n")
    program.chmod(0o755)
    settings.POSTGRES_PROGRAMS = tmp_path
    with pytest.raises(RestoreError, match=r"^A disk is full, maybe the database's .* Nothing was changed\.$"):
        backup_files.restore(tmp_path / "file.dump", connection.settings_dict)


@pytest.mark.parametrize(
    ("complaint", "message"),
    [
        ("could not write to file: No space left on device", "The disk is full"),
        ("aborting because of server version mismatch", "pg_dump failed: pg_dump: error: aborting because of server"),
    ],
)
def test_a_backup_that_fails_leaves_nothing_but_the_older_ones(settings, tmp_path, complaint, message):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "older.dump").write_bytes(b"whole")
    program = tmp_path / "pg_dump"
    program.write_text(
        '#!/bin/sh\nfor option; do case $option in --file=*) echo part >"${option#--file=}";; esac; done\n'
        f"echo 'pg_dump: error: {complaint}' >&2; exit 1\n"
    )
    program.chmod(0o755)
    settings.POSTGRES_PROGRAMS = tmp_path
    with pytest.raises(CommandError, match=message):
        run("backup", folder / "newer.dump")
    assert [path.name for path in folder.iterdir()] == ["older.dump"]
    with pytest.raises(CommandError, match="cannot be written to: No such file"):
        run("backup", tmp_path / "no folder" / "newer.dump")
