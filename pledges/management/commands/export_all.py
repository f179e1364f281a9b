"""`manage.py export_all DIR`: export everything, the tables as CSV and JSON and the captured pages as WARC."""

import zlib
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from pledges.desk.exchange import TABLES, People, PeopleWithAddresses, export, warc_name
from pledges.desk.exchange.warc import warc_of
from pledges.models import Capture


class Command(BaseCommand):
    help = "Write every table as CSV and JSON, and every captured page as a WARC file, into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        help_text = "With people's e-mail addresses, which are left out otherwise."
        parser.add_argument("--with-addresses", action="store_true", help=help_text)

    def handle(self, *, folder: Path, with_addresses: bool, **options: object) -> None:
        """Export all tables as of one moment. Raises CommandError if anything cannot be read or written."""
        try:
            (folder / "captures").mkdir(parents=True, exist_ok=True)
            with transaction.atomic():
                if (
                    not connection.savepoint_ids
                ):  # PostgreSQL takes the level only before the first query of a transaction
                    with connection.cursor() as cursor:
                        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                self._write_tables(folder, with_addresses)
                damaged = self._write_captures(folder)
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error}") from error
        if damaged:
            raise CommandError("Everything is written but these captures, which are damaged: " + "; ".join(damaged))

    def _write_tables(self, folder: Path, with_addresses: bool) -> None:
        for kind in TABLES:
            table = PeopleWithAddresses if kind is People and with_addresses else kind
            for form in ("csv", "json"):
                with (folder / f"{table.name}.{form}").open("wb") as out:
                    count = export(table(), form, out)
            self.stdout.write(f"{table.name}: {count}")

    def _write_captures(self, folder: Path) -> list[str]:
        """Write the captures; returns those that cannot be read."""
        count = 0
        damaged: list[str] = []
        for capture in Capture.objects.order_by("pk").iterator(chunk_size=20):  # a page may be some megabytes
            try:
                body = warc_of(capture, made_by=settings.WATCH_USER_AGENT)
            except (ValueError, OSError, EOFError, zlib.error) as error:
                damaged.append(f"capture {capture.pk} of {capture.url} ({error})")
                continue
            (folder / warc_name(capture)).write_bytes(body)
            count += 1
        self.stdout.write(f"pages as WARC: {count}")
        return damaged
