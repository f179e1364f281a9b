"""`manage.py restore FILE`: restore a backup into an empty database, migrate it, and verify it."""

from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from pledges.actions import backup_files
from pledges.management.commands import prepare_database
from pledges.queries.outages import UNREACHABLE


class Command(BaseCommand):
    help = "Restore a backup into an empty database as its owner, migrate it, grant the rights, and verify it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="A file of `backup`, or of pg_dump --format=custom."
        )

    def handle(self, *, file: Path, verbosity: int, **options: object) -> None:
        """Raises CommandError if nothing was restored, if what was restored cannot be migrated, or does not verify."""
        file = file.absolute()
        try:
            contents = backup_files.read(file)
            with prepare_database.as_owner() as owner:
                backup_files.check_version(contents)
                backup_files.check_empty()
                self.stdout.write(
                    f"Restoring the backup of {contents.made_at}: PostgreSQL {contents.server_version}, "
                    f"migrated up to {contents.newest}."
                )
                connection.close()
                backup_files.restore(file, owner)
        except (backup_files.BackupError, backup_files.RestoreError) as error:
            raise CommandError(str(error)) from error
        try:
            call_command("prepare_database", verbosity=verbosity, stdout=self.stdout)
            with prepare_database.as_owner(), connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # or the first queries are planned for empty tables
        except Exception as error:  # whatever it is, the operator has to know what is in the database
            raise CommandError(
                f"The whole backup was restored, but not brought up to this version: {error}\nThe tracker cannot use "
                "it so. Once the reason is mended, run prepare_database, then verify; or empty the database."
            ) from error
        self.empty_caches()
        call_command("verify", stdout=self.stdout, stderr=self.stderr)

    def empty_caches(self) -> None:
        """They may hold pages of editions that the backup does not have."""
        for name in settings.CACHES:
            try:
                caches[name].clear()
            except UNREACHABLE:
                self.stdout.write(
                    f"The cache {name!r} does not answer: unless it is stopped, restart it before readers come, it may "
                    "hold other pages."
                )
