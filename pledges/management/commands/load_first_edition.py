"""`manage.py load_first_edition`: publish a data set as one edition. Existing rows stay as they are."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction
from django.db.models import Model

from pledges.actions import publishing
from pledges.domain.languages import LANGUAGES
from pledges.models import (
    CRITERIA,
    Edition,
    Evidence,
    Indicator,
    Institution,
    Mandate,
    Newsroom,
    Observation,
    Pledge,
    Series,
    Source,
    SourceDocument,
    Topic,
    Update,
    User,
    Wording,
)

DATA = Path(__file__).resolve().parents[2] / "data" / "noboa.json"
PUBLISHER = "first-edition"  # the account that publishes what is loaded
NEWSWIRE_FEED = "/newswire/feed.atom"
NEWSWIRE_NOTE = {
    "note_en": "Articles written for demonstration and served by this very site. Never cite them.",
    "note_es": "Artículos escritos para demostración y servidos por este mismo sitio. No deben citarse.",
}

Row = TypeVar("Row", bound=Model)


class Command(BaseCommand):
    help = "Load a data set (the first one, unless a file is named) as one edition. Running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=DATA, help="JSON; docs/operators.md describes it")

    def handle(self, *, file: Path, **options: object) -> None:
        """Load the whole file or nothing of it."""
        if settings.EMPTY and file == DATA:
            raise CommandError("EMPTY is set, so the first data set is not loaded. Name a file of your own.")
        try:
            data = json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
        except (OSError, ValueError) as error:
            raise CommandError(f"{file} cannot be read as JSON: {error}") from error
        try:
            with transaction.atomic():
                edition = Loader(data).load()
                sample = self._sample_newswire()
        except KeyError as error:
            raise CommandError(f"{file}: {error} is missing, or named but not defined. Nothing was loaded.") from error
        except ValidationError as error:  # or Refused, which is one
            raise CommandError(f"{file}: nothing was loaded. " + " ".join(error.messages)) from error
        except (AttributeError, TypeError, ValueError, DatabaseError) as error:
            raise CommandError(f"{file} has not the form of a data set: {error}. Nothing was loaded.") from error
        self.stdout.write(f"Loaded as edition {edition.number}." if edition else "Everything is there already.")
        if sample:
            self.stdout.write(f"The sample newswire is read from {sample.url}")

    def _sample_newswire(self) -> Source | None:
        """The source that reads the sample newswire at its current address on this site; None if it is not served."""
        if not settings.SAMPLE_NEWSWIRE:
            return None
        source = Source.objects.filter(sample=True).first()
        url = settings.SAMPLE_NEWSWIRE + NEWSWIRE_FEED
        if source is None:
            return Source.objects.create(
                name="Sample newswire",
                publisher="Sample newswire",
                url=url,
                language="en",
                sample=True,
                interval_minutes=1,
                slowest_minutes=1,
                **NEWSWIRE_NOTE,
            )
        if source.url != url:  # served from another port since the last start
            Source.objects.filter(pk=source.pk).update(url=url, next_due_at=None, claimed_until=None)
            source.url = url
        return source


class Loader:
    """Loads one data set: each method creates what is missing and collects what is to be published."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.new: list[Model] = []
        self.items: list[Wording | Update] = []
        self.author = service_account("data-set", "Data set")
        self.publisher = service_account(PUBLISHER, "Founding desk")

    def load(self) -> Edition | None:
        """Publish what is missing; returns the edition, or None if nothing was missing."""
        self._newsroom()
        mandates = self._named(Mandate, "mandates")
        topics = self._named(Topic, "topics")
        institutions = self._named(Institution, "institutions")
        documents = self._named(SourceDocument, "documents")
        for row in self.data["pledges"]:
            if not Pledge.objects.filter(slug=row["slug"]).exists():
                self._pledge(row, mandates, topics, institutions, documents)
        self._indicators()
        self._sources()
        if not self.items and not self.new:
            return None
        return publishing.publish(*self.items, by=self.publisher, also=self.new)

    def _newsroom(self) -> None:
        if not Newsroom.objects.exists():
            self.new.append(Newsroom.objects.create(pk=1, **self.data["newsroom"]))

    def _named(self, model: type[Row], key: str) -> dict[str, Row]:
        """The rows of a model in the data set, by slug."""
        rows: dict[str, Row] = {}
        for fields in self.data[key]:
            row = model._default_manager.filter(slug=fields["slug"]).first()
            if row is None:
                row = checked(model(**fields))
                self.new.append(row)
            rows[fields["slug"]] = row
        return rows

    def _pledge(
        self,
        row: dict[str, Any],
        mandates: dict[str, Mandate],
        topics: dict[str, Topic],
        institutions: dict[str, Institution],
        documents: dict[str, SourceDocument],
    ) -> None:
        of_pledge = ("slug", "made_on", "made_on_precision", "headline", "review_interval_days")
        pledge = checked(
            Pledge(
                mandate=mandates[row["mandate"]],
                source_document=documents[row["document"]],
                **{f"also_called_{code}": row.get(f"also_called_{code}", []) for code in LANGUAGES},
                **{name: row[name] for name in of_pledge},
            )
        )
        pledge.topics.set([topics[slug] for slug in row["topics"]])
        pledge.institutions.set([institutions[slug] for slug in row["institutions"]])
        pledge.carried_into.set([mandates[slug] for slug in row["carried_into"]])
        texts = ("title", "statement", "deadline_note")
        of_wording = ("quote", "quote_language", "deadline", "deadline_precision")
        criteria = [f"{name}_{code}" for name in CRITERIA for code in LANGUAGES]
        self.items.append(
            checked(
                Wording(
                    pledge=pledge,
                    author=self.author,
                    **{name: row[name] for name in of_wording},
                    **{f"{name}_{code}": row.get(f"{name}_{code}", "") for name in texts for code in LANGUAGES},
                    **{name: row["criteria"].get(name, "") for name in criteria},
                )
            )
        )
        for fields in row["updates"]:
            fields = dict(fields)
            evidence = fields.pop("evidence")
            update = checked(Update(pledge=pledge, author=self.author, **fields))
            for piece in evidence:
                checked(Evidence(update=update, **piece))
            self.items.append(update)

    def _indicators(self) -> None:
        for row in self.data["indicators"]:
            row = dict(row)
            observations, pledges, series = row.pop("observations"), row.pop("pledges"), row.pop("series", [])
            if Indicator.objects.filter(slug=row["slug"]).exists():
                continue
            indicator = checked(Indicator(**row))
            indicator.pledges.set(Pledge.objects.filter(slug__in=pledges))
            self.new.append(indicator)
            self.new += [checked(Observation(indicator=indicator, **fields)) for fields in observations]
            self.new += [checked(Series(indicator=indicator, **fields)) for fields in series]

    def _sources(self) -> None:
        for row in self.data["sources"]:
            row = {name: value for name, value in row.items() if name != "kind"}
            if not Source.objects.filter(url=row["url"]).exists():
                checked(Source(**row))


def checked(row: Row) -> Row:
    """Validate a new row as a form does, and save it. Raises `ValidationError`."""
    try:
        row.full_clean()
    except ValidationError as error:
        wrong = [f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items()]
        raise ValidationError([f"{row._meta.verbose_name} {getattr(row, 'slug', '')}:", *wrong]) from error
    row.save(force_insert=True)
    return row


def service_account(username: str, byline: str) -> User:
    """An account for what a program does: inactive and without a password."""
    user, created = User.objects.get_or_create(username=username, defaults={"byline": byline, "is_active": False})
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
