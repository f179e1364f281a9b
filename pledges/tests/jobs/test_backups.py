"""The nightly backup: once a day, told where it fails, and old ones deleted only after a new one."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from django.utils import timezone, translation

from pledges import jobs
from pledges.actions import backup_files, backups, clock
from pledges.actions.backup_files import BackupError
from pledges.domain.messages import deferred_message
from pledges.jobs import backups as backups_job
from pledges.models import Backup, Digest
from pledges.queries.backups import last_backup, late_since, problem
from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NIGHT = datetime(2026, 11, 30, 8, 5, tzinfo=UTC)  # five past three in the newsroom
NAME = "tracker-2026-11-30-030500.dump"


@pytest.fixture
def folder(settings, tmp_path):
    settings.BACKUP_DIR = str(tmp_path)
    return tmp_path


@pytest.fixture
def at(monkeypatch):
    """Sets the clock."""
    return lambda now: monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def written(monkeypatch):
    """Backups are files of four bytes: the names of those that were written."""
    names = []

    def write(path, database, **_options):
        names.append(path.name)
        return path.write_bytes(b"dump")

    monkeypatch.setattr(backup_files, "write", write)
    return names


@pytest.fixture
def full(monkeypatch):
    """The disk is full."""

    def write(path, database, **_options):
        raise BackupError(deferred_message("The disk is full. No older backup was deleted."))

    with monkeypatch.context() as patch:
        patch.setattr(backup_files, "write", write)
        yield patch


def test_a_backup_is_made_in_the_night_and_noted(folder, at):
    at(NIGHT)
    jobs.make_backup()
    [file] = folder.iterdir()
    assert file.name == NAME
    ours = MigrationRecorder(connection).migration_qs.filter(app="pledges")
    assert backup_files.read(file).newest == ours.latest("name").name
    last = last_backup(now=NIGHT)
    assert (last.made_at, last.size, last.name) == (NIGHT, file.stat().st_size, NAME)
    assert (last.failing_since, last.failure) == (None, "")


def test_it_is_made_once_a_day_and_not_before_two(folder, at, written):
    for now in (NIGHT - 2 * HOUR, NIGHT, NIGHT + HOUR, NIGHT + 20 * HOUR, NIGHT + DAY):
        at(now)
        jobs.make_backup()
    assert written == [NAME, "tracker-2026-12-01-030500.dump"]


def test_without_a_folder_none_is_made_and_none_is_missed(settings, written, at):
    settings.BACKUP_DIR = ""
    at(NIGHT)
    jobs.make_backup()
    assert (written, last_backup(now=NIGHT), problem(now=NIGHT)) == ([], None, "")


def test_one_worker_makes_it_and_that_of_a_killed_one_is_made_by_the_next():
    day = NIGHT.date()
    assert backups.claim(day=day, now=NIGHT)
    assert not backups.claim(day=day, now=NIGHT + HOUR)
    assert backups.claim(day=day, now=NIGHT + 2 * HOUR)
    backups.record_made(day=day, now=NIGHT, name=NAME, size=4)
    assert not backups.claim(day=day, now=NIGHT + 5 * HOUR)


def test_a_failure_is_told_at_the_desk_and_by_mail_until_a_later_try_succeeds(folder, at, full, client, settings):
    settings.EMAIL_HOST = "mail.example"
    older = folder / "tracker-2020-01-01-030500.dump"
    older.write_bytes(b"whole")
    at(NIGHT + 5 * HOUR)
    jobs.make_backup()
    assert older.exists()
    sentence = "The nightly backup has failed since 30 November 2026, 08:05: The disk is full."
    assert problem(now=timezone.now()).startswith(sentence)
    editor = factories.EditorFactory(email="ed@desk.example")
    client.force_login(editor)
    assert sentence in client.get(reverse("admin:index")).content.decode()
    jobs.tell_editors()
    [message] = mail.outbox
    assert message.subject == "The tracker needs a hand"
    assert message.body == Digest.objects.get().text == problem(now=timezone.now())

    full.undo()
    at(NIGHT + 6 * HOUR)
    jobs.make_backup()
    assert problem(now=timezone.now()) == ""
    assert Backup.objects.get().failure == ""


def test_since_when_it_fails_and_the_last_good_one_are_told_apart(folder, at, full):
    backups.claim(day=NIGHT.date(), now=NIGHT)
    backups.record_made(day=NIGHT.date(), now=NIGHT, name=NAME, size=4)
    for night in (1, 2):
        at(NIGHT + night * DAY)
        jobs.make_backup()
    last = last_backup(now=NIGHT + 2 * DAY)
    assert (last.made_at, last.failing_since) == (NIGHT, NIGHT + DAY)
    with translation.override("en"):
        assert str(last.failure) == "The disk is full. No older backup was deleted."


def test_a_backup_that_no_worker_makes_is_missed_after_thirty_hours(folder):
    backups.claim(day=NIGHT.date(), now=NIGHT)
    assert problem(now=NIGHT + 30 * HOUR) == ""
    assert [late_since(now=NIGHT + hours * HOUR) for hours in (30, 31)] == [None, NIGHT], "for /readyz"
    assert problem(now=NIGHT + 31 * HOUR).startswith("There has been no nightly backup since 30 November 2026, 03:05")
    backups.record_made(day=NIGHT.date(), now=NIGHT + 2 * HOUR, name=NAME, size=4)
    assert problem(now=NIGHT + 31 * HOUR) == ""
    assert problem(now=NIGHT + 33 * HOUR).startswith("There has been no nightly backup since 30 November 2026, 05:05")


def test_old_ones_and_what_a_killed_worker_left_are_deleted_and_no_other_file(folder, at, written):
    old = [f"tracker-2026-10-{day:02}-030500.dump" for day in range(1, 32)]
    left, being_written = ".tracker-2026-10-31-030500.dump.x1.part", ".tracker-2026-11-30-010203.dump.x2.part"
    others = ["tracker-2026-10-01.dump", "notes.txt", ".notes.part", ".tracker-before-upgrade.dump.x3.part"]
    for name in (*old, *others, left, being_written):
        (folder / name).write_bytes(b"dump")
        os.utime(folder / name, times=(0, (NIGHT - (HOUR if name == being_written else DAY)).timestamp()))
    at(NIGHT)
    jobs.make_backup()
    kept = [f"tracker-2026-10-{day}-030500.dump" for day in (18, 25, 26, 27, 28, 29, 30, 31)]
    assert sorted(path.name for path in folder.iterdir()) == sorted([*others, *kept, being_written, NAME])


def test_backups_of_nights_to_come_hide_no_failure_and_delete_no_backup_of_today(folder, at, written):
    """The clock ran through a year, and is set right."""
    for days in range(30, 450, 28):
        at(NIGHT + days * DAY)
        jobs.make_backup()
    of_the_future = set(written)
    at(NIGHT)
    assert last_backup(now=NIGHT) is None
    jobs.make_backup()
    assert (folder / NAME).exists() and of_the_future & {path.name for path in folder.iterdir()}
    backups.claim(day=(NIGHT + DAY).date(), now=NIGHT + DAY)
    backups.record_failure(day=(NIGHT + DAY).date(), failure="No.")
    assert "has failed since 1 December" in problem(now=NIGHT + DAY)

    clock.end_impossible_waits(now=NIGHT + DAY)
    assert [str(row) for row in Backup.objects.all()] == ["2026-12-01", "2026-11-30"], "the others are to be made again"


@pytest.mark.parametrize("change", [{"made_at": NIGHT}, {"size": 4}, {"made_at": NIGHT, "size": 0, "name": NAME}])
def test_the_database_refuses_a_backup_that_is_made_and_is_not(change):
    with pytest.raises(IntegrityError):
        Backup.objects.create(day=NIGHT.date(), began_at=NIGHT, **change)


def test_one_that_takes_too_long_is_given_up_where_celery_has_no_time_limits(folder, at, settings, monkeypatch):
    """In the publisher's threads."""
    program = folder / "pg_dump"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    settings.POSTGRES_PROGRAMS = folder
    monkeypatch.setattr(backups_job, "SECONDS", 0.1)
    at(NIGHT)
    jobs.make_backup()
    assert "pg_dump was not done within 0 minutes." in problem(now=NIGHT)
    assert [*folder.iterdir()] == [program]
