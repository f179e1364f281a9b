"""`manage.py export_all DIR`: everything the tracker keeps, each table as CSV and JSON, to leave with it."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from pledges.exchange import TABLES, export


class Command(BaseCommand):
    help = "Write every table as CSV and JSON into a folder. What the import takes can be imported elsewhere."

    def add_arguments(self, parser) -> None:
        """The folder, which is made where it is missing."""
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *, folder: Path, **options) -> None:
        """All tables as they stand at one moment."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with transaction.atomic():
                if not connection.savepoint_ids:  # nothing was read in this transaction yet
                    with connection.cursor() as cursor:
                        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                for kind in TABLES:
                    for form in ("csv", "json"):
                        with (folder / f"{kind.name}.{form}").open("wb") as out:
                            count = export(kind(), form, out)
                    self.stdout.write(f"{kind.name}: {count}")
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error}") from error
