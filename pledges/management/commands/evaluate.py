"""Only until the merge: the other half's command replaces this file."""

from pathlib import Path

from django.core.management.base import BaseCommand

from pledges.management.evaluation_texts import evaluate


class Command(BaseCommand):
    """JSON Lines only."""

    def add_arguments(self, parser) -> None:
        """The file and what to do with it."""
        parser.add_argument("file")
        parser.add_argument("--learn", action="store_true")
        parser.add_argument("--leads", type=Path)

    def handle(self, *, file: str, learn: bool, leads: Path | None, **_options) -> None:
        """Judge the file."""
        evaluate(file, learn=learn, leads=leads, write=self.stdout.write)
