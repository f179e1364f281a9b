"""`manage.py verify`: recompute the chain of editions and compare every published row with what was published."""

from django.core.management.base import BaseCommand, CommandError

from pledges.actions.publishing import verify
from pledges.models import Edition


class Command(BaseCommand):
    help = "Recompute the chain of editions; names every published row that was tampered with and then exits with 1."

    def handle(self, **options) -> None:
        """Print what was found."""
        problems = verify()
        for problem in problems:
            self.stderr.write(self.style.ERROR(problem))
        if problems:
            raise CommandError(f"{len(problems)} problem(s) found: published content was tampered with.")
        self.stdout.write(self.style.SUCCESS(f"{Edition.objects.count()} editions verified: nothing was changed."))
