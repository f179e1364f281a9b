"""`manage.py backup FILE`: write a backup of the database, which `restore` or pg_restore can restore."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from pledges.actions import backup_files


class Command(BaseCommand):
    help = (
        "Write a backup of the whole database to a new file, in pg_dump's custom format. The tracker may run meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="The file to write; it must not be there yet.")

    def handle(self, *, file: Path, **options: object) -> None:
        """Raises CommandError with the reason; then there is no such file."""
        try:
            size = backup_files.write(file.absolute(), connection.settings_dict)
        except backup_files.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{file}: {size:,} bytes. It holds addresses and hashes of passwords: keep it safe, and a copy"
        )
        self.stdout.write("on another machine, together with SECRET_KEY (in .env).")
