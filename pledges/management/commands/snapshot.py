"""`manage.py snapshot`: make the snapshots of editions that have none."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pledges.actions import edition_snapshots
from pledges.models import Edition
from pledges.queries import edition_snapshots as stored_snapshots
from pledges.queries import pulse
from pledges.queries.sealed_rows import NotSealed


class Command(BaseCommand):
    help = "Make the snapshot of an edition, or those of all editions that have none; of the newest by default."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("number", nargs="?", type=int, metavar="N", help="The number of an edition.")
        which.add_argument("--all", action="store_true", help="All editions that have none.")

    def handle(self, *, number: int | None, all: bool, **options: object) -> None:
        """Raises CommandError if there is no such edition, or if a snapshot cannot be made."""
        failed = 0
        for edition in self._editions(number, all=all):
            try:
                made = edition_snapshots.make(edition)
            except NotSealed as error:
                self.stderr.write(self.style.ERROR(f"Edition {edition.number}: {error}."))
                failed += 1
                continue
            self._report(edition.number, made=made)
        pulse.refresh()
        if failed:
            raise CommandError(f"{failed} snapshot(s) cannot be made.")

    def _editions(self, number: int | None, *, all: bool) -> list[Edition]:
        if all:
            return stored_snapshots.missing()
        editions = Edition.objects.order_by("-number")
        if number is None:
            return list(editions[:1])
        if not (rows := list(editions.filter(number=number))):
            raise CommandError(f"There is no edition {number}.")
        return rows

    def _report(self, number: int, *, made: bool) -> None:
        row = stored_snapshots.stored(number)
        if row is None:
            self.stdout.write(f"Edition {number}: another process is making its snapshot.")
            return
        what = "made" if made else "there already"
        self.stdout.write(f"Edition {number}: {what}, {row.size} bytes, SHA-256 {row.sha256}")
