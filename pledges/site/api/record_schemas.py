"""What the answers of the API about mandates, indicators, editions and changes look like (see `schemas`)."""

from datetime import date
from typing import Annotated

from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, ConfigDict, Field

from pledges.domain.rules import Status
from pledges.queries.changes import Kind
from pledges.site.api.schema_fields import (
    Country,
    Deadline,
    EditionNumber,
    ElectedOn,
    Exactness,
    Happened,
    Link,
    NameEn,
    NameEs,
    NoteEn,
    NoteEs,
    OfficeEn,
    OfficeEs,
    PageEn,
    PageEs,
    Person,
    PublishedAt,
    Publisher,
    Since,
    Value,
    text,
)
from pledges.site.api.schemas import (
    About,
    Part,
)


class Mandate(BaseModel):
    """A person's term in an office."""

    slug: Annotated[str, text(_("The last part of its page’s address."), "silva-2023")]
    person: Person
    office_en: OfficeEn
    office_es: OfficeEs
    note_en: NoteEn
    note_es: NoteEs
    country: Country
    elected_on: ElectedOn
    starts_on: date = text(_("The first day in office."), "2023-11-23")
    ends_on: date | None = text(_("The last day in office, as planned if it is not over; or null."), "2025-05-24")
    closed_on: date | None = text(
        _("The day on which each pledge had its last decision, if it was by then; or null."), "2025-06-01"
    )
    pledges: int = text(_("How many public pledges were made in it or carried into it."), 12)
    tally: dict[str, int] = text(_("How many of them have each status."), {"kept": 2, "in_progress": 10})
    url_en: PageEn
    url_es: PageEs


class MandateAnswer(About, Mandate):
    """One mandate."""


class MandateList(Part):
    """Mandates, the newest first."""

    results: list[Mandate] = Field(description=_("The rows of this part."))


class Observation(BaseModel):
    """A figure as an edition published it."""

    period: str = text(_("The period as the newsroom wrote it."), "2024")
    starts_on: date = text(_("The first day of the period."), "2024-01-01")
    ends_on: date = text(_("The last day of the period."), "2024-12-31")
    value: Value
    source: str = text(_("Who published the figure."), "INEC")
    url: Link
    note_en: NoteEn
    note_es: NoteEs
    edition: EditionNumber
    published_at: PublishedAt


class IndicatorFigure(Observation):
    """The figure of a period, and those of earlier editions that it revises."""

    series: str = text(_("The series that it belongs to."), "police")
    revises: list[Observation] = Field(
        description=_("The figures of earlier editions for the same period, the latest first.")
    )


class Series(BaseModel):
    """Figures of one source and one definition."""

    slug: Annotated[str, text(_("Its name in data."), "police")]
    name_en: NameEn
    name_es: NameEs
    note_en: str = text(_("Its definition in English; may be empty."), "People without work.")
    note_es: str = text(_("Its definition in Spanish; may be empty."), "Personas sin trabajo.")
    source: str = text(_("Who measures it; may be empty."), "National Police")
    figures: int = text(_("How many figures it has."), 11)


class Indicator(BaseModel):
    """An indicator with its series."""

    slug: Annotated[str, text(_("The last part of its page’s address."), "unemployment")]
    name_en: Annotated[str, text(_("The name in English; may be empty."), "Unemployment")]
    name_es: Annotated[str, text(_("The name in Spanish; may be empty."), "Desempleo")]
    unit_en: str = text(_("The unit in English; may be empty."), "per 100,000 people")
    unit_es: str = text(_("The unit in Spanish; may be empty."), "por cada 100.000 habitantes")
    caveat_en: str = text(_("What to bear in mind, in English; may be empty."), "Two sources count differently.")
    caveat_es: str = text(_("What to bear in mind, in Spanish; may be empty."), "Dos fuentes cuentan distinto.")
    url_en: PageEn
    url_es: PageEs
    pledges: list[str] = text(_("The pledges that it belongs to, by their names in addresses."), ["reduce-violence"])
    series: list[Series] = Field(description=_("Its series."))


class IndicatorWithNewest(Indicator):
    """An indicator in the list."""

    newest: list[IndicatorFigure] = Field(description=_("The figures of its latest period, one for each series."))


class IndicatorList(Part):
    """Indicators by their addresses."""

    results: list[IndicatorWithNewest] = Field(description=_("The rows of this part."))


class IndicatorAnswer(Part, Indicator):
    """One indicator with its figures, the oldest first."""

    results: list[IndicatorFigure] = Field(description=_("The figures of this part."))


class Edition(BaseModel):
    """An act of publication."""

    number: int = text(_("Its number."), 4)
    published_at: PublishedAt
    publisher: str = text(_("Who published it, as readers see the name."), "Elena")
    hash: str = text(_("The SHA-256 over its contents and the hash of the edition before."), "9f86d081884c7d65…")
    previous_hash: str = text(_("The hash of the edition before; empty for the first."), "60303ae22b998861…")
    items: int = text(_("How many rows it published."), 3)
    url_en: Annotated[str, text(_("Its page in English."), "https://pledges.example.org/en/editions/4/")]
    url_es: Annotated[str, text(_("Its page in Spanish."), "https://pledges.example.org/es/ediciones/4/")]


class EditionList(Part):
    """Editions, the newest first."""

    results: list[Edition] = Field(description=_("The rows of this part."))


class Item(BaseModel):
    """A row that an edition published."""

    action: str = text(_("What was done: published, corrected, changed, retracted, withdrawn."), "published")
    kind: str = text(_("The kind of row."), "update")
    key: str = text(_("Its key among the rows of its kind."), "7")
    sealed_title: str = text(_("Its title as the edition’s hash covers it."), "New bridges, 21 June 2024")
    kind_en: str = text(_("The kind in English."), "Update")
    kind_es: str = text(_("The kind in Spanish."), "Novedad")
    name_en: Annotated[str, text(_("What it is about, in English."), "Build new bridges")]
    name_es: Annotated[str, text(_("What it is about, in Spanish."), "Construir puentes nuevos")]
    detail_en: str = text(_("More of it in English; may be empty."), "21 June 2024 · In progress")
    detail_es: str = text(_("More of it in Spanish; may be empty."), "21 de junio de 2024 · En curso")
    pledge: str | None = text(_("The pledge that it is of, by its present name in addresses, or null."), "new-bridges")
    sha256: str = text(_("The SHA-256 of its content."), "9f86d081884c7d65…")


class EditionAnswer(Part, Edition):
    """One edition with the rows that it published."""

    results: list[Item] = Field(description=_("The rows of this part."))


class Moment(BaseModel):
    """A point in time."""

    day: date = text(_("The day."), "2026-10-31")
    edition: int = text(_("The edition; 0 before the first."), 4)


class ChangeEvidence(BaseModel):
    """A piece of evidence of a change."""

    url: Link
    publisher: Publisher


class ChangeUpdate(BaseModel):
    """A new update."""

    id: int = text(_("Its number."), 7)
    happened_on: Happened
    precision: Exactness
    status: Annotated[Status, text(_("The status that the pledge has since then."), "in_progress")]
    text_en: str = text(_("What happened, in English."), "Building began.")
    text_es: str = text(_("What happened, in Spanish."), "Empezó la obra.")
    edition: EditionNumber
    evidence: list[ChangeEvidence] = Field(description=_("Its evidence."))


class ChangeFigure(BaseModel):
    """A new figure of an indicator."""

    series: str = text(_("The series that it belongs to."), "police")
    period: str = text(_("The period as the newsroom wrote it."), "2024")
    value: Value
    before: str | None = text(_("The figure that it revises, or null."), "38.7")
    source: str = text(_("Who published the figure."), "INEC")
    url: Link


class ChangeLabel(BaseModel):
    """A topic or an institution that a pledge gained or lost."""

    what: str = text(_("Either topic or institution."), "topic")
    slug: Annotated[str, text(_("Its name in addresses."), "transport")]
    name_en: NameEn
    name_es: NameEs
    added: bool = text(_("Whether it was added; otherwise it was removed."), True)


class ChangeField(BaseModel):
    """A field of a row with its values before and after."""

    field: str = text(_("The name of the field."), "ends_on")
    before_en: str | None = text(_("What it was, in English, or null."), "24 May 2025")
    before_es: str | None = text(_("What it was, in Spanish, or null."), "24 de mayo de 2025")
    after_en: str | None = text(_("What it is since, in English, or null."), "1 June 2025")
    after_es: str | None = text(_("What it is since, in Spanish, or null."), "1 de junio de 2025")


class ChangeRecord(BaseModel):
    """A row that was published or changed otherwise."""

    what: str = text(_("The kind of row."), "mandate")
    key: str = text(_("Its key among the rows of its kind."), "2")
    name_en: NameEn
    name_es: NameEs
    new: bool = text(_("Whether it is new."), False)
    fields: list[ChangeField] = Field(description=_("The fields that differ, where the history has them."))


class Change(BaseModel):
    """A change. Every change has every key; what does not apply to its kind is null or empty."""

    kind: Annotated[Kind, text(_("The kind of change."), "status")]
    day: date = text(_("Between days the day it happened, between editions the day it was published."), "2026-11-12")
    sentence_en: str = text(_("The change in words, in English."), "The pledge “Build new bridges” is now in progress.")
    sentence_es: str = text(_("The change in words, in Spanish."), "La promesa está ahora en curso.")
    details_en: list[str] = text(_("More of it in English."), ["Building began (Reuters)."])
    details_es: list[str] = text(_("More of it in Spanish."), ["Empezó la obra (Reuters)."])
    pledge: str | None = text(
        _("The pledge, by its name in addresses at the end of the period, or null."), "new-bridges"
    )
    title_en: str | None = text(_("Its title in English, in Spanish where there is only that."), "Build new bridges")
    title_es: str | None = text(_("Its title in Spanish, in English where there is only that."), "Construir puentes")
    url_en: str | None = text(_("Its page in English then, or null."), "https://pledges.example.org/en/…")
    url_es: str | None = text(_("Its page in Spanish then, or null."), "https://pledges.example.org/es/…")
    before: Annotated[Status | None, text(_("The status before; null if it was not public."), "not_started")]
    after: Annotated[Status | None, text(_("The status after; null if it is not public."), "in_progress")]
    since: Since
    deadline: Deadline
    updates: list[ChangeUpdate] = Field(description=_("The new updates."))
    mandate: str | None = text(_("The mandate, or null."), "silva-2025")
    event: str | None = text(_("What the mandate did: began, ended, closed; left; or null."), "began")
    indicator: str | None = text(_("The indicator, or null."), "unemployment")
    figures: list[ChangeFigure] = Field(description=_("The new figures of the indicator."))
    labels: list[ChangeLabel] = Field(description=_("The topics and institutions that it gained or lost."))
    record: ChangeRecord | None = Field(description=_("The row that was published or changed otherwise, or null."))


class ChangeList(Part):
    """The changes: the most important kind first, and within a kind the latest first."""

    model_config = ConfigDict(populate_by_name=True)

    from_: Moment = Field(alias="from", description=_("The point in time before the first change."))
    to: Moment = Field(description=_("The point in time up to which changes count."))
    kinds: dict[str, int] = text(_("How many changes there are of each kind."), {"status": 1})
    results: list[Change] = Field(description=_("The rows of this part."))
