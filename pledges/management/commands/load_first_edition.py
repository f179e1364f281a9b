"""`manage.py load_first_edition`: put a data set into the tracker as one edition; what is there already stays."""

import json
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from django.db.models import Model

from pledges.actions import publishing
from pledges.domain.languages import LANGUAGES
from pledges.models import (
    CRITERIA,
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
NEWSWIRE_FEED = "/newswire/feed.atom"
NEWSWIRE_NOTE = {
    "note_en": "Articles written for demonstration and served by this very site. Never cite them.",
    "note_es": "Artículos escritos para demostración y servidos por este mismo sitio. No deben citarse.",
}


class Command(BaseCommand):
    help = "Load a data set (the first one, unless a file is named) as one edition. Running it again changes nothing."

    def add_arguments(self, parser) -> None:
        """One optional file."""
        parser.add_argument("file", nargs="?", type=Path, default=DATA, help="JSON; docs/operators.md tells its form")

    def handle(self, *, file: Path, **options) -> None:
        """Load everything or nothing."""
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
        except ValidationError as error:  # Refused is one
            raise CommandError(f"{file}: nothing was loaded. " + " ".join(error.messages)) from error
        except (AttributeError, TypeError, ValueError, DatabaseError) as error:
            raise CommandError(f"{file} has not the form of a data set: {error}. Nothing was loaded.") from error
        self.stdout.write(f"Loaded as edition {edition.number}." if edition else "Everything is there already.")
        if sample:
            self.stdout.write(f"The sample newswire is read from {sample.url}")

    def _sample_newswire(self) -> Source | None:
        """The source that reads this site's own sample newswire, at the address where it is served now, if at all."""
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
    """Loads one data set; every method makes what is missing and collects what is to be published."""

    def __init__(self, data: dict) -> None:
        self.data = data
        self.new: list = []
        self.items: list[Wording | Update] = []
        self.author = service_account("data-set", "Data set")
        self.publisher = service_account("first-edition", "Founding desk")

    def load(self):
        """The edition that was made, or None when everything was there."""
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

    def _named(self, model, key: str) -> dict:
        found = {}
        for row in self.data[key]:
            existing = model.objects.filter(slug=row["slug"]).first()
            found[row["slug"]] = existing or checked(model(**row))
            if not existing:
                self.new.append(found[row["slug"]])
        return found

    def _pledge(self, row: dict, mandates: dict, topics: dict, institutions: dict, documents: dict) -> None:
        copied = ("slug", "made_on", "made_on_precision", "headline", "review_interval_days")
        pledge = checked(
            Pledge(
                mandate=mandates[row["mandate"]],
                source_document=documents[row["document"]],
                also_called_en=row["also_called_en"],
                also_called_es=row["also_called_es"],
                **{name: row[name] for name in copied},
            )
        )
        pledge.topics.set([topics[slug] for slug in row["topics"]])
        pledge.institutions.set([institutions[slug] for slug in row["institutions"]])
        pledge.carried_into.set([mandates[slug] for slug in row["carried_into"]])
        texts = ("title", "statement", "deadline_note")
        copied = ("quote", "quote_language", "deadline", "deadline_precision")
        criteria = [f"{name}_{code}" for name in CRITERIA for code in LANGUAGES]
        self.items.append(
            checked(
                Wording(
                    pledge=pledge,
                    author=self.author,
                    **{name: row[name] for name in copied},
                    **{f"{name}_{code}": row[f"{name}_{code}"] for name in texts for code in LANGUAGES},
                    **{name: row["criteria"].get(name, "") for name in criteria},
                )
            )
        )
        for update in row["updates"]:
            update = dict(update)
            evidence = update.pop("evidence")
            made = checked(Update(pledge=pledge, author=self.author, **update))
            for piece in evidence:
                checked(Evidence(update=made, **piece))
            self.items.append(made)

    def _indicators(self) -> None:
        for row in self.data["indicators"]:
            row = dict(row)
            observations, pledges, series = row.pop("observations"), row.pop("pledges"), row.pop("series", [])
            if Indicator.objects.filter(slug=row["slug"]).exists():
                continue
            indicator = checked(Indicator(**row))
            indicator.pledges.set(Pledge.objects.filter(slug__in=pledges))
            self.new.append(indicator)
            self.new += [checked(Observation(indicator=indicator, **each)) for each in observations]
            self.new += [checked(Series(indicator=indicator, **each)) for each in series]

    def _sources(self) -> None:
        for row in self.data["sources"]:
            row = {name: value for name, value in row.items() if name != "kind"}
            if not Source.objects.filter(url=row["url"]).exists():
                checked(Source(**row))


def checked(row: Model) -> Model:
    """Save a new row once its fields and rules were checked, as a form does. Raises `ValidationError`."""
    try:
        row.full_clean()
    except ValidationError as error:
        wrong = [f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items()]
        raise ValidationError([f"{row._meta.verbose_name} {getattr(row, 'slug', '')}:", *wrong]) from error
    row.save(force_insert=True)
    return row


def service_account(username: str, byline: str) -> User:
    """An account under which a program acts: it is inactive and has no password."""
    user, created = User.objects.get_or_create(username=username, defaults={"byline": byline, "is_active": False})
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
