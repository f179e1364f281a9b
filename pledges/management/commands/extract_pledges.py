"""`manage.py extract_pledges FILE|URL`: print the pledges in a document. `--evaluate FILE`: score the extraction.

It uses no database.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from pledges.domain.languages import LANGUAGES
from pledges.jobs import encoders
from pledges.watch.extraction import LONGEST_TEXT, ExtractedPledge, evaluation, extract
from pledges.watch.extraction.llm_review import endpoint, sharpened
from pledges.watch.sources import articles
from pledges.watch.sources.documents import MOST_BYTES, DocumentError, text_of
from pledges.watch.text.language import language_of
from pledges.watch.web import client, responses

_FIELDS = ("speaker", "action", "sentence", "deadline", "checkable", "confidence")


class Command(BaseCommand):
    help = (
        "Print the pledges found in a PDF, DOCX, HTML or text file, or at an address; or, with --evaluate, how many of "
        "the labelled promises in a file are found. Nothing is stored."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "document", metavar="FILE|URL", nargs="?", help="a file of up to 20 MB, or an http(s) address"
        )
        parser.add_argument("--lang", choices=LANGUAGES, help="the text's language; by default it is detected")
        parser.add_argument("--json", action="store_true", help="print a JSON list")
        parser.add_argument(
            "--published", metavar="YYYY-MM-DD", help="the day it was published, for “within six months”"
        )
        parser.add_argument(
            "--evaluate",
            metavar="FILE",
            type=Path,
            help="JSON Lines with text, lang, promises [{sentence}], not_promises, vague: print recall and precision",
        )
        parser.add_argument("--speaker", action="append", default=[], help="who speaks, where the text does not say")

    def handle(
        self,
        *,
        document: str | None,
        evaluate: Path | None,
        lang: str | None,
        published: str | None,
        speaker: list[str],
        **options: object,
    ) -> None:
        if evaluate:
            try:
                evaluation.evaluate(evaluate, encoder=encoders.current(), write=self.stdout.write)
            except evaluation.EvaluationError as error:
                raise CommandError(str(error)) from error
            return
        if not document:
            raise CommandError("Give a file or an address, or --evaluate FILE.")
        try:
            day = date.fromisoformat(published) if published else None
        except ValueError:
            raise CommandError("--published takes a day such as 2025-03-31.") from None
        text, day_of_page = _read(document)
        language = lang or language_of(text)
        if not language:
            raise CommandError("The language of the text is not clear: add --lang en or --lang es.")
        day = day or day_of_page
        found = extract(
            text, language, speakers=speaker, published_on=day, today=date.today(), encoder=encoders.current()
        )
        model = endpoint(settings.OPINION_URL, settings.OPINION_MODEL, settings.OPINION_KEY)
        if model:
            found = sharpened(found, text, language, model, published_on=day)
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(pledge) for pledge in found], ensure_ascii=False, indent=2))
            return
        for pledge in found:
            self.stdout.write(_as_lines(pledge))
        self.stdout.write(
            f"{len(found)} found. They are suggestions: read each sentence before you make a pledge of it."
        )


def _read(document: str) -> tuple[str, date | None]:
    """The text, and the day a web page says it was published. Raises CommandError."""
    try:
        if document.lower().startswith(("http://", "https://")):
            answer = client.fetch(
                document,
                user_agent=settings.WATCH_USER_AGENT,
                allow_origins=frozenset(settings.WATCH_ALLOWED_ORIGINS),
                limits=responses.Limits(max_bytes=MOST_BYTES, total_seconds=settings.WATCH_FETCH_SECONDS),
            )
            return text_of(answer.body, content_type=answer.content_type, url=answer.url), _published(answer)
        path = Path(document)
        if path.is_file() and path.stat().st_size > MOST_BYTES:
            return text_of(b" " * (MOST_BYTES + 1)), None
        return text_of(path.read_bytes(), file_name=path.name), None
    except (DocumentError, client.FetchError) as error:
        raise CommandError(str(error)) from error
    except FileNotFoundError:
        raise CommandError(
            f"There is no file {document}: give the path of a file, or an address with http(s)://."
        ) from None
    except OSError as error:
        raise CommandError(f"{document} cannot be read: {error.strerror}.") from error


def _published(answer: responses.Fetched) -> date | None:
    try:
        zone = timezone.get_default_timezone()
        page = articles.extract(
            answer.body, url=answer.url, content_type=answer.content_type, zone=zone, longest=LONGEST_TEXT
        )
    except articles.ArticleError:
        return None
    return timezone.localdate(page.published_at, zone) if page.published_at else None


def _as_json(pledge: ExtractedPledge) -> dict[str, Any]:
    fields = {name: getattr(pledge, name) for name in _FIELDS}
    return {**fields, "deadline": pledge.deadline.isoformat() if pledge.deadline else None}


def _as_lines(pledge: ExtractedPledge) -> str:
    by = f"; by {pledge.deadline.isoformat()} ({pledge.deadline_precision})" if pledge.deadline else ""
    sure = f"{pledge.confidence:.0%} sure" + ("" if pledge.kind == "pledge" else f", {pledge.kind}")
    vague = "" if pledge.checkable else "; cannot be checked as it stands"
    return f"{pledge.speaker or 'Nobody named'}: {pledge.action}\n    {sure}{by}{vague}\n    “{pledge.sentence}”\n"
