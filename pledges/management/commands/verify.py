"""`manage.py verify`: recompute the chain of editions and compare published rows and snapshots with it."""

from django.core.management.base import BaseCommand, CommandError

from pledges.actions.publishing import verify
from pledges.models import Edition, EditionSnapshot


class Command(BaseCommand):
    help = "Recompute the chain of editions; lists every published row that was tampered with and then exits with 1."

    def handle(self, **options: object) -> None:
        problems = verify()
        for problem in problems:
            self.stderr.write(self.style.ERROR(problem))
        if problems:
            raise CommandError(f"{len(problems)} problem(s) found: published content was tampered with.")
        self.stdout.write(self.style.SUCCESS(f"{Edition.objects.count()} editions verified: nothing was changed."))
        self.stdout.write(f"{EditionSnapshot.objects.count()} snapshots contain what their editions published.")
