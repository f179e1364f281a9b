"""`manage.py verify`: recompute the chain of editions and compare every published row with its edition."""

from django.core.management.base import BaseCommand, CommandError

from pledges.actions.publishing import verify
from pledges.models import Edition


class Command(BaseCommand):
    help = "Recompute the chain of editions; lists every published row that was tampered with and then exits with 1."

    def handle(self, **options: object) -> None:
        problems = verify()
        for problem in problems:
            self.stderr.write(self.style.ERROR(problem))
        if problems:
            raise CommandError(f"{len(problems)} problem(s) found: published content was tampered with.")
        self.stdout.write(self.style.SUCCESS(f"{Edition.objects.count()} editions verified: nothing was changed."))
