"""`manage.py evaluate FILE`: measure the watch on a labelled set. It writes nothing to the database."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from pledges.jobs import encoders, evaluation_sets, evaluation_texts


class Command(BaseCommand):
    help = (
        "Score the watch on a labelled set: a JSON object of queries, docs, qrels and lang, where every document is "
        "matched against every query; or JSON Lines of articles, judged against the published pledges or, with "
        "--pledges, against those of a file, which needs no database."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--run", type=Path, metavar="OUT.tsv", help="where to write query, document and score")
        parser.add_argument("--learn", action="store_true", help="learn from each label once it was judged")
        parser.add_argument("--leads", type=Path, metavar="OUT.jsonl", help="JSON Lines: where to write the leads")
        parser.add_argument(
            "--pledges", type=Path, metavar="PLEDGES.json", help="JSON Lines: the pledges to judge against"
        )
        parser.add_argument("--without-encoder", action="store_true", help="match by words alone")
        parser.add_argument("--json", action="store_true", help="JSON Lines: print the figures as JSON")

    def handle(
        self, *, file: Path, run: Path | None, learn: bool, leads: Path | None, pledges: Path | None, **options: object
    ) -> None:
        data = self._object(file)
        encoder = None if options["without_encoder"] else encoders.current()
        if isinstance(data, dict) and "queries" in data:
            if leads or pledges or options["json"]:
                raise CommandError(
                    "--leads, --pledges and --json are for JSON Lines; this file holds queries and documents."
                )
            try:
                evaluation_sets.evaluate(data, learn=learn, run=run, write=self.stdout.write, encoder=encoder)
            except (evaluation_sets.BadSet, OSError) as error:
                raise CommandError(f"{file}: {error}") from error
            return
        if run:
            raise CommandError(f'--run is for a JSON object with "queries"; {file} holds none.')
        try:
            result = evaluation_texts.evaluate(file, pledges=pledges, learn=learn, leads=leads, encoder=encoder)
        except OperationalError as error:
            raise CommandError(
                f"The database cannot be reached; --pledges judges against the pledges of a file without it. ({error})"
            ) from error
        if options["json"]:
            self.stdout.write(json.dumps(evaluation_texts.as_json(result), indent=2))
            return
        for line in evaluation_texts.lines(result):
            self.stdout.write(line)

    def _object(self, file: Path) -> object:
        """The file's JSON value; None if the file is JSON Lines with more than one line."""
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            first = next((line for line in text.splitlines() if line.strip()), "")
            if _is_json(first):
                return None
            raise CommandError(f"{file} is neither JSON nor JSON Lines: {error}") from error


def _is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except json.JSONDecodeError:
        return False
