"""Rows that pledges refer to, as plain values: topics, institutions, mandates and documents (see `published`)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.db.models import Model

from pledges.domain import rules
from pledges.models import Institution, Mandate, SourceDocument, Text, Topic
from pledges.models.base import translated
from pledges.models.reference import institution_name


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A row of `model`. It equals every other of the same key, read at another time or by Django."""

    model: ClassVar[type[Model]]

    pk: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (type(self), self.model)) and self.pk == other.pk

    def __hash__(self) -> int:
        return hash(self.pk)


@translated("name")
@dataclass(frozen=True, slots=True, eq=False)
class PublicTopic(Row):
    """A topic."""

    model = Topic
    name: ClassVar[Text]  # from `translated`, as in the model

    slug: str
    name_en: str
    name_es: str

    def __str__(self) -> str:
        return str(self.name)


@translated("name")
@dataclass(frozen=True, slots=True, eq=False)
class PublicInstitution(Row):
    """An institution."""

    model = Institution
    name: ClassVar[Text]

    slug: str
    name_en: str
    name_es: str
    acronym: str

    def __str__(self) -> str:
        return institution_name(self.name, self.acronym)


@translated("office")
@dataclass(frozen=True, slots=True, eq=False)
class PublicMandate(Row):
    """A mandate."""

    model = Mandate
    office: ClassVar[Text]

    slug: str
    person: str
    office_en: str
    office_es: str
    country: str
    elected_on: date | None
    starts_on: date
    ends_on: date | None

    def __str__(self) -> str:
        return f"{self.person}, {self.years}"

    @property
    def years(self) -> str:
        """As in "2023–25"."""
        return rules.years(self.starts_on, self.ends_on)

    def elected_by(self, day: date) -> date | None:
        """The day of the election, if it was on `day` or before."""
        return rules.known_by(self.elected_on, day)


@translated("title", "note")
@dataclass(frozen=True, slots=True, eq=False)
class PublicDocument(Row):
    """The document that a pledge was read in."""

    model = SourceDocument
    title: ClassVar[Text]
    note: ClassVar[Text]

    publisher: str
    title_en: str
    title_es: str
    published_on: date | None
    url: str
    language: str
    note_en: str
    note_es: str
